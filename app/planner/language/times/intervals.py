"""Reads lengths of time, repetitions ("tiap", "sekali", "3x sehari"), delays and limits."""

from __future__ import annotations

from typing import Final

from app.planner.language.lexicon.sense import Sense
from app.planner.language.times import expressions as said
from app.planner.language.times.expressions import DAY_SEC, Read, Value
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
MONTHS_OF: Final = {"mo": 1, "y": 12}
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
        half = lex.has(pos + 1, Sense.HALF) and not lex.has(pos + 2, Sense.UNIT, Sense.NUMBER, Sense.DIGIT)
        return 1 + half / 2, unit, pos + 1 + half
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
    unit, short = lex.word(pos, Sense.UNIT), lex.word(pos, Sense.UNIT_SHORT)
    glued = 0 < pos < len(lex) and lex[pos - 1].end == lex[pos].start
    if short and (glued or (not unit and lex.has(pos - 1, Sense.NUMBER))):
        unit = short
    return (count, unit, pos + 1) if unit else None


# Repetitions: "tiap", "sekali", "3x sehari".

MAX_INTERVAL_SEC: Final = 366 * DAY_SEC
_AN_HOUR: Final = 60
_LONG_UNITS: Final = frozenset({"d", "w", "mo", "y"})
_MONTHS_A_YEAR: Final = 12
_ROUNDING: Final = 1e-6
_FIGURES: Final = ("number", "digit", "teen")
_CLOCK_STARTS: Final = (*_FIGURES, "hm", "bad_clock", "half", "clock", "quarter")
_QUARTER_MONTHS: Final = 3


def read_interval(lex: Lexemes, pos: int) -> Read:
    """Read a repetition: after "tiap", "interval", before "sekali", so many times a day, hourly."""
    if lex.has(pos, Sense.EVERY):
        return _after_every(lex, pos + 1)
    if lex.has(pos, Sense.HOURLY):
        return said.Interval(UNIT_SEC[lex.word(pos, Sense.HOURLY)]), pos + 1
    led = lex.has(pos, Sense.INTERVAL)
    start = lex.after(pos + 1, Sense.INTERVAL_LEAD, Sense.EVERY, Sense.INTO, most=4) if led else pos
    found, length = None if led else _times_in(lex, pos), read_length(lex, start)
    if found is not None or length is None or not (led or lex.has(length[2], Sense.ONCE)):
        return found
    return as_interval(length), lex.after(length[2], Sense.ONCE)


def _after_every(lex: Lexemes, pos: int) -> Read:
    """Read "2 jam" and the bare "jam" after "tiap", "every other day", "every few minutes"."""
    start = lex.after(pos, Sense.EVERY_LEAD)
    if lex.text(start) == "second" and lex.text(start + 1) == "of":
        return None  # "every second of the month" is a date
    if lex.has(start, Sense.QUARTER_YEAR) and not lex.has(start + 1, Sense.OF_AN_HOUR):
        return said.Recurrence("mo", _QUARTER_MONTHS), start + 1
    nth = lex.has(start, Sense.ORDINAL, Sense.OTHER) and not lex.has(start, Sense.DIGIT)
    end = lex.skip(start + 1, "of")
    if (unit := lex.word(end, Sense.UNIT)) and (nth or lex.has(start, Sense.FEW)):
        count = lex.integer(start, Sense.ORDINAL) or 2
        return (as_interval((count, unit, 0)) if nth else said.Unclear("vague")), end + 1
    length = read_length(lex, start)
    # "tiap jam 7" is the hour of the clock, not each hour.
    timed = lex.has(start, Sense.CLOCKMARK) and lex.has(start + 1, *_CLOCK_STARTS)
    timed = timed and not lex.has(start + 2, Sense.TIMES)
    if length is None and (unit := lex.word(start, Sense.UNIT)) and not timed:
        length = (1.5, unit, start + 4) if lex.adds_half(start + 1) else (1, unit, start + 1)
    if length is None:
        return None
    value, end = as_interval(length), lex.after(length[2], Sense.ONCE)
    return _at_minute(lex, value, end) or (value, end)


def _at_minute(lex: Lexemes, value: Value, pos: int) -> Read:
    """Read the minute of "tiap jam di menit 15" and "every hour at quarter past"."""
    start = lex.after(pos, Sense.MINUTE_LEAD, most=3)
    number = (15, start + 1) if lex.has(start, Sense.QUARTER) else read_whole(lex, start)
    if (
        value != said.Interval(UNIT_SEC["h"])
        or number is None
        or start == pos
        or not 0 <= number[0] < _AN_HOUR
    ):
        return None
    end = lex.after(number[1], Sense.MINUTE_WORD)
    past = lex.has(end, Sense.PAST)
    named = past or any(each.has(Sense.NAMES_MINUTE) for each in lex[pos:start])
    return (said.Interval(UNIT_SEC["h"], minute=int(number[0])), end + past) if named else None


