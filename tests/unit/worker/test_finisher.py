"""Known outcomes are held until Redis has answered them."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from structlog.testing import capture_logs

from app.core.errors import RedisUnavailable
from app.core.models import AttemptOutcome, AttemptResult, ClaimedRun
from app.core.runner import Stopped, StopReason
from app.core.storage.keys import Keys
from app.services.worker import finisher as spooler_module
from app.services.worker.finisher import Finisher, SpoolCheck, Spooler
from app.services.worker.leases import InFlight
from app.services.worker.spool import Spool, SpoolHead, read_segment
from tests.support.fake_clock import FakeClock
from tests.support.queue.run_port import claimed
from tests.support.waiting import wait_until_async

Logs = list[dict[str, Any]]
KEPT = "Redis does not record ends"


class FakeLink:
    """Has no earlier log lines to give, or is away."""

    def __init__(self) -> None:
        self.away = False
        self.asked = 0

    async def calls(self, _commands: object) -> list[Any]:
        self.asked += 1
        if self.away:
            raise RedisUnavailable("away")
        return [None, []]


class FakeQueue:
    """Records ends and releases while `away` is false; `words` answers for a run in place of OK."""

    def __init__(self) -> None:
        self.clock = FakeClock(datetime(2026, 1, 1, tzinfo=UTC))
        self.keys = Keys("test")
        self.link = FakeLink()
        self.away = False
        self.finished: list[AttemptResult] = []
        self.released: list[str] = []
        self.words: dict[str, str] = {}

    async def finish_many(self, batch: list[AttemptResult]) -> list[str]:
        await asyncio.sleep(0)
        if self.away:
            raise RedisUnavailable("away")
        self.finished += batch
        return [self.words.get(end.run_id, "OK") for end in batch]

    async def release(self, held: Iterable[tuple[str, str]]) -> list[str]:
        await asyncio.sleep(0)
        if self.away:
            raise RedisUnavailable("away")
        self.released += [run_id for run_id, _ in held]
        return ["OK" for _ in held]


class Bench:
    """A finisher with its spooler; the test triggers each look of the spooler."""

    def __init__(self, home: Path) -> None:
        self.queue = FakeQueue()
        self.hands = InFlight(4)
        self.finisher = Finisher(cast("Any", self.queue), self.hands)
        head = SpoolHead("mj", "data-1", "127.0.0.1:6379/0", "worker-1")
        self.spool = Spool(home / "spool", head, "w1", self.queue.clock)
        self.spooler = Spooler(self.spool, self.finisher, self.hands, self.queue.clock)

    def end(self, number: int, *, output: str = "{}", logged: bool = False) -> ClaimedRun:
        """Let a handler end."""
        run = claimed("test.noop", run_id=f"run-{number}", lease_id=f"w1:1:{number}", logged=logged)
        end = AttemptResult(run.run_id, run.lease_id, 1, AttemptOutcome.SUCCESS, output)
        self.finisher.ended(cast("Any", SimpleNamespace(run=run)), end)
        return run

    def look(self, seconds: float = 0.0) -> SpoolCheck:
        """Let time pass and the spooler look."""
        self.queue.clock.advance(seconds)
        look = self.spooler.check()
        self.spooler._read(look)
        return look

    def on_disk(self) -> list[str]:
        paths = sorted(self.spool.folder.glob("*.jsonl"))
        return [end.finish.run_id for path in paths for end in read_segment(path).ends]


@pytest.fixture
def logs() -> Generator[Logs]:
    with capture_logs() as lines:
        yield cast("Logs", lines)


def count(logs: Logs, event: str) -> int:
    return sum(event in line["event"] for line in logs)


@pytest.fixture
async def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


async def test_finisher_holds_an_end_until_it_is_answered(bench: Bench) -> None:
    """Through an outage the lease is renewed and the run is known; afterwards it is let go."""
    bench.queue.away = True
    run = bench.end(1)
    await wait_until_async(lambda: bench.finisher.last_error == "away")
    assert bench.hands.leases() == [(run.run_id, run.lease_id)]
    assert len(bench.finisher.held()) == 1
    bench.queue.away = False
    await bench.finisher.drained()
    assert [end.run_id for end in bench.queue.finished] == [run.run_id]
    assert (bench.hands.empty, bench.finisher.held()) == (True, [])


@pytest.mark.parametrize("word", ["LOST", "NOT_FOUND", "ERROR"])
async def test_finisher_lets_go_of_an_end_that_is_refused(bench: Bench, word: str, logs: Logs) -> None:
    """Every word is an answer; one that is not OK is logged."""
    bench.queue.words = {"run-1": word}
    bench.end(1)
    await bench.finisher.drained()
    assert bench.hands.empty
    assert [line["word"] for line in logs if line["event"] == "end not recorded"] == [word]


async def test_finisher_gives_runs_back_through_an_outage(bench: Bench) -> None:
    """A release is sent until it is answered, for as long as the process lives."""
    bench.queue.away = True
    run = claimed("test.noop")
    bench.finisher.ended(cast("Any", SimpleNamespace(run=run)), Stopped(StopReason.DRAIN, abandoned=False))
    await wait_until_async(lambda: bench.finisher.last_error == "away")
    assert bench.hands.leases() == [(run.run_id, run.lease_id)]
    bench.queue.away = False
    await bench.finisher.drained()
    assert (bench.queue.released, bench.hands.empty) == ([run.run_id], True)


async def test_finisher_keeps_an_end_that_waits_for_earlier_log_lines(bench: Bench) -> None:
    """It is on disk while Redis is away, and sent once with the lines."""
    bench.queue.link.away = True
    bench.end(1, logged=True)
    await wait_until_async(lambda: bench.queue.link.asked > 1)
    bench.look(2)
    assert bench.on_disk() == ["run-1"]
    bench.queue.link.away = False
    await bench.finisher.drained()
    assert [end.run_id for end in bench.queue.finished] == ["run-1"]


async def test_spooler_puts_ends_on_disk_that_stay_unanswered(bench: Bench) -> None:
    """After a second without an answer, each once; the file goes when the answer has come."""
    bench.queue.away = True
    bench.end(1)
    bench.look(0.9)
    assert bench.on_disk() == []
    bench.end(2)
    assert bench.look(0.2).late == 1
    assert bench.on_disk() == ["run-1"]
    bench.look(1)
    bench.look(1)
    assert bench.on_disk() == ["run-1", "run-2"]
    bench.queue.away = False
    await bench.finisher.drained()
    bench.look()
    assert bench.on_disk() == []


@pytest.mark.parametrize(("ends", "size"), [(3, 10_000_000), (1_000, 2_000)], ids=["by_number", "by_size"])
async def test_spooler_bounds_the_memory_of_ends(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, ends: int, size: int
) -> None:
    """Beyond the bound ends are on disk alone, at once; they are sent like the others."""
    monkeypatch.setattr(spooler_module, "KEPT_ENDS", ends)
    monkeypatch.setattr(spooler_module, "KEPT_BYTES", size)
    bench.queue.away = True
    outputs = {f"run-{number}": f'"{number:0100}"' for number in range(20)}
    for number in range(20):
        bench.end(number, output=outputs[f"run-{number}"])
    bench.look()
    kept = [end for end in bench.finisher.held() if end.finish is not None]
    assert len(kept) == 3
    assert all(end.run.inputs == "" for end in bench.finisher.held() if end.finish is None)
    assert sorted(bench.on_disk()) == sorted(outputs)
    bench.queue.away = False
    await bench.finisher.drained()
    assert {end.run_id: end.output for end in bench.queue.finished} == outputs
    assert bench.hands.empty


async def test_spooler_with_a_full_disk_stops_claims(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, logs: Logs
) -> None:
    """Ends stay in memory, nothing more is claimed, and one line has the reason, until the fault ends."""
    bench.queue.away = True
    bench.end(1)

    def no_room(*_: object) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(bench.spool, "add", no_room)
        bench.look(2)
        bench.look(1)
    assert bench.hands.free == 0
    assert count(logs, "ends cannot be written to disk") == 1
    bench.look(1)
    assert bench.hands.free == 4
    assert bench.on_disk() == ["run-1"]


async def test_spooler_says_an_outage_once(bench: Bench, logs: Logs) -> None:
    """One line at its start and one at its end, however many runs end meanwhile."""
    bench.queue.away = True
    bench.queue.words = {"run-2": "LOST"}
    for number in range(5):
        bench.end(number)
        bench.look(1)
    bench.look(1)
    bench.queue.away = False
    await bench.finisher.drained()
    bench.look()
    bench.look(1)
    assert count(logs, KEPT) == 1
    (over,) = [line for line in logs if line["event"] == "Redis records ends again"]
    assert (over["recorded"], over["too_late"]) == (4, 1)


async def test_spooler_takes_a_held_up_loop_for_no_outage(bench: Bench, logs: Logs) -> None:
    """After a handler has held the event loop the answers are there, only not read yet."""
    bench.end(1)
    bench.look(5)
    await bench.finisher.drained()
    bench.look(0.5)
    bench.look(0.5)
    assert count(logs, KEPT) == 0


async def test_spooler_puts_everything_on_disk_when_it_closes(bench: Bench, logs: Logs) -> None:
    """A worker that exits in an outage logs the number of unanswered ends and their folder."""
    bench.queue.away = True
    bench.end(1)
    bench.end(2)
    await bench.spooler.close()
    assert bench.on_disk() == ["run-1", "run-2"]
    (line,) = [line for line in logs if "exits with ends" in line["event"]]
    assert (line["ends"], line["spool"]) == (2, str(bench.spool.folder))


async def test_spooler_thread_looks_by_itself(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ends reach the disk though nothing in the event loop asks for it."""
    monkeypatch.setattr(spooler_module, "LOOK_EACH_SEC", 0.01)
    bench.queue.away = True
    bench.end(1)
    bench.spooler.start()
    bench.queue.clock.advance(2)
    await wait_until_async(lambda: bench.on_disk() == ["run-1"])
    bench.queue.away = False
    await bench.finisher.drained()
    await bench.spooler.close()
    assert list(bench.spool.folder.iterdir()) == []


async def test_finisher_gives_back_a_new_lease_of_a_run_that_still_runs_here(bench: Bench) -> None:
    """The handler of the older lease stays in hand until it has ended."""
    run = claimed("test.noop", lease_id="w1:1:1")
    bench.hands.add(cast("Any", SimpleNamespace(run=run)))
    bench.finisher.release(claimed("test.noop", lease_id="w1:2:1"))
    await bench.finisher.drained()
    assert [execution.run for execution in bench.hands.running()] == [run]
    assert bench.queue.released == [run.run_id]
