"""One Redis, one namespace, its processes, a client that records its runs."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import orjson

from app.core.clock import SystemClock, from_ms
from app.core.config import Settings
from app.core.ids import new_id, new_trace_id
from app.core.models import TERMINAL, JobSpec, NewRun, Priority, RetryPolicy
from app.core.queue import Queue, open_queue
from app.core.redis_client import RedisLink, open_link
from app.core.specs.store import JobStore
from app.core.storage.connection import time_ms
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from tests.support.embedded_redis import EmbeddedRedis
from tests.support.fake_clock import FakeClock
from tests.support.faults.check import check_deployment
from tests.support.faults.ledger import Attempt, Ledger, gate_of, open_attempts
from tests.support.faults.processes import PROJECT_ROOT, Fleet, Service, base_environment
from tests.support.waiting import wait_until_async

T = TypeVar("T")

JOB = "load"
NO_RETRY = RetryPolicy(max_retry=0).model_dump_json()
NOT_TERMINAL = ("scheduled", "queued", "running", "retrying")
# Limits of the concurrency keys that some runs of `submit_work` carry; the prime spreads them over lanes.
LIMITS = {"single": 1, "pair": 2}
_SINGLE_EACH, _PAIR_EACH = 23, 11
# The normal lane is left to unrelated work, which so waits for no backlog of the test's own.
_PRIORITIES = (Priority.HIGH, Priority.LOW)
# The batch size, so that the client's memory stays small compared to Redis'.
_PAGE = 1000


@dataclass(slots=True)
class FaultDeployment:
    """Everything that one fault test plays with."""

    redis: EmbeddedRedis
    settings: Settings
    link: RedisLink
    keys: Keys
    queue: Queue
    fleet: Fleet
    ledger: Ledger
    clock: SystemClock = field(default_factory=SystemClock)
    acknowledged: list[str] = field(default_factory=list[str])
    unrelated: list[str] = field(default_factory=list[str])
    """The acknowledged runs of liveness probes (`fault_probe.py`)."""
    outages: list[tuple[int, int | None]] = field(default_factory=list[tuple[int, int | None]])
    liveness: list[str] = field(default_factory=list[str])
    """The figures of the probes, for people."""
    dice: random.Random = field(default_factory=lambda: random.Random(20))
    _made: int = 0
    _has_limits: bool = False
    _limits_lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def lease_sec(self) -> float:
        return self.settings.lease_sec

    # The client.

    def new_run(self, job_type: str = "fault.work", *, job: str = JOB, **changes: Any) -> NewRun:
        """Return a run with a fresh id; `inputs` may be any JSON value."""
        inputs = orjson.dumps(changes.pop("inputs", {})).decode()
        run = NewRun(
            run_id=new_id(self.clock),
            job_id=job,
            type=job_type,
            version=1,
            inputs=inputs,
            source="api",
            trace_id=new_trace_id(),
        )
        return run._replace(**changes)

    async def submit(self, runs: Iterable[NewRun]) -> list[str]:
        """Enqueue; each run counts as promised only once Redis has said so."""
        runs = list(runs)
        for start in range(0, len(runs), _PAGE):
            for result in await self.queue.enqueue_many(runs[start : start + _PAGE]):
                assert result.word in {"OK", "DUPLICATE"}, result
                self.acknowledged.append(result.run_id)
        return [run.run_id for run in runs]

    async def submit_work(
        self, count: int, duration_ms: int, *, keyed: bool = True, **changes: Any
    ) -> list[str]:
        """Enqueue runs of about this duration (half to one and a half); some have a concurrency key."""
        if keyed:
            await self._store_limits()
        runs: list[NewRun] = []
        for number in range(self._made, self._made + count):
            inputs = {"duration_ms": round(duration_ms * self.dice.uniform(0.5, 1.5))}
            key = _key_of(number) if keyed else ""
            defaults = {"lane": _PRIORITIES[number % 2], "key": key}
            runs.append(self.new_run(inputs=inputs, **{**defaults, **changes}))
        self._made += count
        return await self.submit(runs)

    async def _store_limits(self) -> None:
        """Store the jobs that give the keys their limits."""
        async with self._limits_lock:
            for key in () if self._has_limits else LIMITS:
                await self.create_job({"job_id": key, "concurrency": {"key": key, "limit": LIMITS[key]}})
            self._has_limits = True

    def jobs_at(self, now_ms: int | None = None) -> JobStore:
        """Return a store of jobs; with an instant, one that believes it to be now."""
        clock = self.clock if now_ms is None else FakeClock(from_ms(now_ms))
        return JobStore(self.link, Scripts(self.link, self.keys), clock, self.settings.timezone)

    async def create_job(self, spec: dict[str, Any], now_ms: int | None = None) -> None:
        """Store a job whose first fire counts from an instant, which may be long past."""
        parsed = JobSpec.model_validate({"type": "fault.work", **spec})
        await self.jobs_at(now_ms).create(parsed, actor="test", origin="test")

    def open_gate(self) -> None:
        """Let the handlers of runs with `gated` go on."""
        gate_of(self.ledger.path).touch()

    async def redis_ms(self) -> int:
        """Return Redis' clock."""
        return time_ms(await self.link.call("TIME"))

    # What Redis says.

    async def hashes(self, run_ids: list[str]) -> list[dict[str, str]]:
        """Return runs' records; an empty one if there is none."""
        found: list[dict[str, str]] = []
        for start in range(0, len(run_ids), _PAGE):
            found += await self.link.hashes(map(self.keys.run, run_ids[start : start + _PAGE]))
        return found

    async def all_runs(self) -> dict[str, dict[str, str]]:
        """Return every run of the namespace by id."""
        ids: list[str] = await self.link.call("ZRANGE", self.keys.runs, 0, -1)
        return dict(zip(ids, await self.hashes(ids), strict=True))

    async def slots_of(self, job_id: str) -> list[int]:
        """Return the slots that became runs of a job, ascending."""
        ids: list[str] = await self.link.call("ZRANGE", self.keys.runs_job(job_id), 0, -1)
        return sorted(int(run_id.rpartition("@")[2]) for run_id in ids)

    async def metrics(self) -> dict[str, int]:
        """Return the deployment's counters."""
        return {name: int(value) for name, value in (await self.link.hash(self.keys.metrics)).items()}

    async def open_runs(self) -> int:
        """Return how many runs are not terminal."""
        counts = await self.link.calls([("ZCARD", self.keys.runs_status(s)) for s in NOT_TERMINAL])
        return sum(counts)

    async def status_count(self, status: str) -> int:
        return await self.link.call("ZCARD", self.keys.runs_status(status))

    async def load_at_rest(self) -> bool:
        """Return whether every run of the test's own job is terminal."""
        return await self.link.call("SCARD", self.keys.active(JOB)) == 0

    async def at_rest(self, timeout_seconds: float) -> None:
        """Wait until every run is terminal; at the time-out, fail with the remaining runs and the reason."""
        try:
            await wait_until_async(self._nothing_open, timeout_seconds)
        except AssertionError as error:
            raise AssertionError(f"{await self._left()}\n{self.fleet.tail()}") from error

    async def _nothing_open(self) -> bool:
        fallen = self.fleet.fallen()
        assert not fallen, fallen
        return await self.open_runs() == 0

    async def _left(self) -> str:
        runs = await self.all_runs()
        left = {i: h for i, h in runs.items() if h.get("status") not in TERMINAL}
        return f"{len(left)} of {len(runs)} runs are not terminal: {dict(list(left.items())[:5])}"

    def attempts(self) -> dict[str, list[Attempt]]:
        """Return the attempts of the test's own load; unrelated work is left out."""
        unrelated = set(self.unrelated)
        return {run_id: each for run_id, each in self.ledger.runs().items() if run_id not in unrelated}

    @contextmanager
    def outage(self) -> Generator[None]:
        """Declare that nothing can start meanwhile: Redis is away or every worker is cut off."""
        self.outages.append((self.clock.now_ms(), None))
        try:
            yield
        finally:
            self.outages[-1] = (self.outages[-1][0], self.clock.now_ms())

    async def some_at_work(self, count: int) -> list[Service]:
        """Wait until so many workers are in the middle of a handler; return as many of them at random."""
        found: list[Service] = []

        def enough() -> bool:
            pids = {attempt.pid for attempt in open_attempts(self.attempts())}
            found[:] = [worker for worker in self.fleet.alive("worker") if worker.pid in pids]
            return len(found) >= count

        await wait_until_async(enough, 60, f"{count} workers are at work")
        return self.dice.sample(found, count)

    async def check(self, *, repeats_at_most: int | None = None) -> str:
        """Assert the invariants of a namespace at rest; return a summary for people."""
        return await check_deployment(self, repeats_at_most=repeats_at_most)


