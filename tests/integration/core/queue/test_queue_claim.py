"""Claiming: a batch by weight, once, without runs that must not start."""

from __future__ import annotations

import pytest

from app.core.queue import StreamEntry
from app.core.redis_client import BlockingLink
from app.core.storage.keys import GROUP, LANES
from app.services.worker.claimer import WeightedRoundRobin
from tests.support.queue.queue_driver import QueueDriver, ending


async def test_claim_starts_an_attempt(driver: QueueDriver) -> None:
    """A claimed run is running, with its attempt, lease, worker and start in its record."""
    run = await driver.start()
    stored = await driver.hash(run.run_id)
    assert (run.attempt, run.lease_id) == (1, f"w1:1:{run.fencing_token}")
    assert {name: stored[name] for name in ("status", "attempt", "lease", "worker")} == {
        "status": "running",
        "attempt": "1",
        "lease": run.lease_id,
        "worker": "worker-w1",
    }
    assert int(stored["started"]) == run.started_at_ms >= run.queued_at_ms
    assert await driver.link.call("ZRANGE", driver.keys.runs_status("running"), 0, -1) == [run.run_id]
    assert await driver.event_types(run.run_id) == ["run.queued", "run.running"]


async def test_claim_sent_again_returns_the_same_runs(driver: QueueDriver) -> None:
    """The same claim number answers the same runs, and starts nothing."""
    await driver.enqueue_some(4)
    first = await driver.queue.claim("w1", 1, "worker", 2, {"normal": 2}, [])
    before = await driver.snapshot()
    again = await driver.queue.claim("w1", 1, "worker", 2, {"normal": 2}, [])
    assert again.runs == first.runs
    assert len(first.runs) == 2
    assert await driver.snapshot() == before


async def test_claim_sent_again_leaves_out_what_has_ended(driver: QueueDriver) -> None:
    """A very late repeat does not hand out a run that is over."""
    await driver.enqueue_some(2)
    first = await driver.queue.claim("w1", 1, "worker", 2, {"normal": 2}, [])
    await driver.finish(first.runs[0])
    again = await driver.queue.claim("w1", 1, "worker", 2, {"normal": 2}, [])
    assert again.runs == first.runs[1:]


async def test_claim_with_an_older_number_is_stale(driver: QueueDriver) -> None:
    """A claim that was overtaken by a newer one of its consumer brings nothing."""
    await driver.enqueue_some(2)
    await driver.queue.claim("w1", 2, "worker", 1, {"normal": 1}, [])
    late = await driver.queue.claim("w1", 1, "worker", 1, {"normal": 1}, [])
    assert late.stale
    assert late.runs == []
    assert len(await driver.pending("normal")) == 1


async def test_claim_never_exceeds_its_slots(driver: QueueDriver) -> None:
    """Quotas beyond the slots are cut, over all lanes together."""
    for lane in LANES:
        await driver.enqueue_some(20, lane=lane)
    claim = await driver.claim(10, quotas={"high": 10, "normal": 10, "low": 10})
    assert len(claim.runs) == 10
    assert [len(await driver.pending(lane)) for lane in LANES] == [10, 0, 0]


async def test_claim_passes_on_what_a_lane_leaves(driver: QueueDriver) -> None:
    """Slots that an empty lane does not use go to those that have more."""
    await driver.enqueue_some(20, lane="low")
    claim = await driver.claim(12, quotas={"high": 8, "normal": 3, "low": 1})
    assert len(claim.runs) == 12
    assert claim.taken == {"high": 0, "normal": 0, "low": 12}


async def test_claim_with_quota_zero_leaves_the_lane_out(driver: QueueDriver) -> None:
    """A quota of zero asks nothing of a lane while the others use up the slots."""
    await driver.enqueue_some(5, lane="high")
    await driver.enqueue_some(5, lane="low")
    claim = await driver.claim(3, quotas={"high": 3, "normal": 0, "low": 0})
    assert claim.taken == {"high": 3, "normal": 0, "low": 0}


@pytest.mark.parametrize("slots", [1, 5, 12])
async def test_claims_share_slots_by_weight_over_time(driver: QueueDriver, slots: int) -> None:
    """With all lanes full they get 8 : 3 : 1, and `low` does not starve at one slot at a time."""
    for lane in LANES:
        await driver.enqueue_some(120, lane=lane)
    credit, taken = WeightedRoundRobin(), dict.fromkeys(LANES, 0)
    while sum(taken.values()) < 120:
        quotas = credit.quotas(slots)
        claim = await driver.claim(slots, quotas=quotas)
        credit.spent(quotas, claim.taken)
        for lane in LANES:
            taken[lane] += claim.taken[lane]
    assert abs(taken["high"] - 80) <= slots
    assert abs(taken["normal"] - 30) <= slots
    assert 10 - slots <= taken["low"] <= 10 + slots
    assert taken["low"] >= 9


