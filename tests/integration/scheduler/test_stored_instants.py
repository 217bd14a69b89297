"""Instants and claims that were stored while Redis' clock was ahead, after it was set right."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.backup.restore import LOCK_MS, restore_lock
from app.core.activity.claims import TaskClaims
from app.core.activity.readiness import CLOCK_STEP, ReadinessLimits, WorkFacts, assess_scheduler
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.errors import RestoreRefused
from app.core.incidents.models import IncidentKind
from app.core.incidents.store import IncidentStore
from app.core.messaging.accounts import SendHolds
from app.core.messaging.outbox import Outbox, OutboxState
from app.core.models import AttemptOutcome
from app.core.queue import Queue
from app.core.redis_client import RedisLink
from app.core.specs.store import JobStore
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from app.services.connector.lease import AccountLease
from app.services.scheduler.clock_recovery import CLAIM_SEC, ClockRecovery
from app.services.scheduler.spec_cache import CompiledSpecs
from tests.support.embedded_redis import EmbeddedRedis
from tests.support.faults.clock import TurnedClock
from tests.support.queue.chain_driver import ChainDriver
from tests.support.queue.queue_driver import QueueDriver

HOUR_SEC, HOUR_MS = 3600, 3_600_000
ACCOUNT = "telegram:bot_a01"
LATE_MS = 10_000
"""Longer than a test takes between two of its steps."""


@pytest.fixture(scope="module")
def turned(tmp_path_factory: pytest.TempPathFactory) -> TurnedClock:
    return TurnedClock(tmp_path_factory.mktemp("clock") / "clock")


@pytest.fixture(scope="module")
def ahead_server(turned: TurnedClock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedRedis]:
    server = EmbeddedRedis(data_dir=tmp_path_factory.mktemp("redis"))
    turned.start(server)
    yield server
    server.stop()


@pytest.fixture
def redis_url(ahead_server: EmbeddedRedis, turned: TurnedClock) -> str:
    """Return a Redis whose clock is an hour ahead."""
    turned.turn(HOUR_SEC)
    return ahead_server.url


@pytest.fixture
def outbox(link: RedisLink, scripts: Scripts, keys: Keys) -> Outbox:
    return Outbox(link, scripts, keys, SystemClock())


async def set_right(queue: Queue, turned: TurnedClock) -> None:
    """Set the clock right, and let a worker notice it."""
    await queue.renew("w1", [])
    turned.turn(0)
    await queue.renew("w1", [])


async def recover(queue: Queue, keys: Keys, turned: TurnedClock) -> int:
    """Set the clock right and correct what is stored; return Redis' time."""
    await set_right(queue, turned)
    step = await queue.link.call("HGET", keys.lease_clock, "went_back")
    back = ClockRecovery(queue, keys, CompiledSpecs(queue, "UTC"), TaskClaims(queue.scripts, "s1"))
    await back.correct_instants(asyncio.Event())
    await back.recompute(step, asyncio.Event())
    return await QueueDriver(queue).now_ms()


async def test_a_claim_from_before_the_clock_went_back_is_stale(
    scripts: Scripts, queue: Queue, turned: TurnedClock
) -> None:
    """It would outlast its dead owner by an hour; one with the right life is left alone."""
    clock = SystemClock()
    old, new = TaskClaims(scripts, "scheduler-1"), TaskClaims(scripts, "scheduler-2")
    dead = AccountLease(scripts, clock, ACCOUNT, "connector-a/1", 10_000)
    fresh = AccountLease(scripts, clock, ACCOUNT, "connector-b/1", 10_000)
    assert await old.take("alarms", CLAIM_SEC)
    assert await dead.take()
    await set_right(queue, turned)
    assert await new.take("alarms", CLAIM_SEC)
    assert not await old.take("alarms", CLAIM_SEC)
    assert await fresh.take()
    assert not await dead.take()


async def test_a_restore_from_before_the_clock_went_back_holds_nothing(
    scripts: Scripts, queue: Queue, jobs: JobStore, driver: QueueDriver, turned: TurnedClock
) -> None:
    """A killed restore had the lock: slots are due again, and another restore may begin."""
    await ChainDriver(driver, jobs).job("job")
    await scripts.run("restore/lock", owner="killed", lock_ms=LOCK_MS, action="take")
    await driver.link.call("ZADD", driver.keys.schedule, 1, "job")
    assert (await queue.due(10)).jobs == []
    await set_right(queue, turned)
    assert [each.job_id for each in (await queue.due(10)).jobs] == ["job"]
    async with restore_lock(scripts, SystemClock()):
        with pytest.raises(RestoreRefused):
            async with restore_lock(scripts, SystemClock()):
                pass


