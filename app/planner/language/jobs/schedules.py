"""Adds schedules to a job draft, from the time items of its clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

from app.core.i18n import Message, _
from app.planner.language.clauses.clause import Item, any_of
from app.planner.language.jobs.context import BuildContext, BuildResult, JobDraft, asked
from app.planner.language.lexicon.sense import Sense
from app.planner.language.times import expressions as said
from app.planner.language.times.constraints import TimeConstraints, constraints_of
from app.planner.language.times.expressions import Value
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
    timeless = all(isinstance(item.value, said.Recurrence) for item in times_of(items))
    draft.keeps_times = defaults.interval_sec is None and timeless
    groups = _groups(_newest(items, context.lex))
    wanted = constraints_of(groups, single=defaults.single) or [TimeConstraints()]
    # "Senin sampai Jumat jam 8, Sabtu jam 9": the Saturday recurs as the others do.
    weekly = any(each.is_timetable() or (each.days is not None and each.days.every) for each in wanted)
    for constraints in wanted:
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
    values = [item.value for item in times_of(items)]
    bare = all(value.bare for value in values if isinstance(value, said.Interval))
    lengths = bare and all(isinstance(value, said.OnceDelta | said.Interval) for value in values)
    return bool(values) and lengths and any_of(items, "change") and not any_of(items, "into", "toward")


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
    kept = list(items)
    for pos in range(len(items) - 1, 0, -1):
        before = [item.kind for item in items[:pos]]
        leads = before[-1] in {"into", "toward"} or before[-2:] == ["into", "filler"]
        if kinds[pos] == "time" and leads and "time" in before[:-1]:
            kept = [item for item in items[: pos - 1] if item.kind != "time"] + list(items[pos:])
            break
    whole = "change" not in kinds or any(isinstance(item.value, said.Interval) for item in kept)
    # A length without "jadi" is by how much a time moves.
    free = [item for item in kept if "into" in kinds or not isinstance(item.value, said.Interval)]
    return [replace(item, value=new_value(item, lex, whole=whole)) if item in free else item for item in kept]


def new_value(item: Item, lex: Lexemes, *, whole: bool = False) -> Any:
    """Return the value of a time, of "from 2 to 4am" and "from Monday to Friday" the new one alone.

    With `whole` a window is the new one; the length of "jadi 6 jam" is an interval.
    """
    moved = not whole and any(lex.has(pos, Sense.FROM) for pos in (item.first, item.first - 1))
    match item.value:
        case said.ClockWindow(start=start, end=end) if start and end and not whole:
            return said.ClockTimes((end,))
        case said.Days() if moved and (day := lex.integer(item.last - 1, Sense.WEEKDAY)) is not None:
            return replace(item.value, days=frozenset({day}))
        case said.Dates() if moved:
            return replace(item.value, days=item.value.days[-1:])
        case said.Interval(seconds=seconds, minute=minute):
            return said.Interval(seconds, minute=minute)
        case value:
            return value


def _named(note: Note, items: Sequence[Item], context: BuildContext) -> Note:
    """Return a note with the words that it is about."""
    message = note.text
    if not isinstance(message, Message) or message.fields or message not in UNREADABLE.values():
        return note
    unread = ((item, item.value) for item in items if isinstance(item.value, said.Impossible | said.Unclear))
    whys = [item for item, value in unread if UNREADABLE[value.why] == message] or times_of(items)
    return replace(note, text=message.fill(words=context.words(whys)), span=context.span(whys))


def _united(planned: Sequence[PlannedSchedule]) -> list[PlannedSchedule]:
    """Remove repeated schedules, and join lines that differ only in their weekdays."""
    kept: list[PlannedSchedule] = []
    for each in planned:
        if any(each.schedule == other.schedule for other in kept):
            continue
        joined = _joined(kept[-1], each) if kept else None
        kept[len(kept) - (joined is not None) :] = [joined or each]
    return kept


def _joined(one: PlannedSchedule, other: PlannedSchedule) -> PlannedSchedule | None:
    """Return two schedules as one if a cron line can hold both: they differ in their weekdays or hours."""
    if not (one.schedule and other.schedule and "cron" in one.schedule and "cron" in other.schedule):
        return None
    notes = distinct(one.notes, other.notes)
    first, second = one.schedule["cron"].split(), other.schedule["cron"].split()
    apart = [pos for pos in range(len(first)) if first[pos] != second[pos]]
    lent = any(isinstance(each.text, Message) and each.text.id == LENT_CLOCK.id for each in notes)
    values = [] if len(apart) != 1 else [*first[apart[0]].split(","), *second[apart[0]].split(",")]
    plain = apart == [1] and all(value.replace("-", "").isdecimal() for value in values)
    hours = sorted([int(end) for end in value.split("-")] for value in values) if plain else []
    if hours and all(before[-1] < after[0] for before, after in pairwise(hours)):
        # "tiap jam 6 pagi dan tiap jam 6 sore", "8am to noon and 2pm to 5pm"
        first[1] = ",".join("-".join(map(str, each)) for each in hours)
    elif apart == [4] and lent and "*" not in values:
        first[4] = ",".join(values)
    else:
        return None
    joined = {**one.schedule, "cron": " ".join(first)}
    same = joined == {**other.schedule, "cron": joined["cron"]}
    return PlannedSchedule(joined, one.slot, notes) if same else None
