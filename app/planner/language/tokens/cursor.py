"""Functions to look at lexemes, shared by the readers of numbers, times, names and limits."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from app.planner.language.lexicon.entry import Value
from app.planner.language.tokens.lexemes import Lexeme

Lexemes = Sequence[Lexeme]


def has(lex: Lexemes, pos: int, *senses: str) -> bool:
    """True if there is a lexeme at an index and it has one of the senses."""
    return 0 <= pos < len(lex) and not lex[pos].senses.keys().isdisjoint(senses)


def sense(lex: Lexemes, pos: int, name: str) -> Value | None:
    """Return the value of a sense of the lexeme at an index."""
    return lex[pos].senses.get(name) if 0 <= pos < len(lex) else None


def text(lex: Lexemes, pos: int) -> str:
    """Return the folded text at an index, empty beyond the ends."""
    return lex[pos].text if 0 <= pos < len(lex) else ""


def integer(value: Value | None) -> int | None:
    """Return a sense's value if it is a whole number."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def word(value: Value | None) -> str:
    """Return a sense's value if it is text."""
    return value if isinstance(value, str) else ""


def skip(lex: Lexemes, pos: int, *texts: str) -> int:
    """Return the index after a lexeme whose text is one of those given, else the same index."""
    return pos + 1 if text(lex, pos) in texts else pos


def past(lex: Lexemes, pos: int, texts: Collection[str], *senses: str, most: int = 1_000) -> int:
    """Return the index after all lexemes, `most` of them at the most, with one of the texts or senses."""
    end = pos
    while end < min(len(lex), pos + most) and (lex[end].text in texts or lex[end].has(*senses)):
        end += 1
    return end


def counts(lex: Lexemes, pos: int) -> bool:
    """True if a unit follows at an index, but not the "jam" of "tanggal 5 jam 8"."""
    return has(lex, pos, "unit", "unit_short", "times") and not clock_follows(lex, pos)


def clock_follows(lex: Lexemes, pos: int) -> bool:
    """True for "jam 8" and "at 9": a word that marks a time, and a figure."""
    return has(lex, pos, "clockmark") and has(
        lex, pos + 1, "number", "hm", "digit", "teen", "half", "bad_clock"
    )


def list_next(lex: Lexemes, pos: int) -> int | None:
    """Return the start of the next item of a list, past `,`, `dan`, `, and`; None if the list ends."""
    end = pos
    while end < len(lex) and end < pos + 2 and (text(lex, end) == "," or sense(lex, end, "sep") == "weak"):
        end += 1
    return end if end > pos else None
