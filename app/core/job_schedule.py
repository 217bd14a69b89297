"""A job's schedule as the store and the scheduler use it: first and next fire, with jitter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.errors import FieldProblem, InvalidSpec
from app.core.schedule import ScheduleError, compile_schedule, jitter_ms

if TYPE_CHECKING:
    from app.core.models import JobSpec


def first_fire(
    spec: JobSpec, default_timezone: str, now_ms: int, *, must_fire: bool
) -> tuple[int | None, int | None]:
    """Return the next slot and its score (slot + jitter), both None where there is no schedule or no future.

    `must_fire` refuses a schedule that never fires again.
    """
    if spec.schedule is None:
        return None, None
    try:
        slot = compile_schedule(spec.schedule, default_timezone).next_after(now_ms)
    except ScheduleError as error:
        raise _invalid(error.field, error.message, error.code) from error
    if slot is None:
        if must_fire:
            field = "at" if spec.schedule.at else "end_at"
            raise _invalid(field, "this schedule never fires again: its time is past", "no_future_fire")
        return None, None
    return slot, slot + jitter_ms(spec.job_id, slot, spec.jitter_sec)


def _invalid(field: str, message: str, code: str) -> InvalidSpec:
    return InvalidSpec("The spec is not valid.", (FieldProblem(f"/schedule/{field}", message, code),))
