"""Reads the end of a pause: "sampai Senin", "until 3pm", "selama 2 jam", "hari ini"."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from app.planner.language.times.bounded import after_lasting, edge_of
from app.planner.language.times.clock_parts import resolve
from app.planner.language.times.constraints import TimeConstraints
from app.planner.language.times.expressions import (
    CalendarPeriod,
    ClockTime,
    ClockTimes,
    ClockWindow,
    Dates,
    Interval,
    Lasting,
    OnceDay,
    OnceWeekday,
    TimeBound,
)
from app.planner.language.times.once import day_of
from app.planner.language.times.schedule_builder import PART_TIMES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from app.planner.language.clauses.clause import Item
    from app.planner.language.jobs.context import BuildContext

_HOUR_MIN: Final = 60
_DAY_MIN: Final = 1_440


def end_of_pause(items: Sequence[Item], context: BuildContext) -> datetime | None:
    """Return when a pause ends, on the wall clock of the zone in force; None if the items name no end.

    A day is its midnight, at which the job goes on; "hari ini" ends at the next one.
    """
    now = context.now.astimezone(ZoneInfo(context.zone))
    times = [item for item in items if _may_end(item, context)]
    clocks = (item.value.clocks[0] for item in times if isinstance(item.value, ClockTimes))
    clock = next(clocks, None)
    ends = (_end(item, clock, context, now) for item in times)
    return next((end for end in ends if end is not None), None)


def says_end(items: Sequence[Item], context: BuildContext) -> list[Item]:
    """Return the time items that are part of an end."""
    now = context.now.astimezone(ZoneInfo(context.zone))
    times = [item for item in items if _may_end(item, context)]
    ends = [item for item in times if _end(item, None, context, now) is not None]
    if any(isinstance(item.value, TimeBound) and item.value.clock is None for item in ends):
        ends += [item for item in times if isinstance(item.value, ClockTimes)]
    return ends


def _may_end(item: Item, context: BuildContext) -> bool:
    """True for a time, and for the "seminggu" that is none elsewhere."""
    return item.kind == "time" or (item.kind == "filler" and context.lex[item.first].has("unit1"))


def _end(item: Item, clock: ClockTime | None, context: BuildContext, now: datetime) -> datetime | None:
    match item.value:
        case TimeBound(ends=True):
            return _bounded(item.value, clock, now)
        case ClockWindow(start=None, end=ClockTime() as end):
            return _next(end, now)
        case OnceDay(days=0, months=0, wide=True):
            unit = "mo" if _names_month(item, context) else "w"
            return _at(edge_of(now.date(), CalendarPeriod(unit, 0), ends=True), _DAY_MIN, now)
        case OnceDay(days=0, months=0):
            return _at(now.date(), _DAY_MIN, now)
        case _:
            length = _length(item, context)
            return None if length is None else after_lasting(now, length)


def _names_month(item: Item, context: BuildContext) -> bool:
    texts = " ".join(context.lex[pos].text for pos in range(item.first, item.last))
    return "bulan" in texts or "month" in texts


def _length(item: Item, context: BuildContext) -> Lasting | None:
    """Return the length of "selama 3 hari", "2 jam", "seminggu"."""
    match item.value:
        case Lasting():
            return item.value
        case Interval(seconds=seconds, bare=True):
            return Lasting(seconds)
        case _:
            unit = context.lex[item.first].senses.get("unit1")
            return _LENGTHS.get(str(unit)) if item.last == item.first + 1 else None


_LENGTHS: Final = {
    "h": Lasting(3_600),
    "d": Lasting(86_400),
    "w": Lasting(7 * 86_400),
    "mo": Lasting(months=1),
    "y": Lasting(months=12),
}


def _bounded(bound: TimeBound, clock: ClockTime | None, now: datetime) -> datetime | None:
    """Return the instant of a day at which a pause ends; None if it is past, or no calendar has it."""
    hour = bound.clock or clock
    if hour is not None:
        minute = resolve(hour, bound.part)
    else:
        minute = PART_TIMES[bound.part].minute if bound.part in PART_TIMES else 0
    period = next((each for each in bound.day if isinstance(each, CalendarPeriod)), None)
    once = next((each for each in bound.day if isinstance(each, OnceDay | OnceWeekday)), None)
    dates = next((each for each in bound.day if isinstance(each, Dates)), None)
    if period is not None:
        # "sampai minggu depan" ends with this week, "sampai akhir bulan ini" with its last day.
        day = edge_of(now.date(), period, ends=not period.ahead)
        minute += 0 if period.ahead or hour is not None else _DAY_MIN
    else:
        day = day_of(TimeConstraints(once=once, dates=dates), now.date())
        minute += _DAY_MIN if dates is not None and 0 in dates.days and hour is None else 0
    if day is None:
        return None
    at = _at(day, minute, now)
    if at <= now and isinstance(once, OnceWeekday):
        at += timedelta(days=7)
    return at if at > now else None


def _next(clock: ClockTime, now: datetime) -> datetime:
    minute, half = resolve(clock), _DAY_MIN // 2
    at = _at(now.date(), minute, now)
    if at <= now and clock.part is None and not clock.exact and minute < half:
        later = _at(now.date(), minute + half, now)
        at = later if later > now else at
    return at if at > now else at + timedelta(days=1)


def _at(day: date, minute: int, now: datetime) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=now.tzinfo) + timedelta(minutes=minute)
