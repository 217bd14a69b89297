"""Reads limits: exports to keep, and a page's expected status and text."""

from __future__ import annotations

from typing import Final

from app.planner.language.clauses.clause import Item
from app.planner.language.lexicon.entry import NO_SENSES
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.tokens.lexemes import Lexemes
from app.planner.language.tokens.numbers import read_whole

_STATUSES: Final = range(100, 600)
_TEXT_NOUNS: Final = words_of(Sense.TEXT_NOUNS)
_NEWEST: Final = words_of(Sense.NEWEST)
_AT_MOST: Final = words_of(Sense.AT_MOST_LIMITS)
_MAX_LEADS: Final = 4
_CUES: Final = _NEWEST | _AT_MOST
"""Each limit has one of these words, or a sense of `_CUE_SENSES`."""
_CUE_SENSES: Final = frozenset({"keep", "expect", "contains", "otherwise", "neg"})


def read_limits(lex: Lexemes) -> list[Item]:
    """Return the limits of a sentence, in order: items `keep`, `keep_for`, `expect` and `contains`."""
    items: list[Item] = []
    if not lex.mentions(_CUES, _CUE_SENSES):
        return items
    pos = 0
    while pos < len(lex):
        item = _keep(lex, pos) or _expect(lex, pos) or _contains(lex, pos) or _last_so_many(lex, pos)
        if item is None:
            pos += 1
        else:
            items.append(item)
            pos = item.last
    return items


def _skip(lex: Lexemes, pos: int, *senses: str) -> int:
    end = lex.after(pos, *senses, Sense.GIVES_VALUE, most=_MAX_LEADS)
    return next((index for index in range(pos, end) if lex[index].has(Sense.NUMBER, Sense.DIGIT)), end)


def _keep(lex: Lexemes, pos: int) -> Item | None:
    if not lex[pos].has(Sense.KEEP):
        return None
    number = read_whole(lex, _skip(lex, pos + 1, "keep_lead", "keep_noun", "keep"))
    if number is None:
        return None
    count, end = number
    if lex.text(end - 1) == "one" and not lex.has(end, Sense.KEEP_NOUN):
        return None  # "keep the one for payment"
    if lex.has(end, Sense.UNIT, Sense.LASTDAY):
        return Item("keep_for", pos, _nouns(lex, end + 1))
    if lex[pos].has(Sense.WATCH) and not lex.has(end, Sense.KEEP_NOUN):
        return None
    return _kept(lex, pos, end, int(count))


def _kept(lex: Lexemes, pos: int, end: int, count: int) -> Item:
    """Return the limit. One that names backups keeps that sense, so that it can be a wish for them."""
    after = _nouns(lex, end)
    named = any(lexeme.has(Sense.BACKUP) for lexeme in lex[pos:after])
    return Item("keep", pos, after, count, {"backup": True} if named else NO_SENSES)


def _last_so_many(lex: Lexemes, pos: int) -> Item | None:
    """Read "7 terakhir", "5 backup terakhir", "the last 14"."""
    lead = (
        pos + 1
        if lex[pos].has(Sense.KEEP_LEAD) and not lex[pos].has(Sense.NUMBER, Sense.DIGIT, Sense.SEP)
        else pos
    )
    number = read_whole(lex, lead)
    if number is None:
        return None
    count, end = number
    after = _nouns(lex, end)
    closes = any(lex.has(index, Sense.NEWEST) for index in range(end, after))
    opens = lead > pos and (
        lex[pos].has(Sense.NEWEST) or (after > end and lex[pos].has(Sense.AT_MOST_LIMITS))
    )
    return _kept(lex, pos, end, int(count)) if closes or opens else None


def _nouns(lex: Lexemes, pos: int) -> int:
    # The noun of "simpan 7 backup jam 2" is the next wish, unless a word limits it to the last few.
    return lex.past(pos, (), "keep_noun", most=3)


def _expect(lex: Lexemes, pos: int) -> Item | None:
    if not lex[pos].has(Sense.EXPECT):
        return _expect_otherwise(lex, pos)
    end = _skip(lex, pos + 1, "expect_lead", "expect")
    number = lex.sense(end, Sense.NUMBER)
    if (
        not isinstance(number, int)
        or number not in _STATUSES
        or lex.has(end + 1, Sense.UNIT, Sense.UNIT_SHORT)
    ):
        return None
    return Item("expect", pos, end + 1 + (lex.text(end + 1) in {"ok", "oke"}), number)


def _expect_otherwise(lex: Lexemes, pos: int) -> Item | None:
    """Read the figure of "kalau tidak 200 kabari …" and "if not 200".

    The words before the figure stay a condition.
    """
    denied = lex.has(pos - 1, Sense.OTHERWISE) or (
        lex.has(pos - 1, Sense.NEG) and lex.has(pos - 2, Sense.COND)
    )
    number = lex[pos].senses.get("number")
    if not denied or not isinstance(number, int) or number not in _STATUSES or lex.has(pos + 1, Sense.UNIT):
        return None
    return Item("expect", pos, pos + 1, number)


def _contains(lex: Lexemes, pos: int) -> Item | None:
    if not lex[pos].has(Sense.CONTAINS):
        return None
    end = _skip(lex, pos + 1, "contains_lead", "contains")
    if end >= len(lex):
        return None
    named = (
        each.has(Sense.STRONG_CONTAINS) or each.text.rpartition(" ")[2] in _TEXT_NOUNS
        for each in lex[pos:end]
    )
    # The "word" of "has the word hello", not the article alone.
    leads = (each for each in lex[pos + 1 : end] if each.has(Sense.CONTAINS_LEAD))
    strong = any(named) or any(not each.has(Sense.ARTICLES) for each in leads)
    if lex[end].kind == "quote" or (strong and lex[end].kind in {"word", "id", "number"}):
        return Item("contains", pos, end + 1, lex[end].raw)
    return None
