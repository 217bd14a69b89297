"""Jobs with schedules: memory, start of the scheduler, CPU while nothing is due."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from app.core.models import JobSpec, Schedule
from benchmarks.growth.job_clones import clone_jobs, now_ms, real_pattern
from benchmarks.growth.server import Figures, GrowthServer, growth_server
from benchmarks.measure import resident_mb
from benchmarks.subject import started, wait_for

if TYPE_CHECKING:
    from benchmarks.growth.line import Lines
    from benchmarks.growth.scale import Scale

_DAY_SEC, _START_SEC, _SETTLE_SEC = 86_400, 120.0, 5.0
_SAVES = 200


async def jobs(scale: Scale, lines: Lines) -> None:
    """Measure 100 to 1,000,000 jobs that are due a day from now."""
    async with growth_server() as server:
        pattern = await real_pattern(server.platform)
        stored, stored_bytes = 0, 0
        for size in scale.sizes(100, 1_000_000, 10_000):
            # Only the jobs' own memory: saves and fires in between leave events.
            due, before = now_ms() + 1000 * _DAY_SEC, await server.dataset_bytes()
            await clone_jobs(
                server.platform,
                pattern,
                range(stored, size),
                interval_sec=_DAY_SEC,
                start_ms=lambda number, due=due: due + number,
            )
            stored = size
            await server.quiet()
            stored_bytes += await server.dataset_bytes() - before
            lines.add(size, {("memory of a job", "bytes"): stored_bytes / size}, digits=0)
            lines.add(size, await _scheduler(server, scale.seconds(20, 10), str(size)))
            lines.add(size, await _saves(server, size))


async def _scheduler(server: GrowthServer, seconds: float, tick: str) -> Figures:
    """Start a scheduler, wait until it fires a job that is due, then leave it idle."""
    platform = server.platform
    job_id = f"tick-{tick}"
    spec = JobSpec(job_id=job_id, type="bench.noop", schedule=Schedule(interval_sec=1))
    await platform.jobs.create(spec, actor="bench", origin="bench")
    began = time.monotonic()
    with started([platform.scheduler_command()], platform.environment()) as processes:

        async def has_fired() -> bool:
            return bool(await platform.link.call("EXISTS", platform.keys.fired(job_id)))

        await wait_for(has_fired, processes, _START_SEC)
        start_sec = time.monotonic() - began
        await platform.jobs.delete(job_id, actor="bench")
        # The first round of each task comes within seconds.
        await asyncio.sleep(_SETTLE_SEC)
        pid = processes[0].pid
        return {
            ("start of the scheduler", "s"): start_sec,
            **await server.idle(seconds, {"the scheduler": pid}),
            ("memory of the scheduler", "MB"): resident_mb(pid),
        }


async def _saves(server: GrowthServer, size: int) -> Figures:
    platform = server.platform
    names = [f"saved-{size}-{number}" for number in range(_SAVES)]

    async def save() -> None:
        for name in names:
            spec = JobSpec(job_id=name, type="bench.noop", schedule=Schedule(interval_sec=_DAY_SEC))
            await platform.jobs.create(spec, actor="bench", origin="bench")

    redis_us = await server.redis_us(save(), _SAVES)
    for name in names:
        await platform.jobs.delete(name, actor="bench")
    return {("save of a job, Redis CPU", "µs"): redis_us}
