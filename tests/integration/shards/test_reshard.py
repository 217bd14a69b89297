"""A deployment is divided and put together again: nothing is lost, nothing changes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.errors import ConfigurationError, StateConflict
from app.core.execution.attempt import encode_check
from app.core.messaging.accounts import AccountStore
from app.core.models import Concurrency, JobSpec
from app.core.monitors.models import MonitorReport
from app.core.process import check_shards
from app.core.queue import Queue
from app.core.queue.pauses import Pauses
from app.core.records import Scope, ScopeKind
from app.core.redis_client import open_shards, whole_of
from app.core.secrets.sealing import open_box
from app.core.specs.store import JobStore
from app.core.storage.connection import Command
from app.core.storage.keys import Keys
from app.core.storage.link import RedisLink
from app.core.storage.resharding.copying import Division
from app.core.storage.resharding.destinations import LEFT_BEHIND
from app.core.storage.resharding.repeats import Repeats
from app.core.storage.resharding.steps import Resharding
from app.core.storage.shards import Shard, ShardSet
from tests.integration.backup.test_restore import fill
from tests.support.queue.bulk import Bulk
from tests.support.queue.queue_driver import QueueDriver
from tests.support.redis_server import all_keys, remove_all
from tests.support.shards import drop_deployment, sharded_settings

DOWN = MonitorReport("down", "refused", "connection refused")


@pytest.fixture
async def settings(redis_url: str, tmp_path: Path) -> AsyncIterator[Settings]:
    settings = sharded_settings(redis_url, tmp_path, 1)
    yield settings
    await drop_deployment(settings)


def of(settings: Settings, shards: int) -> Settings:
    return settings.model_copy(update={"shards": shards})


async def reshard(settings: Settings, shards: int) -> dict[str, int]:
    """Divide, as the command does; return the counts."""
    return (await Resharding(settings, of(settings, shards), lambda _phase, _done: None).run()).counts


async def make_everything(shard: Shard, settings: Settings) -> None:
    """Jobs, runs in each state that needs no worker, messages, monitors, incidents, limits and pauses."""
    driver = driver_of(shard, settings)
    await driver.queue.ensure_groups()
    jobs = JobStore(shard.link, shard.scripts, driver.queue.clock, settings.timezone)
    accounts = AccountStore(shard.link, shard.scripts, shard.keys, driver.queue.clock, open_box(settings))
    await fill(Bulk(driver, jobs), accounts, 30, 200)
    for number in range(6):
        watched = JobSpec(job_id=f"watch-{number}", type="monitor.http", inputs={"url": "http://h/"})
        await jobs.create(watched, actor="ana", origin="test")
        for _turn in range(3):
            run = await driver.start(watched.job_id, type="monitor.http")
            await driver.finish(run, check=encode_check(DOWN))
    pauses = Pauses(shard.link, shard.scripts, shard.keys, driver.queue.clock)
    await pauses.pause(Scope(ScopeKind.JOB, "watch-1"), "ana")
    await pauses.pause(Scope(ScopeKind.TYPE, "test.held"), "ana", known=True)
    await driver.enqueue_some(7, "held", type="test.held")
    await driver.claim()
    for number in range(6):
        limited = JobSpec(
            job_id=f"limited-{number}", type="test.noop", concurrency=Concurrency(key="shared", limit=2)
        )
        await jobs.create(limited, actor="ana", origin="test")
        await driver.enqueue(f"later-{number}", delay_ms=3_600_000)
        await driver.enqueue(f"waits-{number}", lane="gpu:normal" if number % 2 else "normal")
        await driver.enqueue(limited.job_id, key="user:shared")


def driver_of(shard: Shard, settings: Settings) -> QueueDriver:
    return QueueDriver(Queue(shard.link, shard.scripts, shard.keys, SystemClock(), settings))


async def contents(shard: Shard, namespace: str) -> dict[str, Any]:
    """Return all records of a deployment with one shard."""
    found: dict[str, Any] = {}
    link, keys = shard.link, Keys(namespace)
    for key in await all_keys(link, keys):
        spec = keys.declaration(key)
        if spec is None or spec.name in {*LEFT_BEHIND, "starts"}:
            continue
        reads = {
            "hash": ("HGETALL", key),
            "zset": ("ZRANGE", key, 0, -1, "WITHSCORES"),
            "list": ("LRANGE", key, 0, -1),
            "string": ("GET", key),
            "set": ("SMEMBERS", key),
            "stream": ("XRANGE", key, "-", "+"),
        }
        value = await link.call(*reads[await link.call("TYPE", key)])
        flat = spec.type in {"hash", "zset"}
        found[key] = dict(zip(value[::2], value[1::2], strict=True)) if flat else value
        if spec.type == "set":
            found[key] = set(value)
        if spec.type == "stream" and not value:
            del found[key]
    return found


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    changed = [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]
    return [f"{key}: {before.get(key)!r:.300} -> {after.get(key)!r:.300}" for key in sorted(changed)[:10]]


async def checked(settings: Settings) -> ShardSet:
    shards = await open_shards(settings)
    try:
        assert await check_shards(shards, settings) == ()
    except ConfigurationError:
        await shards.close()
        raise
    return shards


async def test_a_deployment_that_is_divided_and_joined_is_what_it_was(settings: Settings) -> None:
    """Into three shards and back: every record is the same, and those of each job are together meanwhile."""
    shards = await checked(settings)
    await make_everything(shards.home, settings)
    before = await contents(shards.home, settings.namespace)
    await shards.close()
    assert len({key.split(":")[1] for key in before}) > 30
    counts = await reshard(settings, 3)
    assert counts["runs"] > 200
    assert counts["jobs"] == 41
    with pytest.raises(ConfigurationError, match="the data in Redis has 3"):
        await checked(settings)
    three = await checked(of(settings, 3))
    sizes = [await shard.link.call("ZCARD", shard.keys.jobs) for shard in three]
    assert min(sizes) > 3
    for shard in three:
        for job_id in await shard.link.call("ZRANGE", shard.keys.jobs, 0, -1):
            assert three.of_job(job_id) is shard
    whole = whole_of(three)
    jobs = JobStore(whole.link, whole.scripts, SystemClock(), settings.timezone)
    made = await jobs.create(JobSpec(job_id="made-later", type="test.noop"), actor="ana", origin="test")
    await jobs.delete("made-later", actor="ana")
    assert made.seq > 10**12
    await three.close()
    await Resharding(of(settings, 3), settings, lambda _phase, _done: None).remove_old(lambda _count: None)
    assert await reshard(of(settings, 3), 1) == counts
    again = await checked(settings)
    after = await contents(again.home, settings.namespace)
    events = Keys(settings.namespace).events
    assert after[events][: len(before[events])] == before[events]
    del before[events], after[events]
    assert differences(before, after) == []
    await again.close()


async def test_a_division_that_was_interrupted_is_done_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Meanwhile nothing starts. What was copied is removed, and the former data never changes."""
    shards = await checked(settings)
    driver = QueueDriver(
        Queue(shards.home.link, shards.home.scripts, shards.home.keys, SystemClock(), settings)
    )
    await driver.enqueue_some(40)
    await shards.close()

    async def fail(_division: Division) -> None:
        raise RuntimeError("the power is cut")

    with monkeypatch.context() as patched:
        patched.setattr(Division, "_write_marks", fail)
        with pytest.raises(RuntimeError):
            await reshard(settings, 2)
    for number in (1, 2):
        with pytest.raises(ConfigurationError, match="is being divided into 2 shards"):
            await checked(of(settings, number))
    with pytest.raises(StateConflict, match="into 2 shards was interrupted"):
        await reshard(settings, 4)
    with pytest.raises(ConfigurationError, match="is being divided into 2 shards"):
        await Resharding(settings, settings, lambda _p, _d: None).back(Repeats())
    assert (await reshard(settings, 2))["ready"] == 40
    await (await checked(of(settings, 2))).close()


