"""Folders and files that are swapped for links while the files tool looks at them: nothing leaks."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.errors import FileMissing, FilesUnavailable, PathRefused
from app.core.files.posix import PosixFolder
from app.core.files.root import FilesRoot
from app.core.files.tree import FolderEntry
from tests.support.files.files_fixture import guarded_root, put

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="descriptors of POSIX")


@pytest.fixture(params=[True, False], ids=["openat2", "by steps"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> FilesRoot:
    return guarded_root(tmp_path, beneath=request.param)


def _exchange(one: Path, other: Path) -> Callable[[], None]:
    """Return what gives each of two names what the other had, in one step (renameat2)."""
    here, flag = -100, 2
    rename: Callable[..., int] = ctypes.CDLL(None, use_errno=True).renameat2

    def exchange() -> None:
        if rename(here, os.fsencode(one), here, os.fsencode(other), flag) != 0:
            raise OSError(ctypes.get_errno(), "renameat2")

    return exchange


@contextlib.contextmanager
def _swapping(folder: Path, outside: Path) -> Generator[list[int]]:
    """Make `folder` a real folder and a link to the outside by turns, as fast as this machine can."""
    over, turns, link = threading.Event(), [0], folder.with_name("link")
    link.symlink_to(outside)
    exchange = _exchange(folder, link)

    def swap() -> None:
        while not over.is_set():
            exchange()
            turns[0] += 1

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        yield turns
    finally:
        over.set()
        thread.join()


@pytest.mark.skipif(sys.platform != "linux", reason="renameat2")
def test_files_race_against_a_swapped_folder_leaks_nothing(root: FilesRoot, tmp_path: Path) -> None:
    """Thousands of reads and writes while the folder is swapped for a link: the outside is never touched."""
    outside = tmp_path / "outside"
    put(root, "way/secret", b"inside")
    seen, refused, done = set[bytes](), 0, 0
    deadline = time.monotonic() + 40
    with _swapping(tmp_path / "root" / "way", outside) as turns:
        while (done < 6_000 or turns[0] < 500) and time.monotonic() < deadline:
            done += 1
            try:
                seen.add(root.read("way/secret", 100))
                if done % 20 == 0:
                    put(root, "way/new", b"inside")
            except (PathRefused, FileMissing, FilesUnavailable):
                refused += 1
    assert seen == {b"inside"}
    assert (done >= 6_000, turns[0] >= 500, refused > 0) == (True, True, True)
    assert sorted(path.name for path in outside.iterdir()) == ["secret"]
    assert (outside / "secret").read_bytes() == b"canary"


def test_files_race_against_a_swapped_file_leaks_nothing(root: FilesRoot, tmp_path: Path) -> None:
    """A file that turns into a link or a second name of the outside is read as itself or not at all."""
    place, outside, over = tmp_path / "root" / "file", tmp_path / "outside" / "secret", threading.Event()
    put(root, "file", b"inside")
    spare = tmp_path / "spare"

    def swap() -> None:
        makes: list[Callable[[], object]] = [
            lambda: spare.symlink_to(outside),
            lambda: os.link(outside, spare),
            lambda: os.mkfifo(spare),
            lambda: spare.write_bytes(b"inside"),
        ]
        while not over.is_set():
            for make in makes:
                make()
                spare.rename(place)
            turns[0] += 1

    turns = [0]
    thread = threading.Thread(target=swap)
    thread.start()
    seen, refused, done = set[bytes](), 0, 0
    # A rename may wait for the disk far longer than thousands of reads take.
    deadline = time.monotonic() + 40
    try:
        while (done < 6_000 or turns[0] < 200) and time.monotonic() < deadline:
            done += 1
            try:
                seen.add(root.read("file", 100))
            except PathRefused:
                refused += 1
    finally:
        over.set()
        thread.join()
    assert seen <= {b"inside", b""}
    assert (done >= 6_000, turns[0] >= 200, refused > 0) == (True, True, True)


@pytest.mark.parametrize("thing", ["link", "hard link", "FIFO"])
def test_files_race_is_lost_by_a_file_that_was_plain_a_moment_ago(
    root: FilesRoot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, thing: str
) -> None:
    """What was looked at may be another thing once it is open: it is looked at again."""
    put(root, "plain")
    outside, place = tmp_path / "outside" / "secret", tmp_path / "root" / "odd"
    if thing == "FIFO":
        os.mkfifo(place)
    elif thing == "link":
        place.symlink_to(outside)
    else:
        os.link(outside, place)
    real = PosixFolder.stat

    def look(folder: PosixFolder, name: str) -> FolderEntry | None:
        found = real(folder, name)
        return None if found is None else replace(found, is_plain=True)

    monkeypatch.setattr(PosixFolder, "stat", look)
    with pytest.raises(PathRefused):
        root.read("odd", 10)
