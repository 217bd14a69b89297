"""Bodies of reports and exports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pydantic import Field

from app.core.files.artifacts import ArtifactPlace
from app.core.files.exports import SEALED_SUFFIX, SUFFIX
from app.services.api.schemas.common import Answer, Instant

if TYPE_CHECKING:
    from app.core.files.artifacts import ArtifactFile, ArtifactRecord


_MEDIA_TYPES = {
    SEALED_SUFFIX: "application/octet-stream",
    SUFFIX: "application/gzip",
    ".json": "application/json",
    ".md": "text/markdown",
    ".html": "text/html",
}
_ANY = "application/octet-stream"


class FormatBody(Answer):
    """One form in which it can be had: ask for its media type by `Accept`."""

    media_type: str = Field(examples=["text/markdown"])
    bytes: int
    sha256: str


class PublishedBody(Answer):
    """A report or an export; `bytes` and `sha256` are those of its first form."""

    id: str = Field(examples=["report-daily@2026-01-31T070000"])
    job_id: str
    run_id: str
    created_at: Instant
    host: str = Field(description="The machine that wrote it.")
    place: ArtifactPlace = Field(
        description="Place of its files. `host`: on that machine alone; each API reaches the other places."
    )
    bytes: int
    sha256: str
    secrets: bool | None = Field(
        description="Of an export: it has secrets in it, and only an admin may download it."
    )
    formats: list[FormatBody]

    @classmethod
    def of(cls, record: ArtifactRecord) -> Self:
        """Return a report or an export."""
        first = record.files[0]
        formats = [
            FormatBody(media_type=media_type_of(each), bytes=each.bytes, sha256=each.sha256)
            for each in record.files
        ]
        return cls.from_record(
            record, bytes=first.bytes, sha256=first.sha256, secrets=first.secrets, formats=formats
        )


def media_type_of(file: ArtifactFile) -> str:
    """Return the media type that a file is served as."""
    return _MEDIA_TYPES.get(_ending_of(file), _ANY)


def file_name(record: ArtifactRecord, file: ArtifactFile) -> str:
    """Return the name under which a file is saved: it says whose it is."""
    return f"{record.id}{_ending_of(file)}"


def _ending_of(file: ArtifactFile) -> str:
    return next((ending for ending in _MEDIA_TYPES if file.path.endswith(ending)), "")
