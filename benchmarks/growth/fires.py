"""Lateness of schedule slots with many jobs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from app.core.storage.histogram import FINE_BOUNDS_MS
from benchmarks.growth.job_clones import JobPattern, clone_jobs, now_ms, real_pattern
from benchmarks.growth.server import Figures, GrowthServer, growth_server
from benchmarks.measure import cpu_seconds, resident_mb
from benchmarks.subject import started, wait_until_listening

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from benchmarks.growth.line import Lines
    from benchmarks.growth.scale import Scale
    from benchmarks.ours import Platform

# The jobs must be stored before the first is due: twice the time that a part of them took, and more.
_LEAD_MS, _PROBE = 6_000, 2_000


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
        began = await _fill(platform, pattern, size, rate, burst=burst)
        await server.quiet()
        if now_ms() > began - 1000:
            raise SystemExit("benchmark failed: the jobs were due before all were stored")
        await asyncio.sleep((began - 500 - now_ms()) / 1000)
        pid = processes[0].pid
        cpu, before = cpu_seconds(pid), await _late(server)
        await asyncio.sleep((began - now_ms()) / 1000 + seconds)
        after = await _late(server)
        cpu = cpu_seconds(pid) - cpu
        memory = resident_mb(pid)
    late = {bucket: count - before.get(bucket, 0) for bucket, count in after.items()}
    fired = sum(late.values())
    name = f"{rate:,} fires each second at once" if burst else f"{rate:,} fires a second"
    return {
        (f"{name}: reached", "/s"): fired / seconds,
        (f"{name}: lateness p50", "ms"): _percentile(late, 0.5),
        (f"{name}: lateness p99", "ms"): _percentile(late, 0.99),
        (f"{name}: scheduler CPU a fire", "µs"): cpu / fired * 1e6,
        (f"{name}: memory of the scheduler", "MB"): memory,
    }


async def _fill(platform: Platform, pattern: JobPattern, size: int, rate: int, *, burst: bool) -> int:
    """Store the jobs; return the instant of the first fire."""
    probed, distant = now_ms(), now_ms() + 86_400_000
    await clone_jobs(
        platform, pattern, range(_PROBE), interval_sec=86_400, slot_ms=lambda _: distant, prefix="probe"
    )
    lead_ms = _LEAD_MS + 2 * (now_ms() - probed) * size // _PROBE
    began = (now_ms() + lead_ms) // 1000 * 1000

    def even(number: int) -> int:
        return began + number * 1000 // rate

    def at_once(number: int) -> int:
        return began + number // rate * 1000

    slot: Callable[[int], int] = at_once if burst else even
    await clone_jobs(platform, pattern, range(size), interval_sec=size // rate, slot_ms=slot)
    return began


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
