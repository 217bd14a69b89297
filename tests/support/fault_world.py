"""One Redis, one namespace, its processes, a client that remembers what it was promised."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar, cast

import orjson

from app.core.clock import FakeClock, SystemClock, from_ms
from app.core.config import Settings
from app.core.ids import new_id, new_trace_id
from app.core.keys import GROUP, Keys
from app.core.models import TERMINAL, JobSpec, NewRun, Priority, RetryPolicy
from app.core.queue import Queue, open_queue
from app.core.queue_worker import ALL_LANES
from app.core.redis_client import Command, RedisLink, open_link
from app.core.scripts import Scripts
from app.core.store import JobStore
from app.embedded_redis import EmbeddedRedis
from tests.support.fault_ledger import Attempt, open_attempts, overlaps, read_attempts, repeats, unexplained
from tests.support.fault_processes import PROJECT_ROOT, Fleet, Service, base_environment
from tests.support.redis_server import leaked_keys
from tests.support.waiting import wait_until_async

T = TypeVar("T")

JOB = "load"
NO_RETRY = RetryPolicy(max_retry=0).model_dump_json()
NOT_TERMINAL = ("scheduled", "queued", "running", "retrying")
# Whatever is asked for at once, so that the client's memory stays small beside Redis' own.
_PAGE = 1000


@dataclass(slots=True)
class World:
    """Everything that one fault test plays with."""

    redis: EmbeddedRedis
    settings: Settings
    link: RedisLink
    keys: Keys
    queue: Queue
    fleet: Fleet
    ledger_file: Path
    clock: SystemClock = field(default_factory=SystemClock)
    acknowledged: list[str] = field(default_factory=list[str])
    dice: random.Random = field(default_factory=lambda: random.Random(20))

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
        return replace(run, **changes)

    async def submit(self, runs: Iterable[NewRun]) -> list[str]:
        """Enqueue; each run counts as promised only once Redis has said so."""
        runs = list(runs)
        for start in range(0, len(runs), _PAGE):
            for result in await self.queue.enqueue_many(runs[start : start + _PAGE]):
                assert result.word in {"OK", "DUPLICATE"}, result
                self.acknowledged.append(result.run_id)
        return [run.run_id for run in runs]

    async def submit_work(self, count: int, duration_ms: int, **changes: Any) -> list[str]:
        """Enqueue runs of about this duration (half to one and a half)."""
        runs: list[NewRun] = []
        for number in range(count):
            inputs = {"duration_ms": round(duration_ms * self.dice.uniform(0.5, 1.5))}
            priority = (Priority.HIGH, Priority.NORMAL, Priority.LOW)[number % 3]
            runs.append(self.new_run(inputs=inputs, **{"priority": priority, **changes}))
        return await self.submit(runs)

    def jobs_at(self, now_ms: int | None = None) -> JobStore:
        """Return a store of jobs; with an instant, one that believes it to be now."""
        clock = self.clock if now_ms is None else FakeClock(from_ms(now_ms))
        return JobStore(self.link, Scripts(self.link, self.keys), clock, self.settings.timezone)

    async def create_job(self, spec: dict[str, Any], now_ms: int | None = None) -> None:
        """Store a job whose first fire counts from an instant, which may be long past."""
        parsed = JobSpec.model_validate({"type": "fault.work", **spec})
        await self.jobs_at(now_ms).create(parsed, actor="test", origin="test")

    async def redis_ms(self) -> int:
        """Return Redis' clock."""
        seconds, micros = await self.link.call("TIME")
        return int(seconds) * 1000 + int(micros) // 1000

    # What Redis says.

    async def hashes(self, run_ids: list[str]) -> list[dict[str, str]]:
        """Return runs' records; an empty one where there is none."""
        found: list[dict[str, str]] = []
        for start in range(0, len(run_ids), _PAGE):
            reads: list[Command] = [("HGETALL", self.keys.run(i)) for i in run_ids[start : start + _PAGE]]
            answers = await self.link.calls(reads)
            found += [dict(zip(flat[::2], flat[1::2], strict=True)) for flat in answers]
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
        flat = await self.link.call("HGETALL", self.keys.metrics)
        return {name: int(value) for name, value in zip(flat[::2], flat[1::2], strict=True)}

    async def open_runs(self) -> int:
        """Return how many runs are not terminal."""
        counts = await self.link.calls([("ZCARD", self.keys.runs_status(s)) for s in NOT_TERMINAL])
        return sum(counts)

    async def status_count(self, status: str) -> int:
        return await self.link.call("ZCARD", self.keys.runs_status(status))

    async def at_rest(self, timeout_seconds: float) -> None:
        """Wait until every run is terminal; where that never comes, say what is left and why."""
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
        return read_attempts(self.ledger_file)

    async def some_at_work(self, count: int) -> list[Service]:
        """Wait until so many workers are in the middle of a handler; return as many of them at random."""
        found: list[Service] = []

        def enough() -> bool:
            pids = {attempt.pid for attempt in open_attempts(self.attempts())}
            found[:] = [worker for worker in self.fleet.alive("worker") if worker.pid in pids]
            return len(found) >= count

        await wait_until_async(enough, 30, f"{count} workers are at work")
        return self.dice.sample(found, count)

    # What must hold, whatever happened.

    async def check(self, *, repeats_at_most: int | None = None) -> str:
        """Assert the invariants of a namespace at rest; return a summary for people."""
        runs, attempts = await self.all_runs(), self.attempts()
        lost = [run_id for run_id in self.acknowledged if run_id not in runs]
        assert not lost, f"{len(lost)} acknowledged runs are lost: {lost[:5]}"
        statuses = Counter(record.get("status", "none") for record in runs.values())
        assert set(statuses) <= set(map(str, TERMINAL)), f"not terminal: {statuses}"
        await self._check_commits(runs)
        await self._check_rest()
        together = overlaps(attempts, self.fleet.disturbed)
        assert not together, f"attempts of a run overlap: {together[:5]}"
        stolen = unexplained(attempts, self.fleet.touched)
        assert not stolen, f"healthy runs were started again: {stolen[:5]}"
        again = repeats(attempts)
        assert repeats_at_most is None or again <= repeats_at_most, f"{again} starts too many"
        shown = ", ".join(f"{count} {status}" for status, count in sorted(statuses.items()))
        return f"{len(runs)} runs ({shown}), {again} started again (at most {repeats_at_most})"

    async def _check_commits(self, runs: dict[str, dict[str, str]]) -> None:
        """The finish script counts each commit: more commits than runs means that one was made twice."""
        counted = {n: v for n, v in (await self.metrics()).items() if n.startswith("runs|")}
        expected = Counter(f"runs|{h['type']}|{h['status']}" for h in runs.values())
        assert counted == dict(expected), f"commits {counted}, runs {dict(expected)}"
        # A result carries the attempt that made it: one that had lost its lease must not have brought it.
        stale = [
            run_id
            for run_id, h in runs.items()
            if h["type"] == "fault.work" and "output" in h and h["output"] != f'{{"attempt":{h["attempt"]}}}'
        ]
        assert not stale, f"results of attempts that had lost their lease: {stale[:5]}"

    async def _check_rest(self) -> None:
        keys = self.keys
        reads: list[Command] = [("ZCARD", keys.delayed), ("ZCARD", keys.runs_status("running"))]
        for lane in ALL_LANES:
            reads += [("XLEN", keys.ready(lane)), ("XPENDING", keys.ready(lane), GROUP)]
        answers: list[Any] = await asyncio.gather(
            *(self.link.call(*read) for read in reads), return_exceptions=True
        )
        counts: list[Any] = [cast("Any", a)[0] if isinstance(a, list) else a for a in answers]
        # A lane that nothing has ever used has no group to ask.
        assert all(count == 0 or "NOGROUP" in str(count) for count in counts), f"not at rest: {counts}"
        problems = await leaked_keys(self.link, keys)
        assert not problems, "\n".join(problems[:5])


async def open_world(redis: EmbeddedRedis, folder: Path, **changes: Any) -> World:
    """Return a world on a running Redis; `changes` are settings of client and processes alike."""
    chosen = {
        "redis_url": redis.url,
        "namespace": "faults",
        "multi_job_home": folder,
        "lease_sec": 2.0,
        "heartbeat_sec": 0.5,
        "worker_concurrency": 4,
        "timezone": "Asia/Jakarta",
        "handler_modules": "tests.support.handlers,tests.support.fault_handlers",
        "policies_file": PROJECT_ROOT / "tests/support/policies.yaml",
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
    return World(
        redis,
        settings,
        link,
        Keys(settings.namespace),
        open_queue(link, SystemClock(), settings),
        Fleet(environment, folder / "logs"),
        ledger_file,
    )


MakeWorld = Callable[..., Awaitable[World]]
"""Opens the test's world with settings of its own."""
Figures = Callable[[str], None]
"""Prints a line of figures beside the test's name."""


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
