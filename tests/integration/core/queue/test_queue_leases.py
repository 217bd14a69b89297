"""Leases: kept by their owner alone, given back in order, taken back when they lapse."""

from __future__ import annotations

import pytest

from app.core.errors import LeaseLost
from app.core.queue.worker import RECLAIM_PAGE
from app.core.records import LogLine
from app.core.redis_client import BlockingLink
from app.core.runs.store import RunStore
from app.core.storage.keys import GROUP
from tests.support.queue.queue_driver import QueueDriver

HOUR_MS = 3_600_000


async def _idle_ms(driver: QueueDriver, lane: str = "normal") -> list[int]:
    return [idle for _, _, idle, _ in await driver.pending(lane)]


# Renewal


async def test_renewal_makes_a_lease_young_again(driver: QueueDriver) -> None:
    """The pending entry's idle time restarts, under its own consumer."""
    run = await driver.start()
    await driver.lapse()
    assert await driver.queue.renew("w1", [(run.run_id, run.lease_id)]) == ["OK"]
    assert (await _idle_ms(driver))[0] < driver.queue.settings.lease_ms
    assert await driver.reclaim() == 0


async def test_renewal_of_a_lost_lease_is_refused(driver: QueueDriver) -> None:
    """A worker that woke too late can't steal its run back, and leaves the new owner's lease alone."""
    run = await driver.start()
    await driver.crash()
    second = (await driver.claim(consumer="w2")).runs[0]
    assert await driver.queue.renew("w1", [(run.run_id, run.lease_id)]) == ["LOST"]
    assert [consumer for _, consumer, _, _ in await driver.pending("normal")] == ["w2"]
    assert await driver.finish(second) == "OK"
    assert await driver.queue.renew("w2", [(second.run_id, second.lease_id)]) == ["LOST"]
    assert await driver.pending("normal") == []


async def test_renewal_is_separate_for_each_run(driver: QueueDriver) -> None:
    """One lost, one cancelled, one damaged: the others are renewed."""
    await driver.enqueue_some(4)
    ended, asked, damaged, fine = (await driver.claim()).runs
    await driver.finish(ended)
    await driver.queue.cancel(asked.run_id)
    await driver.damage(driver.keys.run(damaged.run_id))
    held = [(run.run_id, run.lease_id) for run in (ended, asked, damaged, fine)]
    assert await driver.queue.renew("w1", held) == ["LOST", "CANCELLED", "OK", "OK"]
    await driver.link.call("DEL", driver.keys.run(damaged.run_id))


async def test_renewal_of_nothing_keeps_the_lease_clock(driver: QueueDriver) -> None:
    """An idle worker says that leases are being kept."""
    assert await driver.queue.renew("w1", []) == []
    assert (await driver.fields(driver.keys.lease_clock))["at"]


async def test_renewal_gives_a_run_its_lost_entry_back(driver: QueueDriver) -> None:
    """If the entry of a running run was deleted, renewal creates another, and the finish removes it."""
    run = await driver.start()
    entry = (await driver.hash(run.run_id))["entry"]
    await driver.link.call("XDEL", driver.keys.ready("normal"), entry)
    assert await driver.queue.renew("w1", [(run.run_id, run.lease_id)]) == ["OK"]
    assert [consumer for _, consumer, _, _ in await driver.pending("normal")] == ["w1"]
    assert await driver.finish(run) == "OK"
    assert await driver.at_rest() == {}


# Release


async def test_release_gives_a_run_back_at_no_cost(driver: QueueDriver, runs: RunStore) -> None:
    """A drained run is queued in its lane again; failures and crashes are as before."""
    run = await driver.start(lane="high")
    assert await driver.queue.release([(run.run_id, run.lease_id)]) == ["OK"]
    record = await runs.get(run.run_id)
    assert (record.status, record.failures, record.crashes, record.releases) == ("queued", 0, 0, 1)
    assert [attempt.outcome for attempt in record.attempts] == ["released"]
    again = await driver.claim(consumer="w2")
    assert [(r.run_id, r.attempt) for r in again.runs] == [(run.run_id, 2)]
    assert again.taken["high"] == 1


