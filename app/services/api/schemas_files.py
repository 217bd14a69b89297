"""What answers about reports and exports look like."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.services.api.schemas import Answer, Instant


class FormatBody(Answer):
    """One form in which it can be had: ask for its media type by `Accept`."""

    media_type: Annotated[str, Field(examples=["text/markdown"])]
    bytes: int
    sha256: str


class PublishedBody(Answer):
    """A report or an export; `bytes` and `sha256` are those of its first form."""

    id: Annotated[str, Field(examples=["report-daily@2026-01-31T070000"])]
    job_id: str
    run_id: str
    created_at: Instant
    host: Annotated[str, Field(description="The machine that wrote it.")]
    bytes: int
    sha256: str
    secrets: Annotated[
        bool | None,
        Field(description="Of an export: it has secrets in it, and only an admin may download it."),
    ]
    formats: list[FormatBody]
