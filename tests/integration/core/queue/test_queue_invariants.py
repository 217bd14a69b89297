"""Thousands of random steps of producers, workers and operators: whatever they do, the records agree."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING, Any

import pytest

from app.core.models import TRANSITIONS, AttemptOutcome, ClaimedRun, Priority, RunStatus
from app.core.queue import Queue, StreamEntry
from app.core.queue.pauses import EVERYTHING, Pauses, Scope, ScopeKind
from app.core.storage.keys import GROUP, LANES, Keys
from app.core.storage.scripts import Scripts
from tests.support.queue.limited import let_pass, set_limit
from tests.support.queue.queue_driver import QueueDriver, ending
from tests.support.queue.queue_invariants import broken_invariants, transitions

if TYPE_CHECKING:
    from app.core.config import Settings
    from app.core.redis_client import Arg, RedisLink

LIMITS = {
    "user:a": 2,
    "user:b": 1,
    "user:g": 3,
    **dict.fromkeys(("user:g/x", "user:g/y", "user:g/z"), 2),
    **dict.fromkeys(("job:job-0", "job:job-1", "job:job-2"), 1),
    "rate:r": 12,
    "rate:s/x": 9,
}
STORED = {"user:a": "2", "user:b": "1", "user:g": "2|3|group_round_robin", "rate:r": "12", "rate:s": "9"}
RUN_KEYS = ["", "", "a", "b", "g/x", "g/y", "g/z", "|r", "a|r", "g/x|s/x", "g/y|r"]
"""The keys of runs: without groups and rates, with a group, with a rate, with several."""
WORKERS = ("w1", "w2", "w3")
JOBS = [f"job-{number}" for number in range(6)]
SCOPES = [
    EVERYTHING,
    Scope(ScopeKind.TYPE, "test.noop"),
    *(Scope(ScopeKind.JOB, job_id) for job_id in JOBS),
]
STEPS = 2_000


class Resending(Scripts):
    """Sends every script twice, as a link does that has lost the answer; the second answer counts."""

    def __init__(self, link: RedisLink, keys: Keys, dice: random.Random) -> None:
        super().__init__(link, keys)
        self._dice = dice
        self.resent = 0

    async def run(self, name: str, /, *args: Arg, **named: Arg) -> Any:
        answer = await super().run(name, *args, **named)
        if self._dice.random() < 0.5:
            self.resent += 1
            answer = await super().run(name, *args, **named)
        return answer


class Chaos:
    """Random steps on one queue; the dice decide everything, so a seed repeats a run."""

    def __init__(self, driver: QueueDriver, dice: random.Random) -> None:
        self.driver = driver
        self.queue = driver.queue
        self.pauses = Pauses(driver.link, driver.queue.scripts, driver.keys, driver.queue.clock)
        self.dice = dice
        self.hands: dict[str, list[ClaimedRun]] = {name: [] for name in WORKERS}
        self.lost: list[ClaimedRun] = []
        self.run_ids: list[str] = []
        self.acknowledged: dict[str, str] = {}
        self.given_back = 0

    async def step(self) -> None:
        steps = {
            self.enqueue: 22,
            self.claim: 22,
            self.finish: 26,
            self.finish_lost: 4,
            self.cancel: 5,
            self.release: 4,
            self.renew: 4,
            self.die: 2,
            self.promote: 5,
            self.pass_time: 2,
            self.deliver_and_die: 2,
            self.redrive: 4,
            self.run_suspect: 4,
            self.pause: 1,
            self.resume: 3,
            self.sweep: 1,
            self.heal: 1,
        }
        [chosen] = self.dice.choices(list(steps), weights=list(steps.values()))
        await chosen()

    async def enqueue(self) -> None:
        for _ in range(self.dice.randint(1, 4)):
            number = self.dice.randrange(6)
            run_id = await self.driver.enqueue(
                JOBS[number],
                overlap_key=number < 3,
                key=self.dice.choice(RUN_KEYS),
                lane=self.dice.choice(list(Priority)),
                delay_ms=self.dice.choice([0, 0, 0, 3_600_000]),
                source=self.dice.choice(["schedule", "api"]),
            )
            self.run_ids.append(run_id)

    async def claim(self) -> None:
        worker = self.dice.choice(WORKERS)
        slots = self.dice.randint(1, 6)
        quotas = {lane: self.dice.randint(0, slots) for lane in LANES}
        claim = await self.driver.claim(slots, worker, quotas)
        self.hands[worker] += claim.runs

    async def finish(self) -> None:
        worker = self.dice.choice(WORKERS)
        batch = [self._take(worker) for _ in range(min(self.dice.randint(1, 3), len(self.hands[worker])))]
        ends = [ending(run, self.dice.choice(list(AttemptOutcome)), delay_ms=3_600_000) for run in batch]
        words = await self.queue.finish_many(ends) if ends else []
        assert set(words) <= {"OK"}, words

    async def finish_lost(self) -> None:
        if not self.lost:
            return
        run = self.lost.pop(self.dice.randrange(len(self.lost)))
        assert await self.driver.finish(run, self.dice.choice(list(AttemptOutcome))) == "LOST"
        assert await self.queue.release([(run.run_id, run.lease_id)]) == ["LOST"]
        assert await self.queue.renew("w1", [(run.run_id, run.lease_id)]) == ["LOST"]

    async def cancel(self) -> None:
        waiting = await self.driver.link.call("ZRANGE", self.driver.keys.delayed, 0, -1)
        candidates = waiting if waiting and self.dice.random() < 0.3 else self.run_ids[-40:]
        if candidates:
            await self.queue.cancel(self.dice.choice(candidates))

    async def release(self) -> None:
        worker = self.dice.choice(WORKERS)
        if self.hands[worker]:
            run = self._take(worker)
            [word] = await self.queue.release([(run.run_id, run.lease_id)])
            assert word in {"OK", "CANCELLED", "LOST"}

    async def renew(self) -> None:
        worker = self.dice.choice(WORKERS)
        held = [(run.run_id, run.lease_id) for run in self.hands[worker]]
        words = await self.queue.renew(worker, held)
        assert set(words) <= {"OK", "CANCELLED"}

    async def die(self) -> None:
        """All workers lose what they hold, and it is reclaimed."""
        for held in self.hands.values():
            self.lost += held
            held.clear()
        await self.driver.crash()

    async def promote(self) -> None:
        await self.driver.make_due()
        await self.queue.promote()

    async def pass_time(self) -> None:
        """A minute passes for the rates alone."""
        for name in LIMITS:
            if name.startswith("rate:"):
                await let_pass(self.driver, name, 60_000)
        await self.queue.promote()

    async def deliver_and_die(self) -> None:
        """A blocking read brings entries to a process that dies, or that adopts them later."""
        lane = self.dice.choice(LANES)
        stream = self.driver.keys.ready(lane)
        answer = await self.driver.link.call(
            *("XREADGROUP", "GROUP", GROUP, "w1", "COUNT", 3, "STREAMS", stream, ">")
        )
        if answer and self.dice.random() < 0.5:
            found = [StreamEntry(lane, entry, fields[1]) for entry, fields in answer[0][1]]
            claim = await self.driver.claim(self.dice.randint(0, 2), "w1", {}, found)
            self.hands["w1"] += claim.runs

    async def redrive(self) -> None:
        dead = await self.driver.link.call("ZRANGE", self.driver.keys.dead, 0, -1)
        if not dead:
            return
        run_id = self.dice.choice(dead)
        if self.dice.random() < 0.2:
            await self.queue.discard([run_id])
            return
        attempt = int((await self.driver.hash(run_id)).get("attempt", 0))
        delay_ms = self.dice.choice([0, 60_000])
        assert await self.queue.redrive_many([(run_id, attempt, delay_ms)]) == ["OK"]

    async def run_suspect(self) -> None:
        claim = await self.driver.claim(1, "w2", {"suspect": 1})
        self.hands["w2"] += claim.runs

    async def pause(self) -> None:
        await self.pauses.pause(self.dice.choice(SCOPES), "ana", known=True)

    async def resume(self) -> None:
        paused = await self.pauses.list()
        if paused:
            chosen = self.dice.choice(paused)
            resumed = await self.pauses.resume(chosen.scope, "ana")
            assert resumed.ended == chosen
            self.given_back += resumed.released

    async def sweep(self) -> None:
        await self.queue.sweep()

    async def heal(self) -> None:
        assert await self.queue.heal() == 0

    async def settle_all(self) -> None:
        """Resume and finish everything that is left, as operators and workers would."""
        for paused in await self.pauses.list():
            await self.pauses.resume(paused.scope, "ana")
        for _ in range(200):
            await self.die()
            await self.promote()
            await self.pass_time()
            while claim := await self.driver.claim(100):
                await self._succeed(claim.runs)
                if not claim.runs:
                    break
            await self._succeed((await self.driver.claim(100, quotas={"suspect": 100})).runs)
            if await self.driver.at_rest() == {}:
                return
        pytest.fail(f"never at rest: {await self.driver.at_rest()}")

    async def _succeed(self, batch: list[ClaimedRun]) -> None:
        if batch:
            assert set(await self.queue.finish_many([ending(run) for run in batch])) == {"OK"}

    def _take(self, worker: str) -> ClaimedRun:
        held = self.hands[worker]
        return held.pop(self.dice.randrange(len(held)))


async def _drive(driver: QueueDriver, dice: random.Random, steps: int) -> set[tuple[RunStatus, RunStatus]]:
    for name, text in STORED.items():
        await set_limit(driver, name, text)
    for job_id in JOBS:
        await driver.link.call("HSET", driver.keys.job(job_id), "type", "test.noop")
    chaos = Chaos(driver, dice)
    for number in range(steps):
        await chaos.step()
        if number % (steps // 8) == 0:
            assert await broken_invariants(driver, LIMITS) == []
    assert await broken_invariants(driver, LIMITS) == []
    await chaos.settle_all()
    assert await broken_invariants(driver, LIMITS) == []
    ended = {await driver.status(run_id) for run_id in chaos.run_ids}
    assert ended == {"success", "failed", "cancelled"}
    await _check_counters(driver, chaos.run_ids)
    assert chaos.given_back > 0
    return await transitions(driver)


async def _check_counters(driver: QueueDriver, run_ids: list[str]) -> None:
    """Every enqueue, start and end is counted as often as the events tell of it."""
    metrics = await driver.fields(driver.keys.metrics)
    reported = [event.type for event in await driver.events()]
    assert sum(int(n) for name, n in metrics.items() if name.startswith("enqueued|")) == len(run_ids)
    for status in ("success", "failed", "cancelled"):
        assert int(metrics[f"runs|test.noop|{status}"]) == reported.count(f"run.{status}")
    starts = [n for name, n in metrics.items() if name.startswith("wait|") and not name.endswith("|sum")]
    assert sum(map(int, starts)) == reported.count("run.running")


async def test_queue_invariants_hold_under_random_work(driver: QueueDriver, seed: int) -> None:
    """No limit is exceeded, no run lost, nothing left over; all transitions are made, and no other."""
    made = await _drive(driver, random.Random(seed), STEPS)
    wanted = {(source, target) for source, targets in TRANSITIONS.items() for target in targets}
    assert wanted <= made


async def test_queue_invariants_hold_under_resends(
    link: RedisLink, queue: Queue, settings: Settings, seed: int
) -> None:
    """The same with half of all script calls sent twice: a lost answer changes nothing."""
    dice = random.Random(seed)
    scripts = Resending(link, queue.keys, random.Random(seed + 1))
    driver = QueueDriver(Queue(link, scripts, queue.keys, queue.clock, settings))
    await _drive(driver, dice, STEPS)
    assert scripts.resent > STEPS / 3


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """One seed a run of the suite; printed with a failure, and settable to repeat it."""
    chosen = int(os.environ.get("QUEUE_SEED", "0")) or random.randrange(1, 1_000_000)
    request.node.add_report_section("setup", "seed", f"QUEUE_SEED={chosen}")
    return chosen
