"""Names of holidays and feasts: "tanggal merah", "cuti bersama", "Natal", "Lebaran"."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.lexicon.spelling import read_entries
from app.planner.language.times.expressions import Dates, Except, FeastDay
from app.planner.language.tokens.lexemes import Lexemes

_FEASTS: Final[Mapping[str, str]] = {
    name.replace("_", " "): key.replace("_", " ")
    for key, *names in map(str.split, read_entries("feasts.txt"))
    for name in names
}
"""Feasts by name, each with its day of the year, or with a part of the Indonesian name of its holiday."""
_LONGEST: Final = 4
FEAST_WORDS: Final = frozenset(name.split()[0] for name in _FEASTS)
FIRST_WORDS: Final = frozenset(name.split()[0] for name in words_of(Sense.DAYS_OFF))
_FIRST: Final = FEAST_WORDS | {name.split()[0] for name in words_of(Sense.LEAVE, Sense.HOLIDAY)}


def read_feast(lex: Lexemes, pos: int) -> tuple[Except, int] | None:
    """Read holidays of all kinds at an index, as something that is left out."""
    if (end := _phrase(lex, pos, _FEASTS)) is not None:
        key = _FEASTS[lex.joined(pos, end)]
        moves = key[0].isalpha()
        return Except(holidays=True, names=frozenset({key})) if moves else Except(dates=frozenset({key})), end
    if (end := _phrase(lex, pos, words_of(Sense.LEAVE))) is not None:
        return Except(holidays=True, leave=True), end
    if (end := _phrase(lex, pos, words_of(Sense.HOLIDAY))) is None:
        return None
    country = lex.after(end, Sense.AT)
    return Except(holidays=True), country + 1 if lex.text(country) == "indonesia" else end


def read_feast_date(lex: Lexemes, pos: int) -> tuple[Dates | FeastDay, int] | None:
    """Read the day of one feast: its date if that is the same each year, else its name."""
    feast = read_feast(lex, pos)
    if feast is None or not (feast[0].dates or feast[0].names):
        return None
    if feast[0].names:
        return FeastDay(min(feast[0].names)), feast[1]
    month, day = (int(part) for part in min(feast[0].dates).split("-"))
    return Dates((day,), month), feast[1]


def is_evening(lex: Lexemes, start: int, end: int) -> bool:
    """True for the feasts that are evenings: "malam tahun baru", "christmas eve"."""
    return lex.text(start) == "malam" or lex.joined(start, end).endswith(" eve")


def days_off_end(lex: Lexemes, pos: int) -> int | None:
    """Return the index after "tanggal merah" or "public holidays"; None for "libur" alone."""
    return _phrase(lex, pos, words_of(Sense.DAYS_OFF))


def _phrase(lex: Lexemes, pos: int, known: Collection[str]) -> int | None:
    if lex.text(pos).partition(" ")[0] not in _FIRST:
        return None
    ends = (min(pos + length, len(lex)) for length in range(_LONGEST, 0, -1))
    return next((end for end in ends if end > pos and lex.joined(pos, end) in known), None)
