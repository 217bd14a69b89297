"""Reads parts of a wish that no job can have: subjects, attachments, and crowds of recipients or accounts."""

from __future__ import annotations

from itertools import islice, takewhile
from typing import Final

from app.planner.language.clauses.clause import Item, kinds
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.tokens.lexemes import Lexemes

SUBJECTS: Final = words_of(Sense.SUBJECTS)
_GOES_ON: Final = ("textmark", "toward", "sep", "every", "clockmark", "relday")
_MOST_BETWEEN: Final = 2
_MOST_WORDS: Final = 8
_NAMES: Final = kinds("email handle phone hash id")
_CUES: Final = words_of(Sense.SUBJECTS, Sense.ATTACHED, Sense.CROWDS, Sense.MANY)


def read_unsendable(lex: Lexemes) -> list[Item]:
    """Return the items of kinds `unsendable` (a subject, an attachment) and `crowd`, in order."""
    items: list[Item] = []
    pos = 0
    while pos < len(lex) and (items or lex.mentions(_CUES)):
        end = _unsendable_end(lex, pos)
        if end > pos:
            items.append(Item("unsendable", pos, end))
        elif (end := _crowd_end(lex, pos)) > pos:
            items.append(Item("crowd", pos, end, "people" if lex.has(end - 1, Sense.CROWDS) else "accounts"))
        pos = max(end, pos + 1)
    return items


def _unsendable_end(lex: Lexemes, pos: int) -> int:
    """Return the end of "subjek 'Tagihan'" and "lampiran nota.pdf"; the index itself if neither is there."""
    if lex[pos].has(Sense.ATTACHED):
        return pos + 1 + (lex.kind(pos + 1) in {"id", "url", "www", "quote"})
    if not lex[pos].has(Sense.SUBJECTS):
        return pos
    start = lex.skip(pos + 1, ":", "=")
    if lex.kind(start) == "quote":
        return start + 1
    words = takewhile(lambda each: each.kind == "word" and not each.has(*_GOES_ON), lex[start:])
    return max(pos + 1, start + len([*islice(words, _MOST_WORDS)]))


def _crowd_end(lex: Lexemes, pos: int) -> int:
    """Return the end of "semua pelanggan" and "all my accounts"; not of accounts that are named after it."""
    noun = lex.after(pos + 1, Sense.BETWEEN_UNSENDABLE, most=_MOST_BETWEEN)
    named = any(each.kind in _NAMES for each in lex[noun + 1 : noun + 1 + _MOST_WORDS])
    crowd = lex.has(noun, Sense.CROWDS) or (lex.has(noun, Sense.MANY) and not named)
    return noun + 1 if crowd and lex[pos].has(Sense.ALL_UNSENDABLE) else pos
