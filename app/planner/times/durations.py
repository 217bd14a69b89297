"""Lengths of time and what repeats by them: "30 detik", "satu setengah jam", "sejam sekali"."""

from __future__ import annotations

from typing import Final

from app.planner.reading.numbers import read_number
from app.planner.times.cursor import Lexemes, has, integer, sense, skip, text, word
from app.planner.times.pieces import (
    DAY_SEC,
    Counted,
    Impossible,
    Interval,
    OnceDay,
    OnceDelta,
    Recur,
    Unclear,
    Value,
)

UNIT_SEC: Final = {
    "ms": 0.001,
    "s": 1,
    "min": 60,
    "h": 3600,
    "d": DAY_SEC,
    "2d": 2 * DAY_SEC,
    "w": 7 * DAY_SEC,
    "2w": 14 * DAY_SEC,
    "mo": 30 * DAY_SEC,
    "y": 365 * DAY_SEC,
}
_LONG_UNITS: Final = frozenset({"d", "w", "mo", "y"})
MAX_INTERVAL_SEC: Final = 366 * DAY_SEC
_MONTHS_A_YEAR: Final = 12
_ROUNDING: Final = 1e-6

Length = tuple[float, str, int]
"""How many, of which unit, and the index after it; lengths of several units come in the smallest."""
Read = tuple[Value, int] | None


def read_length(lex: Lexemes, at: int) -> Length | None:
    """Read a length of time that starts at an index."""
    first = _simple(lex, at)
    if first is None:
        return None
    count, unit, end = first
    rest = _simple(lex, skip(lex, end, "dan", "and", "&"))
    if rest is not None and UNIT_SEC[rest[1]] < UNIT_SEC[unit] and not has(lex, at, "unit1"):
        total = count * UNIT_SEC[unit] + rest[0] * UNIT_SEC[rest[1]]
        return total / UNIT_SEC[rest[1]], rest[1], rest[2]
    return first


def _simple(lex: Lexemes, at: int) -> Length | None:
    """Read one number with its unit, in any of the ways a half can be put."""
    if (unit := sense(lex, at, "unit1")) is not None:
        more = 0.5 if has(lex, at + 1, "half") and not has(lex, at + 2, "unit", "number", "digit") else 0
        return 1 + more, word(unit), at + (2 if more else 1)
    for fraction, portion in (("half", 0.5), ("quarter", 0.25)):
        if has(lex, at, fraction):
            end = skip(lex, skip(lex, at + 1, "of"), "a", "an")
            return _with_unit(lex, end, portion)
    if text(lex, at) in {"a", "an"} and has(lex, at + 1, "half", "quarter"):
        portion = 0.5 if has(lex, at + 1, "half") else 0.25
        return _with_unit(lex, skip(lex, skip(lex, at + 2, "of"), "a", "an"), portion)
    if text(lex, at) in {"a", "an"} and has(lex, at + 1, "unit"):
        return _with_unit(lex, at + 1, 1)
    number = read_number(lex, at)
    return None if number is None else _with_unit(lex, skip(lex, number[1], "-"), number[0])


def _with_unit(lex: Lexemes, at: int, count: float) -> Length | None:
    unit = sense(lex, at, "unit")
    glued = at > 0 and at < len(lex) and lex[at - 1].end == lex[at].start
    short = sense(lex, at, "unit_short")
    if short is not None and (glued or (unit is None and _is_number(lex, at - 1))):
        unit = short
    if unit is None:
        return None
    end = at + 1
    if text(lex, end) == "and" and text(lex, end + 1) == "a" and has(lex, end + 2, "half"):
        return count + 0.5, word(unit), end + 3
    if has(lex, end, "half") and not has(lex, end + 1, "number", "digit", "teen", "unit"):
        return count + 0.5, word(unit), end + 1
    return count, word(unit), end


def _is_number(lex: Lexemes, at: int) -> bool:
    return has(lex, at, "number")


def read_interval(lex: Lexemes, at: int) -> Read:
    """Read something that repeats: after "tiap", before "sekali", so many times a day, hourly."""
    if has(lex, at, "every"):
        return _after_every(lex, at + 1)
    if has(lex, at, "hourly"):
        return Interval(UNIT_SEC[word(sense(lex, at, "hourly"))]), at + 1
    if has(lex, at, "interval"):
        return _after_interval_word(lex, at)
    return _times_in(lex, at) or _length_first(lex, at)


def _after_interval_word(lex: Lexemes, at: int) -> Read:
    end = at + 1
    while end < len(lex) and (
        text(lex, end) in {":", "=", "waktu", "of", "nya", "ke"} or has(lex, end, "every", "into")
    ):
        end += 1
    length = read_length(lex, end)
    return None if length is None else (as_interval(length), skip(lex, length[2], "sekali"))


def _after_every(lex: Lexemes, at: int) -> Read:
    end = skip(lex, at, "sekali", "selang", "kali", "the")
    if has(lex, end, "few"):
        end = skip(lex, end + 1, "of")
        return (Unclear("vague"), end + 1) if has(lex, end, "unit") else None
    if has(lex, end, "other") or (text(lex, end) == "second" and has(lex, end + 1, "unit")):
        unit = sense(lex, end + 1, "unit")
        return None if unit is None else (as_interval((2, word(unit), 0)), end + 2)
    if has(lex, end, "half", "quarter") and has(lex, end + 1, "number", "digit", "teen"):
        return None
    length = read_length(lex, end)
    if length is not None:
        after = length[2]
        return as_interval(length), after + 1 if has(lex, after, "once") else after
    if has(lex, end, "unit") and not _names_a_clock(lex, end):
        return as_interval((1, word(sense(lex, end, "unit")), 0)), end + 1
    return None


