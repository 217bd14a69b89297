"""All faults at once, for a long time, with unrelated short work."""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from dataclasses import dataclass, field
from statistics import median

import psutil
import pytest

from app.core.ids import new_id, new_trace_id
from app.core.models import NewRun, RetryPolicy
from app.core.queue.pauses import Pauses, Scope, ScopeKind
from app.core.runs.store import run_record_of
from app.core.specs.runs import run_of
from app.core.storage.scripts import Scripts
from tests.support.faults.chaos import Chaos
from tests.support.faults.deployment import FaultDeployment, Figures, MakeDeployment, every, span
from tests.support.faults.probe import unrelated_work
from tests.support.faults.processes import Service
from tests.support.faults.slots import check_slots, interval, schedule_over
from tests.support.waiting import wait_until_async

# As the catalogue of faults has it.
UNRELATED_SEC = 5.0
SECOND_MS = 1000
REST_SEC = 120.0
# Limit for the memory growth of a worker in an hour, after its warm-up.
GROWTH_MB = 10.0
WARM_UP = 0.1
# A ledger keeps 1,000 entries; each slot of a job could need one.
PAIR_SLOTS = 900
FEW_RETRIES = RetryPolicy(max_retry=20, backoff_sec=[0.2]).model_dump_json()
HELD = Scope(ScopeKind.JOB, "held")


@dataclass(slots=True)
class Load:
    """A client that submits every kind of run, cancels some runs, and pauses and resumes a job."""

    deployment: FaultDeployment
    seed: int
    poison_each_sec: float
    poison: list[str] = field(default_factory=list[str])
    done: Counter[str] = field(default_factory=Counter[str])

    async def create_jobs(self) -> None:
        for job_id in ("held", "retrying", "poison"):
            await self.deployment.create_job({"job_id": job_id})
        short = {"inputs": {"duration_ms": 50}, "priority": "low"}
        pair = {"key": "chained", "limit": 2}
        await self.deployment.create_job({"job_id": "second", **short, "concurrency": pair})
        await self.deployment.create_job({"job_id": "first", **short, "on_success": ["second"]})

    async def run(self, stop: asyncio.Event) -> None:
        """Submit until `stop`."""
        dice = random.Random(self.seed)
        async with asyncio.TaskGroup() as group:
            for actor in (self._submit, self._cancel, self._pause, self._poison):
                group.create_task(actor(stop, dice))

    async def _submit(self, stop: asyncio.Event, dice: random.Random) -> None:
        async for _ in every(0.25):
            if stop.is_set():
                return
            await self.deployment.submit_work(4, duration_ms=round(1200 * dice.random() ** 2) + 5)
            await self.deployment.submit_work(1, duration_ms=30, job="held")
            retried = self.deployment.new_run(
                "test.fail", job="retrying", inputs={"times": 2}, retry=FEW_RETRIES
            )
            await self.deployment.submit([retried, await self._run_of("first")])

    async def _cancel(self, stop: asyncio.Event, dice: random.Random) -> None:
        async for _ in every(0.5):
            if stop.is_set():
                return
            # Of the newest ones, so that some wait and some run.
            candidates = [i for i in self.deployment.acknowledged[-12:] if i not in self.poison]
            if candidates:
                self.done[f"cancel {await self.deployment.queue.cancel(dice.choice(candidates))}"] += 1

    async def _pause(self, stop: asyncio.Event, dice: random.Random) -> None:
        deployment = self.deployment
        pauses = Pauses(
            deployment.link, Scripts(deployment.link, deployment.keys), deployment.keys, deployment.clock
        )
        while not stop.is_set():
            await span(dice.uniform(0.5, 3.0))
            await pauses.pause(HELD, "test")
            await span(dice.uniform(0.2, 2.0))
            await pauses.resume(HELD, "test")
            self.done["pause"] += 1

    async def _poison(self, stop: asyncio.Event, dice: random.Random) -> None:
        async for _ in every(self.poison_each_sec):
            if stop.is_set():
                return
            run = self.deployment.new_run("fault.poison", job="poison", retry=FEW_RETRIES)
            self.poison += await self.deployment.submit([run])

    async def _run_of(self, job_id: str) -> NewRun:
        record = await self.deployment.jobs_at().find(job_id)
        run_id, trace_id = new_id(self.deployment.clock), new_trace_id()
        return run_of(
            record.spec, record.version, run_id=run_id, source="api", actor="test", trace_id=trace_id
        )


@dataclass(slots=True)
class Memory:
    """Samples of the resident memory of processes."""

    services: list[Service]
    samples: dict[str, list[float]] = field(default_factory=dict[str, list[float]])

    async def watch(self, stop: asyncio.Event) -> None:
        async for _ in every(1.0):
            if stop.is_set():
                return
            for service in self.services:
                resident = psutil.Process(service.pid).memory_info().rss / 2**20
                self.samples.setdefault(service.name, []).append(resident)

    def growth_mb(self) -> dict[str, float]:
        """Return by how much the last tenth of each process's samples exceeds those after the warm-up."""
        grown: dict[str, float] = {}
        for name, samples in self.samples.items():
            size = max(1, round(len(samples) * WARM_UP))
            grown[name] = median(samples[-size:]) - median(samples[size : 2 * size])
        return grown

    def summary(self) -> str:
        shown = [
            f"{name} {self.samples[name][-1]:.0f} MB ({grown:+.1f})"
            for name, grown in self.growth_mb().items()
        ]
        return "resident: " + ", ".join(shown)


