"""Bounded schedules: from a first day on, until a last one, for a length of time, so many times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from app.core.i18n import _
from app.core.models import Schedule
from app.core.scheduling.schedule import compile_schedule, next_fires
from app.planner.language.times import expressions as said
from app.planner.language.times.clock_parts import PART_TIMES, resolve
from app.planner.language.times.constraints import TimeConstraints
from app.planner.language.times.expressions import DAY_MIN, DAY_SEC, HOUR_MIN
from app.planner.language.times.once import day_of, instant_of, months_later
from app.planner.language.times.schedule_builder import (
    NamedSchedule,
    ScheduleBuilder,
    moment_text,
)
from app.planner.messages import START, UNREADABLE, UNUSED

Plan = Callable[[ScheduleBuilder], list[NamedSchedule]]
"""Plans constraints without bounds."""
_FEW: Final = 2
MAX_COUNT: Final = 1_000
_MONTHS: Final = 12
_LONGEST: Final = timedelta(days=20 * 366)
_AFTER_LAST_SEC: Final = 60
"""A counted schedule ends this long after its last fire."""


def started(builder: ScheduleBuilder) -> ScheduleBuilder:
    """Read the day of a recurrence as its start if no word marks it: "besok tiap 5 menit"."""
    constraints = builder.constraints
    dates = constraints.dates if constraints.has_date() else None
    day = tuple(each for each in (constraints.once, dates) if each is not None)
    since, last = (said.TimeBound(ends=ends, day=day) for ends in (False, True))
    if dates is not None and len(dates.days) > 1 and (constraints.window or not is_span(constraints)):
        each = replace(dates, every=True)  # "tgl 11 dan 13 Desember", "1 sampai 5 Desember jam 8-17"
        builder.constraints = replace(constraints, once=None, dates=each, since=since, until=last)
        return builder
    constraints = _within_day(constraints, day)
    until = constraints.until
    today = constraints.once == said.OnceDay() and constraints.interval and not constraints.parts
    if is_span(constraints) or (today and not (until or constraints.lasting)):
        until = last  # "hari ini tiap 5 menit" ends today
    kept = None if dates is not None else constraints.dates
    builder.constraints = replace(constraints, once=None, dates=kept, since=since, until=until)
    return builder


def _within_day(constraints: TimeConstraints, day: tuple[Any, ...]) -> TimeConstraints:
    """Read the hour that ends the day: "Sabtu ini dari jam 9 sampai 13", "mulai jam 1 sampai jam 6"."""
    window, clocks = constraints.window, constraints.clocks
    clocks = (window.start,) if window and window.start else clocks
    often = constraints.interval and clocks and constraints.until is None
    if not (window and window.end and often and len(day) == 1):
        return constraints
    until = said.TimeBound(ends=True, day=day, clock=window.end)
    return replace(constraints, window=None, clocks=clocks, until=until)


def is_span(constraints: TimeConstraints) -> bool:
    """True for "1 sampai 10 Desember": days of one month that follow each other."""
    if constraints.dates is None or constraints.once is not None or not constraints.has_date():
        return False
    days = constraints.dates.days
    few = 1 if constraints.interval else _FEW
    return len(days) > few and days[-1] - days[0] < len(days)


def bounded(builder: ScheduleBuilder, plan: Plan) -> list[NamedSchedule]:
    """Plan a recurrence within its bounds: "mulai besok tiap 5 menit", "sampai Jumat", "5 kali saja"."""
    since, window = builder.constraints.since, builder.constraints.window
    if since is not None and not (window and window.start):
        builder.constraints = _within_day(builder.constraints, since.day)
    if since is None and (builder.constraints.until or builder.constraints.lasting):
        _start_with_day(builder)
    constraints = builder.constraints
    start = _start(builder)
    end = _end(builder, start or builder.now)
    limits: dict[str, str] = {}
    for name, at, message in (("start_at", start, START), ("end_at", end, _("Ends {instant}."))):
        if at is not None:
            limits[name] = at.isoformat()
            builder.state(message.fill(instant=moment_text(at)))
    builder.constraints, builder.now = _unbounded(constraints), start or builder.now
    builder.defaults = replace(builder.defaults, by_hand=False, single=False)
    return [_limited(planned, limits, constraints.count, builder) for planned in plan(builder)]


def _unbounded(constraints: TimeConstraints) -> TimeConstraints:
    """Return the constraints without their bounds; a clock that is only a bound's is no time of them."""
    clocks = () if constraints.since is not None and _is_start(constraints) else constraints.clocks
    if not clocks and constraints.interval is None and constraints.until and constraints.until.clock:
        clocks = (constraints.until.clock,)
    return replace(constraints, since=None, until=None, lasting=None, count=None, clocks=clocks)


