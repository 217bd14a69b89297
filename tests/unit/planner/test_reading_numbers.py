"""Numbers in figures and in words, of both languages."""

from __future__ import annotations

import pytest

from app.planner.language.times.intervals import UNIT_SEC, read_length
from app.planner.language.tokens.lexemes import lexemes_of
from app.planner.language.tokens.numbers import read_number
from app.planner.language.tokens.tokens import tokenize

NUMBERS = (
    ("30", 30),
    ("1.000", 1000),
    ("1,200", 1200),
    ("1,5", 1.5),
    ("-5", -5),
    ("sebelas", 11),
    ("dua belas", 12),
    ("dua puluh lima", 25),
    ("seratus dua puluh", 120),
    ("dua ratus lima puluh", 250),
    ("seribu lima ratus", 1500),
    ("dua belas ribu", 12_000),
    ("2 ribu", 2000),
    ("2 belas", 12),
    ("2 puluh lima", 25),
    ("satu setengah", 1.5),
    ("twenty-five", 25),
    ("forty five", 45),
    ("one hundred and twenty", 120),
    ("a", None),
    ("one and a half", 1.5),
    ("hundred", 100),
)


@pytest.mark.parametrize(("words", "value"), NUMBERS)
def test_number_is_read_in_whole(words: str, value: float | None) -> None:
    """Every word of a number is taken, and nothing that is none is read as one."""
    lexemes = lexemes_of(words, tokenize(words))
    assert read_number(lexemes, 0) == (None if value is None else (value, len(lexemes)))


LENGTHS = (
    ("30 detik", 30),
    ("30s", 30),
    ("sejam", 3600),
    ("sejam setengah", 5400),
    ("setengah jam", 1800),
    ("half an hour", 1800),
    ("a quarter of an hour", 900),
    ("an hour", 3600),
    ("satu setengah jam", 5400),
    ("one and a half hours", 5400),
    ("1 jam 30 menit", 5400),
    ("1h30m", 5400),
    ("1 hour and 15 minutes", 4500),
    ("dua hari", 172_800),
    ("seminggu", 604_800),
)


@pytest.mark.parametrize(("words", "seconds"), LENGTHS)
def test_length_is_read_with_its_unit(words: str, seconds: float) -> None:
    """A length of time is its number times its unit, halves and second units included."""
    lexemes = lexemes_of(words, tokenize(words))
    length = read_length(lexemes, 0)
    assert length is not None
    assert (length[0] * UNIT_SEC[length[1]], length[2]) == (seconds, len(lexemes))
