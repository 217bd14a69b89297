"""Lease deadlines of runs that hold a key."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.core.config import Settings
from app.core.runner import StopReason
from app.services.worker import leases as deadlines
from app.services.worker.leases import InFlight, LeaseDeadlines
from tests.support.fake_clock import FakeClock
from tests.support.queue.run_port import claimed


class Bench:
    """One run in hand, its lease counted from now, and the orders that reached it."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch, lease_sec: float, *, keyed: bool) -> None:
        settings = Settings(_env_file=None, lease_sec=lease_sec, multi_job_home=home)  # pyright: ignore[reportCallIssue]
        self.clock = FakeClock(datetime(2026, 1, 1, tzinfo=UTC))
        self.hands = InFlight(4)
        self.stopped: list[StopReason] = []
        self.run = claimed("test.noop", keyed=keyed)
        self.left: list[str] = []
        monkeypatch.setattr(deadlines, "exit_cut_off", self.left.append)
        self.hands.claimed([self.run], self.clock.boottime())
        self.hands.add(cast("Any", SimpleNamespace(run=self.run, stop=self.stopped.append)))
        loop = asyncio.get_running_loop()
        self._deadlines = LeaseDeadlines(
            self.hands, self.clock, settings, loop, before_leaving=lambda: self.left.append("ends kept")
        )

    async def after(self, seconds: float) -> None:
        """Let time pass, then look once."""
        self.clock.advance(seconds)
        self._deadlines.check()
        await asyncio.sleep(0)


@pytest.mark.parametrize(("lease_sec", "stops_after"), [(30.0, 28.0), (3.0, 2.5), (12.0, 10.0)])
async def test_run_with_a_key_is_stopped_before_its_lease_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lease_sec: float, stops_after: float
) -> None:
    """Two seconds before, or a sixth of a short lease; once."""
    bench = Bench(tmp_path, monkeypatch, lease_sec, keyed=True)
    await bench.after(stops_after - 0.1)
    assert bench.stopped == []
    await bench.after(0.2)
    await bench.after(0.1)
    assert (bench.stopped, bench.left) == ([StopReason.CUT_OFF], [])


async def test_run_without_a_key_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fence refuses its end if it comes too late."""
    bench = Bench(tmp_path, monkeypatch, 3.0, keyed=False)
    await bench.after(60)
    await bench.after(60)
    assert (bench.stopped, bench.left) == ([], [])


async def test_renewal_counts_from_its_sending(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer may be old: the lease began no earlier than the renewal was sent."""
    bench = Bench(tmp_path, monkeypatch, 3.0, keyed=True)
    sent_at = bench.clock.boottime() + 1.0
    bench.clock.advance(2.0)
    bench.hands.renewed(bench.run.lease_id, sent_at)
    await bench.after(1.4)
    assert bench.stopped == []
    await bench.after(0.2)
    assert bench.stopped == [StopReason.CUT_OFF]


async def test_process_leaves_if_a_handler_does_not_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within a second of the lease's end; the ends of other runs are put on disk before."""
    bench = Bench(tmp_path, monkeypatch, 3.0, keyed=True)
    await bench.after(2.6)
    await bench.after(1.2)
    assert bench.left == []
    await bench.after(0.1)
    assert bench.left == ["ends kept", bench.run.run_id]


async def test_process_that_slept_gives_its_handlers_the_grace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A laptop that wakes up after its leases stops the handler and does not leave at once."""
    bench = Bench(tmp_path, monkeypatch, 3.0, keyed=True)
    await bench.after(3600)
    assert (bench.stopped, bench.left) == ([StopReason.CUT_OFF], [])
    bench.hands.ending(bench.run)
    await bench.after(10)
    assert bench.left == []


async def test_run_that_is_gone_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of it is looked at any more."""
    bench = Bench(tmp_path, monkeypatch, 3.0, keyed=True)
    bench.hands.ending(bench.run)
    bench.hands.release(bench.run)
    assert bench.hands.kept_until_now() == []
