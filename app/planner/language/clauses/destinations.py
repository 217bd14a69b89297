"""Places in a reminder: where to and how it goes; a place that somebody goes to is a part of its text."""

from __future__ import annotations

from typing import Final

from app.planner.language.clauses.names import is_unknown, read_names
from app.planner.language.clauses.unsendable import read_unsendable
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.lexicon.spelling import TITLES
from app.planner.language.operators.settings import read_settings
from app.planner.language.tokens.lexemes import Lexemes

_PLACES: Final = words_of(Sense.PLACE)
_ROLES: Final = words_of(Sense.PERSON)
PLACED: Final = ("channel", "via", "toward", "chat", "using", "chat_number")
"""Senses of the words before a recipient."""
REACHED: Final = frozenset({"phone", "email", "handle", "contact", "person"})
"""Kinds of lexemes that a message can go to."""
_SHORTEST_NUMBER: Final = 4
_VERBS: Final = words_of(Sense.DEED, Sense.EVENT, Sense.GOING)
_VERBAL: Final = ("meng", "men", "mem", "meny", "nge", "ng", "ber")
"""Prefixes of verbs."""


def places_in(lex: Lexemes, start: int, end: int, *, opens: bool) -> set[int]:
    """Return the indexes of the words that say where to or how a reminder goes."""
    found: set[int] = set()
    names = {each.first: each.last for each in read_names(Lexemes(lex[:end])) if each.first >= start}
    for item in (*read_settings(Lexemes(lex[:end])), *read_unsendable(Lexemes(lex[:end]))):
        found.update(range(item.first, item.last))
    for pos in range(start, end):
        led = lex.has(pos - 1, *PLACED) and pos > start
        if pos in names:
            first = opens and all(
                each in found or lex[each].has(Sense.ERRAND_START, Sense.OWNER) for each in range(start, pos)
            )
            reaches = lex[pos].kind in REACHED or lex[pos].has("phone")
            short = lex.kind(pos) == "number" and len(lex.text(pos)) < _SHORTEST_NUMBER
            if short and lex.has(pos - 1, "chat_number", "chat") and not lex.has(pos - 2, "channel"):
                led = False  # "jl merdeka no 10"
            if (led and not _is_destination(lex, pos, start, found)) or (first and reaches):
                found.update(range(pos, names[pos]), _lead(lex, pos, start))
                found.update(each for each in range(start, pos) if first and lex[each].has(Sense.OWNER))
        elif lex[pos].has("channel") and (
            not _is_object(lex, pos)
            if pos == start or lex.has(pos - 1, Sense.VERB_TO)
            else lex.has(pos - 1, "via", "toward", "using")
        ):
            found.update((pos, *_lead(lex, pos, start)))
    return found


def _is_object(lex: Lexemes, pos: int) -> bool:
    """True for the "wa" of "ingatkan wa supplier", which is what is done and not the way of the reminder."""
    named = pos + 1 < len(lex) and is_unknown(lex[pos + 1]) and not has_verb(lex.text(pos + 1))
    return named or lex.has(pos + 1, Sense.PERSON, Sense.OWNER, Sense.ARTICLES)


def _lead(lex: Lexemes, pos: int, start: int) -> range:
    other = (each for each in range(pos - 1, start - 1, -1) if not lex.has(each, *PLACED))
    return range(next(other, start - 1) + 1, pos)


def _is_destination(lex: Lexemes, pos: int, start: int, places: set[int]) -> bool:
    """True for the BCA of "setor uang ke BCA", which no channel leads and no address has."""
    lead = _lead(lex, pos, start)
    if all(lex.has(each, "chat") and not lex.has(each, "channel") for each in lead):
        # "balas chat pelanggan", after the verb, is what is done
        return any(
            each not in places and not lex[each].has(Sense.ERRAND_START) for each in range(start, lead.start)
        )
    if any(lex.has(each, "channel", "chat", "chat_number") for each in lead):
        return False
    before = [each for each in range(start, lead.start) if each not in places and lex[each].kind == "word"]
    goes = any(lex[each].has(Sense.GOING, "channel") for each in before)
    goes = goes or (lex.kind(pos) == "id" and bool(before))
    if lex[pos].kind != "person":
        return goes
    said = lex[pos].raw.lower().split()
    named = not _PLACES.isdisjoint((said[0], " ".join(said[:2])))
    return goes or (named and said[0] not in _ROLES and said[0] not in TITLES)


def is_unclear(lex: Lexemes, first: int, last: int, places: set[int]) -> bool:
    """True for "transfer ke Bu Siti" if she is a contact, and for "kirim pulsa ke 0811"."""
    led = (pos for pos in range(first + 1, last) if pos not in places and lex.has(pos - 1, "toward"))
    return any(lex[pos].kind in REACHED - {"person"} or lex[pos].has("phone") for pos in led)


def has_verb(word: str) -> bool:
    """True for a word that needs no verb of an entry before it."""
    return word in _VERBS or word.startswith(_VERBAL)
