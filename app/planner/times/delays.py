"""Delays and limits: "in 20 minutes", "dua jam lagi", "selama 2 jam"."""

from __future__ import annotations

from typing import Final

from app.planner.times.cursor import Lexemes, has, skip, text
from app.planner.times.intervals import MAX_INTERVAL_SEC
from app.planner.times.lengths import UNIT_SEC, Length, read_length
from app.planner.times.pieces import Impossible, OnceDay, OnceDelta, Unclear, Value

_WEEK: Final = 7
_MONTHS_A_YEAR: Final = 12
_LONGEST_SEC: Final = 10 * MAX_INTERVAL_SEC
Read = tuple[Value, int] | None


def read_delta(lex: Lexemes, at: int) -> Read:
    """Read what happens once, after a length: "in 20 minutes", "dua jam lagi", "2 hours from now"."""
    few = skip(lex, at + 1, "a") if has(lex, at, "in") else at
    if has(lex, few, "few") and has(lex, few + 1, "unit") and (few > at or has(lex, few + 2, "later")):
        return Impossible("vague_once"), few + 3 if has(lex, few + 2, "later") else few + 2
    if has(lex, at, "in"):
        length = read_length(lex, at + 1)
        if length is None:
            return None
        return _delta(length), length[2] + 1 if has(lex, length[2], "later") else length[2]
    length = read_length(lex, at)
    if length is not None and has(lex, length[2], "later"):
        return _delta(length), length[2] + 1
    return None if length is None else _ago(lex, length[2])


def _ago(lex: Lexemes, at: int) -> Read:
    """Read the "ago" of "2 hours ago", the "yang lalu" of "2 jam yang lalu"."""
    end = skip(lex, at, "yang", "yg")
    said = text(lex, end) == "ago" or (end > at and text(lex, end) == "lalu")
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


def read_lasting(lex: Lexemes, at: int) -> Read:
    """Read how long something shall go on; no schedule has that, so it is left out and told."""
    if not has(lex, at, "lasting"):
        return None
    start = skip(lex, at + 1, "the", "next")
    length = read_length(lex, start)
    if length is None and "next" in text(lex, at) and has(lex, start, "unit"):
        return Unclear("lasting"), start + 1
    return None if length is None else (Unclear("lasting"), length[2])
