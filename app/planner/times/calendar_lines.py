"""What comes round by the calendar: times of day, on days, weekdays or dates, with the defaults of a job."""

from __future__ import annotations

from typing import Final

from app.planner.says import Say
from app.planner.times.clock_parts import resolve
from app.planner.times.crons import of_clocks, of_window
from app.planner.times.facets import Facets
from app.planner.times.pieces import DAY_MIN, DAY_SEC
from app.planner.times.sketch import Sketch, Slotted, clock_text
from app.planner.times.window import bounds

_COUNTED: Final = {2: (480, 1200), 3: (480, 840, 1200), 4: (480, 720, 960, 1200)}
_DAY_HOURS: Final = 24
_SHOWN: Final = 6
_MINUTE_SEC: Final = 60


def by_calendar(sketch: Sketch) -> list[Slotted]:
    """Plan what the calendar says, at the usual time where no time of day is said."""
    facets = sketch.facets
    if facets.window is not None:
        _leave_window(sketch)
    if facets.is_empty() or (facets.now and not facets.recurs() and not facets.clocks):
        return _unsaid(sketch)
    if sketch.habits.interval_sec and not facets.clocks and not facets.parts:
        watched = _watched_days(sketch, sketch.habits.interval_sec)
        if watched is not None:
            return watched
    if facets.weekdays() == frozenset():
        return sketch.refuse("no_days")
    counted = facets.counted
    if (
        counted is not None
        and counted.unit == "d"
        and not facets.clocks
        and not _shares_minute(counted.times)
    ):
        return _often(sketch, counted.times) if counted.times <= DAY_SEC else sketch.refuse("too_short")
    if facets.clocks and not _says_which_days(facets):
        sketch.assume("daily")
    if facets.now:
        sketch.assume("not_now")
    return sketch.lines(of_clocks(minutes_of(sketch), sketch.day_tail()))


def _says_which_days(facets: Facets) -> bool:
    """True where a word beside the time of day says that it comes round: "tiap jam 6", "setiap pagi"."""
    every = any(clock.every for clock in facets.clocks)
    return bool(every or facets.recurs() or facets.dates or facets.parts)


def _shares_minute(times: int) -> bool:
    return times in _COUNTED or _DAY_HOURS % times == 0


def _leave_window(sketch: Sketch) -> None:
    """Take the start of "laporan mulai jam 7" for its time; leave out a window that nothing repeats in."""
    facets = sketch.facets
    window = facets.window
    if window and window.start and not facets.clocks and window.end is None:
        facets.clocks = (window.start,)
    elif window:
        start, end = bounds(window)
        sketch.warnings.append(Say("window_left", f"{clock_text(start)}-{clock_text(end)}"))
    facets.window = None


def _unsaid(sketch: Sketch) -> list[Slotted]:
    """Plan what nothing is said of: once by hand, at the usual interval, or daily at the usual time."""
    habits = sketch.habits
    if habits.by_hand or (sketch.facets.now and habits.interval_sec is None):
        return [(None, "")]
    if habits.interval_sec:
        sketch.assume("interval", str(habits.interval_sec))
        return [({"interval_sec": habits.interval_sec}, f"{habits.interval_sec}s")]
    sketch.assume("daily")
    return sketch.lines(of_clocks([sketch.default_minute(None)], sketch.day_tail()))


def _watched_days(sketch: Sketch, interval_sec: int) -> list[Slotted] | None:
    """Plan a monitor of which only the days are said: once a day, or its usual interval on those days."""
    facets = sketch.facets
    narrowed = bool(facets.days or facets.left_out or facets.dates)
    if facets.recur is not None and facets.recur.unit == "d" and not narrowed:
        return [({"interval_sec": DAY_SEC}, "daily")]
    if not narrowed or facets.weekdays() == frozenset():
        return None
    sketch.assume("interval", str(interval_sec))
    if interval_sec % _MINUTE_SEC:
        sketch.assume("minute")
    return sketch.lines(of_window(0, DAY_MIN, max(1, interval_sec // _MINUTE_SEC), sketch.day_tail()))


def minutes_of(sketch: Sketch) -> list[int]:
    """Return the times of day in minutes, the usual one where none is said."""
    facets = sketch.facets
    if facets.clocks:
        if facets.lent_clock:
            sketch.assume("lent_clock", clock_text(resolve(facets.clocks[0])))
        part = facets.parts[0] if len(facets.parts) == 1 else None
        return [resolve(clock, part) for clock in facets.clocks]
    if facets.counted is not None and facets.counted.unit == "d":
        return _counted_minutes(sketch, facets.counted.times)
    return [sketch.default_minute(part) for part in facets.parts or [None]]


def _counted_minutes(sketch: Sketch, times: int) -> list[int]:
    minutes = _COUNTED.get(times) or tuple(range(0, DAY_MIN, DAY_MIN // times))
    sketch.assume("counted", ", ".join(clock_text(minute) for minute in minutes[:_SHOWN]))
    return list(minutes)


def _often(sketch: Sketch, times: int) -> list[Slotted]:
    """Plan "10 kali sehari", which no shared minute can tell, by its distance."""
    sketch.assume("often", str(DAY_SEC // times))
    return [({"interval_sec": max(1, DAY_SEC // times)}, f"{times}x")]
