"""Runs of types that a worker lacks: they wait in a lane of their type for a worker that has it."""

from __future__ import annotations

from typing import Any

from app.core.models import AttemptOutcome, JobSpec
from app.core.queue import Queue
from app.core.queue.pauses import Pauses
from app.core.records import Scope, ScopeKind
from app.core.runs.store import RunStore
from app.core.specs.store import JobStore
from tests.support.queue.queue_driver import QueueDriver

OLD, NEW = " test.noop ", " test.noop  test.new "
ASIDE = "normal@test.new"


async def put_aside(driver: QueueDriver, count: int = 1, **changes: Any) -> list[str]:
    """Create runs of the new type and let an old worker find them; return their ids."""
    run_ids = await driver.enqueue_some(count, type="test.new", **changes)
    claim = await driver.claim(consumer="old", types=OLD, quotas={"normal": 100, "suspect": 1})
    assert not set(run_ids) & {run.run_id for run in claim.runs}
    return run_ids


async def claimed(driver: QueueDriver, consumer: str, types: str, **changes: Any) -> list[str]:
    return [run.run_id for run in (await driver.claim(consumer=consumer, types=types, **changes)).runs]


async def test_a_run_of_a_type_that_the_worker_lacks_is_put_aside(
    driver: QueueDriver, runs: RunStore
) -> None:
    """It stays queued, counts no attempt, and says what it waits for; other runs of the batch start."""
    known = await driver.enqueue()
    new = await driver.enqueue(type="test.new")
    assert await claimed(driver, "old", OLD) == [known]
    record = await runs.get(new)
    assert (record.status, record.waiting_for, record.attempt) == ("queued", "type:test.new", 0)
    stats = await driver.queue.stats()
    assert (stats.missing_types, stats.lanes["normal"].waiting, stats.waiting_for_keys) == (
        {"test.new": 1},
        1,
        0,
    )


async def test_a_run_that_was_put_aside_starts_on_a_worker_with_its_type(driver: QueueDriver) -> None:
    """Its next claim takes the run, which then ends as any other; the lane is deleted."""
    (run_id,) = await put_aside(driver)
    (run,) = (await driver.claim(consumer="new", types=NEW)).runs
    assert (run.run_id, run.attempt) == (run_id, 1)
    assert await driver.finish(run) == "OK"
    assert await claimed(driver, "new", NEW) == []
    assert await driver.queue.all_lanes() == ("high", "normal", "low", "suspect")
    assert await driver.link.call("EXISTS", driver.keys.ready(ASIDE)) == 0


async def test_a_run_that_was_put_aside_starts_before_later_ones(driver: QueueDriver) -> None:
    """It has waited longer than those in the lane."""
    first = await put_aside(driver, 2)
    later = await driver.enqueue_some(2)
    assert await claimed(driver, "new", NEW, slots=3) == [*first, later[0]]


async def test_runs_that_were_put_aside_keep_their_priority(driver: QueueDriver) -> None:
    """A flood of low runs does not pass the quota of its lane."""
    await driver.enqueue_some(20, type="test.new", lane="low")
    assert await claimed(driver, "old", OLD) == []
    await driver.enqueue_some(20, lane="high")
    claim = await driver.claim(12, "new", {"high": 8, "normal": 3, "low": 1}, types=NEW)
    assert claim.taken == {"high": 11, "normal": 0, "low": 1}


async def test_types_that_were_put_aside_take_turns(driver: QueueDriver) -> None:
    """A flood of one type does not keep another type from starting."""
    await driver.enqueue_some(10, type="test.flood")
    other = await driver.enqueue(type="test.new")
    assert await claimed(driver, "old", OLD) == []
    seen = [
        run_id
        for _ in range(2)
        for run_id in await claimed(driver, "new", f"{NEW} test.flood ", slots=2, quotas={"normal": 2})
    ]
    assert other in seen


