"""Reads the end of a pause: "sampai Senin", "until 3pm", "selama 2 jam", "hari ini"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.planner.language.clauses.clause import Item
from app.planner.language.jobs.context import BuildContext
from app.planner.language.lexicon.sense import Sense
from app.planner.language.times import expressions as said
from app.planner.language.times.bounded import after_lasting, bound_day
from app.planner.language.times.bounds import read_bound_day
from app.planner.language.times.clock_parts import PART_TIMES, resolve
from app.planner.language.times.constraints import TimeConstraints
from app.planner.language.times.expressions import DAY_MIN
from app.planner.language.times.intervals import UNIT_SEC
from app.planner.language.times.once import instant_of, moment_of

_TODAY: Final = TimeConstraints(once=said.OnceDay(loose=True))
_MONTHS: Final = {"mo": said.Lasting(months=1), "y": said.Lasting(months=12)}
_LENGTHS: Final = {unit: said.Lasting(UNIT_SEC[unit]) for unit in ("h", "d", "w")} | _MONTHS


def end_of_pause(items: Sequence[Item], context: BuildContext) -> tuple[datetime | None, list[Item]]:
    """Return when a pause ends, on the wall clock of the zone in force, and the items that say so.

    A day is its midnight, at which the job goes on; "hari ini" ends at the next one.
    """
    now = context.now.astimezone(ZoneInfo(context.zone))
    # The "seminggu" of a pause is no time elsewhere.
    times = [each for each in items if each.kind == "time" or context.lex[each.first].has("unit1")]
    clocks = [item for item in times if isinstance(item.value, said.ClockTimes)]
    clock = clocks[0].value.clocks[0] if clocks and isinstance(clocks[0].value, said.ClockTimes) else None
    found = [(item, at) for item in times if (at := _end(item, clock, context, now)) is not None]
    ends = [item for item, _at in found]
    if any(isinstance(item.value, said.TimeBound) and item.value.clock is None for item in ends):
        ends += clocks
    return (found[0][1] if found else None), ends


def _end(item: Item, clock: said.ClockTime | None, context: BuildContext, now: datetime) -> datetime | None:
    bound = _bound(item, context)
    if bound is not None:
        return _bounded(bound, clock, now)
    match item.value:
        case said.ClockWindow(start=None, end=said.ClockTime() as end):
            return moment_of(now.date(), end, _TODAY, now)[0]
        case said.OnceDay(days=0, months=0, loose=False, wide=False):
            return instant_of(now.date(), DAY_MIN, now)
        case said.Lasting():
            return after_lasting(now, item.value)
        case said.Interval(seconds=seconds, bare=True):
            return after_lasting(now, said.Lasting(seconds))
        case _:
            unit = context.lex[item.first].senses.get("unit1") if item.last == item.first + 1 else None
            length = _LENGTHS.get(str(unit))
            return None if length is None else after_lasting(now, length)


def _bound(item: Item, context: BuildContext) -> said.TimeBound | None:
    """Return the end of "sampai Senin", "Senin lanjut", "mulai Senin lagi" and "minggu ini"."""
    match item.value:
        case said.TimeBound(ends=True) as bound:
            return bound
        case said.TimeBound() as bound if context.lex.has(item.last, Sense.AGAIN_VERBS):
            return replace(bound, ends=True)
        case said.Except(resumes=bound):
            return bound
        case said.OnceDay(wide=True):
            read = read_bound_day(context.lex, item.first, ends=True, loose=False)
            period = None if read is None else read[0]
            if not isinstance(period, said.CalendarPeriod) or period.ahead:
                return None
            return said.TimeBound(ends=True, day=(period,))
        case _:
            return None


def _bounded(bound: said.TimeBound, clock: said.ClockTime | None, now: datetime) -> datetime | None:
    """Return the instant of a day at which a pause ends; None if it is past, or no calendar has it."""
    hour = bound.clock or clock
    part = PART_TIMES[bound.part].minute if bound.part in PART_TIMES else 0
    minute = part if hour is None else resolve(hour, bound.part)
    period = next((each for each in bound.day if isinstance(each, said.CalendarPeriod)), None)
    month_end = any(isinstance(each, said.Dates) and 0 in each.days for each in bound.day)
    # "sampai minggu depan" ends with this week, "sampai akhir bulan ini" with its last day.
    whole = month_end if period is None else not period.ahead
    day = bound_day(replace(bound, ends=whole), now.date())
    if day is None:
        return None
    at = instant_of(day, minute + DAY_MIN * (whole and hour is None), now)
    if at <= now and any(isinstance(each, said.OnceWeekday) for each in bound.day):
        at += timedelta(days=7)
    return at if at > now else None
