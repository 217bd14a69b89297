"""Looking at lexemes: what the readers of time expressions share."""

from __future__ import annotations

from collections.abc import Sequence

from app.planner.language.lexicon.entry import Value
from app.planner.language.tokens.lexemes import Lexeme

Lexemes = Sequence[Lexeme]


def has(lex: Lexemes, at: int, *senses: str) -> bool:
    """True where there is a lexeme at an index that has one of the senses."""
    return 0 <= at < len(lex) and not lex[at].senses.keys().isdisjoint(senses)


def sense(lex: Lexemes, at: int, name: str) -> Value | None:
    """Return the value of a sense of the lexeme at an index."""
    return lex[at].senses.get(name) if 0 <= at < len(lex) else None


def text(lex: Lexemes, at: int) -> str:
    """Return the folded text at an index, empty beyond the ends."""
    return lex[at].text if 0 <= at < len(lex) else ""


def integer(value: Value | None) -> int | None:
    """Return a sense's value where it is a whole number."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def word(value: Value | None) -> str:
    """Return a sense's value where it is text."""
    return value if isinstance(value, str) else ""


def skip(lex: Lexemes, at: int, *texts: str) -> int:
    """Return the index after a lexeme whose text is one of those given, else the same index."""
    return at + 1 if text(lex, at) in texts else at


def counts(lex: Lexemes, at: int) -> bool:
    """True where a unit stands at an index, but not the "jam" of "tanggal 5 jam 8"."""
    return has(lex, at, "unit", "unit_short", "times") and not clock_follows(lex, at)


def clock_follows(lex: Lexemes, at: int) -> bool:
    """True for "jam 8" and "at 9": a word that marks a time, and a figure."""
    return has(lex, at, "clockmark") and has(
        lex, at + 1, "number", "hm", "digit", "teen", "half", "bad_clock"
    )


def list_next(lex: Lexemes, at: int) -> int | None:
    """Return where the next item of a list starts: past `,`, `dan`, `, and`; None where no list goes on."""
    end = at
    while end < len(lex) and end < at + 2 and (text(lex, end) == "," or sense(lex, end, "sep") == "weak"):
        end += 1
    return end if end > at else None