async def test_a_division_is_taken_back(settings: Settings) -> None:
    """The former shards have their data until it is removed; only then the place is free again."""
    shards = await checked(settings)
    driver = QueueDriver(
        Queue(shards.home.link, shards.home.scripts, shards.home.keys, SystemClock(), settings)
    )
    await driver.enqueue_some(5)
    await shards.close()
    await reshard(settings, 2)
    with pytest.raises(StateConflict, match="--remove-old"):
        await reshard(of(settings, 2), 1)
    await Resharding(of(settings, 2), of(settings, 2), lambda _p, _d: None).cancel()
    assert await Resharding(of(settings, 2), of(settings, 2), lambda _p, _d: None).back(Repeats()) == 1
    again = await checked(settings)
    assert await again.home.link.call("ZCARD", again.home.keys.runs) == 5
    await again.close()


async def test_a_deployment_that_began_with_shards_is_divided_again(settings: Settings) -> None:
    """Its shards have copies of some records, each with the time at which it was written there."""
    before = of(settings, 3)
    shards = await checked(before)
    whole = whole_of(shards)
    driver = driver_of(whole, before)
    await driver.enqueue_some(12)
    for shard in shards:
        await shard.link.call("ZADD", shard.keys.rate_wakes, 1000 + shard.index, "rate:shared")
        await shard.link.call("HINCRBY", shard.keys.schema, "at", shard.index)
        await shard.link.call("ZADD", shard.keys.alarm_recent("ana"), 1000 + shard.index, "incident:1")
        await shard.link.call("EXPIRE", shard.keys.alarm_recent("ana"), 600)
    pauses = Pauses(whole.link, whole.scripts, whole.keys, driver.queue.clock)
    await pauses.pause(Scope(ScopeKind.TYPE, "test.held"), "ana", known=True)
    for shard in shards:
        text = await shard.link.call("HGET", shard.keys.pauses, "type:test.held")
        assert text
        await shard.link.call("HSET", shard.keys.pauses, "type:test.held", text + " " * shard.index)
    await shards.close()
    assert (await reshard(before, 2))["runs"] == 12
    after = await checked(of(settings, 2))
    assert [await each.link.call("HLEN", each.keys.pauses) for each in after] == [1, 1]
    await after.close()


