"""The claimer against a queue with a controlled delay."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.core.config import Settings
from app.core.errors import RedisUnavailable
from app.core.models import ClaimedRun
from app.core.queue import Claim, StreamEntry
from app.core.runner import StopReason
from app.core.storage.keys import LANES, SUSPECT_LANE
from app.services.worker.claimer import Claimer
from app.services.worker.leases import ISOLATED_SLOTS, InFlight
from tests.support.fake_clock import FakeClock
from tests.support.queue.run_port import claimed

LEASE_SEC = 3.0


class FakeQueue:
    """Answers a claim and a renewal after so many seconds; `words` are the renewal's, or its error."""

    def __init__(self, in_flight: InFlight, runs: list[ClaimedRun], home: Path) -> None:
        self.settings = Settings(_env_file=None, lease_sec=LEASE_SEC, multi_job_home=home)  # pyright: ignore[reportCallIssue]
        self.clock = FakeClock(datetime(2026, 1, 1, tzinfo=UTC))
        self.claim_sec = self.renewal_sec = 0.1
        self.words: list[str] | RedisUnavailable = ["OK"] * len(runs)
        self.renewed: list[list[tuple[str, str]]] = []
        self.in_flight: list[int] = []
        self.wanted: list[tuple[int, int]] = []
        self.lanes: list[tuple[str, ...]] = []
        self.waited: list[tuple[int, int, tuple[str, ...]]] = []
        self.adopted: list[list[StreamEntry]] = []
        self.answer: tuple[list[StreamEntry], bool | None] | RedisUnavailable = ([], True)
        self.lost_answers = 0
        self._hands = in_flight
        self.runs = runs

    async def claim(self, *arguments: Any) -> Claim:
        slots, quotas = arguments[3:5]
        self.wanted.append((slots, quotas[SUSPECT_LANE]))
        self.adopted.append(arguments[5])
        asked_at = self.clock.boottime()
        self.in_flight.append(self._hands.claiming)
        self.clock.advance(self.claim_sec)
        if self.lost_answers:
            self.lost_answers -= 1
            raise RedisUnavailable("the answer is lost")
        return Claim(self.runs, dict.fromkeys(LANES, 1), asked_at=asked_at)

    async def wait_for_entry(
        self, _link: Any, _consumer: str, _block_ms: int, lanes: tuple[str, ...]
    ) -> list[StreamEntry]:
        self.lanes.append(lanes)
        return []

    async def wait_and_claim(self, *arguments: Any) -> tuple[list[StreamEntry], Claim | None]:
        number, slots, quotas = arguments[2], *arguments[4:6]
        self.waited.append((number, slots, tuple(quotas)))
        if isinstance(self.answer, RedisUnavailable):
            raise self.answer
        arrived, claim = self.answer
        known = Claim(self.runs, dict.fromkeys(LANES, 1), asked_at=self.clock.boottime())
        return arrived, known if claim else None

    async def renew(self, _consumer: str, held: list[tuple[str, str]]) -> list[str]:
        self.renewed.append(held)
        self.clock.advance(self.renewal_sec)
        if isinstance(self.words, RedisUnavailable):
            raise self.words
        return self.words


class Bench:
    """A claimer with three runs to be had, and what became of them."""

    def __init__(self, home: Path, *, waits_in_claim: bool = False) -> None:
        self.hands = InFlight(8)
        self.runs = [claimed("test.noop", run_id=f"run-{n}", lease_id=f"w1:1:{n}") for n in range(3)]
        self.queue = FakeQueue(self.hands, self.runs, home)
        self.started: list[str] = []
        self.given_back: list[str] = []
        queue = cast("Any", self.queue)
        self.claimer = Claimer(
            queue,
            queue,
            cast("Any", None),
            self.hands,
            consumer="w1",
            worker="worker",
            start=self._start,
            give_back=self._give_back,
            waits_in_claim=waits_in_claim,
        )

    async def claim(self) -> Claim:
        return await self.claimer._claim(3)

    async def claim_and_start(self) -> None:
        await self.claimer._start_all(await self.claim())

    async def step(self, *, stopped: bool = False) -> None:
        stop = asyncio.Event()
        if stopped:
            stop.set()
        await self.claimer._step(stop)

    def _start(self, run: ClaimedRun) -> None:
        self.started.append(run.run_id)
        self.hands.add(cast("Any", SimpleNamespace(run=run)))

    def _give_back(self, run: ClaimedRun) -> None:
        self.given_back.append(run.run_id)
        self.hands.ending(run)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.fixture
