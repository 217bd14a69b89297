"""Reads of the API: first pages, figures and the overview, with few and many records."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from benchmarks.bare_stream import connect
from benchmarks.bulk_load import fill, fill_monitors, real_template
from benchmarks.measure import Figures, cpu_seconds, percentile
from benchmarks.ours import Platform
from benchmarks.planner import padded_cases
from benchmarks.subject import HERE, started
from benchmarks.web import BARE, OURS, REQUESTS, ApiClient, wrk

if TYPE_CHECKING:
    from benchmarks.scenarios import Stage
    from benchmarks.subject import Subject

WARM_UP_SEC = 1
JOBS, FEW_JOBS, MONITORS = 10_000, 100, 1_000
PAGE, PAGE_RUNS = 50, 2_000
PLAN_JOBS, PLAN_PATH = 1_000, "/planner/plan"
# What the dashboard's first page reads, at the same time (`ui/src/app/(signed-in)/page.tsx`).
OVERVIEW = (
    *("/readyz", "/platform", "/incidents?state=open&limit=10", "/monitors?worst=12", "/jobs?limit=1"),
    *("/jobs?type=backup.export&limit=50", "/jobs?trouble=true&limit=10", "/runs/counts"),
    *(
        "/settings/default-notify",
        "/stats?range=1h",
        "/queue",
        "/workers",
        "/connectors",
        "/incidents/summary",
    ),
)
# Each with its figures' name; the last ones take as long as they have rows.
READS: Sequence[tuple[str, Sequence[str]]] = (
    ("jobs", ("/jobs",)),
    ("runs", ("/runs",)),
    ("stats", ("/stats?range=1h",)),
    ("stats_week", ("/stats?range=7d",)),
    ("overview", OVERVIEW),
    ("metrics", ("/metrics",)),
    ("monitors", ("/monitors",)),
)
_ROW = HERE / "run_row.json"
"""A run as `GET /runs` shows it."""


async def api_lists(stage: Stage, many: Platform) -> Figures:
    """Read with 10,000 jobs and a million runs, and in turn with 100 jobs; each has 1,000 monitors."""
    runs = stage.size(1_000_000, 100_000)
    few = await Platform.open(stage.url, "few")
    template = await real_template(many)
    await fill(many, template, jobs=JOBS, runs=runs)
    # The same number of runs for each job, so that both pages show the same number of rows.
    await fill(few, template, jobs=FEW_JOBS, runs=runs * FEW_JOBS // JOBS)
    for subject in (many, few):
        await fill_monitors(subject, MONITORS)
    await few.close()
    subjects = {"many": (many, ApiClient(OURS)), "few": (few, ApiClient(OURS))}
    with ExitStack() as stack:
        pids: dict[str, int] = {}
        for size, (subject, client) in subjects.items():
            [process] = stack.enter_context(started([client.command], subject.environment()))
            await client.ready([process])
            pids[size] = process.pid
        clients = {size: client for size, (_, client) in subjects.items()}
        figures: Figures = {}
        for name, paths in READS:
            figures |= await _compared(stage, name, paths, clients, pids)
        for client in clients.values():
            await client.close()
    return figures


async def _compared(
    stage: Stage, name: str, paths: Sequence[str], clients: dict[str, ApiClient], pids: dict[str, int]
) -> Figures:
    count = stage.size(300, 100) if len(paths) == 1 and name != "monitors" else stage.size(100, 40)
    taken: dict[str, list[float]] = {size: [] for size in clients}
    for _ in range(count):
        for size, client in clients.items():
            taken[size].append(await _timed_get(client, paths))
    before, used = await stage.read(), cpu_seconds(pids["many"])
    for _ in range(count):
        await _timed_get(clients["many"], paths)
    used, after = cpu_seconds(pids["many"]) - used, await stage.read()
    many, few = (percentile(taken[size][count // 10 :], 0.95) for size in ("many", "few"))
    return {
        f"{name}_p95_ms": many,
        f"{name}_few_p95_ms": few,
        f"{name}_times": many / few,
        f"{name}_cpu_ms": used / count * 1000,
        f"{name}_round_trips": (after.reads - before.reads) / count,
    }


async def _timed_get(client: ApiClient, paths: Sequence[str]) -> float:
    began = time.perf_counter()
    for answer in await asyncio.gather(*(client.http.get(path) for path in paths)):
        answer.raise_for_status()
    return (time.perf_counter() - began) * 1000


async def api_runs(stage: Stage, subject: Subject) -> Figures:
    """Request a page of 50 runs on 32 connections."""
    ours = isinstance(subject, Platform)
    if ours:
        await fill(subject, await real_template(subject), jobs=FEW_JOBS, runs=PAGE_RUNS)
    else:
        async with connect(stage.url) as client:
            await client.rpush("{bare}:rows", *[_ROW.read_bytes()] * PAGE)
    api = ApiClient(OURS if ours else BARE)
    environment = subject.environment() if ours else {"REDIS_URL": stage.url}
    with started([api.command], environment) as processes:
        await api.ready(processes)
        url, pid = f"{api.url}/runs", processes[0].pid
        size = len((await api.http.get(url)).raise_for_status().content)
        await wrk(url, REQUESTS, WARM_UP_SEC, "GET")
        before, used = await stage.read(), cpu_seconds(pid)
        found = await wrk(url, REQUESTS, stage.size(5, 3), "GET")
        used, after = cpu_seconds(pid) - used, await stage.read()
        await api.close()
    count = int(found["requests"])
    return {
        "per_sec": count / found["usec"] * 1e6,
        "p50_ms": found["p50_us"] / 1000,
        "p99_ms": found["p99_us"] / 1000,
        "api_us": used / count * 1e6,
        "server_us": (after.cpu_sec - before.cpu_sec) / count * 1e6,
        "bytes": size,
    }


async def api_plan(stage: Stage, subject: Platform) -> Figures:
    """Plan the worked cases over the API one after the other, with 1,000 stored jobs."""
    await fill(subject, await real_template(subject), jobs=PLAN_JOBS, runs=PLAN_JOBS)
    prompts = padded_cases(stage.size(1_000, 300))
    api = ApiClient(OURS)
    with started([api.command], subject.environment()) as processes:
        await api.ready(processes)
        for prompt in prompts[:100]:
            await _planned(api, prompt)
        before, used = await stage.read(), cpu_seconds(processes[0].pid)
        taken = [await _planned(api, prompt) for prompt in prompts]
        used, after = cpu_seconds(processes[0].pid) - used, await stage.read()
        await api.close()
    return {
        "plan_ms_p50": percentile(taken, 0.5),
        "plan_ms_p95": percentile(taken, 0.95),
        "plan_ms_p99": percentile(taken, 0.99),
        "plan_cpu_ms": used / len(prompts) * 1000,
        "plan_round_trips": (after.reads - before.reads) / len(prompts),
    }


async def _planned(api: ApiClient, prompt: str) -> float:
    began = time.perf_counter()
    (await api.http.post(PLAN_PATH, json={"prompt": prompt})).raise_for_status()
    return (time.perf_counter() - began) * 1000
