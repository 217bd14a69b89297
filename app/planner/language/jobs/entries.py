"""Entries: a list of reminders with a time each, as a clause for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from app.planner.language.clauses.clause import Clause, Item
from app.planner.language.clauses.reminders import ENTRY
from app.planner.language.jobs.context import BuildContext
from app.planner.language.times.expressions import (
    ClockTimes,
    CountedFrom,
    Dates,
    Days,
    Interval,
    OnceDay,
    OnceDelta,
    OnceWeekday,
    PartOfDay,
    Recurrence,
    TimesPer,
)

_DAYS: Final = (Days, Dates, OnceDay, OnceWeekday, OnceDelta, Interval, Recurrence, TimesPer)
_HOURS: Final = (ClockTimes, PartOfDay, Interval, OnceDelta, TimesPer)
_OF_UNIT: Final = {"mo": Dates, "w": Days}
"""The days that recur with "tiap bulan" and "tiap minggu"."""
_OWN: Final = frozenset({"quote", "time", "sep"})


def entries_of(clause: Clause, context: BuildContext) -> list[Clause]:
    """Return a clause for each entry of a list, with what the list shares; one of no list is alone."""
    spans = dict.fromkeys(span for item in clause.items if isinstance(span := item.senses.get(ENTRY), tuple))
    if len(spans) < 2:  # noqa: PLR2004
        return [clause]

    def inside(item: Item, span: tuple[int, ...]) -> bool:
        return span[0] <= context.lex[item.first].start < span[1]

    shared = [item for item in clause.items if not any(inside(item, span) for span in spans)]
    shared += [
        item for item in clause.items if item.kind not in _OWN and any(inside(item, span) for span in spans)
    ]
    entries = [[item for item in clause.items if item.kind in _OWN and inside(item, span)] for span in spans]
    common = [item for item in shared if item.kind == "time"]
    counted = _counted(entries)
    times = _lent(
        [_with_common([*common, *counted], [item for item in own if item.kind == "time"]) for own in entries]
    )
    return [
        replace(
            clause,
            items=[
                *(item for item in shared if item.kind not in {"time", "sep"}),
                *(item for item in own if item.kind == "quote"),
                *held,
            ],
        )
        for own, held in zip(entries, times, strict=True)
    ]


def _counted(entries: Sequence[Sequence[Item]]) -> list[Item]:
    """Return the "H-1" of "H-1 buat sewa tgl 5, bpjs tgl 10", at an end of the list: it holds for all."""
    found = [item for own in entries for item in own if isinstance(item.value, CountedFrom)]
    said = [item for item in (*entries[0], *entries[-1]) if item.kind != "sep"]
    return found if len(found) == 1 and (found[0] is said[0] or found[0] is said[-1]) else []


def _with_common(common: Sequence[Item], own: Sequence[Item]) -> list[Item]:
    """Return the times of an entry, with those of the whole list that it has no other value for."""
    kinds = {type(item.value) for item in own}
    return [*(item for item in common if type(item.value) not in kinds), *own]


def _lent(entries: Sequence[list[Item]]) -> list[list[Item]]:
    """Return the times of each entry, with the day, the hour and the "tiap" that another one says for it."""
    held = [list(each) for each in entries]
    for kinds in (_DAYS, _HOURS):
        for order in (range(1, len(held)), range(len(held) - 2, -1, -1)):
            step = 1 if order.step > 0 else -1
            for index in order:
                if not _has(held[index], kinds):
                    held[index] += [item for item in held[index - step] if isinstance(item.value, kinds)]
    return [_repeated(each, held) for each in held]


def _has(items: Sequence[Item], kinds: tuple[type, ...]) -> bool:
    return any(isinstance(item.value, kinds) for item in items)


def _repeated(own: list[Item], entries: Sequence[Sequence[Item]]) -> list[Item]:
    """Return times with the "tiap" of the others: "listrik tgl 20, wifi tgl 5 tiap bulan"."""
    values = [item.value for each in entries for item in each]
    every = {type(value) for value in values if isinstance(value, Dates | Days) and value.every}
    every |= {
        _OF_UNIT[value.unit] for value in values if isinstance(value, Recurrence) and value.unit in _OF_UNIT
    }
    return [_with_every(item) if type(item.value) in every else item for item in own]


def _with_every(item: Item) -> Item:
    match item.value:
        case Dates(month=None, year=None) | Days() as value:
            return replace(item, value=replace(value, every=True))
        case _:
            return item
