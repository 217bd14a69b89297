"""Ends on disk: whole files, a lock for each process, damaged files."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.clock import SystemClock
from app.core.models import AttemptOutcome, AttemptResult
from app.services.worker import spool as spool_module
from app.services.worker.spool import HeldEnd, Spool, SpoolHead, StoredEnd, load, read_segment
from tests.support.queue.run_port import claimed

HEAD = SpoolHead("mj", "data-1", "127.0.0.1:6379/0", "worker-1")


def held(number: int, output: str = '{"a": "Café \\n"}') -> HeldEnd:
    run = claimed("test.noop", run_id=f"run-{number}", lease_id=f"w1:1:{number}")
    finish = AttemptResult(
        run.run_id, run.lease_id, 1, AttemptOutcome.SUCCESS, output, log="packed", duration_ms=7
    )
    return HeldEnd(run, finish, since=0.0)


def open_spool(folder: Path, consumer: str = "w1") -> Spool:
    return Spool(folder / "spool", HEAD, consumer, SystemClock())


def files(spool: Spool) -> list[Path]:
    return sorted(spool.folder.glob("*.jsonl"))


def test_spool_keeps_every_field_of_an_end(tmp_path: Path) -> None:
    """Ends are read as they were written; only the owner may read the file."""
    spool, ends = open_spool(tmp_path), [held(1), held(2)]
    ends[1].merge = True
    spool.add(ends)
    (path,) = files(spool)
    stored = read_segment(path)
    assert stored.ends == [StoredEnd(end.finish, end.merge) for end in ends if end.finish]
    assert (stored.head, stored.damaged) == (replace(HEAD, ends=2), 0)
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(spool.folder.stat().st_mode) == 0o700


def test_spool_removes_a_file_once_all_of_its_ends_are_answered(tmp_path: Path) -> None:
    """One end without an answer keeps the file; without ends the process leaves nothing behind."""
    spool, ends = open_spool(tmp_path), [held(1), held(2)]
    spool.add(ends)
    ends[0].answered = True
    spool.sweep()
    assert len(files(spool)) == 1
    ends[1].answered = True
    spool.close()
    assert list(spool.folder.iterdir()) == []


def test_spool_splits_large_ends_into_several_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file is much larger than its bound."""
    monkeypatch.setattr(spool_module, "SEGMENT_BYTES", 10_000)
    spool = open_spool(tmp_path)
    spool.add([held(number, "x" * 4000) for number in range(10)])
    assert [len(read_segment(path).ends) for path in files(spool)] == [3, 3, 3, 1]


def test_spool_loads_an_end_that_is_on_disk_alone(tmp_path: Path) -> None:
    """A batch may have ends of both kinds; an end whose file is gone is no end any more."""
    spool, ends = open_spool(tmp_path), [held(1), held(2)]
    finishes = [end.finish for end in ends]
    spool.add(ends)
    ends[0].finish = None
    assert load(ends) == finishes
    files(spool)[0].unlink()
    with pytest.raises(KeyError):
        load(ends)


def test_spool_of_a_living_process_is_its_own(tmp_path: Path) -> None:
    """The lock goes with the process; then another one may take the files over, one at a time."""
    first, second, third = (open_spool(tmp_path, name) for name in ("w1", "w2", "w3"))
    first.add([held(1)])
    assert first.orphans() == []
    assert second.orphans() == []
    first.close()
    (orphan,) = second.orphans()
    assert third.orphans() == []
    assert [path.name for path in orphan.segments] == ["w1.000001.jsonl"]
    orphan.release()
    assert len(third.orphans()) == 1


def test_spool_of_a_dead_process_is_removed_when_its_ends_are_sent(tmp_path: Path) -> None:
    """Lock and unfinished writes go with the last file."""
    first, second = open_spool(tmp_path, "w1"), open_spool(tmp_path, "w2")
    first.add([held(1)])
    first.close()
    (first.folder / "w1.000002.tmp").write_bytes(b"half")
    (orphan,) = second.orphans()
    orphan.segments[0].unlink()
    orphan.release()
    assert list(second.folder.iterdir()) == []


def test_spool_removes_old_locks_of_dead_processes(tmp_path: Path) -> None:
    """A worker that was killed without ends leaves a lock; a young one may be about to be locked."""
    spool = open_spool(tmp_path, "w9")
    spool.folder.mkdir()
    for name, age_sec in (("w1.lock", 3600), ("w2.lock", 0)):
        (spool.folder / name).touch()
        at = SystemClock().now_ms() / 1000 - age_sec
        os.utime(spool.folder / name, (at, at))
    assert spool.orphans() == []
    assert [path.name for path in spool.folder.iterdir()] == ["w2.lock"]


@pytest.mark.parametrize(
    ("cut", "left", "damaged"),
    [(1, 2, 0), (20, 1, 1), (700, 0, 2)],
    ids=["newline", "last_line", "two_lines"],
)
def test_spool_file_with_a_torn_end_gives_what_is_whole(
    tmp_path: Path, cut: int, left: int, damaged: int
) -> None:
    """A line that is torn or missing is counted; the others are read."""
    spool = open_spool(tmp_path)
    spool.add([held(1, "y" * 300), held(2, "y" * 300)])
    (path,) = files(spool)
    path.write_bytes(path.read_bytes()[:-cut])
    stored = read_segment(path)
    assert (len(stored.ends), stored.damaged) == (left, damaged)


@pytest.mark.parametrize("content", [b"", b"\0\0\0\0", b"[]\n", b'{"namespace": "mj"}\n{}\n'])
def test_spool_file_without_a_head_is_damaged(tmp_path: Path, content: bytes) -> None:
    """Without its head the deployment of the ends is unknown."""
    path = tmp_path / "w1.000001.jsonl"
    path.write_bytes(content)
    stored = read_segment(path)
    assert (stored.head, stored.ends) == (None, [])
    assert stored.damaged > 0


def test_spool_write_that_fails_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a full disk the ends stay unspooled, and the next try may write them."""
    spool, end = open_spool(tmp_path), held(1)

    def no_room(_descriptor: int) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", no_room)
        with pytest.raises(OSError, match="No space left"):
            spool.add([end])
    assert end.segment is None
    assert [path.name for path in spool.folder.iterdir()] == ["w1.lock"]
    spool.add([end])
    assert end.segment is not None


def test_spool_leaves_the_folders_of_other_shards_alone(tmp_path: Path) -> None:
    """The first shard's spool does not take an old folder of a further shard for files of a dead process."""
    spool = open_spool(tmp_path)
    inner = spool.folder / "shard-1"
    inner.mkdir(parents=True)
    os.utime(inner, (0, 0))
    assert spool.orphans() == []
    assert list(spool.folder.iterdir()) == [inner]
