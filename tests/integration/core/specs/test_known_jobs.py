"""The cache of job specs: a run never has an outdated spec."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.errors import FieldProblem, InvalidSpec, JobNotFound
from app.core.ids import new_id, new_trace_id
from app.core.models import JobSpec, NewRun
from app.core.records import JobRecord
from app.core.specs.runs import MOST_JOBS, SpecCache, run_of
from app.core.specs.store import JobStore
from tests.support.queue.queue_driver import QueueDriver


@pytest.fixture
def jobs(driver: QueueDriver) -> JobStore:
    return JobStore(driver.link, driver.queue.scripts, driver.queue.clock, "Asia/Jakarta")


@pytest.fixture
def known(driver: QueueDriver, jobs: JobStore) -> SpecCache:
    return SpecCache(jobs, driver.queue)


def spec(**changes: Any) -> JobSpec:
    return JobSpec.model_validate({"job_id": "job-a", "type": "test.echo", **changes})


async def replace(jobs: JobStore, new: JobSpec) -> None:
    await jobs.replace(new, expected_version=None, actor="ana", origin="test")


@pytest.fixture
def make(driver: QueueDriver) -> Any:
    def make(record: JobRecord) -> NewRun:
        run_id = new_id(driver.queue.clock)
        return run_of(record.spec, record.version, run_id=run_id, source="api", trace_id=new_trace_id())

    return make


async def test_known_job_is_read_once(
    driver: QueueDriver, jobs: JobStore, known: SpecCache, make: Any
) -> None:
    """From the second run on, an enqueue is one round trip."""
    await jobs.create(spec(), actor="ana", origin="test")
    await known.enqueue("job-a", make)
    before = driver.link.round_trips
    assert (await known.enqueue("job-a", make)).word == "OK"
    assert driver.link.round_trips == before + 1


async def test_known_job_that_was_saved_again_runs_by_its_new_spec(
    driver: QueueDriver, jobs: JobStore, known: SpecCache, make: Any
) -> None:
    """For every author: the run has the stored version, priority and time-out."""
    await jobs.create(spec(), actor="ana", origin="test")
    await known.enqueue("job-a", make)
    await replace(jobs, spec(priority="high", timeout_ms=1234))
    result = await known.enqueue("job-a", make)
    stored = await driver.hash(result.run_id)
    assert (result.word, stored["version"], stored["pri"], stored["timeout"]) == ("OK", "2", "high", "1234")
    assert await driver.link.call("ZCARD", driver.keys.runs) == 2


async def test_known_job_that_was_deleted_is_not_found(
    driver: QueueDriver, jobs: JobStore, known: SpecCache, make: Any
) -> None:
    """No run is made of it; made again it runs as it is then."""
    await jobs.create(spec(), actor="ana", origin="test")
    await known.enqueue("job-a", make)
    await jobs.delete("job-a", actor="ana")
    with pytest.raises(JobNotFound):
        await known.enqueue("job-a", make)
    assert await driver.link.call("ZCARD", driver.keys.runs) == 1
    await jobs.create(spec(timeout_ms=77_000), actor="ana", origin="test")
    result = await known.enqueue("job-a", make)
    assert (await driver.hash(result.run_id))["timeout"] == "77000"


async def test_known_job_is_read_again_before_a_run_is_refused(
    jobs: JobStore, known: SpecCache, make: Any
) -> None:
    """What the older spec forbids, the stored one may allow."""

    def careful(record: JobRecord) -> NewRun:
        if record.version == 1:
            raise InvalidSpec("not of this one", (FieldProblem("/inputs", "no", "refused"),))
        return make(record)

    await jobs.create(spec(), actor="ana", origin="test")
    await known.enqueue("job-a", make)
    with pytest.raises(InvalidSpec):
        await known.enqueue("job-a", careful)
    await replace(jobs, spec(description="newer"))
    assert (await known.enqueue("job-a", careful)).word == "OK"


async def test_known_jobs_are_bounded(jobs: JobStore, known: SpecCache, make: Any) -> None:
    """The one read longest ago is let go of; it is found all the same."""
    await jobs.create(spec(), actor="ana", origin="test")
    record = await jobs.find("job-a")
    known._known.update({f"job-{number}": record for number in range(MOST_JOBS)})
    await known.enqueue("job-a", make)
    assert len(known._known) == MOST_JOBS
    assert (await known.enqueue("job-a", make)).word == "OK"
