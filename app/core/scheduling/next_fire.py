"""First and next fire of a job's schedule; slots within a window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from app.core.errors import FieldProblem, InvalidSpec
from app.core.scheduling.schedule import ScheduleError, compile_schedule, jitter_ms

if TYPE_CHECKING:
    from app.core.models import JobSpec, Schedule
    from app.core.scheduling.schedule import CompiledSchedule


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
    field = "at" if schedule.at else "end_at"
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
