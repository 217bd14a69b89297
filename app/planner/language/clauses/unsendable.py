"""Reads parts of a wish that no job can have: subjects, attachments, and crowds of recipients or accounts."""

from __future__ import annotations

from typing import Final

from app.planner.language.clauses.clause import Item, kinds
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.tokens.lexemes import Lexemes

SUBJECTS: Final = words_of(Sense.SUBJECTS)
_ATTACHED: Final = words_of(Sense.ATTACHED)
CROWDS: Final = words_of(Sense.CROWDS)
_MANY: Final = words_of(Sense.MANY)
_GOES_ON: Final = ("textmark", "toward", "sep", "every", "clockmark", "relday")
_MOST_BETWEEN: Final = 2
_MOST_WORDS: Final = 8
_NAMES: Final = kinds("email handle phone hash id")
_CUES: Final = SUBJECTS | _ATTACHED | CROWDS | _MANY


def read_unsendable(lex: Lexemes) -> list[Item]:
    """Return the items of kinds `unsendable` (a subject, an attachment) and `crowd`, in order."""
    if not lex.mentions(_CUES):
        return []
    items: list[Item] = []
    pos = 0
    while pos < len(lex):
        end = _unsendable_end(lex, pos)
        if end is not None:
            items.append(Item("unsendable", pos, end))
        elif (end := _crowd_end(lex, pos)) is not None:
            items.append(Item("crowd", pos, end, "people" if lex.has(end - 1, Sense.CROWDS) else "accounts"))
        pos = end or pos + 1
    return items


def _unsendable_end(lex: Lexemes, pos: int) -> int | None:
    """Return the end of "subjek 'Tagihan'" and "lampiran nota.pdf"."""
    if lex[pos].has(Sense.SUBJECTS):
        start = lex.skip(pos + 1, ":", "=")
        if start < len(lex) and lex[start].kind == "quote":
            return start + 1
        end = start
        while (
            end < min(len(lex), start + _MOST_WORDS)
            and lex[end].kind == "word"
            and not lex.has(end, *_GOES_ON)
        ):
            end += 1
        return max(end, pos + 1)
    if lex[pos].has(Sense.ATTACHED):
        named = pos + 1 < len(lex) and (lex[pos + 1].kind in {"id", "url", "www", "quote"})
        return pos + 2 if named else pos + 1
    return None


def _crowd_end(lex: Lexemes, pos: int) -> int | None:
    """Return the end of "semua pelanggan" and "all my accounts"; not of accounts that are named after it."""
    if not lex[pos].has(Sense.ALL_UNSENDABLE):
        return None
    noun = pos + 1
    while noun < len(lex) and noun <= pos + _MOST_BETWEEN and lex[noun].has(Sense.BETWEEN_UNSENDABLE):
        noun += 1
    if lex.has(noun, Sense.CROWDS):
        return noun + 1
    named = lex.has(noun, Sense.MANY) and any(
        each.kind in _NAMES for each in lex[noun + 1 : noun + 1 + _MOST_WORDS]
    )
    return noun + 1 if lex.has(noun, Sense.MANY) and not named else None
