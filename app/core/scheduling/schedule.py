"""Schedules: interval grids, cron and recurrence rules in a zone, single instants; due slots and misfires.

Pure functions of their arguments: no clock is read here. Instants and slots are epoch milliseconds (UTC); a
slot is an instant at which the schedule fires.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from typing import Final, Literal, Protocol
from zoneinfo import ZoneInfo

from app.core.errors import FieldProblem, InvalidSpec
from app.core.i18n import _
from app.core.models import MAX_INTERVAL_SEC, JobSpec, Misfire, Schedule
from app.core.scheduling.cron import ScheduleError, parse_cron
from app.core.scheduling.rrule import parse_rrule
from app.core.scheduling.timezone import WallClockSlots

CATCH_UP_CAP: Final = 100

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class SlotSource(Protocol):
    """An ordered set of slots, without bounds in time."""

    def next_after(self, instant_ms: int) -> int | None: ...
    def previous_or_at(self, instant_ms: int) -> int | None: ...
    def count(self, first_ms: int, last_ms: int) -> int: ...


@dataclass(frozen=True, slots=True)
class IntervalGrid:
    """Every multiple of `step_ms` counted from `anchor_ms`, in both directions."""

    step_ms: int
    anchor_ms: int

    def next_after(self, instant_ms: int) -> int | None:
        return self._index(instant_ms + self.step_ms)

    def previous_or_at(self, instant_ms: int) -> int | None:
        return self._index(instant_ms)

    def count(self, first_ms: int, last_ms: int) -> int:
        return max(0, (self._index(last_ms) - self._index(first_ms - 1)) // self.step_ms)

    def _index(self, instant_ms: int) -> int:
        return instant_ms - (instant_ms - self.anchor_ms) % self.step_ms


@dataclass(frozen=True, slots=True)
class SingleInstant:
    """The one slot of an `at` schedule."""

    at_ms: int

    def next_after(self, instant_ms: int) -> int | None:
        return self.at_ms if instant_ms < self.at_ms else None

    def previous_or_at(self, instant_ms: int) -> int | None:
        return self.at_ms if instant_ms >= self.at_ms else None

    def count(self, first_ms: int, last_ms: int) -> int:
        return int(first_ms <= self.at_ms <= last_ms)


@dataclass(frozen=True, slots=True)
class DueSlots:
    """The slots from `next_slot` to now; `first` and `last` are None if there are none.

    `tail` holds the newest few, ascending; `before` is the slot just before `first`, `following` the first
    after now.
    """

    count: int
    first: int | None
    last: int | None
    tail: tuple[int, ...]
    before: int | None
    following: int | None


@dataclass(frozen=True, slots=True)
class CompiledSchedule:
    """A checked schedule: its slots from `start_ms` (included) to `end_ms` (excluded)."""

    source: SlotSource
    start_ms: int | None = None
    end_ms: int | None = None

    def next_after(self, instant_ms: int) -> int | None:
        """Return the first slot later than the instant; None if there are no more."""
        since = instant_ms if self.start_ms is None else max(instant_ms, self.start_ms - 1)
        slot = self.source.next_after(since)
        return None if slot is None or (self.end_ms is not None and slot >= self.end_ms) else slot

    def previous_or_at(self, instant_ms: int) -> int | None:
        """Return the last slot not later than the instant, or None."""
        until = instant_ms if self.end_ms is None else min(instant_ms, self.end_ms - 1)
        slot = self.source.previous_or_at(until)
        return None if slot is None or (self.start_ms is not None and slot < self.start_ms) else slot

    def count(self, first_ms: int, last_ms: int) -> int:
        """Return how many slots there are from `first_ms` to `last_ms`, both included."""
        first = first_ms if self.start_ms is None else max(first_ms, self.start_ms)
        last = last_ms if self.end_ms is None else min(last_ms, self.end_ms - 1)
        return self.source.count(first, last) if first <= last else 0

    def due(self, next_slot: int, now_ms: int, keep: int) -> DueSlots:
        """Return what is due from `next_slot` to now; slots are counted, not stepped through."""
        count = self.count(next_slot, now_ms)
        following = self.next_after(now_ms)
        if count == 0:
            return DueSlots(0, None, None, (), None, following)
        first = self.next_after(next_slot - 1)
        before = None if first is None else self.previous_or_at(first - 1)
        tail = self._newest(now_ms, min(count, max(keep, 0)))
        return DueSlots(count, first, self.previous_or_at(now_ms), tail, before, following)

    def _newest(self, now_ms: int, count: int) -> tuple[int, ...]:
        slots: list[int] = []
        until = now_ms
        while len(slots) < count and (slot := self.previous_or_at(until)) is not None:
            slots.append(slot)
            until = slot - 1
        return tuple(reversed(slots))


@dataclass(frozen=True, slots=True)
class RunSlot:
    """Fire this slot; `previous` is the schedule's slot before it (None if there is none)."""

    slot: int
    previous: int | None