def _names_a_clock(lex: Lexemes, at: int) -> bool:
    """True for "tiap jam 7": the hour of the clock, not each hour."""
    return (
        has(lex, at, "clockmark")
        and has(
            lex, at + 1, "number", "digit", "teen", "hm", "bad_clock", "half", "clock", "clockmark", "quarter"
        )
        and not (has(lex, at + 1, "clockmark"))
    )


def _times_in(lex: Lexemes, at: int) -> Read:
    """Read "dua kali sehari", "sehari 2x", "once an hour", "3 times per week", "sekali sejam"."""
    if has(lex, at, "unit1"):
        count = _count(lex, at + 1)
        if count is None:
            return None
        return _counted(count[0], word(sense(lex, at, "unit1"))), count[1]
    count = _count(lex, at)
    if count is None:
        return None
    end = count[1]
    while text(lex, end) in {"a", "an", "the", "dalam", "di", "in", "setiap", "tiap", "per", "every", "each"}:
        end += 1
    if has(lex, end, "recur"):
        return _counted(count[0], word(sense(lex, end, "recur"))), end + 1
    if has(lex, end, "unit1"):
        return _counted(count[0], word(sense(lex, end, "unit1"))), end + 1
    if end > count[1] and has(lex, end, "unit"):
        return _counted(count[0], word(sense(lex, end, "unit"))), end + 1
    length = read_length(lex, end) if end > count[1] else None
    return None if length is None else (as_interval((length[0] / max(count[0], 1), length[1], 0)), length[2])


def _count(lex: Lexemes, at: int) -> tuple[int, int] | None:
    if has(lex, at, "once"):
        return 1, at + 1
    if (many := integer(sense(lex, at, "twice"))) is not None:
        return many, at + 1
    number = read_number(lex, at)
    if number is None or not has(lex, number[1], "times"):
        return None
    return int(number[0]), number[1] + 1


def _counted(times: int, unit: str) -> Value:
    if times < 1:
        return Impossible("times")
    if times == 1:
        return as_interval((1, unit, 0))
    if unit in _LONG_UNITS:
        return Counted(times, unit)
    return as_interval((UNIT_SEC[unit] / times, "s", 0))


def _length_first(lex: Lexemes, at: int) -> Read:
    """Read "30 detik sekali", "setengah jam sekali"."""
    length = read_length(lex, at)
    if length is None or not has(lex, length[2], "once"):
        return None
    if has(lex, length[2] + 1, "every", "unit1"):
        return None
    return as_interval(length), length[2] + 1


def as_interval(length: Length) -> Value:
    """Return what repeats by a length: an interval, or a calendar step where no seconds are meant."""
    count, unit, _ = length
    if count == 1 and unit in _LONG_UNITS:
        return Recur(unit)
    if unit == "mo" and count == int(count) and count > 0 and _MONTHS_A_YEAR % count == 0:
        return Recur("mo", int(count))
    seconds = count * UNIT_SEC[unit]
    if seconds < 1:
        return Impossible("negative" if seconds < 0 else "too_short")
    if seconds > MAX_INTERVAL_SEC:
        return Impossible("too_long")
    if abs(seconds - round(seconds)) > _ROUNDING:
        return Impossible("fraction")
    return Interval(round(seconds))


def read_delta(lex: Lexemes, at: int) -> Read:
    """Read what happens once, after a length: "in 20 minutes", "dua jam lagi", "2 hours from now"."""
    if has(lex, at, "in"):
        length = read_length(lex, at + 1)
        if length is None:
            return None
        return _delta(length), length[2] + 1 if has(lex, length[2], "later") else length[2]
    length = read_length(lex, at)
    if length is None or not has(lex, length[2], "later"):
        return None
    return _delta(length), length[2] + 1


def _delta(length: Length) -> Value:
    count, unit, _ = length
    if count < 0:
        return Impossible("negative")
    if unit in {"d", "w"} and count == int(count):
        return OnceDay(days=int(count) * (7 if unit == "w" else 1))
    if unit in {"mo", "y"} and count == int(count):
        return OnceDay(months=int(count) * (_MONTHS_A_YEAR if unit == "y" else 1))
    seconds = count * UNIT_SEC[unit]
    return OnceDelta(seconds) if seconds <= MAX_INTERVAL_SEC * 10 else Impossible("too_long")


def read_lasting(lex: Lexemes, at: int) -> Read:
    """Read how long something shall go on; no schedule has that, so it is left out and told."""
    if not has(lex, at, "lasting"):
        return None
    start = skip(lex, at + 1, "the", "next")
    length = read_length(lex, start)
    if length is None and "next" in text(lex, at) and has(lex, start, "unit"):
        return Unclear("lasting"), start + 1
    return None if length is None else (Unclear("lasting"), length[2])


def read_bare(lex: Lexemes, at: int) -> Read:
    """Read a length with nothing that says what it is for; a monitor takes it as its interval."""
    length = read_length(lex, at)
    if length is None:
        return None
    value = as_interval(length)
    if value == Interval(DAY_SEC):  # "24 jam" without "tiap" is round the clock
        return None
    return (Interval(value.seconds, bare=True), length[2]) if isinstance(value, Interval) else None
