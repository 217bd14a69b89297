"""Turns the time constraints of a clause into schedules and messages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.core.i18n import Message, _
from app.planner.language.times import expressions as said
from app.planner.language.times.bounded import bounded, is_span, started
from app.planner.language.times.clock import bounds
from app.planner.language.times.clock_parts import PART_TIMES, is_odd, is_wrong, resolve
from app.planner.language.times.constraints import NOTHING, TimeConstraints
from app.planner.language.times.expressions import DAY_MIN, DAY_SEC, HOUR_MIN
from app.planner.language.times.once import after_delta, at_next_time, day_of, is_once, on_day
from app.planner.language.times.repeats import by_calendar, every, on_nth_day, within
from app.planner.language.times.schedule_builder import (
    PACE_UNSAID,
    NamedSchedule,
    Schedule,
    ScheduleBuilder,
    TypeDefaults,
    clock_text,
    window_text,
)
from app.planner.language.times.shifts import DAY_BEFORE, FEAST, counted
from app.planner.language.zones import country_of
from app.planner.messages import INTERVAL, UNCLEAR_KINDS, UNREADABLE, UNUSED
from app.planner.models import Note, NoteKind


@dataclass(frozen=True, slots=True)
class PlannedSchedule:
    """One schedule with its messages."""

    schedule: Schedule | None
    slot: str
    notes: tuple[Note, ...] = ()


def plan_schedules(
    constraints: TimeConstraints, defaults: TypeDefaults, now: datetime, zone: str
) -> tuple[list[PlannedSchedule], Message | None]:
    """Return the schedules of the constraints, or none and the reason."""
    zone = constraints.zone or zone
    local = now.astimezone(ZoneInfo(zone))
    if constraints.once == said.NEXT_YEAR and constraints.dates is not None:
        next_year = replace(constraints.dates, year=local.year + 1)
        constraints = replace(constraints, once=None, dates=next_year)
    by, feast = constraints.counted_from, constraints.feast
    moved = counted(constraints, local, None if feast is None else country_of(zone))
    if isinstance(moved, str):
        return [], UNREADABLE[moved]
    if by is not None:
        reads = [plan_schedules(each, defaults, now, zone) for each in moved]
        texts = [*([] if feast is None else [FEAST.fill(name=feast.name)]), *([DAY_BEFORE] * by.assumed)]
        notes = tuple(Note(NoteKind.ASSUMPTION, each, field="schedule") for each in texts)
        found = [replace(each, notes=(*notes, *each.notes)) for planned, _why in reads for each in planned]
        return found, next((why for _planned, why in reads if why is not None), None)
    builder = ScheduleBuilder(constraints, defaults, local, zone)
    for why in constraints.unclear:
        builder.note(UNCLEAR_KINDS[why], UNREADABLE[why])
    if constraints.impossible:
        return [], UNREADABLE[constraints.impossible]
    for clock in filter(is_odd, constraints.clocks):
        kind = NoteKind.CONFLICT if is_wrong(clock) else NoteKind.ASSUMPTION
        unusual = _("An hour unusual for {part} is read as {time}.")
        unusual = unusual.fill(time=clock_text(resolve(clock)), part=PART_TIMES[clock.part or "pagi"].name)
        builder.note(kind, unusual, field="schedule")
    for part in _unused_parts(constraints):
        times = ", ".join(clock_text(resolve(clock)) for clock in constraints.clocks)
        clashes = _("{part} does not go with {time}: it is left out.", part=PART_TIMES[part].name, time=times)
        builder.note(NoteKind.CONFLICT, clashes)
    _leave_out(builder)
    found = _skipping(builder, _schedules(builder))
    if builder.refused is not None:
        return [], builder.refused
    notes = tuple(builder.notes)
    return [PlannedSchedule(schedule, slot, notes) for schedule, slot in found], None


def _unused_parts(constraints: TimeConstraints) -> list[str]:
    """Return the parts of the day that no time is in: the "pagi" of "jam 8 malam pagi"."""
    hours = {resolve(clock) // HOUR_MIN for clock in constraints.clocks if clock.part is not None}
    if not hours or len(hours) < len({resolve(clock) for clock in constraints.clocks}):
        return []
    return [
        part for part in constraints.parts if part in PART_TIMES and hours.isdisjoint(PART_TIMES[part].hours)
    ]


def _schedules(builder: ScheduleBuilder) -> list[NamedSchedule]:
    if builder.constraints.is_bounded():
        return bounded(builder, _schedules)
    days = builder.constraints.days
    return on_nth_day(builder, days) if days is not None and days.nth else _by_days(builder)


def _by_days(builder: ScheduleBuilder) -> list[NamedSchedule]:
    constraints, defaults = builder.constraints, builder.defaults
    if constraints.delta is not None:
        return after_delta(builder, constraints.delta.seconds)
    if constraints.once is not None or constraints.has_date():
        watched = constraints.window and defaults.interval_sec
        if watched and not constraints.interval:
            builder.assume(INTERVAL.fill(seconds=defaults.interval_sec), field=PACE_UNSAID)
            constraints.interval = said.Interval(defaults.interval_sec or 0)
        recurs = is_span(constraints) or (constraints.recurs() and not is_once(builder))
        return bounded(started(builder), _schedules) if recurs else on_day(builder)
    if constraints.window is not None and (constraints.interval or defaults.interval_sec):
        window = constraints.window
        guessed = window.assumed or window.start is None or window.end is None
        return within(builder, bounds(window), is_guessed=guessed)
    if constraints.interval is not None:
        if not constraints.interval.bare or defaults.interval_sec is not None:
            return every(builder, constraints.interval)
        days, rest = divmod(constraints.interval.seconds, DAY_SEC)
        length = f"{constraints.interval.seconds / 60:g} min" if rest else f"{days:g} d"
        builder.unread(UNUSED.fill(words=length))
    once = defaults.single and constraints.is_single() and not constraints.now
    if defaults.single and constraints.is_timetable():
        builder.assume(_("Several days were said: it is read as every week."))
    return at_next_time(builder) if once else by_calendar(builder)


# Exceptions: what a cron line can say is in the line, the rest is skipped.

_INDONESIA: Final = "ID"
_HOUR_SEC: Final = 3600


def _leave_out(builder: ScheduleBuilder) -> None:
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


def _plain(constraints: TimeConstraints) -> said.Except:
    """Return the weekdays and dates that a cron line can leave out: it has no line for both of them."""
    left_out, dates = constraints.left_out, constraints.dates
    interval = constraints.interval
    steps = interval is not None and not interval.seconds % DAY_SEC
    if steps or (constraints.days is not None and constraints.days.nth) or constraints.has_date():
        return NOTHING
    weekdays = left_out.weekdays if dates is None else frozenset[int]()
    free = constraints.days is None and not weekdays and (dates is None or 0 not in dates.days)
    return said.Except(weekdays=weekdays, days=left_out.days if free else frozenset())


def _windows(builder: ScheduleBuilder) -> tuple[said.ClockWindow, ...]:
    """Return the windows to skip; others become the window of an interval, or leave out times of day."""
    constraints = builder.constraints
    windows = constraints.left_out.windows
    if not windows:
        return ()
    if constraints.clocks and constraints.interval is None:
        part = constraints.parts[0] if len(constraints.parts) == 1 else None
        spans = [range(*bounds(window)) for window in windows]
        times = [(clock, resolve(clock, part)) for clock in constraints.clocks]
        kept = [clock for clock, at in times if not any(at in span or at + DAY_MIN in span for span in spans)]
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


def _skip(builder: ScheduleBuilder, left_out: said.Except) -> dict[str, Any]:
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


def _skipping(builder: ScheduleBuilder, found: list[NamedSchedule]) -> list[NamedSchedule]:
    """Return schedules with what the builder skips; what runs once skips nothing, so it is given up."""
    if not builder.skip:
        return found
    if any(schedule is None or "at" in schedule for schedule, _slot in found):
        return builder.give_up(UNREADABLE["except"])
    shift = {"on_skip": builder.on_skip} if builder.on_skip else {}
    return [({**(schedule or {}), "skip": dict(builder.skip), **shift}, slot) for schedule, slot in found]
