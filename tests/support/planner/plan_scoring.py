"""Scoring a plan against a worked case: equal if its jobs do the same at the same instants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from croniter import croniter

from app.planner.models import Draft, PlannedJob, PlanRequest
from tests.support.planner.planning import plan_text

FIRES = 60
Case = Mapping[str, Any]


def answer(case: Case) -> Draft:
    """Plan the prompt of a case at its moment, in its zone."""
    now = datetime.fromisoformat(case["now"])
    return plan_text(PlanRequest(case["prompt"], case["timezone"], now, deployment_timezone="Asia/Jakarta"))


def passes(case: Case, draft: Draft) -> bool:
    """True if the jobs of a plan match the wanted ones, one to one, and it has the wanted warnings."""
    if case.get("warns") and not (draft.warnings or draft.requests):
        return False
    return len(draft.jobs) == len(case["jobs"]) and _pair_up(case, case["jobs"], draft.jobs)


def is_silently_wrong(case: Case, draft: Draft) -> bool:
    """True if a job that was not requested has neither an assumption nor a warning."""
    if draft.warnings or draft.assumptions:
        return False
    return any(not any(_matches(case, wanted, job) for wanted in case["jobs"]) for job in draft.jobs)


def _pair_up(case: Case, wanted: Sequence[Case], jobs: Sequence[PlannedJob]) -> bool:
    if not wanted:
        return not jobs
    return any(
        _matches(case, wanted[0], job) and _pair_up(case, wanted[1:], [*jobs[:at], *jobs[at + 1 :]])
        for at, job in enumerate(jobs)
    )


def _matches(case: Case, wanted: Case, job: PlannedJob) -> bool:
    if job.type != wanted["type"] or any(
        job.inputs.get(key) != value for key, value in wanted["inputs"].items()
    ):
        return False
    return _meaning(case, job.schedule) in [_meaning(case, choice) for choice in _choices(wanted["schedule"])]


def _choices(schedule: Any) -> list[Any]:
    """Return the schedules that will do; a case may give a list of them."""
    return [*schedule] if isinstance(schedule, list) else [schedule]


def _meaning(case: Case, schedule: Mapping[str, Any] | None) -> object:
    if schedule is None:
        return None
    if "cron" in schedule:
        return _fires(schedule["cron"], schedule["timezone"], case["now"])
    if "at" in schedule:
        return datetime.fromisoformat(schedule["at"]).astimezone(UTC)
    return schedule["interval_sec"]


@cache
def _fires(cron: str, zone: str, now: str) -> tuple[datetime, ...]:
    wall_clock = datetime.fromisoformat(now).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    ticks = croniter(cron, wall_clock)
    return tuple(
        ticks.get_next(datetime).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for _ in range(FIRES)
    )
