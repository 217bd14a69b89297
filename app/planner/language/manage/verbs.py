"""Finds the words that manage a stored job: stop, pause, resume, delete, run, rename.

Some are such words only in their sentence: "jangan kirim laporan lagi", "resume the backup", "nyalakan
laporan". They become items of kind `stop`, whose value is the change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from app.planner.language.clauses.clause import INTENTS, TARGETS, Item, any_of
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.operators.operation import parts_of
from app.planner.language.times.expressions import Recurrence
from app.planner.language.tokens.lexemes import Lexemes
from app.planner.models import Change

_JOBS: Final = INTENTS | TARGETS | {"account", "site"}
_AGAIN: Final = words_of(Sense.AGAIN_VERBS)
_NO_LONGER: Final = words_of(Sense.NO_LONGER)
_STARTS: Final = words_of(Sense.STARTS)
_CUES: Final = _STARTS | words_of(Sense.TURNS_VERBS)
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


def mark_actions(lex: Lexemes, items: Sequence[Item]) -> list[Item]:
    """Return the items with those words as items of kind `stop`."""
    marked, parts = [*items], [*parts_of(items)]
    alone = sum(any_of(items[slice(*part)], *_JOBS) for part in parts) == 1
    for first, last in parts:
        own = items[first:last]
        if any_of(own, "stop", "cond", "otherwise"):
            continue
        for pos, item in enumerate(own):
            value = _value(lex, own, pos)
            if value is None and alone and item.kind == "neg" and _names_stored(own):
                value = ""
            if value is not None:
                marked[first + pos] = replace(item, kind="stop", value=value)
                break
    return marked


def change_of(items: Sequence[Item]) -> tuple[Change, bool]:
    """Return the change that a clause's verb asks for, and whether it also asks for a new job."""
    values = [item.text for item in items if item.kind == "stop"]
    value = next((value for value in values if value), "")
    return _CHANGES[value], value == WEAK


_REVIVING: Final = frozenset({"resumed", "revive"})
_MOST_ITEMS: Final = 40
"""How far a verb's particle may be from it: the work stays linear."""


def _names_stored(items: Sequence[Item]) -> bool:
    """True for "laporan bulanan tidak usah dikirim": a record by its cadence, and no new time."""
    times = [item.value for item in items if item.kind == "time"]
    named = bool(times) and all(isinstance(value, Recurrence) for value in times)
    return (
        named
        and any_of(items, "report", "backup")
        and not any_of(items, "message", "watch", "toward", "change")
    )


def _value(lex: Lexemes, items: Sequence[Item], pos: int) -> str | None:
    item, text = items[pos], lex.text(items[pos].first)
    if text not in _CUES and item.kind != "neg" and item.senses.keys().isdisjoint(_REVIVING):
        return None
    after = items[pos + 1 : pos + 1 + _MOST_ITEMS]
    ends = {lex.text(each.first) for each in after}
    if item.kind == "neg":
        # The "lagi" of "jangan ingatkan minum obat lagi" is in its text.
        texts = (each.text if each.name is None else each.name.text for each in after)
        ends.update(word for said in texts for word in said.split())
        elsewhere = any_of(after[:1], "toward")  # "laporan jangan ke wa lagi"
        never = (text in _NO_LONGER or ends & _NEVER) and not elsewhere
        return "" if never and any_of(items, "send", *_JOBS) else None
    if text in _CUES and any_of(after, *_JOBS):
        if text in _STARTS:
            return "resume" if ends & _NEVER and not any_of(after, "every") else None
        # "turn the backup off", "switch the monitor back on"
        on = ("resume" if ends & _AGAIN else WEAK) if "on" in ends else None
        return "" if "off" in ends else on
    if item.has("resumed"):
        object_ = next((each for each in after if each.kind not in _BETWEEN), None)
        return "resume" if object_ is not None and object_.kind in _JOBS | {"word"} else None
    return _revived(lex, items, pos) if item.has("revive") else None


def _revived(lex: Lexemes, items: Sequence[Item], pos: int) -> str | None:
    """Return the value of "nyalakan laporan" and of "nyalakan lagi …"; None for "nyalakan lampu"."""
    others = [*items[:pos], *items[pos + 1 :]]
    if not any_of(others, *_JOBS) or any_of(others, "beyond", "notify", "send"):
        return None
    again = any(lex.has(each.first, Sense.AGAIN_VERBS) for each in items)
    return "resume" if again else None if any_of(items, "time") else WEAK
