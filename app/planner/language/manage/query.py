"""Reads which stored job a clause means: its type, cadence, times, and the words that name it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.lexicon.spelling import canonical
from app.planner.language.times.clock_parts import resolve
from app.planner.language.times.expressions import (
    ClockTimes,
    Dates,
    Days,
    Interval,
    Recurrence,
)
from app.planner.models import JobQuery

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.planner.language.clauses.clause import Item
    from app.planner.language.jobs.context import BuildContext

_TYPES: Final = {
    "report": ("report.daily",),
    "backup": ("backup.export",),
    "message": ("message.send",),
    "watch": ("monitor.channel", "monitor.http"),
    "url": ("monitor.http",),
    "site": ("monitor.http",),
}
_CADENCES: Final = {"d": "daily", "w": "weekly", "mo": "monthly", "y": "yearly"}
_ALL: Final = words_of(Sense.ALL)
_NAMES: Final = frozenset({"word", "beyond", "order", "foreign", "quote", "name", "down", "up"})
_MARKED: Final = frozenset({"name", "quote"})
_SHORTEST: Final = 3
_OF_LITTLE_MEANING: Final = words_of(Sense.OF_LITTLE_MEANING)


def query_of(items: Sequence[Item], context: BuildContext, *, by_words: bool = True) -> JobQuery:
    """Return what the items say about the job that is meant.

    Without `by_words` only names are names, and no unknown words: "kok laporan belum masuk?".
    """
    names: list[str] = []
    extras: list[str] = []
    for item in items:
        text = _text_of(item, context)
        if canonical(text.lower()) in _OF_LITTLE_MEANING | _ALL:
            continue
        if item.kind in (_NAMES if by_words else _MARKED):
            names.append(text.lstrip("@"))
        elif item.kind in {"filler", "site", "account", "result", "crowd"} and len(text) >= _SHORTEST:
            extras.append(text.lower())
    values = [item.value for item in items if item.kind == "time"]
    minutes = [resolve(clock) for value in values if isinstance(value, ClockTimes) for clock in value.clocks]
    days = [value.days for value in values if isinstance(value, Days)]
    dates = [day for value in values if isinstance(value, Dates) for day in value.days]
    intervals = [int(value.seconds) for value in values if isinstance(value, Interval)]
    return JobQuery(
        types=_types(items),
        channel=next((item.text for item in items if item.kind == "channel"), None),
        url=next((item.text for item in items if item.kind == "url"), None),
        names=tuple(dict.fromkeys(names)),
        extras=tuple(dict.fromkeys(extras)),
        cadence=_cadence(values),
        minutes=tuple(minutes),
        weekdays=frozenset[int]().union(*days),
        dates=tuple(dates),
        interval_sec=intervals[0] if intervals else None,
        of_all=any(canonical(_text_of(item, context).lower()) in _ALL for item in items),
    )


def _text_of(item: Item, context: BuildContext) -> str:
    if item.name is not None:
        return item.name.text
    if item.kind == "quote":
        return item.text.strip("\"'“”‘’« »")
    return context.lex[item.first].typed


def _types(items: Sequence[Item]) -> frozenset[str]:
    """Return the types that the nouns allow; none if no noun says."""
    declared = [item.text for item in items if item.kind == "declared"]
    if declared:
        return frozenset(declared)
    kinds = [item.kind for item in items if item.kind in _TYPES]
    if "url" in kinds or ("site" in kinds and "report" not in kinds and "backup" not in kinds):
        return frozenset(_TYPES["url"])
    # "tes laporan", "cek backup": the verb is no noun.
    nouns = [kind for kind in kinds if kind not in {"watch", "site"}] or kinds
    return frozenset(_TYPES[nouns[0]]) if nouns else frozenset()


def _cadence(values: Sequence[object]) -> str | None:
    for value in values:
        if isinstance(value, Recurrence):
            return _CADENCES.get(value.unit)
    return None
