"""A pause as processes live it: the worker holds, the scheduler records, both go on after the resume."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.core.models import JobSpec, Schedule
from app.core.redis_client import RedisLink
from app.core.specs.store import JobStore
from app.core.storage.keys import Keys
from tests.support.preloaded.client import start_module
from tests.support.queue.paused import EVERYTHING, Paused, job_scope
from tests.support.queue.queue_driver import QueueDriver
from tests.support.waiting import wait_until_async

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_SECONDS = 60
WORK = {"type": "simulation.load", "inputs": '{"duration_ms": 0}'}
Spawn = Callable[[str], "subprocess.Popen[bytes]"]


@pytest.fixture
def paused(driver: QueueDriver, jobs: JobStore) -> Paused:
    return Paused(driver, jobs)


@pytest.fixture
def spawn(tmp_path: Path, redis_url: str, keys: Keys) -> Iterator[Spawn]:
    """Start a service on the test's namespace; its log is in `tmp_path`."""
    started: list[subprocess.Popen[bytes]] = []
    environment = {**os.environ, "REDIS_URL": redis_url, "NAMESPACE": keys.namespace}

    def begin(service: str) -> subprocess.Popen[bytes]:
        with (tmp_path / f"{service}.log").open("ab") as log:
            home = {"MULTI_JOB_HOME": str(tmp_path)}
            process = start_module(f"app.services.{service}.main", [], {**environment, **home}, ROOT, log)
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait()


async def test_a_worker_holds_runs_while_paused_and_runs_them_after(
    paused: Paused, driver: QueueDriver, link: RedisLink, keys: Keys, spawn: Spawn
) -> None:
    """Of 600 runs none starts while everything is paused, and each ends after the resume."""
    run_ids = await driver.enqueue_some(600, "load", **WORK)
    await paused.pause(EVERYTHING)
    worker = spawn("worker")

    async def holds_all() -> bool:
        return await paused.held(EVERYTHING) == run_ids

    await wait_until_async(holds_all, PATIENCE_SECONDS)
    late = await driver.enqueue("load", **WORK)

    async def holds_the_late_one() -> bool:
        return (await paused.held(EVERYTHING))[-1] == late

    await wait_until_async(holds_the_late_one, PATIENCE_SECONDS)
    assert await link.call("ZCARD", keys.runs_status("queued")) == 601
    assert (await paused.resume(EVERYTHING)).released == 601

    async def has_run_all() -> bool:
        return await link.call("ZCARD", keys.runs_status("success")) == 601

    await wait_until_async(has_run_all, PATIENCE_SECONDS)
    assert await driver.at_rest() == {}
    assert worker.poll() is None


async def test_a_scheduler_records_slots_while_paused_and_fires_after(
    paused: Paused, link: RedisLink, keys: Keys, spawn: Spawn
) -> None:
    """Slots of a paused job make no run and stand in the ledger as one range; the next ones fire."""
    spec = JobSpec(job_id="tick", type="simulation.load", schedule=Schedule(interval_sec=1))
    await paused.jobs.create(spec, actor="ana", origin="test")
    await paused.pause(job_scope("tick"))
    spawn("scheduler")

    async def has_recorded() -> bool:
        return (
            sum(entry.slots for entry in await paused.jobs.ledger("tick", 10) if entry.reason == "paused")
            >= 2
        )

    await wait_until_async(has_recorded, PATIENCE_SECONDS)
    assert await link.call("EXISTS", keys.runs_job("tick")) == 0
    await paused.resume(job_scope("tick"))

    async def has_fired() -> bool:
        return await link.call("ZCARD", keys.runs_job("tick")) >= 1

    await wait_until_async(has_fired, PATIENCE_SECONDS)