async def test_a_run_that_was_put_aside_goes_to_no_worker_without_its_type(driver: QueueDriver) -> None:
    """Workers that lack the type do not read it again: each run is moved once."""
    await put_aside(driver, 5)
    before = await driver.link.call("XINFO", "STREAM", driver.keys.ready(ASIDE))
    for number in range(5):
        assert await claimed(driver, f"old-{number}", OLD) == []
    after = await driver.link.call("XINFO", "STREAM", driver.keys.ready(ASIDE))
    generated = after.index("last-generated-id") + 1
    assert (before[generated], before[1]) == (after[generated], after[1]) == (before[generated], 5)


async def test_a_claim_asks_once_for_runs_that_were_put_aside(driver: QueueDriver) -> None:
    """Without any, a claim with a list of types costs one command more, for any number of runs and types."""
    await driver.enqueue_some(50)
    before = await driver.link.call("INFO", "commandstats")
    assert len(await claimed(driver, "new", NEW)) == 50
    after = await driver.link.call("INFO", "commandstats")
    assert _calls(after, "smembers") - _calls(before, "smembers") == 1
    assert _calls(after, "xreadgroup") - _calls(before, "xreadgroup") == 3


def _calls(info: str, command: str) -> int:
    line = next((line for line in info.splitlines() if line.startswith(f"cmdstat_{command}:")), "=0,")
    return int(line.partition("calls=")[2].partition(",")[0] or 0)


async def test_a_claim_sent_again_returns_the_same_runs_of_a_type(driver: QueueDriver) -> None:
    """The number decides: nothing is put aside or taken twice."""
    await put_aside(driver, 3)
    await driver.enqueue_some(2, type="test.third")
    first = await driver.queue.claim("new", 1, "worker", 5, {"normal": 5}, [], NEW)
    again = await driver.queue.claim("new", 1, "worker", 5, {"normal": 5}, [], NEW)
    assert [run.lease_id for run in first.runs] == [run.lease_id for run in again.runs]
    assert len(first.runs) == 3
    assert (await driver.queue.stats()).missing_types == {"test.third": 2}


async def test_a_run_that_is_put_aside_gives_its_place_away(driver: QueueDriver) -> None:
    """A run that got its slot while it waited for the key does not hold it while no worker has its type."""
    holder = await driver.start(key="k")
    waiter = await driver.enqueue(key="k", type="test.new")
    assert await claimed(driver, "w1", NEW) == []
    assert await driver.finish(holder) == "OK"
    assert await claimed(driver, "old", OLD) == []
    other = await driver.enqueue(key="k")
    assert await claimed(driver, "old", OLD) == [other]
    assert await driver.status(waiter) == "queued"


async def test_cancel_of_a_run_that_was_put_aside_ends_it(driver: QueueDriver) -> None:
    """Its entry goes, and no worker gets it."""
    (run_id,) = await put_aside(driver)
    assert await driver.queue.cancel(run_id) == "CANCELLED"
    assert await claimed(driver, "new", NEW) == []
    assert await driver.at_rest() == {}


async def test_a_pause_holds_a_run_that_was_put_aside(
    driver: QueueDriver, jobs: JobStore, queue: Queue
) -> None:
    """A worker with its type holds it; after the resume it starts there."""
    await jobs.create(JobSpec(job_id="job-a", type="test.new"), actor="ana", origin="test")
    pauses = Pauses(queue.link, queue.scripts, queue.keys, queue.clock)
    (run_id,) = await put_aside(driver)
    scope = Scope(ScopeKind.JOB, "job-a")
    await pauses.pause(scope, "ana")
    assert await claimed(driver, "new", NEW) == []
    assert (await pauses.resume(scope, "ana")).released == 1
    assert await claimed(driver, "old", OLD) == []
    assert await claimed(driver, "new", NEW) == [run_id]


async def test_deleting_a_job_cancels_its_runs_that_were_put_aside(
    driver: QueueDriver, jobs: JobStore
) -> None:
    """No run is left behind."""
    await jobs.create(JobSpec(job_id="job-a", type="test.new"), actor="ana", origin="test")
    await put_aside(driver, 3)
    await jobs.delete("job-a", actor="ana")
    assert await driver.at_rest() == {}


