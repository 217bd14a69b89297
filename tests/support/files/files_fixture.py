"""A files root on a real file system, through either implementation, with a secret next to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.clock import SystemClock
from app.core.files.posix import PosixTree, openat2_works
from app.core.files.root import FilesRoot

MB = 1_048_576


def files_root(
    folder: Path, *, beneath: bool | None = None, max_bytes: int = MB, max_count: int = 50
) -> FilesRoot:
    return FilesRoot(
        PosixTree(folder, beneath=beneath), SystemClock(), max_bytes=max_bytes, max_count=max_count
    )


def guarded_root(folder: Path, *, beneath: bool) -> FilesRoot:
    """Return a root in the folder, reached by either way; outside of it lies a secret."""
    if beneath and not openat2_works():
        pytest.skip("this system has no openat2")
    (folder / "outside").mkdir()
    (folder / "outside" / "secret").write_bytes(b"canary")
    return files_root(folder / "root", beneath=beneath)


def put(root: FilesRoot, path: str, content: bytes = b"x") -> None:
    writer = root.open_writer(path)
    writer.write(content)
    writer.commit()


def names_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def operations(root: FilesRoot) -> list[Callable[[str], object]]:
    """Return the four things that one can do with a path."""
    return [root.open_writer, lambda path: root.read(path, 10), root.stat, root.delete]