async def test_claim_of_256_runs_is_one_batch(driver: QueueDriver) -> None:
    """The largest batch fits into one script, claim and finish alike."""
    run_ids = await driver.enqueue_some(256)
    runs = (await driver.claim(256, quotas={"normal": 256})).runs
    assert [run.run_id for run in runs] == run_ids
    words = await driver.queue.finish_many([ending(run) for run in runs])
    assert words == ["OK"] * 256
    assert await driver.at_rest() == {}


async def test_claim_drops_what_is_not_queued(driver: QueueDriver) -> None:
    """An entry of a run that is cancelled, ended, unknown or has a newer entry is removed, not started."""
    keys = driver.keys
    cancelled, replaced = await driver.enqueue_some(2)
    old = (await driver.hash(cancelled))["entry"]
    await driver.queue.cancel(cancelled)
    await driver.link.call("XADD", keys.ready("normal"), "*", "r", cancelled)
    await driver.link.call("XADD", keys.ready("normal"), "*", "r", "nobody@1")
    await driver.link.call("XADD", keys.ready("normal"), "*", "r", replaced)
    claim = await driver.claim()
    assert [run.run_id for run in claim.runs] == [replaced]
    assert await driver.link.call("XLEN", keys.ready("normal")) == 1
    assert (await driver.hash(cancelled))["entry"] == old
    assert await driver.status(cancelled) == "cancelled"


async def test_malformed_entries_are_quarantined(driver: QueueDriver) -> None:
    """An entry that names no run is kept for a look and taken out of the lane."""
    entry = await driver.link.call("XADD", driver.keys.ready("high"), "*", "wrong", "field", "r", "x")
    run_id = await driver.enqueue()
    claim = await driver.claim()
    assert [run.run_id for run in claim.runs] == [run_id]
    quarantined = (await driver.quarantined())[0]
    assert (quarantined["entry"], quarantined["lane"], quarantined["reason"]) == (entry, "high", "malformed")
    assert await driver.link.call("XLEN", driver.keys.ready("high")) == 0


async def test_claim_of_a_damaged_record_leaves_its_neighbours_alone(driver: QueueDriver) -> None:
    """A run whose record can't be read is quarantined; the others of the batch start."""
    run_ids = await driver.enqueue_some(3)
    await driver.damage(driver.keys.run(run_ids[1]))
    claim = await driver.claim()
    assert [run.run_id for run in claim.runs] == [run_ids[0], run_ids[2]]
    assert [item["what"] for item in await driver.quarantined()] == [run_ids[1]]
    assert await driver.link.call("XLEN", driver.keys.ready("normal")) == 2
    await driver.link.call("DEL", driver.keys.run(run_ids[1]))


async def test_claim_makes_a_lost_group_again(driver: QueueDriver) -> None:
    """Without its group a lane is read from the start: what was queued is claimed."""
    run_ids = await driver.enqueue_some(2)
    await driver.link.call("XGROUP", "DESTROY", driver.keys.ready("normal"), GROUP)
    claim = await driver.claim()
    assert [run.run_id for run in claim.runs] == run_ids


async def test_a_running_run_is_not_started_twice_when_its_group_was_lost(driver: QueueDriver) -> None:
    """Delivered to another worker by a new group it stays pending, and its own worker takes it back."""
    run = await driver.start()
    await driver.link.call("XGROUP", "DESTROY", driver.keys.ready("normal"), GROUP)
    assert (await driver.claim(consumer="w2")).runs == []
    assert [p[1] for p in await driver.pending("normal")] == ["w2"]
    assert await driver.queue.renew("w1", [(run.run_id, run.lease_id)]) == ["OK"]
    assert [p[1] for p in await driver.pending("normal")] == ["w1"]
    assert await driver.finish(run) == "OK"
    assert await driver.at_rest() == {}


async def test_own_running_run_with_its_answer_lost_is_handed_out_again(
    driver: QueueDriver, blocking: BlockingLink
) -> None:
    """What a consumer finds pending under its name and does not know, it adopts under the old lease."""
    run = await driver.start()
    pending = await driver.queue.pending_of(blocking, "w1", 100)
    assert [(item.lane, item.run_id) for item in pending] == [("normal", run.run_id)]
    claim = await driver.claim(adopt=pending)
    assert claim.runs == [run]
    assert (await driver.hash(run.run_id))["attempt"] == "1"


async def test_a_consumer_whose_name_begins_like_another_owns_nothing_of_it(driver: QueueDriver) -> None:
    """`w1` must not be handed what `w10` runs."""
    run = await driver.start(consumer="w10")
    entry = (await driver.hash(run.run_id))["entry"]
    claim = await driver.claim(consumer="w1", adopt=[StreamEntry("normal", entry, run.run_id)])
    assert claim.runs == []