async def test_acts_do_not_cross(settings: Settings) -> None:
    """No act returns to old data while it is removed; an interrupted removal is ended first."""
    await (await checked(settings)).close()
    await reshard(settings, 2)
    steps, met = Resharding(of(settings, 2), of(settings, 2), lambda _p, _d: None), list[str]()

    def cut(_count: int) -> None:
        raise RuntimeError("the power is cut")

    with pytest.raises(RuntimeError):
        await steps.remove_old(cut)
    for act in (steps.back(Repeats()), reshard(of(settings, 2), 3)):
        with pytest.raises(StateConflict, match="--remove-old was interrupted") as refused:
            await act
        met.append(refused.value.message)
    assert len(met) == 2
    assert await steps.remove_old(lambda _count: None) >= 0
    with pytest.raises(StateConflict, match="no data of an earlier division"):
        await steps.back(Repeats())
    await (await checked(of(settings, 2))).close()


async def test_a_switch_that_was_interrupted_is_done_again(
    redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some servers have the new layout, the first one has not: the same command ends it, or --cancel."""
    before = sharded_settings(redis_url, tmp_path, 2, apart=True)
    shards = await checked(before)
    whole = whole_of(shards)
    await driver_of(whole, before).enqueue_some(9)
    await shards.close()
    switch = RedisLink.calls

    async def fail_at_first(link: RedisLink, commands: list[Command]) -> list[Any]:
        if ("HDEL", Keys(before.namespace).shard_layout, "moving") in commands:
            done.append(link)
            if len(done) == len(before.shard_urls):
                raise RuntimeError("the power is cut")
        return await switch(link, commands)

    for ends in (False, True):
        done = list[RedisLink]()
        with monkeypatch.context() as patched:
            patched.setattr(RedisLink, "calls", fail_at_first)
            with pytest.raises(RuntimeError):
                await Resharding(before, joined(before), lambda _p, _d: None).run()
        assert len(done) == 2
        if not ends:
            await Resharding(before, before, lambda _p, _d: None).cancel()
            await (await checked(before)).close()
    assert (await Resharding(before, joined(before), lambda _p, _d: None).run()).counts["runs"] == 9
    await (await checked(joined(before))).close()
    await drop_deployment(before)


def joined(settings: Settings) -> Settings:
    """Return the settings of the same data in three shards on the first server."""
    return settings.model_copy(update={"shards": 3, "shard_urls": []})


async def test_work_under_way_is_not_divided(settings: Settings) -> None:
    """A process that is alive, or a run that a worker has left, is named with the next step."""
    shards = await checked(settings)
    home = shards.home
    driver = driver_of(home, settings)
    await driver.start()
    with pytest.raises(StateConflict, match="1 runs are in work"):
        await reshard(settings, 2)
    await home.link.call("ZADD", home.keys.instances, 1, "worker-h-0-killed")
    await home.link.call("ZADD", home.keys.instances, await driver.now_ms(), "worker-h-1-a")
    with pytest.raises(StateConflict, match="worker-h-1-a"):
        await reshard(settings, 2)
    await shards.close()


async def test_a_server_that_lost_its_data_is_replaced(redis_url: str, tmp_path: Path) -> None:
    """Nothing starts until a person says so; then its shard is empty, and the others have their jobs."""
    settings = sharded_settings(redis_url, tmp_path, 2, apart=True)
    shards = await checked(settings)
    for shard in shards:
        await shard.link.call("HSET", shard.keys.job("kept"), "spec", "{}")
    await remove_all(shards[1].link, shards[1].keys)
    await shards.close()
    with pytest.raises(ConfigurationError, match="--replace-lost 1"):
        await checked(settings)
    steps = Resharding(settings, settings, lambda _phase, _done: None)
    with pytest.raises(StateConflict, match="no shard 0"):
        await steps.replace_lost(0)
    await steps.replace_lost(1)
    again = await checked(settings)
    assert await again.home.link.call("EXISTS", again.home.keys.job("kept")) == 1
    with pytest.raises(StateConflict, match="Shard 1 has data"):
        await steps.replace_lost(1)
    await again.close()
    await drop_deployment(settings)
