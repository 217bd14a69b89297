"""Settles which target is meant: "slack bukan discord", "toko_d, maksudnya toko_e"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.planner.language.lexicon.entry import words
from app.planner.language.times.scan import REPAIRS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.planner.language.clauses.clause import Item
    from app.planner.language.tokens.lexemes import Lexemes

_TARGETS: Final = frozenset({"channel", "name", "url", "chat"})
_MOST_ITEMS, _MOST_DISTANCE = 6, 40
"""The length of a target, and the distance to the one that it replaces, in items: the work stays linear."""
_NOT: Final = words("bukan bukannya not")


def settle_targets(lex: Lexemes, items: Sequence[Item]) -> list[Item]:
    """Return the items without targets that are denied or corrected; their words become fillers."""
    settled = [*items]
    for pos, item in enumerate(items):
        marks = {"neg": _NOT, "filler": REPAIRS}.get(item.kind)
        if marks is None or lex.text(item.first) not in marks:
            continue
        run = _targets_from(items, pos + 1)
        if run:
            (_deny if item.kind == "neg" else _correct)(settled, pos, run)
    return settled


def _targets_from(items: Sequence[Item], pos: int) -> list[int]:
    """Return the indexes of the targets that follow each other from an index on."""
    run: list[int] = []
    for index in range(pos, min(len(items), pos + _MOST_ITEMS)):
        if items[index].kind not in _TARGETS | {"account", "filler"}:
            break
        if items[index].kind in _TARGETS:
            run.append(index)
    return run


def _deny(items: list[Item], pos: int, run: list[int]) -> None:
    """Drop the Y of "X, bukan Y", if there is an X of its kind, and of "bukan Y tapi X"."""
    after = run[-1] + 1
    meant_next = after < len(items) and items[after].kind == "but" and bool(_targets_from(items, after + 1))
    if _before(items, pos, items[run[0]].kind) is not None or meant_next:
        for index in (pos, *run, *([after] if meant_next else [])):
            items[index] = _filler(items[index])


def _correct(items: list[Item], pos: int, run: list[int]) -> None:
    """Put the X of "Y, maksudnya X" in the place of Y, so that it has the times and words of Y."""
    for index in run:
        place = _before(items, pos, items[index].kind)
        if place is not None:
            items[place] = replace(items[place], value=items[index].value)
            items[index] = _filler(items[index])


def _before(items: Sequence[Item], pos: int, kind: str) -> int | None:
    """Return the index of the last item of a kind before another one, in the same sentence."""
    for index in range(pos - 1, max(-1, pos - 1 - _MOST_DISTANCE), -1):
        if items[index].kind == "sep" and items[index].text == "strong":
            return None
        if items[index].kind == kind:
            return index
    return None


def _filler(item: Item) -> Item:
    return replace(item, kind="filler", value=None)
