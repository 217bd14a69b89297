"""The peers harness: the files of the jobs' bodies, and the statistics made of them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from benchmarks.peers.kit import peer
from benchmarks.peers.marks import Marks, periodic_figures

RUNS = range(10, 14)


@pytest.fixture
def marks(tmp_path: Path) -> Marks:
    """Runs 10 and 11 ended, 12 ended twice, 13 only started; 9 is of other runs."""
    lines = [
        *((peer.END, 9, 5), (peer.START, 10, 1_000), (peer.END, 10, 2_000), (peer.END, 11, 4_000)),
        *((peer.START, 12, 500), (peer.END, 12, 3_000), (peer.END, 12, 9_000), (peer.START, 13, 700)),
        (peer.TICK, 11, 4_500),
    ]
    data = b"".join(peer.LINE % line for line in lines)
    half = peer.LINE_BYTES * 4
    (tmp_path / "worker-1").write_bytes(data[:half])
    # A line that is being written is not read.
    (tmp_path / "worker-2").write_bytes(data[half:] + b"E 00")
    return Marks(tmp_path)


def test_lines_have_one_length() -> None:
    """The number of jobs that ended is the size of the files divided by it."""
    assert len(peer.LINE % (peer.END, 2**33 - 1, 2**63 - 1)) == peer.LINE_BYTES


def test_runs_are_counted_over_all_workers(marks: Marks) -> None:
    """First starts, last ends, lost and doubled runs of a range."""
    seen = marks.of(RUNS)
    assert seen.starts == {10: 1_000, 11: 4_000, 12: 500, 13: 700}
    assert seen.ends == {10: 2_000, 11: 4_000, 12: 9_000}
    assert (seen.lost(RUNS), seen.doubled()) == (1, 1)
    assert seen.seconds() == pytest.approx(8.5e-6)
    assert (marks.lines(), marks.writers()) == (9, 2)


def test_ticks_are_those_after_an_instant(marks: Marks) -> None:
    """Periodic starts have a clock of their own."""
    assert marks.ticks_us(4_000) == [11]
    assert marks.ticks_us(5_000) == []


def test_bodies_write_what_the_marks_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job with a duration records its start and its end, one without it a single instant."""
    monkeypatch.setenv("PEER_MARKS", str(tmp_path))
    monkeypatch.setenv("PEER_WORKER", "worker-0")
    monkeypatch.setattr(peer, "_files", {})
    peer.work(1, 0)
    peer.work(2, 1)
    asyncio.run(peer.work_async(3, 1))
    peer.tick()
    marks = Marks(tmp_path)
    seen = marks.of(range(1, 4))
    assert (marks.lines(), seen.lost(range(1, 4)), len(marks.ticks_us(0))) == (6, 0, 1)
    assert seen.starts[1] == seen.ends[1]
    assert seen.starts[2] < seen.ends[2] <= seen.starts[3] < seen.ends[3]


def test_periodic_job_is_late_against_whole_seconds() -> None:
    """Lateness and drift of an aligned job; a second without a start is missed."""
    ticks = [7_003_000, 8_005_000, 9_007_000, 11_011_000]
    assert periodic_figures(ticks, aligned=True) == pytest.approx(
        {"late_ms_p50": 5.0, "late_ms_p99": 11.0, "drift_ms": 2.0, "missed": 1, "doubled": 0}
    )


def test_periodic_job_without_alignment_is_late_against_its_first_start() -> None:
    """An interval that begins at any instant has no lateness at first."""
    ticks = [7_400_000, 8_400_000, 8_401_000, 9_403_000]
    figures = periodic_figures(ticks, aligned=False)
    assert figures["late_ms_p99"] == pytest.approx(3.0)
    assert (figures["missed"], figures["doubled"]) == (0, 1)