async def test_a_released_run_waits_for_its_type_again(driver: QueueDriver) -> None:
    """A worker that drains returns it to the lane of its type, so that no other worker moves it."""
    (run_id,) = await put_aside(driver)
    (run,) = (await driver.claim(consumer="new", types=NEW)).runs
    assert await driver.queue.release([(run.run_id, run.lease_id)]) == ["OK"]
    assert (await driver.hash(run_id))["lane"] == ASIDE
    assert await claimed(driver, "newer", NEW) == [run_id]


async def test_a_run_whose_worker_dies_starts_on_the_next_one_with_its_type(driver: QueueDriver) -> None:
    """Reclaim goes through the lanes of types, and the run is moved once more at most."""
    (run_id,) = await put_aside(driver)
    assert await claimed(driver, "new", NEW) == [run_id]
    assert await driver.crash() == 1
    assert await claimed(driver, "old", OLD) == []
    (again,) = (await driver.claim(consumer="newer", types=NEW)).runs
    assert (again.run_id, again.attempt, again.crashes) == (run_id, 2, 1)


async def test_reclaim_of_a_deleted_lane_finds_nothing(driver: QueueDriver) -> None:
    """A claim may delete the lane between the list and the look."""
    await driver.trust_leases()
    assert await driver.queue.reclaim(ASIDE, "0-0") == ("OK", "0-0", 0)


async def test_a_suspect_of_a_type_that_the_worker_lacks_waits_as_a_suspect(driver: QueueDriver) -> None:
    """It runs isolated on the worker that has its type."""
    run_id = await driver.enqueue(type="test.new")
    for _ in range(2):
        assert await claimed(driver, "new", NEW) == [run_id]
        await driver.crash()
    assert await claimed(driver, "old", OLD, quotas={"suspect": 1}) == []
    assert (await driver.hash(run_id))["lane"] == "suspect@test.new"
    (run,) = (await driver.claim(consumer="new", types=NEW, quotas={"suspect": 1})).runs
    assert (run.run_id, run.alone) == (run_id, True)


async def test_a_run_that_was_put_aside_is_found_by_its_type(driver: QueueDriver) -> None:
    """A retry goes back to the lane of its priority, whose next reader puts it aside again."""
    (run_id,) = await put_aside(driver)
    (run,) = (await driver.claim(consumer="new", types=NEW)).runs
    assert await driver.finish(run, AttemptOutcome.RETRY, error="{}", delay_ms=60_000) == "OK"
    await driver.make_due()
    await driver.queue.promote()
    assert await claimed(driver, "old", OLD) == []
    assert ASIDE in await driver.queue.all_lanes()
    assert await claimed(driver, "new", NEW) == [run_id]


async def test_heal_finds_a_lane_that_no_directory_names(driver: QueueDriver) -> None:
    """The list of lanes was lost, and its streams were not."""
    (run_id,) = await put_aside(driver)
    await driver.link.call("DEL", driver.keys.typed_lanes)
    assert await claimed(driver, "new", NEW) == []
    await driver.queue.heal()
    assert await claimed(driver, "new", NEW) == [run_id]


async def test_runs_that_were_put_aside_are_no_sign_of_a_loss(driver: QueueDriver) -> None:
    """They have entries, so no walk looks for them."""
    await driver.queue.heal()
    await driver.queue.heal_round()
    await put_aside(driver, 5)
    word, _ = await driver.queue.scripts.run("queue/check_lanes", server_id=await _server_id(driver))
    assert word == "FINE"


async def _server_id(driver: QueueDriver) -> str:
    info: str = await driver.link.call("INFO", "server")
    return next(line[7:].strip() for line in info.splitlines() if line.startswith("run_id:"))


async def test_a_lost_lane_of_a_type_is_made_again(driver: QueueDriver) -> None:
    """A run whose stream was deleted gets a new entry."""
    (run_id,) = await put_aside(driver)
    await driver.link.call("DEL", driver.keys.ready(ASIDE))
    assert await driver.queue.heal() == 1
    assert await claimed(driver, "new", NEW) == [run_id]
