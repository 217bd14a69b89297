"""Scoring a plan against a case, with schedules compared by their next fires."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from app.core.errors import InvalidSpec
from app.core.models import JobSpec, Schedule
from app.core.scheduling.schedule import ScheduleError, compile_schedule, next_fires
from app.planner.models import ACTIONS, JobChange, Plan

FIRES = 60
Case = Mapping[str, Any]


def is_right(case: Case, plan: Plan) -> bool:
    """True if a plan has exactly the wanted jobs, or asks if the case allows a question."""
    specs = [job.spec for job in plan.jobs]
    options: list[Sequence[Case]] = [case["jobs"], *case.get("alts", [])]
    if not specs and case.get("ask") and plan.doubts:
        return True
    found = any(len(option) == len(specs) and _pair_up(case, option, specs) for option in options)
    return found and bool(plan.doubts or (specs and not case.get("warns")))


def wrong_jobs(case: Case, plan: Plan) -> list[JobChange]:
    """Return the jobs of a plan that the case does not want, paired with those that it wants at best."""
    options: list[Sequence[Case]] = [case["jobs"], *case.get("alts", [])]
    return min((_left_over(case, option, [*plan.jobs]) for option in options), key=len)


def _left_over(case: Case, wanted: Sequence[Case], jobs: list[JobChange]) -> list[JobChange]:
    if not wanted or not jobs:
        return jobs
    rests = [
        _left_over(case, wanted[1:], [*jobs[:at], *jobs[at + 1 :]])
        for at, job in enumerate(jobs)
        if _does(case, wanted[0], job)
    ]
    return min([*rests, _left_over(case, wanted[1:], jobs)], key=len)


def _does(case: Case, wanted: Case, job: JobChange) -> bool:
    """True if a job does what is wanted, with the change and the stored job that are named."""
    change = wanted.get("change")
    if change is None and job.change in ACTIONS:
        return False
    # Without an end a pause and a disabled job are the same.
    same = {change, job.change.value} <= {"disable", "pause"} or change in {None, job.change.value}
    if not same or wanted.get("job_id", job.spec.job_id) != job.spec.job_id:
        return False
    return "type" not in wanted or "schedule" not in wanted or _matches(case, wanted, job.spec)


def _pair_up(case: Case, wanted: Sequence[Case], specs: Sequence[JobSpec]) -> bool:
    if not wanted:
        return not specs
    return any(
        _matches(case, wanted[0], spec) and _pair_up(case, wanted[1:], [*specs[:at], *specs[at + 1 :]])
        for at, spec in enumerate(specs)
    )


def _matches(case: Case, wanted: Case, spec: JobSpec) -> bool:
    inputs = cast("dict[str, Any]", wanted.get("inputs", {}))
    if spec.type != wanted["type"] or any(
        not _equal(value, spec.inputs.get(name)) for name, value in inputs.items()
    ):
        return False
    retry = spec.retry_policy.model_dump(mode="json")
    if any(not _equal(value, retry.get(name)) for name, value in wanted.get("retry_policy", {}).items()):
        return False
    if len(spec.on_success) != len(wanted.get("on_success", [])):
        return False
    planned = None if spec.schedule is None else spec.schedule.model_dump(mode="json", exclude_none=True)
    schedule = wanted["schedule"]
    choices = cast("list[Any]", schedule) if isinstance(schedule, list) else [schedule]
    meanings = [_meaning(case, choice) for choice in choices]
    return _meaning(case, planned) in [meaning for meaning in meanings if meaning != "unknown"]


def _equal(wanted: Any, found: Any) -> bool:
    if not isinstance(wanted, dict):
        return wanted == found
    parts = cast("dict[str, Any]", wanted)
    if "any" in parts:
        return any(_equal(each, found) for each in parts["any"])
    other = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
    return parts.keys() == other.keys() and all(_equal(value, other[name]) for name, value in parts.items())


def _meaning(case: Case, schedule: Mapping[str, Any] | None) -> object:
    """Return a value that is equal for schedules of the same fires; `unknown` for one that is none here."""
    if schedule is None:
        return None
    now = datetime.fromisoformat(case["now"])
    try:
        read = Schedule.model_validate(schedule)
        if read.interval_sec is not None:
            return read.model_dump(mode="json", exclude_none=True, exclude={"timezone"})
        compiled = compile_schedule(read, case["timezone"])
    except (ValueError, InvalidSpec, ScheduleError):
        return "unknown"
    return tuple(next_fires(compiled, int(now.timestamp() * 1000), FIRES))
