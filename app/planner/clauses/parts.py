"""Parts: where one wish of a chunk ends and the next begins, and which of them is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from app.planner.clauses.chunks import Chunk
from app.planner.clauses.intents import Intent, intents_of, is_conditional
from app.planner.clauses.item import Item, any_of

_LEADS: Final = frozenset({"filler", "send", "textmark", "neg", "stop", "change", "but", "cond", "otherwise"})
"""What stands before the word that asks, and belongs to it."""


@dataclass(slots=True)
class Part:
    """A stretch of a chunk that is one wish; `bare` where only a noun asks: "laporan", "the backup"."""

    kind: str
    items: list[Item] = field(default_factory=list[Item])
    denied: list[Item] = field(default_factory=list[Item])
    """Times that the sentence takes back: "laporan jangan jam 7"."""
    negated: bool = False
    stopped: bool = False
    bare: bool = False

    @property
    def refused(self) -> bool:
        """True where it is said that it shall not be."""
        return self.negated or self.stopped


def parts_of(chunk: Chunk, *, after_watch: bool) -> list[Part]:
    """Return the wishes of a chunk, none where it asks for nothing by itself."""
    items = chunk.items
    intents = intents_of(items, after_watch=after_watch)
    if not intents:
        return []
    starts = _starts(items, intents)
    ends = [*starts[1:], len(items)]
    return [
        _part(kind, items[start:end], at - start)
        for (at, kind), start, end in zip(intents, starts, ends, strict=True)
    ]


def _starts(items: Sequence[Item], intents: Sequence[Intent]) -> list[int]:
    """Return where each wish starts; times lead their wishes where the first one is led by a time."""
    leads = any_of(items[: intents[0][0]], "time")
    starts = [0]
    for (before, _), (at, _) in pairwise(intents):
        start = at
        while start > before + 1 and (
            items[start - 1].kind in _LEADS or (leads and items[start - 1].kind == "time")
        ):
            start -= 1
        starts.append(start)
    return starts


def _part(kind: str, items: Sequence[Item], intent: int) -> Part:
    kept = _without_denied_times(items, intent)
    part = Part(kind, kept, denied=[item for item in items if item not in kept])
    part.bare = kind in {"report", "backup"} and not any_of(items[:intent], "send", "textmark")
    part.bare = part.bare and not items[intent].has("watch")
    stopped = _is_stopped(kept, intent) and not is_conditional(kept)
    denied = any_of(items[:intent], "neg") or (_is_declined(items, intent) and not is_conditional(items))
    # "jangan berhenti pantau" wants it to go on.
    part.stopped, part.negated = stopped and not denied, denied and not stopped
    return part


def _is_stopped(items: Sequence[Item], intent: int) -> bool:
    """True for "stop the backup" and "laporan harian tolong dihapus", not for "laporan jam 9 toko tutup"."""
    stops = [at for at, item in enumerate(items) if item.kind == "stop"]
    if not stops:
        return False
    if stops[-1] < intent or not any_of(items, "time"):
        return True
    last_time = max(at for at, item in enumerate(items) if item.kind == "time")
    around = (*items[last_time + 1 : stops[-1]], *items[stops[-1] + 1 :])
    return last_time < stops[-1] and _only_fills(around)


def _is_declined(items: Sequence[Item], intent: int) -> bool:
    """True for "backup mingguan udah ga usah", where the refusal closes the wish."""
    last = max((at for at, item in enumerate(items) if item.kind == "neg"), default=-1)
    return last > intent and _only_fills(items[last + 1 :])


def _only_fills(items: Sequence[Item]) -> bool:
    """True where nothing is said; "setelah" leads to something."""
    return all(item.kind == "filler" and not item.has("in") for item in items)


def _without_denied_times(items: Sequence[Item], intent: int) -> list[Item]:
    """Leave out the times of "pantau telegram jangan tiap menit"."""
    denied = next((at for at, item in enumerate(items) if item.kind == "neg" and at > intent), len(items))
    return [item for at, item in enumerate(items) if at <= denied or item.kind != "time"]
