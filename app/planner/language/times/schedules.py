"""Turns the time constraints of a clause into schedules and messages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from app.core.i18n import Message, _
from app.planner.language.times.bounded import bounded, is_span, started
from app.planner.language.times.clock_parts import is_odd, is_wrong, resolve
from app.planner.language.times.constraints import TimeConstraints
from app.planner.language.times.expressions import DAY_SEC, HOUR_MIN, Interval
from app.planner.language.times.leaving import leave_out, skipping
from app.planner.language.times.once import after_delta, at_next_time, is_once, on_day
from app.planner.language.times.repeats import by_calendar, every, on_nth_day, within
from app.planner.language.times.schedule_builder import (
    PART_TIMES,
    NamedSchedule,
    Schedule,
    ScheduleBuilder,
    TypeDefaults,
    clock_text,
    part_name,
)
from app.planner.language.times.shifts import DAY_BEFORE, FEAST, counted
from app.planner.language.times.window import bounds
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
        unusual = unusual.fill(time=clock_text(resolve(clock)), part=part_name(clock.part or "pagi"))
        builder.note(kind, unusual, field="schedule")
    for part in _unused_parts(constraints):
        times = ", ".join(clock_text(resolve(clock)) for clock in constraints.clocks)
        clashes = _("{part} does not go with {time}: it is left out.", part=part_name(part), time=times)
        builder.note(NoteKind.CONFLICT, clashes)
    leave_out(builder)
    found = skipping(builder, _schedules(builder))
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
            builder.assume(INTERVAL.fill(seconds=defaults.interval_sec))
            constraints.interval = Interval(defaults.interval_sec or 0)
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
