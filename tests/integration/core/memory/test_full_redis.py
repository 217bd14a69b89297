"""A Redis above `maxmemory`: existing work goes on, new work waits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.core.activity.events import Events
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.connectors.messages import OutboxState
from app.core.errors import RedisFull
from app.core.incidents.models import IncidentKind
from app.core.incidents.store import IncidentStore
from app.core.messaging.outbox import Outbox
from app.core.models import AttemptOutcome, JobSpec, Schedule
from app.core.queue import open_queue
from app.core.redis_client import RedisLink, open_link
from app.core.specs.store import JobStore
from tests.support.embedded_redis import EmbeddedRedis
from tests.support.queue.bulk import Bulk
from tests.support.queue.queue_driver import QueueDriver

JOB = "monitor"


@pytest.fixture
async def own_link(tmp_path: Path, settings: Settings) -> AsyncIterator[RedisLink]:
    """Yield a link to a server of its own, whose limit a test may set."""
    with EmbeddedRedis(data_dir=tmp_path / "redis", appendonly=False) as server:
        link = await open_link(settings.model_copy(update={"redis_url": server.url}))
        yield link
        await link.close()


@pytest.fixture
async def here(own_link: RedisLink, settings: Settings) -> QueueDriver:
    driver = QueueDriver(open_queue(own_link, SystemClock(), settings))
    await driver.queue.ensure_groups()
    return driver


@pytest.fixture
def saved(here: QueueDriver) -> JobStore:
    return JobStore(here.link, here.queue.scripts, here.queue.clock, "Asia/Jakarta")


async def set_limit(link: RedisLink, limit: str) -> None:
    await link.call("CONFIG", "SET", "maxmemory", limit)


async def test_messages_leave_a_full_redis(here: QueueDriver) -> None:
    """An alarm is stored, taken and settled; without this the alarm of a full Redis would not be sent."""
    outbox = Outbox(here.link, here.queue.scripts, here.keys, here.queue.clock)
    await set_limit(here.link, "100kb")
    await outbox.put("alarm-1", "telegram", "ops", "42", "Redis is full")
    taken = await outbox.take("telegram", "ops", "connector:1")
    assert taken is not None
    word = await outbox.settle("alarm-1", "connector:1", OutboxState.DELIVERED, provider_id="7")
    assert word == "OK"
    incidents = IncidentStore(here.link, here.queue.scripts, here.keys, here.queue.clock)
    kind = IncidentKind.REDIS_MEMORY
    assert await incidents.open("redis_memory", kind, severity="critical", subject="", cause="full")
    assert (await Events(here.link, here.keys).find(10)).items != []


async def test_tools_of_a_running_attempt_work_in_a_full_redis(here: QueueDriver) -> None:
    """A monitor keeps its state and its figures, else it could neither end well nor raise an alarm."""
    run = await here.start(JOB)
    await set_limit(here.link, "100kb")
    kept = await here.queue.tool(
        run, "tools/kv", 1, op="set", max_keys=1000, key="state", value='"down"', ttl_ms=0
    )
    assert kept == ["OK", '"down"']
    figures = await here.queue.tool(
        *(run, "tools/metrics", 2),
        kind="counter",
        max_series=20,
        name="downs",
        series="downs|{}",
        value=1,
        bound="",
    )
    assert figures[0] == "OK"
    assert await here.finish(run) == "OK"


async def test_slots_of_a_full_redis_stay_due(here: QueueDriver, saved: JobStore) -> None:
    """They make no run, and fire once there is room; older ones follow the misfire rule."""
    spec = JobSpec(job_id=JOB, type="test.noop", schedule=Schedule(interval_sec=60))
    await saved.create(spec, actor="ana", origin="test")
    slot = await here.now_ms() // 1000 * 1000 - 1000
    bulk = Bulk(here, saved)
    await here.link.call("ZADD", here.keys.schedule, slot, JOB)
    await set_limit(here.link, "100kb")
    with pytest.raises(RedisFull):
        await here.queue.due(10)
    with pytest.raises(RedisFull):
        await saved.create(spec.model_copy(update={"job_id": "new"}), actor="ana", origin="test")
    assert await here.link.call("ZSCORE", here.keys.schedule, JOB) == str(slot)
    await set_limit(here.link, "0")
    assert await bulk.fire_slot(spec, slot) == "FIRED"


async def test_retries_and_held_runs_go_on_in_a_full_redis(here: QueueDriver) -> None:
    """A failed attempt is tried again, a run that waits for a key follows the one before it."""
    first = await here.start(JOB)
    await here.enqueue(JOB, key="db")
    await here.enqueue(JOB, key="db")
    await set_limit(here.link, "100kb")
    assert await here.finish(first, AttemptOutcome.RETRY, delay_ms=1) == "OK"
    done: list[str] = []
    while len(done) < 3:
        await here.queue.promote()
        for run in (await here.claim(10)).runs:
            done.append(run.run_id)
            assert await here.finish(run) == "OK"
    assert len(set(done)) == 3
