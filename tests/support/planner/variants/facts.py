"""The effects of a plan in a form that can be compared: jobs by their fires, and doubts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import orjson

from app.core.models import Schedule
from app.core.scheduling.schedule import compile_schedule, next_fires
from app.planner.certainty import held_jobs
from app.planner.models import Change

if TYPE_CHECKING:
    from app.core.models import JobSpec
    from app.core.scheduling.slots import CompiledSchedule
    from app.planner.models import JobChange, Plan

FIRES = 60
_HOUR_MS = 3_600_000
_NEW = frozenset({Change.CREATE, Change.UPDATE, Change.UNCHANGED})
_TARGETS = ("channel", "account_id", "url", "to", "text")


@dataclass(frozen=True, slots=True)
class JobFacts:
    """One job of a plan. `when` is equal for two schedules of the same fires; `rest` is all other fields."""

    type: str
    change: Change
    job_id: str
    """Empty for a job that the plan creates."""
    when: object
    inputs: str
    rest: str
    target: tuple[str, ...]
    schedule: str
    """The schedule as JSON; empty for a job that runs once, by hand."""

    @property
    def acts(self) -> bool:
        """True if the job changes something."""
        return self.change is not Change.UNCHANGED

    @property
    def meaning(self) -> tuple[object, ...]:
        """Return what two equal jobs have in common."""
        return (self.type, self.change, self.job_id, self.when, self.inputs, self.rest)

    def is_about(self, other: JobFacts) -> bool:
        """True if both do the same to the same target, at whatever time."""
        is_new = self.change in _NEW and other.change in _NEW
        if is_new and self.change is not other.change:
            is_new = Change.UNCHANGED not in {self.change, other.change}
        same = is_new or (self.change is other.change and self.job_id == other.job_id)
        return same and self.type == other.type and self.target == other.target


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """The jobs of a plan in a fixed order. `held` are those that wait for a person."""

    jobs: tuple[JobFacts, ...]
    held: frozenset[JobFacts]
    doubts: frozenset[str]

    @property
    def acting(self) -> tuple[JobFacts, ...]:
        """Return the jobs that change something."""
        return tuple(job for job in self.jobs if job.acts)

    @property
    def meaning(self) -> tuple[object, ...]:
        """Return what two equal plans have in common."""
        return tuple(job.meaning for job in self.jobs)

    def is_same_as(self, other: PlanFacts) -> bool:
        """True if both plans do the same and both have doubts, or none."""
        return self.meaning == other.meaning and bool(self.doubts) == bool(other.doubts)


def facts_of(plan: Plan, timezone: str) -> PlanFacts:
    """Return the facts of a plan that was made in a time zone."""
    now_ms = int(_instant(plan).timestamp() * 1000)
    waiting = held_jobs(plan)
    jobs = [(_facts(job, timezone, now_ms), job.spec.job_id in waiting) for job in plan.jobs]
    jobs.sort(key=lambda pair: repr(pair[0]))
    return PlanFacts(
        tuple(job for job, _ in jobs),
        frozenset(job for job, is_held in jobs if is_held),
        frozenset(kind.value for kind in plan.doubts),
    )


def _instant(plan: Plan) -> datetime:
    if plan.request is None or plan.request.now is None:
        raise ValueError("the plan has no instant")
    return plan.request.now


def _facts(change: JobChange, timezone: str, now_ms: int) -> JobFacts:
    spec = change.spec
    is_action = change.change not in _NEW
    schedule = "" if spec.schedule is None or is_action else _text(spec.schedule)
    when: object = change.until if is_action else meaning_of(schedule, timezone, now_ms)
    inputs = {} if is_action else spec.inputs
    return JobFacts(
        spec.type,
        change.change,
        "" if change.change is Change.CREATE else spec.job_id,
        when,
        _json(inputs),
        "" if is_action else _rest(spec),
        tuple(str(inputs[name]) for name in _TARGETS if name in inputs),
        schedule,
    )


def _rest(spec: JobSpec) -> str:
    fields = spec.model_dump(mode="json", include={"description", "priority", "retry_policy"})
    # Ids of new jobs depend on their times.
    fields["chained"] = [len(spec.on_success), len(spec.on_failure)]
    return _json(fields)


def _json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _text(schedule: Schedule) -> str:
    return _json(schedule.model_dump(mode="json", exclude_none=True))


@lru_cache(maxsize=4096)
def meaning_of(schedule: str, timezone: str, now_ms: int) -> object:
    """Return a value that is equal for schedules with the same fires; intervals compare by their fields."""
    if not schedule:
        return None
    said: Mapping[str, Any] = orjson.loads(schedule)
    if "interval_sec" in said:
        return _json({name: value for name, value in said.items() if name != "timezone"})
    return tuple(next_fires(_compiled(schedule, timezone), now_ms, FIRES))


@lru_cache(maxsize=4096)
def _compiled(schedule: str, timezone: str) -> CompiledSchedule:
    return compile_schedule(Schedule.model_validate_json(schedule), timezone)


@lru_cache(maxsize=4096)
def active_hours(schedule: str, timezone: str, now_ms: int, days: int) -> frozenset[datetime]:
    """Return the hours with a fire within some days, as local times without a zone."""
    compiled = _compiled(schedule, timezone)
    zone = ZoneInfo(timezone)
    end_ms = now_ms + days * 24 * _HOUR_MS
    hours: set[datetime] = set()
    at_ms = now_ms
    while (fires := next_fires(compiled, at_ms, 1)) and fires[0] < end_ms:
        hours.add(_local_hour(fires[0], zone))
        # Zones differ by whole quarters of an hour at the least.
        at_ms = fires[0] - fires[0] % (_HOUR_MS // 4) + _HOUR_MS // 4 - 1
    return frozenset(hours)


def _local_hour(at_ms: int, zone: ZoneInfo) -> datetime:
    local = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone)
    return local.replace(minute=0, second=0, microsecond=0, tzinfo=None)


Excluded = Callable[[datetime], bool]
"""True for an hour that an exception leaves out."""


def on_weekday(weekday: int) -> Excluded:
    """Leave out a day of the week; Sunday is 0."""
    return lambda hour: hour.isoweekday() % 7 == weekday


def but_weekday(weekday: int) -> Excluded:
    """Leave out all other days of the week."""
    return lambda hour: hour.isoweekday() % 7 != weekday


def on_date(day: int) -> Excluded:
    """Leave out a day of each month."""
    return lambda hour: hour.day == day


def in_hours(first: int, end: int) -> Excluded:
    """Leave out the hours from one to another, also over midnight."""
    return lambda hour: first <= hour.hour < end if first < end else hour.hour >= first or hour.hour < end


def on_days(*days: date) -> Excluded:
    """Leave out some dates."""
    return lambda hour: hour.date() in days
