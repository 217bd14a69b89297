"""The Windows branch of the files tool, its logic: the calls of the system are played by a fake."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from app.core.clock import SystemClock
from app.core.errors import FileMissing, PathRefused
from app.core.files.root import FilesRoot
from app.core.files.windows import WindowsTree, system_calls
from tests.support.files.files_fixture import operations, put


class FakeCalls:
    """Opens folders with descriptors; `moved` maps a path to its true target."""

    def __init__(self) -> None:
        self.moved: dict[str, str] = {}
        self.held: list[str] = []
        self.paths: dict[int, str] = {}

    def hold_folder(self, path: str) -> int:
        handle = os.open(path, os.O_RDONLY)
        self.held.append(path)
        self.paths[handle] = path
        return handle

    def final_path(self, handle: int) -> str:
        # Of files the tests know no path: a descriptor of this process tells it.
        path = self.paths.get(handle) or str(Path(f"/proc/self/fd/{handle}").readlink())
        return next((new + path[len(old) :] for old, new in self.moved.items() if path.startswith(old)), path)

    def handle_of(self, descriptor: int) -> int:
        return descriptor

    def release(self, handle: int) -> None:
        os.close(handle)
        self.held.remove(self.paths.pop(handle))


pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="the fake asks /proc")


@pytest.fixture
def calls() -> FakeCalls:
    return FakeCalls()


@pytest.fixture
def root(tmp_path: Path, calls: FakeCalls) -> FilesRoot:
    return FilesRoot(WindowsTree(tmp_path / "root", calls), SystemClock(), max_bytes=1_000, max_count=10)


def test_windows_files_live_their_life(root: FilesRoot, calls: FakeCalls, tmp_path: Path) -> None:
    """Written, replaced, read, listed, removed; no folder is held afterwards."""
    put(root, "a/b/one", b"1")
    put(root, "a/b/one", b"22")
    put(root, "two")
    assert root.read("a/b/one", 10) == b"22"
    assert [file.path for file in root.list()] == ["a/b/one", "two"]
    assert root.delete("a/b/one")
    assert sorted(path.name for path in (tmp_path / "root").iterdir()) == ["two"]
    assert calls.held == []
    with pytest.raises(FileMissing):
        root.read("a/b/one", 10)


def test_windows_folders_are_held_from_the_root_down(calls: FakeCalls, tmp_path: Path) -> None:
    """While a folder is in use neither it nor its parents can be moved."""
    tree = WindowsTree(tmp_path, calls)
    with tree.folder(("a", "b"), create=True):
        assert calls.held == [str(tmp_path), str(tmp_path / "a"), str(tmp_path / "a" / "b")]
    assert calls.held == []


@pytest.mark.parametrize("elsewhere", ["/elsewhere", "{root}/A", "{root}/a-longer-name"])
def test_windows_folder_that_leads_elsewhere_is_refused(
    root: FilesRoot, calls: FakeCalls, tmp_path: Path, elsewhere: str
) -> None:
    """A junction, other letters or a short name: the final path tells, and nothing stays held."""
    put(root, "a/one")
    base = str(tmp_path / "root")
    calls.moved = {f"{base}/a": elsewhere.format(root=base)}
    for operation in operations(root):
        with pytest.raises(PathRefused):
            operation("a/one")
    assert calls.held == []
    calls.moved = {}
    assert root.read("a/one", 10) == b"x"


def test_windows_file_that_leads_elsewhere_is_refused(
    root: FilesRoot, calls: FakeCalls, tmp_path: Path
) -> None:
    """A file is looked at again once it is open, for reading and for writing."""
    put(root, "one")
    calls.moved = {f"{tmp_path}/root/": f"{tmp_path}/other/"}
    with pytest.raises(PathRefused):
        root.read("one", 10)
    with pytest.raises(PathRefused):
        root.open_writer("two")


class Reparse:
    """What lstat says of a reparse point: a folder or file, by its mode, with the attribute that tells."""

    def __init__(self, found: os.stat_result) -> None:
        self._found = found
        self.st_file_attributes = 0x400

    def __getattr__(self, name: str) -> Any:
        return getattr(self._found, name)


def test_windows_reparse_points_are_refused(
    root: FilesRoot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Junctions and mount points have the mode of a folder: their attribute counts."""
    put(root, "a/one")
    real = os.lstat

    def lstat(path: str, **named: Any) -> Any:
        found = real(path, **named)
        return Reparse(found) if str(path) == str(tmp_path / "root" / "a") else found

    monkeypatch.setattr(os, "lstat", lstat)
    assert stat.S_ISDIR(os.lstat(str(tmp_path / "root" / "a")).st_mode)
    with pytest.raises(PathRefused):
        root.read("a/one", 10)
    assert root.list() == []


@pytest.mark.parametrize("kind", ["link", "hard link", "folder"])
def test_windows_refuses_what_is_no_plain_file(root: FilesRoot, tmp_path: Path, kind: str) -> None:
    """As on other systems."""
    put(root, "plain")
    outside, place = tmp_path / "outside", tmp_path / "root" / "odd"
    outside.write_bytes(b"canary")
    if kind == "link":
        place.symlink_to(outside)
    elif kind == "hard link":
        os.link(outside, place)
    else:
        place.mkdir()
    for operation in operations(root):
        with pytest.raises(PathRefused):
            operation("odd")
    assert outside.read_bytes() == b"canary"


def test_windows_calls_are_of_windows_alone() -> None:
    """Elsewhere they cannot be made."""
    with pytest.raises(OSError, match="Windows"):
        system_calls()
