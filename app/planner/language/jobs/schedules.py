"""Adds schedules to a job draft, from the time items of its clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

from app.core.i18n import Message, _
from app.planner.language.clauses.clause import Item
from app.planner.language.jobs.context import BuildContext, BuildResult, JobDraft, asked
from app.planner.language.lexicon.sense import Sense
from app.planner.language.times.constraints import TimeConstraints, constraints_of
from app.planner.language.times.expressions import (
    ClockTimes,
    ClockWindow,
    Days,
    Impossible,
    Interval,
    OnceDelta,
    Recurrence,
    Unclear,
    Value,
)
from app.planner.language.times.schedule_builder import TypeDefaults
from app.planner.language.times.schedules import PlannedSchedule, plan_schedules
from app.planner.language.tokens.lexemes import Lexemes
from app.planner.messages import LENT_CLOCK, UNREADABLE
from app.planner.models import Note, NoteKind, distinct

_ASKED: Final = (UNREADABLE["no_base"], UNREADABLE["except"])


_DEFAULTS: Final = {
    "monitor.channel": TypeDefaults(30, 7 * 60),
    "monitor.http": TypeDefaults(60, 7 * 60),
    "report.daily": TypeDefaults(None, 7 * 60),
    "backup.export": TypeDefaults(None, 2 * 60),
    "message.send": TypeDefaults(None, 9 * 60, by_hand=True, single=True),
}
_DECLARED: Final = TypeDefaults(None, 9 * 60, by_hand=True)


def times_of(items: Sequence[Item]) -> list[Item]:
    """Return the time items."""
    return [item for item in items if item.kind == "time"]


def schedules(
    draft: JobDraft, items: Sequence[Item], context: BuildContext, *, once: bool = False
) -> BuildResult:
    """Return one job for each schedule of the items, otherwise equal to `draft`.

    With `once` a monitor checks at the times that are said, and not at its usual interval.
    """
    if context.is_started:
        return BuildResult(jobs=[_copy(draft)])
    built, defaults = BuildResult(), _DEFAULTS.get(draft.type, _DECLARED)
    if once:
        defaults = replace(defaults, interval_sec=None)
    if defaults.interval_sec is None and _shifts(items):
        too_little = _('Say the new time: "{words}" alone is too little to move a job.')
        return asked(too_little.fill(words=context.words(times_of(items))), context.span(items))
    planned: list[PlannedSchedule] = []
    draft.keeps_times = defaults.interval_sec is None and all(
        isinstance(item.value, Recurrence) for item in times_of(items)
    )
    groups = _groups(_newest(items, context.lex))
    said = constraints_of(groups, single=defaults.single) or [TimeConstraints()]
    # "Senin sampai Jumat jam 8, Sabtu jam 9": the Saturday recurs as the others do.
    weekly = any(each.is_timetable() or (each.days is not None and each.days.every) for each in said)
    for constraints in said:
        if weekly and constraints.days is not None and not constraints.is_timetable():
            constraints.days = replace(constraints.days, every=True)
        found, reason = plan_schedules(constraints, defaults, context.now, context.zone)
        planned.extend(found)
        if reason is not None:
            kind = NoteKind.QUESTION if reason in _ASKED else NoteKind.REFUSAL
            built.take_notes([_named(Note(kind, reason), items, context)])
    for each in _united(planned):
        notes = [*draft.notes, *(_named(note, items, context) for note in each.notes)]
        built.jobs.append(_copy(draft, schedule=each.schedule, slot=each.slot, notes=notes))
    return built


def _copy(draft: JobDraft, **changes: Any) -> JobDraft:
    own: dict[str, Any] = {"inputs": dict(draft.inputs), "fields": dict(draft.fields), "starts": []}
    return replace(draft, **own, **changes)


def _shifts(items: Sequence[Item]) -> bool:
    """True for "majukan laporan 1 jam": the present time of the job is not known here."""
    if not any(item.kind == "change" for item in items) or any(item.kind == "into" for item in items):
        return False
    times = times_of(items)
    led = any(before.kind == "toward" for before, item in pairwise(items) if item.kind == "time")
    lengths = all(
        isinstance(item.value, OnceDelta) or (isinstance(item.value, Interval) and item.value.bare)
        for item in times
    )
    return bool(times) and lengths and not led


def _groups(items: Sequence[Item]) -> list[list[Value]]:
    """Return the values of time items in groups; separators and verbs split them."""
    groups: list[list[Value]] = [[]]
    for item in items:
        if item.kind in {"sep", "but"}:
            groups.append([])
        elif item.kind == "time" and isinstance(item.value, Value):
            groups[-1].append(item.value)
    return [group for group in groups if group]


def _newest(items: Sequence[Item], lex: Lexemes) -> list[Item]:
    """Return the items in force after a change: in "dari jam 7 jadi jam 8" only those after "jadi"."""
    kinds = [item.kind for item in items]
    if "change" not in kinds and "into" not in kinds:
        return list(items)
    kept = [_repeated(item) for item in items] if "into" in kinds else list(items)
    for pos in range(len(items) - 1, 0, -1):
        leads = items[pos - 1].kind in {"into", "toward"} or (
            items[pos - 1].kind == "filler" and pos > 1 and items[pos - 2].kind == "into"
        )
        if items[pos].kind == "time" and leads and any(item.kind == "time" for item in items[: pos - 1]):
            kept = [item for item in items[: pos - 1] if item.kind != "time"] + list(items[pos:])
            break
    if "change" in kinds and not any(isinstance(item.value, Interval) for item in kept):
        return [_window_end(item, lex) for item in kept]
    return kept


def _repeated(item: Item) -> Item:
    """Read the length of "ubah interval backup jadi 6 jam" as an explicit interval."""
    if isinstance(item.value, Interval) and item.value.bare:
        return Item("time", item.first, item.last, replace(item.value, bare=False))
    return item


def _window_end(item: Item, lex: Lexemes) -> Item:
    """Read "change it from 7am to 8am" and "move it from Monday to Friday" as the new time alone."""
    day = lex.integer(item.last - 1, Sense.WEEKDAY)
    led = lex.has(item.first, Sense.FROM_WORD) or lex.has(item.first - 1, Sense.FROM_WORD)
    if isinstance(item.value, Days) and day is not None and led:
        return Item("time", item.first, item.last, Days(frozenset({day}), every=item.value.every))
    if isinstance(item.value, ClockWindow) and item.value.start is not None and item.value.end is not None:
        return Item("time", item.first, item.last, ClockTimes((item.value.end,)))
    return item


def _named(note: Note, items: Sequence[Item], context: BuildContext) -> Note:
    """Return a note with the words that it is about."""
    message = note.text
    if not isinstance(message, Message) or message.fields or message not in UNREADABLE.values():
        return note
    whys = [
        item
        for item in items
        if isinstance(item.value, Impossible | Unclear) and UNREADABLE[item.value.why] == message
    ] or times_of(items)
    return replace(note, text=message.fill(words=context.words(whys)), span=context.span(whys))


def _united(planned: Sequence[PlannedSchedule]) -> list[PlannedSchedule]:
    """Remove repeated schedules, and join lines that differ only in their weekdays."""
    kept: list[PlannedSchedule] = []
    for each in planned:
        if any(each.schedule == other.schedule for other in kept):
            continue
        joined = _joined(kept[-1], each) if kept else None
        if joined is not None:
            kept[-1] = joined
        else:
            kept.append(each)
    return kept


def _joined(one: PlannedSchedule, other: PlannedSchedule) -> PlannedSchedule | None:
    """Return two schedules as one if a cron line can hold both: they differ in their weekdays or hours."""
    if not (one.schedule and other.schedule and "cron" in one.schedule and "cron" in other.schedule):
        return None
    if {**one.schedule, "cron": ""} != {**other.schedule, "cron": ""}:
        return None
    notes = distinct(one.notes, other.notes)
    lent = any(isinstance(each.text, Message) and each.text.id == LENT_CLOCK.id for each in notes)
    cron = _one_line(one.schedule["cron"].split(), other.schedule["cron"].split(), lent=lent)
    if cron is None:
        return None
    return PlannedSchedule({**one.schedule, "cron": cron}, one.slot, notes)


def _one_line(first: Sequence[str], second: Sequence[str], *, lent: bool) -> str | None:
    """Return the cron line of "tiap jam 6 pagi dan tiap jam 6 sore", or of a time lent to other days."""
    apart = [pos for pos in range(len(first)) if first[pos] != second[pos]]
    hours = [*first[1].split(","), *second[1].split(",")]
    if apart == [1] and first[0].isdecimal() and all(hour.isdecimal() for hour in hours):
        hour = ",".join(sorted(hours, key=int))
        return " ".join([first[0], hour, *first[2:]])
    if apart == [4] and lent and "*" not in {first[4], second[4]}:
        return " ".join([*first[:4], f"{first[4]},{second[4]}"])
    return None
