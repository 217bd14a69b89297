"""Child processes are bounded: runs beyond the bound wait, and hold up nothing else."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from app.core.models import AttemptOutcome, AttemptResult, ClaimedRun
from app.core.runner import ChildSlots, Stopped, StopReason
from app.services.worker.leases import InFlight
from tests.support.queue.run_port import Bench, claimed
from tests.support.waiting import wait_until_async

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
LONG = {"duration_ms": 15_000, "runs_in": "process"}
SHORT = {"duration_ms": 1, "runs_in": "process"}


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "ledger"
    monkeypatch.setenv("TEST_LEDGER", str(path))
    return path


def started(ledger: Path) -> int:
    """Return how many handlers have started."""
    return sum('"start"' in line for line in ledger.read_text().splitlines()) if ledger.exists() else 0


async def test_runs_beyond_the_bound_wait_and_start_in_order(ledger: Path) -> None:
    """With one slot the second child starts when the first has ended, and its log says why it waited."""
    bench = Bench(max_child_processes=1)
    first = bench.start("test.record", LONG, run_id="job-a@1")
    second = bench.start("test.record", SHORT, run_id="job-a@2")
    third = bench.start("test.record", SHORT, run_id="job-a@3")
    await wait_until_async(lambda: started(ledger) == 1)
    assert (first.waits, second.waits, third.waits) == (False, True, True)
    first.stop(StopReason.CANCELLED)
    await wait_until_async(lambda: len(bench.ends) == 3)
    assert [execution for execution, _ in bench.ends] == [first, second, third]
    assert [end.outcome for _, end in bench.ends if isinstance(end, AttemptResult)] == [
        AttemptOutcome.CANCELLED,
        AttemptOutcome.SUCCESS,
        AttemptOutcome.SUCCESS,
    ]
    waited = [line.message for line in bench.port.lines]
    assert waited.count("Waits for a child process: all 1 are busy (MAX_CHILD_PROCESSES).") == 2
    assert sum(message.startswith("A child process is free after") for message in waited) == 2


async def test_time_out_counts_from_the_start_of_the_child(ledger: Path) -> None:
    """A run that waits longer than its time-out does not time out, and is given its whole time."""
    bench = Bench(max_child_processes=1)
    first = bench.start("test.record", LONG, run_id="job-a@1")
    await wait_until_async(lambda: started(ledger) == 1)
    clock = asyncio.get_running_loop().time
    asked_at = clock()
    second = bench.start("test.record", SHORT, run_id="job-a@2", timeout_ms=4_000)
    await wait_until_async(lambda: clock() - asked_at > 4.5)
    assert second.waits
    first.stop(StopReason.CANCELLED)
    await wait_until_async(lambda: len(bench.ends) == 2)
    end = bench.ends[1][1]
    assert isinstance(end, AttemptResult)
    assert end.outcome is AttemptOutcome.SUCCESS
    assert end.duration_ms < 4_000


@pytest.mark.parametrize(
    ("reason", "expected"), [(StopReason.CANCELLED, AttemptOutcome.CANCELLED), (StopReason.DRAIN, None)]
)
async def test_a_run_that_waits_is_stopped_at_once(
    ledger: Path, reason: StopReason, expected: AttemptOutcome | None
) -> None:
    """It never starts; a cancelled one ends so, and one of a worker that leaves goes back."""
    bench = Bench(max_child_processes=1)
    first = bench.start("test.record", LONG, run_id="job-a@1")
    await wait_until_async(lambda: started(ledger) == 1)
    second = bench.start("test.record", SHORT, run_id="job-a@2")
    second.stop(reason)
    end = await bench.end()
    if expected is None:
        assert end == Stopped(StopReason.DRAIN, abandoned=False)
    else:
        assert isinstance(end, AttemptResult)
        assert end.outcome is expected
    first.stop(StopReason.CANCELLED)
    await bench.end()
    assert started(ledger) == 1
    # The slot that the stopped one did not take is free.
    assert (await bench.finish("test.record", SHORT, run_id="job-a@3")).outcome is AttemptOutcome.SUCCESS


async def test_isolated_runs_take_no_slot(ledger: Path) -> None:
    """A suspect never waits behind the runs of a full worker."""
    bench = Bench(max_child_processes=1)
    first = bench.start("test.record", LONG, run_id="job-a@1")
    await wait_until_async(lambda: started(ledger) == 1)
    alone = bench.start("test.record", {"duration_ms": 1}, run_id="job-a@2", alone=True)
    assert not alone.waits
    end = await bench.end()
    assert isinstance(end, AttemptResult)
    assert end.outcome is AttemptOutcome.SUCCESS
    first.stop(StopReason.CANCELLED)
    await bench.end()


class _Run:
    def __init__(self, run: ClaimedRun) -> None:
        self.run = run

    def on_slot_acquired(self) -> None:
        raise AssertionError("no slot was given back")


def test_runs_that_wait_leave_their_slots_to_others() -> None:
    """A worker of 4 slots whose 3 runs wait for a child claims 4 more, but never without end."""
    children = ChildSlots(1)
    in_flight = InFlight(4, children)
    for number in range(4):
        run = claimed("test.record", run_id=f"job-a@{number}")
        execution = _Run(run)
        in_flight.add(execution)  # pyright: ignore[reportArgumentType]
        children.acquire(execution)
    assert (children.waiting, in_flight.free) == (3, 3)
    for number in range(4, 12):
        execution = _Run(claimed("test.record", run_id=f"job-a@{number}"))
        in_flight.add(execution)  # pyright: ignore[reportArgumentType]
        children.acquire(execution)
    assert (children.waiting, in_flight.free) == (11, 0)
