"""Times of day in words: "setengah delapan", "half past seven", "quarter to ten", "ten past eight"."""

from __future__ import annotations

from typing import Final

from app.planner.reading.numbers import read_whole
from app.planner.times.clock_parts import with_part
from app.planner.times.cursor import Lexemes, has, integer, sense, skip, text
from app.planner.times.pieces import HOUR_MIN, Clock

_LAST_HOUR: Final = 24
_QUARTER: Final = 15
_HALF: Final = 30
_ROUND: Final = 5
Read = tuple[Clock, int] | None


def read_spoken(lex: Lexemes, at: int, *, marked: bool) -> Read:
    """Read a time that is told by its distance from an hour; `marked` where "jam" or "at" leads it."""
    start = skip(lex, at, "a") if has(lex, at + 1, "quarter", "half") else at
    if has(lex, start, "half"):
        return _half(lex, start)
    if has(lex, start, "quarter"):
        return _from_hour(lex, start + 1, _QUARTER)
    return _minutes_from_hour(lex, start, marked=marked)


def _half(lex: Lexemes, at: int) -> Read:
    """Read "half past seven" and "half seven", which is after, and "setengah delapan", which is before."""
    if has(lex, at + 1, "past"):
        return _of_hour(lex, at + 2, _HALF)
    shift = _HALF if "en" in lex[at].languages else -_HALF
    return _of_hour(lex, skip(lex, at + 1, "-", "jam"), shift)


def _from_hour(lex: Lexemes, at: int, minutes: int) -> Read:
    if has(lex, at, "past"):
        return _of_hour(lex, at + 1, minutes)
    return _of_hour(lex, at + 1, -minutes) if has(lex, at, "less") else None


def _minutes_from_hour(lex: Lexemes, at: int, *, marked: bool) -> Read:
    """Read "ten past eight" and "twenty minutes to nine"; "9 to 17" and "5 to 10 minutes" are none."""
    minutes = read_whole(lex, at)
    if minutes is None or not 0 < minutes[0] < HOUR_MIN:
        return None
    count, end = int(minutes[0]), minutes[1]
    named = sense(lex, end, "unit") == "min"
    end += int(named)
    spelt = not has(lex, at, "number") or text(lex, at - 1) == "at"
    if not has(lex, end, "past", "less") or "en" not in lex[end].languages:
        return None
    if has(lex, end, "past"):
        return _of_hour(lex, end + 1, count) if named or spelt or marked else None
    return _of_hour(lex, end + 1, -count) if named or (spelt and count % _ROUND == 0) else None


def _of_hour(lex: Lexemes, at: int, shift: int) -> Read:
    if has(lex, at, "clock"):
        return Clock(integer(sense(lex, at, "clock")) or 0, shift=shift, exact=True), at + 1
    hour = read_whole(lex, at)
    if hour is None or has(lex, hour[1], "unit") or hour[0] not in range(_LAST_HOUR + 1):
        return None
    return with_part(lex, hour[1], Clock(int(hour[0]) % _LAST_HOUR * HOUR_MIN, shift=shift))