def _key_of(number: int) -> str:
    if number % _SINGLE_EACH == _SINGLE_EACH - 1:
        return "single"
    return "pair" if number % _PAIR_EACH == _PAIR_EACH - 1 else ""


async def open_deployment(redis: EmbeddedRedis, folder: Path, **changes: Any) -> FaultDeployment:
    """Return a deployment on a running Redis; `changes` are settings of client and processes alike."""
    chosen = {
        "redis_url": redis.url,
        "namespace": "faults",
        "multi_job_home": folder,
        "lease_sec": 2.0,
        "heartbeat_sec": 0.5,
        "worker_concurrency": 4,
        "timezone": "Asia/Jakarta",
        "handler_modules": "tests.support.queue.handlers,tests.support.faults.handlers",
        "policies_file": PROJECT_ROOT / "tests/support/queue/policies.yaml",
        **changes,
    }
    settings = Settings(_env_file=None, **chosen)  # pyright: ignore[reportCallIssue]
    ledger_file = folder / "ledger.jsonl"
    environment = {
        **base_environment(),
        "FAULT_LEDGER": str(ledger_file),
        "TEST_LEDGER": f"{ledger_file}.test",
    }
    environment |= {name.upper(): str(value) for name, value in chosen.items()}
    link = await open_link(settings)
    return FaultDeployment(
        redis,
        settings,
        link,
        Keys.of(settings),
        open_queue(link, SystemClock(), settings),
        Fleet(environment, folder / "logs"),
        Ledger(ledger_file),
    )


MakeDeployment = Callable[..., Awaitable[FaultDeployment]]
"""Opens the test's deployment with settings of its own."""
Figures = Callable[[str], None]
"""Prints a line of figures after the test's name."""


async def every(seconds: float, times: int | None = None) -> AsyncIterator[int]:
    """Yield 0, 1, 2, … at a fixed pace: for what a test does each so often, never to wait for a result."""
    loop, never = asyncio.get_running_loop(), asyncio.Event()
    start, number = loop.time(), 0
    while times is None or number < times:
        yield number
        number += 1
        await _either(never, start + number * seconds - loop.time())


async def span(seconds: float) -> None:
    """Let a fault last: the length is the fault's own figure, nothing is waited for."""
    await _either(asyncio.Event(), seconds)


async def timed(work: Awaitable[T]) -> tuple[float, T]:
    """Return how many seconds some work took, and its result."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    result = await work
    return loop.time() - start, result


def percentile(values: Iterable[float], share: float) -> float:
    """Return the value below which a share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


async def _either(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(max(0.0, seconds)):
            await event.wait()
    except TimeoutError:
        pass
