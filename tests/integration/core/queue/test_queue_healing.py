"""Signs of lost ready entries, and the walks that they start."""

from __future__ import annotations

import pytest

from app.core.queue.scheduler import HEAL_BUDGET, HEAL_PAGE
from app.core.specs.store import JobStore
from app.core.storage.keys import GROUP
from tests.support.queue.paused import Paused, job_scope
from tests.support.queue.queue_driver import QueueDriver

SERVER = "server-1"


@pytest.fixture
async def settled(driver: QueueDriver) -> QueueDriver:
    """Return a driver whose lanes are marked and looked through."""
    assert await check(driver) == ["WALK", "lane"]
    assert await walk(driver) == 0
    # The distance to the next walk, a few milliseconds here.
    await driver.link.call("HDEL", driver.keys.heal, "not_before")
    assert await check(driver) == ["FINE", ""]
    return driver


async def check(driver: QueueDriver, server: str = SERVER) -> list[str]:
    return await driver.queue.scripts.run("queue/check_lanes", server)


async def walk(driver: QueueDriver) -> int:
    """Go on with the walk to its end; return how many runs it healed."""
    total, word = 0, "MORE"
    while word == "MORE":
        word, healed, _ = await driver.queue.scripts.run("queue/repair_entries", "walk", HEAL_PAGE)
        total += healed
    return total


async def walk_net(driver: QueueDriver) -> int:
    """Do one whole round of the continuous walk; return how many runs it healed."""
    total, word = 0, "MORE"
    while word == "MORE":
        word, healed, _ = await driver.queue.scripts.run("queue/repair_entries", "net", HEAL_PAGE)
        total += healed
    return total


async def trim(driver: QueueDriver, kept: int, lane: str = "normal") -> None:
    """Lose the oldest entries of a lane but not the lane."""
    await driver.link.call("XTRIM", driver.keys.ready(lane), "MAXLEN", kept)


async def test_lanes_without_a_loss_start_no_walk(settled: QueueDriver, jobs: JobStore) -> None:
    """Runs that wait, run, are delayed, wait for a key or are held by a pause all count as they should."""
    paused = Paused(settled, jobs)
    await paused.create("job-held")
    await settled.finish(await settled.start())
    await settled.start("job-b", overlap_key=True)
    await settled.enqueue_some(3, "job-b", overlap_key=True)
    await settled.enqueue_some(2, "job-c", overlap_key=True, key="shared")
    await settled.claim(100)
    await settled.enqueue(delay_ms=60_000)
    await paused.hold(2, job_scope("job-held"), job_id="job-held")
    await settled.enqueue_some(4)
    assert await check(settled) == ["FINE", ""]


@pytest.mark.parametrize("lane", ["high", "normal", "low", "suspect"])
async def test_a_lane_that_was_lost_starts_a_walk(settled: QueueDriver, lane: str) -> None:
    """One lane is enough, whether its stream or only its group is gone, though the group was made again."""
    await settled.link.call("DEL", settled.keys.ready(lane))
    assert await check(settled) == ["WALK", "lane"]
    assert await walk(settled) == 0
    await settled.link.call("XGROUP", "DESTROY", settled.keys.ready(lane), GROUP)
    await settled.link.call("XGROUP", "CREATE", settled.keys.ready(lane), GROUP, "0")
    assert await check(settled) == ["WALK", "lane"]
    assert await check(settled) == ["WALK", ""]


async def test_another_server_process_starts_a_walk(settled: QueueDriver) -> None:
    """After a failover or a restart all runs are looked at once."""
    assert await check(settled, "server-2") == ["WALK", "server"]
    assert await walk(settled) == 0
    assert await check(settled, "server-2") == ["FINE", ""]


async def test_fewer_entries_than_runs_start_a_walk(settled: QueueDriver) -> None:
    """A trimmed lane keeps its group and its mark: only the count shows the loss."""
    run = await settled.start()
    run_ids = await settled.enqueue_some(5)
    await trim(settled, 2)
    assert await check(settled) == ["WALK", "count"]
    assert await walk(settled) == 4
    assert await check(settled) == ["FINE", ""]
    assert {r.run_id for r in (await settled.claim(consumer="w2")).runs} == set(run_ids)
    assert await settled.queue.renew("w1", [(run.run_id, run.lease_id)]) == ["OK"]
    assert await settled.finish(run) == "OK"


async def test_what_no_walk_can_heal_causes_one_walk(settled: QueueDriver) -> None:
    """A run whose record waits for a key but which is in no line is checked once, not each time."""
    await settled.link.call("HSET", settled.keys.run(await settled.enqueue()), "waiting", "user:gone")
    await trim(settled, 0)
    assert await check(settled) == ["WALK", "count"]
    assert await walk(settled) == 0
    await settled.link.call("HDEL", settled.keys.heal, "not_before")
    assert await check(settled) == ["FINE", ""]
    await settled.enqueue()
    await trim(settled, 0)
    assert await check(settled) == ["WALK", "count"]
    assert await walk(settled) == 1


async def test_walks_for_a_count_keep_their_distance(settled: QueueDriver) -> None:
    """A run that is lost again and again must not keep Redis busy; a lost lane is looked after at once."""
    await settled.link.call("HSET", settled.keys.heal, "not_before", await settled.now_ms() + 60_000)
    await settled.enqueue()
    await trim(settled, 0)
    assert await check(settled) == ["FINE", ""]
    await settled.link.call("DEL", settled.keys.ready("low"))
    assert await check(settled) == ["WALK", "lane"]
    assert await walk(settled) == 1


