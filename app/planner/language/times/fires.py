"""Some fires of a planned schedule, and whether they keep to a time that a sentence names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import pairwise
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
from app.planner.language.times.clock_parts import resolve
from app.planner.language.times.expressions import (
    DAY_MIN,
    DAY_SEC,
    HOUR_MIN,
    ClockTime,
    ClockTimes,
    ClockWindow,
    Dates,
    Days,
    Except,
    FireCount,
    Interval,
    Lasting,
    Months,
    Now,
    OnceDay,
    OnceDelta,
    OnceWeekday,
    PartOfDay,
    Recurrence,
    TimeBound,
    ZoneName,
)
from app.planner.language.times.schedule_builder import PART_TIMES
from app.planner.language.times.window import bounds

_ROW: Final = 6
_DAYS_AHEAD: Final = 8
_QUARTER_HOURS: Final = (0, 6, 12, 18)
_WEEK: Final = 7
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
        fits = _test_of(value, self.today)
        if isinstance(value, Interval | Recurrence | Now):
            return self._recurs_as(value) and (not is_daily(value) or self._is_whole_week())
        return None if fits is None else any(map(fits, self.moments))

    def _is_whole_week(self) -> bool:
        return len({moment.isoweekday() for moment in self.moments}) == _WEEK

    def keeps_to(self, value: object) -> bool | None:
        """True if it fires at no other time than a certain one; None if that is not known."""
        fits = _test_of(value, self.today)
        if isinstance(value, Except):
            return None if fits is None else not any(map(fits, self.moments))
        if isinstance(value, TimeBound | Lasting | FireCount):
            return bool({"start_at", "end_at"} & self.schedule.keys())
        if isinstance(value, ZoneName):
            return self.schedule.get("timezone") == value.name
        if isinstance(value, OnceDelta):
            return "at" in self.schedule
        if isinstance(value, Interval | Recurrence | Now):
            return self._recurs_as(value)
        return None if fits is None else all(map(fits, self.moments))

    def _recurs_as(self, value: Interval | Recurrence | Now) -> bool:
        if isinstance(value, Now):
            return False
        if "at" in self.schedule:
            return False
        seconds = value.seconds if isinstance(value, Interval) else 0
        if seconds and seconds != DAY_SEC:
            return self._has_step(seconds)
        unit = value.unit if isinstance(value, Recurrence) else "d"
        days = {(moment.month, moment.day) for moment in self.moments}
        spread = {
            "d": lambda: len({moment.isoweekday() for moment in self.moments}) > _FEW_DAYS,
            "w": lambda: len({moment.isoweekday() for moment in self.moments}) < _WEEK,
            "mo": lambda: len({moment.day for moment in self.moments}) < _WEEK,
            "y": lambda: len(days) == 1 or len({moment.month for moment in self.moments}) == 1,
        }
        return spread.get(unit, lambda: False)()

    def _has_step(self, seconds: float) -> bool:
        if "interval_sec" in self.schedule:
            return self.schedule["interval_sec"] == seconds
        first = self.moments[:_ROW]
        steps = {(after - before).total_seconds() for before, after in pairwise(first)}
        return seconds in steps


def is_daily(value: object) -> bool:
    """True for "tiap hari" and "daily"."""
    return value in (Recurrence("d"), Interval(DAY_SEC), Interval(DAY_SEC, bare=True))


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


def _test_of(value: object, today: date) -> Callable[[datetime], bool] | None:
    """Return the test of an instant that a time stands for; None if there is none."""
    test: Callable[[datetime], bool] | None = None
    match value:
        case Days(days=days, nth=(), eve=False, rest=False):
            test = partial(_is_weekday, days)
        case OnceDay(days=days, months=0, loose=False, wide=False):
            test = partial(_is_day, today + timedelta(days=days))
        case OnceWeekday(weekday=weekday):
            test = partial(_is_weekday, frozenset({weekday}))
        case Dates(days=days, month=month):
            test = partial(_is_date, days, month)
        case Months(months=months):
            test = partial(_is_month, months)
        case PartOfDay(part=part) if part in PART_TIMES:
            test = partial(_is_hour, frozenset(PART_TIMES[part].hours))
        case ClockTimes(clocks=clocks):
            test = partial(_is_minute, frozenset(resolve(clock) % DAY_MIN for clock in clocks))
        case ClockWindow(start=ClockTime(), end=ClockTime()):
            test = partial(_is_between, [bounds(value)])
        case Except():
            test = None if _is_special(value) else partial(_is_left_out, value)
        case _:
            pass
    return test


def _is_special(value: Except) -> bool:
    """True for an exception whose days only a calendar knows."""
    return bool(value.part or value.once or value.dates or value.holidays) or value.on_skip != "drop"


def _is_left_out(value: Except, moment: datetime) -> bool:
    return (
        _is_weekday(value.weekdays, moment)
        or _is_date(tuple(value.days), None, moment)
        or _is_month(value.months, moment)
        or _is_between([bounds(window) for window in value.windows], moment)
    )


def _is_weekday(days: frozenset[int], moment: datetime) -> bool:
    return moment.isoweekday() % _WEEK in days


def _is_day(day: date, moment: datetime) -> bool:
    return moment.date() == day


def _is_date(days: tuple[int, ...], month: int | None, moment: datetime) -> bool:
    last = (moment + timedelta(days=1)).day == 1
    return (moment.day in days or (last and 0 in days)) and month in {None, moment.month}


def _is_month(months: frozenset[int], moment: datetime) -> bool:
    return moment.month in months


def _is_hour(hours: frozenset[int], moment: datetime) -> bool:
    return moment.hour in hours


def _is_minute(minutes: frozenset[int], moment: datetime) -> bool:
    return _minute(moment) in minutes


def _is_between(spans: list[tuple[int, int]], moment: datetime) -> bool:
    minute = _minute(moment)
    return any(start <= each < end for start, end in spans for each in (minute, minute + DAY_MIN))


def _minute(moment: datetime) -> int:
    return moment.hour * HOUR_MIN + moment.minute