async def test_release_of_a_lost_lease_changes_nothing(driver: QueueDriver) -> None:
    """Sent again, or by a zombie, a release is LOST."""
    run = await driver.start()
    await driver.queue.release([(run.run_id, run.lease_id)])
    second = (await driver.claim(consumer="w2")).runs[0]
    before = await driver.snapshot()
    assert await driver.queue.release([(run.run_id, run.lease_id), ("nobody@1", "w1:1:1")]) == [
        "LOST",
        "LOST",
    ]
    assert await driver.snapshot() == before
    assert await driver.finish(second) == "OK"


async def test_release_of_a_cancelled_run_ends_it(driver: QueueDriver) -> None:
    """Who was asked to stop does not start again."""
    run = await driver.start()
    await driver.queue.cancel(run.run_id)
    assert await driver.queue.release([(run.run_id, run.lease_id)]) == ["CANCELLED"]
    assert await driver.status(run.run_id) == "cancelled"
    assert await driver.at_rest() == {}


async def test_release_of_a_damaged_record_leaves_its_neighbours_alone(driver: QueueDriver) -> None:
    """The rest of a draining worker's runs are given back, and stand in the index."""
    await driver.enqueue_some(3)
    batch = (await driver.claim()).runs
    await driver.damage(driver.keys.run(batch[0].run_id))
    words = await driver.queue.release([(run.run_id, run.lease_id) for run in batch])
    assert words == ["ERROR", "OK", "OK"]
    queued = await driver.link.call("ZRANGE", driver.keys.runs_status("queued"), 0, -1)
    assert queued == [run.run_id for run in batch[1:]]
    await driver.link.call("DEL", driver.keys.run(batch[0].run_id))


async def test_the_wait_of_a_run_that_came_back_is_counted_from_then(driver: QueueDriver) -> None:
    """Time that a run spent running is no waiting time, after a release and after a crash alike."""
    run = await driver.start()
    await driver.link.call("HSET", driver.keys.run(run.run_id), "queued", 1)
    await driver.queue.release([(run.run_id, run.lease_id)])
    released = (await driver.claim()).runs[0]
    assert await driver.now_ms() - released.queued_at_ms < HOUR_MS
    await driver.link.call("HSET", driver.keys.run(run.run_id), "queued", 1)
    await driver.crash()
    reclaimed = (await driver.claim()).runs[0]
    assert await driver.now_ms() - reclaimed.queued_at_ms < HOUR_MS


# Reclaim


async def test_reclaim_queues_a_run_of_a_dead_worker(driver: QueueDriver, runs: RunStore) -> None:
    """A lapsed run is queued with one crash more, and its attempt is remembered."""
    run = await driver.start()
    assert await driver.crash() == 1
    record = await runs.get(run.run_id)
    assert (record.status, record.crashes, record.failures) == ("queued", 1, 0)
    assert [attempt.outcome for attempt in record.attempts] == ["crashed"]
    assert record.attempts[0].error is not None
    assert record.attempts[0].error["code"] == "worker_lost"
    assert "lease" not in await driver.hash(run.run_id)
    assert [r.attempt for r in (await driver.claim(consumer="w2")).runs] == [2]
    assert (await driver.fields(driver.keys.metrics))["crashes"] == "1"


async def test_reclaim_leaves_a_lease_that_is_kept(driver: QueueDriver) -> None:
    """Young entries stay with their owner."""
    run = await driver.start()
    await driver.trust_leases()
    assert await driver.queue.reclaim("normal", "0-0") == ("OK", "0-0", 0)
    assert await driver.finish(run) == "OK"