def _times_in(lex: Lexemes, pos: int) -> Read:
    """Read "dua kali sehari", "sehari 2x", "once an hour", "3 times per week", "sekali sejam"."""
    if lex.has(pos, Sense.UNIT1):
        count = read_times(lex, pos + 1)
        return None if count is None else (_counted(count[0], lex.word(pos, Sense.UNIT1)), count[1])
    count = read_times(lex, pos)
    if count is None:
        return None
    times, end = count
    end = lex.after(end, Sense.RATE_LINK, most=4)
    linked = end > count[1]
    for name in ("recur", "unit1", *(["unit"] if linked else [])):
        if lex.has(end, name):
            return _counted(times, lex.word(end, name)), end + 1
    length = read_length(lex, end) if linked else None
    if length is None:
        return None
    # "5 kali tiap 2 jam" is five runs, or one every 24 minutes.
    both = times > 1 and length[0] > 1 and any(each.has(Sense.EVERY) for each in lex[count[1] : end])
    rate = as_interval((length[0] / max(times, 1), length[1], 0))
    return (said.Unclear("vague_once") if both else rate), length[2]


def read_times(lex: Lexemes, pos: int) -> tuple[int, int] | None:
    """Read "sekali", "twice", "5 kali": how many times, and the index after it."""
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
        return said.Impossible("times")
    often = times > 1 and unit in _LONG_UNITS
    return said.TimesPer(times, unit) if often else as_interval((1 / times, unit, 0))


def as_interval(length: Length) -> Value:
    """Return the repetition for a length, as an interval or a calendar step.

    A calendar step is for units that are no number of seconds.
    """
    count, unit, _ = length
    if count == 1 and unit in _LONG_UNITS:
        return said.Recurrence(unit)
    if unit == "mo" and count == int(count) and count > 0 and _MONTHS_A_YEAR % count == 0:
        return said.Recurrence("mo", int(count))
    seconds = count * UNIT_SEC[unit]
    if seconds < 1:
        return said.Impossible("negative" if seconds < 0 else "too_short")
    if seconds > MAX_INTERVAL_SEC:
        return said.Impossible("too_long")
    if abs(seconds - round(seconds)) > _ROUNDING:
        return said.Impossible("fraction")
    return said.Interval(round(seconds))


def read_bare(lex: Lexemes, pos: int) -> Read:
    """Read a length without a word for its purpose; a monitor uses it as its interval."""
    length = read_length(lex, pos)
    if length is None:
        return None
    value = as_interval(length)
    if value == said.Interval(DAY_SEC):  # "24 jam" without "tiap" is round the clock: it leaves nothing out
        return (said.Except(), length[2]) if length[1] == "h" else None
    return (said.Interval(value.seconds, bare=True), length[2]) if isinstance(value, said.Interval) else None


# Delays and limits: "in 20 minutes", "dua jam lagi", "selama 2 jam".

_WEEK: Final = 7
_LONGEST_SEC: Final = 10 * MAX_INTERVAL_SEC


def read_delta(lex: Lexemes, pos: int) -> Read:
    """Read a single event after a length: "in 20 minutes", "dua jam lagi", "2 hours from now"."""
    few = lex.after(pos, Sense.IN, Sense.A, most=2)
    later = lex.has(few + 2, Sense.LATER)
    if lex.has(few, Sense.FEW) and lex.has(few + 1, Sense.UNIT) and (few > pos or later):
        return said.Impossible("vague_once"), few + 2 + later
    led = lex.has(pos, Sense.IN)
    length = read_length(lex, pos + led)
    if length is None:
        return None
    end = length[2]
    if led or lex.has(end, Sense.LATER):
        if not led and lex.has(end, Sense.STRETCH) and any(each.has("every", "recur") for each in lex):
            return None  # "seminggu ke depan tiap jam 8" says how long
        return _delta(length), lex.after(end, Sense.LATER)
    end = lex.skip(end, "yang")
    return (said.Impossible("past"), end + 1) if lex.has(end, Sense.AGO) else None


def _delta(length: Length) -> Value:
    count, unit, _ = length
    if count < 0:
        return said.Impossible("negative")
    if unit in {"d", "w"} and count == int(count):
        return said.OnceDay(days=int(count) * (_WEEK if unit == "w" else 1))
    if unit in MONTHS_OF and count == int(count):
        return said.OnceDay(months=int(count) * MONTHS_OF[unit])
    seconds = count * UNIT_SEC[unit]
    return said.OnceDelta(seconds) if seconds <= _LONGEST_SEC else said.Impossible("too_long")
