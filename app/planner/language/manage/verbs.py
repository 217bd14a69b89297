"""Finds the words that manage a stored job: stop, pause, resume, delete, run, rename.

Some are such words only in their sentence: "jangan kirim laporan lagi", "resume the backup", "nyalakan
laporan". They become items of kind `stop`, whose value is the change. A part that keeps its job, as "jangan
hapus X" and "Y tetap" do, becomes one item of kind `kept`, of which nothing is planned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from app.planner.language.clauses.clause import INTENTS, TARGETS, WITHDRAWN, Item, any_of
from app.planner.language.clauses.slots import MANAGES, collapse, withdraw
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.operators.operation import Span, parts_of
from app.planner.language.times.expressions import Recurrence, TimeBound
from app.planner.language.tokens.lexemes import Lexemes
from app.planner.models import Change

_JOBS: Final = INTENTS | TARGETS | {"account", "site"}
_KEPT: Final = _JOBS | {"result"}
_AGAIN: Final = words_of(Sense.AGAIN_VERBS)
_NO_LONGER: Final = words_of(Sense.NO_LONGER)
_STARTS: Final = words_of(Sense.STARTS)
_TURNS: Final = words_of(Sense.TURNS_VERBS)
_NEVER: Final = words_of(Sense.NEVER)
_BETWEEN: Final = frozenset({"filler", "time"})
_CHANGES: Final = {
    "": Change.DISABLE,
    "delete": Change.DELETE,
    "pause": Change.PAUSE,
    "resume": Change.RESUME,
    "revive": Change.RESUME,
}
WEAK: Final = "revive"
"""The value of a word that also asks for a new job: "aktifkan laporan harian"."""


def manage(lex: Lexemes, items: Sequence[Item]) -> list[Item]:
    """Return the items with the verbs as items of kind `stop`, and what is kept as items of kind `kept`."""
    settled, parts = [*items], [*parts_of(items)]
    alone = sum(any_of(items[slice(*part)], *_JOBS) for part in parts) == 1
    for first, last in parts:
        own = items[first:last]
        acts = () if any_of(own, "stop", "cond", "otherwise") else range(first, last)
        values = ((pos, _value(lex, own, pos - first)) for pos in acts)
        denied = ((pos, "") for pos in acts if items[pos].kind == "neg" and alone and _names_stored(own))
        for pos, value in [each for each in (*values, *denied) if each[1] is not None][:1]:
            settled[pos] = replace(items[pos], kind="stop", value=value)
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


def change_of(items: Sequence[Item]) -> tuple[Change, bool]:
    """Return the change that a clause's verb asks for, and whether it also asks for a new job."""
    values = [item.text for item in items if item.kind == "stop"]
    value = next((value for value in values if value), "")
    return _CHANGES[value], value == WEAK


_REVIVING: Final = frozenset({"resumed", "revive"})
_MOST_ITEMS: Final = 40
"""How far a verb's particle may be from it: the work stays linear."""


def _value(lex: Lexemes, items: Sequence[Item], pos: int) -> str | None:
    item, text = items[pos], lex.text(items[pos].first)
    if text not in _STARTS | _TURNS and item.kind != "neg" and item.senses.keys().isdisjoint(_REVIVING):
        return None
    after = items[pos + 1 : pos + 1 + _MOST_ITEMS]
    ends = {lex.text(each.first) for each in after}
    if item.kind == "neg":
        # The "lagi" of "jangan ingatkan minum obat lagi" is in its text.
        texts = (each.text if each.name is None else each.name.text for each in after)
        ends.update(word for said in texts for word in said.split())
        never = text in _NO_LONGER or ends & _NEVER
        stops = never and not any_of(after[:1], "toward")  # "laporan jangan ke wa lagi"
        return "" if stops and any_of(items, "send", *_JOBS) else None
    if text in _STARTS | _TURNS and any_of(after, *_JOBS):
        again = text in _STARTS and ends & _NEVER and not any_of(after, "every")
        # "turn the backup off", "switch the monitor back on"
        on = (WEAK if ends.isdisjoint(_AGAIN) else "resume") if "on" in ends and text in _TURNS else None
        return "resume" if again else "" if "off" in ends and text in _TURNS else on
    if item.has("resumed"):
        object_ = next((each for each in after if each.kind not in _BETWEEN), None)
        return "resume" if object_ is not None and object_.kind in _JOBS | {"word"} else None
    others = [*items[:pos], *items[pos + 1 :]]
    if not item.has("revive") or not any_of(others, *_JOBS) or any_of(others, "beyond", "notify", "send"):
        return None  # "nyalakan lampu"
    again = any(lex.has(each.first, Sense.AGAIN_VERBS) for each in items)
    return "resume" if again else None if any_of(items, "time") else WEAK


def _names_stored(items: Sequence[Item]) -> bool:
    """True for "laporan bulanan tidak usah dikirim": a record by its cadence, and no new time."""
    times = [item.value for item in items if item.kind == "time"]
    named = any(isinstance(value, Recurrence) for value in times)
    named = named and all(isinstance(value, Recurrence | TimeBound) for value in times)
    other = any_of(items, "message", "watch", "toward", "change")
    return named and any_of(items, "report", "backup") and not other


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
    if any_of(items[part[0] : verb], "neg"):
        return True
    noun = next((pos for pos in before if items[pos].kind in _KEPT), verb)
    near = (*range(part[0], noun), *range(max(part[0], verb - 1), verb))
    denied = (pos for pos in near if lex.has(items[pos].first, "no"))
    return any(items[pos].value != WITHDRAWN for pos in denied)


def _stays(lex: Lexemes, items: Sequence[Item], part: Span, *, alone: bool) -> bool:
    """True for the "toko_b tetap" of "stop toko_a, toko_b tetap"; alone it may be a plan of its own."""
    own = items[slice(*part)]
    keep = any(item.kind == "filler" and lex.text(item.first) == "keep" for item in own[:2])
    still = keep or any(lex.has(item.first, "still") for item in own)
    words = () if alone or not still else ("word",)  # "but keep the one for payment"
    named = any_of(own, *_KEPT, *words) or any(isinstance(item.value, Recurrence) for item in own)
    timed = any(item.kind == "time" and not isinstance(item.value, Recurrence) for item in own)
    goes = [item for item in own if item.kind == "toward" and not lex.has(item.first - 1, "relative")]
    if not named or goes or (timed and (alone or not still)) or any_of(own, "quote", "cond", "otherwise"):
        return False
    free = not any_of(own, "watch", "message", "send", "notify")
    if alone:
        others = any_of([*items[: part[0]], *items[part[1] :]], *INTENTS)
        return still and free and not any_of(own, "url") and not others
    return still or (free and any_of(own, "neg"))
