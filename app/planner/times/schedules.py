"""Schedules: from the facets of a clause to what a job takes, with every default told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.planner.says import Say
from app.planner.times.calendar_lines import by_calendar
from app.planner.times.facets import Facets
from app.planner.times.moment import day_of
from app.planner.times.once import after_delta, is_once, on_day
from app.planner.times.repeats import every, in_window
from app.planner.times.sketch import Habits, Schedule, Sketch, Slotted, moment_text


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
    found = _schedules(sketch)
    if sketch.refused is not None:
        return [], sketch.refused
    assumptions, warnings = tuple(sketch.assumptions), tuple(sketch.warnings)
    return [Planned(schedule, slot, assumptions, warnings) for schedule, slot in found], None


def _schedules(sketch: Sketch) -> list[Slotted]:
    facets, habits = sketch.facets, sketch.habits
    if facets.delta is not None:
        return after_delta(sketch, facets.delta.seconds)
    if facets.once is not None or facets.has_date():
        bounded = facets.starting is not None or (facets.recurs() and not is_once(sketch))
        return _bounded(sketch) if bounded else on_day(sketch)
    if facets.window is not None and (facets.interval or habits.interval_sec):
        return in_window(sketch)
    if facets.interval is not None and not (facets.interval.bare and habits.interval_sec is None):
        return every(sketch, facets.interval)
    return by_calendar(sketch)


def _bounded(sketch: Sketch) -> list[Slotted]:
    """Plan what comes round from a day on, or until it: "mulai besok tiap 5 menit"."""
    facets = sketch.facets
    day = day_of(facets, sketch.now.date())
    if day is None:
        return sketch.refuse("date")
    sketch.facets = replace(facets, once=None, dates=None if facets.has_date() else facets.dates)
    found = _schedules(sketch)
    ends = facets.starting is not None and facets.starting.ends
    at = datetime(day.year, day.month, day.day, tzinfo=sketch.now.tzinfo) + timedelta(days=int(ends))
    if at <= sketch.now:
        return found
    sketch.assume("end" if ends else "start", moment_text(at))
    key = "end_at" if ends else "start_at"
    return [({**schedule, key: at.isoformat()} if schedule else None, slot) for schedule, slot in found]
