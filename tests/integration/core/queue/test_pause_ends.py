"""Pauses with an end: from then on slots fire and runs start, and a scheduler gives back what was held."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from app.core.config import Settings
from app.core.ids import scheduled_run_id
from app.core.models import JobSpec, Schedule
from app.core.queue import FireItem, Queue
from app.core.redis_client import RedisLink
from app.core.specs.runs import run_of
from app.core.specs.store import JobStore
from app.services.scheduler.promotion import Promotion
from tests.support.queue.paused import EVERYTHING, Paused, job_scope
from tests.support.queue.queue_driver import QueueDriver
from tests.support.queue.scheduler_loops import scheduler_loops
from tests.support.waiting import wait_until_async

HOUR_MS = 3_600_000
StartPromotion = Callable[[int], Awaitable[list[Promotion]]]


@pytest.fixture
def paused(driver: QueueDriver, jobs: JobStore) -> Paused:
    return Paused(driver, jobs)


@pytest.fixture
async def start(settings: Settings) -> AsyncIterator[StartPromotion]:
    async with scheduler_loops(settings, Promotion) as begin:
        yield begin


async def pause_until(paused: Paused, offset_ms: int) -> int:
    """Pause the job for a time from now; return the end."""
    until_ms = paused.driver.queue.clock.now_ms() + offset_ms
    record = await paused.pauses.pause(job_scope(), "ana", until_ms=until_ms)
    assert record.until_ms == until_ms
    return until_ms


async def test_a_run_that_comes_after_the_end_of_a_pause_starts(paused: Paused, driver: QueueDriver) -> None:
    """Even if no scheduler has removed the pause."""
    await paused.create("job-a")
    await pause_until(paused, -1)
    run_id = await driver.enqueue("job-a")
    assert await paused.claim_all() == [run_id]
    assert [pause.until_ms is not None for pause in await paused.pauses.list()] == [True]


async def test_a_wider_pause_holds_what_a_narrow_one_no_longer_holds(
    paused: Paused, driver: QueueDriver
) -> None:
    """The pause of the job is over, that of everything is not."""
    await paused.create("job-a")
    await pause_until(paused, -1)
    await paused.pause(EVERYTHING)
    run_id = await driver.enqueue("job-a")
    assert await paused.claim_all() == []
    assert await paused.held(EVERYTHING) == [run_id]


async def test_what_a_pause_held_comes_back_at_its_end(paused: Paused, driver: QueueDriver) -> None:
    """Promotion names the scope and its instant; then the runs have their entries again, once."""
    await paused.create("job-a")
    until_ms = await pause_until(paused, HOUR_MS)
    run_ids = await driver.enqueue_some(300, "job-a")
    assert await paused.claim_all() == []
    waiting = await driver.queue.promote()
    assert (waiting.over, waiting.next_due_ms) == ((), until_ms)
    await pause_until(paused, -1)
    assert (await driver.queue.promote()).over == (job_scope(),)
    assert await paused.pauses.end(job_scope(), "scheduler") == 300
    assert await paused.pauses.end(job_scope(), "scheduler") == 0
    after = await driver.queue.promote()
    assert (after.over, after.next_due_ms) == ((), None)
    assert await paused.claim_all() == run_ids
    assert await paused.pauses.list() == []


async def test_a_pause_that_was_extended_lasts_on(paused: Paused, driver: QueueDriver) -> None:
    """A scheduler that saw one over ends no other that was made meanwhile."""
    await paused.create("job-a")
    await pause_until(paused, -1)
    assert (await driver.queue.promote()).over == (job_scope(),)
    until_ms = driver.queue.clock.now_ms() + HOUR_MS
    record = await paused.pauses.pause(job_scope(), "budi", until_ms=until_ms)
    assert (record.actor, record.until_ms, record.is_new) == ("budi", until_ms, True)
    assert await paused.pauses.end(job_scope(), "scheduler") == 0
    [pause] = await paused.pauses.list()
    assert pause.until_ms == until_ms


async def test_a_pause_without_an_end_is_not_ended(paused: Paused, driver: QueueDriver) -> None:
    """A pause that is made after another was over has no end of that one."""
    await paused.create("job-a")
    await pause_until(paused, -1)
    await paused.resume(job_scope())
    await paused.pause(job_scope())
    assert (await driver.queue.promote()).over == ()
    assert await paused.pauses.end(job_scope(), "scheduler") == 0
    assert len(await paused.pauses.list()) == 1


async def test_slots_before_the_end_of_a_pause_make_no_run(
    paused: Paused, driver: QueueDriver, jobs: JobStore
) -> None:
    """A scheduler that fires late decides by the slot: before the end it is in the ledger, at it it runs."""
    now = driver.queue.clock.now_ms() // 1000 * 1000
    spec = JobSpec(job_id="job-a", type="test.noop", schedule=Schedule(interval_sec=1))
    await jobs.create(spec, actor="ana", origin="test")
    slots = [now - 3000, now - 2000, now - 1000]
    await driver.link.call("ZADD", driver.keys.schedule, slots[0], "job-a")
    await paused.pauses.pause(job_scope(), "ana", until_ms=slots[1])
    assert await driver.queue.fire([_fire(spec, slot) for slot in slots]) == ["SKIPPED", "FIRED", "FIRED"]
    [entry] = await jobs.ledger("job-a", 10)
    assert (entry.first, entry.last, entry.reason) == (slots[0], slots[0], "paused")


def _fire(spec: JobSpec, slot: int) -> FireItem:
    run_id = scheduled_run_id(spec.job_id, slot)
    return FireItem(
        job_id=spec.job_id,
        version=1,
        expected_score_ms=slot,
        slot_ms=slot,
        previous_slot_ms=slot - 1000,
        miss=None,
        next_slot_ms=slot + 1000,
        next_score_ms=slot + 1000,
        overlap="allow",
        run=run_of(spec, 1, run_id=run_id, source="schedule", trace_id="ab" * 16),
    )


async def test_a_deleted_job_leaves_no_end_of_a_pause(paused: Paused, link: RedisLink) -> None:
    """A job of the same id begins without it."""
    await paused.create("job-a")
    await pause_until(paused, HOUR_MS)
    await paused.jobs.delete("job-a", actor="ana")
    assert await link.call("EXISTS", paused.driver.keys.pause_ends, paused.driver.keys.pauses) == 0


async def test_a_scheduler_ends_a_pause_on_time(
    paused: Paused, driver: QueueDriver, queue: Queue, start: StartPromotion
) -> None:
    """The loop of any scheduler, also of one that was started after the pause was made."""
    await paused.create("job-a")
    run_ids = await driver.enqueue_some(2, "job-a")
    await pause_until(paused, 300)
    await paused.claim_all()
    await start(2)

    async def is_over() -> bool:
        return not (await queue.stats()).paused

    await wait_until_async(is_over)
    assert await paused.claim_all() == run_ids
    ends = [event for event in await driver.events() if event.type == "queue.resumed"]
    assert [event.data["actor"] for event in ends] == ["scheduler"]
