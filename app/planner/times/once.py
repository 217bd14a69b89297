"""One-offs: from "besok jam 9" and "in 20 minutes" to an instant that is still to come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from app.planner.times.moment import Moment, day_of, moment_of
from app.planner.times.pieces import HOUR_MIN, Clock, OnceDay
from app.planner.times.sketch import Sketch, Slotted, clock_text, moment_text

_NEAR_DAYS: Final = 2
"""Besok and lusa take the usual time of a job; "in five days" means this time of day."""


def is_once(sketch: Sketch) -> bool:
    """True where a day that comes once is all there is; a week or month may be narrowed to a day of it."""
    facets = sketch.facets
    wide = isinstance(facets.once, OnceDay) and facets.once.wide
    narrowed = facets.days is not None and not facets.days.every and wide
    dated = facets.dates is None or (not facets.dates.every and wide)
    often = facets.interval or facets.counted or facets.left_out or (facets.days and not narrowed)
    seldom = facets.recur is not None and facets.recur.unit != "d"
    return not often and not seldom and dated


def after_delta(sketch: Sketch, seconds: float) -> list[Slotted]:
    """Plan for so many seconds from now; an interval beside it starts then."""
    at = sketch.now + timedelta(seconds=seconds)
    interval = sketch.facets.interval
    if interval is None:
        return [({"at": at.isoformat()}, at.strftime("%m%d%H%M"))]
    sketch.assume("start", moment_text(at))
    return [({"interval_sec": int(interval.seconds), "start_at": at.isoformat()}, "")]


def on_day(sketch: Sketch) -> list[Slotted]:
    """Plan for one day, once for each time of day that is said."""
    facets = sketch.facets
    day = day_of(facets, sketch.now.date())
    if day is None:
        return sketch.refuse("past" if facets.dates and facets.dates.year else "date")
    found: list[Slotted] = []
    for clock in _clocks(sketch):
        moment = _to_come(day, clock, sketch)
        if moment.at <= sketch.now:
            return sketch.refuse("past")
        if moment.shifted or facets.dates:
            sketch.assume("instant", moment_text(moment.at))
        found.append(({"at": moment.at.isoformat()}, moment.at.strftime("%m%d%H%M")))
    return found


def _to_come(day: date, clock: Clock, sketch: Sketch) -> Moment:
    """Return the instant; a date without its year is next year's where this year's is past."""
    facets = sketch.facets
    moment = moment_of(day, clock, facets, sketch.now)
    if moment.at <= sketch.now and facets.has_date() and facets.dates and facets.dates.year is None:
        later = day_of(facets, date(day.year, 12, 31) + timedelta(days=1))
        return moment if later is None else moment_of(later, clock, facets, sketch.now)
    return moment


def _clocks(sketch: Sketch) -> Sequence[Clock]:
    facets = sketch.facets
    if facets.clocks:
        return facets.clocks
    if isinstance(facets.once, OnceDay) and facets.once.days > _NEAR_DAYS and not facets.parts:
        minute = sketch.now.hour * HOUR_MIN + sketch.now.minute
        sketch.assume("same_time", clock_text(minute))
        return [Clock(minute, exact=True)]
    return [Clock(sketch.default_minute(facets.parts[0] if facets.parts else None), exact=True)]
