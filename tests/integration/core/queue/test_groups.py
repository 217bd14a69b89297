"""Groups of a concurrency key: their own limit, a limit for all, and turns."""

from __future__ import annotations

from app.core.models import AttemptOutcome, ClaimedRun
from app.core.queue.pauses import Pauses, Scope, ScopeKind
from tests.support.queue.limited import holders, line, set_limit
from tests.support.queue.queue_driver import QueueDriver

SHOP = "user:shop"
TURNS = "group_round_robin"


async def _ids(driver: QueueDriver) -> list[str]:
    return [run.run_id for run in (await driver.claim()).runs]


async def _next_of(driver: QueueDriver, running: ClaimedRun) -> ClaimedRun:
    await driver.finish(running)
    [started] = (await driver.claim()).runs
    return started


async def test_each_group_has_the_limit_and_all_have_the_total(driver: QueueDriver) -> None:
    """Two of a group run at once, and three of all groups; the run names what it waits for."""
    await set_limit(driver, SHOP, f"2|3|{TURNS}")
    first = await driver.enqueue_some(3, key="shop/a")
    second = await driver.enqueue_some(2, key="shop/b")
    assert await _ids(driver) == [*first[:2], second[0]]
    assert (await driver.hash(first[2]))["waiting"] == "user:shop/a"
    assert (await driver.hash(second[1]))["waiting"] == SHOP
    assert await holders(driver, SHOP) == {*first[:2], second[0]}


async def test_runs_of_a_full_group_are_not_in_the_lane(driver: QueueDriver) -> None:
    """Any number of runs of one group leaves the lane free for others."""
    await set_limit(driver, SHOP, f"1|4|{TURNS}")
    noisy = await driver.enqueue_some(300, key="shop/noisy")
    quiet = await driver.enqueue("job-b", key="shop/quiet")
    other = await driver.enqueue("job-c")
    assert await driver.link.call("XLEN", driver.keys.ready("normal")) == 3
    assert await _ids(driver) == [noisy[0], quiet, other]
    assert (await driver.queue.stats()).waiting_for_keys == 299


async def test_groups_take_turns(driver: QueueDriver) -> None:
    """A free slot goes to the group that was served least recently, not to the oldest run."""
    await set_limit(driver, SHOP, f"1|1|{TURNS}")
    a = await driver.enqueue_some(4, key="shop/a")
    b = await driver.enqueue_some(2, key="shop/b")
    c = await driver.enqueue_some(2, key="shop/c")
    [run] = (await driver.claim()).runs
    order = [run.run_id]
    while len(order) < 8:
        run = await _next_of(driver, run)
        order.append(run.run_id)
    assert order == [a[0], b[0], c[0], a[1], b[1], c[1], a[2], a[3]]


async def test_oldest_first_serves_the_oldest_run_of_all_groups(driver: QueueDriver) -> None:
    """Without turns the runs of all groups go in the order in which they were made."""
    await set_limit(driver, SHOP, "1|1|oldest_first")
    a = await driver.enqueue_some(3, key="shop/a")
    b = await driver.enqueue("job-b", key="shop/b")
    [run] = (await driver.claim()).runs
    order = [run.run_id]
    while len(order) < 4:
        run = await _next_of(driver, run)
        order.append(run.run_id)
    assert order == [*a, b]


async def test_groups_without_a_total_are_bound_by_their_own_limit_alone(driver: QueueDriver) -> None:
    """`oldest_first` without a total bounds each group and nothing else."""
    await set_limit(driver, SHOP, "1||oldest_first")
    made = [await driver.enqueue(key=f"shop/{number}") for number in range(150)]
    started = (await driver.claim(200, quotas={"normal": 200})).runs
    assert [run.run_id for run in started] == made


async def test_turns_without_a_total_share_the_slots_of_the_live_workers(driver: QueueDriver) -> None:
    """The scheduler stores how many runs the workers can run; so many enter the lanes."""
    await set_limit(driver, SHOP, f"5||{TURNS}")
    await driver.queue.sweep(7)
    for group in "abc":
        await driver.enqueue_some(5, key=f"shop/{group}")
    assert await driver.link.call("XLEN", driver.keys.ready("normal")) == 7


async def test_every_way_out_of_a_group_frees_both_slots(driver: QueueDriver) -> None:
    """Success, failure, retry, release, cancel and a crash free the group's slot and the shared one."""
    await set_limit(driver, SHOP, f"1|1|{TURNS}")
    await driver.enqueue_some(7, key="shop/a")
    for way in ("success", "failed", "retry", "release", "cancelled", "crash"):
        [run] = (await driver.claim()).runs
        match way:
            case "release":
                await driver.queue.release([(run.run_id, run.lease_id)])
            case "crash":
                await driver.crash()
            case _:
                await driver.finish(run, AttemptOutcome(way), delay_ms=60_000)
        for name in (SHOP, "user:shop/a"):
            held = await holders(driver, name)
            assert len(held) == 1
            assert run.run_id not in held
        await driver.queue.cancel(run.run_id)
    assert len(await line(driver, "user:shop/a", SHOP)) == 0