async def idle(tmp_path: Path) -> Bench:
    """A worker of which a claim has found nothing, so that the next one waits in Redis."""
    bench = Bench(tmp_path, waits_in_claim=True)
    runs, bench.queue.runs = bench.queue.runs, []
    await bench.step()
    bench.queue.runs = runs
    return bench


async def test_runs_claimed_in_time_start_at_once(bench: Bench) -> None:
    """An answer within a third of a lease costs no further call."""
    await bench.claim_and_start()
    assert bench.started == ["run-0", "run-1", "run-2"]
    assert (bench.queue.renewed, bench.given_back) == ([], [])


async def test_late_answer_starts_only_what_is_still_ours(bench: Bench) -> None:
    """After a third of a lease the leases are asked about: what is lost or cancelled never starts."""
    bench.queue.claim_sec = LEASE_SEC
    bench.queue.words = ["LOST", "OK", "CANCELLED"]
    await bench.claim_and_start()
    assert bench.queue.renewed == [[(run.run_id, run.lease_id) for run in bench.runs]]
    assert (bench.started, bench.given_back) == (["run-1"], ["run-0", "run-2"])


async def test_nothing_starts_if_the_renewal_is_late_as_well(bench: Bench) -> None:
    """A lease of which nothing can be said in time is given back."""
    bench.queue.claim_sec = bench.queue.renewal_sec = LEASE_SEC
    await bench.claim_and_start()
    assert (bench.started, bench.given_back) == ([], ["run-0", "run-1", "run-2"])


async def test_nothing_starts_if_the_renewal_fails(bench: Bench) -> None:
    """With Redis away the runs of a late answer are given back, as soon as it listens."""
    bench.queue.claim_sec = LEASE_SEC
    bench.queue.words = RedisUnavailable("away")
    await bench.claim_and_start()
    assert (bench.started, bench.given_back) == ([], ["run-0", "run-1", "run-2"])


async def test_leases_are_held_from_the_claim_on(bench: Bench) -> None:
    """While a claim is in flight its number is known, then its runs, until each has ended."""
    wanted = [(run.run_id, run.lease_id) for run in bench.runs]
    claim = await bench.claim()
    assert (bench.queue.in_flight, bench.hands.claiming) == ([1], 0)
    assert bench.hands.leases() == wanted
    assert not bench.hands.empty
    await bench.claimer._start_all(claim)
    assert bench.hands.leases() == wanted
    for run in bench.runs:
        bench.hands.ending(run)
    assert bench.hands.leases() == wanted


async def test_run_that_is_held_already_starts_once(bench: Bench) -> None:
    """The same claim answered again, as after a lost answer, starts nothing a second time."""
    await bench.claim_and_start()
    await bench.claim_and_start()
    assert bench.started == ["run-0", "run-1", "run-2"]


