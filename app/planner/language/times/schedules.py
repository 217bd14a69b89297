"""Schedules: from the facets of a clause to what a job takes, with every default told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.planner.language.times.clock_parts import is_odd, resolve
from app.planner.language.times.constraints import Facets
from app.planner.language.times.expressions import DAY_MIN, DAY_SEC, Bound, Dates, OnceWeekday
from app.planner.language.times.once import after_delta, day_of, is_once, on_day
from app.planner.language.times.repeats import by_calendar, every, in_window
from app.planner.language.times.schedule_builder import (
    Habits,
    Schedule,
    Sketch,
    Slotted,
    clock_text,
    moment_text,
)
from app.planner.messages import Say

_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


@dataclass(frozen=True, slots=True)
class Planned:
    """One schedule with what has to be told of it."""

    schedule: Schedule | None
    slot: str
    assumptions: tuple[Say, ...] = ()
    warnings: tuple[Say, ...] = ()


def plan_schedules(
    facets: Facets, habits: Habits, now: datetime, zone: str
) -> tuple[list[Planned], Say | None]:
    """Return the schedules that facets mean, or none and the reason why."""
    zone = facets.zone or zone
    sketch = Sketch(facets, habits, now.astimezone(ZoneInfo(zone)), zone)
    sketch.warnings.extend(Say(why) for why in facets.unclear)
    if facets.impossible:
        return [], Say(facets.impossible)
    for clock in filter(is_odd, facets.clocks):
        sketch.assume("odd_clock", clock_text(resolve(clock)), clock.part or "")
    found = _schedules(sketch)
    if sketch.refused is not None:
        return [], sketch.refused
    assumptions, warnings = tuple(sketch.assumptions), tuple(sketch.warnings)
    return [Planned(schedule, slot, assumptions, warnings) for schedule, slot in found], None


def _schedules(sketch: Sketch) -> list[Slotted]:
    facets, habits = sketch.facets, sketch.habits
    if facets.since is not None or facets.until is not None:
        return _bounded(sketch)
    if facets.delta is not None:
        return after_delta(sketch, facets.delta.seconds)
    if facets.once is not None or facets.has_date():
        return _started(sketch) if facets.recurs() and not is_once(sketch) else on_day(sketch)
    if facets.window is not None and (facets.interval or habits.interval_sec):
        return in_window(sketch)
    if facets.interval is not None:
        if not facets.interval.bare or habits.interval_sec is not None:
            return every(sketch, facets.interval)
        sketch.warnings.append(Say("unused", _length(int(facets.interval.seconds))))
    return by_calendar(sketch)


def _length(seconds: int) -> str:
    """Return a length as "14 d", in the largest unit that says it whole."""
    unit, name = next((size, name) for size, name in _UNITS if seconds % size == 0)
    return f"{seconds // unit} {name}"


def _started(sketch: Sketch) -> list[Slotted]:
    """Plan what comes round from a day on that no word calls a start: "besok tiap 5 menit"."""
    facets = sketch.facets
    dates = facets.dates if facets.has_date() else None
    day = tuple(each for each in (facets.once, dates) if each is not None)
    kept = None if dates is not None else facets.dates
    sketch.facets = replace(facets, once=None, dates=kept, since=Bound(ends=False, day=day))
    return _bounded(sketch)


def _bounded(sketch: Sketch) -> list[Slotted]:
    """Plan what comes round from a day on, or until one: "mulai besok tiap 5 menit", "sampai Jumat"."""
    facets = sketch.facets
    bounds: dict[str, str] = {}
    if facets.since is not None:
        at = _midnight(sketch, facets.since, _start_minute(facets))
        if at is None:
            return sketch.refuse("date")
        if at > sketch.now:
            bounds["start_at"] = at.isoformat()
            sketch.assume("start", moment_text(at))
    if facets.until is not None:
        at = _midnight(sketch, facets.until, DAY_MIN)
        if at is None or at <= sketch.now:
            return sketch.refuse("date" if at is None else "past")
        bounds["end_at"] = at.isoformat()
        sketch.assume("end", moment_text(at))
    clocks = () if facets.since is not None and _start_minute(facets) else facets.clocks
    sketch.facets = replace(facets, since=None, until=None, clocks=clocks)
    sketch.habits = replace(sketch.habits, by_hand=False)
    return [({**schedule, **bounds} if schedule else None, slot) for schedule, slot in _schedules(sketch)]


def _start_minute(facets: Facets) -> int:
    """Return the time of day of "tiap 5 menit mulai besok jam 9"; a clock by itself is the schedule's."""
    often = facets.interval is not None and facets.interval.seconds % DAY_SEC
    return resolve(facets.clocks[0]) if often and len(facets.clocks) == 1 else 0


def _midnight(sketch: Sketch, bound: Bound, minute: int) -> datetime | None:
    """Return the instant so many minutes after the beginning of a day that bounds a schedule."""
    once = next((each for each in bound.day if not isinstance(each, Dates)), None)
    dates = next((each for each in bound.day if isinstance(each, Dates)), None)
    days = None if isinstance(once, OnceWeekday) else sketch.facets.days
    day = day_of(Facets(once=once, dates=dates, days=days), sketch.now.date())
    if day is None:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=sketch.now.tzinfo) + timedelta(minutes=minute)
