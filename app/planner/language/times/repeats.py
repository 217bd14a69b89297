"""Recurring schedules: intervals, calendar days, and windows within a day."""

from __future__ import annotations

from typing import Final

from app.core.i18n import _
from app.planner.language.times import expressions as said
from app.planner.language.times.clock_parts import PART_TIMES, resolve
from app.planner.language.times.expressions import DAY_MIN, DAY_SEC, HOUR_MIN
from app.planner.language.times.once import start_of
from app.planner.language.times.schedule_builder import (
    PACE_UNSAID,
    NamedSchedule,
    ScheduleBuilder,
    clock_text,
    cron_times,
    times_within,
    window_text,
)
from app.planner.messages import COUNTED, DAILY, INTERVAL, LENT_CLOCK, MINUTE, UNREADABLE
from app.planner.models import NoteKind

# Calendar recurrence: times of day on days, weekdays or dates, with the defaults of the job type.

_COUNTED: Final = {2: (480, 1200), 3: (480, 840, 1200), 4: (480, 720, 960, 1200)}
_DAY_HOURS: Final = 24
_SHOWN: Final = 6
_MINUTE_SEC: Final = 60


def by_calendar(builder: ScheduleBuilder) -> list[NamedSchedule]:
    """Plan a calendar recurrence; a clause without a time of day uses the usual time."""
    constraints, dates = builder.constraints, builder.constraints.dates
    if constraints.window is not None:
        constraints.clocks = constraints.clocks or (start_of(constraints.window, builder),)
        constraints.window = None
    if constraints.is_empty() or (constraints.now and not constraints.recurs() and not constraints.clocks):
        return _unsaid(builder)
    daily = constraints.recur is not None and constraints.recur.unit == "d"
    if builder.defaults.interval_sec and not constraints.clocks and not constraints.parts:
        if constraints.is_narrowed():
            return within(builder, _WHOLE_DAY, is_guessed=False)
        if daily:
            return [({"interval_sec": DAY_SEC}, "daily")]
    times = constraints.counted.times if constraints.counted and constraints.counted.unit == "d" else 1
    if not constraints.clocks and times not in _COUNTED and _DAY_HOURS % times:
        seconds = max(1, DAY_SEC // times)  # "10 kali sehari" shares no minute
        builder.assume(_("No times were said: every {seconds} seconds is used.", seconds=seconds))
        return [({"interval_sec": seconds}, f"{times}x")]
    every_said = any(clock.every for clock in constraints.clocks) or constraints.recurs()
    if constraints.clocks and not (every_said or dates or constraints.parts):
        builder.assume(DAILY)
    if dates is not None and min(dates.days) < 0:  # -1 is the day before the last, which no cron line has
        days = ",".join(str(day if day > 0 else day - 1) for day in dates.days)
        return builder.rules(minutes_of(builder), f"FREQ=MONTHLY;BYMONTHDAY={days}")
    if constraints.now:
        builder.state(_("It runs by its schedule; to have it now as well, run the job."))
    return builder.lines(sorted(set(minutes_of(builder))))


def _unsaid(builder: ScheduleBuilder) -> list[NamedSchedule]:
    """Plan a clause without a time: once by hand, at the usual interval, or daily at the usual time."""
    defaults = builder.defaults
    if defaults.by_hand or (builder.constraints.now and defaults.interval_sec is None):
        return [(None, "")]
    if defaults.interval_sec:
        builder.assume(INTERVAL.fill(seconds=defaults.interval_sec), field=PACE_UNSAID)
        return [({"interval_sec": defaults.interval_sec}, f"{defaults.interval_sec}s")]
    builder.assume(DAILY)
    return builder.lines([builder.default_minute(None)])


def minutes_of(builder: ScheduleBuilder) -> list[int]:
    """Return the times of day in minutes; the usual one if the clause has none."""
    constraints = builder.constraints
    if constraints.clocks:
        if constraints.inherited_clock:
            builder.assume(LENT_CLOCK.fill(time=clock_text(resolve(constraints.clocks[0]))))
        part = constraints.parts[0] if len(constraints.parts) == 1 else None
        return [resolve(clock, part) for clock in constraints.clocks]
    if constraints.counted is not None and constraints.counted.unit == "d":
        times = constraints.counted.times
        minutes = _COUNTED.get(times) or tuple(range(0, DAY_MIN, DAY_MIN // times))
        builder.assume(COUNTED.fill(times=", ".join(clock_text(minute) for minute in minutes[:_SHOWN])))
        return list(minutes)
    return [builder.default_minute(part) for part in constraints.parts or [None]]


_WHOLE_DAY: Final = (0, DAY_MIN)
_SHORT_SEC: Final = DAY_SEC // 4
_WEEK: Final = 7
_WHOLE_WEEK: Final = frozenset(range(_WEEK))
_WHOLE_MONTH: Final = range(1, 32)
_RULE_DAYS: Final = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")


def every(builder: ScheduleBuilder, interval: said.Interval) -> list[NamedSchedule]:
    """Plan an interval: as an interval schedule if nothing narrows it, else as equivalent cron lines."""
    constraints = builder.constraints
    seconds = int(interval.seconds)
    if (constraints.clocks or constraints.is_narrowed()) and seconds % DAY_SEC == 0:
        return _every_days(builder, seconds // DAY_SEC)
    if constraints.clocks and not constraints.inherited_clock:
        times = ", ".join(clock_text(resolve(clock)) for clock in constraints.clocks)
        builder.note(NoteKind.CONFLICT, _("{times} is left out, since there is an interval.", times=times))
    if constraints.parts and seconds < _SHORT_SEC:
        part = PART_TIMES.get(constraints.parts[0])
        return within(builder, part.window if part else _WHOLE_DAY, is_guessed=True)
    if interval.minute is not None or constraints.is_narrowed():
        return within(builder, _WHOLE_DAY, is_guessed=False)
    if interval.bare:
        builder.assume(_('"{length}" is read as the interval.', length=f"{seconds} s"))
    return [({"interval_sec": seconds}, f"{seconds}s")]


def _every_days(builder: ScheduleBuilder, days: int) -> list[NamedSchedule]:
    """Plan "tiap dua hari jam 3", "dua minggu sekali hari Minggu": a step that counts from its first day."""
    weekdays, weeks = builder.constraints.weekdays(), days // _WEEK
    if builder.constraints.dates is not None or (weekdays is not None and (days % _WEEK or not weekdays)):
        no_step = _("An interval of {days} days does not go with days or dates: it is left out.", days=days)
        builder.note(NoteKind.CONFLICT, no_step)
        return by_calendar(builder)
    rule = f"FREQ=DAILY;INTERVAL={days}"
    if weekdays is not None:
        rule = f"FREQ=WEEKLY;INTERVAL={weeks};BYDAY={_by_day(weekdays)}"
    return builder.rules(minutes_of(builder), rule, counted=True)


def on_nth_day(builder: ScheduleBuilder, days: said.Days) -> list[NamedSchedule]:
    """Plan "Senin pertama tiap bulan jam 10"; what runs again and again on such a day is refused."""
    constraints, monthly = builder.constraints, {None, 1}
    step = constraints.recur.step if constraints.recur and constraints.recur.unit == "mo" else None
    others = any(
        (constraints.interval, constraints.window, constraints.counted, constraints.dates, constraints.once)
    )
    watched = builder.defaults.interval_sec and not constraints.clocks
    if others or watched or step not in monthly:
        return builder.give_up(UNREADABLE["nth_weekday"])
    if len(days.days) == 1:
        rule = f"FREQ=MONTHLY;BYDAY={','.join(f'{nth}{_by_day(days.days)}' for nth in days.nth)}"
    else:
        rule = f"FREQ=MONTHLY;BYDAY={_by_day(days.days)};BYSETPOS={','.join(map(str, days.nth))}"
    return builder.rules(minutes_of(builder), rule)


def _by_day(days: frozenset[int]) -> str:
    """Return weekdays as a rule has them, from Monday on."""
    return ",".join(_RULE_DAYS[day] for day in sorted(days, key=lambda day: (day - 1) % _WEEK))


def within(builder: ScheduleBuilder, window: tuple[int, int], *, is_guessed: bool) -> list[NamedSchedule]:
    """Plan the interval, or the usual one, between two minutes of the day."""
    if is_guessed:
        builder.assume(_("The window is read as {window}.", window=window_text(*window)))
    interval = builder.constraints.interval
    seconds = int(interval.seconds if interval else builder.defaults.interval_sec or DAY_SEC)
    if interval is None:
        builder.assume(INTERVAL.fill(seconds=seconds), field=PACE_UNSAID)
        if seconds % _MINUTE_SEC:
            builder.state(MINUTE)
    elif interval.minute is None and not _is_line(builder, window, seconds):
        return _with_gaps(builder, window, seconds)
    elif seconds % _MINUTE_SEC:
        minute = _("In these months the finest is a minute: {seconds} seconds became every minute.")
        builder.note(NoteKind.CONFLICT, minute.fill(seconds=seconds))
    step = max(1, round(seconds / _MINUTE_SEC))
    if step < HOUR_MIN and HOUR_MIN % step:
        builder.state(_("Steps of {minutes} minutes start again every hour.", minutes=step))
    return builder.lines(times_within(window, step, interval and interval.minute), ranges=True)


def _is_line(builder: ScheduleBuilder, window: tuple[int, int], seconds: int) -> bool:
    """True if one cron line says an interval within a window, or if only cron lines can say its days."""
    dates = builder.constraints.dates
    if builder.months() is not None or (dates is not None and (dates.month is not None or 0 in dates.days)):
        return True
    step, rest = divmod(seconds, _MINUTE_SEC)
    even = (
        HOUR_MIN % step == 0 if 0 < step < HOUR_MIN else window != _WHOLE_DAY or DAY_MIN % max(step, 1) == 0
    )
    return not rest and even and len(cron_times(times_within(window, step))) == 1


def _with_gaps(builder: ScheduleBuilder, window: tuple[int, int], seconds: int) -> list[NamedSchedule]:
    """Plan an interval that no cron line says: it keeps its seconds, and the rest of the day is skipped."""
    constraints = builder.constraints
    if window != _WHOLE_DAY:
        builder.skip_too("windows", [window_text(*reversed(window))])
    weekdays = constraints.weekdays()
    if weekdays is not None:
        builder.skip_too("weekdays", sorted(_WHOLE_WEEK - weekdays))
    kept = constraints.dates.days if constraints.dates is not None else _WHOLE_MONTH
    left_out = sorted(day for day in _WHOLE_MONTH if day not in kept or day in constraints.left_out.days)
    builder.skip_too("days_of_month", left_out)
    return [({"interval_sec": seconds, "timezone": builder.zone}, f"{seconds}s")]
