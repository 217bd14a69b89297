"""The workloads: each takes a fresh server and returns its figures."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.api_lists import api_lists, api_plan, api_runs
from benchmarks.api_scenarios import api_run, cancel
from benchmarks.bare_stream import BareStream, connect
from benchmarks.event_stream import events
from benchmarks.limit_scenarios import fairness, rate
from benchmarks.measure import (
    Figures,
    ServerReading,
    cpu_seconds,
    late_figures,
    read_server,
    resident_mb,
    server_figures,
)
from benchmarks.monitor_scenarios import monitors, outage
from benchmarks.ours import Platform
from benchmarks.planner import planner
from benchmarks.process_scenarios import processes
from benchmarks.subject import Subject, held, started, wait_until_ended, wait_until_listening

if TYPE_CHECKING:
    import subprocess

NOOP, SLEEP, STAMP = "bench.noop", "bench.sleep", "bench.stamp"
AT_ONCE = 50
WARM_UP = 300
SETTLE_SEC = 0.3
SLEEP_MS = 50


@dataclass(frozen=True, slots=True)
class Stage:
    """The server and the size of a workload."""

    url: str
    server_pid: int
    quick: bool

    def size(self, full: int, quick: int) -> int:
        """Return the number of runs."""
        return quick if self.quick else full

    async def read(self) -> ServerReading:
        """Read the server's counters."""
        async with connect(self.url) as client:
            return await read_server(client, self.server_pid)


