"""One-off schedules: from "besok jam 9" and "in 20 minutes" to a future instant."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import Final, TypeVar

from app.core.i18n import _
from app.planner.language.times import expressions as said
from app.planner.language.times.clock import bounds
from app.planner.language.times.clock_parts import resolve
from app.planner.language.times.constraints import NOTHING, TimeConstraints
from app.planner.language.times.expressions import DAY_MIN, HOUR_MIN
from app.planner.language.times.schedule_builder import (
    NamedSchedule,
    ScheduleBuilder,
    clock_text,
    moment_text,
)
from app.planner.messages import START, UNREADABLE

# Instants of "besok jam 9", "nanti malam jam 8", "Jumat ini", counted from now.

_WEEK: Final = 7
_HALF_DAY: Final = 720
_SMALL_HOURS: Final = 300
_MOST_DAYS: Final = 400 * 366
_MOST_MONTHS: Final = 400 * 12
_Day = TypeVar("_Day", date, datetime)


Moment = tuple[datetime, bool]
"""An instant on the wall clock of its zone, and if it is half a day or a day later than written."""


def day_of(constraints: TimeConstraints, today: date) -> date | None:
    """Return the day that is meant; None if no calendar has it."""
    once = constraints.once
    if isinstance(once, said.OnceWeekday):
        monday = today - timedelta(days=(today.weekday()) % _WEEK)
        day = monday + timedelta(days=(once.weekday - 1) % _WEEK + _WEEK * once.weeks)
        return day if day >= today or once.weeks else day + timedelta(days=_WEEK)
    if isinstance(once, said.OnceDay):
        return _later(today, once, constraints)
    return None if constraints.dates is None else dated(constraints.dates, today)


def _later(today: date, once: said.OnceDay, constraints: TimeConstraints) -> date | None:
    if once.months > _MOST_MONTHS or once.days > _MOST_DAYS:
        return None
    day = months_later(today, once.months) + timedelta(days=once.days)
    if constraints.dates is not None and constraints.dates.month is None and once.wide:
        wanted, longest = constraints.dates.days[0], monthrange(day.year, day.month)[1]
        return day.replace(day=min(wanted if wanted > 0 else longest + wanted, longest))
    if constraints.days is not None and len(constraints.days.days) == 1:
        wanted = next(iter(constraints.days.days))
        return day + timedelta(days=(wanted - day.isoweekday()) % _WEEK)
    return day


def months_later(day: _Day, months: int) -> _Day:
    """Return the same day some months later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    longest = monthrange(day.year + years, month + 1)[1]
    return day.replace(year=day.year + years, month=month + 1, day=min(day.day, longest))


