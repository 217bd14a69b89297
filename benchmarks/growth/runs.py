"""Runs that have ended and are kept: memory, and the cost of everything that goes on with them."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from app.core.runs.search import RunFilter
from app.core.runs.store import RunStore
from benchmarks.bulk_load import Template, clone_runs, make_jobs, real_template
from benchmarks.growth.queued import run_costs
from benchmarks.growth.server import Figures, GrowthServer, available_bytes, growth_server
from benchmarks.growth.sim_worker import SimulatedWorker
from benchmarks.ours import JOB
from benchmarks.subject import started

if TYPE_CHECKING:
    from benchmarks.growth.line import Lines
    from benchmarks.growth.scale import Scale

JOBS, PAGE, PURGED, LISTS = 20_000, 50, 150, 50
# Otherwise the scheduler would remove what is measured.
_KEPT = {"RETENTION_MAX_MB": "1000000", "RETENTION_RUNS_PER_JOB": "1000000"}
_DAY_MS = 86_400_000
_INSTANTS = {"created", "queued", "started", "ended"}
_SETTLE_SEC = 5.0
# Free memory that the machine keeps.
_RESERVE_BYTES = 2 << 30


async def runs(scale: Scale, lines: Lines) -> None:
    """Measure 1,000 to 10,000,000 kept runs of 20,000 jobs, or as many as the memory allows."""
    # Without the file: it would only take time, and none of the figures is its own.
    async with growth_server(appendonly=False) as server:
        template = _aged(await real_template(server.platform))
        await make_jobs(server.platform, JOBS)
        worker = SimulatedWorker(server.queue, "bench-worker")
        stored, stored_bytes, each_bytes = 0, 0, 1_500.0
        for wanted in scale.sizes(1_000, 10_000_000, 100_000):
            size = min(wanted, stored + int((available_bytes() - _RESERVE_BYTES) / (1.2 * each_bytes)))
            if size < wanted:
                lines.note(f"the memory allows {size:,} runs in place of {wanted:,}")
            before = await server.dataset_bytes()
            await clone_runs(server.platform, template, jobs=JOBS, runs=size - stored)
            stored = size
            stored_bytes += await server.dataset_bytes() - before
            each_bytes = stored_bytes / size
            lines.add(size, {("memory of a kept run", "bytes"): each_bytes}, digits=0)
            lines.add(size, await run_costs(server, worker))
            lines.add(size, await _lists(server))
            environment = {**server.platform.environment(), **_KEPT}
            with started([server.platform.scheduler_command()], environment) as processes:
                await asyncio.sleep(_SETTLE_SEC)
                lines.add(size, await server.idle(scale.seconds(20, 8), {"the scheduler": processes[0].pid}))
            lines.add(
                size, {("removal of a run, Redis CPU", "µs"): await server.redis_us(_purge(server), PURGED)}
            )
            if size < wanted:
                break


def _aged(template: Template) -> Template:
    """Return the run as if it were a day old: retention removes nothing that may still be sent again."""
    pairs = zip(template.run[::2], template.run[1::2], strict=True)
    aged = [
        text
        for name, value in pairs
        for text in (name, str(int(value) - _DAY_MS) if name in _INSTANTS else value)
    ]
    return replace(template, run=aged)


async def _purge(server: GrowthServer) -> None:
    """Remove the oldest runs; the ones of this benchmark come first."""
    removed, _following = await server.queue.scripts.run(
        "runs/purge",
        index_name="status:success",
        after_seq="0",
        page_size=PURGED + 50,
        ended_before=server.platform.now_ms() - _DAY_MS // 2,
        budget=PURGED,
    )
    if removed != PURGED:
        raise SystemExit(f"benchmark failed: {removed} of {PURGED} runs were removed")


async def _lists(server: GrowthServer) -> Figures:
    """Return the cost of the first page of all runs, and of one job's."""
    store = RunStore(server.platform.link, server.platform.keys)
    figures: Figures = {}

    async def pages(run_filter: RunFilter) -> None:
        for _ in range(LISTS):
            await store.list(run_filter, None, PAGE)

    for name, run_filter in (("all runs", RunFilter()), ("a job's runs", RunFilter(job_id=JOB))):
        client = time.process_time()
        redis_us = await server.redis_us(pages(run_filter), LISTS)
        figures[f"first page of {name}, Redis CPU", "µs"] = redis_us
        figures[f"first page of {name}, client CPU", "µs"] = (time.process_time() - client) / LISTS * 1e6
    return figures