async def enqueue(stage: Stage, subject: Subject) -> Figures:
    """Submit no-ops one by one, 50 at once, and in bulk, without workers."""
    await subject.prepare()
    await subject.submit_bulk(NOOP, "{}", WARM_UP)

    async def one_by_one(count: int) -> None:
        for _ in range(count):
            await subject.submit(NOOP, "{}")

    async def at_once(count: int) -> None:
        await asyncio.gather(*(one_by_one(count // AT_ONCE) for _ in range(AT_ONCE)))

    async def bulk(count: int) -> None:
        await subject.submit_bulk(NOOP, "{}", count)

    many = stage.size(20_000, 5_000)
    return {
        **await _handed_in(stage, "single", one_by_one, stage.size(5_000, 1_000)),
        **await _handed_in(stage, "at_once", at_once, many),
        **await _handed_in(stage, "bulk", bulk, many),
    }


async def _handed_in(
    stage: Stage, name: str, submit: Callable[[int], Awaitable[None]], count: int
) -> Figures:
    before, began, used = await stage.read(), time.monotonic(), time.process_time()
    await submit(count)
    seconds, used = time.monotonic() - began, time.process_time() - used
    after = await stage.read()
    return {
        f"{name}_per_sec": count / seconds,
        f"{name}_client_us": used / count * 1e6,
        **server_figures(before, after, count, name),
    }


async def drain(stage: Stage, subject: Subject, workers: int) -> Figures:
    """Start workers on a backlog of no-ops."""
    return await _drained(stage, subject, workers=workers, work=(NOOP, "{}"), count=stage.size(20_000, 5_000))


async def drain_sleeps(stage: Stage, subject: Subject, workers: int) -> Figures:
    """Start workers on a backlog of jobs that wait 50 ms."""
    inputs = f"{SLEEP_MS}" if isinstance(subject, BareStream) else f'{{"duration_ms":{SLEEP_MS}}}'
    count = stage.size(5_000, 2_000)
    return await _drained(stage, subject, workers=workers, work=(SLEEP, inputs), count=count)


async def _drained(
    stage: Stage, subject: Subject, *, workers: int, work: tuple[str, str], count: int
) -> Figures:
    await subject.prepare()
    commands = [subject.worker_command() for _ in range(workers)]
    with started(commands, subject.environment()) as processes:
        await _warm_up(subject, processes)
        empty, used = await stage.read(), _cpu(processes)
        with held(processes):
            await subject.submit_bulk(*work, count)
            full = await stage.read()
        # A claim that waits in Redis is made while its worker is still paused.
        resumed_ms = subject.now_ms()
        await wait_until_ended(subject, WARM_UP + count, processes)
        await asyncio.sleep(SETTLE_SEC)
        after, used = await stage.read(), _cpu(processes) - used
        spans = sorted(await subject.spans_ms())[-count:]
        seconds = (max(end for _, end in spans) - max(spans[0][0], resumed_ms)) / 1000
        return {
            "per_sec": count / seconds,
            "worker_us": used / count * 1e6,
            "worker_mb": sum(resident_mb(process.pid) for process in processes) / workers,
            "bytes": (after.dataset_bytes - empty.dataset_bytes) / count,
            **server_figures(full, after, count, "run"),
        }


def _cpu(processes: list[subprocess.Popen[bytes]]) -> float:
    return sum(cpu_seconds(process.pid) for process in processes)


async def _warm_up(subject: Subject, processes: list[subprocess.Popen[bytes]]) -> None:
    """Open connections, load code, and wait until the start's own work has ended."""
    await wait_until_listening(subject, processes, len(processes))
    await subject.submit_bulk(NOOP, "{}", WARM_UP)
    await wait_until_ended(subject, WARM_UP, processes)
    await asyncio.sleep(SETTLE_SEC)


async def latency(stage: Stage, subject: Subject) -> Figures:
    """Submit one run at a time to an idle worker: from the call to the handler's first line."""
    count = stage.size(1_000, 100)
    await subject.prepare()
    with started([subject.worker_command()], subject.environment()) as processes:
        await _warm_up(subject, processes)
        sent: list[int] = []
        ids: list[str] = []
        began = time.monotonic()
        for number in range(count):
            await asyncio.sleep(max(0.0, began + number * 0.05 - time.monotonic()))
            sent.append(time.monotonic_ns())
            ids.append(await subject.submit(STAMP, "{}"))
        await wait_until_ended(subject, WARM_UP + count, processes)
        stamps = await subject.stamps_ns(ids)
    return late_figures([(at - from_) / 1e6 for at, from_ in zip(stamps, sent, strict=True)], "start_ms")


async def delayed(stage: Stage, subject: Platform) -> Figures:
    """Runs due at random instants: from due to queued, and to started."""
    count, seconds = stage.size(500, 100), stage.size(10, 3)
    await subject.prepare()
    with started([subject.worker_command(), subject.scheduler_command()], subject.environment()) as processes:
        await _warm_up(subject, processes[:1])
        dice = random.Random(7)
        delays = [dice.randint(1, seconds * 1000) for _ in range(count)]
        await subject.submit_delayed(delays)
        await wait_until_ended(subject, WARM_UP + count, processes)
        rows = await subject.fields("created", "queued", "started")
    due = [int(row[0]) + delay for row, delay in zip(rows[-count:], delays, strict=True)]
    queued = [int(row[1]) - at for row, at in zip(rows[-count:], due, strict=True)]
    begun = [int(row[2]) - at for row, at in zip(rows[-count:], due, strict=True)]
    return {**late_figures(queued, "queued_ms"), **late_figures(begun, "started_ms")}


async def schedule(stage: Stage, subject: Platform) -> Figures:
    """Jobs that fire each second: from each slot to its run's creation."""
    jobs, seconds = 20, stage.size(20, 5)
    await subject.prepare()
    with started([subject.worker_command(), subject.scheduler_command()], subject.environment()) as processes:
        await wait_until_listening(subject, processes, 1)
        await subject.create_jobs(jobs)
        await wait_until_ended(subject, jobs * seconds, processes)
        ids, created = await subject.run_ids(), await subject.fields("created")
    late = [int(at) - int(run.rpartition("@")[2]) for run, (at,) in zip(ids, created, strict=False)]
    return late_figures(late, "fired_ms")


Scenario = Callable[[Stage, Subject], Awaitable[Figures]]


def _with(workers: int, work: Callable[[Stage, Subject, int], Awaitable[Figures]]) -> Scenario:
    async def scenario(stage: Stage, subject: Subject) -> Figures:
        return await work(stage, subject, workers)

    return scenario


COMMON: dict[str, Scenario] = {
    "enqueue": enqueue,
    "drain1": _with(1, drain),
    "drain2": _with(2, drain),
    "sleep1": _with(1, drain_sleeps),
    "sleep2": _with(2, drain_sleeps),
    "latency": latency,
    "api_run": api_run,
    "api_runs": api_runs,
}
OURS: dict[str, Callable[[Stage, Platform], Awaitable[Figures]]] = {
    "delayed": delayed,
    "schedule": schedule,
    "cancel": cancel,
    "api_lists": api_lists,
    "api_plan": api_plan,
    "events": events,
    "planner": planner,
    "monitors": monitors,
    "outage": outage,
    "fairness": fairness,
    "rate": rate,
    "processes": processes,
}
NAMES = (*COMMON, *OURS)


async def measure(name: str, subject_name: str, stage: Stage) -> Figures:
    """Run one workload on one subject; no figures if the subject does not support it."""
    if subject_name == "bare":
        subject = BareStream(stage.url)
        if name not in COMMON:
            return {}
    else:
        subject = await Platform.open(stage.url)
    try:
        if name in OURS and isinstance(subject, Platform):
            return await OURS[name](stage, subject)
        return await COMMON[name](stage, subject)
    finally:
        await subject.close()
