"""Places of concurrency and overlap keys: never too many, never lost, in order."""

from __future__ import annotations

from app.core.models import AttemptOutcome, Concurrency, JobSpec
from app.core.specs.store import JobStore
from tests.support.queue.queue_driver import QueueDriver


async def _limit(driver: QueueDriver, key: str, limit: int) -> None:
    await driver.link.call("HSET", driver.keys.limits, f"user:{key}", limit)


async def _holders(driver: QueueDriver, name: str) -> set[str]:
    return set(await driver.link.call("SMEMBERS", driver.keys.holders(name)))


async def test_key_limit_is_never_exceeded(driver: QueueDriver) -> None:
    """Of five claimed runs with a limit of two, two start and three wait in order."""
    await _limit(driver, "db", 2)
    run_ids = await driver.enqueue_some(5, key="db")
    started = (await driver.claim()).runs
    assert [run.run_id for run in started] == run_ids[:2]
    assert await driver.link.call("ZRANGE", driver.keys.waiting("user:db"), 0, -1) == run_ids[2:]
    assert await driver.link.call("XLEN", driver.keys.ready("normal")) == 2
    assert (await driver.hash(run_ids[2]))["waiting"] == "user:db"
    assert (await driver.queue.stats()).waiting_for_keys == 3


async def test_a_freed_place_goes_to_the_head_of_the_line(driver: QueueDriver) -> None:
    """Late runs wait behind earlier ones, even if the place was just freed."""
    run_ids = await driver.enqueue_some(3, key="k")
    first = (await driver.claim()).runs[0]
    await driver.finish(first)
    late = await driver.enqueue(key="k", lane="high")
    assert await _holders(driver, "user:k") == {run_ids[1]}
    assert [run.run_id for run in (await driver.claim()).runs] == [run_ids[1]]
    assert await driver.link.call("ZRANGE", driver.keys.waiting("user:k"), 0, -1) == [run_ids[2], late]


async def test_every_way_out_frees_the_place(driver: QueueDriver) -> None:
    """Success, failure, retry, release, cancel and a crash all hand the place on."""
    run_ids = await driver.enqueue_some(7, key="k")
    queue, done = driver.queue, list[str]()
    for way in ("success", "failed", "retry", "release", "cancelled", "crash"):
        run = (await driver.claim()).runs[0]
        done.append(run.run_id)
        match way:
            case "release":
                await queue.release([(run.run_id, run.lease_id)])
            case "crash":
                await driver.crash()
            case _:
                await driver.finish(run, AttemptOutcome(way), delay_ms=60_000)
        holders = await _holders(driver, "user:k")
        assert len(holders) == 1
        assert run.run_id not in holders
        await queue.cancel(run.run_id)
    assert done == run_ids[:6]
    assert await _holders(driver, "user:k") == {run_ids[6]}


async def test_overlap_and_concurrency_keys_are_taken_both_or_none(driver: QueueDriver) -> None:
    """A run that finds its second key full holds none of them while it waits."""
    holder = await driver.start("job-b", key="db")
    blocked = await driver.enqueue("job-a", overlap_key=True, key="db")
    await driver.claim()
    assert await _holders(driver, "job:job-a") == set()
    assert (await driver.hash(blocked))["waiting"] == "user:db"
    await driver.finish(holder)
    assert await _holders(driver, "job:job-a") == await _holders(driver, "user:db") == {blocked}


async def test_a_waiter_admitted_to_one_key_may_wait_for_the_other(driver: QueueDriver) -> None:
    """Freeing the first key moves the run to the line of the second, without holding the first."""
    first = await driver.start("job-a", overlap_key=True)
    second = await driver.enqueue("job-a", overlap_key=True, key="db")
    await driver.claim()
    other = await driver.start("job-b", key="db")
    await driver.finish(first)
    assert (await driver.hash(second))["waiting"] == "user:db"
    assert await _holders(driver, "job:job-a") == set()
    await driver.finish(other)
    assert [run.run_id for run in (await driver.claim()).runs] == [second]


async def test_a_free_place_passes_over_all_who_need_another_key(driver: QueueDriver) -> None:
    """Runs of busy jobs, however many, do not block a shared key for a run that needs only that key."""
    holder = await driver.start("job-b", key="db")
    blocked = await driver.enqueue_some(40, "job-a", overlap_key=True, key="db")
    await driver.claim()
    busy = await driver.start("job-a", overlap_key=True)
    alone = await driver.enqueue("job-c", key="db")
    await driver.claim()
    await driver.finish(holder)
    assert await _holders(driver, "user:db") == {alone}
    assert (await driver.hash(blocked[0]))["waiting"] == "job:job-a"
    await driver.finish(busy)
    assert await _holders(driver, "job:job-a") == set()
    [run] = (await driver.claim()).runs
    await driver.finish(run)
    assert await _holders(driver, "job:job-a") == await _holders(driver, "user:db") == {blocked[0]}


async def test_a_free_overlap_place_passes_over_all_who_need_a_full_key(driver: QueueDriver) -> None:
    """Runs whose shared key is full, however many, do not hold up a run that needs the job's turn alone."""
    first = await driver.start("job-a", overlap_key=True)
    await driver.enqueue_some(40, "job-a", overlap_key=True, key="db")
    alone = await driver.enqueue("job-a", overlap_key=True)
    await driver.start("job-b", key="db")
    await driver.finish(first)
    assert await _holders(driver, "job:job-a") == {alone}


