"""Reads months without a day: "bulan Desember", "Januari sampai Maret", "in June and July"."""

from __future__ import annotations

from typing import Final

from app.planner.language.lexicon.sense import Sense
from app.planner.language.times.expressions import Months, Read
from app.planner.language.tokens.lexemes import Lexemes

_YEAR: Final = 12
_MOST_LEADS: Final = 3


def read_months(lex: Lexemes, pos: int, *, listed: bool = False) -> Read:
    """Read one month, a list or a range of them; `listed` if the sentence calls for one here."""
    start = lex.after(pos, Sense.MONTH_LEAD, most=_MOST_LEADS)
    first = _month(lex, start)
    if first is None:
        return None
    months, end = _stretch(lex, start, first)
    ranged = len(months) > 1
    while (after := lex.list_next(end)) is not None:
        more = lex.after(after, Sense.MONTH_WORD, Sense.AT)
        if (month := _month(lex, more)) is None:
            break
        others, end = _stretch(lex, more, month)
        months |= others
    led = any(each.has(Sense.MONTH_MARK) for each in lex[pos:start])
    return (Months(frozenset(months)), end) if listed or led or ranged else None


def _month(lex: Lexemes, pos: int) -> int | None:
    """Return the month at an index, unless a day or an hour follows: "Desember 25"."""
    month = lex.integer(pos, Sense.MONTH)
    verb = lex.text(pos) == "may" and not lex.has(
        pos - 1, Sense.IN, Sense.UNTIL, Sense.EVERY, Sense.EXCEPT, Sense.SEP
    )
    return None if verb or lex.has(pos + 1, Sense.NUMBER) else month


def _stretch(lex: Lexemes, pos: int, first: int) -> tuple[set[int], int]:
    last = _month(lex, lex.after(pos + 2, Sense.MONTH_WORD)) if lex.has(pos + 1, Sense.UNTIL) else None
    if last is None:
        return {first}, pos + 1
    months = {(first - 1 + step) % _YEAR + 1 for step in range((last - first) % _YEAR + 1)}
    return months, lex.after(pos + 2, Sense.MONTH_WORD) + 1
