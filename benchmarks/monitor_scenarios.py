"""Monitors of a local site: the cost of many, and how soon an outage is seen everywhere."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson
import psutil

from app.core.models import JobSpec, Overlap, Schedule
from benchmarks.measure import Figures, cpu_seconds, percentile
from benchmarks.site import LocalSite
from benchmarks.subject import started, wait_for
from benchmarks.web import OURS, ApiClient

if TYPE_CHECKING:
    import subprocess
    from collections.abc import AsyncGenerator

    from benchmarks.ours import Platform
    from benchmarks.scenarios import Stage

SERVICES = ("scheduler", "worker", "connector")
INTERVAL_SEC, OUTAGE_INTERVAL_SEC = 30, 5
_SHOP, _INBOX = "shop", "sandbox:default:inbox"
_CHECKED_SEC, _SHOWN_SEC, _WRITTEN_SEC = 120.0, 60.0, 90.0


@dataclass(frozen=True, slots=True)
class Deployment:
    """The services of a deployment, by name, with a client of its API."""

    platform: Platform
    api: ApiClient
    processes: Mapping[str, subprocess.Popen[bytes]]

    async def wait(self, condition: Callable[[], Awaitable[bool]], seconds: float) -> None:
        """Return when the condition holds."""
        await wait_for(condition, list(self.processes.values()), seconds)

    async def get(self, path: str) -> Any:
        """Return the JSON of an answer."""
        return (await self.api.http.get(path)).raise_for_status().json()

    async def add_monitors(self, site: LocalSite, names: Sequence[str], interval_sec: int) -> None:
        """Store monitors of the site."""
        for name in names:
            spec = JobSpec(
                job_id=name,
                type="monitor.http",
                inputs={"url": f"http://{site.place}/{name}"},
                schedule=Schedule(interval_sec=interval_sec),
                overlap=Overlap.SKIP,
            )
            await self.platform.jobs.create(spec, actor="bench", origin="bench")


@asynccontextmanager
async def _deployed(subject: Platform, site: LocalSite) -> AsyncGenerator[Deployment]:
    await subject.prepare()
    client = ApiClient(OURS)
    commands: dict[str, Sequence[str]] = {"api": client.command}
    commands |= {name: (sys.executable, "-m", f"app.services.{name}.main") for name in SERVICES}
    environment = {**subject.environment(), "HTTP_ALLOW_PRIVATE": site.place, "DEFAULT_NOTIFY": _INBOX}
    with started(list(commands.values()), environment) as processes:
        await client.ready(processes)
        yield Deployment(subject, client, dict(zip(commands, processes, strict=True)))
        await client.close()


async def monitors(stage: Stage, subject: Platform) -> Figures:
    """Check a site with 1,000 monitors each 30 s; CPU of each process, memory, `GET /monitors`."""
    count, seconds = stage.size(1_000, 200), stage.size(2 * INTERVAL_SEC, INTERVAL_SEC)
    async with LocalSite.serving() as site, _deployed(subject, site) as deployment:
        empty = await stage.read()
        await deployment.add_monitors(site, [f"site-{number}" for number in range(count)], INTERVAL_SEC)

        async def all_checked() -> bool:
            return await subject.link.call("ZCARD", subject.keys.monitors) >= count

        await deployment.wait(all_checked, _CHECKED_SEC)
        full, checks, used = await stage.read(), len(site.log), _cpu(deployment)
        began = time.monotonic()
        await asyncio.sleep(seconds)
        took = time.monotonic() - began
        after, checks = await stage.read(), len(site.log) - checks
        shares = {name: (cpu - used[name]) / took * 100 for name, cpu in _cpu(deployment).items()}
        return {
            **{f"{name}_cpu": share for name, share in shares.items()},
            "redis_cpu": (after.cpu_sec - full.cpu_sec) / took * 100,
            "checks_per_sec": checks / took,
            "monitor_bytes": await _monitor_bytes(subject),
            "all_bytes": (full.dataset_bytes - empty.dataset_bytes) / count,
            **await _list_figures(stage, deployment),
        }


def _cpu(deployment: Deployment) -> dict[str, float]:
    return {name: _family_cpu(process.pid) for name, process in deployment.processes.items()}


def _family_cpu(pid: int) -> float:
    """Return the CPU time of a process and of its children."""
    children = psutil.Process(pid).children(recursive=True)
    return cpu_seconds(pid) + sum(cpu_seconds(child.pid) for child in children)


async def _monitor_bytes(subject: Platform) -> float:
    """Return the memory of a monitor's own keys, without its job and its runs (mean of 100)."""
    keys, link = subject.keys, subject.link
    names = await link.call("ZRANGE", keys.monitors, 0, 99)
    day = subject.now_ms() // 86_400_000
    stored = [family(name) for name in names for family in (keys.monitor, keys.monitor_ranges)]
    stored += [keys.monitor_days(name) for name in names]
    stored += [
        family(name, at)
        for name in names
        for at in (day - 1, day)
        for family in (keys.monitor_quarters, keys.monitor_latency)
    ]
    sizes = await link.calls([("MEMORY", "USAGE", key) for key in stored])
    return sum(size or 0 for size in sizes) / len(names)