async def test_a_shared_place_goes_to_who_waits_longest_and_not_to_the_same_job(driver: QueueDriver) -> None:
    """A run that leaves two places hands the shared one to the oldest of all lines."""
    first = await driver.start("job-a", overlap_key=True, key="db")
    older = await driver.enqueue("job-b", key="db")
    younger = await driver.enqueue("job-a", overlap_key=True, key="db")
    await driver.claim()
    await driver.finish(first)
    assert await _holders(driver, "user:db") == {older}
    await driver.finish((await driver.claim()).runs[0])
    assert await _holders(driver, "job:job-a") == await _holders(driver, "user:db") == {younger}


async def test_two_places_left_together_go_to_one_who_needs_both(driver: QueueDriver) -> None:
    """The oldest is not passed over for the place of the one key that is given away first."""
    first = await driver.start("job-a", overlap_key=True, key="db")
    older = await driver.enqueue("job-a", overlap_key=True, key="db")
    await driver.enqueue("job-b", key="db")
    await driver.claim()
    await driver.finish(first)
    assert await _holders(driver, "job:job-a") == await _holders(driver, "user:db") == {older}


async def test_cancel_of_a_head_lets_the_next_one_lead(driver: QueueDriver) -> None:
    """A line is ranked by who leads it now, so a younger run does not inherit the rank of a cancelled one."""
    holder = await driver.start("job-b", key="db")
    head = await driver.enqueue("job-a", overlap_key=True, key="db")
    older = await driver.enqueue("job-c", key="db")
    younger = await driver.enqueue("job-a", overlap_key=True, key="db")
    await driver.claim()
    await driver.queue.cancel(head)
    line = driver.keys.waiting("job:job-a,user:db")
    assert await driver.link.call("ZRANGE", line, 0, -1) == [younger]
    await driver.finish(holder)
    assert await _holders(driver, "user:db") == {older}
    await driver.queue.cancel(younger)
    assert await driver.link.call("EXISTS", line, driver.keys.waiting_lines("user:db")) == 0


async def test_waiters_that_cannot_be_read_do_not_keep_the_place(driver: QueueDriver) -> None:
    """A damaged and a vanished run leave the line for the one behind them, the damaged one with a note."""
    run_ids = await driver.enqueue_some(4, key="k")
    first = (await driver.claim()).runs[0]
    await driver.damage(driver.keys.run(run_ids[1]))
    await driver.link.call("DEL", driver.keys.run(run_ids[2]))
    await driver.finish(first)
    assert await _holders(driver, "user:k") == {run_ids[3]}
    assert [entry["what"] for entry in await driver.quarantined()] == [run_ids[1]]
    await driver.link.call("DEL", driver.keys.run(run_ids[1]))


async def test_jobs_with_one_key_share_its_limit(driver: QueueDriver) -> None:
    """The key counts runs over all jobs."""
    await _limit(driver, "db", 1)
    await driver.start("job-a", key="db")
    await driver.enqueue("job-b", key="db")
    assert (await driver.claim()).runs == []


async def test_a_key_named_like_an_overlap_key_is_another(driver: QueueDriver) -> None:
    """`job:job-a` as a person's key does not meet the overlap key of job-a."""
    await driver.start("job-a", overlap_key=True)
    run = await driver.start("job-b", key="job:job-a")
    assert await _holders(driver, "user:job:job-a") == {run.run_id}


async def test_raising_a_limit_admits_those_who_wait(driver: QueueDriver, jobs: JobStore) -> None:
    """A save with a higher limit lets waiting runs go at once."""
    spec = JobSpec(job_id="job-a", type="test.noop", concurrency=Concurrency(key="db", limit=1))
    await jobs.create(spec, actor="ana", origin="test")
    run_ids = await driver.enqueue_some(4, key="db")
    await driver.claim()
    wider = spec.model_copy(update={"concurrency": Concurrency(key="db", limit=3)})
    await jobs.replace(wider, expected_version=None, actor="ana", origin="test")
    assert [run.run_id for run in (await driver.claim()).runs] == run_ids[1:3]
    assert len(await _holders(driver, "user:db")) == 3


async def test_sweep_hands_out_places_of_holders_that_are_gone(driver: QueueDriver) -> None:
    """A holder whose run has ended, vanished or is damaged blocks its key until the next sweep at most."""
    run_ids = await driver.enqueue_some(3, key="k")
    await driver.claim()
    await driver.damage(driver.keys.run(run_ids[0]))
    assert await driver.queue.sweep() == 1
    assert [run.run_id for run in (await driver.claim()).runs] == [run_ids[1]]
    await driver.link.call("DEL", driver.keys.run(run_ids[0]), driver.keys.run(run_ids[1]))
    await driver.queue.sweep()
    assert [run.run_id for run in (await driver.claim()).runs] == [run_ids[2]]
    assert await driver.queue.sweep() == 0


async def test_sweep_leaves_rightful_holders_alone(driver: QueueDriver) -> None:
    """Running and admitted runs keep their places."""
    await _limit(driver, "k", 2)
    run_ids = await driver.enqueue_some(4, key="k")
    first = (await driver.claim()).runs[0]
    await driver.finish(first)
    before = await driver.snapshot()
    assert await driver.queue.sweep() == 1
    assert await driver.snapshot() == before
    assert await _holders(driver, "user:k") == {run_ids[1], run_ids[2]}


async def test_more_waiters_than_one_hand_over_admits_all_come_through(driver: QueueDriver) -> None:
    """A limit raised by more than one script hands out is filled by sweeps."""
    await _limit(driver, "k", 1)
    await driver.enqueue_some(100, key="k")
    await driver.claim(100)
    await _limit(driver, "k", 100)
    while await driver.link.call("ZCARD", driver.keys.waiting("user:k")):
        assert await driver.queue.sweep() == 1
    assert len((await driver.claim(100)).runs) == 99
