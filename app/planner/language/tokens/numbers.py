"""Reads numbers in digits and words: 30, "dua puluh lima", "one and a half", "1,5"."""

from __future__ import annotations

from typing import Final

from app.planner.language.lexicon.sense import Sense
from app.planner.language.tokens.lexemes import Lexeme, Lexemes

_TEN: Final = 10
_TENS: Final = 20
_HUNDRED: Final = 100
_MOST_WORDS: Final = 10
_WORDS: Final = frozenset({"digit", "teen", "tens", "belas", "scale"})
"""Senses with which a number in words may begin."""
Read = tuple[float, int] | None
"""A value and the index after it."""


def read_number(lex: Lexemes, pos: int) -> Read:
    """Read a number at an index, halves included."""
    whole = read_whole(lex, pos)
    if whole is None:
        return None
    value, end = whole
    if lex.has(end, Sense.HALF):
        return value + 0.5, end + 1
    if lex.adds_half(end):
        return value + 0.5, end + 3
    return value, end


def read_whole(lex: Lexemes, pos: int) -> Read:
    """Read digits, or number words without a half."""
    if pos >= len(lex):
        return None
    senses = lex[pos].senses
    number = senses.get("number")
    if isinstance(number, int | float):
        if pos + 1 == len(lex) or not lex[pos + 1].senses:
            return number, pos + 1
        if 0 < number < _TEN and (lex.has(pos + 1, Sense.BELAS) or lex.sense(pos + 1, Sense.SCALE) == _TEN):
            return _read_words(lex, pos)  # "2 belas", "2 puluh lima"
        scaled = _value(lex.sense(pos + 1, Sense.SCALE) or 1)
        return (number * scaled, pos + 2) if scaled > _TENS else (number, pos + 1)
    if "minus" in senses:
        positive = read_whole(lex, pos + 1)
        return None if positive is None else (-positive[0], positive[1])
    return None if senses.keys().isdisjoint(_WORDS) else _read_words(lex, pos)


def _read_words(lex: Lexemes, pos: int) -> Read:
    value, end = 0.0, pos
    while end < min(len(lex), pos + _MOST_WORDS):
        grown = value if _is_link(lex, end, value) else _grown(lex[end], value, first=end == pos)
        if grown is None:
            break
        value = grown
        end += 1
    return (value, end) if end > pos else None


def _is_link(lex: Lexemes, pos: int, value: float) -> bool:
    """True for the dash of "twenty-five" and the "and" of "one hundred and twenty"."""
    if lex[pos].text == "-":
        return value >= _TENS and lex.has(pos + 1, Sense.DIGIT)
    return (
        lex[pos].text == "and" and value >= _HUNDRED and lex.has(pos + 1, Sense.DIGIT, Sense.TEEN, Sense.TENS)
    )


def _grown(lexeme: Lexeme, value: float, *, first: bool) -> float | None:
    """Return a number extended by the next word; None if the word is not part of it."""
    senses = lexeme.senses
    digit = senses.get("digit", senses.get("number") if first else None)
    if digit is not None and value % _TEN == 0 and value != _TEN:
        return value + _value(digit)
    if lexeme.has(Sense.TEEN, Sense.TENS) and (value == 0 or value >= _HUNDRED):
        return value + _value(senses.get("teen", senses.get("tens", 0)))
    if "belas" in senses and 0 < value < _TEN:
        return value + _TEN
    alone = first and senses.get("scale") != _TEN and "en" in lexeme.languages
    return _scaled(value, _value(senses["scale"])) if "scale" in senses and (value or alone) else None


def _scaled(part: float, scale: float) -> float:
    """Multiply the last figures of a number: `seratus dua` + `puluh` is 120."""
    if not part:
        return scale
    low = part % _TEN if scale < _HUNDRED else part % _HUNDRED if scale == _HUNDRED else part
    return part - low + (low or 1) * scale


def _value(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0
