"""The list of published reports and exports, with files and hosts."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import orjson

from app.core.errors import RecordMissing
from app.core.records import ArtifactKind, Page
from app.core.storage.index_scan import page

if TYPE_CHECKING:
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys


class ArtifactPlace(StrEnum):
    """The place of a record's content. The files of every record are also below its host's FILES_ROOT."""

    REDIS = "redis"
    S3 = "s3"
    FOLDER = "folder"
    HOST = "host"
    """On the machine that wrote it alone: too large, removed from Redis, or of an earlier release."""


MAX_RECORDS = 1_000
"""Per kind and job. A folder that is lost with its machine does not remove its records."""
MAX_FILES = 8
PIECE_BYTES = 262_144
"""Contents are stored and read in pieces of this size."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class ArtifactFile:
    """One file of a record, below FILES_ROOT."""

    path: str
    bytes: int
    sha256: str
    secrets: bool | None = None
    """True if an export contains secrets; None for reports, and for exports of an earlier version."""


@dataclass(frozen=True, slots=True)
class ArtifactRecord:
    """One report or export. `host` wrote its files; `created_at` in epoch milliseconds."""

    id: str
    job_id: str
    run_id: str
    seq: int
    created_at: int
    host: str
    files: tuple[ArtifactFile, ...]
    place: ArtifactPlace = ArtifactPlace.HOST
    content: str = ""
    """The id of the content in Redis."""
    objects: tuple[str, ...] = ()
    """The path of each file's content in a store outside of Redis."""


class Artifacts:
    """Reads the list; the tool `files` writes it."""

    def __init__(self, link: RedisLink, keys: Keys) -> None:
        self._link = link
        self._keys = keys

    async def list(
        self, kind: ArtifactKind, job_id: str | None, cursor: int | None, limit: int
    ) -> Page[ArtifactRecord]:
        """Return records after the cursor, newest first, of one job or of all."""
        keys = self._keys
        index = keys.published_all(kind) if job_id is None else keys.published_job(kind, job_id)

        async def load(names: list[str]) -> dict[str, ArtifactRecord]:
            hashes = await self._link.hashes(keys.published(kind, name) for name in names)
            return {
                name: record_of(name, fields) for name, fields in zip(names, hashes, strict=True) if fields
            }

        return await page(self._link, [index], cursor, limit, load)

    async def get(self, kind: ArtifactKind, record_id: str) -> ArtifactRecord:
        """Return a record; raises RecordMissing."""
        fields = await self._link.hash(self._keys.published(kind, record_id))
        if not fields:
            raise RecordMissing(kind, record_id)
        return record_of(record_id, fields)


def record_id(job_id: str, name: str) -> str:
    """Return the id of a job's record; it contains the job's id, so that no two jobs share one."""
    return f"{job_id}@{name}"


def is_record_name(name: object) -> bool:
    """True if a record may have this name."""
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def packed(piece: bytes) -> str:
    """Return a piece as Redis keeps it: compressed, as text."""
    return base64.b64encode(zlib.compress(piece, 6)).decode()


def unpacked(text: str) -> bytes:
    """Return a piece that Redis has kept; raises ValueError if it is damaged or too large."""
    unpacker = zlib.decompressobj()
    try:
        piece = unpacker.decompress(base64.b64decode(text, validate=True), PIECE_BYTES + 1)
    except zlib.error as error:
        raise ValueError(f"a piece is damaged: {error}") from error
    if not unpacker.eof or len(piece) > PIECE_BYTES:
        raise ValueError("a piece is not whole, or too large")
    return piece


def record_of(name: str, fields: Mapping[str, str]) -> ArtifactRecord:
    """Return a record from its stored fields."""
    files: list[Mapping[str, Any]] = orjson.loads(fields["files"])
    return ArtifactRecord(
        id=name,
        job_id=fields["job"],
        run_id=fields["run"],
        seq=int(fields["seq"]),
        created_at=int(fields["created"]),
        host=fields["host"],
        files=tuple(ArtifactFile(**each) for each in files),
        place=ArtifactPlace(fields.get("place", ArtifactPlace.HOST)),
        content=fields.get("content", ""),
        objects=tuple(fields.get("objects", "").split()),
    )
