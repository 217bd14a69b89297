"""Taking back one wish among others: "laporannya gak jadi", "eh gak usah, backup aja"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from app.planner.language.clauses.clause import WITHDRAWN, Item
from app.planner.language.clauses.slots import FARTHEST, WISHES, places_of_wish, slot_of, withdrawn
from app.planner.language.lexicon.sense import Sense
from app.planner.language.tokens.lexemes import Lexemes

_FILLS: Final = frozenset({"filler", "sep", "neg", "stop", "but", "textmark"})
_PLACES: Final = 4
_MOST_MARKS: Final = 8


def drop_called_off(lex: Lexemes, items: list[Item]) -> None:
    """Withdraw the wish before "eh gak usah, backup aja": another one is asked for in its place."""
    for pos, item in enumerate(items):
        if item.kind not in {"neg", "stop", "filler"} or item.value == WITHDRAWN:
            continue
        if not lex.has(item.first, "takeback") and not lex.text(item.first).endswith("usah"):
            continue
        after = _next(items, range(pos + 1, min(len(items), pos + _MOST_MARKS)))
        before = _next(items, _behind(pos, _MOST_MARKS))
        wish = next((each for each in _behind(pos, FARTHEST) if items[each].kind in WISHES), None)
        if after is None or before is None or wish is None or items[after].kind not in WISHES:
            continue
        turned = any(_parts(lex, mark) for mark in items[before + 1 : pos])
        if before != wish and turned and any(_parts(lex, mark) for mark in items[pos + 1 : after]):
            for place in (wish, *places_of_wish(items, wish, pos), *range(before + 1, after)):
                items[place] = withdrawn(items[place])


def _parts(lex: Lexemes, mark: Item) -> bool:
    """True for what keeps "gak usah" from the wish after it."""
    return mark.kind == "sep" or lex.has(mark.first, Sense.PARTING)


def _behind(pos: int, most: int) -> range:
    return range(pos - 1, max(-1, pos - most), -1)


def _next(items: Sequence[Item], places: Iterable[int]) -> int | None:
    return next((place for place in places if items[place].kind not in _FILLS), None)


def drop_refused_wishes(lex: Lexemes, items: list[Item]) -> None:
    """Withdraw the first wish of "laporan jam 7, backup jam 2, laporannya gak jadi"."""
    wishes = [pos for pos, item in enumerate(items) if item.kind in WISHES]
    seen: dict[str, int] = {}
    for pos, after in pairwise([*wishes, len(items)]):
        kind = items[pos].kind
        if kind in seen and is_refused(lex, items, pos):
            first = seen.pop(kind)
            said = [
                index for index in range(max(0, pos - _PLACES), pos + _PLACES) if _refusal(lex, items, index)
            ]
            for place in (first, *places_of_wish(items, first, pos)):
                items[place] = withdrawn(items[place])
            for place in (*said, pos) if said and first < said[0] else ():
                items[place] = replace(
                    items[place], kind="denied" if place == pos else "filler", value=WITHDRAWN
                )
        elif after > pos:
            seen[kind] = pos


def _refusal(lex: Lexemes, items: Sequence[Item], pos: int) -> bool:
    return pos < len(items) and (items[pos].kind == "neg" or lex.has(items[pos].first, "takeback"))


def is_refused(lex: Lexemes, items: Sequence[Item], pos: int) -> bool:
    """True for "laporannya gak jadi", and for "gak usah laporan" at the end of a sentence."""
    before = _next(items, _behind(pos, _PLACES)) is None or items[pos - 1].kind in _FILLS
    led = any(_refusal(lex, items, index) for index in range(max(0, pos - _PLACES + 1), pos))
    if before and led and not any(slot_of(item) for item in items[pos + 1 : pos + 1 + _PLACES]):
        return True
    rest = items[pos + 1 : pos + _PLACES]
    refusal = next((item for item in rest if item.kind != "filler"), None)
    return (
        refusal is not None
        and (refusal.kind == "neg" or lex.has(refusal.first, "takeback"))
        and not any(slot_of(item) for item in rest)
    )
