"""Runs that wait: memory, and the cost of an enqueue, a claim and an end in front of them."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from benchmarks.growth.server import Figures, GrowthServer, growth_server
from benchmarks.growth.sim_worker import SimulatedWorker
from benchmarks.subject import started

if TYPE_CHECKING:
    from benchmarks.growth.line import Lines
    from benchmarks.growth.scale import Scale

PROBE, SLOTS = 2_000, 100
_SETTLE_SEC = 5.0


async def queued(scale: Scale, lines: Lines) -> None:
    """Measure 1,000 to 1,000,000 queued runs of one job."""
    async with growth_server() as server:
        worker = SimulatedWorker(server.queue, "bench-worker")
        await server.platform.submit_bulk("bench.noop", "{}", SLOTS)
        await worker.take_all(SLOTS, SLOTS)
        stored, stored_bytes = 0, 0
        for size in scale.sizes(1_000, 1_000_000, 100_000):
            before = await server.dataset_bytes()
            await server.platform.submit_bulk("bench.noop", "{}", size - stored)
            stored = size
            await server.quiet()
            stored_bytes += await server.dataset_bytes() - before
            lines.add(size, {("memory of a queued run", "bytes"): stored_bytes / size}, digits=0)
            lines.add(size, await run_costs(server, worker))
            with started([server.platform.scheduler_command()], server.platform.environment()) as processes:
                await asyncio.sleep(_SETTLE_SEC)
                lines.add(size, await server.idle(scale.seconds(20, 8), {"the scheduler": processes[0].pid}))


async def run_costs(server: GrowthServer, worker: SimulatedWorker) -> Figures:
    """Return the costs of a run: enqueued one by one and in bulk, claimed and ended; as many stay."""
    platform = server.platform

    async def one_by_one() -> None:
        for _ in range(PROBE // 10):
            await platform.submit("bench.noop", "{}")

    client = time.process_time()
    single = await server.redis_us(one_by_one(), PROBE // 10)
    client = (time.process_time() - client) / (PROBE // 10) * 1e6
    bulk = await server.redis_us(platform.submit_bulk("bench.noop", "{}", PROBE), PROBE)
    return {
        ("enqueue, Redis CPU", "µs"): single,
        ("enqueue, client CPU", "µs"): client,
        ("enqueue in bulk, Redis CPU", "µs"): bulk,
        ("claim and end, Redis CPU", "µs"): await server.redis_us(
            worker.take_all(PROBE + PROBE // 10, SLOTS), PROBE + PROBE // 10
        ),
    }