async def test_reclaim_gives_grace_after_a_gap(driver: QueueDriver) -> None:
    """If no lease could be renewed for half a lease, all get one more lease before a verdict."""
    await driver.start()
    await driver.lapse()
    gap = driver.queue.settings.lease_ms
    await driver.link.call("HSET", driver.keys.lease_clock, "at", await driver.now_ms() - gap)
    assert await driver.queue.reclaim("normal", "0-0") == ("GRACE", "0-0", 0)
    clock = await driver.fields(driver.keys.lease_clock)
    assert int(clock["grace_until"]) - int(clock["at"]) == driver.queue.settings.lease_ms
    assert await driver.queue.reclaim("normal", "0-0") == ("GRACE", "0-0", 0)


async def test_renewal_that_meets_a_gap_gives_grace_to_all(driver: QueueDriver) -> None:
    """The first writer after a gap opens the grace, though it is no reclaimer."""
    run = await driver.start()
    await driver.lapse()
    gap = driver.queue.settings.lease_ms
    await driver.link.call("HSET", driver.keys.lease_clock, "at", await driver.now_ms() - gap)
    await driver.queue.renew("w2", [])
    assert (await driver.queue.reclaim("normal", "0-0"))[0] == "GRACE"
    assert await driver.queue.renew("w1", [(run.run_id, run.lease_id)]) == ["OK"]


async def test_a_new_deployment_begins_with_grace(driver: QueueDriver) -> None:
    """Without a lease clock no run is judged."""
    await driver.start()
    assert (await driver.queue.reclaim("normal", "0-0"))[0] == "GRACE"


async def test_reclaim_of_a_delivered_run_that_never_started_costs_nothing(
    driver: QueueDriver, blocking: BlockingLink
) -> None:
    """A worker that died between the blocking read and the claim crashed nothing."""
    run_id = await driver.enqueue()
    await driver.queue.wait_for_entry(blocking, "w1", 1000)
    assert await driver.crash() == 1
    run = (await driver.claim(consumer="w2")).runs[0]
    assert (run.run_id, run.attempt, run.crashes) == (run_id, 1, 0)


async def test_reclaim_of_a_cancelled_run_ends_it(driver: QueueDriver) -> None:
    """The worker died while it was asked to stop: cancelled, not tried again."""
    run = await driver.start()
    await driver.queue.cancel(run.run_id)
    await driver.crash()
    assert await driver.status(run.run_id) == "cancelled"
    assert await driver.at_rest() == {}


async def test_reclaim_ignores_an_entry_that_was_replaced(driver: QueueDriver) -> None:
    """A second entry of a run that somebody else holds is removed and takes nothing from it."""
    run = await driver.start()
    stream = driver.keys.ready("normal")
    stray = await driver.link.call("XADD", stream, "*", "r", run.run_id)
    await driver.link.call("XCLAIM", stream, GROUP, "w9", 0, stray, "JUSTID", "FORCE")
    await driver.trust_leases()
    old = 2 * driver.queue.settings.lease_ms
    await driver.link.call("XCLAIM", stream, GROUP, "w9", 0, stray, "IDLE", old, "JUSTID")
    assert await driver.reclaim() == 1
    assert await driver.status(run.run_id) == "running"
    assert await driver.finish(run) == "OK"
    assert await driver.at_rest() == {}


async def test_reclaim_quarantines_malformed_and_damaged_entries(driver: QueueDriver) -> None:
    """Neither stops the reclaim of the others."""
    await driver.enqueue_some(2)
    damaged, fine = (await driver.claim()).runs
    stream = driver.keys.ready("normal")
    stray = await driver.link.call("XADD", stream, "*", "x", "y")
    await driver.link.call("XCLAIM", stream, GROUP, "w1", 0, stray, "JUSTID", "FORCE")
    await driver.damage(driver.keys.run(damaged.run_id))
    assert await driver.crash() == 3
    assert {item["what"] for item in await driver.quarantined()} == {damaged.run_id, "entry"}
    assert await driver.status(fine.run_id) == "queued"
    await driver.link.call("DEL", driver.keys.run(damaged.run_id))