@pytest.mark.timeout(4500)
async def test_everything_mixed_keeps_every_promise(
    make_deployment: MakeDeployment, figures: Figures, full: bool
) -> None:
    """Fault 28: processes, Redis and the network fail at once; each promise holds, and short work starts."""
    # To repeat a failure: MIXED_SEED=… MIXED_SEC=… ./test-local.sh faults -k everything_mixed
    seconds = int(os.environ.get("MIXED_SEC", "3600" if full else "25"))
    seed = int(os.environ.get("MIXED_SEED", "28"))
    # Nothing is removed that the check has to see.
    deployment = await make_deployment(retention_runs_per_job=1_000_000, drain_sec=2.0)
    chaos = Chaos(deployment, seed)
    memory = Memory([chaos.spare("worker"), chaos.spare("scheduler")])
    chaos.seat("worker", 3)
    chaos.seat("scheduler", 2)
    load = Load(deployment, seed, poison_each_sec=60.0 if full else 10.0)
    await load.create_jobs()
    expected = await _schedule(deployment, seconds)
    stop = asyncio.Event()
    tasks = [asyncio.create_task(each) for each in (load.run(stop), memory.watch(stop))]
    async with chaos.supervised():
        async with unrelated_work(deployment, starts_within_sec=UNRELATED_SEC):
            async with chaos.at_work(redis_each_sec=8.0):
                await span(seconds)
            stop.set()
            await asyncio.gather(*tasks)
        await schedule_over(deployment, 60)
        await wait_until_async(lambda: _is_at_rest(deployment), REST_SEC, "all runs are terminal")
    summary = await deployment.check()
    counts = await check_slots(deployment, expected, SECOND_MS)
    children = await _check_chains(deployment)
    dead = await _check_dead_letters(deployment, load)
    figures(
        f"seed {seed}, {seconds} s: {chaos.summary()}; {dict(load.done)}; slots {dict(counts)}; "
        f"{children} children; {dead} of {len(load.poison)} poison pills dead letters; {summary}; "
        f"{memory.summary()}"
    )
    assert not chaos.unexpected, chaos.unexpected
    if full:
        assert max(memory.growth_mb().values()) <= GROWTH_MB, memory.summary()


async def _schedule(deployment: FaultDeployment, seconds: int) -> dict[str, list[int]]:
    """Store jobs that fire each second, pair after pair; return the slots of each."""
    start_ms = (await deployment.redis_ms() // SECOND_MS + 2) * SECOND_MS
    slots = list(range(start_ms, start_ms + (seconds - 3) * SECOND_MS, SECOND_MS))
    expected: dict[str, list[int]] = {}
    for first in range(0, len(slots), PAIR_SLOTS):
        part = slots[first : first + PAIR_SLOTS]
        for name, overlap in (("tick", "allow"), ("tock", "skip")):
            expected[f"{name}-{first}"] = part
            await deployment.create_job(_each_second(f"{name}-{first}", overlap, part), now_ms=part[0] - 1)
    return expected


def _each_second(job_id: str, overlap: str, slots: list[int]) -> dict[str, object]:
    rules = {"job_id": job_id, "overlap": overlap, "misfire": "run_all", "priority": "low"}
    schedule = interval(1, slots[0], slots[-1] + SECOND_MS)
    return {**rules, "inputs": {"duration_ms": 20}, "schedule": schedule}


async def _is_at_rest(deployment: FaultDeployment) -> bool:
    return (
        await deployment.open_runs() == 0 and await deployment.link.call("XLEN", deployment.keys.chains) == 0
    )


async def _check_chains(deployment: FaultDeployment) -> int:
    """Assert that each success of the first job started the second once; return how often."""
    runs = await deployment.all_runs()
    ends = Counter(i for i, h in runs.items() if h["job"] == "first" and h["status"] == "success")
    second = [run_record_of(i, h, []) for i, h in runs.items() if h["job"] == "second"]
    children = Counter(run.parent_run_id or "" for run in second)
    assert children == ends, f"missing {ends - children}, too many {children - ends}"
    return children.total()


async def _check_dead_letters(deployment: FaultDeployment, load: Load) -> int:
    """Assert that only poison pills are dead letters; return how many there are."""
    dead = {i: h for i, h in (await deployment.all_runs()).items() if "dead" in h}
    innocent = {i: h for i, h in dead.items() if i not in load.poison}
    assert not innocent, f"{len(innocent)} other runs are dead letters: {list(innocent.items())[:3]}"
    assert set(dead) == set(load.poison)
    return len(dead)
