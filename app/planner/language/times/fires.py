"""Some fires of a planned schedule, and whether they keep to a time that a sentence names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from operator import attrgetter
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.core.clock import from_ms, to_ms
from app.core.models import Schedule
from app.core.scheduling.schedule import (
    NO_CALENDARS,
    CompiledSchedule,
    ScheduleError,
    compile_schedule,
    next_fires,
)
from app.planner.language.times import expressions as said
from app.planner.language.times.clock import bounds
from app.planner.language.times.clock_parts import PART_TIMES, resolve
from app.planner.language.times.expressions import DAY_MIN, DAY_SEC, HOUR_MIN

_ROW: Final = 6
_DAYS_AHEAD: Final = 8
_QUARTER_HOURS: Final = (0, 6, 12, 18)
_WEEK: Final = 7
_SPANS: Final = {"d": 1, "w": _WEEK}
_MONTH: Final = 31
_FEW_DAYS: Final = 2
"""On so few days of the week nothing is daily, whatever is left out."""


@dataclass(frozen=True, slots=True)
class Fires:
    """A schedule with some of its fires: the first ones, and the next after each quarter of a day."""

    schedule: Mapping[str, Any]
    compiled: CompiledSchedule
    moments: tuple[datetime, ...]
    """On the clock of the schedule's zone."""
    today: date

    def include(self, other: Fires) -> bool:
        """True if each fire of another schedule is one of this one, too."""
        if "interval_sec" in self.schedule and "skip" not in self.schedule:
            return True
        instants = (to_ms(moment) for moment in other.moments)
        return all(next_fires(self.compiled, at - 1, 1) == [at] for at in instants)

    def hits(self, value: object) -> bool | None:
        """True if it fires at a time; None if that is not known."""
        if isinstance(value, said.Interval | said.Recurrence | said.Now):
            whole_week = len({moment.isoweekday() for moment in self.moments}) == _WEEK
            return self._recurs_as(value) and (whole_week or not is_daily(value))
        moments = (*self.moments, *self._of_month()) if isinstance(value, said.Dates) else self.moments
        fits = [_fits(value, moment, self.today) for moment in moments]
        return None if None in fits else any(fits)

    def _of_month(self) -> Iterator[datetime]:
        """Yield the first fire after the start of each of the next days."""
        start, zone = self.moments[0], self.moments[0].tzinfo
        for day in range(_MONTH):
            for at in next_fires(self.compiled, to_ms(start + timedelta(days=day)) - 1, 1):
                yield from_ms(at).astimezone(zone)

    def keeps_to(self, value: object) -> bool | None:
        """True if it fires at no other time than a certain one; None if that is not known."""
        if isinstance(value, said.TimeBound | said.Lasting | said.FireCount):
            return bool({"start_at", "end_at"} & self.schedule.keys())
        if isinstance(value, said.ZoneName):
            return self.schedule.get("timezone") == value.name
        if isinstance(value, said.TimesPer) and value.unit in _SPANS:
            span = timedelta(days=_SPANS[value.unit])
            return sum(moment - self.moments[0] < span for moment in self.moments) == value.times
        if isinstance(value, said.OnceDelta):
            return "at" in self.schedule
        if isinstance(value, said.Interval | said.Recurrence | said.Now):
            return self._recurs_as(value)
        fits = [_fits(value, moment, self.today) for moment in self.moments]
        return None if None in fits else all(fits)

    def _recurs_as(self, value: said.Interval | said.Recurrence | said.Now) -> bool:
        if isinstance(value, said.Now) or "at" in self.schedule:
            return False
        if isinstance(value, said.Interval) and value.seconds != DAY_SEC:
            if "interval_sec" in self.schedule:
                return self.schedule["interval_sec"] == value.seconds
            first = pairwise(self.moments[:_ROW])
            return any((later - before).total_seconds() == value.seconds for before, later in first)
        weekdays, days, months = (
            len({get(moment) for moment in self.moments})
            for get in (datetime.isoweekday, attrgetter("day"), attrgetter("month"))
        )
        soon = self.moments[-1] - self.moments[0] < timedelta(days=_MONTH * len(self.moments))
        daily = weekdays > _FEW_DAYS and soon
        spread = {"d": daily, "w": weekdays < _WEEK, "mo": days < _WEEK, "y": months == 1}
        return spread[value.unit if isinstance(value, said.Recurrence) else "d"]


def is_daily(value: object) -> bool:
    """True for "tiap hari" and "daily"."""
    return value in (said.Recurrence("d"), said.Interval(DAY_SEC), said.Interval(DAY_SEC, bare=True))


def fires_of(schedule: Mapping[str, Any] | None, now: datetime, zone: str) -> Fires | None:
    """Return the fires of a planned schedule; None if it has none, or is not valid."""
    if schedule is None:
        return None
    try:
        compiled = compile_schedule(Schedule.model_validate(schedule), zone, NO_CALENDARS)
    except (ScheduleError, ValueError):
        return None
    start = to_ms(now)
    later = (now + timedelta(days=day, hours=hour) for day in range(_DAYS_AHEAD) for hour in _QUARTER_HOURS)
    sampled = {at for moment in later for at in next_fires(compiled, to_ms(moment), 1)}
    instants = sorted({*next_fires(compiled, start, _ROW), *sampled})
    local = ZoneInfo(schedule.get("timezone") or zone)
    moments = tuple(from_ms(at).astimezone(local) for at in instants)
    return Fires(schedule, compiled, moments, now.astimezone(local).date()) if moments else None


def _fits(value: object, at: datetime, today: date) -> bool | None:
    """Return whether an instant is in a time; None if that is not known."""
    found: bool | None = None
    match value:
        case said.Days(days=days, nth=(), eve=False):
            found = at.isoweekday() % _WEEK in days
        case said.OnceDay(days=days, months=0, loose=False, wide=False):
            found = at.date() == today + timedelta(days=days)
        case said.OnceWeekday(weekday=weekday):
            found = at.isoweekday() % _WEEK == weekday
        case said.Dates(days=days, month=month):
            last = (at + timedelta(days=1)).day == 1
            found = (at.day in days or (last and 0 in days)) and month in {None, at.month}
        case said.Months(months=months):
            found = at.month in months
        case said.PartOfDay(part=part) if part in PART_TIMES:
            found = at.hour in PART_TIMES[part].hours
        case said.ClockTimes(clocks=clocks):
            found = at.hour * HOUR_MIN + at.minute in map(resolve, clocks)
        case said.ClockWindow(start=said.ClockTime(), end=said.ClockTime()):
            start, end = bounds(value)
            minute = at.hour * HOUR_MIN + at.minute
            found = start <= minute < end or start <= minute + DAY_MIN < end
        case said.Except(part="", once=(), holidays=False, on_skip="drop") if not value.dates:
            days = (said.Days(value.weekdays), said.Dates(tuple(value.days)), said.Months(value.months))
            found = any(_fits(part, at, today) for part in (*days, *value.windows))
        case _:
            pass
    return found
