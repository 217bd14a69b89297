"""Executing the actions of a plan on a real server: each once, and none on a job that has changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.errors import JobNotFound, PlanOutdated
from app.core.ids import new_id
from app.core.models import JobSpec
from app.core.queue import Queue
from app.core.records import JobRecord
from app.core.specs.store import JobStore
from app.planner.execute import PlanResult
from app.planner.models import Change, JobChange, Plan, PlanSource
from tests.support.planner.planner_fixture import TERMS, PlannerFixture, open_planner

BACKUP = JobSpec.model_validate(
    {"job_id": "backup-export", "type": "backup.export", "schedule": {"interval_sec": 3600}}
)


@pytest.fixture
def fixture(settings: Settings, clock: SystemClock, queue: Queue) -> PlannerFixture:
    return open_planner(settings, clock, queue)


async def stored(fixture: PlannerFixture, **fields: Any) -> JobRecord:
    spec = JobSpec.model_validate({**BACKUP.model_dump(mode="json", exclude_none=True), **fields})
    return await fixture.jobs.create(spec, actor="ana", origin="test")


def plan_of(clock: SystemClock, change: Change, record: JobRecord, **more: Any) -> Plan:
    job = JobChange(record.spec, change, record.version, "", **more)
    return Plan(
        new_id(clock), clock.now_ms(), "a prompt", "a prompt", "", PlanSource.RULES, "en", (), (), (job,)
    )


async def execute(fixture: PlannerFixture, plan: Plan, **options: Any) -> PlanResult:
    await fixture.desk.store.keep(plan)
    return await fixture.desk.execute(None, plan.plan_id, replace(TERMS, **options), None)


def outcome(result: PlanResult) -> str:
    (job,) = result.results
    return job.create_status


async def test_disabling_is_done_once(fixture: PlannerFixture, clock: SystemClock) -> None:
    """A repeat says the same and leaves a job alone that was enabled meanwhile."""
    plan = plan_of(clock, Change.DISABLE, await stored(fixture))
    assert outcome(await execute(fixture, plan)) == "disabled"
    record = await fixture.jobs.find("backup-export")
    assert (record.spec.enabled, record.off_by, record.next_run_at) == (False, "ana", None)
    await fixture.jobs.set_enabled("backup-export", True, "budi")
    assert outcome(await execute(fixture, plan)) == "disabled"
    assert (await fixture.jobs.find("backup-export")).spec.enabled


async def test_a_paused_job_is_resumed(fixture: PlannerFixture, clock: SystemClock, queue: Queue) -> None:
    """A pause holds the job alone; resuming ends the pause and enables the job."""
    record = await stored(fixture, enabled=False)
    assert outcome(await execute(fixture, plan_of(clock, Change.PAUSE, record))) == "paused"
    (pause,) = (await queue.stats()).paused
    assert (pause.scope.text, pause.actor) == ("job:backup-export", "ana")
    assert outcome(await execute(fixture, plan_of(clock, Change.RESUME, record))) == "resumed"
    assert (await queue.stats()).paused == []
    assert (await fixture.jobs.find("backup-export")).spec.enabled


async def test_a_job_runs_once(fixture: PlannerFixture, clock: SystemClock, queue: Queue) -> None:
    """A repeat gives the same run; the job keeps its version."""
    plan = plan_of(clock, Change.RUN, await stored(fixture))
    (first,) = (await execute(fixture, plan)).results
    (again,) = (await execute(fixture, plan)).results
    assert (first.create_status, first.run_id) == ("run", again.run_id)
    assert first.run_id is not None
    assert (await fixture.runs.get(first.run_id)).source == "planner"
    assert (await fixture.jobs.find("backup-export")).version == 1


async def test_a_job_is_changed_and_runs(fixture: PlannerFixture, clock: SystemClock) -> None:
    """Both steps of one job are done: "ganti backup jadi tiap 2 jam dan jalankan sekarang"."""
    record = await stored(fixture)
    plan = plan_of(clock, Change.RUN, record)
    slower = JobSpec.model_validate(
        {**record.spec.model_dump(mode="json", exclude_none=True), "schedule": {"interval_sec": 7200}}
    )
    update = JobChange(slower, Change.UPDATE, record.version, "")
    results = (await execute(fixture, replace(plan, jobs=(update, *plan.jobs)))).results
    assert [each.create_status for each in results] == ["updated", "run"]
    schedule = (await fixture.jobs.find("backup-export")).spec.schedule
    assert schedule is not None
    assert (schedule.interval_sec, results[1].run_id is not None) == (7200, True)


async def test_a_deleted_job_stays_deleted(fixture: PlannerFixture, clock: SystemClock) -> None:
    """A repeat says so, and does not delete a job that was made under its name since."""
    plan = plan_of(clock, Change.DELETE, await stored(fixture))
    assert outcome(await execute(fixture, plan)) == "deleted"
    with pytest.raises(JobNotFound):
        await fixture.jobs.find("backup-export")
    assert outcome(await execute(fixture, plan)) == "deleted"
    await stored(fixture)
    assert outcome(await execute(fixture, plan)) == "deleted"
    assert (await fixture.jobs.find("backup-export")).spec.enabled


async def begin(queue: Queue, plan: Plan) -> None:
    """Mark the step of the job as begun, as an execution does before it acts."""
    await queue.scripts.run(
        "idempotency/add_counts", scope=plan.plan_id, step="backup-export", done=0, refused=0
    )


async def test_a_deletion_that_a_crash_cut_off_is_completed(
    fixture: PlannerFixture, clock: SystemClock, queue: Queue
) -> None:
    """A process may die before the deletion, or between the deletion and its mark."""
    plan = plan_of(clock, Change.DELETE, await stored(fixture))
    await begin(queue, plan)
    assert outcome(await execute(fixture, plan)) == "deleted"
    other = plan_of(clock, Change.DELETE, await stored(fixture))
    await begin(queue, other)
    await fixture.jobs.delete("backup-export", actor="ana")
    assert outcome(await execute(fixture, other)) == "deleted"


@pytest.mark.parametrize("change", [Change.DISABLE, Change.PAUSE, Change.RESUME, Change.RUN, Change.DELETE])
async def test_no_action_on_a_job_that_has_changed(
    fixture: PlannerFixture, clock: SystemClock, jobs: JobStore, queue: Queue, change: Change
) -> None:
    """A plan holds for the version that it showed."""
    record = await stored(fixture)
    other = record.spec.model_copy(update={"description": "another"})
    await jobs.replace(other, expected_version=None, actor="budi", origin="test")
    with pytest.raises(PlanOutdated):
        await execute(fixture, plan_of(clock, change, record))
    assert (await jobs.find("backup-export")).spec.enabled
    assert (await queue.stats()).paused == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (Change.DISABLE, "disabled"),
        (Change.PAUSE, "paused"),
        (Change.DELETE, "deleted"),
        (Change.RESUME, "error"),
        (Change.RUN, "error"),
    ],
)
async def test_an_export_of_secrets_is_started_by_admins_only(
    fixture: PlannerFixture, clock: SystemClock, change: Change, expected: str
) -> None:
    """An operator may stop such a job, as by the routes for one job."""
    record = await stored(fixture, inputs={"include_secrets": True})
    (job,) = (await execute(fixture, plan_of(clock, change, record))).results
    assert (job.create_status, job.run_id) == (expected, None)
    assert bool(job.result_error) == (expected == "error")


async def test_no_action_runs_its_job_at_once(fixture: PlannerFixture, clock: SystemClock) -> None:
    """`run_immediately` is for jobs that the plan saves."""
    plan = plan_of(clock, Change.DISABLE, await stored(fixture))
    (job,) = (await execute(fixture, plan, run_immediately=True)).results
    assert (job.create_status, job.run_id) == ("disabled", None)
