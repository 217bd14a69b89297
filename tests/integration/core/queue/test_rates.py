"""Rates: so many starts in any 60 seconds, in order, over all jobs and workers."""

from __future__ import annotations

from app.core.models import AttemptOutcome, JobSpec, Rate
from app.core.queue.pauses import Pauses, Scope, ScopeKind
from app.core.specs.store import JobStore
from tests.support.queue.limited import holders, let_pass, line, set_limit, starts
from tests.support.queue.queue_driver import QueueDriver

API = "rate:api"


async def _ids(driver: QueueDriver) -> list[str]:
    return [run.run_id for run in (await driver.claim()).runs]


async def test_a_rate_counts_starts(driver: QueueDriver) -> None:
    """Of five runs two start in a minute; the others wait for the rate, in order, outside the lane."""
    await set_limit(driver, API, "2")
    runs = await driver.enqueue_some(5, key="|api")
    assert await driver.link.call("XLEN", driver.keys.ready("normal")) == 2
    assert await _ids(driver) == runs[:2]
    assert (await driver.hash(runs[2]))["waiting"] == API
    assert await line(driver, API) == runs[2:]
    assert len(await starts(driver, API)) == 2
    assert await holders(driver, API) == set()


async def test_a_rate_wakes_runs_when_starts_leave_the_window(driver: QueueDriver) -> None:
    """Promotion lets as many runs into their lanes as the rate has room for, and says when to come next."""
    await set_limit(driver, API, "2")
    runs = await driver.enqueue_some(5, key="|api")
    await driver.claim()
    due = (await driver.queue.promote()).next_due_ms
    assert due == (await starts(driver, API))[0] + 60_000
    assert await _ids(driver) == []
    await let_pass(driver, API, 60_000)
    assert (await driver.queue.promote()).count == 2
    assert await _ids(driver) == runs[2:4]
    assert (await driver.hash(runs[2])).get("waiting") is None


async def test_a_new_run_does_not_overtake_those_that_wait_for_a_rate(driver: QueueDriver) -> None:
    """A start has left the window and no run was woken yet: a run that is made now goes behind the others."""
    await set_limit(driver, API, "1")
    first, second = await driver.enqueue_some(2, key="|api")
    assert await _ids(driver) == [first]
    await let_pass(driver, API, 60_000)
    third = await driver.enqueue("job-b", key="|api", lane="high")
    assert await line(driver, API) == [second, third]
    await driver.queue.promote()
    assert await _ids(driver) == [second]


async def test_a_rate_holds_if_the_clock_goes_back(driver: QueueDriver) -> None:
    """Starts in the future count as starts of now: the window is full, and for a minute at most."""
    await set_limit(driver, API, "2")
    await driver.enqueue_some(3, key="|api")
    await driver.claim()
    await let_pass(driver, API, -3_600_000)
    await driver.enqueue(key="|api")
    assert await driver.queue.sweep() == 1
    now = await driver.now_ms()
    assert all(now - 5_000 < instant <= now for instant in await starts(driver, API))
    assert await _ids(driver) == []


async def test_a_lower_rate_holds_for_runs_in_the_lanes(driver: QueueDriver) -> None:
    """Runs that were let in under a higher rate wait again if the rate is full by now."""
    await set_limit(driver, API, "3")
    runs = await driver.enqueue_some(3, key="|api")
    await set_limit(driver, API, "1")
    assert await _ids(driver) == runs[:1]
    assert await line(driver, API) == runs[1:]
    assert await holders(driver, API) == set()


async def test_retries_and_lost_attempts_count_as_starts(driver: QueueDriver) -> None:
    """A crash, a release and a retry take no start back."""
    await set_limit(driver, API, "3")
    run = await driver.start(key="|api")
    await driver.crash()
    [again] = (await driver.claim()).runs
    await driver.queue.release([(again.run_id, again.lease_id)])
    [third] = (await driver.claim()).runs
    assert third.run_id == run.run_id
    assert len(await starts(driver, API)) == 3
    await driver.finish(third, AttemptOutcome.RETRY, delay_ms=1)
    await driver.make_due()
    await driver.queue.promote()
    assert (await driver.hash(run.run_id))["waiting"] == API


