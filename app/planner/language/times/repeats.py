"""What repeats within a day: intervals, on certain days, inside a window."""

from __future__ import annotations

from typing import Final

from app.planner.language.times.clock_parts import resolve
from app.planner.language.times.constraints import Facets
from app.planner.language.times.cron_lines import of_clocks, of_window
from app.planner.language.times.expressions import DAY_MIN, DAY_SEC, HOUR_MIN, Interval
from app.planner.language.times.schedule_builder import Sketch, Slotted, clock_text
from app.planner.language.times.window import bounds
from app.planner.messages import Say

# What comes round by the calendar: times of day, on days, weekdays or dates, with the defaults of a job.

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


_PART_WINDOWS: Final = {
    "pagi": (300, 720),
    "subuh": (180, 360),
    "siang": (660, 900),
    "sore": (900, 1080),
    "malam": (1080, 1740),
    "afternoon": (720, 1080),
    "evening": (1080, 1320),
    "night": (1080, 1740),
}
_WHOLE_DAY: Final = (0, DAY_MIN)
_SHORT_SEC: Final = DAY_SEC // 4
_HALF_DAY_SEC: Final = DAY_SEC // 2
_WEEK: Final = 7
_MOST_DAY_STEPS: Final = 15


def every(sketch: Sketch, interval: Interval) -> list[Slotted]:
    """Plan an interval: by itself where nothing narrows it, else as the cron lines that fire alike."""
    facets = sketch.facets
    seconds = int(interval.seconds)
    if facets.clocks and seconds % DAY_SEC == 0:
        return _every_days(sketch, seconds // DAY_SEC)
    if facets.clocks and not facets.lent_clock:
        sketch.warnings.append(_extra_clock(sketch))
    if facets.parts and seconds < _SHORT_SEC:
        return within(sketch, _PART_WINDOWS.get(facets.parts[0], _WHOLE_DAY), told=True)
    if facets.weekdays() is not None or facets.dates is not None:
        if seconds > _HALF_DAY_SEC:
            sketch.warnings.append(_no_step(seconds // DAY_SEC))
            return by_calendar(sketch)
        return within(sketch, _WHOLE_DAY, told=False)
    if interval.bare:
        sketch.assume("bare", f"{seconds} s")
    return [({"interval_sec": seconds}, f"{seconds}s")]


def _extra_clock(sketch: Sketch) -> Say:
    return Say("extra_clock", ", ".join(clock_text(resolve(clock)) for clock in sketch.facets.clocks))


def _no_step(days: int) -> Say:
    return Say("no_step", str(days))


def _every_days(sketch: Sketch, days: int) -> list[Slotted]:
    """Plan "tiap dua hari jam 3", which a cron line can say within each month only."""
    narrowed = sketch.facets.weekdays() is not None or sketch.facets.dates is not None
    if narrowed or days % _WEEK == 0 or days > _MOST_DAY_STEPS:
        sketch.warnings.append(_no_step(days))
        return by_calendar(sketch)
    sketch.assume("steps")
    return sketch.lines(of_clocks(minutes_of(sketch), f"*/{days} * *"))


def in_window(sketch: Sketch) -> list[Slotted]:
    """Plan the interval, or the usual one, inside the window that is said."""
    window = sketch.facets.window
    if window is None:
        return []
    return within(sketch, bounds(window), told=window.assumed or window.start is None or window.end is None)


def within(sketch: Sketch, window: tuple[int, int], *, told: bool) -> list[Slotted]:
    """Plan the interval, or the usual one, between two minutes of the day."""
    if told:
        sketch.assume("window", f"{clock_text(window[0])}-{clock_text(window[1])}")
    return sketch.lines(of_window(*window, _step_minutes(sketch), sketch.day_tail()))


def _step_minutes(sketch: Sketch) -> int:
    interval = sketch.facets.interval
    if interval is None:
        seconds: float = sketch.habits.interval_sec or DAY_SEC
        sketch.assume("interval", str(sketch.habits.interval_sec))
        if seconds % _MINUTE_SEC:
            sketch.assume("minute")
    else:
        seconds = interval.seconds
        if seconds % _MINUTE_SEC:
            sketch.warnings.append(Say("finest", f"{seconds:g}"))
    step = max(1, round(seconds / _MINUTE_SEC))
    if step < HOUR_MIN and HOUR_MIN % step:
        sketch.assume("restarts", str(step))
    return step
