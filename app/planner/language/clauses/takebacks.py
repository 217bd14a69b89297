"""Taking back: "gak jadi" at the end of all, and "laporannya gak jadi" of one wish among others."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from app.planner.language.clauses.clause import WITHDRAWN, Item
from app.planner.language.clauses.slots import WISHES, places_of_wish, slot_of, withdrawn
from app.planner.language.tokens.lexemes import Lexemes

_FILLS: Final = frozenset({"filler", "sep", "neg", "stop", "but", "textmark"})
_PLACES: Final = 4


def takes_all_back(lex: Lexemes, items: Sequence[Item]) -> bool:
    """True if a sentence ends with "gak jadi" or "never mind" after what it asks for."""
    end = len(items)
    taken: int | None = None
    while end and items[end - 1].kind in _FILLS:
        end -= 1
        if lex.has(items[end].first, "takeback") and items[end].value != WITHDRAWN:
            taken = end
        elif items[end].kind in {"neg", "stop"}:
            return False
    if taken is None:
        return False
    # "laporan harian dibatalkan" stops a job that exists.
    parted = items[taken].kind != "stop" or any(item.kind == "sep" for item in items[end:taken])
    asked = [item for item in items[:end] if item.kind in WISHES or slot_of(item)]
    named = bool(asked) and asked[-1].kind in WISHES and items[end - 1] is asked[-1]
    return parted and bool(asked) and not (named and any(item.kind in WISHES for item in asked[:-1]))


def drop_refused_wishes(lex: Lexemes, items: list[Item]) -> None:
    """Withdraw the first wish of "laporan jam 7, backup jam 2, laporannya gak jadi"."""
    wishes = [pos for pos, item in enumerate(items) if item.kind in WISHES]
    seen: dict[str, int] = {}
    for pos, after in pairwise([*wishes, len(items)]):
        kind = items[pos].kind
        if kind in seen and _is_refused(lex, items, pos):
            first = seen.pop(kind)
            for place in (first, *places_of_wish(items, first, pos)):
                items[place] = withdrawn(items[place])
        elif after > pos:
            seen[kind] = pos


def _is_refused(lex: Lexemes, items: Sequence[Item], pos: int) -> bool:
    rest = items[pos + 1 : pos + _PLACES]
    refusal = next((item for item in rest if item.kind != "filler"), None)
    return (
        refusal is not None
        and (refusal.kind == "neg" or lex.has(refusal.first, "takeback"))
        and not any(slot_of(item) for item in rest)
    )
