"""Turns lexemes into items: names, limits and times before other words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from app.planner.language.clauses.clause import BY_PLACE, Item
from app.planner.language.clauses.intents import is_verb
from app.planner.language.clauses.limits import read_limits
from app.planner.language.clauses.names import read_names
from app.planner.language.clauses.unsendable import read_unsendable
from app.planner.language.lexicon.entry import NO_SENSES
from app.planner.language.lexicon.sense import Sense, senses
from app.planner.language.operators.chains import mark_chains
from app.planner.language.operators.conditions import read_conditions
from app.planner.language.operators.repairs import settle
from app.planner.language.operators.settings import read_settings
from app.planner.language.times.exceptions import read_shift
from app.planner.language.times.expressions import Except
from app.planner.language.times.scan import scan_times
from app.planner.language.tokens.lexemes import Lexeme, Lexemes

_KIND_ORDER: Final = """
    declared slot neg otherwise cond message report backup watch notify stop change send channel foreign
    account chat toward but into down beyond sep via textmark site up using result order
"""
_BY_SENSE: Final = tuple(map(Sense, _KIND_ORDER.split()))
"""The order of senses: the first one of a word decides its kind, the others stay on the item."""
_KINDS: Final = frozenset(_BY_SENSE)
_ATOMS: Final = {"url": "url", "www": "url", "scheme": "foreign", "quote": "quote", "text": "quote"}
_TURNING: Final = senses(
    """
    no off skips resumes barring including repair excess trailing aside speaker more still used requested
    hearsay
    """
)
"""Senses of words that are content otherwise."""
_SHIFTING: Final = frozenset({"cond", "change"})
_BEFORE_FOREIGN: Final = ("account", "watch", "toward", "via", "channel")
_STRONG_MARKS: Final = frozenset({".", ";", "!", "?", "|", ">"})


def read_items(lex: Lexemes) -> list[Item]:
    """Return the items of a sentence in order.

    Each lexeme is covered; a channel used as a verb gives two items.
    """
    lex = _without_greeting(lex)
    placed: dict[int, Item] = {}
    for item in (
        *_shifts(lex),
        *_pauses(lex),
        *read_unsendable(lex),
        *read_settings(lex),
        *read_conditions(lex),
        *read_limits(lex),
        *read_names(lex),
    ):
        if not any(index in placed for index in range(item.first, item.last)):
            placed.update(dict.fromkeys(range(item.first, item.last), item))
    masked = Lexemes(hidden(lexeme) if pos in placed else lexeme for pos, lexeme in enumerate(lex))
    items = list(dict.fromkeys(placed.values()))
    taken = set(placed)
    for piece in scan_times(masked):
        items.append(Item("time", piece.first, piece.last, piece.value))
        taken |= set(range(piece.first, piece.last))
    items.extend(Item("notify", pos, pos + 1) for pos in range(len(lex)) if is_verb(lex, pos))
    items.extend(_plain(lex, pos) for pos in range(len(lex)) if pos not in taken)
    return mark_chains(lex, settle(lex, sorted(items, key=BY_PLACE)))


def hidden(lexeme: Lexeme) -> Lexeme:
    """Return a lexeme in the place of one that is read already."""
    start, end, languages = lexeme.start, lexeme.end, lexeme.languages
    return Lexeme("taken", "", lexeme.raw, start, end, NO_SENSES, languages, lexeme.corrected)


def _without_greeting(lex: Lexemes) -> Lexemes:
    """Return the lexemes with the "pagi" of "pagi kak tolong …" as a greeting, which is no time."""
    start = 1 if lex.has(0, Sense.HELLOS) else 0
    if not (lex.has(start, Sense.PART) and lex.has(start + 1, Sense.CALLED)):
        return lex
    changed = Lexemes(lex)
    changed[start] = replace(lex[start], senses={"filler": True})
    return changed


def _shifts(lex: Lexemes) -> Iterator[Item]:
    """Yield what moves a run from days off; no other condition is read there."""
    for pos, lexeme in enumerate(lex):
        read = None if lexeme.senses.keys().isdisjoint(_SHIFTING) else read_shift(lex, pos)
        if read and isinstance(read[0], Except):
            yield Item("time", pos, read[1], read[0])


def _pauses(lex: Lexemes) -> Iterator[Item]:
    """Yield the "jeda" of ", jeda seminggu aja", which is an interval behind a wish: "jeda 5 menit"."""
    for pos, lexeme in enumerate(lex):
        stop = lex.word(pos, "stop") if "interval" in lexeme.senses and lex.has(pos + 1, "unit1") else ""
        if stop and not lex.mentions((), ("watch",)):
            yield Item("stop", pos, pos + 1, stop, lexeme.senses)


def _plain(lex: Lexemes, pos: int) -> Item:
    lexeme = lex[pos]
    if lexeme.kind in _ATOMS:
        return Item(_ATOMS[lexeme.kind], pos, pos + 1, lexeme.raw, lexeme.senses)
    if lexeme.kind in {"mark", "line", "bullet"}:
        return _mark(lexeme, pos)
    # The "line" of "pantau line akun toko" is an ordinary word elsewhere.
    led = "weak_foreign" in lexeme.senses and lex.has(pos - 1, *_BEFORE_FOREIGN)
    if led or ("weak_foreign" in lexeme.senses and lex.has(pos + 1, Sense.ACCOUNT)):
        return Item("foreign", pos, pos + 1, lexeme.text)
    for sense in _BY_SENSE if lexeme.has_any(_KINDS) else ():
        if sense in lexeme.senses:
            value = lexeme.senses[sense]
            return Item(sense, pos, pos + 1, value if isinstance(value, str) else None, lexeme.senses)
    kind = "filler" if lexeme.senses.keys() - _TURNING or lexeme.kind in {"number", "clock"} else "word"
    return Item(kind, pos, pos + 1, None, lexeme.senses)


def _mark(lexeme: Lexeme, pos: int) -> Item:
    if lexeme.kind != "mark" or lexeme.text in _STRONG_MARKS:
        return Item("sep", pos, pos + 1, "strong")
    if lexeme.text == "," or lexeme.has(Sense.SEP):
        return Item("sep", pos, pos + 1, "weak", lexeme.senses)
    return Item("filler", pos, pos + 1, ":" if lexeme.text == ":" else None, lexeme.senses)