async def test_a_claim_that_is_sent_again_counts_its_starts_once(driver: QueueDriver) -> None:
    """The same claim number returns the same runs and no further start."""
    await set_limit(driver, API, "5")
    await driver.enqueue_some(2, key="|api")
    wanted = {"high": 10, "normal": 10, "low": 10}
    for _ in range(2):
        claim = await driver.queue.claim("w1", 1, "worker", 10, wanted, [])
        assert len(claim.runs) == 2
    assert len(await starts(driver, API)) == 2


async def test_a_run_that_leaves_its_lane_gives_its_start_away(driver: QueueDriver) -> None:
    """A cancelled run and a held one let the next in, though no start has left the window."""
    await set_limit(driver, API, "1")
    runs = await driver.enqueue_some(2, "job-a", key="|api")
    other = await driver.enqueue("job-b", key="|api")
    await driver.queue.cancel(runs[0])
    assert await holders(driver, API) == {runs[1]}
    await driver.link.call("HSET", driver.keys.job("job-a"), "type", "test.noop")
    pauses = Pauses(driver.link, driver.queue.scripts, driver.keys, driver.queue.clock)
    await pauses.pause(Scope(ScopeKind.JOB, "job-a"), "ana", known=True)
    assert await _ids(driver) == []
    assert await _ids(driver) == [other]
    await pauses.resume(Scope(ScopeKind.JOB, "job-a"), "ana")
    assert (await driver.hash(runs[1]))["waiting"] == API


async def test_groups_of_a_rate_have_a_window_each(driver: QueueDriver) -> None:
    """`api/a` and `api/b` each have the rate of `api`."""
    await set_limit(driver, API, "1")
    first = [await driver.enqueue(key=f"|api/{group}") for group in "ab"]
    await driver.enqueue(key="|api/a")
    assert await _ids(driver) == first
    assert len(await starts(driver, "rate:api/a")) == len(await starts(driver, "rate:api/b")) == 1


async def test_a_run_that_waits_for_its_rate_holds_no_slot(driver: QueueDriver) -> None:
    """A slot of a group goes to a run that can start."""
    await set_limit(driver, API, "1")
    await set_limit(driver, "user:shop", "1|1|group_round_robin")
    await driver.start(key="|api")
    waits = await driver.enqueue(key="shop/a|api")
    free = await driver.enqueue(key="shop/b")
    assert await holders(driver, "user:shop") == {free}
    [run] = (await driver.claim()).runs
    await let_pass(driver, API, 60_000)
    await driver.queue.promote()
    assert (await driver.hash(waits))["waiting"] == "user:shop"
    await driver.finish(run)
    assert await _ids(driver) == [waits]


async def test_a_rate_alone_is_no_reason_to_stop_a_run(driver: QueueDriver) -> None:
    """Two runs of a rate may overlap, so a worker that is cut off does not stop one."""
    await set_limit(driver, API, "5")
    assert (await driver.start(key="|api")).keyed is False
    assert (await driver.start(key="db|api")).keyed is True


async def test_a_job_without_its_rate_lets_its_runs_go(driver: QueueDriver, jobs: JobStore) -> None:
    """A save without the rate, or with a higher one, starts the runs that wait for it."""
    spec = JobSpec(job_id="job-a", type="test.noop", rate=Rate(key="api", per_minute=1))
    await jobs.create(spec, actor="ana", origin="test")
    runs = await driver.enqueue_some(4, key="|api")
    assert await _ids(driver) == runs[:1]
    faster = spec.model_copy(update={"rate": Rate(key="api", per_minute=2)})
    await jobs.replace(faster, expected_version=None, actor="ana", origin="test")
    assert await _ids(driver) == runs[1:2]
    await jobs.replace(spec.model_copy(update={"rate": None}), expected_version=None, actor="ana", origin="t")
    assert await _ids(driver) == runs[2:]
    await jobs.delete("job-a", actor="ana")
    assert await driver.link.call("HLEN", driver.keys.limits) == 0


async def test_more_runs_than_one_wake_lets_in_all_come_through(driver: QueueDriver) -> None:
    """A window that is free at once is filled by several promotions, without a pause between them."""
    await set_limit(driver, API, "200")
    await driver.enqueue_some(400, key="|api")
    assert len((await driver.claim(300, quotas={"normal": 300})).runs) == 200
    await let_pass(driver, API, 60_000)
    granted, rounds = 0, 0
    while granted < 200:
        promoted = await driver.queue.promote()
        granted, rounds = granted + promoted.count, rounds + 1
        assert rounds < 10
        await let_pass(driver, API, 100)
    assert len((await driver.claim(300, quotas={"normal": 300})).runs) == 200
