"""Cancelling: at once if a run waits, by a request if it is running, never after its end."""

from __future__ import annotations

import pytest

from app.core.errors import RunNotFound, StateConflict
from app.core.models import AttemptOutcome
from app.core.redis_client import BlockingLink
from tests.support.queue.queue_driver import QueueDriver, heard


async def test_cancel_of_a_scheduled_run_ends_it(driver: QueueDriver) -> None:
    """It leaves the delayed set and every active set, and counts as cancelled."""
    run_id = await driver.enqueue(delay_ms=60_000)
    assert await driver.queue.cancel(run_id) == "CANCELLED"
    assert await driver.status(run_id) == "cancelled"
    assert await driver.link.call("EXISTS", driver.keys.active("job-a"), driver.keys.delayed) == 0
    assert (await driver.fields(driver.keys.metrics))["runs|test.noop|cancelled"] == "1"


async def test_cancel_of_a_queued_run_takes_its_entry_out(driver: QueueDriver) -> None:
    """It can no longer be claimed."""
    run_id = await driver.enqueue()
    assert await driver.queue.cancel(run_id) == "CANCELLED"
    assert await driver.at_rest() == {}
    assert (await driver.claim()).runs == []


async def test_cancel_of_a_delivered_run_that_has_not_started_ends_it(
    driver: QueueDriver, blocking: BlockingLink
) -> None:
    """Between a blocking read and its adoption a run is still queued, and the adoption starts nothing."""
    run_id = await driver.enqueue()
    delivered = await driver.queue.wait_for_entry(blocking, "w1", 1000)
    assert await driver.queue.cancel(run_id) == "CANCELLED"
    assert (await driver.claim(adopt=delivered)).runs == []
    assert await driver.at_rest() == {}


async def test_cancel_of_a_retrying_run_ends_it(driver: QueueDriver) -> None:
    """No further attempt is made."""
    run = await driver.start()
    await driver.finish(run, AttemptOutcome.RETRY, delay_ms=60_000)
    assert await driver.queue.cancel(run.run_id) == "CANCELLED"
    assert await driver.status(run.run_id) == "cancelled"
    assert await driver.at_rest() == {}


async def test_cancel_of_a_run_that_waits_for_a_key_ends_it(driver: QueueDriver) -> None:
    """It leaves the line, and the place goes to the one behind it."""
    first, second, third = await driver.enqueue_some(3, overlap_key=True)
    holder = (await driver.claim()).runs[0]
    assert await driver.queue.cancel(second) == "CANCELLED"
    await driver.finish(holder)
    assert [run.run_id for run in (await driver.claim()).runs] == [third]
    assert holder.run_id == first


async def test_cancel_of_an_admitted_run_hands_its_place_on(driver: QueueDriver) -> None:
    """A queued run that holds a place already gives it to the next."""
    _, second, third = await driver.enqueue_some(3, overlap_key=True)
    await driver.finish((await driver.claim()).runs[0])
    assert await driver.link.call("SMEMBERS", driver.keys.holders("job:job-a")) == [second]
    await driver.queue.cancel(second)
    assert await driver.link.call("SMEMBERS", driver.keys.holders("job:job-a")) == [third]
    assert [run.run_id for run in (await driver.claim()).runs] == [third]


async def test_cancel_of_a_running_run_asks_its_worker(driver: QueueDriver, blocking: BlockingLink) -> None:
    """The flag is set and published; renewal tells it as well."""
    run = await driver.start()
    await blocking.command("SUBSCRIBE", driver.keys.control, timeout_sec=30)
    assert await driver.queue.cancel(run.run_id) == "REQUESTED"
    assert await heard(blocking) == f"cancel {run.run_id}"
    assert await driver.status(run.run_id) == "running"
    assert await driver.queue.renew("w1", [(run.run_id, run.lease_id)]) == ["CANCELLED"]
    assert await driver.finish(run, AttemptOutcome.CANCELLED) == "OK"
    assert await driver.status(run.run_id) == "cancelled"


@pytest.mark.parametrize("outcome", [AttemptOutcome.SUCCESS, AttemptOutcome.FAILED, AttemptOutcome.CANCELLED])
async def test_cancel_of_an_ended_run_changes_nothing(driver: QueueDriver, outcome: AttemptOutcome) -> None:
    """What has ended stays as it ended."""
    run = await driver.start()
    await driver.finish(run, outcome)
    before = await driver.snapshot()
    assert await driver.queue.cancel(run.run_id) == "TERMINAL"
    assert await driver.snapshot() == before


async def test_cancel_sent_again_is_terminal(driver: QueueDriver) -> None:
    """The second of two cancels finds the work done."""
    run_id = await driver.enqueue()
    assert [await driver.queue.cancel(run_id), await driver.queue.cancel(run_id)] == ["CANCELLED", "TERMINAL"]


@pytest.mark.parametrize("run_id", ["job@1", "00000000000000000000000000", "../x", "a b", ""])
async def test_cancel_of_an_unknown_run_is_not_found(driver: QueueDriver, run_id: str) -> None:
    """Neither a wrong nor an impossible id reaches a run."""
    with pytest.raises(RunNotFound):
        await driver.queue.cancel(run_id)


async def test_cancel_of_a_damaged_record_is_refused(driver: QueueDriver) -> None:
    """A run that can't be read can't be cancelled, and says so; a batch's other runs are."""
    first, second = await driver.enqueue_some(2)
    await driver.damage(driver.keys.run(first))
    with pytest.raises(StateConflict):
        await driver.queue.cancel(first)
    assert await driver.queue.scripts.run("queue/cancel", first, second) == ["ERROR", "CANCELLED"]
    assert await driver.link.call("ZSCORE", driver.keys.runs_status("cancelled"), second) is not None
    await driver.link.call("DEL", driver.keys.run(first))
