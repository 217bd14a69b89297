"""Reads what a sentence changes in a stored job: "ganti … jadi jam 8", "undur … 30 menit", a new name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.planner.language.clauses.clause import INTENTS, Clause, Item
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.times.constraints import TimeConstraints, constraints_of
from app.planner.language.times.expressions import (
    ClockTimes,
    ClockWindow,
    Impossible,
    Interval,
    Now,
    OnceDay,
    OnceDelta,
    OnceWeekday,
    PartOfDay,
    Recurrence,
    TimesPer,
    Unclear,
    ZoneName,
)
from app.planner.language.times.schedule_builder import TypeDefaults
from app.planner.language.times.schedules import plan_schedules
from app.planner.models import JobUpdate, Said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.planner.language.jobs.context import BuildContext

_SHIFTS: Final = words_of(Sense.SHIFTS) | {"push back", "bring forward"}
_EARLIER: Final = words_of(Sense.EARLIER_UPDATES) | {"bring forward"}
_CLOCKS: Final = (ClockTimes, ClockWindow, PartOfDay)
_WHOLE: Final = (Interval, TimesPer, ClockWindow)
_SINGLE: Final = (OnceDay, OnceWeekday, OnceDelta, Now)
_UNREADABLE: Final = (Impossible, Unclear)
_DEFAULTS: Final = TypeDefaults(None, 0)
_LED: Final = frozenset({"time", "channel", "name", "url", "keep", "account", "quote"})


@dataclass(frozen=True, slots=True)
class Halves:
    """A clause of a change: the items that say which job is meant, and those that say what it becomes."""

    old: list[Item]
    new: list[Item]


def halves_of(clause: Clause, context: BuildContext) -> Halves:
    """Return the halves of a clause, at its last "jadi" or "ke" if there is one."""
    items = [item for item in clause.items if item.kind not in {"change", "sep"}]
    pivot = _pivot(items)
    if pivot is None:
        noun = next((item.first for item in items if item.kind in INTENTS), len(context.lex))
        new = [item for item in items if _is_new(item, noun, context)]
        return Halves([item for item in items if item not in new], new)
    # "ke jam 9 ya laporannya": a noun is never what a job becomes.
    nouns = [item for item in items[pivot + 1 :] if item.kind in INTENTS]
    new = [item for item in items[pivot + 1 :] if item not in nouns]
    old = [*items[:pivot], *nouns]
    window = next((item for item in old if isinstance(item.value, ClockWindow)), None)
    return Halves([item for item in old if item is not window], new)


def _pivot(items: Sequence[Item]) -> int | None:
    found = None
    for pos, item in enumerate(items):
        following = next((each for each in items[pos + 1 :] if each.kind != "filler"), None)
        leads = following is not None and following.kind in _LED
        if item.kind == "into" or (item.kind == "toward" and leads):
            found = pos
    return found


def _is_new(item: Item, noun: int, context: BuildContext) -> bool:
    """True for a time that says what a job becomes; "harian" says which job it is.

    In English it is the new time behind the noun: "make the backup weekly".
    """
    if item.kind == "keep":
        return True
    if item.kind != "time" or isinstance(item.value, ZoneName):
        return False
    single = item.last == item.first + 1
    if isinstance(item.value, PartOfDay) and single and item.first < noun:
        return False  # "change the nightly backup so it keeps 20 copies"
    adjective = isinstance(item.value, Recurrence) and single
    lexeme = context.lex[item.first]
    return not adjective or lexeme.has("every") or (item.first > noun and "id" not in lexeme.languages)


def shift_of(clause: Clause, context: BuildContext) -> int:
    """Return by how many seconds a clause moves a job; 0 if it names no length, or a new time."""
    lengths = [item for item in clause.items if _length_of(item)]
    others = [
        item
        for item in clause.items
        if item.kind == "time" and item not in lengths and isinstance(item.value, (ClockTimes, *_WHOLE))
    ]
    texts = {context.lex[pos].text for item in clause.items for pos in range(item.first, item.last)}
    if len(lengths) != 1 or others or _SHIFTS.isdisjoint(texts) or clause.has("into"):
        return 0
    seconds = _length_of(lengths[0])
    return -seconds if not _EARLIER.isdisjoint(texts) else seconds


def _length_of(item: Item) -> int:
    """Return the seconds of a length; 0 if the item is none."""
    if isinstance(item.value, Interval) and (item.value.bare or item.last == item.first + 1):
        return int(item.value.seconds)
    return int(item.value.seconds) if isinstance(item.value, OnceDelta) else 0


def update_of(halves: Halves, context: BuildContext) -> JobUpdate | None:
    """Return the new schedule; None if the words are no single schedule."""
    values = [item.value for item in halves.new if item.kind == "time"]
    times = [value for value in values if not isinstance(value, ZoneName)]
    if not times:
        return JobUpdate()
    if any(isinstance(value, (*_SINGLE, *_UNREADABLE)) for value in times):
        return None
    groups = [[item.value for item in halves.new if item.kind == "time"]]
    whole = [value for value in times if isinstance(value, _WHOLE)]
    if whole and not (len(times) == 1 and isinstance(whole[0], ClockWindow)):
        said = frozenset({Said.WHOLE})
    else:
        clock = any(isinstance(value, _CLOCKS) for value in times)
        days = any(not isinstance(value, _CLOCKS) for value in times)
        said = frozenset(part for part, there in ((Said.CLOCK, clock), (Said.DAYS, days)) if there)
    often = any(isinstance(value, Interval) for value in times)
    groups = [[_as_said(value, often=often) for value in groups[0]]]
    schedule = _schedule(groups, context)
    return None if schedule is None else JobUpdate(schedule, said)


def _as_said(value: object, *, often: bool) -> object:
    if isinstance(value, ClockWindow) and value.start and value.end and not often:
        return ClockTimes((value.end,))  # "change the backup from 2 to 4am"
    return Interval(value.seconds) if isinstance(value, Interval) else value


def _schedule(groups: Sequence[Sequence[object]], context: BuildContext) -> dict[str, object] | None:
    constraints = constraints_of(groups) or [TimeConstraints()]  # pyright: ignore[reportArgumentType]
    if len(constraints) != 1:
        return None
    found, reason = plan_schedules(constraints[0], _DEFAULTS, context.now, context.zone)
    if reason is not None or len(found) != 1 or found[0].schedule is None:
        return None
    return found[0].schedule


# A new name: "ganti nama laporan harian jadi laporan pagi", "rename the report to …".

_NAMED: Final = words_of(Sense.RENAMES)


@dataclass(frozen=True, slots=True)
class Renaming:
    """A new name: the items that say which job gets it, all items of the wish, and the name."""

    old: list[Item]
    items: list[Item]
    name: str


def renaming_in(items: Sequence[Item], context: BuildContext) -> Renaming | None:
    """Return the renaming of a sentence: a change of a name, and the text after "jadi" or "to" to its end."""
    lex = context.lex
    start = next((pos for pos, item in enumerate(items) if item.kind == "change"), None)
    if start is None:
        return None
    end = next((pos for pos, item in enumerate(items) if pos > start and item.value == "strong"), len(items))
    first = max((pos + 1 for pos in range(start) if items[pos].kind == "sep"), default=0)
    wish = list(items[first:end])
    if not any(lex[pos].text in _NAMED for item in wish[:4] for pos in range(item.first, item.last)):
        return None
    pivot = next(
        (
            pos
            for pos, item in enumerate(wish)
            if pos and (item.kind in {"into", "toward"} or item.text == ":")
        ),
        None,
    )
    if pivot is None or pivot + 1 >= len(wish):
        return None
    begin, stop = lex[wish[pivot + 1].first].start, lex[wish[-1].last - 1].end
    name = context.request.prompt[begin:stop].strip().strip("\"'“”‘’«»")
    old = [item for item in wish[:pivot] if item.kind != "change" and lex[item.first].text not in _NAMED]
    return Renaming(old, wish, name) if name else None
