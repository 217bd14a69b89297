"""What repeats within a day: intervals, on certain days, inside a window."""

from __future__ import annotations

from typing import Final

from app.planner.says import Say
from app.planner.times.calendar_lines import by_calendar, minutes_of
from app.planner.times.clock_parts import resolve
from app.planner.times.crons import of_clocks, of_window
from app.planner.times.pieces import DAY_MIN, DAY_SEC, HOUR_MIN, Interval
from app.planner.times.sketch import Sketch, Slotted, clock_text
from app.planner.times.window import bounds

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
_MINUTE_SEC: Final = 60


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