def _start_with_day(builder: ScheduleBuilder) -> None:
    """Read the start of "besok sampai Jumat" and of "nanti malam jam 8 tiap menit selama 2 jam"."""
    constraints, once = builder.constraints, builder.constraints.once
    loose = isinstance(once, said.OnceDay) and once.loose
    if constraints.lasting and constraints.interval and not constraints.each_part:
        minute = _first_minute(constraints)
        constraints = replace(constraints, parts=[])
        if minute is not None:
            past = minute <= builder.now.hour * HOUR_MIN + builder.now.minute
            if loose or (once is None and not constraints.has_date()):
                once, loose = said.OnceDay(days=int(past)), False
            clocks = (said.ClockTime(minute, exact=True),)
            constraints = replace(constraints, window=None, clocks=clocks, once=once)
        builder.constraints = constraints
    if constraints.once is not None and not loose:
        started(builder)


def _first_minute(constraints: TimeConstraints) -> int | None:
    """Return the time of day at which an interval starts that lasts for some time."""
    part, window = constraints.parts[0] if constraints.parts else None, constraints.window
    if constraints.clocks:
        return resolve(constraints.clocks[0], part)
    if window and window.start and window.end is None:
        return resolve(window.start, part)
    return PART_TIMES[part].minute if part in PART_TIMES and constraints.once else None


def _limited(
    planned: NamedSchedule, limits: dict[str, str], count: said.FireCount | None, builder: ScheduleBuilder
) -> NamedSchedule:
    """Return a schedule within its bounds, which ends after so many fires if they are counted."""
    schedule, slot = planned
    if schedule is None or "at" in schedule:
        counted = [f"{count.times}x"] if count is not None and count.times > 1 else []
        if unused := [*limits.values(), *counted]:
            builder.unread(UNUSED.fill(words=", ".join(unused)))
        return planned
    schedule = {**schedule, **limits}
    if count is None:
        return schedule, slot
    end = _after_fires(schedule, count.times, builder) if count.times <= MAX_COUNT else None
    if end is None:
        builder.give_up(UNREADABLE["times"])
        return planned
    builder.state(_("Ends {instant}, after {count} times.", instant=moment_text(end), count=count.times))
    return {**schedule, "end_at": end.isoformat()}, slot


def _start(builder: ScheduleBuilder) -> datetime | None:
    """Return the first instant, None if there is none to come."""
    since = builder.constraints.since
    if since is None:
        return None
    clocks = builder.constraints.clocks if _is_start(builder.constraints) else ()
    at = _instant(builder, since, resolve(clocks[0]) if clocks else 0)
    if at is None:
        builder.give_up(UNREADABLE["date"])
    return at if at is not None and at > builder.now else None


def _is_start(constraints: TimeConstraints) -> bool:
    """True if the only time of day is that of "tiap 5 menit mulai besok jam 9", not the schedule's own."""
    often = constraints.interval is not None and constraints.interval.seconds % DAY_SEC > 0
    return often and len(constraints.clocks) == 1


