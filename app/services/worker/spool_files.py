"""The file format of the spool: JSON lines with a head."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from app.core.models import Finish

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class SpoolHead:
    """The data set of the ends; for people, also the Redis and the worker."""

    namespace: str
    deployment: str
    redis: str
    worker: str
    ends: int = 0
    """How many follow in the file."""

    def is_same_data(self, other: SpoolHead) -> bool:
        """Return whether both belong to the same namespace of the same Redis data."""
        return (self.namespace, self.deployment) == (other.namespace, other.deployment)


@dataclass(frozen=True, slots=True)
class StoredEnd:
    """An end as it is on disk; `merge`: log lines of earlier attempts belong in front of its log."""

    finish: Finish
    merge: bool = False


@dataclass(frozen=True, slots=True)
class StoredSegment:
    """The content of a file; `damaged` counts the lines that are missing or cannot be read."""

    head: SpoolHead | None
    ends: list[StoredEnd]
    damaged: int = 0


_HEAD = TypeAdapter(SpoolHead)
_END = TypeAdapter(StoredEnd)


def write_segment(path: Path, head: SpoolHead, ends: Sequence[StoredEnd]) -> None:
    """Write a file, mode 0600: whole and synced, or not at all. Raises OSError if the disk is full."""
    lines = [_HEAD.dump_json(replace(head, ends=len(ends))), *map(_END.dump_json, ends)]
    content = b"".join(line + b"\n" for line in lines)
    staged = path.with_suffix(".tmp")
    try:
        _write_synced(staged, content)
        staged.replace(path)
    except OSError:
        staged.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def read_segment(path: Path) -> StoredSegment:
    """Read a file; damaged lines are counted and left out. Raises OSError if it cannot be read."""
    first, *rest = path.read_bytes().splitlines() or [b""]
    head = _read_head(first)
    if head is None:
        return StoredSegment(None, [], len(rest) + 1)
    ends = [end for end in map(_read_end, rest) if end is not None]
    return StoredSegment(head, ends, max(head.ends, len(rest)) - len(ends))


def _read_head(line: bytes) -> SpoolHead | None:
    try:
        return _HEAD.validate_json(line)
    except ValidationError:
        return None


def _read_end(line: bytes) -> StoredEnd | None:
    try:
        return _END.validate_json(line)
    except ValidationError:
        return None


def _write_synced(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    # Makes the rename durable; Windows has no such call and needs none.
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
