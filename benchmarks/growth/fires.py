"""Lateness of schedule slots with many jobs."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from app.core.storage.histogram import FINE_BOUNDS_MS
from benchmarks.growth.job_clones import JobPattern, clone_jobs, now_ms, real_pattern
from benchmarks.growth.server import Figures, GrowthServer, growth_server
from benchmarks.measure import cpu_seconds, resident_mb
from benchmarks.subject import started, wait_until_listening

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.growth.line import Lines
    from benchmarks.growth.scale import Scale
    from benchmarks.ours import Platform

# The grids of all jobs begin here.
_ANCHOR_MS = 1_735_689_600_000
_SETTLE_SEC = 3.0
_CATCH_UP_SEC, _BEHIND_MS = 60.0, 200


async def fires(scale: Scale, lines: Lines) -> None:
    """Measure 1,000 and 5,000 fires a second, evenly, and 1,000 at each full second."""
    for size in scale.sizes(10_000, 1_000_000, 100_000):
        for rate, burst in ((1_000, False), (1_000, True), (5_000, False)):
            async with growth_server() as server:
                lines.add(size, await _fired(server, size, rate, burst=burst, seconds=scale.seconds(15, 6)))


async def _fired(server: GrowthServer, size: int, rate: int, *, burst: bool, seconds: float) -> Figures:
    platform = server.platform
    pattern = await real_pattern(platform)
    commands = [platform.scheduler_command(), platform.worker_command()]
    with started(commands, platform.environment()) as processes:
        await wait_until_listening(platform, processes, 1)
        await _fill(platform, pattern, size, rate, burst=burst)
        await server.quiet()
        await _caught_up(platform)
        await asyncio.sleep(_SETTLE_SEC)
        pid = processes[0].pid
        cpu, before, began = cpu_seconds(pid), await _late(server), time.monotonic()
        await asyncio.sleep(seconds)
        after, passed = await _late(server), time.monotonic() - began
        cpu = cpu_seconds(pid) - cpu
        memory = resident_mb(pid)
    late = {bucket: count - before.get(bucket, 0) for bucket, count in after.items()}
    fired = sum(late.values())
    name = f"{rate:,} fires each second at once" if burst else f"{rate:,} fires a second"
    return {
        (f"{name}: reached", "/s"): fired / passed,
        (f"{name}: lateness p50", "ms"): _percentile(late, 0.5),
        (f"{name}: lateness p99", "ms"): _percentile(late, 0.99),
        (f"{name}: scheduler CPU a fire", "µs"): cpu / fired * 1e6,
        (f"{name}: memory of the scheduler", "MB"): memory,
    }


async def _fill(platform: Platform, pattern: JobPattern, size: int, rate: int, *, burst: bool) -> None:
    """Store the jobs. Those that are due meanwhile fire, and go on in their grid."""
    interval_sec = size // rate

    def first(number: int) -> int:
        return _ANCHOR_MS + (number // rate * 1000 if burst else number * 1000 // rate)

    def following(number: int) -> int:
        begun, step = first(number), interval_sec * 1000
        return begun + -((begun - now_ms() - 1) // step) * step

    await clone_jobs(
        platform, pattern, range(size), interval_sec=interval_sec, start_ms=first, slot_ms=following
    )


async def _caught_up(platform: Platform) -> None:
    """Return when the scheduler has fired what was due while the jobs were stored, or after a minute."""
    until = time.monotonic() + _CATCH_UP_SEC
    while time.monotonic() < until:
        head = await platform.link.call("ZRANGE", platform.keys.schedule, 0, 0, "WITHSCORES")
        if float(head[1]) > now_ms() - _BEHIND_MS:
            return
        await asyncio.sleep(1)


async def _late(server: GrowthServer) -> Mapping[int, int]:
    """Return the histogram of lateness that the platform keeps: each millisecond up to 50."""
    fields = await server.platform.link.hash(server.platform.keys.metrics)
    return {int(name[6:]): int(text) for name, text in fields.items() if name.startswith("late|b")}


def _percentile(late: Mapping[int, int], share: float) -> float:
    wanted, seen = share * sum(late.values()), 0
    for bucket in sorted(late):
        seen += late[bucket]
        if seen >= wanted:
            return float((*FINE_BOUNDS_MS, FINE_BOUNDS_MS[-1])[bucket])
    return 0.0
