"""Promotion of due runs, and recovery of lost ones."""

from __future__ import annotations

from app.core.models import AttemptOutcome
from app.core.queue.scheduler import HEAL_PAGE, PROMOTE_AT_ONCE
from app.core.storage.keys import GROUP
from tests.support.queue.queue_driver import QueueDriver


async def test_promotion_takes_100_at_once_and_says_what_is_next(driver: QueueDriver) -> None:
    """A burst of due runs becomes ready in bounded scripts, in order of their due instants."""
    run_ids = await driver.enqueue_some(PROMOTE_AT_ONCE + 30, delay_ms=60_000)
    for number, run_id in enumerate(run_ids):
        await driver.link.call("ZADD", driver.keys.delayed, number + 1, run_id)
    assert (await driver.queue.promote()).count == PROMOTE_AT_ONCE
    rest = await driver.queue.promote()
    assert (rest.count, rest.next_due_ms) == (30, None)
    assert [run.run_id for run in (await driver.claim(200, quotas={"normal": 200})).runs] == run_ids


async def test_promotion_before_the_time_does_nothing(driver: QueueDriver) -> None:
    """Redis' clock decides what is due."""
    await driver.enqueue(delay_ms=60_000)
    promoted = await driver.queue.promote()
    assert promoted.count == 0
    assert promoted.next_due_ms is not None
    assert 0 < promoted.next_due_ms - promoted.now_ms <= 60_000


async def test_promotion_sent_again_queues_nothing_twice(driver: QueueDriver) -> None:
    """A repeat finds the delayed set empty."""
    await driver.enqueue(delay_ms=60_000)
    await driver.make_due()
    await driver.queue.promote()
    assert (await driver.queue.promote()).count == 0
    assert await driver.link.call("XLEN", driver.keys.ready("normal")) == 1


async def test_promotion_leaves_a_cancelled_run_alone(driver: QueueDriver) -> None:
    """A leftover of the delayed set does not revive an ended run."""
    run_id = await driver.enqueue(delay_ms=60_000)
    await driver.queue.cancel(run_id)
    await driver.link.call("ZADD", driver.keys.delayed, 1, run_id)
    await driver.queue.promote()
    assert await driver.status(run_id) == "cancelled"
    assert await driver.at_rest() == {}


async def test_promotion_of_a_damaged_record_leaves_its_neighbours_alone(driver: QueueDriver) -> None:
    """The damaged one is quarantined and does not stay due for ever."""
    damaged, fine = await driver.enqueue_some(2, delay_ms=60_000)
    await driver.damage(driver.keys.run(damaged))
    await driver.make_due()
    assert (await driver.queue.promote()).count == 2
    assert [run.run_id for run in (await driver.claim()).runs] == [fine]
    assert [item["what"] for item in await driver.quarantined()] == [damaged]
    await driver.link.call("DEL", driver.keys.run(damaged))


async def test_heal_queues_runs_again_whose_stream_was_deleted(driver: QueueDriver) -> None:
    """All queued runs come back, each once, with their groups; those that wait for a key stay waiting."""
    holder = await driver.start("job-b", lane="high", overlap_key=True)
    waiter = await driver.enqueue("job-b", lane="high", overlap_key=True)
    await driver.claim(1, quotas={"high": 1})
    run_ids = await driver.enqueue_some(HEAL_PAGE + 10)
    for lane in ("normal", "low", "suspect"):
        await driver.link.call("DEL", driver.keys.ready(lane))
    assert await driver.queue.heal() == HEAL_PAGE + 10
    assert await driver.queue.heal() == 0
    claimed = (await driver.claim(256, quotas={"normal": 256})).runs
    assert [run.run_id for run in claimed] == run_ids
    assert (await driver.hash(waiter))["waiting"] == "job:job-b"
    assert await driver.finish(holder) == "OK"


async def test_heal_restores_the_entry_of_a_running_run(driver: QueueDriver) -> None:
    """Its worker goes on renewing and finishes; the run is not started a second time."""
    run = await driver.start()
    await driver.link.call("DEL", driver.keys.ready("normal"))
    assert await driver.queue.heal() == 1
    assert (await driver.claim(consumer="w2")).runs == []
    assert await driver.queue.renew("w1", [(run.run_id, run.lease_id)]) == ["OK"]
    assert await driver.finish(run) == "OK"
    assert await driver.at_rest() == {}


async def test_heal_lets_a_running_run_lapse_whose_worker_is_gone(driver: QueueDriver) -> None:
    """The restored entry is a lease like any other: not renewed, it is reclaimed."""
    run = await driver.start()
    await driver.link.call("DEL", driver.keys.ready("normal"))
    await driver.queue.heal()
    assert await driver.crash() == 1
    assert [r.run_id for r in (await driver.claim(consumer="w2")).runs] == [run.run_id]


async def test_heal_of_a_destroyed_group_keeps_the_entry(driver: QueueDriver) -> None:
    """If only the group was lost, the running run's own entry is pending again."""
    run = await driver.start()
    entry = (await driver.hash(run.run_id))["entry"]
    await driver.link.call("XGROUP", "DESTROY", driver.keys.ready("normal"), GROUP)
    assert await driver.queue.heal() == 1
    assert [p[0] for p in await driver.pending("normal")] == [entry]
    assert await driver.finish(run) == "OK"
    assert await driver.at_rest() == {}


async def test_heal_of_a_healthy_queue_changes_nothing(driver: QueueDriver) -> None:
    """Waiting, running, delayed and ended runs are all left alone."""
    await driver.finish(await driver.start())
    await driver.fail()
    await driver.finish(await driver.start(), AttemptOutcome.RETRY, delay_ms=60_000)
    await driver.start()
    await driver.enqueue_some(3)
    before = await driver.snapshot()
    assert await driver.queue.heal() == 0
    assert await driver.snapshot() == before


async def test_heal_passes_over_a_damaged_record(driver: QueueDriver) -> None:
    """It is quarantined once, and the others come back."""
    damaged, fine = await driver.enqueue_some(2)
    await driver.damage(driver.keys.run(damaged))
    await driver.link.call("DEL", driver.keys.ready("normal"))
    assert await driver.queue.heal() == 1
    assert await driver.queue.heal() == 0
    assert [run.run_id for run in (await driver.claim()).runs] == [fine]
    assert [item["what"] for item in await driver.quarantined()] == [damaged]
    await driver.link.call("DEL", driver.keys.run(damaged))


async def test_groups_are_made_once(driver: QueueDriver) -> None:
    """Only missing groups are made, and what a lane holds already is read from its start."""
    lanes = ("high", "normal", "low", "suspect")
    assert await driver.queue.scripts.run("queue/ensure_groups", *lanes) == 0
    run_id = await driver.enqueue()
    await driver.link.call("XGROUP", "DESTROY", driver.keys.ready("normal"), GROUP)
    assert await driver.queue.scripts.run("queue/ensure_groups", *lanes) == 1
    assert [run.run_id for run in (await driver.claim()).runs] == [run_id]
