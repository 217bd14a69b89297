"""Early removal of history to free memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.core.activity.events import Events
from app.core.alerting.redis_memory import RedisMemoryWatch
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.incidents.store import IncidentStore
from app.core.memory.usage import MEGABYTE, parse_server_memory
from app.core.models import AttemptOutcome
from app.core.queue import open_queue
from app.core.records import EventRecord
from app.core.redis_client import RedisLink, open_link
from app.services.scheduler.memory_retention import OVER_AFTER_MS, MemoryRetention
from tests.support.embedded_redis import EmbeddedRedis
from tests.support.queue.queue_driver import QueueDriver

HOUR_MS = 3_600_000
OUTPUT = '"' + "x" * 4_000 + '"'


@pytest.fixture
async def own_link(tmp_path: Path, settings: Settings) -> AsyncIterator[RedisLink]:
    """Yield a link to a server of its own, whose limits a test may set."""
    with EmbeddedRedis(data_dir=tmp_path / "redis", appendonly=False) as server:
        link = await open_link(settings.model_copy(update={"redis_url": server.url}))
        yield link
        await link.close()


def driver_on(link: RedisLink, settings: Settings, **changes: Any) -> QueueDriver:
    return QueueDriver(open_queue(link, SystemClock(), settings.model_copy(update=changes)))


async def make_history(
    driver: QueueDriver, count: int, *, age_ms: int, outcome: AttemptOutcome = AttemptOutcome.SUCCESS
) -> None:
    """Let runs with 4 KB results end that long ago."""
    await driver.enqueue_some(count)
    ended_ms = await driver.now_ms() - age_ms
    while runs := (await driver.claim(256, quotas={"normal": 256})).runs:
        for run in runs:
            await driver.finish(run, outcome, output=OUTPUT)
        await driver.link.calls(
            [("HSET", driver.keys.run(r.run_id), "created", ended_ms, "ended", ended_ms) for r in runs]
        )


async def used(link: RedisLink) -> int:
    return parse_server_memory(await link.call("INFO", "memory")).used_bytes


async def kept(driver: QueueDriver) -> int:
    return await driver.link.call("ZCARD", driver.keys.runs)


async def events_of(driver: QueueDriver, kind: str) -> list[EventRecord]:
    found = await Events(driver.link, driver.keys).find(100, topics=frozenset({kind.partition(".")[0]}))
    return [event for event in found.items if event.type == kind]


async def incidents_of(driver: QueueDriver) -> list[str]:
    """Return what incidents did, oldest first."""
    found = await Events(driver.link, driver.keys).find(100, topics=frozenset({"incident"}))
    return [event.type.partition(".")[2] for event in found.items if event.data["kind"] != "job_failing"]


async def test_history_beyond_the_cap_goes_until_it_fits(own_link: RedisLink, settings: Settings) -> None:
    """Its excess goes, the oldest first; one event, and one incident that ends ten minutes later."""
    driver = driver_on(own_link, settings, retention_max_mb=1)
    await make_history(driver, 100, age_ms=3 * HOUR_MS)
    await make_history(driver, 300, age_ms=600_000)
    retention = MemoryRetention(driver.queue)
    removed = await retention.work()
    assert 100 < removed < 300
    assert await kept(driver) == 400 - removed
    assert await retention.work() == 0
    (event,) = await events_of(driver, "history.purged")
    assert (event.data["count"], event.data["reason"]) == (removed, "cap")
    assert f"{removed} ended runs up to {event.data['until']}" in event.data["text"]
    assert "RETENTION_MAX_MB (1 MB)" in event.data["text"]
    assert await incidents_of(driver) == ["opened"]
    await driver.link.call("HSET", driver.keys.memory, "purged_at", await driver.now_ms() - OVER_AFTER_MS)
    await retention.work()
    assert await incidents_of(driver) == ["opened", "closed"]


async def test_short_server_is_relieved_by_old_history(own_link: RedisLink, settings: Settings) -> None:
    """Above three quarters of `maxmemory` old runs go until it is below; dead letters stay."""
    driver = driver_on(own_link, settings)
    await make_history(driver, 600, age_ms=2 * HOUR_MS)
    await make_history(driver, 50, age_ms=2 * HOUR_MS, outcome=AttemptOutcome.FAILED)
    await make_history(driver, 50, age_ms=600_000)
    limit = round(await used(own_link) / 0.8)
    await own_link.call("CONFIG", "SET", "maxmemory", limit)
    removed = await MemoryRetention(driver.queue).work()
    assert 0 < removed < 600
    assert await used(own_link) < 0.76 * limit
    assert await own_link.call("ZCARD", driver.keys.dead) == 50
    (event,) = await events_of(driver, "history.purged")
    assert event.data["reason"] == "server"


async def test_history_goes_while_writes_are_refused(own_link: RedisLink, settings: Settings) -> None:
    """In a Redis above `maxmemory` the estimate, the removal, the event and the incident still work."""
    driver = driver_on(own_link, settings)
    await make_history(driver, 500, age_ms=600_000)
    limit = round(await used(own_link) / 1.05)
    await own_link.call("CONFIG", "SET", "maxmemory", limit)
    retention, rounds = MemoryRetention(driver.queue), 0
    while await retention.work():
        rounds += 1
    assert await used(own_link) < 0.9 * limit
    assert len(await events_of(driver, "history.purged")) == rounds > 0
    assert await incidents_of(driver) == ["opened"]


async def test_data_of_another_database_cost_no_run(
    own_link: RedisLink, settings: Settings, tmp_path: Path
) -> None:
    """With and without a limit, and at any level, nothing of ours is removed; one incident reports why."""
    driver = driver_on(own_link, settings, retention_max_mb=16)
    await make_history(driver, 100, age_ms=2 * HOUR_MS)
    await fill_database_one(own_link, 40)
    retention = MemoryRetention(driver.queue)
    scripts = driver.queue.scripts
    incidents = IncidentStore(own_link, scripts, driver.keys, driver.queue.clock)
    watch = RedisMemoryWatch(own_link, driver.keys, incidents, 16 * MEGABYTE)
    for limit in (0, round(await used(own_link) / 0.8), round(await used(own_link) / 0.97), 1 * MEGABYTE):
        await own_link.call("CONFIG", "SET", "maxmemory", limit)
        assert await retention.work() == 0
        for _ in range(2):
            await watch.check(parse_server_memory(await own_link.call("INFO", "memory")))
    assert await kept(driver) == 100
    assert await incidents_of(driver) == ["opened"]
    assert await events_of(driver, "history.purged") == []


async def fill_database_one(link: RedisLink, megabytes: int) -> None:
    script = "redis.call('SELECT', 1) for i = 1, ARGV[1] do redis.call('SET', 'foreign' .. i, ARGV[2]) end"
    await link.call("EVAL", script, 0, megabytes, "x" * MEGABYTE)


async def test_early_purge_sent_again_is_reported_once(driver: QueueDriver) -> None:
    """After a lost answer the caller sends it again."""
    rounds = ("round-1", "round-1", "round-2")
    words = [
        await driver.queue.scripts.run("deployment/record_purge", each, '{"count":1}') for each in rounds
    ]
    assert words == ["OK", "SAME", "OK"]
    assert len(await events_of(driver, "history.purged")) == 2
