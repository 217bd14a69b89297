"""Latencies of the API: manual runs, long lists, cancellations."""

from __future__ import annotations

import asyncio
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.bulk_load import fill, real_template
from benchmarks.handlers import SEEN
from benchmarks.measure import Figures, cpu_seconds, late_figures, percentile, server_figures
from benchmarks.ours import Platform
from benchmarks.subject import SLOTS, started, wait_for
from benchmarks.web import BARE, OURS, RUN_SCRIPT, ApiClient, wrk

if TYPE_CHECKING:
    from benchmarks.scenarios import Stage
    from benchmarks.subject import Subject

WARM_UP_SEC = 1
JOB = {"job_id": "bench", "type": "bench.sleep", "inputs": {"duration_ms": 50}}
WAITING_JOB = {"job_id": "bench", "type": "bench.wait"}
RUN_PATH = "/jobs/bench/run"
JOBS, FEW_JOBS = 10_000, 100
_SEEN_SEC = 10.0


async def api_run(stage: Stage, subject: Subject) -> Figures:
    """Request runs of one job on 32 connections, without workers."""
    ours = isinstance(subject, Platform)
    client = ApiClient(OURS if ours else BARE)
    environment = subject.environment() if ours else {"REDIS_URL": stage.url}
    with started([client.command], environment) as processes:
        await client.ready(processes)
        if ours:
            (await client.http.post("/jobs", json=JOB)).raise_for_status()
        url = client.url + RUN_PATH
        await wrk(url, RUN_SCRIPT, WARM_UP_SEC)
        before, used = await stage.read(), cpu_seconds(processes[0].pid)
        found = await wrk(url, RUN_SCRIPT, stage.size(5, 3))
        used, after = cpu_seconds(processes[0].pid) - used, await stage.read()
        await client.close()
    count = int(found["requests"])
    return {
        "per_sec": count / found["usec"] * 1e6,
        "p50_ms": found["p50_us"] / 1000,
        "p99_ms": found["p99_us"] / 1000,
        "api_us": used / count * 1e6,
        **server_figures(before, after, count, "run"),
    }


async def api_lists(stage: Stage, many: Platform) -> Figures:
    """Request first pages with 10,000 jobs and a million runs, and in turn with 100 jobs."""
    runs = stage.size(1_000_000, 100_000)
    few = await Platform.open(stage.url, "few")
    template = await real_template(many)
    await fill(many, template, jobs=JOBS, runs=runs)
    # The same number of runs for each job, so that both pages show the same number of rows.
    await fill(few, template, jobs=FEW_JOBS, runs=runs * FEW_JOBS // JOBS)
    await few.close()
    subjects = {"many": (many, ApiClient(OURS)), "few": (few, ApiClient(OURS))}
    with ExitStack() as stack:
        for subject, client in subjects.values():
            await client.ready(stack.enter_context(started([client.command], subject.environment())))
        figures: Figures = {}
        for path, name in (("/jobs", "jobs"), ("/runs", "runs")):
            clients = {size: client for size, (_, client) in subjects.items()}
            figures |= await _first_pages(stage, path, name, clients)
        for _, client in subjects.values():
            await client.close()
    return figures


async def _first_pages(stage: Stage, path: str, name: str, clients: dict[str, ApiClient]) -> Figures:
    count = stage.size(300, 100)
    taken: dict[str, list[float]] = {size: [] for size in clients}
    for _ in range(count):
        for size, client in clients.items():
            taken[size].append(await _timed_get(client, path))
    before = await stage.read()
    for _ in range(count):
        await _timed_get(clients["many"], path)
    after = await stage.read()
    many, few = (percentile(taken[size][count // 10 :], 0.95) for size in ("many", "few"))
    return {
        f"{name}_p95_ms": many,
        f"{name}_few_p95_ms": few,
        f"{name}_times": many / few,
        f"{name}_round_trips": (after.reads - before.reads) / count,
    }


async def _timed_get(client: ApiClient, path: str) -> float:
    began = time.perf_counter()
    (await client.http.get(path)).raise_for_status()
    return (time.perf_counter() - began) * 1000


async def cancel(stage: Stage, subject: Platform) -> Figures:
    """Cancel running runs one by one: from the API call until the handler's code is interrupted."""
    count, seen_file = stage.size(5 * SLOTS, SLOTS), Path.cwd() / "seen.txt"
    seen_file.write_text("", encoding="ascii")
    client = ApiClient(OURS)
    commands = [client.command, subject.worker_command()]
    sent: dict[str, int] = {}
    with started(commands, {**subject.environment(), SEEN: str(seen_file)}) as processes:
        await client.ready(processes)
        (await client.http.post("/jobs", json=WAITING_JOB)).raise_for_status()
        while len(sent) < count:
            run_ids = [await _post(client, RUN_PATH) for _ in range(SLOTS)]
            await wait_for(lambda: _all_run(client), processes, _SEEN_SEC)
            for run_id in run_ids:
                sent[run_id] = time.monotonic_ns()
                (
                    await client.http.post(f"/runs/{run_id}/cancel", json=None, headers=_JSON)
                ).raise_for_status()
                await asyncio.sleep(0.01)
            await wait_for(lambda: _has_lines(seen_file, len(sent)), processes, _SEEN_SEC)
        await client.close()
    seen = dict(line.split() for line in seen_file.read_text("ascii").splitlines())
    return late_figures([(int(seen[run_id]) - at) / 1e6 for run_id, at in sent.items()], "seen_ms")


_JSON = {"Content-Type": "application/json"}


async def _post(client: ApiClient, path: str) -> str:
    answer = await client.http.post(path, headers=_JSON)
    return answer.raise_for_status().json()["run_id"]


async def _all_run(client: ApiClient) -> bool:
    answer = await client.http.get("/runs", params={"status": "running", "limit": 1})
    return int(answer.headers["X-Total-Count"]) == SLOTS


async def _has_lines(file: Path, count: int) -> bool:
    return len((await asyncio.to_thread(file.read_bytes)).splitlines()) >= count
