"""Applies exceptions to schedules: what a cron line can say is in the line, the rest is skipped."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from app.planner.language.times.clock_parts import resolve
from app.planner.language.times.constraints import NOTHING, TimeConstraints
from app.planner.language.times.expressions import DAY_MIN, DAY_SEC, HOUR_MIN, ClockWindow, Except
from app.planner.language.times.once import day_of
from app.planner.language.times.schedule_builder import NamedSchedule, ScheduleBuilder, clock_text
from app.planner.language.times.window import bounds
from app.planner.language.zones import country_of
from app.planner.messages import UNREADABLE

_INDONESIA: Final = "ID"
_HOUR_SEC: Final = 3600


def leave_out(builder: ScheduleBuilder) -> None:
    """Keep in the constraints what a line can say; the builder skips the rest."""
    constraints = builder.constraints
    left_out, moved = constraints.left_out, constraints.shifted
    if NOTHING == left_out == moved:
        return
    if left_out.part:
        builder.give_up(UNREADABLE["except"])
        return
    plain = _plain(constraints)
    rest = replace(
        left_out,
        weekdays=left_out.weekdays - plain.weekdays,
        days=left_out.days - plain.days,
        months=frozenset(),
        windows=_windows(builder),
    )
    if moved != NOTHING and (rest != NOTHING or moved.months or moved.windows):
        builder.give_up(UNREADABLE["except"])
        return
    builder.constraints.left_out = replace(plain, months=left_out.months)
    builder.skip = _skip(builder, rest if moved == NOTHING else moved)
    if moved != NOTHING:
        builder.on_skip = moved.on_skip


def _plain(constraints: TimeConstraints) -> Except:
    """Return the weekdays and dates that a cron line can leave out: it has no line for both of them."""
    left_out, dates = constraints.left_out, constraints.dates
    interval = constraints.interval
    steps = interval is not None and not interval.seconds % DAY_SEC
    if steps or (constraints.days is not None and constraints.days.nth) or constraints.has_date():
        return NOTHING
    weekdays = left_out.weekdays if dates is None else frozenset[int]()
    free = constraints.days is None and not weekdays and (dates is None or 0 not in dates.days)
    return Except(weekdays=weekdays, days=left_out.days if free else frozenset())


def _windows(builder: ScheduleBuilder) -> tuple[ClockWindow, ...]:
    """Return the windows to skip; others become the window of an interval, or leave out times of day."""
    constraints = builder.constraints
    windows = constraints.left_out.windows
    if not windows:
        return ()
    if constraints.clocks and constraints.interval is None:
        part = constraints.parts[0] if len(constraints.parts) == 1 else None
        kept = [each for each in constraints.clocks if not _is_in(resolve(each, part), windows)]
        if not kept:
            builder.give_up(UNREADABLE["nothing_left"])
        constraints.clocks = tuple(kept)
        return ()
    window, *others = windows
    start, end = bounds(window)
    one_time = (
        constraints.interval is not None
        and constraints.interval.seconds > _HOUR_SEC
        and end - start <= HOUR_MIN
    )
    if constraints.window is not None or others or one_time:
        return windows
    constraints.window = replace(window, start=window.end, end=window.start)
    return ()


def _is_in(minute: int, windows: tuple[ClockWindow, ...]) -> bool:
    spans = [bounds(window) for window in windows]
    return any(start <= moment < end for start, end in spans for moment in (minute, minute + DAY_MIN))


def _skip(builder: ScheduleBuilder, left_out: Except) -> dict[str, Any]:
    """Return the `skip` of a schedule."""
    days = [day_of(TimeConstraints(once=once), builder.now.date()) for once in left_out.once]
    country = country_of(builder.zone) if left_out.holidays else None
    if left_out.holidays and (
        country is None or ((left_out.names or left_out.leave) and country != _INDONESIA)
    ):
        builder.give_up(UNREADABLE["holidays"])
    found = {
        "dates": sorted({*left_out.dates, *(day.isoformat() for day in days if day is not None)}),
        "weekdays": sorted(left_out.weekdays),
        "days_of_month": sorted(left_out.days),
        "windows": [window_text(*bounds(window)) for window in left_out.windows],
        "holidays": country,
        "cuti_bersama": left_out.leave,
        "names": sorted(left_out.names),
    }
    return {name: value for name, value in found.items() if value}


def window_text(start: int, end: int) -> str:
    """Return a window of the day as schedules write it: `22:00-06:00`."""
    return f"{clock_text(start)}-{clock_text(end)}"


def skipping(builder: ScheduleBuilder, found: list[NamedSchedule]) -> list[NamedSchedule]:
    """Return schedules with what the builder skips; what runs once skips nothing, so it is given up."""
    if not builder.skip:
        return found
    if any(schedule is None or "at" in schedule for schedule, _slot in found):
        return builder.give_up(UNREADABLE["except"])
    shift = {"on_skip": builder.on_skip} if builder.on_skip else {}
    return [({**(schedule or {}), "skip": dict(builder.skip), **shift}, slot) for schedule, slot in found]
