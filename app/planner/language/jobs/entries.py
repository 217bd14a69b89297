"""Entries: a list of reminders with a time each, as a clause for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from app.planner.language.clauses.clause import Clause, Item
from app.planner.language.clauses.reminders import ENTRY
from app.planner.language.jobs.context import BuildContext
from app.planner.language.times import expressions as said

_DAYS: Final = (
    said.Days,
    said.Dates,
    said.OnceDay,
    said.OnceWeekday,
    said.OnceDelta,
    said.Interval,
    said.Recurrence,
    said.TimesPer,
)
_HOURS: Final = (said.ClockTimes, said.PartOfDay, said.Interval, said.OnceDelta, said.TimesPer)
_OF_UNIT: Final = {"mo": said.Dates, "w": said.Days}
"""The days that recur with "tiap bulan" and "tiap minggu"."""
_OWN: Final = frozenset({"quote", "time", "sep"})


def entries_of(clause: Clause, context: BuildContext) -> list[Clause]:
    """Return a clause for each entry of a list, with what the list shares; one of no list is alone."""
    spans = dict.fromkeys(span for item in clause.items if isinstance(span := item.senses.get(ENTRY), tuple))
    if len(spans) < 2:  # noqa: PLR2004
        return [clause]
    shared: list[Item] = []
    entries: list[list[Item]] = [[] for _ in spans]
    for item in clause.items:
        start = context.lex[item.first].start
        inside = (entry for span, entry in zip(spans, entries, strict=True) if span[0] <= start < span[1])
        next(inside if item.kind in _OWN else iter(()), shared).append(item)
    rest = [item for item in shared if item.kind not in {"time", "sep"}]
    texts = ([item for item in own if item.kind == "quote"] for own in entries)
    pairs = zip(texts, _times(shared, entries), strict=True)
    return [replace(clause, items=[*rest, *text, *times]) for text, times in pairs]


def _times(shared: Sequence[Item], entries: Sequence[Sequence[Item]]) -> list[list[Item]]:
    """Return the times of each entry: its own, those of the list, and what another one says for it."""
    # The "H-1" of "H-1 buat sewa tgl 5, bpjs tgl 10", at an end of the list, holds for all.
    counted = [item for own in entries for item in own if isinstance(item.value, said.CountedFrom)]
    stated = [item for item in (*entries[0], *entries[-1]) if item.kind != "sep"]
    common = [item for item in shared if item.kind == "time"]
    common += counted if len(counted) == 1 and counted[0] in {stated[0], stated[-1]} else []
    held = [[item for item in own if item.kind == "time"] for own in entries]
    for own in held:
        kinds = {type(item.value) for item in own}
        own[:0] = [item for item in common if type(item.value) not in kinds]
    for kinds in (_DAYS, _HOURS):
        for other, own in [*pairwise(held), *pairwise(reversed(held))]:
            if not any(isinstance(item.value, kinds) for item in own):
                own += [item for item in other if isinstance(item.value, kinds)]
    values = [item.value for own in held for item in own]
    every = {type(value) for value in values if isinstance(value, said.Dates | said.Days) and value.every}
    units = (value.unit for value in values if isinstance(value, said.Recurrence))
    every |= {_OF_UNIT[unit] for unit in units if unit in _OF_UNIT}
    return [[_with_every(item) if type(item.value) in every else item for item in own] for own in held]


def _with_every(item: Item) -> Item:
    """Return a time with the "tiap" of the others: "listrik tgl 20, wifi tgl 5 tiap bulan"."""
    match item.value:
        case said.Dates(month=None, year=None) | said.Days() as value:
            return replace(item, value=replace(value, every=True))
        case _:
            return item
