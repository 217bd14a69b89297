"""What a schedule would do, before a job has it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from app.core.clock import to_ms
from app.core.clock_change_notes import ClockChangeNote, clock_change_notes
from app.core.cron_zone import CronSlots
from app.core.job_schedule import compiled_schedule, never_fires
from app.core.schedule import CompiledSchedule
from app.core.schedule_words import schedule_words

if TYPE_CHECKING:
    from app.core.models import Schedule
    from app.core.words import Words

_YEAR_MS: Final = 366 * 86_400_000
# Both changes of a year's clocks, whenever it is looked at.
_NOTED_MS: Final = _YEAR_MS
# Each year of a zone costs some milliseconds to work out, and 29 February comes every fourth.
_SHOWN_MS: Final = 20 * _YEAR_MS
_LAST_MS: Final = to_ms(datetime(9999, 12, 30, tzinfo=UTC))
"""Later instants have no date in every zone."""


@dataclass(frozen=True, slots=True)
class SchedulePreview:
    """A schedule in words, its next fires (epoch milliseconds), and what the clocks' changes do to it."""

    words: Words
    timezone: str
    fires: list[int]
    notes: list[ClockChangeNote]
    ends: bool
    """True where it has a last fire."""


def preview(
    schedule: Schedule, default_timezone: str, now_ms: int, count: int, jitter_sec: float = 0
) -> SchedulePreview:
    """Return the preview as of an instant; InvalidSpec where the schedule is none, or never fires again."""
    compiled = compiled_schedule(schedule, default_timezone)
    fires = _fires(compiled, now_ms, count)
    if not fires:
        raise never_fires(schedule)
    return SchedulePreview(
        words=schedule_words(schedule, default_timezone, jitter_sec),
        timezone=schedule.timezone or default_timezone,
        fires=fires,
        notes=_notes(compiled, now_ms, fires[-1]),
        ends=schedule.at is not None or schedule.end_at is not None,
    )


def _fires(compiled: CompiledSchedule, now_ms: int, count: int) -> list[int]:
    slot = compiled.next_after(now_ms)
    fires: list[int] = []
    while slot is not None and slot <= _LAST_MS and len(fires) < count:
        if fires and slot > fires[0] + _SHOWN_MS:
            break
        fires.append(slot)
        slot = compiled.next_after(slot)
    return fires


def _notes(compiled: CompiledSchedule, now_ms: int, last_shown: int) -> list[ClockChangeNote]:
    if not isinstance(compiled.source, CronSlots):
        return []
    first = now_ms if compiled.start_ms is None else max(now_ms, compiled.start_ms)
    last = max(first + _NOTED_MS, last_shown)
    return clock_change_notes(
        compiled.source, first, last if compiled.end_ms is None else min(last, compiled.end_ms - 1)
    )
