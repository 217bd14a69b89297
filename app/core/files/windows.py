"""Folders below a root on Windows: opened, then compared with the expected path.

An open folder without FILE_SHARE_DELETE can be neither renamed nor replaced, and neither can those above it.
So a folder is opened first; then its final path, which shows every junction and every other spelling on the
way, must be the root's own with the same names behind it.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from app.core.files.tree import FolderEntry, Names, Tree, missing, refuse_kind

_REPARSE_POINT = 0x400
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0)
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0)


class SystemCalls(Protocol):
    """Calls to the operating system."""

    def hold_folder(self, path: str) -> int:
        """Open a folder itself, not a link's target, so that it cannot be moved; return its handle."""
        ...

    def final_path(self, handle: int) -> str:
        """Return the final path of a handle, without the prefix of long paths."""
        ...

    def handle_of(self, descriptor: int) -> int:
        """Return the handle behind a file descriptor."""
        ...

    def release(self, handle: int) -> None: ...


class WindowsTree(Tree):
    """A root."""

    def __init__(self, root: Path, calls: SystemCalls) -> None:
        self._root = str(root)
        self._calls = calls

    @contextmanager
    def folder(self, names: Names, *, create: bool = False) -> Generator[WindowsFolder]:
        Path(self._root).mkdir(parents=True, exist_ok=True)
        held: list[int] = []
        try:
            held.append(self._calls.hold_folder(self._root))
            final_root = self._calls.final_path(held[0])
            for length in range(1, len(names) + 1):
                # One after another: each folder is held while the next one is opened or created.
                held.append(self._hold(names[:length], final_root, create=create))  # noqa: PERF401
            yield WindowsFolder(os.path.join(self._root, *names), names, final_root, self._calls)  # noqa: PTH118
        finally:
            for handle in reversed(held):
                self._calls.release(handle)

    def walk(self) -> Iterator[FolderEntry]:
        yield from self._walk(())

    def _hold(self, names: Names, final_root: str, *, create: bool) -> int:
        path = os.path.join(self._root, *names)  # noqa: PTH118
        if create:
            Path(path).mkdir(exist_ok=True)
        try:
            found = os.lstat(path)
        except FileNotFoundError as error:
            raise missing(names) from error
        if _is_link(found) or not stat.S_ISDIR(found.st_mode):
            refuse_kind(names)
        handle = self._calls.hold_folder(path)
        if self._calls.final_path(handle) != os.path.join(final_root, *names):  # noqa: PTH118
            self._calls.release(handle)
            refuse_kind(names)
        return handle

    def _walk(self, names: Names) -> Iterator[FolderEntry]:
        entries: list[FolderEntry] = []
        with self.folder(names) as folder:
            for name in os.listdir(folder.path):  # noqa: PTH208
                entry = folder.stat(name)
                entries += [entry] if entry is not None else []
        for entry in entries:
            yield entry
            if entry.is_folder:
                yield from self._walk(entry.names)


class WindowsFolder:
    """A held folder."""

    def __init__(self, path: str, names: Names, final_root: str, calls: SystemCalls) -> None:
        self.path = path
        self._names = names
        self._final_root = final_root
        self._calls = calls

    def path_of(self, name: str) -> str:
        """Return the path of a name in this folder."""
        return os.path.join(self.path, name)  # noqa: PTH118

    def stat(self, name: str) -> FolderEntry | None:
        try:
            found = os.lstat(self.path_of(name))
        except FileNotFoundError:
            return None
        return _entry((*self._names, name), found)

    def open_plain(self, name: str) -> int:
        names = (*self._names, name)
        before = self.stat(name)
        if before is None:
            raise missing(names)
        if not before.is_plain:
            refuse_kind(names)
        return self._checked(os.open(self.path_of(name), _READ), names)

    def create(self, name: str) -> int:
        descriptor = os.open(self.path_of(name), _CREATE, 0o600)
        return self._checked(descriptor, (*self._names, name))

    def rename(self, name: str, target: str) -> None:
        os.replace(self.path_of(name), self.path_of(target))  # noqa: PTH105

    def remove(self, name: str) -> None:
        os.unlink(self.path_of(name))  # noqa: PTH108

    def remove_folder(self, name: str) -> None:
        os.rmdir(self.path_of(name))  # noqa: PTH106

    def _checked(self, descriptor: int, names: Names) -> int:
        where = self._calls.final_path(self._calls.handle_of(descriptor))
        inside = where == os.path.join(self._final_root, *names)  # noqa: PTH118
        if not inside or not _entry(names, os.fstat(descriptor)).is_plain:
            os.close(descriptor)
            refuse_kind(names)
        return descriptor


