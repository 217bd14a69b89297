"""Reads lengths of time: "30 detik", "satu setengah jam", "1 jam 30 menit", "sejam"."""

from __future__ import annotations

from typing import Final

from app.planner.language.times.cursor import Lexemes, has, sense, skip, text, word
from app.planner.language.times.expressions import DAY_SEC
from app.planner.language.tokens.numbers import read_number

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

Length = tuple[float, str, int]
"""The number, the unit, and the index after it. Lengths of several units use the smallest unit."""


def read_length(lex: Lexemes, pos: int) -> Length | None:
    """Read a length of time at an index."""
    first = _simple(lex, pos)
    if first is None:
        return None
    count, unit, end = first
    rest = _simple(lex, skip(lex, end, "dan", "and", "&"))
    if rest is not None and UNIT_SEC[rest[1]] < UNIT_SEC[unit] and not has(lex, pos, "unit1"):
        total = count * UNIT_SEC[unit] + rest[0] * UNIT_SEC[rest[1]]
        return total / UNIT_SEC[rest[1]], rest[1], rest[2]
    return first


def _simple(lex: Lexemes, pos: int) -> Length | None:
    """Read one number with its unit, in any of the ways to write a half."""
    if (unit := sense(lex, pos, "unit1")) is not None:
        more = 0.5 if has(lex, pos + 1, "half") and not has(lex, pos + 2, "unit", "number", "digit") else 0
        return 1 + more, word(unit), pos + (2 if more else 1)
    for fraction, portion in (("half", 0.5), ("quarter", 0.25)):
        if has(lex, pos, fraction):
            end = skip(lex, skip(lex, pos + 1, "of"), "a", "an")
            return _with_unit(lex, end, portion)
    if text(lex, pos) in {"a", "an"} and has(lex, pos + 1, "half", "quarter"):
        portion = 0.5 if has(lex, pos + 1, "half") else 0.25
        return _with_unit(lex, skip(lex, skip(lex, pos + 2, "of"), "a", "an"), portion)
    if text(lex, pos) in {"a", "an"} and has(lex, pos + 1, "unit"):
        return _with_unit(lex, pos + 1, 1)
    if (pair := _couple(lex, pos)) is not None:
        return _with_unit(lex, pair, 2)
    number = read_number(lex, pos)
    return None if number is None else _with_unit(lex, skip(lex, number[1], "-"), number[0])


def _couple(lex: Lexemes, pos: int) -> int | None:
    """Return the index after "a couple of"; None if the text is different."""
    start = skip(lex, pos, "a")
    return skip(lex, start + 1, "of") if text(lex, start) in {"couple", "couple of"} else None


def _with_unit(lex: Lexemes, pos: int, count: float) -> Length | None:
    unit = sense(lex, pos, "unit")
    glued = pos > 0 and pos < len(lex) and lex[pos - 1].end == lex[pos].start
    short = sense(lex, pos, "unit_short")
    if short is not None and (glued or (unit is None and has(lex, pos - 1, "number"))):
        unit = short
    if unit is None:
        return None
    end = pos + 1
    if text(lex, end) == "and" and text(lex, end + 1) == "a" and has(lex, end + 2, "half"):
        return count + 0.5, word(unit), end + 3
    if has(lex, end, "half") and not has(lex, end + 1, "number", "digit", "teen", "unit"):
        return count + 0.5, word(unit), end + 1
    return count, word(unit), end
