"""Moments: the instant of "besok jam 9", "nanti malam jam 8", "Jumat ini", counted from now."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from app.planner.times.clock_parts import resolve
from app.planner.times.facets import Facets
from app.planner.times.pieces import HOUR_MIN, Clock, OnceDay, OnceWeekday

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