async def test_what_a_blocking_read_brings_is_adopted(driver: QueueDriver, blocking: BlockingLink) -> None:
    """An idle worker sleeps in Redis, and the entry that wakes it goes through the same script."""
    run_id = await driver.enqueue(lane="low")
    delivered = await driver.queue.wait_for_entry(blocking, "w1", 1000)
    assert [(item.lane, item.run_id) for item in delivered] == [("low", run_id)]
    claim = await driver.claim(1, quotas={"low": 1}, adopt=delivered)
    assert [run.run_id for run in claim.runs] == [run_id]


async def test_lease_of_an_adopted_run_counts_from_its_claim(
    driver: QueueDriver, blocking: BlockingLink
) -> None:
    """However long an entry was delivered before it is adopted, its run has a whole lease."""
    run_id = await driver.enqueue()
    delivered = await driver.queue.wait_for_entry(blocking, "w1", 1000)
    await driver.lapse()
    assert [run.run_id for run in (await driver.claim(adopt=delivered)).runs] == [run_id]
    assert await driver.reclaim() == 0


async def test_renewal_keeps_what_a_claim_in_flight_has_taken(driver: QueueDriver) -> None:
    """A worker that has not read a claim's answer yet names the claim, and its runs are renewed."""
    await driver.enqueue_some(2)
    claim = await driver.claim()
    await driver.lapse()
    assert await driver.queue.renew("w1", [], claiming=1) == []
    assert await driver.reclaim() == 0
    assert [await driver.finish(run) for run in claim.runs] == ["OK", "OK"]


async def test_renewal_of_another_claim_keeps_nothing(driver: QueueDriver) -> None:
    """A claim that has not come to Redis yet renews none of the one before it."""
    await driver.start()
    await driver.lapse()
    assert await driver.queue.renew("w1", [], claiming=2) == []
    assert await driver.reclaim() == 1


async def test_renewal_of_a_claim_in_flight_takes_nothing_from_others(driver: QueueDriver) -> None:
    """What was taken back and claimed by another meanwhile stays with it."""
    await driver.start()
    await driver.crash()
    await driver.claim(consumer="w2")
    await driver.queue.renew("w1", [], claiming=1)
    assert [p[1] for p in await driver.pending("normal")] == ["w2"]


async def test_a_blocking_read_of_nothing_is_empty(driver: QueueDriver, blocking: BlockingLink) -> None:
    """Nothing within the time is no error."""
    assert await driver.queue.wait_for_entry(blocking, "w1", 1) == []


async def test_adoption_with_too_few_slots_gives_the_rest_back(
    driver: QueueDriver, blocking: BlockingLink
) -> None:
    """What was delivered beyond the free slots is queued again, at no cost, and others claim it."""
    run_ids = await driver.enqueue_some(3)
    await driver.link.call(
        *("XREADGROUP", "GROUP", GROUP, "w1", "COUNT", 3, "STREAMS", driver.keys.ready("normal"), ">")
    )
    delivered = await driver.queue.pending_of(blocking, "w1", 100)
    claim = await driver.claim(1, adopt=delivered)
    assert [run.run_id for run in claim.runs] == run_ids[:1]
    others = (await driver.claim(consumer="w2")).runs
    assert [run.run_id for run in others] == run_ids[1:]
    assert {(run.attempt, run.crashes) for run in others} == {(1, 0)}


async def test_a_claim_without_slots_gives_back_what_was_delivered(
    driver: QueueDriver, blocking: BlockingLink
) -> None:
    """A worker that stops hands its undelivered work on."""
    run_id = await driver.enqueue()
    delivered = await driver.queue.wait_for_entry(blocking, "w1", 1000)
    assert (await driver.claim(0, quotas={}, adopt=delivered)).runs == []
    assert await driver.pending("normal") == []
    assert [run.run_id for run in (await driver.claim(consumer="w2")).runs] == [run_id]


async def test_adopting_a_malformed_entry_quarantines_it(driver: QueueDriver, blocking: BlockingLink) -> None:
    """A blocking read may bring an entry that names no run."""
    await driver.link.call("XADD", driver.keys.ready("normal"), "*", "x", "y")
    delivered = await driver.queue.wait_for_entry(blocking, "w1", 1000)
    assert delivered[0].run_id == ""
    assert (await driver.claim(adopt=delivered)).runs == []
    assert [item["reason"] for item in await driver.quarantined()] == ["malformed"]
    assert await driver.at_rest() == {}


async def test_claim_counts_the_wait_of_the_run(driver: QueueDriver) -> None:
    """Each start counts once in its lane's histogram and in the minute."""
    await driver.start(lane="high")
    metrics = await driver.fields(driver.keys.metrics)
    buckets = {name: n for name, n in metrics.items() if name.startswith("wait|high|") and "sum" not in name}
    assert list(buckets.values()) == ["1"]
