"""Bodies of the calendar of fires."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pydantic import Field

from app.services.api.schemas.common import Answer, Instant

if TYPE_CHECKING:
    from app.core.specs.upcoming import UpcomingFires


class UpcomingJobBody(Answer):
    """The fires of one enabled job within the window."""

    job_id: str
    type: str
    tags: list[str]
    count: int = Field(description="How many times it fires.")
    next_at: Instant | None
    fires: list[Instant] = Field(description="All of them if there are at most 100, else none.")
    paused: bool = Field(description="A pause holds its next fire.")
    paused_until: Instant | None


class CollisionBody(Answer):
    """A minute in which several jobs fire; jobs that fire more than 100 times do not count."""

    at: Instant
    jobs: list[str]


class UpcomingFiresBody(Answer):
    """What fires next, job by job."""

    from_at: Instant = Field(alias="from", validation_alias="from_ms", serialization_alias="from")
    to_at: Instant = Field(alias="to", validation_alias="to_ms", serialization_alias="to")
    jobs: list[UpcomingJobBody] = Field(description="By next fire; jobs without one are left out.")
    collisions: list[CollisionBody] = Field(description="By time, the first 100.")

    @classmethod
    def of(cls, found: UpcomingFires) -> Self:
        """Return the body of the fires of a window."""
        return cls.model_validate(found)
