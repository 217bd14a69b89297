"""The processes themselves: start, wait for Redis, outlive it, stop, refuse a Redis that drops data."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.core.activity.heartbeat import Heartbeats
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.models import JobSpec
from app.core.redis_client import RedisLink, open_link
from app.core.specs.store import JobStore
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from tests.support.embedded_redis import EmbeddedRedis, free_port
from tests.support.preloaded.client import start_module
from tests.support.redis_server import fresh_settings
from tests.support.waiting import wait_until, wait_until_async

ROOT = Path(__file__).resolve().parents[3]
Spawn = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def spawn(tmp_path: Path) -> Iterator[Spawn]:
    """Start services whose logs are in `tmp_path/<service>.log`."""
    started: list[subprocess.Popen[bytes]] = []

    def begin(service: str, url: str, namespace: str = "mj") -> subprocess.Popen[bytes]:
        values = {"REDIS_URL": url, "NAMESPACE": namespace, "HEARTBEAT_SEC": "0.5"}
        with (tmp_path / f"{service}.log").open("ab") as log:
            environment = {**os.environ, **values, "MULTI_JOB_HOME": str(tmp_path)}
            process = start_module(f"app.services.{service}.main", [], environment, ROOT, log)
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


def lines(tmp_path: Path, service: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (tmp_path / f"{service}.log").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("service", ["scheduler", "connector"])
async def test_service_shows_itself_and_leaves_when_stopped(
    spawn: Spawn, link: RedisLink, settings: Settings, tmp_path: Path, service: str
) -> None:
    """From start to stop: on the list of instances, then off it, exit code 0, no error in the log."""
    process, keys = spawn(service, settings.redis_url, settings.namespace), Keys(settings.namespace)
    reader = Heartbeats(link, keys, settings)
    await wait_until_async(lambda: reader.instances(service), 60)
    (info,) = await reader.instances(service)
    assert info.pid == process.pid
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    assert await reader.instances() == []
    found = lines(tmp_path, service)
    # On a busy machine it may warn that Redis answers late.
    assert {line["level"] for line in found} <= {"info", "warning"}
    # A scheduler marks the lanes of a new deployment, unless it is stopped before.
    events = [line["event"] for line in found if line["level"] == "info" and line.get("sign") != "lane"]
    assert events == ["started", "stopped"]


def test_service_refuses_a_redis_that_drops_data(spawn: Spawn, tmp_path: Path) -> None:
    """Another eviction policy than noeviction: exit 2 and one line that says what to change."""
    extra = ["--maxmemory-policy", "allkeys-lru"]
    with EmbeddedRedis(data_dir=tmp_path / "redis", appendonly=False, extra=extra) as server:
        assert spawn("scheduler", server.url).wait(30) == 2
    (line,) = lines(tmp_path, "scheduler")
    assert "noeviction" in line["reason"]


async def test_scheduler_outlives_its_redis(spawn: Spawn, tmp_path: Path) -> None:
    """Started before Redis, then Redis is killed and comes back: the same process goes on firing."""
    port = free_port()
    process = spawn("scheduler", f"redis://127.0.0.1:{port}/0")
    wait_until(lambda: any(x["event"] == "unavailable" for x in lines(tmp_path, "scheduler")), 60)
    with EmbeddedRedis(data_dir=tmp_path / "redis", port=port) as server:
        settings = fresh_settings(server.url, tmp_path, namespace="mj")
        link = await open_link(settings)
        jobs = JobStore(link, Scripts(link, Keys("mj")), SystemClock(), "UTC")
        values = {"job_id": "job", "type": "a.b", "schedule": {"interval_sec": 1}, "overlap": "allow"}
        await jobs.create(JobSpec.model_validate(values), actor="t", origin="test")

        async def fired() -> int:
            return await link.call("ZCARD", Keys("mj").runs_job("job"))

        async def has_fired(count: int) -> bool:
            return await fired() >= count

        await wait_until_async(lambda: has_fired(2), 60)
        server.kill()
        server.start()
        before = await fired()
        await wait_until_async(lambda: has_fired(before + 3), 60)
        await link.close()
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


async def test_scheduler_stops_while_redis_is_away(spawn: Spawn, tmp_path: Path) -> None:
    """A stop does not wait for Redis to come back."""
    with EmbeddedRedis(data_dir=tmp_path / "redis") as server:
        process = spawn("scheduler", server.url)
        wait_until(lambda: any(x["event"] == "started" for x in lines(tmp_path, "scheduler")), 60)
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0


async def test_idle_scheduler_process_does_not_poll(spawn: Spawn, tmp_path: Path) -> None:
    """With nothing due, a whole scheduler process runs a handful of scripts a second."""
    # A server of its own, because it counts the scripts of all its clients.
    with EmbeddedRedis(data_dir=tmp_path / "redis") as server:
        spawn("scheduler", server.url)
        link = await open_link(fresh_settings(server.url, tmp_path, namespace="mj"))
        found = await script_rates(link)
        await link.close()
    assert found[-1] <= 7, found


async def script_rates(link: RedisLink) -> list[float]:
    """Return the scripts a second in windows, up to the first with a handful, six at most."""
    clock = SystemClock()

    async def calls() -> int:
        stats = await link.call("INFO", "commandstats")
        found = [line for line in stats.splitlines() if line.startswith("cmdstat_evalsha:")]
        return int(found[0].split("calls=")[1].split(",")[0]) if found else 0

    async def rate() -> float:
        before, since = await calls(), clock.monotonic()
        await wait_until_async(lambda: clock.monotonic() - since > 2.5, 60)
        return (await calls() - before) / (clock.monotonic() - since)

    await wait_until_async(lambda: link.call("EXISTS", Keys("mj").instances), 60)
    # Scripts: due and promote once a second in one round trip, two heartbeats, and maintenance tasks, most of
    # them at the start. A process that polls does so all the time.
    found = [await rate()]
    while found[-1] > 7 and len(found) < 6:
        found.append(await rate())
    return found
