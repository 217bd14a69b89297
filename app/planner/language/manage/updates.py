"""Reads what a sentence changes in a stored job: "ganti … jadi jam 8", "undur … 30 menit", a new name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

from app.planner.language.clauses.clause import INTENTS, Clause, Item, kinds
from app.planner.language.jobs.context import BuildContext
from app.planner.language.jobs.notify import is_denied, notify_of
from app.planner.language.jobs.schedules import new_value
from app.planner.language.lexicon.roles import pattern, words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.times import expressions as said
from app.planner.language.times.constraints import TimeConstraints, constraints_of
from app.planner.language.times.expressions import DAY_SEC
from app.planner.language.times.schedule_builder import TypeDefaults, is_hour_unsaid
from app.planner.language.times.schedules import plan_schedules
from app.planner.models import JobUpdate, Said

_SHIFTS: Final = words_of(Sense.SHIFTS)
_EARLIER: Final = words_of(Sense.EARLIER_UPDATES)
_PARTED: Final = {frozenset({"push", "back"}): 1, frozenset({"bring", "forward"}): -1}
"""Verbs with a separate particle, and which way they move a time."""
_SHIFTING: Final = _SHIFTS.union(*_PARTED)
_CLOCKS: Final = (said.ClockTimes, said.PartOfDay)
_WHOLE: Final = (said.Interval, said.TimesPer, said.ClockWindow)
_NO_SCHEDULE: Final = (
    said.OnceDay,
    said.OnceWeekday,
    said.OnceDelta,
    said.Now,
    said.Impossible,
    said.Unclear,
)
_DEFAULTS: Final = TypeDefaults(None, 12 * 60)
"""Noon is in no other part of the day: each of the others has its own usual time."""
_SETS: Final = pattern(
    r"(?i)(?:(?:{text_change}|{text_into})\w*\s*)+(?:[:=]\s*|(?=[\"'“‘]))|{text_change}\w*\s+{text_into}\s+"
)
_LED: Final = kinds("time channel name url keep account quote")


@dataclass(frozen=True, slots=True)
class Halves:
    """A clause of a change: the items that say which job is meant, and those that say what it becomes."""

    old: list[Item]
    new: list[Item]
    parted: bool = False
    """True if a "jadi" or a "ke" is between them."""


def halves_of(clause: Clause, context: BuildContext) -> Halves:
    """Return the halves of a clause, at its last "jadi" or "ke" if there is one."""
    stated = (item for pos, item in enumerate(clause.items) if not is_denied(clause.items, pos))
    items = [item for item in stated if item.kind not in {"change", "sep"} and not item.has("excess")]
    places = [pos for pos, item in enumerate(items) if item.kind != "filler"]
    follows = {pos: items[after].kind for pos, after in pairwise(places)}
    leads = [pos for pos, item in enumerate(items) if item.kind == "into"]
    leads += [pos for pos in follows if items[pos].kind == "toward" and follows[pos] in _LED]
    pivot = max(leads, default=None)
    if pivot is None:
        noun = next((item.first for item in items if item.kind in INTENTS), len(context.lex))
        new = [item for item in items if _is_new(item, noun, context)]
        return Halves([item for item in items if item not in new], new)
    # "ke jam 9 ya laporannya": a noun is never what a job becomes.
    nouns = [item for item in items[pivot + 1 :] if item.kind in INTENTS]
    new = [item for item in items[pivot + 1 :] if item not in nouns]
    return Halves([*items[:pivot], *nouns], new, parted=True)


def _is_new(item: Item, noun: int, context: BuildContext) -> bool:
    """True for a time that says what a job becomes; "harian" says which job it is.

    In English it is the new time behind the noun: "make the backup weekly".
    """
    if item.kind != "time" or isinstance(item.value, said.ZoneName):
        return item.kind == "keep"
    lexeme, single = context.lex[item.first], item.last == item.first + 1
    if isinstance(item.value, said.PartOfDay) and single:
        return item.first > noun  # "change the nightly backup so it keeps 20 copies"
    adjective = isinstance(item.value, said.Recurrence) and single
    return not adjective or (item.first > noun and "id" not in lexeme.languages)


def shift_of(clause: Clause, context: BuildContext) -> int:
    """Return by how many seconds a clause moves a job; 0 if it names no length, or a new time."""
    lengths = [item for item in clause.items if _length_of(item)]
    rest = [item for item in clause.items if item not in lengths]
    texts = {text for item in clause.items for text in _texts_of(item, context)}
    timed = any(isinstance(item.value, (said.ClockTimes, *_WHOLE)) for item in rest)
    parted = sum(way for verb, way in _PARTED.items() if verb <= texts)
    if len(lengths) != 1 or timed or (_SHIFTS.isdisjoint(texts) and not parted):
        return 0
    # "Send the report 30 minutes later" is from now, and "the daily report" a stored one.
    named = any(isinstance(item.value, said.Recurrence | said.PartOfDay) for item in rest)
    if isinstance(lengths[0].value, said.OnceDelta) and not (named or clause.has("change")):
        return 0
    seconds = _length_of(lengths[0])
    return -seconds if parted < 0 or not _EARLIER.isdisjoint(texts) else seconds


def _texts_of(item: Item, context: BuildContext) -> list[str]:
    return [context.lex[pos].text for pos in range(item.first, item.last)]


def shifted_job(clause: Clause, context: BuildContext) -> list[Item]:
    """Return the items that say which job is moved by a length: no time but its own days, and no reason."""
    kept, behind = (said.Recurrence, said.PartOfDay, said.Days, said.Dates), len(context.lex)
    noun = next((item.first for item in clause.items if item.kind in INTENTS), behind)
    length = next((item.first for item in clause.items if _length_of(item)), behind)
    named = [item for item in clause.items if item.kind not in {"change", "via", "sep"}]
    named = [item for item in named if item.kind != "time" or isinstance(item.value, kept)]
    named = [item for item in named if item.first < length or not isinstance(item.value, kept[2:])]
    named = [item for item in named if _SHIFTING.isdisjoint(_texts_of(item, context))]
    # "undur sejam ya, bentrok", "kepagian, undur sejam"
    return [
        item
        for item in named
        if item.kind != "word" or not (noun < length < item.first or item.has("excess"))
    ]


def _length_of(item: Item) -> int:
    """Return the seconds of a length; 0 if the item is none."""
    match item.value:
        case said.OnceDelta(seconds=seconds):
            return int(seconds)
        case said.Interval(seconds=seconds, bare=bare) if bare or item.last == item.first + 1:
            return int(seconds)
        case _:
            return 0


def update_of(halves: Halves, context: BuildContext) -> JobUpdate | None:
    """Return the new schedule and recipient; None if the words are no single schedule."""
    place, _places = notify_of([item for item in halves.new if item.kind != "time"], context)
    inputs = None if place is None else {"notify": place}
    whole = halves.parted or any(isinstance(item.value, said.Interval) for item in halves.new)
    values = [new_value(item, context.lex, whole=whole) for item in halves.new if item.kind == "time"]
    times = [value for value in values if not isinstance(value, said.ZoneName)]
    if not times:
        return JobUpdate(inputs=inputs)
    left_out = [value for value in times if isinstance(value, said.Except)]
    if left_out and all(isinstance(value, said.Except | said.Recurrence) for value in times):
        return JobUpdate(skip=skip_of(left_out, context), inputs=inputs)
    constraints = constraints_of([values]) or [TimeConstraints()]  # pyright: ignore[reportArgumentType]
    if len(constraints) != 1 or any(isinstance(value, _NO_SCHEDULE) for value in times):
        return None
    found, reason = plan_schedules(constraints[0], _DEFAULTS, context.now, context.zone)
    if reason is not None or len(found) != 1 or found[0].schedule is None:
        return None
    parts = {Said.CLOCK if isinstance(value, _CLOCKS) else Said.DAYS for value in times}
    parts |= {Said.ZONE} if len(times) < len(values) else set()
    parts = {Said.WHOLE} if any(isinstance(value, _WHOLE) for value in times) else parts
    unsaid = tuple(replace(note, field="schedule") for note in found[0].notes if is_hour_unsaid(note))
    return JobUpdate(found[0].schedule, frozenset(parts), inputs=inputs, notes=unsaid)


def days_before(halves: Halves, context: BuildContext) -> frozenset[int]:
    """Return the first day of "move the report from Monday to Friday", on which the stored job runs."""
    days = (item for item in halves.new if isinstance(item.value, said.Days) and not halves.parted)
    firsts = (item.first + 1 for item in days if context.lex.has(item.first, Sense.FROM))
    found = (context.lex.integer(pos, Sense.WEEKDAY) for pos in firsts)
    return frozenset(day for day in found if day is not None)


def skip_of(left_out: Sequence[said.Except], context: BuildContext) -> Mapping[str, Any] | None:
    """Return the `skip` of a schedule that leaves out days; None if no schedule can."""
    constraints = constraints_of([[said.Interval(DAY_SEC), *left_out]])
    found, _reason = plan_schedules(constraints[0], _DEFAULTS, context.now, context.zone)
    schedule = found[0].schedule if len(found) == 1 else None
    return None if schedule is None else schedule.get("skip")


def new_text(text: str) -> str:
    """Return the text that "ganti jadi: …" sets; empty for another text."""
    match = _SETS.match(text)
    return "" if match is None else text[match.end() :]
