"""The files tool on a real file system: plain files, written atomically."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.core.errors import DiskFull, FileMissing, FilesUnavailable, LimitExceeded, MultiJobError, PathRefused
from app.core.files.posix import PosixTree
from app.core.files.root import AtomicFileWriter, FilesRoot
from tests.support.fake_clock import FakeClock
from tests.support.files.files_fixture import MB, files_root, guarded_root, names_below, operations, put
from tests.support.files.hostile_paths import HOSTILE_PATHS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="descriptors of POSIX")


@pytest.fixture(params=[True, False], ids=["openat2", "by steps"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> FilesRoot:
    return guarded_root(tmp_path, beneath=request.param)


def test_files_are_written_read_listed_and_deleted(root: FilesRoot, tmp_path: Path) -> None:
    """The whole life of a file, in folders that come and go with it."""
    put(root, "a/b/one.txt", b"hello")
    put(root, "a/two.txt", b"")
    assert root.read("a/b/one.txt", 5) == b"hello"
    assert [(file.path, file.bytes) for file in root.list()] == [("a/b/one.txt", 5), ("a/two.txt", 0)]
    assert [file.path for file in root.list("a/b")] == ["a/b/one.txt"]
    assert [file.path for file in root.list("a/t")] == ["a/two.txt"]
    found = root.stat("a/b/one.txt")
    assert found is not None
    assert abs(found.modified_at - time.time() * 1000) < 60_000
    put(root, "a/b/one.txt", b"other")
    assert root.read("a/b/one.txt", MB) == b"other"
    assert (root.delete("a/b/one.txt"), root.delete("a/b/one.txt"), root.delete("x/y")) == (
        True,
        False,
        False,
    )
    assert names_below(tmp_path / "root") == ["a", "a/two.txt"]


def test_files_that_are_not_there_are_missing(root: FilesRoot) -> None:
    """Reading raises; asking answers."""
    for path in ("a", "a/b/c"):
        with pytest.raises(FileMissing):
            root.read(path, 1)
        assert root.stat(path) is None
    assert root.list() == []


@pytest.mark.parametrize("path", HOSTILE_PATHS, ids=ascii)
def test_files_refuse_hostile_paths_in_every_operation(path: str, tmp_path: Path) -> None:
    """Nothing is made, read or removed under a path that is none."""
    root = files_root(tmp_path / "root")
    for operation in operations(root):
        with pytest.raises(PathRefused):
            operation(path)
    assert names_below(tmp_path) == []


def _fifo(place: Path, _outside: Path) -> None:
    os.mkfifo(place)


def _socket(place: Path, _outside: Path) -> None:
    here = Path.cwd()
    os.chdir(place.parent)  # a socket's path has at most 108 characters
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(place.name)
    finally:
        os.chdir(here)


def _device(place: Path, _outside: Path) -> None:
    try:
        os.mknod(place, 0o600 | 0o020000, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("devices are made by root")


ODD_THINGS: dict[str, Callable[[Path, Path], None]] = {
    "link to a file": lambda place, outside: place.symlink_to(outside / "secret"),
    "relative link": lambda place, _outside: place.symlink_to("../outside/secret"),
    "link into /proc": lambda place, _outside: place.symlink_to("/proc/self/root/etc/hostname"),
    "dangling link": lambda place, outside: place.symlink_to(outside / "not there"),
    "link to itself": lambda place, _outside: place.symlink_to(place.name),
    "link within": lambda place, _outside: place.symlink_to("plain"),
    "hard link": lambda place, outside: os.link(outside / "secret", place),
    "folder": lambda place, _outside: place.mkdir(),
    "FIFO": _fifo,
    "socket": _socket,
    "device": _device,
}


@pytest.mark.parametrize("thing", ODD_THINGS)
def test_files_refuse_what_is_no_plain_file(root: FilesRoot, tmp_path: Path, thing: str) -> None:
    """Links, second names, devices, FIFOs: not read, replaced or removed, and without blocking."""
    put(root, "plain")
    outside, place = tmp_path / "outside", tmp_path / "root" / "odd"
    ODD_THINGS[thing](place, outside)
    before = names_below(tmp_path)
    for operation in operations(root):
        with pytest.raises(PathRefused):
            operation("odd")
    assert names_below(tmp_path) == before
    assert [file.path for file in root.list()] == ["plain"]
    assert (outside / "secret").read_bytes() == b"canary"


@pytest.mark.parametrize("target", ["../outside", "/", "/proc/self/cwd", "inside", "."])
def test_files_refuse_a_way_through_a_link(root: FilesRoot, tmp_path: Path, target: str) -> None:
    """A folder that is a link is not followed, not even to an allowed place."""
    put(root, "inside/secret")
    (tmp_path / "root" / "way").symlink_to(target)
    for operation in operations(root):
        with pytest.raises(PathRefused):
            operation("way/secret")
    for operation in operations(root):
        with pytest.raises(PathRefused):
            operation("inside/secret/below")
    assert [file.path for file in root.list()] == ["inside/secret"]
    assert sorted(path.name for path in (tmp_path / "outside").iterdir()) == ["secret"]


# Whole or not at all.


def test_files_under_way_are_not_seen(root: FilesRoot, tmp_path: Path) -> None:
    """Until its end a file has no name; the one that had it before is there to the last moment."""
    put(root, "a", b"old")
    writer = root.open_writer("a")
    writer.write(b"half")
    assert (root.read("a", 10), [file.path for file in root.list()]) == (b"old", ["a"])
    writer.commit()
    assert root.read("a", 10) == b"half"
    assert names_below(tmp_path / "root") == ["a"]
    assert (tmp_path / "root" / "a").stat().st_mode & 0o777 == 0o600


def test_files_that_are_given_up_leave_nothing(root: FilesRoot, tmp_path: Path) -> None:
    """Neither the file nor the folders that were made for it; after its end a writer takes nothing more."""
    writer = root.open_writer("a/b/c")
    writer.write(b"half")
    writer.abort()
    writer.abort()
    with pytest.raises(FilesUnavailable):
        writer.write(b"more")
    with pytest.raises(FilesUnavailable):
        writer.commit()
    assert names_below(tmp_path / "root") == []


def test_files_of_a_dead_process_are_cleared_away(tmp_path: Path) -> None:
    """A temporary file untouched for a day is left over; a younger one may be in use."""
    files_root(tmp_path).open_writer("a/left").write(b"x" * 100)
    clock = FakeClock(datetime.now(UTC))
    root = FilesRoot(PosixTree(tmp_path), clock, max_bytes=MB, max_count=50)
    clock.advance(3_600)
    put(root, "b")
    assert len(names_below(tmp_path)) == 3
    clock.advance(86_400)
    put(root, "c")
    assert names_below(tmp_path) == ["b", "c"]


def test_files_read_has_a_largest_size(root: FilesRoot) -> None:
    """A larger file is refused, not cut."""
    put(root, "a", b"12345")
    assert root.read("a", 5) == b"12345"
    with pytest.raises(LimitExceeded):
        root.read("a", 4)


# Quotas.


def test_files_quota_of_bytes_ends_a_write(tmp_path: Path) -> None:
    """The piece that is too much ends its file, and the room is there again for the next."""
    root = files_root(tmp_path, max_bytes=1_000)
    put(root, "a", b"x" * 600)
    writer = root.open_writer("b")
    writer.write(b"x" * 300)
    with pytest.raises(LimitExceeded):
        writer.write(b"x" * 101)
    assert names_below(tmp_path) == ["a"]
    put(root, "b", b"x" * 400)
    with pytest.raises(LimitExceeded):
        root.open_writer("c")
    assert root.delete("a")
    put(root, "c", b"x" * 600)


def test_files_quota_of_bytes_is_shared_by_writers(tmp_path: Path) -> None:
    """Files at the same time cannot spend the same bytes; what another process wrote counts as well."""
    root, other = files_root(tmp_path, max_bytes=1_000), files_root(tmp_path, max_bytes=1_000)
    one, two = root.open_writer("a"), root.open_writer("b")
    one.write(b"x" * 600)
    with pytest.raises(LimitExceeded):
        two.write(b"x" * 600)
    three = other.open_writer("c")
    three.write(b"x" * 300)
    one.write(b"x" * 300)
    with pytest.raises(LimitExceeded):
        one.commit()
    three.commit()
    assert names_below(tmp_path) == ["c"]


def test_files_quota_of_count_takes_folders_as_well(tmp_path: Path) -> None:
    """Empty names cost nothing to make and much to look through; a file may still be replaced."""
    root = files_root(tmp_path, max_count=4)
    put(root, "a/b/one")
    put(root, "a/b/two")
    for path in ("three", "a/b/three", "c/three"):
        with pytest.raises(LimitExceeded):
            root.open_writer(path)
    put(root, "a/b/two", b"again")
    assert names_below(tmp_path) == ["a", "a/b", "a/b/one", "a/b/two"]


# A system that fails.


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO])
@pytest.mark.parametrize("call", ["write", "fsync", "rename"])
def test_files_failure_of_the_disk_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int
) -> None:
    """Whichever call fails: the run gets the error, the old file stays, and no partial file remains."""
    root = files_root(tmp_path)
    put(root, "a", b"old")

    def fail(*_args: object, **_named: object) -> None:
        raise OSError(code, os.strerror(code))

    writer = root.open_writer("a")
    monkeypatch.setattr(os, call, fail)
    with pytest.raises(FilesUnavailable if code == errno.EIO else DiskFull, match=errno.errorcode[code]):
        _write_and_commit(writer)
    monkeypatch.undo()
    assert names_below(tmp_path) == ["a"]
    assert root.read("a", 10) == b"old"


def _write_and_commit(writer: AtomicFileWriter) -> None:
    writer.write(b"new")
    writer.commit()


FULL_DISK = """
import sys
from pathlib import Path
from app.core.clock import SystemClock
from app.core.errors import DiskFull
from app.core.files.posix import PosixTree
from app.core.files.root import FilesRoot
root = FilesRoot(PosixTree(Path(sys.argv[1])), SystemClock(), max_bytes=10**9, max_count=100)
writer = root.open_writer("a/b")
try:
    for _ in range(100):
        writer.write(b"x" * 65536)
except DiskFull as error:
    print("full", "ENOSPC" in error.message, list(Path(sys.argv[1]).rglob("*")))
"""


def test_files_on_a_full_disk_leave_nothing(tmp_path: Path) -> None:
    """A real file system of 1 MB that is full answers ENOSPC, and holds nothing afterwards."""
    script = f'mount -t tmpfs -o size=1m none "$1" && exec {sys.executable} -c "$2" "$1"'
    try:
        ended = subprocess.run(
            ["unshare", "-rm", "sh", "-c", script, "sh", str(tmp_path), FULL_DISK],
            capture_output=True,
            text=True,
            timeout=50,
            check=False,
        )
    except FileNotFoundError:
        pytest.skip("no unshare here")
    if ended.returncode != 0 and "Traceback" not in ended.stderr:
        pytest.skip(f"no file system can be mounted here: {ended.stderr.strip()}")
    assert ended.stdout == "full True []\n", ended.stderr


def test_files_root_that_cannot_be_used_says_so(tmp_path: Path) -> None:
    """A file in place of the root is an error for the operator."""
    (tmp_path / "root").write_text("")
    with pytest.raises(MultiJobError) as failure:
        files_root(tmp_path / "root").open_writer("a")
    assert failure.value.code == "files_unavailable"
