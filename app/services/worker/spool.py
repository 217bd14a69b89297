"""The spool: run ends on disk that Redis has not acknowledged.

A segment is one file in `runtime-data/spool`. It is removed once all of its ends are answered. Each worker
process holds a lock for its segments. If the lock is free, the process is dead, and any worker may take its
segments over.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from pydantic import TypeAdapter, ValidationError

from app.core.models import AttemptResult
from app.core.system import FileLock

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.core.clock import Clock
    from app.core.models import ClaimedRun

# The file format of the spool: JSON lines with a head.


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

    finish: AttemptResult
    merge: bool = False


@dataclass(frozen=True, slots=True)
class StoredSegment:
    """The content of a file; `damaged` counts the lines that are missing or cannot be read."""

    head: SpoolHead | None
    ends: list[StoredEnd]
    damaged: int = 0


T = TypeVar("T")
_HEAD = TypeAdapter(SpoolHead)
_END = TypeAdapter(StoredEnd)


def write_segment(path: Path, head: SpoolHead, ends: Sequence[StoredEnd]) -> None:
    """Write a file, mode 0600: whole and synced, or not at all. Raises OSError if the disk is full."""
    lines = [_HEAD.dump_json(replace(head, ends=len(ends))), *map(_END.dump_json, ends)]
    staged = path.with_suffix(".tmp")
    try:
        descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(line + b"\n" for line in lines)
            file.flush()
            os.fsync(descriptor)
        staged.replace(path)
    except OSError:
        staged.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def read_segment(path: Path) -> StoredSegment:
    """Read a file; damaged lines are counted and left out. Raises OSError if it cannot be read."""
    first, *rest = path.read_bytes().splitlines() or [b""]
    head = _read(_HEAD, first)
    if head is None:
        return StoredSegment(None, [], len(rest) + 1)
    ends = [end for line in rest if (end := _read(_END, line)) is not None]
    return StoredSegment(head, ends, max(head.ends, len(rest)) - len(ends))


def _read(adapter: TypeAdapter[T], line: bytes) -> T | None:
    try:
        return adapter.validate_json(line)
    except ValidationError:
        return None


def _sync_folder(folder: Path) -> None:
    # Makes the rename durable; Windows has no such call and needs none.
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


SEGMENT_BYTES = 8_388_608
"""A segment is closed at about this size, so that reading one costs little memory."""
# A process locks its file right after it has made it: a young one may be between the two.
UNUSED_LOCK_SEC = 60.0


@dataclass(slots=True, eq=False)
class HeldEnd:
    """An end that Redis has not acknowledged yet; `since` is the monotonic time at which it came."""

    run: ClaimedRun
    finish: AttemptResult | None
    """None if it is only on disk."""
    since: float
    merge: bool = False
    """True until log lines of earlier attempts have been put in front of its log."""
    answered: bool = False
    segment: Segment | None = None
    size: int = 0


@dataclass(slots=True, eq=False)
class Segment:
    """One file of this process and the ends in it."""

    path: Path
    ends: list[HeldEnd]


class Spool:
    """The segments of this process, and those of dead processes; one thread at a time may use it."""

    def __init__(self, folder: Path, head: SpoolHead, consumer: str, clock: Clock) -> None:
        self.folder = folder
        self.head = head
        self._consumer = consumer
        self._clock = clock
        self._lock = FileLock(folder / f"{consumer}.lock")
        self._locked = False
        self._segments: list[Segment] = []
        self._number = 0

    @property
    def is_empty(self) -> bool:
        """Return whether this process has no segments."""
        return not self._segments

    def add(self, ends: Sequence[HeldEnd]) -> None:
        """Write ends to disk and sync them. Raises OSError if the disk is full."""
        part: list[HeldEnd] = []
        size = 0
        for end in ends:
            part.append(end)
            size += size_of(end)
            if size >= SEGMENT_BYTES:
                self._write(part)
                part, size = [], 0
        if part:
            self._write(part)

    def sweep(self) -> None:
        """Remove the segments whose ends are all answered."""
        for segment in [each for each in self._segments if all(end.answered for end in each.ends)]:
            segment.path.unlink(missing_ok=True)
            self._segments.remove(segment)

    def close(self) -> None:
        """Release the lock; without segments no file of this process stays on disk."""
        self.sweep()
        if not self._locked:
            return
        if not self._segments:
            self._lock.path.unlink(missing_ok=True)
        self._lock.release()
        self._locked = False

    def orphans(self) -> list[Orphan]:
        """Return the segments of dead processes, each locked for this process."""
        files: dict[str, list[Path]] = {}
        for path in sorted(self.folder.iterdir()) if self.folder.is_dir() else []:
            # The first shard's folder has those of the other shards in it.
            if not path.is_dir():
                files.setdefault(path.name.partition(".")[0], []).append(path)
        files.pop(self._consumer, None)
        found: list[Orphan] = []
        aged_sec = self._clock.now_ms() / 1000 - UNUSED_LOCK_SEC
        for consumer, paths in files.items():
            orphan = Orphan(FileLock(self.folder / f"{consumer}.lock"), paths)
            if not orphan.is_dead(aged_sec):
                continue
            if orphan.segments:
                found.append(orphan)
            else:
                orphan.release()
        return found

    def _write(self, ends: list[HeldEnd]) -> None:
        self._take_lock()
        self._number += 1
        path = self.folder / f"{self._consumer}.{self._number:06}.jsonl"
        write_segment(path, self.head, [StoredEnd(_payload(end), end.merge) for end in ends])
        segment = Segment(path, ends)
        self._segments.append(segment)
        for end in ends:
            end.segment = segment

    def _take_lock(self) -> None:
        if self._locked:
            return
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self._lock.acquire():
            raise OSError(f"{self._lock.path} is locked by another process")
        self._locked = True


@dataclass(slots=True)
class Orphan:
    """The files of another process."""

    lock: FileLock
    paths: list[Path]

    @property
    def segments(self) -> list[Path]:
        """Return the files with ends, oldest first."""
        return [path for path in self.paths if path.suffix == ".jsonl" and path.exists()]

    def is_dead(self, aged_sec: float) -> bool:
        """Return whether the process is dead; if so, its lock is held until `release`.

        A process without segments is checked only if its files were made before `aged_sec` (epoch).
        """
        return (bool(self.segments) or self._made_before(aged_sec)) and self.lock.acquire()

    def release(self) -> None:
        """Release the lock; without segments every file of the process is removed."""
        if not self.segments:
            for path in {*self.paths, self.lock.path}:
                path.unlink(missing_ok=True)
        self.lock.release()

    def _made_before(self, aged_sec: float) -> bool:
        try:
            return max(path.stat().st_mtime for path in self.paths) < aged_sec
        except OSError:
            return False


def size_of(end: HeldEnd) -> int:
    """Return about how many bytes an end needs."""
    if not end.size and end.finish is not None:
        finish = end.finish
        end.size = 500 + len(finish.output) + len(finish.error) + len(finish.calls) + len(finish.log)
    return end.size


def load(ends: Sequence[HeldEnd]) -> list[AttemptResult]:
    """Return the payloads of ends, from disk if needed; raises OSError or KeyError if one is gone."""
    read: dict[Path, dict[str, AttemptResult]] = {}
    return [_payload(end) if end.finish is not None else _stored(end, read) for end in ends]


def _stored(end: HeldEnd, read: dict[Path, dict[str, AttemptResult]]) -> AttemptResult:
    if end.segment is None:
        raise KeyError(end.run.lease_id)
    path = end.segment.path
    if path not in read:
        try:
            ends = read_segment(path).ends
        except FileNotFoundError as error:
            raise KeyError(str(path)) from error
        read[path] = {each.finish.lease_id: each.finish for each in ends}
    return read[path][end.run.lease_id]


def _payload(end: HeldEnd) -> AttemptResult:
    if end.finish is None:
        raise KeyError(end.run.lease_id)
    return end.finish
