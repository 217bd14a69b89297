"""Numbers in digits and in words: 30, "dua puluh lima", "one and a half", "satu setengah", "1,5"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.planner.reading.lexemes import Lexeme

_TEN: Final = 10
_TENS: Final = 20
_HUNDRED: Final = 100
Read = tuple[float, int] | None
"""A value and the index after it."""


def read_number(lex: Sequence[Lexeme], at: int) -> Read:
    """Read a number that stands at an index, halves included."""
    whole = read_whole(lex, at)
    if whole is None:
        return None
    value, end = whole
    if _is(lex, end, "half"):
        return value + 0.5, end + 1
    if _text(lex, end) == "and" and _text(lex, end + 1) == "a" and _is(lex, end + 2, "half"):
        return value + 0.5, end + 3
    return value, end


def read_whole(lex: Sequence[Lexeme], at: int) -> Read:
    """Read digits, or number words without a half."""
    if at >= len(lex):
        return None
    number = lex[at].senses.get("number")
    if isinstance(number, int | float):
        scaled = _scale(lex, at + 1)
        return (number * scaled, at + 2) if scaled > _TENS else (number, at + 1)
    return _read_words(lex, at)


def _read_words(lex: Sequence[Lexeme], at: int) -> Read:
    total, part, end = 0.0, 0.0, at
    while end < len(lex):
        senses = lex[end].senses
        dash = lex[end].text == "-" and part >= _TENS and _is(lex, end + 1, "digit")
        if dash or (
            lex[end].text == "and" and part >= _HUNDRED and _is(lex, end + 1, "digit", "teen", "tens")
        ):
            end += 1
            continue
        if "digit" in senses and (part == 0 or part % _TEN == 0) and part != _TEN:
            part += _value(senses["digit"])
        elif ("teen" in senses or "tens" in senses) and (part == 0 or part >= _HUNDRED):
            part += _value(senses.get("teen", senses.get("tens", 0)))
        elif "belas" in senses and 0 < part < _TEN:
            part += _TEN
        elif "scale" in senses and (
            part or (end == at and senses["scale"] != _TEN and "en" in lex[end].languages)
        ):
            part = _scaled(part, _value(senses["scale"]))
        else:
            break
        end += 1
    return (total + part, end) if end > at else None


def _scaled(part: float, scale: float) -> float:
    """Multiply the last figures of a number: `seratus dua` + `puluh` is 120."""
    if not part:
        return scale
    low = part % _TEN if scale < _HUNDRED else part % _HUNDRED if scale == _HUNDRED else part
    return part - low + (low or 1) * scale


def _scale(lex: Sequence[Lexeme], at: int) -> float:
    return _value(lex[at].senses["scale"]) if _is(lex, at, "scale") else 1


def _value(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0


def _is(lex: Sequence[Lexeme], at: int, *senses: str) -> bool:
    return 0 <= at < len(lex) and lex[at].has(*senses)


def _text(lex: Sequence[Lexeme], at: int) -> str:
    return lex[at].text if 0 <= at < len(lex) else ""
