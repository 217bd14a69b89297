"""Schedules: interval grids, cron and recurrence rules in a zone, single instants; due slots and misfires.

Pure functions of their arguments: no clock is read here. Instants and slots are epoch milliseconds (UTC); a
slot is an instant at which the schedule fires.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from functools import cache, lru_cache
from hashlib import blake2b
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal
from zoneinfo import ZoneInfo

from app.core.errors import FieldProblem, InvalidSpec
from app.core.i18n import _
from app.core.models import MAX_INTERVAL_SEC, JobSpec, Misfire, OnSkip, Schedule
from app.core.scheduling.cron import DAY_MS, CronFields, ScheduleError, parse_cron
from app.core.scheduling.rrule import parse_rrule
from app.core.scheduling.skip_rules import Calendars, closed_times
from app.core.scheduling.skipping import (
    MAX_MOVED_A_DAY,
    MovedSlot,
    MovingSchedule,
    SkippedSlots,
    SkippingSchedule,
    by_reason,
)
from app.core.scheduling.slots import CompiledSchedule, DueSlots, IntervalGrid, SingleInstant, SlotSource
from app.core.scheduling.timezone import WallClockSlots

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CATCH_UP_CAP: Final = 100

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
NO_CALENDARS: Final[Calendars] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RunSlot:
    """Fire this slot; `previous` is the schedule's slot before it (None if there is none)."""

    slot: int
    previous: int | None
    moved: MovedSlot | None = None
    """The skipped slot in whose place it fires; None if it fires in its own."""


@dataclass(frozen=True, slots=True)
class MissRange:
    """Record `slots` slots, `first` to `last`, as left out; `previous` is the slot before `first`."""

    first: int
    last: int
    slots: int
    previous: int | None
    reason: str = "missed"


FireStep = RunSlot | MissRange


@dataclass(frozen=True, slots=True)
class FirePlan:
    """The steps for everything that is due, oldest first, and the first slot after now."""

    steps: tuple[FireStep, ...]
    following: int | None


def compile_schedule(
    schedule: Schedule, default_timezone: str, calendars: Calendars = NO_CALENDARS
) -> CompiledSchedule:
    """Validate and compile a schedule; raise `ScheduleError`. Times are cut to whole milliseconds.

    `calendars` has those that the schedule's skip names.
    """
    start_ms = None if schedule.start_at is None else _to_ms(schedule.start_at)
    end_ms = None if schedule.end_at is None else _to_ms(schedule.end_at)
    source = _source(schedule, default_timezone, start_ms or 0)
    compiled = CompiledSchedule(source, start_ms, end_ms)
    return compiled if schedule.skip is None else _skipping(schedule, compiled, default_timezone, calendars)


def check_schedule(schedule: Schedule, default_timezone: str) -> None:
    """Raise `ScheduleError` for a schedule that is not valid, whichever calendars there are."""
    if schedule.skip is not None and schedule.skip.calendars:
        own = schedule.skip.model_copy(update={"calendars": []})
        schedule = schedule.model_copy(update={"skip": own})
    compile_schedule(schedule, default_timezone)


def calendars_of(schedule: Schedule | None) -> list[str]:
    """Return the names of the calendars that a schedule names."""
    return [] if schedule is None or schedule.skip is None else schedule.skip.calendars


def _skipping(
    schedule: Schedule, base: CompiledSchedule, default_timezone: str, calendars: Calendars
) -> SkippingSchedule:
    if schedule.skip is None:
        raise ValueError("the schedule has no skip")
    closed = closed_times(schedule.skip, calendars)
    zone = _zone(schedule.timezone or default_timezone)
    bounds = base.source, base.start_ms, base.end_ms
    if schedule.on_skip is OnSkip.DROP:
        return SkippingSchedule(*bounds, base=base, closed=closed, zone=zone)
    if _fires_a_day(base.source) > MAX_MOVED_A_DAY:
        text = _("At most {most} fires a day can move to another day.", most=MAX_MOVED_A_DAY)
        raise ScheduleError("on_skip", "too_many_moves", text)
    return MovingSchedule(*bounds, base=base, closed=closed, zone=zone, on_skip=schedule.on_skip)