@dataclass(frozen=True, slots=True)
class MissRange:
    """Record `slots` slots, `first` to `last`, as missed; `previous` is the slot before `first`."""

    first: int
    last: int
    slots: int
    previous: int | None


FireStep = RunSlot | MissRange


@dataclass(frozen=True, slots=True)
class FirePlan:
    """The steps for everything that is due, oldest first, and the first slot after now."""

    steps: tuple[FireStep, ...]
    following: int | None


def compile_schedule(schedule: Schedule, default_timezone: str) -> CompiledSchedule:
    """Validate and compile a schedule; raise `ScheduleError`. Times are cut to whole milliseconds."""
    start_ms = None if schedule.start_at is None else _to_ms(schedule.start_at)
    end_ms = None if schedule.end_at is None else _to_ms(schedule.end_at)
    return CompiledSchedule(_source(schedule, default_timezone, start_ms or 0), start_ms, end_ms)


def _source(schedule: Schedule, default_timezone: str, anchor_ms: int) -> SlotSource:
    if schedule.at is not None:
        return SingleInstant(_to_ms(schedule.at))
    if schedule.cron is not None:
        return WallClockSlots(parse_cron(schedule.cron), _zone(schedule.timezone or default_timezone))
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
) -> FirePlan:
    """Return the step for each due slot (`next_slot` to now), oldest first; each slot is in one step.

    A slot is missed when it is older than `grace_ms`. If none is missed, all run. Else `skip` runs only those
    that are not missed, `run_once` the latest one alone, `run_all` all. Of those that would run, the newest
    `cap` do; all others are in one `MissRange` before them.
    """
    late = compiled.count(next_slot, now_ms - grace_ms - 1)
    fresh = compiled.count(max(next_slot, now_ms - grace_ms), now_ms)
    runs = {
        Misfire.SKIP: fresh,
        Misfire.RUN_ONCE: 1 if late else fresh,
        Misfire.RUN_ALL: late + fresh,
    }[misfire]
    due = compiled.due(next_slot, now_ms, min(runs, cap))
    return FirePlan(tuple(_steps(compiled, due)), due.following)


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
    spec: JobSpec, default_timezone: str, now_ms: int, *, must_fire: bool
) -> tuple[int | None, int | None]:
    """Return the next slot and its score (slot + jitter), both None if there is no schedule or no future.

    `must_fire` refuses a schedule that never fires again.
    """
    if spec.schedule is None:
        return None, None
    slot = compiled_schedule(spec.schedule, default_timezone).next_after(now_ms)
    if slot is None:
        if must_fire:
            raise never_fires(spec.schedule)
        return None, None
    return slot, slot + jitter_ms(spec.job_id, slot, spec.jitter_sec)


def compiled_schedule(schedule: Schedule, default_timezone: str) -> CompiledSchedule:
    """Return the slots of a schedule; InvalidSpec if they cannot be computed."""
    try:
        return compile_schedule(schedule, default_timezone)
    except ScheduleError as error:
        raise _invalid(error.field, error.message, error.code) from error


def never_fires(schedule: Schedule) -> InvalidSpec:
    """Return the error for a schedule whose time is past."""
    field = "at" if schedule.at else "rrule" if schedule.rrule and not schedule.end_at else "end_at"
    return _invalid(field, "this schedule never fires again: its time is past", "no_future_fire")


def slots_between(
    spec: JobSpec, default_timezone: str, after_ms: int | None, until_ms: int
) -> tuple[int, int, int] | tuple[()]:
    """Return first, last and number of the slots later than one instant and up to another; () for none."""
    if spec.schedule is None or after_ms is None:
        return ()
    compiled = compile_schedule(spec.schedule, default_timezone)
    first, last = compiled.next_after(after_ms), compiled.previous_or_at(until_ms)
    if first is None or last is None or first > last:
        return ()
    return first, last, compiled.count(first, last)


def _invalid(field: str, message: str, code: str) -> InvalidSpec:
    return InvalidSpec("The spec is not valid.", (FieldProblem(f"/schedule/{field}", message, code),))


# The requested part of a job's history, and the outcome of a ledger entry's slot.

DAY_MS: Final = 86_400_000
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
