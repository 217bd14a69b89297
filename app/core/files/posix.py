"""Folders below a root on Linux and macOS, held by descriptors.

No path is resolved twice. Linux resolves a whole path in one call that cannot leave the root (openat2). If it
is missing (before 5.6, under a strict container profile, on macOS), each name is opened in the folder before
it, and links are refused.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import platform
import stat
import struct
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from app.core.files.tree import FolderEntry, Names, Tree, missing, refuse_kind

if sys.platform == "win32":  # pragma: no cover - files_windows has its place
    raise ImportError("files_posix is for Linux and macOS")

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_NEXT_FOLDER = _FOLDER | os.O_NOFOLLOW
# O_NONBLOCK: a FIFO created here a moment ago must not block the thread until a writer opens it.
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE_MODE, _FOLDER_MODE = 0o600, 0o700

_OPENAT2 = 437
_OPENAT2_MACHINES = frozenset({"x86_64", "aarch64", "armv7l", "i686", "ppc64le", "riscv64", "s390x"})
_RESOLVE = 0x08 | 0x04 | 0x02
"""RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS."""
_AGAIN = 16
"""openat2 returns EAGAIN while names are being swapped around it."""
_LEFT_THE_ROOT = frozenset({errno.ELOOP, errno.ENOTDIR, errno.EXDEV})


class PosixTree(Tree):
    """A root; with `beneath=False` it walks name by name even if openat2 is available."""

    def __init__(self, root: Path, *, beneath: bool | None = None) -> None:
        self._root = root
        self._beneath = openat2_works() if beneath is None else beneath

    @contextmanager
    def folder(self, names: Names, *, create: bool = False) -> Generator[PosixFolder]:
        descriptor = self._open(names, create=create)
        try:
            yield PosixFolder(descriptor, names)
        finally:
            os.close(descriptor)

    def walk(self) -> Iterator[FolderEntry]:
        root = self._open_root()
        try:
            yield from _walk(root, ())
        finally:
            os.close(root)

    def _open_root(self) -> int:
        try:
            return os.open(self._root, _FOLDER)
        except FileNotFoundError:
            self._root.mkdir(_FOLDER_MODE, parents=True, exist_ok=True)
            return os.open(self._root, _FOLDER)

    def _open(self, names: Names, *, create: bool) -> int:
        root = self._open_root()
        if not names:
            return root
        try:
            if self._beneath and not create:
                return open_beneath(root, "/".join(names), _FOLDER)
            return _open_by_steps(root, names, create=create)
        except FileNotFoundError as error:
            raise missing(names) from error
        except OSError as error:
            if error.errno in _LEFT_THE_ROOT:
                refuse_kind(names)
            raise
        finally:
            os.close(root)


class PosixFolder:
    """An opened folder."""

    def __init__(self, descriptor: int, names: Names) -> None:
        self.descriptor = descriptor
        self._names = names

    def stat(self, name: str) -> FolderEntry | None:
        try:
            found = os.stat(name, dir_fd=self.descriptor, follow_symlinks=False)
        except FileNotFoundError:
            return None
        return _entry((*self._names, name), found)

    def open_plain(self, name: str) -> int:
        names = (*self._names, name)
        for _ in range(_AGAIN):
            try:
                # Checked first: merely opening a device can have an effect.
                before = os.stat(name, dir_fd=self.descriptor, follow_symlinks=False)
                if not _entry(names, before).is_plain:
                    refuse_kind(names)
                descriptor = os.open(name, _READ, dir_fd=self.descriptor)
            except FileNotFoundError as error:
                raise missing(names) from error
            except OSError as error:
                if error.errno in _LEFT_THE_ROOT or error.errno == errno.ENXIO:
                    refuse_kind(names)
                raise
            # A file with a second name outside has one name again once it is swapped for another: only the
            # same file, plain both times, was plain when it was opened.
            opened = os.fstat(descriptor)
            if os.path.samestat(before, opened) and _entry(names, opened).is_plain:
                return descriptor
            os.close(descriptor)
        return refuse_kind(names)

    def create(self, name: str) -> int:
        return os.open(name, _CREATE, _FILE_MODE, dir_fd=self.descriptor)

    def rename(self, name: str, target: str) -> None:
        os.rename(name, target, src_dir_fd=self.descriptor, dst_dir_fd=self.descriptor)
        os.fsync(self.descriptor)

    def remove(self, name: str) -> None:
        os.unlink(name, dir_fd=self.descriptor)

    def remove_folder(self, name: str) -> None:
        os.rmdir(name, dir_fd=self.descriptor)


def open_beneath(folder: int, path: str, flags: int) -> int:
    """Open a path that cannot lead out of a folder nor through a link; OSError with ELOOP or EXDEV."""
    how = struct.pack("=QQQ", flags, 0, _RESOLVE)
    for _ in range(_AGAIN):
        descriptor = _syscall()(_OPENAT2, folder, os.fsencode(path), how, len(how))
        if descriptor >= 0:
            return descriptor
        if ctypes.get_errno() != errno.EAGAIN:
            break
    code = ctypes.get_errno()
    raise OSError(code, os.strerror(code), path)


def openat2_works() -> bool:
    """True if this system has openat2 and permits its use."""
    if sys.platform != "linux" or platform.machine() not in _OPENAT2_MACHINES:
        return False
    here = os.open("/", _FOLDER)
    try:
        os.close(open_beneath(here, ".", _FOLDER))
    except OSError:
        return False
    finally:
        os.close(here)
    return True


@cache
def _syscall() -> Callable[[int, int, bytes, bytes, int], int]:
    call = ctypes.CDLL(None, use_errno=True).syscall
    call.restype = ctypes.c_long
    call.argtypes = (ctypes.c_long, ctypes.c_int, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_size_t)
    return call


def _open_by_steps(root: int, names: Names, *, create: bool) -> int:
    current = os.dup(root)
    for name in names:
        try:
            following = _step(current, name, create=create)
        finally:
            os.close(current)
        current = following
    return current


def _step(folder: int, name: str, *, create: bool) -> int:
    try:
        return os.open(name, _NEXT_FOLDER, dir_fd=folder)
    except FileNotFoundError:
        if not create:
            raise
    with contextlib.suppress(FileExistsError):
        os.mkdir(name, _FOLDER_MODE, dir_fd=folder)
    return os.open(name, _NEXT_FOLDER, dir_fd=folder)


def _walk(folder: int, names: Names) -> Iterator[FolderEntry]:
    with os.scandir(folder) as found:
        for item in found:
            try:
                entry = _entry((*names, item.name), item.stat(follow_symlinks=False))
            except FileNotFoundError:
                continue  # gone since it was listed
            yield entry
            if entry.is_folder:
                yield from _walk_below(folder, entry)


def _walk_below(folder: int, entry: FolderEntry) -> Iterator[FolderEntry]:
    try:
        below = os.open(entry.names[-1], _NEXT_FOLDER, dir_fd=folder)
    except OSError as error:
        if error.errno in _LEFT_THE_ROOT or error.errno == errno.ENOENT:
            return  # gone, or swapped for a link, since the check
        raise
    try:
        yield from _walk(below, entry.names)
    finally:
        os.close(below)


def _entry(names: Names, found: os.stat_result) -> FolderEntry:
    return FolderEntry(
        names=names,
        is_folder=stat.S_ISDIR(found.st_mode),
        is_plain=stat.S_ISREG(found.st_mode) and found.st_nlink == 1,
        size_bytes=found.st_size,
        modified_at=found.st_mtime_ns // 1_000_000,
    )
