"""The root folder of job files: plain files, atomic writes, one quota.

A file is written under a temporary name in its folder, flushed, and renamed, so a reader finds the old file
or the new one. Everything here blocks: callers use a thread.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from app.core.errors import DiskFull, FileMissing, FilesUnavailable, LimitExceeded, PathRefused
from app.core.files import open_tree
from app.core.files.paths import OWN_PREFIX, check_path, check_prefix
from app.core.files.tree import Names, missing, refuse_kind
from app.core.i18n import _

if TYPE_CHECKING:
    from pathlib import Path

    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.files.tree import Folder, FolderEntry, Tree

MAX_READ_BYTES = 8_388_608
_MB = 1_048_576
_ABANDONED_MS = 86_400_000
"""No write lasts a day: an older temporary file was left behind by a process that died."""
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_TRIES = 5


@dataclass(frozen=True, slots=True)
class FileInfo:
    """A file below the root; `modified_at` in epoch milliseconds."""

    path: str
    bytes: int
    modified_at: int


@dataclass(frozen=True, slots=True)
class _Usage:
    bytes: int
    known: frozenset[Names]


class FilesRoot:
    """Reads and writes below a root.

    One instance per process, so that its writers count each other's bytes.
    """

    def __init__(self, tree: Tree, clock: Clock, *, max_bytes: int, max_count: int) -> None:
        self._tree = tree
        self._clock = clock
        self._max_bytes = max_bytes
        self._max_count = max_count
        self._lock = threading.Lock()
        self._used_bytes = 0
        self._under_way: set[str] = set()

    @classmethod
    def of(cls, settings: Settings, clock: Clock, folder: Path | None = None) -> Self:
        """Return FILES_ROOT, or another folder with the same quota."""
        return cls(
            open_tree((folder or settings.files_dir).absolute()),
            clock,
            max_bytes=settings.files_max_mb * _MB,
            max_count=settings.files_max_count,
        )

    def open_writer(self, path: str) -> AtomicFileWriter:
        """Begin a file; raises PathRefused, LimitExceeded, DiskFull."""
        names = check_path(path)
        with _system_errors(path), self._lock:
            self._check_room(names, more_bytes=1)
            return AtomicFileWriter(self, names, *self._create(names))

    def open_read(self, path: str) -> int:
        """Return a descriptor to read a plain file, for the caller to close; raises FileMissing."""
        names = check_path(path)
        with _system_errors(path), self._tree.folder(names[:-1]) as folder:
            return folder.open_plain(names[-1])

    def read(self, path: str, max_bytes: int) -> bytes:
        """Return a file's bytes; LimitExceeded if it has more than `max_bytes`."""
        descriptor = self.open_read(path)
        with _system_errors(path), os.fdopen(descriptor, "rb") as file:
            content = file.read(max_bytes + 1)
        if len(content) > max_bytes:
            raise LimitExceeded(
                _("{path!r} has more than {max_bytes:,} bytes.", path=path, max_bytes=max_bytes)
            )
        return content

    def digest(self, path: str) -> tuple[int, str]:
        """Return a file's size and SHA-256; raises FileMissing."""
        descriptor = self.open_read(path)
        with _system_errors(path), os.fdopen(descriptor, "rb") as file:
            found = hashlib.file_digest(file, "sha256")
            return file.tell(), found.hexdigest()

    def stat(self, path: str) -> FileInfo | None:
        """Return the facts of a file, None if there is none; PathRefused if it is not a plain file."""
        names = check_path(path)
        try:
            with _system_errors(path), self._tree.folder(names[:-1]) as folder:
                found = folder.stat(names[-1])
        except FileMissing:
            return None
        if found is not None and not found.is_plain:
            refuse_kind(names)
        return None if found is None else _info(found)

    def list(self, prefix: str = "") -> list[FileInfo]:
        """Return the plain files whose paths begin with a prefix, by path."""
        wanted = check_prefix(prefix)
        with _system_errors(prefix):
            files = [_info(entry) for entry in self._tree.walk() if entry.is_plain and not _is_own(entry)]
        return sorted((file for file in files if file.path.startswith(wanted)), key=lambda file: file.path)

    def delete(self, path: str) -> bool:
        """Remove a file, and the folders that it leaves empty; False if there was none."""
        names = check_path(path)
        try:
            with _system_errors(path), self._tree.folder(names[:-1]) as folder:
                found = folder.stat(names[-1])
                if found is None:
                    return False
                if not found.is_plain:
                    refuse_kind(names)
                folder.remove(names[-1])
        except FileMissing:
            return False
        self._prune(names[:-1])
        return True

    # Used by AtomicFileWriter.

    def write(self, descriptor: int, chunk: bytes) -> None:
        """Append to an unfinished file; LimitExceeded once the root is full."""
        with self._lock:
            if self._used_bytes + len(chunk) > self._max_bytes:
                # Files that were discarded or deleted meanwhile are still in the sum.
                self._used_bytes = self._measure().bytes
            self._check_bytes(self._used_bytes + len(chunk))
            rest = memoryview(chunk)
            while rest:
                written = os.write(descriptor, rest)
                self._used_bytes += written
                rest = rest[written:]

    def commit(self, names: Names, temporary: str) -> FileInfo:
        """Rename a written file to its final name."""
        with self._lock:
            # Measured again: other processes write below this root as well.
            self._check_room(names)
            with self._tree.folder(names[:-1]) as folder:
                _check_target(folder, names)
                folder.rename(temporary, names[-1])
                self._under_way.discard(temporary)
                found = folder.stat(names[-1])
        if found is None:
            raise missing(names)
        return _info(found)

    def discard(self, names: Names, temporary: str) -> None:
        """Remove the data of an unfinished file."""
        self._under_way.discard(temporary)
        with contextlib.suppress(FileMissing, FileNotFoundError), self._tree.folder(names[:-1]) as folder:
            folder.remove(temporary)
        self._prune(names[:-1])

    def _prune(self, names: Names) -> None:
        # An empty folder that stays does no harm.
        with contextlib.suppress(FileMissing, PathRefused, OSError):
            self._tree.prune(names)

    def _create(self, names: Names) -> tuple[str, int]:
        temporary = f"{OWN_PREFIX}{secrets.token_hex(8)}"
        for _turn in range(_TRIES):
            # A new folder is empty, and another process may prune it before the next step.
            with (
                contextlib.suppress(FileNotFoundError, FileMissing),
                self._tree.folder(names[:-1], create=True) as folder,
            ):
                _check_target(folder, names)
                descriptor = folder.create(temporary)
                self._under_way.add(temporary)
                return temporary, descriptor
        raise FilesUnavailable(
            _("the folder of {names!r} is removed again and again.", names="/".join(names))
        )

    def _check_room(self, names: Names, more_bytes: int = 0) -> None:
        usage = self._measure()
        self._used_bytes = usage.bytes
        self._check_bytes(usage.bytes + more_bytes)
        new = sum(names[:length] not in usage.known for length in range(1, len(names) + 1))
        if len(usage.known) + new > self._max_count:
            raise LimitExceeded(
                _(
                    "there are {count:,} files and folders, of {max_count:,} at most (FILES_MAX_COUNT).",
                    count=len(usage.known),
                    max_count=self._max_count,
                )
            )

    def _check_bytes(self, count: int) -> None:
        if count > self._max_bytes:
            raise LimitExceeded(
                _(
                    "files may take {max_bytes:,} bytes in all (FILES_MAX_MB): nothing of it was kept.",
                    max_bytes=self._max_bytes,
                )
            )

    def _measure(self) -> _Usage:
        size, known = 0, set[Names]()
        old = self._clock.now_ms() - _ABANDONED_MS
        abandoned: list[FolderEntry] = []
        for entry in self._tree.walk():
            size += 0 if entry.is_folder else entry.size_bytes
            if _is_own(entry):
                left = entry.modified_at < old and entry.names[-1] not in self._under_way
                abandoned += [entry] if left else []
                continue
            known.add(entry.names)
            if len(known) > self._max_count:
                break
        for entry in abandoned:
            self.discard(entry.names, entry.names[-1])
        return _Usage(size - sum(entry.size_bytes for entry in abandoned), frozenset(known))


