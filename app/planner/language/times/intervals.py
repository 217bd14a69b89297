"""Reads lengths of time, repetitions ("tiap", "sekali", "3x sehari"), delays and limits."""

from __future__ import annotations

from typing import Final

from app.planner.language.lexicon.sense import Sense
from app.planner.language.times.expressions import (
    DAY_SEC,
    Except,
    Impossible,
    Interval,
    OnceDay,
    OnceDelta,
    Read,
    Recurrence,
    TimesPer,
    Unclear,
    Value,
)
from app.planner.language.tokens.lexemes import Lexemes
from app.planner.language.tokens.numbers import read_number, read_whole

# Lengths of time: "30 detik", "satu setengah jam", "1 jam 30 menit", "sejam".

UNIT_SEC: Final = {
    "ms": 0.001,
    "s": 1,
    "min": 60,
    "30min": 1800,
    "h": 3600,
    "d": DAY_SEC,
    "2d": 2 * DAY_SEC,
    "w": 7 * DAY_SEC,
    "2w": 14 * DAY_SEC,
    "mo": 30 * DAY_SEC,
    "y": 365 * DAY_SEC,
}

_LONGEST_COUNT: Final = 3
Length = tuple[float, str, int]
"""The number, the unit, and the index after it. Lengths of several units use the smallest unit."""


def read_length(lex: Lexemes, pos: int) -> Length | None:
    """Read a length of time at an index."""
    first = _simple(lex, pos)
    if first is None:
        return None
    count, unit, end = first
    rest = _simple(lex, lex.after(end, Sense.AND_WORD))
    if rest is not None and UNIT_SEC[rest[1]] < UNIT_SEC[unit] and not lex.has(pos, Sense.UNIT1):
        total = count * UNIT_SEC[unit] + rest[0] * UNIT_SEC[rest[1]]
        return total / UNIT_SEC[rest[1]], rest[1], rest[2]
    return first


def _simple(lex: Lexemes, pos: int) -> Length | None:
    """Read one number with its unit, in any of the ways to write a half."""
    if unit := lex.word(pos, Sense.UNIT1):
        more = (
            0.5
            if lex.has(pos + 1, Sense.HALF) and not lex.has(pos + 2, Sense.UNIT, Sense.NUMBER, Sense.DIGIT)
            else 0
        )
        return 1 + more, unit, pos + (2 if more else 1)
    noun = lex.after(pos, Sense.A)
    for fraction, portion in (("half", 0.5), ("quarter", 0.25)):
        if lex.has(noun, fraction):
            return _with_unit(lex, lex.after(noun + 1, Sense.OF, Sense.A, most=2), portion)
    if noun > pos and lex.has(noun, Sense.UNIT) and "en" in lex[noun].languages:
        return _with_unit(lex, noun, 1)
    number = read_number(lex, pos)
    if number is None or (lex.clock_follows(number[1]) and _begins_time(lex, pos, number[1])):
        return None  # the "jam" of "ke 0822 jam 9" begins a time
    return _with_unit(lex, lex.skip(number[1], "-"), number[0])


def _begins_time(lex: Lexemes, pos: int, clock: int) -> bool:
    """True for the "jam" of "ke 0822 jam 9" and of "meja 5 jam 2 siang"."""
    parted = lex.has(clock + 2, "part") and not lex.has(pos - 1, "every", "interval", "lasting", "in")
    return len(lex.text(pos)) > _LONGEST_COUNT or parted


def _with_unit(lex: Lexemes, pos: int, count: float) -> Length | None:
    unit = lex.word(pos, Sense.UNIT)
    glued = pos > 0 and pos < len(lex) and lex[pos - 1].end == lex[pos].start
    short = lex.word(pos, Sense.UNIT_SHORT)
    if short and (glued or (not unit and lex.has(pos - 1, Sense.NUMBER))):
        unit = short
    if not unit:
        return None
    end = pos + 1
    return count, unit, end


# Repetitions: "tiap", "sekali", "3x sehari".

MAX_INTERVAL_SEC: Final = 366 * DAY_SEC
_LONG_UNITS: Final = frozenset({"d", "w", "mo", "y"})
_MONTHS_A_YEAR: Final = 12
_ROUNDING: Final = 1e-6
_FIGURES: Final = ("number", "digit", "teen")
_CLOCK_STARTS: Final = (*_FIGURES, "hm", "bad_clock", "half", "clock", "quarter")
_QUARTER_MONTHS: Final = 3


def read_interval(lex: Lexemes, pos: int) -> Read:
    """Read a repetition: after "tiap", before "sekali", so many times a day, hourly."""
    if lex.has(pos, Sense.EVERY):
        return _after_every(lex, pos + 1)
    if lex.has(pos, Sense.HOURLY):
        return Interval(UNIT_SEC[lex.word(pos, Sense.HOURLY)]), pos + 1
    if lex.has(pos, Sense.INTERVAL):
        return _after_interval_word(lex, pos)
    return _times_in(lex, pos) or _length_first(lex, pos)


