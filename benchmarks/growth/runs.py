"""Runs that have ended and are kept: memory, and the cost of everything that goes on with them."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from app.core.runs.search import RunFilter
from app.core.runs.store import RunStore
from benchmarks.bulk_load import clone_runs, make_jobs, real_template
from benchmarks.growth.queued import run_costs
from benchmarks.growth.server import Figures, GrowthServer, available_bytes, growth_server
from benchmarks.growth.sim_worker import SimulatedWorker
from benchmarks.subject import started

if TYPE_CHECKING:
    from benchmarks.growth.line import Lines
    from benchmarks.growth.scale import Scale

JOBS, PAGE, PURGED, LISTS = 1_000, 50, 1_000, 50
_SETTLE_SEC = 5.0
# Free memory that the machine keeps.
_RESERVE_BYTES = 2 << 30


async def runs(scale: Scale, lines: Lines) -> None:
    """Measure 1,000 to 10,000,000 kept runs of 1,000 jobs, or as many as the memory allows."""
    # Without the file: it would only take time, and none of the figures is its own.
    async with growth_server(appendonly=False) as server:
        template = await real_template(server.platform)
        await make_jobs(server.platform, JOBS)
        worker = SimulatedWorker(server.queue, "bench-worker")
        await run_costs(server, worker)
        empty, stored, each_bytes = await server.dataset_bytes(), 0, 1_500.0
        for wanted in scale.sizes(1_000, 10_000_000, 100_000):
            size = min(wanted, stored + int((available_bytes() - _RESERVE_BYTES) / (1.2 * each_bytes)))
            if size < wanted:
                lines.note(f"the memory allows {size:,} runs in place of {wanted:,}")
            await clone_runs(server.platform, template, jobs=JOBS, runs=size - stored)
            stored = size
            each_bytes = (await server.dataset_bytes() - empty) / size
            lines.add(size, {("memory of a kept run", "bytes"): each_bytes}, digits=0)
            lines.add(size, await run_costs(server, worker))
            lines.add(size, await _lists(server))
            with started([server.platform.scheduler_command()], server.platform.environment()) as processes:
                await asyncio.sleep(_SETTLE_SEC)
                lines.add(size, await server.idle(scale.seconds(20, 8), {"the scheduler": processes[0].pid}))
            removed = server.queue.purge_early(PURGED, 0)
            lines.add(size, {("removal of a run, Redis CPU", "µs"): await server.redis_us(removed, PURGED)})
            await clone_runs(server.platform, template, jobs=JOBS, runs=PURGED)
            if size < wanted:
                break


async def _lists(server: GrowthServer) -> Figures:
    """Return the time of the first page of all runs, and of one job's, in this process and Redis."""
    store = RunStore(server.platform.link, server.platform.keys)
    figures: Figures = {}
    for name, run_filter in (("all runs", RunFilter()), ("a job's runs", RunFilter(job_id="job-00007"))):
        began = time.perf_counter()
        for _ in range(LISTS):
            await store.list(run_filter, None, PAGE)
        figures[f"first page of {name}", "ms"] = (time.perf_counter() - began) / LISTS * 1000
    return figures
