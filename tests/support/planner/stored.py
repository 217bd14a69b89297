"""Planning sentences about stored jobs: one short line for each change, and the kinds of doubt."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.core.models import JobSpec
from app.planner.models import DOUBTS, Change, JobChange, PlanRequest
from tests.support.planner.planner_fakes import schedule_of
from tests.support.planner.planning import JAKARTA, TUESDAY_MORNING, when

if TYPE_CHECKING:
    from app.core.specs.store import JobStore
    from app.planner.models import Plan
    from tests.support.planner.planner_fixture import PlannerFixture


def spec(job_id: str, job_type: str, schedule: Any = None, **fields: Any) -> JobSpec:
    """Return a spec; a text is a cron line in Jakarta, a number an interval."""
    if isinstance(schedule, str):
        schedule = {"cron": schedule, "timezone": JAKARTA}
    elif isinstance(schedule, int):
        schedule = {"interval_sec": schedule}
    about = {"job_id": job_id, "type": job_type, "schedule": schedule}
    return JobSpec.model_validate({**about, **fields})


async def store(jobs: JobStore, *specs: JobSpec) -> None:
    """Store jobs."""
    for each in specs:
        await jobs.create(each, actor="ana", origin="test")


async def plan_about(fixture: PlannerFixture, prompt: str, now: str = TUESDAY_MORNING) -> Plan:
    """Plan a sentence with the rules, on a Tuesday morning in Jakarta."""
    return await fixture.desk.preview(PlanRequest(prompt, JAKARTA, datetime.fromisoformat(now)))


def outcome_of(plan: Plan) -> str:
    """Return the changes of a plan, or its doubt in capitals."""
    if not plan.jobs:
        return ", ".join(sorted({note.kind.value.upper() for note in plan.notes if note.kind in DOUBTS}))
    return "; ".join(map(line, plan.jobs))


def line(job: JobChange) -> str:
    """Return a change as `pause report-daily until 2026-11-30T00:00`."""
    words = [job.change.value, job.spec.job_id]
    if job.until is not None:
        at = datetime.fromtimestamp(job.until / 1000, datetime.fromisoformat(TUESDAY_MORNING).tzinfo)
        words.append(f"until {at:%Y-%m-%dT%H:%M}")
    if job.change in {Change.CREATE, Change.UPDATE}:
        words.append(when(schedule_of(job.spec) or None))
    if job.change is Change.UPDATE:
        others = [each for each in job.diff if not each.pointer.startswith("/schedule")]
        words += [f"{each.pointer[1:]}={each.after!r}" for each in others]
    return " ".join(words)
