"""Readiness on a real server: waiting work without progress is reported."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.core.activity.heartbeat import Heartbeat, Heartbeats
from app.core.activity.readiness import CHECK_SETTINGS, ReadinessProbe, ReadinessReport, Status, WorkFacts
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.i18n import render
from app.core.messaging.outbox import Outbox
from app.core.models import JobSpec
from app.core.queue import open_queue
from app.core.redis_client import RedisLink, open_link
from app.core.specs.store import JobStore
from app.core.storage.keys import GROUP, Keys
from app.core.storage.scripts import Scripts
from tests.support.embedded_redis import EmbeddedRedis
from tests.support.queue.paused import EVERYTHING, Paused, job_scope
from tests.support.queue.queue_driver import QueueDriver
from tests.support.redis_server import fresh_settings


class Look:
    """Readiness of one namespace, and processes that say that they live."""

    def __init__(self, link: RedisLink, clock: SystemClock, settings: Settings) -> None:
        self._scripts = Scripts(link, Keys(settings.namespace))
        self._clock = clock
        self._settings = settings
        heartbeats = Heartbeats(link, self._scripts.keys, settings)
        self._readiness = ReadinessProbe(self._scripts, link, heartbeats, clock)

    async def beat(self, *services: str, **state: Any) -> None:
        for service in services:
            await Heartbeat(
                *(self._scripts, self._clock, self._settings),
                service=service,
                instance=f"{service}-here-1",
                state=lambda: state,
            ).beat()

    async def now(self) -> ReadinessReport:
        return await self._readiness.check(self._settings)

    async def facts(self) -> WorkFacts:
        return WorkFacts.of(await self._scripts.run("statistics/work_facts", page_size=CHECK_SETTINGS))


@pytest.fixture
def look(driver: QueueDriver, clock: SystemClock, settings: Settings) -> Look:
    return Look(driver.link, clock, settings)


async def age_queue(driver: QueueDriver, run_ids: list[str], by_ms: int) -> None:
    """Let runs have been ready since a while ago, and the last start be as long ago."""
    then = await driver.now_ms() - by_ms
    stream = driver.keys.ready("normal")
    await driver.link.calls([("DEL", stream), ("HSET", driver.keys.meta, "last_start", then)])
    await driver.link.call("XGROUP", "CREATE", stream, GROUP, "0", "MKSTREAM")
    for number, run_id in enumerate(run_ids):
        entry = await driver.link.call("XADD", stream, f"{then}-{number + 1}", "r", run_id)
        await driver.link.call("HSET", driver.keys.run(run_id), "entry", entry, "queued", then)


async def test_deployment_without_work_is_degraded_until_all_services_are_there(look: Look) -> None:
    """Nothing waits, so nothing is red; and it is not green while nothing could start."""
    report = await look.now()
    assert (report.status, report.checks["worker"].status) == (Status.DEGRADED, "missing")
    await look.beat("scheduler", "worker", "connector")
    assert (await look.now()).status is Status.READY


async def test_readiness_costs_two_round_trips(look: Look, driver: QueueDriver) -> None:
    """The number of round trips is the same for any queue length."""
    await driver.enqueue_some(200)
    await look.beat("scheduler", "worker", "connector")
    await look.now()
    before = driver.link.round_trips
    await look.now()
    assert driver.link.round_trips - before == 2


async def test_waiting_runs_without_a_worker_are_unready(look: Look, driver: QueueDriver) -> None:
    """The reason has the number of waiting runs."""
    await look.beat("scheduler", "connector")
    await driver.enqueue_some(3)
    report = await look.now()
    assert report.status is Status.UNREADY
    assert "3 ready runs wait" in (report.checks["worker"].reason or "")


async def test_a_run_that_no_worker_holds_any_more_is_seen(look: Look, driver: QueueDriver) -> None:
    """Its lease has lapsed twice over, and no worker takes it back: as if it still waited."""
    run = await driver.start()
    await look.beat("scheduler", "worker", "connector")
    assert (await look.now()).status is Status.READY
    stream, entry = driver.keys.ready("normal"), (await driver.hash(run.run_id))["entry"]
    idle_ms = 600_000
    await driver.link.call("XCLAIM", stream, GROUP, "w1", 0, entry, "IDLE", idle_ms, "JUSTID")
    await driver.link.call("HSET", driver.keys.meta, "last_start", await driver.now_ms() - idle_ms)
    report = await look.now()
    assert (report.status, report.checks["worker"].status) == (Status.UNREADY, "stalled")


async def test_full_slots_are_busy_once_nothing_has_started_for_long(look: Look, driver: QueueDriver) -> None:
    """Four slots taken, one run waiting for longer than the bound."""
    run = await driver.start()
    waiting = await driver.enqueue_some(2)
    await look.beat("scheduler", "connector")
    await look.beat("worker", concurrency=1, running=[run.run_id])
    assert (await look.now()).status is Status.READY
    await age_queue(driver, waiting, 45_000)
    report = await look.now()
    assert (report.status, report.checks["worker"].status) == (Status.UNREADY, "busy")


async def test_free_slots_and_old_runs_are_a_stall(look: Look, driver: QueueDriver) -> None:
    """A worker that is alive and claims nothing; one start ends it."""
    await look.beat("scheduler", "connector")
    await look.beat("worker", concurrency=4, running=[])
    await age_queue(driver, await driver.enqueue_some(2), 45_000)
    assert (await look.now()).checks["worker"].status == "stalled"
    await driver.claim(1, quotas={"normal": 1})
    assert (await look.now()).status is Status.READY


async def test_entry_that_was_delivered_to_a_worker_that_stopped_still_waits(
    look: Look, driver: QueueDriver
) -> None:
    """It is in no lane's undelivered rest, but in the index of queued runs."""
    await driver.enqueue()
    stream = driver.keys.ready("normal")
    await driver.link.call("XREADGROUP", "GROUP", GROUP, "stopped", "STREAMS", stream, ">")
    assert (await look.facts()).ready_since is not None