async def _list_figures(stage: Stage, deployment: Deployment) -> Figures:
    """Read `GET /monitors` while nothing else asks Redis."""
    calls, taken = stage.size(50, 20), list[float]()
    for name in SERVICES:
        deployment.processes[name].terminate()
    for name in SERVICES:
        await asyncio.to_thread(deployment.processes[name].wait)
    before = await stage.read()
    for _ in range(calls):
        began = time.perf_counter()
        await deployment.get("/monitors")
        taken.append((time.perf_counter() - began) * 1000)
    after = await stage.read()
    return {
        "list_ms_p50": percentile(taken, 0.5),
        "list_ms_p95": percentile(taken, 0.95),
        "list_round_trips": (after.reads - before.reads) / calls,
    }


async def outage(_stage: Stage, subject: Platform) -> Figures:
    """Switch a site to 503 and back, checked each 5 s; SystemExit unless it is one alarm and one recovery."""
    async with LocalSite.serving() as site, _deployed(subject, site) as deployment:
        await deployment.add_monitors(site, [_SHOP], OUTAGE_INTERVAL_SEC)
        await _seconds_until(deployment, "up")
        down, alarm_sec = await _after_switch(deployment, site, 503, "down", "opened")
        up, recovery_sec = await _after_switch(deployment, site, 200, "up", "recovered")
        await asyncio.sleep(2 * OUTAGE_INTERVAL_SEC)
        found = await deployment.get(f"/monitors/{_SHOP}")
        by_log = site.uptime(time.time())
        alarms, recoveries = await _messages(deployment, "opened"), await _messages(deployment, "recovered")
    if (alarms, recoveries) != (1, 1):
        raise SystemExit(f"an outage sent {alarms} alarms and {recoveries} recoveries; it is to be one each")
    return {
        **{f"{name}_down_sec": seconds for name, seconds in down.items()},
        **{f"{name}_up_sec": seconds for name, seconds in up.items()},
        "alarm_sec": alarm_sec,
        "recovery_sec": recovery_sec,
        "alarms": alarms,
        "recoveries": recoveries,
        "uptime": found["uptime"]["h24"],
        "uptime_by_log": by_log,
        "length_sec": _length_sec(found["history"]),
        "length_by_log_sec": site.outage_sec(),
    }


def _length_sec(history: Sequence[Mapping[str, Any]]) -> float:
    """Return the seconds of the first range of a monitor that was down."""
    found = next(each for each in history if each["state"] == "down")
    began, ended = (datetime.fromisoformat(found[name]) for name in ("from", "to"))
    return (ended - began).total_seconds()


async def _after_switch(
    deployment: Deployment, site: LocalSite, status: int, state: str, phase: str
) -> tuple[Figures, float]:
    """Switch the site; return the seconds until each surface shows it, and until the message."""
    site.status = status
    async with asyncio.TaskGroup() as group:
        shown = group.create_task(_seconds_until(deployment, state))
        written = group.create_task(_seconds_until_message(deployment, phase))
    return shown.result(), written.result()


async def _seconds_until(deployment: Deployment, state: str) -> Figures:
    """Return how long each surface takes, from now on, to show the monitor in a state."""
    readers = {"monitors": _by_list, "jobs": _by_jobs, "metrics": _by_metrics, "cli": _by_cli}
    began = time.monotonic()

    async def until(read: Callable[[Deployment], Awaitable[str]]) -> float:
        async def shows() -> bool:
            return await read(deployment) == state

        await deployment.wait(shows, _SHOWN_SEC)
        return time.monotonic() - began

    async with asyncio.TaskGroup() as group:
        tasks = {name: group.create_task(until(read)) for name, read in readers.items()}
    return {name: task.result() for name, task in tasks.items()}


async def _by_list(deployment: Deployment) -> str:
    return _state_of(await deployment.get("/monitors"))


async def _by_jobs(deployment: Deployment) -> str:
    jobs = await deployment.get("/jobs")
    return next((job["monitor"]["state"] for job in jobs if job["monitor"]), "")


async def _by_metrics(deployment: Deployment) -> str:
    text = (await deployment.api.http.get("/metrics")).raise_for_status().text
    for line in text.splitlines():
        if line.startswith(f'multi_job_monitor_up{{job_id="{_SHOP}"}}'):
            return "up" if float(line.split()[-1]) else "down"
    return ""


async def _by_cli(deployment: Deployment) -> str:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app.cli", "monitors", "list", "--json"),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "MULTI_JOB_URL": deployment.api.url},
    )
    output, _ = await process.communicate()
    if process.returncode:
        raise SystemExit(f"multi-job monitors: {output.decode(errors='replace')}")
    return _state_of(orjson.loads(output))


def _state_of(found: Sequence[Mapping[str, Any]]) -> str:
    return next((each["state"] for each in found if each["job_id"] == _SHOP), "")


async def _seconds_until_message(deployment: Deployment, phase: str) -> float:
    began = time.monotonic()

    async def arrived() -> bool:
        return await _messages(deployment, phase) > 0

    await deployment.wait(arrived, _WRITTEN_SEC)
    return time.monotonic() - began


async def _messages(deployment: Deployment, phase: str) -> int:
    """Return how many messages about the site are in the sandbox's inbox."""
    found = await deployment.get("/connectors/sandbox/messages")
    return sum(each["job_id"] == _SHOP and f":{phase}:" in each["message_id"] for each in found)
