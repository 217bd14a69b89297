"""Reads time windows: "dari jam 8 sampai 17", "between 9am and 6pm", "jam kerja"."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.times.clock import read_clock
from app.planner.language.times.clock_parts import resolve
from app.planner.language.times.expressions import (
    DAY_MIN,
    HOUR_MIN,
    ClockTime,
    ClockWindow,
    Impossible,
    Read,
    Value,
)
from app.planner.language.tokens.lexemes import Lexemes

_MORNING_STARTS: Final = 8 * HOUR_MIN
"""From eight on, the start of a window is in the morning even if its end is in the evening."""
_MORNING_HOURS: Final = range(6 * HOUR_MIN, 12 * HOUR_MIN)
_OFFICE_END: Final = 17 * HOUR_MIN
_MORNING: Final = frozenset({None, "pagi", "early", "am", "subuh"})
_PM: Final = frozenset({"am", "pm", "afternoon", "evening", "night"})


def read_window(lex: Lexemes, pos: int) -> tuple[Value, int] | None:
    """Read a window of the day at an index; one end of it may be open."""
    if lex.has(pos, Sense.HOURS):
        return _office_hours(lex, pos)
    if (opening := _opening_hours(lex, pos)) is not None:
        return opening
    if lex.has(pos, Sense.UNTIL):
        until = None if lex.has(pos, Sense.RANGE) else read_clock(lex, pos + 1)
        return None if until is None else (_window(None, until[0]), until[1])
    start_at, between, lead = _lead(lex, pos)
    lead = lead or _of_days(lex, pos)
    start = read_clock(lex, start_at, loose=lead)
    if start is None:
        return None
    end_at = _connector(lex, start[1], between=between)
    if end_at is None:
        return (_window(start[0], None), start[1]) if lead and read_clock(lex, start_at) else None
    end = read_clock(lex, end_at, loose=True)
    return None if end is None else (_window(start[0], end[0]), end[1])


def read_windows(lex: Lexemes, pos: int) -> Read:
    """Read a window, and the plain figures of another after it: "jam 8-12 dan 14-17"."""
    read = read_window(lex, pos)
    after = None if read is None else lex.list_next(read[1])
    more = _from_to(lex, after) if after is not None and lex.kind(after) in {"number", "clock"} else None
    return read if read is None or more is None else ((read[0], more[0]), more[1])


def _of_days(lex: Lexemes, pos: int) -> bool:
    """True for the plain figures of "9 to 17 mon-fri" and "Senin-Jumat 8-17"."""
    days = any(lex.has(each, Sense.WEEKDAY, Sense.WEEKDAY_SHORT, Sense.DAYSET) for each in (pos - 1, pos + 3))
    figures = lex.has(pos, Sense.NUMBER) and lex.has(pos + 2, Sense.NUMBER)
    return days and figures and lex.has(pos + 1, Sense.UNTIL) and not lex.has(pos - 1, Sense.DATEMARK)


def _lead(lex: Lexemes, pos: int) -> tuple[int, bool, bool]:
    end = pos
    between = False
    while lex.has(end, Sense.FROM, Sense.BETWEEN):
        between = between or lex.has(end, Sense.BETWEEN)
        end += 1
    return end, between, end > pos


def _connector(lex: Lexemes, pos: int, *, between: bool) -> int | None:
    end = lex.skip(pos, ",")
    if lex.has(end, Sense.UNTIL) or (between and lex.sense(end, Sense.SEP) == "weak"):
        end += 1
        return lex.after(end, Sense.WITH_WORD)
    return None


_LONGEST: Final = 3


def _opening_hours(lex: Lexemes, pos: int) -> tuple[Value, int] | None:
    """Read "selama jam buka toko 9 pagi - 9 malam"; opening hours alone are nowhere known."""
    start = lex.after(pos, Sense.DURING)
    ends = (end for end in range(min(start + _LONGEST, len(lex)), start, -1))
    end = next((end for end in ends if lex.joined(start, end) in words_of(Sense.OPENING_HOURS)), None)
    return None if end is None else _from_to(lex, lex.after(end, Sense.OPENS))


def _from_to(lex: Lexemes, pos: int) -> tuple[Value, int] | None:
    """Read the "9-17" of "jam kerja 9-17"."""
    start = read_clock(lex, pos, loose=True)
    end_at = None if start is None else _connector(lex, start[1], between=False)
    end = None if end_at is None else read_clock(lex, end_at, loose=True)
    return None if start is None or end is None else (_window(start[0], end[0]), end[1])


def _office_hours(lex: Lexemes, pos: int) -> tuple[Value, int]:
    start = ClockTime((lex.integer(pos, Sense.HOURS) or 0) * HOUR_MIN, exact=True)
    usual = ClockWindow(start, ClockTime(_OFFICE_END, exact=True), assumed=True)
    return _from_to(lex, pos + 1) or (usual, pos + 1)


def _window(start: ClockTime | Impossible | None, end: ClockTime | Impossible | None) -> Value:
    """Return a window. An end without a part of the day takes the other's if nothing else makes sense."""
    if isinstance(start, Impossible) or isinstance(end, Impossible):
        return Impossible("clock")
    if start is None or end is None:
        return ClockWindow(start, end)
    if _shares_part(start, end):
        return ClockWindow(replace(start, part=end.part), end, assumed=True)
    if _is_office(start, end):
        return ClockWindow(start, replace(end, part="pm"), assumed=True)
    return ClockWindow(start, end)


def _is_office(start: ClockTime, end: ClockTime) -> bool:
    """True for "9 to 5": a morning, and an hour that is the afternoon's and not the next night's."""
    plain = start.part in _MORNING and end.part is None and not (start.exact or end.exact)
    return plain and start.minute in _MORNING_HOURS and end.minute < min(start.minute, _MORNING_STARTS)


def _shares_part(start: ClockTime, end: ClockTime) -> bool:
    """True for "from 1 to 5pm"; "from 9 to 5pm" and "from 8 to 10pm" begin in the morning."""
    early = start.part is None and not start.exact and start.minute < min(end.minute, _MORNING_STARTS)
    return early and end.part in _PM


def bounds(window: ClockWindow) -> tuple[int, int]:
    """Return the first and last minute of a window; past midnight the end is greater than a day."""
    start = resolve(window.start) if window.start else 0
    end = resolve(window.end) if window.end else DAY_MIN
    return start, end if end > start else end + DAY_MIN
