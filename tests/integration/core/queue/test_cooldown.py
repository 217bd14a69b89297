"""After a final failure a job's slots make no run for a while, and the ledger says why."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.ids import scheduled_run_id
from app.core.models import AttemptOutcome, Schedule
from app.core.queue import FireItem
from app.core.specs.runs import run_of
from app.core.specs.store import JobStore
from tests.support.queue.chain_driver import ChainDriver
from tests.support.queue.queue_driver import QueueDriver

HOUR_MS = 3_600_000


class Cooling:
    """A job with a schedule and a cooldown of an hour."""

    def __init__(self, driver: QueueDriver, jobs: JobStore) -> None:
        self.driver = driver
        self.jobs = jobs
        self.chain = ChainDriver(driver, jobs)

    async def create(self, **changes: Any) -> None:
        schedule = Schedule(interval_sec=3600)
        await self.chain.job("job", schedule=schedule, **{"failure_cooldown_sec": 3600, **changes})

    async def fire(self, minutes_ago: int = 10) -> str:
        """Let a slot be due that much ago and fire it; return the word."""
        slot = await self.driver.now_ms() // 1000 * 1000 - minutes_ago * 60_000
        record, keys = await self.jobs.find("job"), self.driver.keys
        await self.driver.link.call("ZADD", keys.schedule, slot, "job")
        run_id = scheduled_run_id("job", slot)
        run = run_of(record.spec, record.version, run_id=run_id, source="schedule", trace_id="ab" * 16)
        later = slot + HOUR_MS
        item = FireItem("job", record.version, slot, slot, slot - HOUR_MS, None, later, later, "skip", run)
        return (await self.driver.queue.fire([item]))[0]

    async def until(self) -> int | None:
        return (await self.jobs.get("job")).cooling_until

    async def reasons(self) -> list[str]:
        return [each.reason for each in await self.jobs.ledger("job", 10)]


@pytest.fixture
def cooling(driver: QueueDriver, jobs: JobStore) -> Cooling:
    return Cooling(driver, jobs)


async def test_a_slot_in_the_cooldown_is_in_the_ledger(cooling: Cooling, driver: QueueDriver) -> None:
    """A final failure holds the next slots back; their reason is cooling_down, in ledger and metrics."""
    await cooling.create()
    before = await driver.now_ms()
    await cooling.chain.ends("job", AttemptOutcome.FAILED)
    until = await cooling.until()
    assert until is not None
    assert before + HOUR_MS <= until <= await driver.now_ms() + HOUR_MS
    assert await cooling.fire() == "SKIPPED"
    assert await cooling.reasons() == ["cooling_down"]
    assert (await driver.fields(driver.keys.metrics))["slots|cooling_down"] == "1"


async def test_slots_fire_again_once_the_cooldown_is_over(cooling: Cooling, driver: QueueDriver) -> None:
    """It ends by itself, and is not shown any more."""
    await cooling.create()
    await cooling.chain.ends("job", AttemptOutcome.FAILED)
    await driver.link.call("HSET", driver.keys.job("job"), "cool_until", await driver.now_ms() - 1)
    assert await cooling.until() is None
    assert await cooling.fire() == "FIRED"


async def test_a_success_ends_the_cooldown(cooling: Cooling) -> None:
    """A manual run is not held back, and if it succeeds the schedule goes on."""
    await cooling.create()
    await cooling.chain.ends("job", AttemptOutcome.FAILED)
    await cooling.chain.ends("job", AttemptOutcome.SUCCESS)
    assert await cooling.until() is None
    assert await cooling.fire() == "FIRED"


async def test_a_try_that_is_tried_again_starts_no_cooldown(cooling: Cooling, driver: QueueDriver) -> None:
    """Only the failure that is final does, and a cancelled run does not either."""
    await cooling.create()
    await driver.finish(await cooling.chain.run("job"), AttemptOutcome.RETRY, delay_ms=60_000)
    assert await cooling.until() is None
    run = await cooling.chain.run("job")
    await driver.queue.cancel(run.run_id)
    await driver.finish(run, AttemptOutcome.FAILED)
    assert await cooling.until() is None


async def test_poison_starts_the_cooldown(cooling: Cooling, driver: QueueDriver) -> None:
    """A crash in isolation is a final failure."""
    await cooling.create()
    await cooling.chain.run("job")
    await driver.crash()
    await driver.claim(1)
    assert await cooling.until() is None
    await driver.crash()
    [run] = (await driver.claim(1, quotas={"suspect": 1})).runs
    await driver.finish(run, AttemptOutcome.CRASHED)
    assert await cooling.until() is not None


async def test_a_job_without_a_cooldown_fires_after_a_failure(cooling: Cooling) -> None:
    """0 is the default, and holds nothing back."""
    await cooling.create(failure_cooldown_sec=0)
    await cooling.chain.ends("job", AttemptOutcome.FAILED)
    assert await cooling.fire() == "FIRED"


async def test_a_save_without_a_cooldown_ends_it(cooling: Cooling) -> None:
    """Who takes the rule away does not wait for what it has begun; another edit leaves it."""
    await cooling.create()
    await cooling.chain.ends("job", AttemptOutcome.FAILED)
    until = (await cooling.chain.edit("job", description="x")).cooling_until
    assert until is not None
    assert (await cooling.chain.edit("job", failure_cooldown_sec=0)).cooling_until is None


async def test_a_deleted_job_is_not_left_cooling(cooling: Cooling, driver: QueueDriver) -> None:
    """A run that fails after its job was deleted brings nothing of the job back."""
    await cooling.create()
    run = await cooling.chain.run("job")
    await cooling.jobs.delete("job", actor="ana")
    await driver.finish(run, AttemptOutcome.FAILED)
    assert await driver.link.call("EXISTS", driver.keys.job("job")) == 0