def _after_interval_word(lex: Lexemes, pos: int) -> Read:
    length = read_length(lex, lex.after(pos + 1, Sense.INTERVAL_LEAD, Sense.EVERY, Sense.INTO, most=4))
    return None if length is None else (as_interval(length), lex.after(length[2], Sense.ONCE))


def _after_every(lex: Lexemes, pos: int) -> Read:
    end = lex.after(pos, Sense.EVERY_LEAD)
    nth = lex.has(end, Sense.ORDINAL) and not lex.has(end, Sense.DIGIT) and lex.has(end + 1, Sense.UNIT)
    if nth or lex.has(end, Sense.FEW, Sense.OTHER):
        return _few_or_other(lex, end)
    if lex.text(end) == "second" and lex.text(end + 1) == "of":
        return None  # "every second of the month" is a date
    if lex.has(end, Sense.QUARTER_YEAR) and not lex.has(end + 1, Sense.OF_AN_HOUR):
        return Recurrence("mo", _QUARTER_MONTHS), end + 1
    found = _length_or_unit(lex, end)
    return None if found is None else _at_minute(lex, *found) or found


def _length_or_unit(lex: Lexemes, pos: int) -> tuple[Value, int] | None:
    """Read the length or the bare unit after "tiap"."""
    length = read_length(lex, pos) or _pointed_length(lex, pos)
    if length is not None:
        return as_interval(length), length[2] + int(lex.has(length[2], Sense.ONCE))
    # "tiap jam 7" is the hour of the clock, not each hour.
    timed = (
        lex.has(pos, Sense.CLOCKMARK)
        and lex.has(pos + 1, *_CLOCK_STARTS)
        and not lex.has(pos + 2, Sense.TIMES)
    )
    if not lex.has(pos, Sense.UNIT) or timed:
        return None
    count, end = (1.5, pos + 4) if lex.adds_half(pos + 1) else (1, pos + 1)
    return as_interval((count, lex.word(pos, Sense.UNIT), 0)), end


_FRACTIONS: Final = {"quarter": 15, "half": 30}
_AN_HOUR: Final = 60


def _at_minute(lex: Lexemes, value: Value, pos: int) -> Read:
    """Read the minute of "tiap jam di menit 15" and "every hour at quarter past"."""
    if value != Interval(UNIT_SEC["h"]):
        return None
    start = lex.after(pos, Sense.MINUTE_LEAD, most=3)
    fraction = next((minute for name, minute in _FRACTIONS.items() if lex.has(start, name)), None)
    number = read_whole(lex, start)
    named = any(each.has(Sense.NAMES_MINUTE) for each in lex[pos:start])
    if fraction is not None and start > pos and lex.has(start + 1, Sense.PAST):
        return Interval(UNIT_SEC["h"], minute=fraction), start + 2
    if number is None or not 0 <= number[0] < _AN_HOUR:
        return None
    end = lex.after(number[1], Sense.MINUTE_WORD)
    past = start > pos and lex.has(end, Sense.PAST)
    return (Interval(UNIT_SEC["h"], minute=int(number[0])), end + int(past)) if named or past else None


def _pointed_length(lex: Lexemes, pos: int) -> Length | None:
    """Read the "0.25 seconds" of an interval, whose figure looks like a clock time."""
    unit = lex.word(pos + 1, Sense.UNIT)
    if pos >= len(lex) or lex[pos].kind != "clock" or unit not in {"s", "min", "h"} or ":" in lex[pos].text:
        return None
    return float(lex[pos].text), unit, pos + 2


def _few_or_other(lex: Lexemes, pos: int) -> Read:
    """Read "every few minutes", which is too vague, "every other day" and "every second hour"."""
    start = lex.skip(pos + 1, "of")
    unit = lex.word(start, Sense.UNIT)
    if not unit:
        return None
    count = lex.integer(pos, Sense.ORDINAL) or 2
    return (Unclear("vague") if lex.has(pos, Sense.FEW) else as_interval((count, unit, 0))), start + 1


def _times_in(lex: Lexemes, pos: int) -> Read:
    """Read "dua kali sehari", "sehari 2x", "once an hour", "3 times per week", "sekali sejam"."""
    if lex.has(pos, Sense.UNIT1):
        count = _count(lex, pos + 1)
        return None if count is None else (_counted(count[0], lex.word(pos, Sense.UNIT1)), count[1])
    count = _count(lex, pos)
    if count is None:
        return None
    times, end = count
    end = lex.after(end, Sense.RATE_LINK, most=4)
    linked = end > count[1]
    for name in ("recur", "unit1", *(["unit"] if linked else [])):
        if lex.has(end, name):
            return _counted(times, lex.word(end, name)), end + 1
    length = read_length(lex, end) if linked else None
    return None if length is None else (as_interval((length[0] / max(times, 1), length[1], 0)), length[2])