async def test_suspects_have_slots_of_their_own(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker whose normal slots are all taken looks for suspects once a second, not more often."""

    async def change(_seconds: float) -> None:
        return

    monkeypatch.setattr(bench.hands, "change", change)
    bench.queue.runs = [claimed("test.noop", run_id=f"run-{n}") for n in range(bench.hands.slots)]
    await bench.claim_and_start()
    bench.queue.runs, bench.queue.wanted = [], []
    for _ in range(25):
        bench.queue.clock.advance(0.1)
        await bench.claimer._step(asyncio.Event())
    assert bench.queue.wanted == [(0, ISOLATED_SLOTS)] * 2
    assert bench.queue.lanes == []


async def test_lease_of_a_late_start_counts_from_its_renewal(bench: Bench) -> None:
    """A run with a key that was asked about before its start is not stopped at once."""
    bench.queue.runs = [claimed("test.noop", run_id="run-0", lease_id="w1:1:1", keyed=True)]
    bench.queue.words = ["OK"]
    bench.queue.claim_sec = LEASE_SEC
    await bench.claim_and_start()
    [(_, counts_from)] = bench.hands.kept_until_now()
    assert bench.queue.clock.boottime() - counts_from == pytest.approx(bench.queue.renewal_sec)


async def test_idle_worker_waits_for_suspects_as_well(bench: Bench) -> None:
    """A blocking read brings a suspect at once; while their slots are taken it leaves suspects alone."""
    bench.queue.runs = []
    await bench.claimer._step(asyncio.Event())
    bench.queue.runs = [
        claimed("test.noop", run_id=f"run-{n}", lease_id=f"w1:9:{n}", alone=True)
        for n in range(ISOLATED_SLOTS)
    ]
    await bench.claim_and_start()
    bench.queue.runs = []
    await bench.claimer._step(asyncio.Event())
    assert bench.queue.lanes == [(*LANES, SUSPECT_LANE), LANES]
    assert bench.queue.wanted[-1] == (bench.hands.slots // 2, 0)
    assert bench.hands.free == bench.hands.slots


async def test_lease_whose_handler_has_started_never_starts_again(bench: Bench) -> None:
    """If Redis returns the lease of a run that is not held here, the run is released for another attempt."""
    await bench.claim_and_start()
    for run in bench.runs[:2]:
        bench.hands.release(run)
    await bench.claim_and_start()
    assert bench.started == ["run-0", "run-1", "run-2"]
    assert bench.given_back == ["run-0", "run-1"]


async def test_lease_of_an_unread_answer_starts(bench: Bench) -> None:
    """A claim without an answer keeps its number: none of its handlers has started."""
    bench.queue.lost_answers = 1
    with pytest.raises(RedisUnavailable):
        await bench.claim()
    await bench.claim_and_start()
    assert (bench.started, bench.given_back) == (["run-0", "run-1", "run-2"], [])


async def test_new_lease_of_a_run_whose_end_is_unanswered_starts(bench: Bench) -> None:
    """The older end is answered LOST in its own batch; the new attempt must neither wait for it nor lapse."""
    older = bench.runs[0]._replace(lease_id="w1:0:9")
    bench.hands.ending(older)
    await bench.claim_and_start()
    assert bench.started == ["run-0", "run-1", "run-2"]
    bench.hands.release(older)
    assert (bench.runs[0].run_id, bench.runs[0].lease_id) in bench.hands.leases()


async def test_new_lease_of_a_run_that_still_runs_here_goes_back(bench: Bench) -> None:
    """The older handler has lost its lease and is stopped, so that two never run at once."""
    stopped: list[StopReason] = []
    older = SimpleNamespace(run=bench.runs[0]._replace(lease_id="w1:0:9"), stop=stopped.append)
    bench.hands.add(cast("Any", older))
    await bench.claim_and_start()
    assert bench.started == ["run-1", "run-2"]
    assert (bench.given_back, stopped) == (["run-0"], [StopReason.LOST])


async def test_idle_worker_waits_and_claims_in_one_call(idle: Bench) -> None:
    """It needs no other call before the handlers start; afterwards it waits again."""
    idle.queue.runs = [run._replace(lease_id=run.lease_id.replace(":1:", ":2:")) for run in idle.queue.runs]
    await idle.step()
    assert idle.started == ["run-0", "run-1", "run-2"]
    idle.queue.runs = []
    await idle.step()
    assert idle.queue.waited == [(2, 4, (*LANES, SUSPECT_LANE)), (3, 4, (*LANES, SUSPECT_LANE))]
    assert len(idle.queue.wanted) == 1


async def test_a_claim_that_waited_is_given_back_at_a_stop(idle: Bench) -> None:
    """A worker that is to stop starts nothing."""
    idle.queue.runs = [run._replace(lease_id=run.lease_id.replace(":1:", ":2:")) for run in idle.queue.runs]
    await idle.step(stopped=True)
    assert (idle.started, idle.given_back) == ([], ["run-0", "run-1", "run-2"])


async def test_a_lost_wait_is_followed_by_the_same_claim(
    idle: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The claim behind the wait may have run: it is sent again, with its number and without a wait."""
    idle.queue.answer = RedisUnavailable("gone")
    with pytest.raises(RedisUnavailable):
        await idle.step()
    assert idle.hands.claiming == 2

    async def take_up_own() -> None:
        idle.claimer._recover = False

    monkeypatch.setattr(idle.claimer, "_take_up_own", take_up_own)
    await idle.step()
    assert (len(idle.queue.waited), idle.queue.in_flight) == (1, [1, 2])


@pytest.mark.parametrize("found", [True, None])
async def test_what_the_claim_did_not_find_is_adopted(idle: Bench, found: bool | None) -> None:
    """An entry that arrived and was not started by the claim behind the wait belongs to the next claim."""
    entry = StreamEntry("normal", "1-1", "run-9")
    idle.queue.runs = []
    idle.queue.answer = ([entry], found)
    await idle.step()
    await idle.step()
    assert (len(idle.queue.waited), idle.queue.adopted) == (1, [[], [entry]])


async def test_worker_without_a_free_slot_does_not_wait_in_a_claim(
    idle: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would get a run that it cannot start."""

    async def change(_seconds: float) -> None:
        return

    monkeypatch.setattr(idle.hands, "change", change)
    for number in range(idle.hands.slots):
        run = claimed("test.noop", run_id=f"busy-{number}")
        idle.hands.add(cast("Any", SimpleNamespace(run=run)))
    idle.queue.clock.advance(2.0)
    idle.queue.runs = []
    await idle.step()
    assert (idle.queue.waited, idle.queue.wanted[-1]) == ([], (0, ISOLATED_SLOTS))