async def test_a_cancelled_run_of_a_group_leaves_its_line(driver: QueueDriver) -> None:
    """The next of the group leads; an empty group has no turn."""
    await set_limit(driver, SHOP, f"1|1|{TURNS}")
    runs = await driver.enqueue_some(3, key="shop/a")
    await driver.queue.cancel(runs[1])
    assert await line(driver, "user:shop/a", SHOP) == [runs[2]]
    await driver.queue.cancel(runs[2])
    lists = [driver.keys.waiting_lines(name) for name in (SHOP, "user:shop/a")]
    assert await driver.link.call("EXISTS", *lists, driver.keys.waiting_keys) == 0


async def test_a_promoted_run_of_a_full_group_waits_outside_its_lane(driver: QueueDriver) -> None:
    """Runs with a delay and retries enter the lane as others do: with their slots."""
    await set_limit(driver, SHOP, f"1|2|{TURNS}")
    now = await driver.enqueue(key="shop/a")
    later = await driver.enqueue_some(20, key="shop/a", delay_ms=60_000)
    await driver.make_due()
    await driver.queue.promote()
    assert await driver.link.call("XLEN", driver.keys.ready("normal")) == 1
    assert await line(driver, "user:shop/a", SHOP) == later
    assert await _ids(driver) == [now]


async def test_a_redriven_run_of_a_full_group_waits_outside_its_lane(driver: QueueDriver) -> None:
    """Dead letters of a group that are run again take nothing from others."""
    await set_limit(driver, SHOP, f"1|2|{TURNS}")
    dead = await driver.fail(key="shop/a")
    await driver.start(key="shop/a")
    await driver.queue.redrive(dead.run_id, dead.attempt)
    assert await driver.link.call("XLEN", driver.keys.ready("normal")) == 1
    assert await line(driver, "user:shop/a", SHOP) == [dead.run_id]


async def test_a_pause_takes_no_slot_of_a_group(driver: QueueDriver) -> None:
    """Held runs give their slots to others; after the pause they wait outside the lane."""
    await set_limit(driver, SHOP, f"1|1|{TURNS}")
    held = await driver.enqueue_some(3, "job-a", key="shop/a")
    other = await driver.enqueue("job-b", key="shop/b")
    for job in ("job-a", "job-b"):
        await driver.link.call("HSET", driver.keys.job(job), "type", "test.noop")
    pauses = Pauses(driver.link, driver.queue.scripts, driver.keys, driver.queue.clock)
    scope = Scope(ScopeKind.JOB, "job-a")
    await pauses.pause(scope, "ana", known=True)
    assert await _ids(driver) == []
    [run] = (await driver.claim()).runs
    assert run.run_id == other
    await driver.claim()
    assert await driver.link.call("ZCARD", driver.keys.paused("job:job-a")) == 1
    [pause] = await pauses.list()
    await pauses.resume(pause.scope, "ana")
    assert (await driver.hash(held[0]))["waiting"] == SHOP
    assert await holders(driver, SHOP) == {other}
    assert await driver.link.call("XLEN", driver.keys.ready("normal")) == 1


async def test_a_group_and_an_overlap_key_are_taken_together(driver: QueueDriver) -> None:
    """A job with `overlap: queue` has one run at once, in whatever group."""
    await set_limit(driver, SHOP, f"2|4|{TURNS}")
    first = await driver.start("job-a", overlap_key=True, key="shop/a")
    second = await driver.enqueue("job-a", overlap_key=True, key="shop/b")
    assert (await driver.hash(second))["waiting"] == "job:job-a"
    assert await holders(driver, "user:shop/b") == set()
    assert (await _next_of(driver, first)).run_id == second


async def test_cost_of_a_group_does_not_depend_on_who_waits(driver: QueueDriver) -> None:
    """The commands of an enqueue and of an end are as many with 2,000 waiting runs as with two."""
    await set_limit(driver, SHOP, f"1|2|{TURNS}")
    await driver.enqueue_some(3, key="shop/a")

    async def commands() -> tuple[int, int]:
        before = await _calls(driver)
        await driver.enqueue(key="shop/a")
        between = await _calls(driver)
        [run] = (await driver.claim(1)).runs
        await driver.finish(run)
        return between - before, await _calls(driver) - between

    few = await commands()
    for group in range(100):
        await driver.enqueue_some(20, key=f"shop/{group}")
    many = await commands()
    assert many[0] <= few[0] + 2
    assert many[1] <= few[1] + 30


async def _calls(driver: QueueDriver) -> int:
    info: str = await driver.link.call("INFO", "commandstats")
    lines = [each for each in info.splitlines() if each.startswith("cmdstat_")]
    return sum(int(each.partition("calls=")[2].partition(",")[0]) for each in lines)
