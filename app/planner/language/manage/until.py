"""Reads the end of a pause: "sampai Senin", "until 3pm", "selama 2 jam", "hari ini"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from app.planner.language.clauses.clause import Item
from app.planner.language.jobs.context import BuildContext
from app.planner.language.times.bounded import after_lasting, bound_day, edge_of, instant_of
from app.planner.language.times.clock_parts import PART_TIMES, resolve
from app.planner.language.times.constraints import TimeConstraints
from app.planner.language.times.expressions import (
    DAY_MIN,
    CalendarPeriod,
    ClockTime,
    ClockTimes,
    ClockWindow,
    Dates,
    Days,
    Interval,
    Lasting,
    OnceDay,
    OnceWeekday,
    TimeBound,
)
from app.planner.language.times.intervals import UNIT_SEC
from app.planner.language.times.once import moment_of

_TODAY: Final = TimeConstraints(once=OnceDay(loose=True))
_LENGTHS: Final = {unit: Lasting(UNIT_SEC[unit]) for unit in ("h", "d", "w")}
_MONTHS: Final = {"mo": Lasting(months=1), "y": Lasting(months=12)}


def end_of_pause(items: Sequence[Item], context: BuildContext) -> tuple[datetime | None, list[Item]]:
    """Return when a pause ends, on the wall clock of the zone in force, and the items that say so.

    A day is its midnight, at which the job goes on; "hari ini" ends at the next one.
    """
    now = context.now.astimezone(ZoneInfo(context.zone))
    # The "seminggu" of a pause is no time elsewhere.
    times = [each for each in items if each.kind == "time" or context.lex[each.first].has("unit1")]
    for before, item in pairwise(items):
        day = before.value
        if isinstance(day, Days) and len(day.days) == 1:
            day = OnceWeekday(next(iter(day.days)), 0)
        if isinstance(day, Dates | OnceDay | OnceWeekday) and item.kind in {"up", "stop"}:
            bound = replace(before, value=TimeBound(ends=True, day=(day,)))
            if item.text in {"", "resume"} and (at := _end(bound, None, context, now)) is not None:
                return at, [before, item]  # "jeda laporan, Senin nyala lagi"
    clocks = [item for item in times if isinstance(item.value, ClockTimes)]
    clock = clocks[0].value.clocks[0] if clocks and isinstance(clocks[0].value, ClockTimes) else None
    found = [(item, at) for item in times if (at := _end(item, clock, context, now)) is not None]
    ends = [item for item, _at in found]
    if any(isinstance(item.value, TimeBound) and item.value.clock is None for item in ends):
        ends += clocks
    return (found[0][1] if found else None), ends


def _end(item: Item, clock: ClockTime | None, context: BuildContext, now: datetime) -> datetime | None:
    match item.value:
        case TimeBound(ends=True):
            return _bounded(item.value, clock, now)
        case ClockWindow(start=None, end=ClockTime() as end):
            return moment_of(now.date(), end, _TODAY, now)[0]
        case OnceDay(days=0, months=0, wide=wide):
            names_month = any(context.lex[pos].has("relmonth") for pos in range(item.first, item.last))
            period = CalendarPeriod("mo" if names_month else "w", 0)
            return instant_of(edge_of(now.date(), period, ends=True) if wide else now.date(), DAY_MIN, now)
        case Lasting():
            return after_lasting(now, item.value)
        case Interval(seconds=seconds, bare=True):
            return after_lasting(now, Lasting(seconds))
        case _:
            unit = context.lex[item.first].senses.get("unit1") if item.last == item.first + 1 else None
            length = (_LENGTHS | _MONTHS).get(str(unit))
            return None if length is None else after_lasting(now, length)


def _bounded(bound: TimeBound, clock: ClockTime | None, now: datetime) -> datetime | None:
    """Return the instant of a day at which a pause ends; None if it is past, or no calendar has it."""
    hour = bound.clock or clock
    part = PART_TIMES[bound.part].minute if bound.part in PART_TIMES else 0
    minute = part if hour is None else resolve(hour, bound.part)
    period = next((each for each in bound.day if isinstance(each, CalendarPeriod)), None)
    month_end = any(isinstance(each, Dates) and 0 in each.days for each in bound.day)
    # "sampai minggu depan" ends with this week, "sampai akhir bulan ini" with its last day.
    whole = month_end if period is None else not period.ahead
    day = bound_day(replace(bound, ends=whole), now.date())
    if day is None:
        return None
    at = instant_of(day, minute + DAY_MIN * (whole and hour is None), now)
    if at <= now and any(isinstance(each, OnceWeekday) for each in bound.day):
        at += timedelta(days=7)
    return at if at > now else None
