"""The circuit breaker of a job after a crash in isolation."""

from __future__ import annotations

import orjson
import pytest

from app.core.models import AttemptOutcome, ClaimedRun, JobSpec
from app.core.runs.store import RunStore
from app.core.specs.store import JobStore
from tests.support.queue.queue_driver import BROKEN, QueueDriver

JOB = "job-a"
SPEC = {"job_id": JOB, "type": "test.noop"}
ISOLATED = {"suspect": 2}


@pytest.fixture(autouse=True)
async def job(jobs: JobStore) -> None:
    await _save(jobs)


async def _save(jobs: JobStore) -> None:
    await jobs.create(JobSpec.model_validate(SPEC), actor="ana", origin="test")


async def _suspect(driver: QueueDriver, **changes: int) -> ClaimedRun:
    """Return a claimed run that is isolated."""
    run_id = await driver.enqueue(JOB, **changes)
    for _ in range(2):
        await driver.claim()
        await driver.crash()
    [run] = (await driver.claim(quotas=ISOLATED)).runs
    assert run.run_id == run_id
    return run


async def _crash(driver: QueueDriver, run: ClaimedRun) -> None:
    assert await driver.finish(run, AttemptOutcome.CRASHED, error=BROKEN, fingerprint="f") == "OK"


async def _next(driver: QueueDriver) -> ClaimedRun:
    """Enqueue a run of the job, let a worker meet it in its lane, and claim it from the suspects."""
    await driver.enqueue(JOB)
    assert (await driver.claim()).runs == []
    [run] = (await driver.claim(quotas=ISOLATED)).runs
    assert run.alone
    return run


async def _told(driver: QueueDriver) -> list[str]:
    return [event.type for event in await driver.events() if event.type.startswith("job.isol")]


async def test_a_crash_in_isolation_isolates_the_job(driver: QueueDriver, runs: RunStore) -> None:
    """The run is a dead letter with its third crash, and an event says that the job is isolated."""
    run = await _suspect(driver)
    await _crash(driver, run)
    record = await runs.get(run.run_id)
    assert (record.status, record.crashes, record.failures, record.dead_letter) == ("failed", 3, 0, True)
    [event] = [event for event in await driver.events() if event.type == "job.isolated"]
    assert (event.job_id, event.data) == (JOB, {"run_id": run.run_id, "version": 1})


async def test_runs_of_an_isolated_job_go_straight_to_the_suspects(driver: QueueDriver) -> None:
    """Its next run kills no worker first; runs of other jobs are claimed as before."""
    await _crash(driver, await _suspect(driver))
    other = await driver.enqueue("job-b")
    await driver.enqueue(JOB)
    assert [run.run_id for run in (await driver.claim()).runs] == [other]
    assert [run.job_id for run in (await driver.claim(quotas=ISOLATED)).runs] == [JOB]


async def test_a_run_that_moves_to_the_suspects_keeps_its_place(driver: QueueDriver) -> None:
    """The key that it was given stays its own until it ends."""
    await _crash(driver, await _suspect(driver))
    first = await driver.start("job-b", key="k")
    waits = await driver.enqueue(JOB, key="k")
    await driver.claim()
    assert (await driver.claim(quotas=ISOLATED)).runs == []
    await driver.finish(first)
    [run] = (await driver.claim(quotas=ISOLATED)).runs
    assert run.run_id == waits
    await driver.finish(run)
    assert await driver.link.call("SCARD", driver.keys.holders("user:k")) == 0


async def test_a_job_is_isolated_once(driver: QueueDriver) -> None:
    """A second crash adds no event."""
    await _crash(driver, await _suspect(driver))
    await _crash(driver, await _next(driver))
    assert await _told(driver) == ["job.isolated"]


async def test_a_success_in_isolation_ends_it(driver: QueueDriver) -> None:
    """The job's next run is claimed from its own lane again."""
    await _crash(driver, await _suspect(driver))
    await driver.finish(await _next(driver))
    assert await _told(driver) == ["job.isolated", "job.isolation_ended"]
    assert not (await driver.start(JOB)).alone


async def test_an_earlier_start_does_not_end_an_isolation(driver: QueueDriver) -> None:
    """A run that was isolated before the crash and succeeds after it proves nothing about the crash."""
    first, second = await driver.enqueue_some(2, JOB)
    for _ in range(2):
        await driver.claim()
        await driver.crash()
    runs = {run.run_id: run for run in (await driver.claim(quotas=ISOLATED)).runs}
    await driver.link.call("HINCRBY", driver.keys.run(first), "started", -1)
    await _crash(driver, runs[second])
    await driver.finish(runs[first])
    assert await _told(driver) == ["job.isolated"]


async def test_a_crash_in_the_future_keeps_no_job_isolated(driver: QueueDriver) -> None:
    """The clock went back after it: the next success ends the isolation all the same."""
    await _crash(driver, await _suspect(driver))
    await driver.link.call("HSET", driver.keys.isolated, JOB, await driver.now_ms() + 3_600_000)
    await driver.finish(await _next(driver))
    assert await _told(driver) == ["job.isolated", "job.isolation_ended"]


async def test_an_isolation_ends_with_one_event(driver: QueueDriver, jobs: JobStore) -> None:
    """Successes and saves of a job that is not isolated add no event."""
    await driver.finish(await _suspect(driver))
    await jobs.replace(
        JobSpec.model_validate(SPEC | {"description": "x"}), expected_version=None, actor="ana", origin="test"
    )
    assert await _told(driver) == []


async def test_a_new_version_ends_an_isolation(driver: QueueDriver, jobs: JobStore) -> None:
    """The job has changed: its runs start in normal slots again."""
    await _crash(driver, await _suspect(driver))
    await jobs.replace(
        JobSpec.model_validate(SPEC | {"description": "x"}), expected_version=None, actor="ana", origin="test"
    )
    assert await _told(driver) == ["job.isolated", "job.isolation_ended"]
    assert not (await driver.start(JOB)).alone


async def test_a_crash_of_an_older_version_isolates_no_job(driver: QueueDriver, jobs: JobStore) -> None:
    """The version that is stored by now may be repaired."""
    run = await _suspect(driver)
    await jobs.replace(
        JobSpec.model_validate(SPEC | {"description": "x"}), expected_version=None, actor="ana", origin="test"
    )
    await _crash(driver, run)
    assert await _told(driver) == []


async def test_delete_ends_the_isolation_of_a_job(driver: QueueDriver, jobs: JobStore) -> None:
    """Nothing of the breaker stays for a job that is made again."""
    await _crash(driver, await _suspect(driver))
    await jobs.delete(JOB, actor="ana")
    assert await driver.fields(driver.keys.isolated) == {}


async def test_a_crash_outside_of_isolation_isolates_no_job(driver: QueueDriver) -> None:
    """The word is for isolated runs; of any other run it is a failure."""
    await _crash(driver, await driver.start(JOB))
    assert await _told(driver) == []


async def test_a_crash_of_a_cancelled_run_ends_it_as_cancelled(driver: QueueDriver) -> None:
    """A cancelled run is no dead letter, and its job is not isolated."""
    run = await _suspect(driver)
    await driver.queue.cancel(run.run_id)
    await _crash(driver, run)
    assert (await driver.status(run.run_id), await _told(driver)) == ("cancelled", [])


async def test_the_breaker_remembers_when_it_opened(driver: QueueDriver) -> None:
    """One field a job: the instant of the crash."""
    before = await driver.now_ms()
    await _crash(driver, await _suspect(driver))
    stored = await driver.fields(driver.keys.isolated)
    assert before <= orjson.loads(stored[JOB]) <= await driver.now_ms()