def _end(builder: ScheduleBuilder, start: datetime) -> datetime | None:
    """Return the instant from which it no longer fires; the earliest if several are said."""
    constraints = builder.constraints
    ends = [_last(builder, constraints.until, start)] if constraints.until is not None else []
    if constraints.lasting is not None:
        ends.append(after_lasting(start, constraints.lasting))
    at = min((end for end in ends if end is not None), default=None)
    if ends and (at is None or at <= builder.now or at <= start):
        builder.give_up(UNREADABLE["date" if at is None else "past"])
    return at


def after_lasting(start: datetime, lasting: said.Lasting) -> datetime | None:
    """Return the instant so long after a start; None if no calendar has it."""
    if lasting.months:
        return months_later(start, lasting.months)
    length = timedelta(seconds=lasting.seconds)
    return (start.astimezone(UTC) + length).astimezone(start.tzinfo) if length <= _LONGEST else None


def _last(builder: ScheduleBuilder, bound: said.TimeBound, start: datetime) -> datetime | None:
    """Return the end: after a day that is included, or at an hour of it."""
    hour = bound.clock
    if hour is None or not (builder.constraints.interval or builder.constraints.clocks):
        part = PART_TIMES.get(bound.part or "") if hour is None else None
        return _instant(builder, bound, DAY_MIN if part is None else part.minute)
    at = _instant(builder, bound, resolve(hour, bound.part))
    earliest = builder.now if bound.day == (said.OnceDay(loose=True),) else start
    return at + timedelta(days=1) if at is not None and at <= earliest else at


def _instant(builder: ScheduleBuilder, bound: said.TimeBound, minute: int) -> datetime | None:
    """Return the instant so many minutes after the start of a day that bounds a schedule."""
    once = any(isinstance(each, said.OnceWeekday) for each in bound.day)
    day = bound_day(bound, builder.now.date(), None if once else builder.constraints.days)
    return None if day is None else instant_of(day, minute, builder.now)


def bound_day(bound: said.TimeBound, today: date, days: said.Days | None = None) -> date | None:
    """Return the day that bounds a schedule or a pause; None if no calendar has it."""
    period = next((each for each in bound.day if isinstance(each, said.CalendarPeriod)), None)
    if period is not None:
        return edge_of(today, period, ends=bound.ends)
    once = next((each for each in bound.day if isinstance(each, said.OnceDay | said.OnceWeekday)), None)
    dates = next((each for each in bound.day if isinstance(each, said.Dates)), None)
    if dates is not None and bound.ends:
        dates = replace(dates, days=dates.days[-1:])
    if dates is not None and once == said.NEXT_YEAR:
        once, dates = None, replace(dates, year=today.year + 1)
    return day_of(TimeConstraints(once=once, dates=dates, days=days), today)


def edge_of(today: date, period: said.CalendarPeriod, *, ends: bool) -> date:
    """Return the first day of a week, month or year, or its last."""
    if period.unit == "w":
        monday = today + timedelta(days=7 * period.ahead - today.weekday())
        return monday + timedelta(days=6) if ends else monday
    months = 1 if period.unit == "mo" else _MONTHS
    first = months_later(today.replace(day=1, month=today.month if months == 1 else 1), period.ahead * months)
    return months_later(first, months) - timedelta(days=1) if ends else first


def _after_fires(schedule: dict[str, Any], times: int, builder: ScheduleBuilder) -> datetime | None:
    """Return an instant after so many fires and before the next one; None if there are not so many."""
    compiled = compile_schedule(Schedule.model_validate(schedule), builder.zone)
    if "interval_sec" in schedule:
        start = max(builder.now, datetime.fromisoformat(schedule.get("start_at", builder.now.isoformat())))
        end = start + timedelta(seconds=times * int(schedule["interval_sec"]))
        ends = compiled.end_ms is None or compiled.end_ms >= end.timestamp() * 1000
        return end if ends else None
    fires = next_fires(compiled, round(builder.now.timestamp() * 1000), times)
    if len(fires) < times:
        return None
    return datetime.fromtimestamp(fires[-1] / 1000, builder.now.tzinfo) + timedelta(seconds=_AFTER_LAST_SEC)
