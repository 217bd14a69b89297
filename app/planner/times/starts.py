"""Where a time expression can start at all; the readers are not asked anywhere else."""

from __future__ import annotations

from typing import Final

from app.planner.lexicon.entry import words
from app.planner.times.cursor import Lexemes, has, text
from app.planner.zones import CITIES

_STARTS: Final = words(
    """
    number digit teen tens scale minus half quarter every unit1 once twice hourly interval in lasting few
    except neg ordinal lastword weekday weekday_short dayset from between until hours tonight part this
    next relday soon relweek relmonth monthend hm bad_clock clock month datemark lastday firstday midmonth
    zone recur nightly now
    """
)
_LEADS: Final = words("the on di pada at in hari hr hri a an dari waktu jam zona per setiap") | {"zona waktu"}
"""Words that belong to a time only where one follows."""
_CITY_WORDS: Final = frozenset(city.split()[0] for city in CITIES)


def can_start(lex: Lexemes, at: int) -> bool:
    """True where the lexeme at an index may be the first of a time expression."""
    lexeme = lex[at]
    if lexeme.text == "-":  # a minus or "to", and of neither one stands before another
        return _starts(lex, at + 1) and text(lex, at + 1) != "-"
    if _starts(lex, at) or lexeme.kind in {"isodate", "date"} or lexeme.text in _CITY_WORDS:
        return True
    if lexeme.text == "but":
        return has(lex, at - 1, "unit", "recur")
    if not lexeme.has("clockmark") and lexeme.text not in _LEADS:
        return False
    follows = has(lex, at + 1, "unit") or _starts(lex, at + 1) or _starts(lex, at + 2)
    return follows or text(lex, at + 1) in _CITY_WORDS


def _starts(lex: Lexemes, at: int) -> bool:
    return at < len(lex) and lex[at].has_any(_STARTS)
