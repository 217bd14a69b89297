"""Soak test: resident memory of every process under steady work."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path

import psutil
import uvloop

from app.local.dashboard import is_healthy, server_command, server_environment
from app.local.dashboard_build import DashboardBuild, find_node
from app.local.output import LocalError
from app.local.redis_server import choose_server
from app.local.settings import load_settings
from benchmarks.bare_stream import connect
from benchmarks.ours import Platform
from benchmarks.soak_report import MB, Sample, print_head, print_sample, verdict
from benchmarks.subject import HERE, started, wait_for
from benchmarks.trees import ROOT
from benchmarks.web import OURS, ApiClient
from tests.support.embedded_redis import EmbeddedRedis, free_port

BY_HAND = "by-hand"
BACKGROUND = ("scheduler", "worker", "connector")
# Short enough to see the peaks between two garbage collections.
SAMPLE_SEC = 10
_PAGE_EVERY_SEC = 2.0


class Soak:
    """One deployment under load, with a memory sample every ten seconds."""

    def __init__(
        self, server: EmbeddedRedis, api: ApiClient, services: Platform, rate: int, ui_url: str
    ) -> None:
        self._server = server
        self._api = api
        self._platform = services
        # Schedules fire half of the runs, HTTP requests submit the other half, so each service has work.
        self._jobs = rate // 2
        self._posts = rate - self._jobs
        self._ui_url = ui_url

    async def run(self, seconds: float, processes: Mapping[str, subprocess.Popen[bytes]]) -> list[Sample]:
        """Run the load; return the samples, the first one before any work."""
        await self._platform.create_jobs(self._jobs)
        job = {"job_id": BY_HAND, "type": "bench.noop"}
        (await self._api.http.post("/jobs", json=job)).raise_for_status()
        async with asyncio.TaskGroup() as group:
            clients = [group.create_task(self._produce(seconds)), group.create_task(self._read_pages())]
            samples = await self._watch(seconds, processes)
            for client in clients:
                client.cancel()
        return samples

    async def _watch(self, seconds: float, processes: Mapping[str, subprocess.Popen[bytes]]) -> list[Sample]:
        began, samples = time.monotonic(), [await self._sample(0.0, processes)]
        print_head(samples[0])
        for number in range(1, int(seconds // SAMPLE_SEC) + 1):
            await asyncio.sleep(began + number * SAMPLE_SEC - time.monotonic())
            samples.append(await self._sample(number * SAMPLE_SEC / 60, processes))
            if samples[-1].minute.is_integer():
                print_sample(samples[-1])
            left = [name for name, process in processes.items() if process.poll() is not None]
            if left:
                raise SystemExit(f"soak failed: {', '.join(left)} ended")
        return samples

    async def _produce(self, seconds: float) -> None:
        began = time.monotonic()
        for number in range(int(seconds * self._posts)):
            await asyncio.sleep(max(0.0, began + number / self._posts - time.monotonic()))
            (await self._api.http.post(f"/jobs/{BY_HAND}/run", json={})).raise_for_status()

    async def _read_pages(self) -> None:
        """Request the dashboard's first page and, through it, the API."""
        while self._ui_url:
            for path in ("/", "/api/queue", "/api/platform"):
                (await self._api.http.get(self._ui_url + path)).raise_for_status()
            await asyncio.sleep(_PAGE_EVERY_SEC)

    async def _sample(self, minute: float, processes: Mapping[str, subprocess.Popen[bytes]]) -> Sample:
        async with connect(self._server.url) as client:
            info = await client.info("memory")
        resident = dict(_resident("redis", self._server.pid))
        for name, process in processes.items():
            resident |= dict(_resident(name, process.pid))
        return Sample(
            minute=minute,
            runs=await self._ended(),
            used_mb=info["used_memory"] / MB,
            dataset_mb=info["used_memory_dataset"] / MB,
            redis_mb=info["used_memory_rss"] / MB,
            resident_mb=resident,
        )

    async def _ended(self) -> int:
        """Return how many runs have ended since the start, including those that retention removed."""
        flat = await self._platform.link.call("HGETALL", self._platform.keys.metrics)
        counters = zip(flat[::2], flat[1::2], strict=True)
        return sum(int(count) for name, count in counters if name.startswith("runs|"))


def _resident(name: str, pid: int) -> Generator[tuple[str, float]]:
    """Yield the resident memory of a process and of each child, which has its number after the name."""
    with contextlib.suppress(psutil.NoSuchProcess):
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        for number, process in enumerate(family):
            with contextlib.suppress(psutil.NoSuchProcess):
                yield f"{name}.{number}" if number else name, process.memory_info().rss / MB


async def _soak(minutes: float, rate: int) -> bool:
    with EmbeddedRedis() as server, tempfile.TemporaryDirectory(prefix="multi-job-soak-") as home:
        print(f"{choose_server(server.data_dir, os.environ).label}; {rate} runs/s for {minutes:g} minutes")
        api, services = ApiClient(OURS), await Platform.open(server.url)
        commands = {"api": api.command}
        commands |= {name: (sys.executable, "-m", f"app.services.{name}.main") for name in BACKGROUND}
        dashboard, ui_environment, ui_url = _dashboard(api.url, home)
        commands |= dashboard
        with started(list(commands.values()), {**_environment(server.url, home), **ui_environment}) as found:
            await api.ready(found)
            await wait_for(lambda: _listens(services), found, 30)
            await wait_for(lambda: _serves(ui_url), found, 30)
            soak = Soak(server, api, services, rate, ui_url)
            samples = await soak.run(minutes * 60, dict(zip(commands, found, strict=True)))
        await api.close()
        await services.close()
    return verdict(samples, rate)


async def _listens(services: Platform) -> bool:
    return await services.workers() >= 1


async def _serves(ui_url: str) -> bool:
    return not ui_url or await asyncio.to_thread(is_healthy, ui_url)


def _environment(redis_url: str, home: str) -> dict[str, str]:
    return {
        "REDIS_URL": redis_url,
        "NAMESPACE": "bench",
        "HANDLER_MODULES": "benchmarks.handlers",
        "POLICIES_FILE": str(HERE / "policies.yaml"),
        "MULTI_JOB_HOME": home,
        "LOG_LEVEL": "WARNING",
        "PYTHONPATH": str(ROOT),
    }


def _dashboard(api_url: str, home: str) -> tuple[dict[str, Sequence[str]], dict[str, str], str]:
    """Return command, environment and address of a built dashboard; print a message if there is none."""
    port = free_port()
    settings = load_settings(
        {"API_PORT": api_url.rpartition(":")[2], "UI_PORT": str(port), "MULTI_JOB_HOME": home}, ROOT
    )
    try:
        node = find_node(os.environ)
    except LocalError as error:
        print(f"without the dashboard: {error}")
        return {}, {}, ""
    build = DashboardBuild(ROOT, node)
    found: Path | None = build.finished() or build.newest()
    if found is None:
        print("without the dashboard: it is not built; ./start-local.sh builds it")
        return {}, {}, ""
    return {"dashboard": server_command(node, found)}, server_environment(settings, {}), settings.ui_url


def main(minutes: float, rate: int) -> None:
    """Run the soak and print its table; exit with 1 if a bound does not hold."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        held = runner.run(_soak(minutes, rate))
    raise SystemExit(0 if held else 1)