async def test_a_message_and_its_alarm_from_the_future_leave(
    outbox: Outbox, link: RedisLink, keys: Keys, queue: Queue, turned: TurnedClock
) -> None:
    """What was due is due; a wait that the channel asked for keeps its length; alarms count as sent now."""
    ahead_ms, scripts = await QueueDriver(queue).now_ms(), queue.scripts
    for name in ("retried", "waiting"):
        await outbox.put(name, "telegram", "bot_a01", "1", "Hello")
        await outbox.take("telegram", "bot_a01", f"c/1:{name}")
        retry_at = ahead_ms if name == "waiting" else ahead_ms + 600_000
        await outbox.settle(name, f"c/1:{name}", OutboxState.PENDING, retry_at=retry_at)
    await link.call("HSET", keys.accounts, ACCOUNT, 1)
    await SendHolds(link, keys).note(ACCOUNT, ahead_ms + 60_000)
    incidents = IncidentStore(link, scripts, keys, SystemClock())
    await incidents.open("host", IncidentKind.MONITOR_DOWN, severity="critical", subject="x", cause="y")
    [incident] = (await incidents.list()).items
    await scripts.run(
        "incidents/notify",
        incident.id,
        "",
        phase="opened",
        account=ACCOUNT,
        recipient="1",
        place="p",
        body="Down",
        digest="d",
        buttons="",
        failure="",
        words="",
    )
    await link.call("ZADD", keys.incidents_due, ahead_ms + 60_000, incident.id)
    now_ms = await recover(queue, keys, turned)
    due = {
        name: float(await link.call("ZSCORE", keys.outbox_due(ACCOUNT), name)) - now_ms
        for name in ("waiting", "retried", f"incident:{incident.id}:opened:0")
    }
    assert max(due["waiting"], due[f"incident:{incident.id}:opened:0"]) <= 1
    assert 600_000 - LATE_MS <= due["retried"] <= 600_000 + LATE_MS
    assert await link.call("GET", keys.account_hold(ACCOUNT)) is None
    assert float(await link.call("ZSCORE", keys.incidents_due, incident.id)) <= now_ms
    [changed] = (await incidents.list()).items
    assert [each.at <= now_ms for each in changed.deliveries] == [True]
    entry = await outbox.get("waiting")
    assert entry is not None
    assert entry.created_at <= now_ms


async def test_runs_and_cooldowns_from_the_future_keep_their_waits(
    driver: QueueDriver, jobs: JobStore, queue: Queue, keys: Keys, turned: TurnedClock
) -> None:
    """A retry and a delayed run wait as long as they would have; runs from before keep their time."""
    turned.turn(0)
    chosen = await driver.enqueue(delay_ms=2 * HOUR_MS)
    chosen_due = (await driver.hash(chosen))["due"]
    turned.turn(HOUR_SEC)
    delayed = await driver.enqueue(delay_ms=60_000)
    retried = await driver.start()
    await driver.finish(retried, AttemptOutcome.RETRY, delay_ms=60_000)
    chain = ChainDriver(driver, jobs)
    await chain.job("cooling", failure_cooldown_sec=600)
    await chain.ends("cooling", AttemptOutcome.FAILED)
    now_ms = await recover(queue, keys, turned)
    assert (await driver.hash(chosen))["due"] == chosen_due
    for run_id in (delayed, retried.run_id):
        due = int((await driver.hash(run_id))["due"])
        assert 60_000 - LATE_MS <= due - now_ms <= 60_000 + LATE_MS
        assert float(await driver.link.call("ZSCORE", keys.delayed, run_id)) == due
    until = (await jobs.get("cooling")).cooling_until
    assert until is not None
    assert 600_000 - LATE_MS <= until - now_ms <= 600_000 + LATE_MS


async def test_a_rate_from_the_future_is_looked_at_again(
    link: RedisLink, keys: Keys, queue: Queue, turned: TurnedClock
) -> None:
    """Runs that wait for a rate would be looked at an hour late; here none waits any more."""
    ahead_ms = await QueueDriver(queue).now_ms()
    await link.call("ZADD", keys.rate_wakes, ahead_ms + 60_000, "rate:mail")
    await recover(queue, keys, turned)
    assert await link.call("ZCARD", keys.rate_wakes) == 0


async def test_work_from_before_the_clock_went_back_waits_since_then(
    driver: QueueDriver, scripts: Scripts, queue: Queue, turned: TurnedClock
) -> None:
    """Its own instants are in the future, which would be no wait for an hour."""
    await driver.start()
    await driver.enqueue()
    await set_right(queue, turned)
    facts = WorkFacts.of(await scripts.run("statistics/work_facts", page_size=10, lease_ms=0))
    assert facts.ready_since is not None
    assert facts.last_start is not None
    assert facts.ready_since <= facts.now
    assert facts.last_start <= facts.now


async def test_readiness_names_a_clock_that_went_back(
    queue: Queue, scripts: Scripts, keys: Keys, settings: Settings, turned: TurnedClock
) -> None:
    """Until a scheduler has corrected what is stored, work may wait for the earlier time."""
    await set_right(queue, turned)
    facts = WorkFacts.of(await scripts.run("statistics/work_facts", page_size=10, lease_ms=0))
    assert facts.due_job == CLOCK_STEP
    check = assess_scheduler(replace(facts, now=facts.now + 20_000), [], ReadinessLimits.of(settings))
    assert check.blocks
    assert "Redis' clock went back" in (check.reason or "")
    await recover(queue, keys, turned)
    facts = WorkFacts.of(await scripts.run("statistics/work_facts", page_size=10, lease_ms=0))
    assert facts.due_since is None
