"""Writes of the API: manual runs and cancellations."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.handlers import SEEN
from benchmarks.measure import Figures, cpu_seconds, late_figures, server_figures
from benchmarks.ours import Platform
from benchmarks.subject import SLOTS, started, wait_for
from benchmarks.web import BARE, OURS, REQUESTS, ApiClient, wrk

if TYPE_CHECKING:
    from benchmarks.scenarios import Stage
    from benchmarks.subject import Subject

WARM_UP_SEC = 1
JOB = {"job_id": "bench", "type": "bench.sleep", "inputs": {"duration_ms": 50}}
WAITING_JOB = {"job_id": "bench", "type": "bench.wait"}
RUN_PATH = "/jobs/bench/run"
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
        await wrk(url, REQUESTS, WARM_UP_SEC)
        before, used = await stage.read(), cpu_seconds(processes[0].pid)
        found = await wrk(url, REQUESTS, stage.size(5, 3))
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