def _is_link(found: os.stat_result) -> bool:
    return stat.S_ISLNK(found.st_mode) or bool(getattr(found, "st_file_attributes", 0) & _REPARSE_POINT)


def _entry(names: Names, found: os.stat_result) -> FolderEntry:
    link = _is_link(found)
    return FolderEntry(
        names=names,
        is_folder=stat.S_ISDIR(found.st_mode) and not link,
        is_plain=stat.S_ISREG(found.st_mode) and found.st_nlink == 1 and not link,
        size_bytes=found.st_size,
        modified_at=found.st_mtime_ns // 1_000_000,
    )


def system_calls() -> SystemCalls:
    """Return the calls of this system."""
    if sys.platform != "win32":
        raise OSError("these calls are Windows' own")
    return _Kernel32()


if sys.platform == "win32":
    import ctypes
    import msvcrt
    from ctypes import wintypes

    _READ_ATTRIBUTES, _LIST = 0x80, 0x1
    _SHARE_READ_WRITE = 0x1 | 0x2
    _OPEN_EXISTING = 3
    _OF_FOLDERS_NOT_THROUGH_LINKS = 0x02000000 | 0x00200000
    _INVALID = ctypes.c_void_p(-1).value
    _LONGEST = 32_768

    class _Kernel32:
        def __init__(self) -> None:
            self._kernel = ctypes.WinDLL("kernel32", use_last_error=True)
            self._kernel.CreateFileW.restype = wintypes.HANDLE
            self._kernel.CreateFileW.argtypes = (
                wintypes.LPCWSTR,
                wintypes.DWORD,
                wintypes.DWORD,
                wintypes.LPVOID,
                wintypes.DWORD,
                wintypes.DWORD,
                wintypes.HANDLE,
            )
            self._kernel.GetFinalPathNameByHandleW.argtypes = (
                wintypes.HANDLE,
                wintypes.LPWSTR,
                wintypes.DWORD,
                wintypes.DWORD,
            )
            self._kernel.CloseHandle.argtypes = (wintypes.HANDLE,)

        def hold_folder(self, path: str) -> int:
            handle = self._kernel.CreateFileW(
                path,
                _READ_ATTRIBUTES | _LIST,
                _SHARE_READ_WRITE,
                None,
                _OPEN_EXISTING,
                _OF_FOLDERS_NOT_THROUGH_LINKS,
                None,
            )
            if handle is None or handle == _INVALID:
                raise ctypes.WinError(ctypes.get_last_error())
            return handle

        def final_path(self, handle: int) -> str:
            buffer = ctypes.create_unicode_buffer(_LONGEST)
            length = self._kernel.GetFinalPathNameByHandleW(handle, buffer, _LONGEST, 0)
            if not 0 < length < _LONGEST:
                raise ctypes.WinError(ctypes.get_last_error())
            found = buffer.value
            return "\\\\" + found[8:] if found.startswith("\\\\?\\UNC\\") else found.removeprefix("\\\\?\\")

        def handle_of(self, descriptor: int) -> int:
            return msvcrt.get_osfhandle(descriptor)

        def release(self, handle: int) -> None:
            self._kernel.CloseHandle(handle)
