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
_MAX_LEADS: Final = 4
_CUES: Final = words_of(Sense.NEWEST, Sense.AT_MOST_LIMITS)
"""Each limit has one of these words, or a sense of `_CUE_SENSES`."""
_CUE_SENSES: Final = frozenset({"keep", "expect", "contains", "otherwise", "neg"})


def read_limits(lex: Lexemes) -> list[Item]:
    """Return the limits of a sentence, in order: items `keep`, `keep_for`, `expect` and `contains`."""
    items: list[Item] = []
    if not lex.mentions(_CUES, _CUE_SENSES):
        return items
    pos = 0
    while pos < len(lex):
        item = _keep(lex, pos) or _expect(lex, pos) or _contains(lex, pos)
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
    """Read "simpan 7", "7 terakhir", "5 backup terakhir", "the last 14"."""
    verb, start = lex.has(pos, Sense.KEEP), pos
    if verb:
        start = _skip(lex, pos + 1, "keep_lead", "keep_noun", "keep")
    elif lex.has(pos, Sense.KEEP_LEAD) and not lex.has(pos, Sense.NUMBER, Sense.DIGIT, Sense.SEP):
        start = pos + 1
    number = read_whole(lex, start)
    if number is None:
        return None
    count, end = number
    # The noun of "simpan 7 backup jam 2" is the next wish, unless a word limits it to the last few.
    after = lex.past(end, (), "keep_noun", most=3)
    newest = any(lex.has(index, Sense.NEWEST) for index in range(end, after))
    if not verb:
        most = lex.has(pos, Sense.NEWEST) or (after > end and lex.has(pos, Sense.AT_MOST_LIMITS))
        is_limit = newest or (start > pos and most)
    elif lex.has(end, Sense.UNIT, Sense.LASTDAY):
        return Item("keep_for", pos, lex.past(end + 1, (), "keep_noun", most=3))
    else:  # not "keep the one for payment", "jaga 3 …"
        unsure = lex.text(end - 1) == "one" or lex.has(pos, Sense.WATCH)
        is_limit = not unsure or lex.has(end, Sense.KEEP_NOUN)
    # One that names backups keeps that sense, so that it can be a wish for them.
    senses = {"backup": True} if any(each.has(Sense.BACKUP) for each in lex[pos:after]) else NO_SENSES
    return Item("keep", pos, after, int(count), senses) if is_limit else None


def _expect(lex: Lexemes, pos: int) -> Item | None:
    """Read "harus 200", and the figure of "kalau tidak 200 kabari …", whose other words stay a condition."""
    denied = lex.has(pos - 1, Sense.OTHERWISE)
    end = _skip(lex, pos + 1, "expect_lead", "expect") if lex.has(pos, Sense.EXPECT) else pos
    number = lex.sense(end, Sense.NUMBER)
    if not (denied or end > pos) or number not in _STATUSES or lex.has(end + 1, Sense.UNIT, Sense.UNIT_SHORT):
        return None
    return Item("expect", pos, end + 1 + (lex.text(end + 1) in {"ok", "oke"}), lex.integer(end, Sense.NUMBER))


def _contains(lex: Lexemes, pos: int) -> Item | None:
    end = _skip(lex, pos + 1, "contains_lead", "contains")
    if not lex[pos].has(Sense.CONTAINS) or end >= len(lex):
        return None
    # The "word" of "has the word hello", not the article alone.
    strong = any(
        each.has(Sense.STRONG_CONTAINS) or each.text.rpartition(" ")[2] in _TEXT_NOUNS
        for each in lex[pos:end]
    )
    if lex[end].kind == "quote" or (strong and lex[end].kind in {"word", "id", "number"}):
        return Item("contains", pos, end + 1, lex[end].raw)
    return None