def _fires_a_day(source: SlotSource) -> int:
    if isinstance(source, IntervalGrid):
        return -(-DAY_MS // source.step_ms)
    times = source.times if isinstance(source, WallClockSlots) else None
    return len(times.times) if isinstance(times, CronFields) else 1


def _source(schedule: Schedule, default_timezone: str, anchor_ms: int) -> SlotSource:
    if schedule.at is not None:
        return SingleInstant(_to_ms(schedule.at))
    if schedule.cron is not None:
        return _cron_slots(schedule.cron, schedule.timezone or default_timezone)
    if schedule.rrule is not None:
        zone = _zone(schedule.timezone or default_timezone)
        return WallClockSlots(parse_rrule(schedule.rrule, zone, schedule.start_at), zone)
    if schedule.interval_sec is None or not 1 <= schedule.interval_sec <= MAX_INTERVAL_SEC:
        raise ScheduleError(
            "interval_sec",
            "interval_range",
            _("An interval has 1 to {max_interval_sec} whole seconds.", max_interval_sec=MAX_INTERVAL_SEC),
        )
    return IntervalGrid(schedule.interval_sec * 1000, anchor_ms)


# Many jobs have few expressions; one that fires each minute is a table of 50 KB.
@lru_cache(maxsize=512)
def _cron_slots(cron: str, timezone: str) -> WallClockSlots:
    return WallClockSlots(parse_cron(cron), _zone(timezone))


def _zone(name: str) -> ZoneInfo:
    # A name is checked against IANA's list before ZoneInfo may make a path of it.
    if name not in _zone_names():
        near = get_close_matches(name, _zone_names(), n=1)
        text = _("{name!r} is no IANA time zone.", name=name[:64])
        if near:
            text = _("{name!r} is no IANA time zone. Did you mean {near!r}?", name=name[:64], near=near[0])
        raise ScheduleError("timezone", "timezone_unknown", text)
    return ZoneInfo(name)


@cache
def _zone_names() -> frozenset[str]:
    listed = (files("tzdata") / "zones").read_text(encoding="utf-8").split()
    return frozenset(listed) - {"Factory"}


def _to_ms(instant: datetime) -> int:
    return (instant - _EPOCH) // timedelta(milliseconds=1)


def plan_fires(
    compiled: CompiledSchedule,
    next_slot: int,
    now_ms: int,
    misfire: Misfire,
    grace_ms: int,
    *,
    cap: int = CATCH_UP_CAP,
    since_ms: int = 0,
) -> FirePlan:
    """Return the step for each due slot (`next_slot` to now), oldest first; each slot is in one step.

    A slot is missed when it is older than `grace_ms`. If none is missed, all run. Else `skip` runs only those
    that are not missed, `run_once` the latest one alone, `run_all` all. Of those that would run, the newest
    `cap` do; all others are in one `MissRange` before them.

    Skipped slots are neither missed nor run: those before each step, later than `since_ms`, are in ranges of
    their own.
    """
    late = compiled.count(next_slot, now_ms - grace_ms - 1)
    fresh = compiled.count(max(next_slot, now_ms - grace_ms), now_ms)
    runs = {
        Misfire.SKIP: fresh,
        Misfire.RUN_ONCE: 1 if late else fresh,
        Misfire.RUN_ALL: late + fresh,
    }[misfire]
    due = compiled.due(next_slot, now_ms, min(runs, cap))
    steps = _steps(compiled, due)
    if isinstance(compiled, SkippingSchedule):
        since = since_ms if due.before is None else max(since_ms, due.before)
        steps = [each for step in _with_skipped(compiled, steps, since) for each in step]
    return FirePlan(tuple(steps), due.following)


def _with_skipped(
    compiled: SkippingSchedule, steps: Iterable[FireStep], since_ms: int
) -> Iterator[list[FireStep]]:
    """Yield each step, after the skipped slots that come before it."""
    for step in steps:
        last = step.slot if isinstance(step, RunSlot) else step.last
        found = by_reason(compiled.skipped(since_ms + 1, last))
        ranges = [MissRange(one.first, one.last, one.slots, None, one.reason.code) for one in found]
        fires = replace(step, moved=compiled.moved(step.slot)) if isinstance(step, RunSlot) else step
        yield [*ranges, fires]
        since_ms = last


def _steps(compiled: CompiledSchedule, due: DueSlots) -> list[FireStep]:
    steps: list[FireStep] = []
    previous = due.before
    missed = due.count - len(due.tail)
    if missed and due.first is not None and due.last is not None:
        last = compiled.previous_or_at(due.tail[0] - 1) if due.tail else due.last
        last = due.first if last is None else last
        steps.append(MissRange(due.first, last, missed, previous))
        previous = last
    for slot in due.tail:
        steps.append(RunSlot(slot, previous))
        previous = slot
    return steps


def unrecorded_skips(
    compiled: CompiledSchedule, next_slot: int | None, since_ms: int, until_ms: int
) -> list[SkippedSlots]:
    """Return the skipped slots up to an instant that are not in the ledger: the next fire writes them.

    `since_ms` is the last change of the job.
    """
    if not isinstance(compiled, SkippingSchedule):
        return []
    before = compiled.previous_or_at(until_ms if next_slot is None else min(next_slot - 1, until_ms))
    since = since_ms if before is None else max(since_ms, before)
    return by_reason(compiled.skipped(since + 1, until_ms))


def next_fires(compiled: CompiledSchedule, after_ms: int, count: int) -> list[int]:
    """Return up to `count` slots later than `after_ms`, ascending."""
    slots: list[int] = []
    slot = compiled.next_after(after_ms)
    while slot is not None and len(slots) < count:
        slots.append(slot)
        slot = compiled.next_after(slot)
    return slots


def jitter_ms(job_id: str, slot_ms: int, jitter_sec: float) -> int:
    """Return the delay of one slot of one job, 0 to `jitter_sec` inclusive: the same in every process."""
    span = int(jitter_sec * 1000) + 1
    digest = blake2b(f"{job_id}@{slot_ms}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) * span >> 64


# The first and next fire of a job.


def first_fire(
    spec: JobSpec,
    default_timezone: str,
    now_ms: int,
    *,
    must_fire: bool,
    calendars: Calendars = NO_CALENDARS,
) -> tuple[int | None, int | None]:
    """Return the next slot and its score (slot + jitter), both None if there is no schedule or no future.

    `must_fire` refuses a schedule that never fires again.
    """
    if spec.schedule is None:
        return None, None
    compiled = compiled_schedule(spec.schedule, default_timezone, calendars)
    slot = compiled.next_after(now_ms)
    if slot is None:
        if must_fire:
            raise never_fires(spec.schedule, compiled, now_ms)
        return None, None
    return slot, slot + jitter_ms(spec.job_id, slot, spec.jitter_sec)


def compiled_schedule(
    schedule: Schedule, default_timezone: str, calendars: Calendars = NO_CALENDARS
) -> CompiledSchedule:
    """Return the slots of a schedule; InvalidSpec if they cannot be computed."""
    try:
        return compile_schedule(schedule, default_timezone, calendars)
    except ScheduleError as error:
        raise _invalid(error.field, error.message, error.code) from error


def never_fires(schedule: Schedule, compiled: CompiledSchedule, now_ms: int) -> InvalidSpec:
    """Return the error for a schedule whose time is past, or that skips all of its slots."""
    if isinstance(compiled, SkippingSchedule) and compiled.base.next_after(now_ms) is not None:
        return _invalid("skip", _("This schedule never fires: it skips all of its times."), "skips_all")
    field = "at" if schedule.at else "rrule" if schedule.rrule and not schedule.end_at else "end_at"
    return _invalid(field, "this schedule never fires again: its time is past", "no_future_fire")


def slots_between(
    spec: JobSpec,
    default_timezone: str,
    after_ms: int | None,
    until_ms: int,
    calendars: Calendars = NO_CALENDARS,
) -> tuple[int, int, int] | tuple[()]:
    """Return first, last and number of the slots later than one instant and up to another; () for none."""
    if spec.schedule is None or after_ms is None:
        return ()
    compiled = compile_schedule(spec.schedule, default_timezone, calendars)
    first, last = compiled.next_after(after_ms), compiled.previous_or_at(until_ms)
    if first is None or last is None or first > last:
        return ()
    return first, last, compiled.count(first, last)


def _invalid(field: str, message: str, code: str) -> InvalidSpec:
    return InvalidSpec(_("The spec is not valid."), (FieldProblem(f"/schedule/{field}", message, code),))


# The requested part of a job's history, and the outcome of a ledger entry's slot.

SlotOutcome = Literal["ran", "waiting", "missed", "skipped", "upcoming"]

# These slots were lost, not decided; every other reason of the ledger is a rule.
_MISSED: Final = frozenset({"missed", "clock_went_back"})


@dataclass(frozen=True, slots=True)
class HistoryWindow:
    """From and to, both included, in epoch milliseconds; at most `limit` entries on each side of now."""

    from_ms: int
    to_ms: int
    limit: int

    def holds(self, first_ms: int, last_ms: int) -> bool:
        """True if a range overlaps the window."""
        return first_ms <= self.to_ms and last_ms >= self.from_ms


def left_out_as(reason: str) -> Literal["missed", "skipped"]:
    """Return the outcome of a slot of the ledger: missed, or skipped by a rule."""
    return "missed" if reason in _MISSED else "skipped"
