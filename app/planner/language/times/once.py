"""One-offs: from "besok jam 9" and "in 20 minutes" to an instant that is still to come."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from app.planner.language.times.clock_parts import resolve
from app.planner.language.times.constraints import Facets
from app.planner.language.times.expressions import HOUR_MIN, Clock, OnceDay, OnceWeekday
from app.planner.language.times.schedule_builder import Sketch, Slotted, clock_text, moment_text

# Moments: the instant of "besok jam 9", "nanti malam jam 8", "Jumat ini", counted from now.

_WEEK: Final = 7
_HALF_DAY: Final = 720
_SMALL_HOURS: Final = 300
_LAST_YEAR: Final = 9000
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant on the wall clock of its zone; `shifted` where it is half a day or a day later than said."""

    at: datetime
    shifted: bool = False


def day_of(facets: Facets, today: date) -> date | None:
    """Return the day that is meant, None where no calendar has it any more."""
    once = facets.once
    if isinstance(once, OnceWeekday):
        monday = today - timedelta(days=(today.weekday()) % _WEEK)
        day = monday + timedelta(days=(once.weekday - 1) % _WEEK + _WEEK * once.weeks)
        return day if day >= today or once.weeks else day + timedelta(days=_WEEK)
    if isinstance(once, OnceDay):
        return _later(today, once.days, once.months, facets)
    return _dated(facets, today)


def _later(today: date, days: int, months: int, facets: Facets) -> date | None:
    month = today.month - 1 + months
    year, month = today.year + month // _MONTHS, month % _MONTHS + 1
    if year > _LAST_YEAR or days > 400 * 366:
        return None
    day = date(year, month, min(today.day, monthrange(year, month)[1])) + timedelta(days=days)
    wide = isinstance(facets.once, OnceDay) and facets.once.wide
    if facets.dates is not None and facets.dates.month is None and wide:
        return _in_month(day, facets.dates.days[0])
    if facets.days is not None and len(facets.days.days) == 1:
        wanted = next(iter(facets.days.days))
        return day + timedelta(days=(wanted - day.isoweekday()) % _WEEK)
    return day


def _in_month(day: date, wanted: int) -> date:
    longest = monthrange(day.year, day.month)[1]
    return day.replace(day=min(wanted or longest, longest))


def _dated(facets: Facets, today: date) -> date | None:
    dates = facets.dates
    if dates is None:
        return None
    month = dates.month or today.month
    year = dates.year or today.year
    wanted = dates.days[0]
    if dates.year is None and (month, wanted or 31) < (today.month, today.day):
        year, month = (year + 1, month) if dates.month else (year + month // _MONTHS, month % _MONTHS + 1)
    try:
        return date(year, month, wanted or monthrange(year, month)[1])
    except ValueError:
        return None


def moment_of(day: date, clock: Clock, facets: Facets, now: datetime) -> Moment:
    """Return the instant of a time on a day; one that is past moves on where the words leave room for it."""
    part = facets.parts[0] if facets.parts else None
    minute = resolve(clock, part)
    once = facets.once
    loose = isinstance(once, OnceDay) and once.loose
    if part in {"malam", "night"} and clock.part is None and minute < _SMALL_HOURS:
        day += timedelta(days=1)
    at = _at(day, minute, now)
    if at > now or not isinstance(once, OnceDay) or once.days or once.months:
        return Moment(at)
    open_half = clock.part is None and part is None and not clock.exact and minute < _HALF_DAY
    if open_half and _at(day, minute + _HALF_DAY, now) > now:
        return Moment(_at(day, minute + _HALF_DAY, now), shifted=True)
    return Moment(_at(day + timedelta(days=1), minute, now), shifted=True) if loose else Moment(at)


def _at(day: date, minute: int, now: datetime) -> datetime:
    return datetime.combine(day, time(minute // HOUR_MIN, minute % HOUR_MIN), tzinfo=now.tzinfo)


_NEAR_DAYS: Final = 2
"""Besok and lusa take the usual time of a job; "in five days" means this time of day."""


def is_once(sketch: Sketch) -> bool:
    """True where a day that comes once is all there is; a week or month may be narrowed to a day of it."""
    facets = sketch.facets
    wide = isinstance(facets.once, OnceDay) and facets.once.wide
    narrowed = facets.days is not None and not facets.days.every and wide
    dated = facets.dates is None or (not facets.dates.every and wide)
    often = facets.interval or facets.counted or facets.left_out or (facets.days and not narrowed)
    seldom = facets.recur is not None and facets.recur.unit != "d"
    return not often and not seldom and dated


def after_delta(sketch: Sketch, seconds: float) -> list[Slotted]:
    """Plan for so many seconds from now; an interval beside it starts then."""
    at = sketch.now + timedelta(seconds=seconds)
    interval = sketch.facets.interval
    if interval is None:
        return [({"at": at.isoformat()}, at.strftime("%m%d%H%M"))]
    sketch.assume("start", moment_text(at))
    return [({"interval_sec": int(interval.seconds), "start_at": at.isoformat()}, "")]


def on_day(sketch: Sketch) -> list[Slotted]:
    """Plan for one day, once for each time of day that is said."""
    facets = sketch.facets
    day = day_of(facets, sketch.now.date())
    if day is None:
        return sketch.refuse("past" if facets.dates and facets.dates.year else "date")
    found: list[Slotted] = []
    for clock in _clocks(sketch):
        moment = _to_come(day, clock, sketch)
        if moment.at <= sketch.now:
            return sketch.refuse("past")
        if moment.shifted or facets.dates:
            sketch.assume("instant", moment_text(moment.at))
        found.append(({"at": moment.at.isoformat()}, moment.at.strftime("%m%d%H%M")))
    return found


def _to_come(day: date, clock: Clock, sketch: Sketch) -> Moment:
    """Return the instant; a date without its year is next year's where this year's is past."""
    facets = sketch.facets
    moment = moment_of(day, clock, facets, sketch.now)
    if moment.at <= sketch.now and facets.has_date() and facets.dates and facets.dates.year is None:
        later = day_of(facets, date(day.year, 12, 31) + timedelta(days=1))
        return moment if later is None else moment_of(later, clock, facets, sketch.now)
    return moment


def _clocks(sketch: Sketch) -> Sequence[Clock]:
    facets = sketch.facets
    if facets.clocks:
        return facets.clocks
    if isinstance(facets.once, OnceDay) and facets.once.days > _NEAR_DAYS and not facets.parts:
        minute = sketch.now.hour * HOUR_MIN + sketch.now.minute
        sketch.assume("same_time", clock_text(minute))
        return [Clock(minute, exact=True)]
    return [Clock(sketch.default_minute(facets.parts[0] if facets.parts else None), exact=True)]