class AtomicFileWriter:
    """An unfinished file. It ends by `commit`, `abort` or an error; the last two keep nothing of it."""

    def __init__(self, root: FilesRoot, names: Names, temporary: str, descriptor: int) -> None:
        self._root = root
        self._names = names
        self._temporary = temporary
        self._descriptor: int | None = descriptor
        self._lock = threading.Lock()

    @property
    def path(self) -> str:
        return "/".join(self._names)

    def write(self, chunk: bytes) -> None:
        """Append. If it raises LimitExceeded or DiskFull, the file is already removed."""
        with self._or_nothing() as descriptor:
            self._root.write(descriptor, chunk)

    def commit(self) -> FileInfo:
        """Flush the file and rename it to its final name, replacing an existing file."""
        with self._or_nothing() as descriptor:
            os.fsync(descriptor)
            self._close()
            return self._root.commit(self._names, self._temporary)

    def abort(self) -> None:
        """Remove the written data; does nothing if the file has ended."""
        with self._lock:
            if self._descriptor is not None:
                self._drop()

    @contextmanager
    def _or_nothing(self) -> Generator[int]:
        with self._lock:
            if self._descriptor is None:
                raise FilesUnavailable(_("{path!r} is not being written.", path=self.path))
            with _system_errors(self.path):
                try:
                    yield self._descriptor
                except BaseException:
                    self._drop()
                    raise

    def _close(self) -> None:
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            os.close(descriptor)

    def _drop(self) -> None:
        with contextlib.suppress(OSError):  # a full disk may raise again
            self._close()
        self._root.discard(self._names, self._temporary)


def _check_target(folder: Folder, names: Names) -> None:
    present = folder.stat(names[-1])
    if present is not None and not present.is_plain:
        refuse_kind(names)


def _is_own(entry: FolderEntry) -> bool:
    return entry.names[-1].startswith(OWN_PREFIX)


def _info(entry: FolderEntry) -> FileInfo:
    return FileInfo("/".join(entry.names), entry.size_bytes, entry.modified_at)


@contextmanager
def _system_errors(path: str) -> Generator[None]:
    """Convert errors of the operating system into the platform's errors."""
    try:
        yield
    except OSError as error:
        code = errno.errorcode.get(error.errno or 0, "an error")
        if error.errno in _NO_ROOM:
            raise DiskFull(
                _("no room for {path!r} ({code}): nothing of it was kept.", path=path, code=code)
            ) from error
        if error.errno == errno.ENAMETOOLONG:
            raise PathRefused(_("path {path!r} is too long here.", path=path)) from error
        raise FilesUnavailable(_("{path!r} cannot be reached ({code}).", path=path, code=code)) from error
