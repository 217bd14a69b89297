"""Operators on stored jobs: "jangan hapus X" keeps it, "X ga usah dikirim lagi" stops it, "Y tetap" keeps Y.

A part of a sentence that keeps its job becomes one item of kind `kept`, of which nothing is planned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from app.planner.language.clauses.clause import INTENTS, TARGETS, WITHDRAWN, Item, any_of
from app.planner.language.clauses.slots import MANAGES, collapse, withdraw
from app.planner.language.operators.operation import Span, parts_of
from app.planner.language.times.expressions import Recurrence
from app.planner.language.tokens.lexemes import Lexemes

_JOBS: Final = INTENTS | TARGETS | {"account", "site", "result"}


def manage(lex: Lexemes, items: list[Item]) -> list[Item]:
    """Return the items with what is kept as items of kind `kept`."""
    parts, settled = [*parts_of(items)], [*items]
    for part in parts:
        if _keeps(lex, settled, part):
            collapse(settled, part, "kept")
    acts = [part for part in parts if any_of(settled[slice(*part)], *MANAGES)]
    for before, part in pairwise([(0, 0), *parts]):
        if part not in acts and _stays(lex, settled, part, alone=not acts):
            if any_of(settled[slice(*before)], "stop"):
                _join_spared(settled, before, part)
            else:
                collapse(settled, part, "kept")
    for pos in (pos for part in acts for pos in range(*part) if settled[pos].has("except")):
        settled[pos] = replace(settled[pos], kind="spare")  # "matikan semua kecuali backup"
    return [item for item in settled if item.kind != "gone"]


def _join_spared(items: list[Item], act: Span, part: Span) -> None:
    """Make "matikan semua, yang harian biarin" one part: what stops, and after an item `spare` what stays."""
    items[act[1]] = replace(items[act[1]], kind="spare", value=None)
    own = (
        pos for pos in range(*part) if items[pos].kind in {"neg", "but"} or items[pos].has("still", "keep")
    )
    withdraw(items, [*range(act[1] + 1, part[0]), *own])


def _keeps(lex: Lexemes, items: Sequence[Item], part: Span) -> bool:
    """True for "jangan hapus laporan": a verb that changes a stored job, and a denial before it."""
    verb = next((pos for pos in range(*part) if items[pos].kind in MANAGES), None)
    if verb is None or any_of(items[slice(*part)], "cond", "otherwise"):
        return False
    before = range(part[0], verb)
    taken_back = (item for item in items[verb : part[1]] if lex.has(item.first, "takeback"))
    if any_of(items[part[0] : verb], "neg") or any_of(taken_back, "neg"):
        return True
    noun = next((pos for pos in before if items[pos].kind in _JOBS), verb)
    near = (*range(part[0], noun), *range(max(part[0], verb - 1), verb))
    denied = (pos for pos in near if lex.has(items[pos].first, "no"))
    return any(items[pos].value != WITHDRAWN for pos in denied)


def _stays(lex: Lexemes, items: Sequence[Item], part: Span, *, alone: bool) -> bool:
    """True for the "toko_b tetap" of "stop toko_a, toko_b tetap"; alone it may be a plan of its own."""
    own = items[slice(*part)]
    keep = any(item.kind == "filler" and lex.text(item.first) == "keep" for item in own[:2])
    still = keep or any(lex.has(item.first, "still") for item in own)
    words = () if alone or not still else ("word",)  # "but keep the one for payment"
    named = any_of(own, *_JOBS, *words) or any(isinstance(item.value, Recurrence) for item in own)
    timed = any(item.kind == "time" and not isinstance(item.value, Recurrence) for item in own)
    goes = [item for item in own if item.kind == "toward" and not lex.has(item.first - 1, "relative")]
    if not named or goes or (timed and (alone or not still)) or any_of(own, "quote", "cond", "otherwise"):
        return False
    free = not any_of(own, "watch", "message", "send", "notify")
    if alone:
        others = any_of([*items[: part[0]], *items[part[1] :]], *INTENTS)
        return still and free and not any_of(own, "url") and not others
    return still or (free and any_of(own, "neg"))