async def test_held_and_keyed_runs_wait_for_no_worker(
    look: Look, driver: QueueDriver, jobs: JobStore
) -> None:
    """Paused work is no fault, before and after a claim has moved it; nor is waiting for a key."""
    paused = Paused(driver, jobs)
    await driver.start("job-b", overlap_key=True)
    await driver.enqueue("job-b", overlap_key=True)
    await driver.claim()
    assert (await look.facts()).ready_since is None
    await paused.pause(EVERYTHING)
    await driver.enqueue_some(CHECK_SETTINGS + 10)
    assert (await look.facts()).ready_since is None
    await driver.claim()
    assert (await look.facts()).ready_since is None


async def test_run_behind_many_that_may_not_start_is_seen(
    look: Look, driver: QueueDriver, jobs: JobStore
) -> None:
    """The head of the index is full of held runs; the lane's own head is looked at as well."""
    paused = Paused(driver, jobs)
    await paused.create("job-held")
    await paused.hold(CHECK_SETTINGS + 10, job_scope("job-held"), job_id="job-held")
    await driver.enqueue()
    assert (await look.facts()).ready_since is not None


async def test_due_job_without_a_scheduler_is_unready(
    look: Look, driver: QueueDriver, jobs: JobStore
) -> None:
    """Also with a scheduler that is alive but skips one; a restore holds all of them."""
    spec = {"job_id": "daily", "type": "test.job", "schedule": {"interval_sec": 60}}
    await jobs.create(JobSpec.model_validate(spec), actor="t", origin="test")
    await driver.link.call("ZADD", driver.keys.schedule, await driver.now_ms() - 11_000, "daily")
    await look.beat("worker", "connector")
    report = await look.now()
    assert (report.status, report.checks["scheduler"].status) == (Status.UNREADY, "missing")
    assert "daily has been due for 11 s" in (report.checks["scheduler"].reason or "")
    await look.beat("scheduler")
    assert (await look.now()).checks["scheduler"].status == "stalled"
    await driver.link.call("SET", driver.keys.restore_lock, "x", "PX", 60_000)
    assert (await look.now()).checks["scheduler"].status == "ok"