def dated(dates: said.Dates, today: date) -> date | None:
    """Return the first day of dates from a day on; None if no calendar has it."""
    month = dates.month or today.month
    year = dates.year or today.year
    wanted = dates.days[0]
    if dates.year is None and (month, wanted or 31) < (today.month, today.day):
        year, month = (year + 1, month) if dates.month else (year + month // 12, month % 12 + 1)
    try:
        return date(year, month, wanted or monthrange(year, month)[1])
    except ValueError:
        return None


def moment_of(day: date, clock: said.ClockTime, constraints: TimeConstraints, now: datetime) -> Moment:
    """Return the instant of a time on a day. If it is past, it moves on as far as the words allow."""
    part = constraints.parts[0] if constraints.parts else None
    minute = resolve(clock, part)
    once = constraints.once
    loose = isinstance(once, said.OnceDay) and once.loose
    if part in {"malam", "night"} and clock.part in {None, part} and minute < _SMALL_HOURS:
        day += timedelta(days=1)
    at = _at(day, minute, now)
    if at > now or not isinstance(once, said.OnceDay) or once.days or once.months:
        return at, False
    open_half = clock.part is None and part is None and not clock.exact and minute < _HALF_DAY
    if open_half and _at(day, minute + _HALF_DAY, now) > now:
        return _at(day, minute + _HALF_DAY, now), True
    return (_at(day + timedelta(days=1), minute, now), True) if loose else (at, False)


def _at(day: date, minute: int, now: datetime) -> datetime:
    return datetime.combine(day, time(minute // HOUR_MIN, minute % HOUR_MIN), tzinfo=now.tzinfo)


_NEAR_DAYS: Final = 2
"""Besok and lusa take the usual time of a job. "In five days" means the present time of day."""


def is_once(builder: ScheduleBuilder) -> bool:
    """True if the clause has only a one-off day. A week or month may be narrowed to a day of it."""
    constraints = builder.constraints
    wide = isinstance(constraints.once, said.OnceDay) and constraints.once.wide
    narrowed = constraints.days is not None and not constraints.days.every and wide
    dated = constraints.dates is None or (not constraints.dates.every and wide)
    often = constraints.interval or constraints.counted or constraints.months
    often = often or constraints.left_out != NOTHING or (constraints.days and not narrowed)
    return dated and not often and constraints.recur in {None, said.Recurrence("d")}


def after_delta(builder: ScheduleBuilder, seconds: float) -> list[NamedSchedule]:
    """Plan a run after so many seconds from now; an interval in the same clause starts then."""
    at = builder.now + timedelta(seconds=seconds)
    interval = builder.constraints.interval
    if interval is None:
        return [_single(at)]
    builder.state(START.fill(instant=moment_text(at)))
    return [({"interval_sec": int(interval.seconds), "start_at": at.isoformat()}, "")]


def on_day(builder: ScheduleBuilder) -> list[NamedSchedule]:
    """Plan one day, or each of a list of dates, once for each time of day in the clause."""
    constraints, dates, today = builder.constraints, builder.constraints.dates, builder.now.date()
    day = day_of(constraints, today)
    if day is None:
        return builder.give_up(UNREADABLE["past" if dates and dates.year else "date"])
    days: list[date | None] = [day]
    if dates and constraints.once is None:
        days = [dated(replace(dates, days=(each,)), today) for each in dates.days]
    elif dates and dates.month and dated(dates, today) != day:
        return builder.give_up(UNREADABLE["date"])  # "besok natal" in November
    found: list[NamedSchedule] = []
    for each, clock in product(filter(None, days), _clocks(builder)):
        at, shifted = moment_of(each, clock, constraints, builder.now)
        if at <= builder.now:
            return builder.give_up(UNREADABLE["past"])
        if shifted or dates:
            builder.assume(_("The time is read as {instant}.", instant=moment_text(at)))
        found.append(_single(at))
    return found


def _single(at: datetime) -> NamedSchedule:
    return {"at": at.isoformat()}, at.strftime("%m%d%H%M")


def _clocks(builder: ScheduleBuilder) -> Sequence[said.ClockTime]:
    constraints = builder.constraints
    if constraints.clocks:
        return constraints.clocks
    if constraints.window is not None:
        return [start_of(constraints.window, builder)]
    if (
        isinstance(constraints.once, said.OnceDay)
        and constraints.once.days > _NEAR_DAYS
        and not constraints.parts
    ):
        minute = builder.now.hour * HOUR_MIN + builder.now.minute
        builder.assume(_("No time of day was said: the same time, {time}, is used.", time=clock_text(minute)))
        return [said.ClockTime(minute, exact=True)]
    return [said.ClockTime(builder.default_minute(part), exact=True) for part in constraints.parts or [None]]


# The next time of a message: "jam 9" is once, today or tomorrow, and "Jumat jam 11" is the next Friday.

_MOST_DAYS_AHEAD: Final = 62
"""Every day of the month comes within two months."""


def at_next_time(builder: ScheduleBuilder) -> list[NamedSchedule]:
    """Plan each time of day once, on the next of its days that is still to come."""
    constraints, now = builder.constraints, builder.now
    coming = [now.date() + timedelta(days=ahead) for ahead in range(_MOST_DAYS_AHEAD)]
    groups = [coming]
    if dates := constraints.dates:
        last = {day: monthrange(day.year, day.month)[1] for day in coming}
        groups = [[day for day in coming if day.day in {each, each + last[day]}] for each in dates.days]
    elif days := constraints.days:
        groups = [[day for day in coming if day.isoweekday() % _WEEK == each] for each in days.days]
    found: set[datetime] = set()
    for group, clock in product(groups, _clocks(builder)):
        moments = (moment_of(day, clock, constraints, now)[0] for day in group)
        found.add(next(at for at in moments if at > now))
    for at in sorted(found):
        builder.assume(_('"Every" was not said: it is once, {instant}.', instant=moment_text(at)))
    return [_single(at) for at in sorted(found)]


def start_of(window: said.ClockWindow, builder: ScheduleBuilder) -> said.ClockTime:
    """Return the start of "antara jam 8 dan 10", at which it is once a day."""
    first, last = bounds(window)
    if window.start is None or window.end is not None:
        text = f"{clock_text(first)}-{clock_text(last % DAY_MIN)}"
        builder.assume(_("Of the window {window} its start is used.", window=text))
    return window.start or said.ClockTime(0, exact=True)
