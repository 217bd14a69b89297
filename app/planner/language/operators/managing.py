"""Operators on stored jobs: "jangan hapus X" keeps it, "X ga usah dikirim lagi" stops it, "Y tetap" keeps Y.

A part of a sentence that keeps its job becomes one item of kind `kept`, of which nothing is planned.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from app.planner.language.clauses.clause import INTENTS, TARGETS, Item, any_of
from app.planner.language.clauses.slots import fits, withdrawn
from app.planner.language.operators.operation import Span as Part
from app.planner.language.operators.operation import parts_of
from app.planner.language.times.expressions import Recurrence
from app.planner.language.tokens.lexemes import Lexemes

_VERBS: Final = frozenset({"stop", "change"})
_JOBS: Final = INTENTS | TARGETS | {"account", "site", "result"}
_DENIES: Final = frozenset({"neg"})


def manage(lex: Lexemes, items: list[Item]) -> list[Item]:
    """Return the items with what is kept as items of kind `kept`."""
    if not any(item.kind in _VERBS or lex.has(item.first, "still", "neg", "keep") for item in items):
        return items
    parts = [*parts_of(items)]
    settled = [*items]
    for place, part in enumerate(parts):
        following = parts[place + 1] if place + 1 < len(parts) else None
        _replace_verb(lex, settled, part, following)
        if _keeps(lex, settled, part) and not _turns(lex, settled, part, following):
            _keep(settled, part)
    acts = {part: None for part in parts if any_of(settled[slice(*part)], *_VERBS)}
    for place, part in enumerate(parts):
        if part not in acts and _stays(lex, settled, part, alone=not acts):
            _pass_on(lex, settled, part, acts, parts[place + 1 : place + 2])
            if place and any_of(settled[slice(*parts[place - 1])], "stop"):
                _join_spared(settled, parts[place - 1], part)
            else:
                _keep(settled, part)
    for part in acts:
        _spare(settled, part)
    return [item for item in settled if item.kind != "gone"]


def _join_spared(items: list[Item], act: Part, part: Part) -> None:
    """Make "matikan semua, yang harian biarin" one part: what stops, and after an item `spare` what stays."""
    between = range(act[1], part[0])
    if between:
        items[between[0]] = replace(items[between[0]], kind="spare", value=None)
    else:
        items[part[0]] = replace(items[part[0]], kind="spare")
    _withdraw(items, [*between[1:], *(pos for pos in range(*part) if items[pos].kind in {"neg", "but"})])
    _withdraw(items, [pos for pos in range(*part) if items[pos].has("still") or items[pos].has("keep")])


def _replace_verb(lex: Lexemes, items: list[Item], part: Part, following: Part | None) -> None:
    """Drop the verb that another one replaces: "hapus X eh matiin aja", "pause X instead of deleting it"."""
    verbs = [pos for pos in range(*part) if items[pos].kind == "stop"]
    for first, second in pairwise(verbs):
        between = range(first + 1, second)
        if any(items[pos].kind == "neg" for pos in between):
            _withdraw(items, [*(pos for pos in between if items[pos].kind == "neg"), second])
        elif any(lex.has(items[pos].first, "repair") for pos in between):
            _withdraw(items, [first])
    other = [] if following is None else items[slice(*following)]
    repaired = verbs and any(lex.has(item.first, "repair") for item in other) and any_of(other, "stop")
    if following is not None and repaired and not any(item.kind in {*_JOBS, "neg"} for item in other):
        _withdraw(items, [*verbs, *range(part[1], following[0])])


def _keeps(lex: Lexemes, items: Sequence[Item], part: Part) -> bool:
    """True for "jangan hapus laporan": a verb that changes a stored job, and a denial before it."""
    verb = next((pos for pos in range(*part) if items[pos].kind in _VERBS), None)
    if verb is None or any_of(items[slice(*part)], "cond", "otherwise"):
        return False
    before = range(part[0], verb)
    if any(items[pos].kind in _DENIES for pos in before):
        return True
    if any(
        items[pos].kind == "neg" and lex.has(items[pos].first, "takeback") for pos in range(verb, part[1])
    ):
        return True
    noun = next((pos for pos in before if items[pos].kind in _JOBS), verb)
    near = (*range(part[0], noun), *range(max(part[0], verb - 1), verb))
    return any(lex.has(items[pos].first, "no") and items[pos].kind != "stop" for pos in near)


def _turns(lex: Lexemes, items: list[Item], part: Part, following: Part | None) -> bool:
    """Give the object of "jangan dihapus laporan bulanan, jeda aja" to the verb that is meant instead."""
    if following is None:
        return False
    own, other = items[slice(*part)], items[slice(*following)]
    said = [item for item in other if item.kind in _JOBS or isinstance(item.value, Recurrence)]
    verb = any(item.kind in _VERBS for item in other)
    if any_of(other, "neg") or not any(item.kind in _JOBS for item in own):
        return False
    if verb and not any(item.kind in _JOBS - {"result"} for item in said):
        # "jangan dihapus, dijeda aja"
        verb = next(pos for pos in range(*part) if items[pos].kind in _VERBS)
        first = items[verb - 1].first if items[verb - 1].kind == "neg" else items[verb].first
        items[verb] = Item("denied", first, items[verb].last)
        _withdraw(items, [pos for pos in range(*part) if items[pos].kind in {*_VERBS, "neg"}])
        _withdraw(items, range(part[1], following[0] + int(items[following[0]].kind == "but")))
        return True
    turned = bool(other) and lex.has(other[0].first, "but", "suffices")
    places = [pos for pos in range(*part) if any(fits(items[pos], item) for item in said)]
    if not verb and turned and places:
        # "bukan laporan harian yang dimatikan, tapi yang bulanan"
        for pos in places:
            items[pos] = next(item for item in said if fits(items[pos], item))
        _withdraw(items, [pos for pos in range(*part) if items[pos].kind == "neg"])
        _withdraw(items, range(part[1], following[1]))
        return True
    return False


def _pass_on(
    lex: Lexemes, items: list[Item], part: Part, acts: Collection[Part], following: Sequence[Part]
) -> None:
    """Give the verb of "matikan backup, eh jangan backup, laporan aja" to the job that is named instead."""
    denied = {item.kind for item in items[slice(*part)] if item.kind in INTENTS}
    act = next((act for act in acts if denied & {item.kind for item in items[slice(*act)]}), None)
    place = next(
        (pos for each in following for pos in range(*each) if lex.has(items[pos].first, "suffices")), None
    )
    if act is None or place is None or not any_of(items, "stop"):
        return
    verb = next(item for item in items[slice(*act)] if item.kind == "stop")
    items[place] = replace(verb, first=items[place].first, last=items[place].last)
    _withdraw(items, [pos for pos in range(*act) if items[pos].kind in {"stop", *denied}])


def _spare(items: list[Item], part: Part) -> None:
    """Mark the "kecuali" of "matikan semua kecuali backup": what follows it stays."""
    for pos in range(*part):
        if items[pos].has("except") and any(
            item.kind in _JOBS or item.kind == "time" for item in items[pos + 1 : part[1]]
        ):
            items[pos] = replace(items[pos], kind="spare")


def _withdraw(items: list[Item], places: Sequence[int]) -> None:
    for pos in places:
        items[pos] = withdrawn(items[pos])


def _stays(lex: Lexemes, items: Sequence[Item], part: Part, *, alone: bool) -> bool:
    """True for the "toko_b tetap" of "stop toko_a, toko_b tetap"; alone it may be a plan of its own."""
    own = items[slice(*part)]
    keep = any(item.kind == "filler" and item.has("keep") and lex.text(item.first) == "keep" for item in own)
    still = keep or any(lex.has(item.first, "still") for item in own)
    words = () if alone or not still else ("word",)  # "but keep the one for payment"
    named = any_of(own, *_JOBS, *words) or any(isinstance(item.value, Recurrence) for item in own)
    timed = any(item.kind == "time" and not isinstance(item.value, Recurrence) for item in own)
    goes = [item for item in own if item.kind == "toward" and not lex.has(item.first - 1, "relative")]
    if not named or goes or (timed and (alone or not still)) or any_of(own, "quote", "cond", "otherwise"):
        return False
    if alone:
        others = [*items[: part[0]], *items[part[1] :]]
        return (
            still
            and not any_of(own, "watch", "message", "send", "notify", "url")
            and not any_of(others, *INTENTS)
        )
    return still or (any_of(own, "neg") and not any_of(own, "watch", "message", "send", "notify"))


def _keep(items: list[Item], part: Part) -> None:
    first, last = items[part[0]].first, items[part[1] - 1].last
    items[part[0]] = Item("kept", first, last)
    for pos in range(part[0] + 1, part[1]):
        items[pos] = Item("gone", items[pos].first, items[pos].last)
