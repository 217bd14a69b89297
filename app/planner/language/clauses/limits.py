"""Limits: how many exports to keep, which status and which text a page has to answer with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.planner.language.clauses.clause import Item
from app.planner.language.lexicon.entry import NO_SENSES
from app.planner.language.times.cursor import has, text
from app.planner.language.tokens.lexemes import Lexeme
from app.planner.language.tokens.numbers import read_whole

_STATUSES: Final = range(100, 600)
_STRONG_CONTAINS: Final = frozenset(
    {
        "mengandung",
        "contain",
        "contains",
        "containing",
        "memuat",
        "berisi",
        "termuat",
        "mengandung kata",
        "ngandung",
        "ngandung kata",
        "ada kata",
        "includes",
        "include",
        "including",
    }
)
_ARTICLES: Final = frozenset({"the", "a", "yang", "harus"})
_TEXT_NOUNS: Final = frozenset({"word", "text", "kata", "tulisan", "teks", "kalimat"})
_MAX_LEADS: Final = 4


def read_limits(lex: Sequence[Lexeme]) -> list[Item]:
    """Return the limits of a sentence, in order: items `keep`, `keep_for`, `expect` and `contains`."""
    items: list[Item] = []
    at = 0
    while at < len(lex):
        item = _keep(lex, at) or _expect(lex, at) or _contains(lex, at) or _last_so_many(lex, at)
        if item is None:
            at += 1
        else:
            items.append(item)
            at = item.last
    return items


def _skip(lex: Sequence[Lexeme], at: int, *senses: str) -> int:
    end = at
    while end < len(lex) and end < at + _MAX_LEADS and (lex[end].has(*senses) or lex[end].text in {":", "="}):
        if lex[end].has("number", "digit"):
            break
        end += 1
    return end


def _keep(lex: Sequence[Lexeme], at: int) -> Item | None:
    if not lex[at].has("keep"):
        return None
    number = read_whole(lex, _skip(lex, at + 1, "keep_lead", "keep_noun", "keep"))
    if number is None:
        return None
    count, end = number
    if has(lex, end, "unit", "lastday"):
        return Item("keep_for", at, _nouns(lex, end + 1))
    if lex[at].has("watch") and not has(lex, end, "keep_noun"):
        return None
    return _kept(lex, at, end, int(count))


def _kept(lex: Sequence[Lexeme], at: int, end: int, count: int) -> Item:
    """Return the limit; one that names backups keeps that sense, so that it can ask for them by itself."""
    after = _nouns(lex, end)
    named = any(lexeme.has("backup") for lexeme in lex[at:after])
    return Item("keep", at, after, count, {"backup": True} if named else NO_SENSES)


def _last_so_many(lex: Sequence[Lexeme], at: int) -> Item | None:
    """Read "7 terakhir", "5 backup terakhir", "the last 14"."""
    lead = at + 1 if lex[at].has("keep_lead") and not lex[at].has("number", "digit", "sep") else at
    number = read_whole(lex, lead)
    if number is None:
        return None
    count, end = number
    after = _nouns(lex, end)
    newest = {"terakhir", "terbaru", "latest", "last", "newest", "most recent"}
    closes = any(text(lex, index) in newest for index in range(end, after))
    opens = text(lex, lead - 1) in newest and lead > at
    if not (
        closes
        or opens
        or (after > end and lead > at and lex[at].text in {"maksimal", "maks", "max", "paling banyak"})
    ):
        return None
    return _kept(lex, at, end, int(count))


def _nouns(lex: Sequence[Lexeme], at: int) -> int:
    end = at
    while end < len(lex) and end < at + 3 and lex[end].has("keep_noun"):
        end += 1
    # The noun of "simpan 7 backup jam 2" is the next wish where nothing says that it is the last few.
    return end


def _expect(lex: Sequence[Lexeme], at: int) -> Item | None:
    if not lex[at].has("expect"):
        return _expect_otherwise(lex, at)
    end = _skip(lex, at + 1, "expect_lead", "expect")
    number = lex[end].senses.get("number") if end < len(lex) else None
    if not isinstance(number, int) or number not in _STATUSES or has(lex, end + 1, "unit", "unit_short"):
        return None
    return Item("expect", at, end + 1 + (text(lex, end + 1) in {"ok", "oke"}), number)


def _expect_otherwise(lex: Sequence[Lexeme], at: int) -> Item | None:
    """Read the figure of "kalau tidak 200 kabari …" and "if not 200"; what leads to it stays a condition."""
    denied = has(lex, at - 1, "otherwise") or (has(lex, at - 1, "neg") and has(lex, at - 2, "cond"))
    number = lex[at].senses.get("number")
    if not denied or not isinstance(number, int) or number not in _STATUSES or has(lex, at + 1, "unit"):
        return None
    return Item("expect", at, at + 1, number)


def _leads_text(lexeme: Lexeme) -> bool:
    """True for the "word" of "has the word hello", not for the article alone."""
    return lexeme.has("contains_lead") and lexeme.text not in _ARTICLES


def _contains(lex: Sequence[Lexeme], at: int) -> Item | None:
    if not lex[at].has("contains"):
        return None
    end = _skip(lex, at + 1, "contains_lead", "contains")
    if end >= len(lex):
        return None
    strong = any(
        lex[index].text in _STRONG_CONTAINS
        or lex[index].text.rpartition(" ")[2] in _TEXT_NOUNS
        or (index > at and _leads_text(lex[index]))
        for index in range(at, end)
    )
    if lex[end].kind == "quote" or (strong and lex[end].kind in {"word", "id", "number"}):
        return Item("contains", at, end + 1, lex[end].raw)
    return None
