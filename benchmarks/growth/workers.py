"""1 to 64 workers: simulated ones that claim and end runs, and ones that wait."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from app.core.clock import SystemClock
from app.core.queue import open_queue
from app.core.redis_client import BlockingLink, RedisLink, open_blocking, open_link
from app.core.storage.keys import LANES
from benchmarks.growth.server import GrowthServer, growth_server
from benchmarks.growth.sim_worker import SimulatedWorker

if TYPE_CHECKING:
    from benchmarks.growth.line import Lines
    from benchmarks.growth.scale import Scale

WORKERS = (1, 4, 16, 64)
_SLOTS, _RUNS, _BLOCK_MS = 50, 20_000, 1_000


async def workers(scale: Scale, lines: Lines) -> None:
    """Measure the cost of a run in Redis with 1 to 64 consumers, and of consumers that wait."""
    count = _RUNS // 4 if scale.quick else _RUNS
    for size in WORKERS:
        async with growth_server() as server:
            links = [await open_link(server.settings) for _ in range(size)]
            simulated = [_worker(server, link, number) for number, link in enumerate(links)]
            await server.platform.submit_bulk("bench.noop", "{}", count)
            drained = asyncio.gather(*map(_drain, simulated))
            lines.add(
                size, {("claim and end of a run, Redis CPU", "µs"): await server.redis_us(drained, count)}
            )
            blocking = [await open_blocking(server.settings) for _ in range(size)]
            stop = asyncio.Event()
            waiting = [
                asyncio.create_task(_wait(worker, link, stop))
                for worker, link in zip(simulated, blocking, strict=True)
            ]
            await asyncio.sleep(1)
            lines.add(size, await server.idle(scale.seconds(10, 5), {}))
            stop.set()
            await asyncio.gather(*waiting)
            for link in (*links, *blocking):
                await link.close()


def _worker(server: GrowthServer, link: RedisLink, number: int) -> SimulatedWorker:
    return SimulatedWorker(open_queue(link, SystemClock(), server.settings), f"bench-{number}")


async def _drain(worker: SimulatedWorker) -> None:
    """Take runs until none waits."""
    while await worker.take(_SLOTS):
        pass


async def _wait(worker: SimulatedWorker, link: BlockingLink, stop: asyncio.Event) -> None:
    """Do as an idle worker: wait for an entry, then claim in vain."""
    while not stop.is_set():
        await worker.queue.wait_for_entry(link, worker.name, _BLOCK_MS, LANES)
        await worker.take(_SLOTS)