def _count(lex: Lexemes, pos: int) -> tuple[int, int] | None:
    if lex.has(pos, Sense.ONCE):
        return 1, pos + 1
    if (many := lex.integer(pos, Sense.TWICE)) is not None:
        return many, pos + 1
    number = read_number(lex, pos)
    if number is None or not lex.has(number[1], Sense.TIMES):
        return None
    return int(number[0]), number[1] + 1


def _counted(times: int, unit: str) -> Value:
    if times < 1:
        return Impossible("times")
    if times == 1:
        return as_interval((1, unit, 0))
    if unit in _LONG_UNITS:
        return TimesPer(times, unit)
    return as_interval((UNIT_SEC[unit] / times, "s", 0))


def _length_first(lex: Lexemes, pos: int) -> Read:
    """Read "30 detik sekali", "setengah jam sekali"."""
    length = read_length(lex, pos)
    if length is None or not lex.has(length[2], Sense.ONCE):
        return None
    days = lex.has(
        length[2] + 2, Sense.WEEKDAY, Sense.WEEKDAY_SHORT, Sense.DAYSET
    )  # "dua minggu sekali tiap Jumat"
    if lex.has(length[2] + 1, Sense.EVERY, Sense.UNIT1) and not days:
        return None
    return as_interval(length), length[2] + 1


def as_interval(length: Length) -> Value:
    """Return the repetition for a length, as an interval or a calendar step.

    A calendar step is for units that are no number of seconds.
    """
    count, unit, _ = length
    if count == 1 and unit in _LONG_UNITS:
        return Recurrence(unit)
    if unit == "mo" and count == int(count) and count > 0 and _MONTHS_A_YEAR % count == 0:
        return Recurrence("mo", int(count))
    seconds = count * UNIT_SEC[unit]
    if seconds < 1:
        return Impossible("negative" if seconds < 0 else "too_short")
    if seconds > MAX_INTERVAL_SEC:
        return Impossible("too_long")
    if abs(seconds - round(seconds)) > _ROUNDING:
        return Impossible("fraction")
    return Interval(round(seconds))


def read_bare(lex: Lexemes, pos: int) -> Read:
    """Read a length without a word for its purpose; a monitor uses it as its interval."""
    length = read_length(lex, pos)
    if length is None:
        return None
    value = as_interval(length)
    if value == Interval(DAY_SEC):  # "24 jam" without "tiap" is round the clock: it leaves nothing out
        return (Except(), length[2]) if length[1] == "h" else None
    return (Interval(value.seconds, bare=True), length[2]) if isinstance(value, Interval) else None


# Delays and limits: "in 20 minutes", "dua jam lagi", "selama 2 jam".

_WEEK: Final = 7
_LONGEST_SEC: Final = 10 * MAX_INTERVAL_SEC


def read_delta(lex: Lexemes, pos: int) -> Read:
    """Read a single event after a length: "in 20 minutes", "dua jam lagi", "2 hours from now"."""
    few = lex.skip(pos + 1, "a") if lex.has(pos, Sense.IN) else pos
    if (
        lex.has(few, Sense.FEW)
        and lex.has(few + 1, Sense.UNIT)
        and (few > pos or lex.has(few + 2, Sense.LATER))
    ):
        return Impossible("vague_once"), few + 3 if lex.has(few + 2, Sense.LATER) else few + 2
    if lex.has(pos, Sense.IN):
        length = read_length(lex, pos + 1)
        if length is None:
            return None
        return _delta(length), length[2] + 1 if lex.has(length[2], Sense.LATER) else length[2]
    length = read_length(lex, pos)
    if length is not None and lex.has(length[2], Sense.LATER):
        if lex.has(length[2], Sense.STRETCH) and any(each.has("every", "recur") for each in lex):
            return None  # "seminggu ke depan tiap jam 8" says how long
        return _delta(length), length[2] + 1
    return None if length is None else _ago(lex, length[2])


def _ago(lex: Lexemes, pos: int) -> Read:
    """Read the "ago" of "2 hours ago", the "yang lalu" of "2 jam yang lalu"."""
    end = lex.skip(pos, "yang")
    said = lex.has(end, Sense.AGO) and (end > pos or lex.text(end) == "ago")
    return (Impossible("past"), end + 1) if said else None


def _delta(length: Length) -> Value:
    count, unit, _ = length
    if count < 0:
        return Impossible("negative")
    if unit in {"d", "w"} and count == int(count):
        return OnceDay(days=int(count) * (_WEEK if unit == "w" else 1))
    if unit in {"mo", "y"} and count == int(count):
        return OnceDay(months=int(count) * (_MONTHS_A_YEAR if unit == "y" else 1))
    seconds = count * UNIT_SEC[unit]
    return OnceDelta(seconds) if seconds <= _LONGEST_SEC else Impossible("too_long")