async def test_due_retries_without_a_scheduler_are_unready(look: Look, driver: QueueDriver) -> None:
    """Delayed runs are promoted by the scheduler, too."""
    await driver.enqueue(delay_ms=60_000)
    await driver.make_due()
    assert (await look.now()).checks["scheduler"].blocks


async def test_messages_that_wait_without_a_connector_are_unready(
    look: Look, driver: QueueDriver, clock: SystemClock
) -> None:
    """A message of an account that is down or on hold is left out."""
    queue = driver.queue
    outbox = Outbox(queue.link, queue.scripts, queue.keys, clock)
    await outbox.put("m1", "sandbox", "default", "inbox", "hello", job_id="j", run_id="r")
    account = "sandbox:default"
    await driver.link.call("ZADD", driver.keys.outbox_due(account), await driver.now_ms() - 61_000, "m1")
    report = await look.now()
    assert report.checks["connector"].blocks
    assert account in (report.checks["connector"].reason or "")
    until_ms = await driver.now_ms() + 60_000
    await driver.link.call("SET", driver.keys.account_hold(account), until_ms, "PXAT", until_ms)
    assert not (await look.now()).checks["connector"].blocks


@pytest.fixture
async def small_server(tmp_path: Path) -> AsyncIterator[tuple[EmbeddedRedis, RedisLink, Settings]]:
    """Return a server of its own, whose limits a test may set."""
    with EmbeddedRedis(data_dir=tmp_path / "small") as server:
        settings = fresh_settings(server.url, tmp_path)
        link = await open_link(settings)
        yield server, link, settings
        await link.close()


async def test_redis_that_refuses_writes_is_refusing(
    small_server: tuple[EmbeddedRedis, RedisLink, Settings], clock: SystemClock
) -> None:
    """Full memory, and too few replicas: the write probe fails, and everything is still read."""
    _, link, settings = small_server
    look = Look(link, clock, settings)
    await open_queue(link, clock, settings).ensure_groups()
    await look.beat("scheduler", "worker", "connector")
    assert (await look.now()).status is Status.READY
    await link.call("CONFIG", "SET", "min-replicas-to-write", 1)
    report = await look.now()
    assert (report.status, report.checks["redis"].status) == (Status.UNREADY, "refusing")
    assert "replica" in (report.checks["redis"].reason or "")
    assert report.checks["worker"].status == "ok"
    await link.call("CONFIG", "SET", "min-replicas-to-write", 0)
    await link.call("CONFIG", "SET", "maxmemory", "1mb")
    report = await look.now()
    assert (report.status, report.checks["redis"].status) == (Status.UNREADY, "refusing")
    assert "Memori" in render(report.checks["redis"].reason or "", "id")
    await link.call("CONFIG", "SET", "maxmemory", "0")
    assert (await look.now()).status is Status.READY


async def test_redis_that_is_almost_full_refuses_new_runs(
    small_server: tuple[EmbeddedRedis, RedisLink, Settings], clock: SystemClock
) -> None:
    """From 90 % on the producer refuses them, though the server would still take them."""
    _, link, settings = small_server
    await link.call("SETRANGE", "ballast", 64_000_000, "x")
    info: str = await link.call("INFO", "memory")
    used = next(int(line[12:]) for line in info.splitlines() if line.startswith("used_memory:"))
    await link.call("CONFIG", "SET", "maxmemory", round(used * 1.05))
    report = await Look(link, clock, settings).now()
    assert report.checks["redis"].status == "refusing"
    assert "full" in (report.checks["redis"].reason or "")