async def test_a_distance_from_before_the_clock_went_back_does_not_count(settled: QueueDriver) -> None:
    """Redis' clock may be turned back by a year."""
    await settled.link.call("HSET", settled.keys.heal, "not_before", await settled.now_ms() + 31_536_000_000)
    await settled.enqueue()
    await trim(settled, 0)
    assert await check(settled) == ["WALK", "count"]


async def test_a_walk_resumes_after_another_scheduler(settled: QueueDriver) -> None:
    """The cursor is in Redis: nothing is looked at twice, and running runs come first."""
    await settled.enqueue_some(3)
    await settled.claim()
    await settled.enqueue_some(7)
    await settled.link.call("DEL", settled.keys.ready("normal"))
    await check(settled)
    run = settled.queue.scripts.run
    steps = [await run("queue/repair_entries", "walk", 4) for _ in range(3)]
    assert steps == [["MORE", 3, 3], ["MORE", 4, 4], ["DONE", 3, 3]]
    assert await run("queue/repair_entries", "walk", 4) == ["DONE", 0, 0]


async def test_the_walk_that_never_ends_heals_what_no_count_shows(settled: QueueDriver) -> None:
    """With as many orphan entries as lost ones the count is right; the continuous walk heals them."""
    run_ids = await settled.enqueue_some(3)
    await trim(settled, 1)
    for _ in range(2):
        await settled.link.call("XADD", settled.keys.ready("normal"), "*", "r", "nobody")
    assert await check(settled) == ["FINE", ""]
    assert await walk_net(settled) == 2
    assert {run.run_id for run in (await settled.claim()).runs} == set(run_ids)


async def test_more_lines_than_are_counted_start_no_walk(settled: QueueDriver) -> None:
    """With too many lines to count cheaply, only the continuous walk looks for a partial loss."""
    jobs = [f"job-{number}" for number in range(260)]
    for _ in range(2):
        await settled.queue.enqueue_many([settled.new_run(job, overlap_key=True) for job in jobs])
    for consumer in ("a", "b", "c"):
        await settled.claim(256, consumer, {"normal": 256})
    await settled.enqueue()
    await trim(settled, 0)
    assert await check(settled) == ["FINE", ""]
    assert await walk_net(settled) == len(jobs) + 1
    assert await settled.link.call("XLEN", settled.keys.ready("normal")) == len(jobs) + 1


async def test_heal_replaces_an_entry_that_was_acknowledged_by_hand(settled: QueueDriver) -> None:
    """Delivered and not pending: no worker would ever get it again, though it is in the stream."""
    run_id = await settled.enqueue()
    stream = settled.keys.ready("normal")
    await settled.link.call("XREADGROUP", "GROUP", GROUP, "w9", "STREAMS", stream, ">")
    assert await settled.queue.heal() == 0
    await settled.link.call("XACK", stream, GROUP, (await settled.hash(run_id))["entry"])
    assert await settled.queue.heal() == 1
    assert await settled.link.call("XLEN", stream) == 1
    assert [run.run_id for run in (await settled.claim()).runs] == [run_id]


async def test_heal_takes_no_entry_of_another_run_for_its_own(settled: QueueDriver) -> None:
    """A stream that was made again may number its entries like the lost one."""
    lost, other = await settled.enqueue_some(2)
    entry = (await settled.hash(lost))["entry"]
    await settled.link.call("DEL", settled.keys.ready("normal"))
    await settled.link.call("XADD", settled.keys.ready("normal"), entry, "r", other)
    await settled.link.call("HSET", settled.keys.run(other), "entry", entry)
    assert await settled.queue.heal() == 1
    assert {run.run_id for run in (await settled.claim()).runs} == {lost, other}


async def test_heal_takes_a_run_without_a_record_off_the_index(settled: QueueDriver) -> None:
    """A record that was deleted by hand leaves nothing to heal, and nothing that is missed each time."""
    run_id = await settled.enqueue()
    await settled.link.call("DEL", settled.keys.run(run_id))
    assert await settled.queue.heal() == 0
    assert await settled.link.call("ZCARD", settled.keys.runs_status("queued")) == 0
    await settled.claim()
    assert await check(settled) == ["FINE", ""]
    await settled.link.call("ZREM", settled.keys.runs, run_id)


async def test_the_mark_of_a_lane_is_not_forgotten(settled: QueueDriver) -> None:
    """It holds no entries and is always idle; without it each look would start a walk."""
    for lane in ("high", "normal", "low", "suspect"):
        await settled.queue.scripts.run("queue/remove_consumers", lane, -1)
    assert await check(settled) == ["FINE", ""]


async def test_a_round_heals_within_its_budget(driver: QueueDriver) -> None:
    """A round ends after its budget and reports that there is more; the next one goes on."""
    await driver.queue.heal_round()
    for _ in range(9):
        await driver.enqueue_some(250)
    await driver.link.call("DEL", driver.keys.ready("normal"))
    assert await driver.queue.heal_round() == HEAL_BUDGET
    assert await driver.link.call("XLEN", driver.keys.ready("normal")) == HEAL_BUDGET - HEAL_PAGE
    assert await driver.queue.heal_round() == 9 * 250 - (HEAL_BUDGET - HEAL_PAGE)
    assert await driver.queue.heal_round() == 0