async def test_reclaim_sent_again_takes_nothing_twice(driver: QueueDriver) -> None:
    """A repeat finds the run queued, with one crash."""
    run = await driver.start()
    await driver.lapse()
    await driver.queue.reclaim("normal", "0-0")
    before = await driver.snapshot()
    assert (await driver.queue.reclaim("normal", "0-0"))[2] == 0
    assert await driver.snapshot() == before
    assert (await driver.hash(run.run_id))["crashes"] == "1"


async def test_reclaim_follows_its_cursor_past_healthy_entries(driver: QueueDriver) -> None:
    """Behind 3,000 kept leases one call finds nothing; the cursor leads to the lapsed one."""
    stream = driver.keys.ready("normal")
    await driver.enqueue_some(3_000)
    await driver.link.call(*("XREADGROUP", "GROUP", GROUP, "w1", "COUNT", 3_000, "STREAMS", stream, ">"))
    last = (await driver.pending("normal"))[-1][0]
    old = 2 * driver.queue.settings.lease_ms
    await driver.link.call("XCLAIM", stream, GROUP, "w1", 0, last, "IDLE", old, "JUSTID")
    await driver.trust_leases()
    word, cursor, count = await driver.queue.reclaim("normal", "0-0")
    assert (word, count) == ("OK", 0)
    assert cursor != "0-0"
    assert await driver.reclaim() == 1


async def test_reclaim_of_more_than_a_page_takes_them_all(driver: QueueDriver) -> None:
    """A dead worker with many runs is cleaned up by following the cursor."""
    await driver.enqueue_some(RECLAIM_PAGE + 50)
    await driver.claim(256, quotas={"normal": 256})
    assert await driver.crash() == RECLAIM_PAGE + 50
    assert await driver.link.call("ZCARD", driver.keys.runs_status("queued")) == RECLAIM_PAGE + 50


# A clock that went back


async def _turn_clock_back(driver: QueueDriver) -> None:
    await driver.link.call(
        *("HSET", driver.keys.lease_clock, "at", await driver.now_ms() + HOUR_MS, "grace_until", 0)
    )


async def test_reclaim_asks_for_stamps_until_the_lane_is_stamped(driver: QueueDriver) -> None:
    """A lost answer or a worker that dies while stamping leaves the mark for the next one."""
    await _turn_clock_back(driver)
    assert (await driver.queue.reclaim("normal", "0-0"))[0] == "STAMP"
    assert (await driver.queue.reclaim("normal", "0-0"))[0] == "STAMP"
    assert await driver.queue.stamp("normal", "-") == ""
    assert (await driver.queue.reclaim("normal", "0-0"))[0] == "GRACE"
    assert (await driver.queue.reclaim("high", "0-0"))[0] == "STAMP"
    assert await driver.queue.stamp("high", "-") == ""
    assert (await driver.queue.reclaim("high", "0-0"))[0] == "GRACE"


async def test_stamping_lets_entries_of_the_future_age_from_now(driver: QueueDriver) -> None:
    """Entries delivered in what is now the future would never lapse; each keeps its consumer."""
    await driver.enqueue_some(RECLAIM_PAGE + 20)
    await driver.claim(RECLAIM_PAGE + 20, quotas={"normal": RECLAIM_PAGE + 20})
    stream, future = driver.keys.ready("normal"), await driver.now_ms() + HOUR_MS
    for entry, consumer, _, _ in await driver.pending("normal"):
        await driver.link.call("XCLAIM", stream, GROUP, consumer, 0, entry, "TIME", future, "JUSTID")
    start, pages = "-", 0
    while start:
        start = await driver.queue.stamp("normal", start)
        pages += 1
    assert pages == 2
    assert {consumer for _, consumer, _, _ in await driver.pending("normal")} == {"w1"}
    await driver.lapse()
    assert await driver.reclaim() == RECLAIM_PAGE + 20


