"""Bodies of status pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

from pydantic import ConfigDict, Field

from app.core.status_pages.models import StatusPage
from app.services.api.schemas.common import Answer, Instant

if TYPE_CHECKING:
    from app.core.status_pages.models import StatusPageRecord


class StatusPageBody(StatusPage):
    """A stored status page, with its author and its last change (read-only)."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)

    slug: str
    path: str = Field(description="The address of the page below that of the dashboard.")
    updated_at: Instant
    updated_by: str

    @classmethod
    def of(cls, record: StatusPageRecord) -> Self:
        """Return the body of a page."""
        return cls(
            **record.page.model_dump(),
            slug=record.slug,
            path=f"/status/{record.slug}",
            updated_at=record.updated_at,
            updated_by=record.updated_by,
        )


class StatusPageDeleted(Answer):
    """A status page that is gone."""

    slug: str
    status: Literal["deleted"]
