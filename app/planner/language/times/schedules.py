"""Turns the time constraints of a clause into schedules and messages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.core.i18n import Message, _
from app.planner.language.times.clock_parts import is_odd, is_wrong, resolve
from app.planner.language.times.constraints import TimeConstraints
from app.planner.language.times.expressions import DAY_MIN, DAY_SEC, Dates, OnceWeekday, TimeBound
from app.planner.language.times.leaving import leave_out, skipping
from app.planner.language.times.once import after_delta, at_next_time, day_of, is_once, on_day
from app.planner.language.times.repeats import by_calendar, every, in_window, on_nth_day
from app.planner.language.times.schedule_builder import (
    NamedSchedule,
    Schedule,
    ScheduleBuilder,
    TypeDefaults,
    clock_text,
    moment_text,
)
from app.planner.messages import START, UNCLEAR_KINDS, UNREADABLE, UNUSED
from app.planner.models import Note, NoteKind

_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


@dataclass(frozen=True, slots=True)
class PlannedSchedule:
    """One schedule with its messages."""

    schedule: Schedule | None
    slot: str
    notes: tuple[Note, ...] = ()


def plan_schedules(
    constraints: TimeConstraints, defaults: TypeDefaults, now: datetime, zone: str
) -> tuple[list[PlannedSchedule], Message | None]:
    """Return the schedules of the constraints, or none and the reason."""
    zone = constraints.zone or zone
    builder = ScheduleBuilder(constraints, defaults, now.astimezone(ZoneInfo(zone)), zone)
    for why in constraints.unclear:
        builder.note(UNCLEAR_KINDS[why], UNREADABLE[why])
    if constraints.impossible:
        return [], UNREADABLE[constraints.impossible]
    for clock in filter(is_odd, constraints.clocks):
        builder.note(
            NoteKind.CONFLICT if is_wrong(clock) else NoteKind.ASSUMPTION,
            _(
                "An hour unusual for {part} is read as {time}.",
                time=clock_text(resolve(clock)),
                part=clock.part or "",
            ),
        )
    leave_out(builder)
    found = skipping(builder, _schedules(builder))
    if builder.refused is not None:
        return [], builder.refused
    notes = tuple(builder.notes)
    return [PlannedSchedule(schedule, slot, notes) for schedule, slot in found], None


def _schedules(builder: ScheduleBuilder) -> list[NamedSchedule]:
    days = builder.constraints.days
    if days is not None and days.nth and not (builder.constraints.since or builder.constraints.until):
        return on_nth_day(builder, days)
    return _by_days(builder)


def _by_days(builder: ScheduleBuilder) -> list[NamedSchedule]:
    constraints, defaults = builder.constraints, builder.defaults
    if constraints.since is not None or constraints.until is not None:
        return _bounded(builder)
    if constraints.delta is not None:
        return after_delta(builder, constraints.delta.seconds)
    if constraints.once is not None or constraints.has_date():
        return _started(builder) if constraints.recurs() and not is_once(builder) else on_day(builder)
    if constraints.window is not None and (constraints.interval or defaults.interval_sec):
        return in_window(builder, constraints.window)
    if constraints.interval is not None:
        if not constraints.interval.bare or defaults.interval_sec is not None:
            return every(builder, constraints.interval)
        builder.unread(UNUSED.fill(words=_length(int(constraints.interval.seconds))))
    once = defaults.single and constraints.is_single() and not constraints.now
    return at_next_time(builder) if once else by_calendar(builder)


def _length(seconds: int) -> str:
    """Return a length as "14 d", in the largest unit that divides it."""
    unit, name = next((size, name) for size, name in _UNITS if seconds % size == 0)
    return f"{seconds // unit} {name}"


def _started(builder: ScheduleBuilder) -> list[NamedSchedule]:
    """Plan a recurrence from a day that no word marks as a start: "besok tiap 5 menit"."""
    constraints = builder.constraints
    dates = constraints.dates if constraints.has_date() else None
    day = tuple(each for each in (constraints.once, dates) if each is not None)
    kept = None if dates is not None else constraints.dates
    builder.constraints = replace(constraints, once=None, dates=kept, since=TimeBound(ends=False, day=day))
    return _bounded(builder)


def _bounded(builder: ScheduleBuilder) -> list[NamedSchedule]:
    """Plan a recurrence from a day on, or until one: "mulai besok tiap 5 menit", "sampai Jumat"."""
    constraints = builder.constraints
    bounds: dict[str, str] = {}
    if constraints.since is not None:
        at = _midnight(builder, constraints.since, _start_minute(constraints))
        if at is None:
            return builder.give_up(UNREADABLE["date"])
        if at > builder.now:
            bounds["start_at"] = at.isoformat()
            builder.assume(START.fill(instant=moment_text(at)))
    if constraints.until is not None:
        at = _midnight(builder, constraints.until, DAY_MIN)
        if at is None or at <= builder.now:
            return builder.give_up(UNREADABLE["date" if at is None else "past"])
        bounds["end_at"] = at.isoformat()
        builder.assume(_("Ends {instant}.", instant=moment_text(at)))
    clocks = () if constraints.since is not None and _start_minute(constraints) else constraints.clocks
    builder.constraints = replace(constraints, since=None, until=None, clocks=clocks)
    builder.defaults = replace(builder.defaults, by_hand=False, single=False)
    return [({**schedule, **bounds} if schedule else None, slot) for schedule, slot in _schedules(builder)]


def _start_minute(constraints: TimeConstraints) -> int:
    """Return the time of day of "tiap 5 menit mulai besok jam 9".

    A clock without a bound is the schedule's own.
    """
    often = constraints.interval is not None and constraints.interval.seconds % DAY_SEC
    return resolve(constraints.clocks[0]) if often and len(constraints.clocks) == 1 else 0


def _midnight(builder: ScheduleBuilder, bound: TimeBound, minute: int) -> datetime | None:
    """Return the instant so many minutes after the start of a day that bounds a schedule."""
    once = next((each for each in bound.day if not isinstance(each, Dates)), None)
    dates = next((each for each in bound.day if isinstance(each, Dates)), None)
    days = None if isinstance(once, OnceWeekday) else builder.constraints.days
    day = day_of(TimeConstraints(once=once, dates=dates, days=days), builder.now.date())
    if day is None:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=builder.now.tzinfo) + timedelta(minutes=minute)