async def test_stamping_a_lane_without_a_group_is_done_at_once(driver: QueueDriver) -> None:
    """A lane that was never used has nothing to stamp, and its mark goes too."""
    await _turn_clock_back(driver)
    await driver.queue.reclaim("low", "0-0")
    await driver.link.call("DEL", driver.keys.ready("low"))
    assert await driver.queue.stamp("low", "-") == ""
    assert await driver.link.call("HEXISTS", driver.keys.lease_clock, "stamp|low") == 0


# Consumers


async def test_a_consumer_with_entries_is_not_forgotten(driver: QueueDriver) -> None:
    """Deleting a consumer would drop what it has pending, so only empty ones leave."""
    run = await driver.start()
    await driver.queue.leave("w1")
    assert len(await driver.pending("normal")) == 1
    await driver.finish(run)
    await driver.queue.leave("w1")
    assert await _consumers(driver) == []


async def test_silent_consumers_are_forgotten(driver: QueueDriver) -> None:
    """Names of dead processes go, once they hold nothing; recent ones and the reclaimer stay."""
    await driver.finish(await driver.start(consumer="old"))
    assert await driver.queue.scripts.run("queue/remove_consumers", "normal", 3_600_000) == 0
    await driver.start(consumer="busy")
    await driver.trust_leases()
    await driver.reclaim()
    busy_age = max(await _idle_ms(driver))
    assert await driver.queue.scripts.run("queue/remove_consumers", "normal", -1 - busy_age) == 1
    assert await _consumers(driver) == ["busy", "reclaim"]
    await driver.link.call("DEL", driver.keys.ready("low"))
    await driver.queue.forget_idle_consumers()


async def _consumers(driver: QueueDriver) -> list[str]:
    found = await driver.link.call("XINFO", "CONSUMERS", driver.keys.ready("normal"), GROUP)
    return sorted(flat[1] for flat in found)


# What a running attempt writes


async def test_progress_is_stored_and_reported_once(driver: QueueDriver) -> None:
    """The same value again is no event."""
    run = await driver.start()
    for value in ("1", "1", '{"of": 2}'):
        await driver.queue.progress(run, value)
    assert (await driver.hash(run.run_id))["progress"] == '{"of": 2}'
    assert (await driver.event_types(run.run_id)).count("run.progress") == 2


async def test_progress_of_a_lost_lease_is_refused(driver: QueueDriver) -> None:
    """A zombie's progress is not shown."""
    run = await driver.start()
    await driver.crash()
    (await driver.claim(consumer="w2")).runs.clear()
    with pytest.raises(LeaseLost):
        await driver.queue.progress(run, "99")
    assert "progress" not in await driver.hash(run.run_id)


async def test_log_lines_sent_again_stand_once(driver: QueueDriver, runs: RunStore) -> None:
    """Repeats and overlapping batches add only what is new; a new attempt counts from 1 again."""
    run = await driver.start()
    lines = [LogLine(at=i, level="info", message=f"line {i}", attempt=1) for i in range(1, 5)]
    await driver.queue.append_log(run, 1, lines[:2])
    await driver.queue.append_log(run, 1, lines[:3])
    await driver.queue.append_log(run, 4, lines[3:])
    await driver.queue.append_log(run, 2, lines[1:2])
    assert await runs.logs(run.run_id) == lines
    await driver.crash()
    second = (await driver.claim()).runs[0]
    assert second.logged
    await driver.queue.append_log(second, 1, lines[:1])
    assert len(await runs.logs(run.run_id)) == 5


async def test_log_of_a_lost_lease_is_refused(driver: QueueDriver, runs: RunStore) -> None:
    """A zombie writes no lines."""
    run = await driver.start()
    await driver.crash()
    await driver.claim(consumer="w2")
    with pytest.raises(LeaseLost):
        await driver.queue.append_log(run, 1, [LogLine(at=1, level="info", message="late")])
    assert await runs.logs(run.run_id) == []
