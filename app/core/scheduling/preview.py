"""Previews a schedule before it is saved, with clock-change notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Final, Literal

from app.core.clock import from_ms, to_ms
from app.core.i18n import Message, _, concat
from app.core.scheduling.describe import schedule_words
from app.core.scheduling.schedule import NO_CALENDARS, compiled_schedule, never_fires
from app.core.scheduling.skip_words import holiday_notes
from app.core.scheduling.skipping import SkippedSlots, SkippingSchedule
from app.core.scheduling.slots import CompiledSchedule
from app.core.scheduling.timezone import OffsetPeriod, WallClockSlots, clock_changes

if TYPE_CHECKING:
    from app.core.models import Schedule
    from app.core.scheduling.skip_rules import Calendars

MAX_NOTES: Final = 4
_TURNED: Final = {
    "gap": _("On {date} the clocks of {zone} go forward from {old} to {new}"),
    "overlap": _("On {date} the clocks of {zone} go back from {old} to {new}"),
}
_BECOMES: Final = {
    ("gap", False): _("what falls in between fires once, at {new}."),
    ("gap", True): _("the times in between do not exist that day and are passed over."),
    ("overlap", False): _("the times in between come twice, and fire at their first coming only."),
    ("overlap", True): _("the times in between come twice, and fire both times."),
}


@dataclass(frozen=True, slots=True)
class DstNote:
    """A change of the clocks that affects fires: its instant, its kind, the effect."""

    at_ms: int
    kind: Literal["gap", "overlap"]
    words: Message


def dst_notes(slots: WallClockSlots, first_ms: int, last_ms: int) -> list[DstNote]:
    """Return the first few notes between two instants; changes without a fire have none."""
    notes: list[DstNote] = []
    for piece in clock_changes(slots.zone, first_ms, last_ms):
        before, after = piece.start + piece.before, piece.start + piece.offset
        if slots.times.count(min(before, after), max(before, after)) and len(notes) < MAX_NOTES:
            notes.append(_note(slots, piece))
    return notes


def _note(slots: WallClockSlots, piece: OffsetPeriod) -> DstNote:
    kind = "gap" if piece.offset > piece.before else "overlap"
    # Computed as if in UTC: only the local figures are displayed.
    old, new = from_ms(piece.start + piece.before), from_ms(piece.start + piece.offset)
    turned = _TURNED[kind].fill(
        date=f"{old:%Y-%m-%d}", zone=slots.zone.key, old=f"{old:%H:%M}", new=f"{new:%H:%M}"
    )
    becomes = _BECOMES[kind, slots.times.runs_through]
    if "{new}" in becomes:
        becomes = becomes.fill(new=f"{new:%H:%M}")
    return DstNote(piece.start, kind, concat(turned, becomes, separator=": "))


# The preview of a schedule. No I/O.

MAX_SKIPPED: Final = 12
_YEAR_MS: Final = 366 * 86_400_000
# Covers both changes of a year, whatever the present date is.
_NOTED_MS: Final = _YEAR_MS
_NOTED_YEARS: Final = 2
# Each year of a zone costs some milliseconds to work out, and 29 February comes every fourth.
_SHOWN_MS: Final = 20 * _YEAR_MS
_LAST_MS: Final = to_ms(datetime(9999, 12, 30, tzinfo=UTC))
"""Later instants have no date in every zone."""


@dataclass(frozen=True, slots=True)
class SchedulePreview:
    """A schedule in words, its next fires (epoch milliseconds), and the effects of clock changes."""

    words: Message
    timezone: str
    fires: list[int]
    notes: list[DstNote]
    ends: bool
    """True if the schedule has a last fire."""
    skipped: list[SkippedSlots]
    """The next slots that are skipped, within a year or up to the last of `fires`."""
    holiday_notes: list[Message]
    """What is not sure about the holidays of this time."""


def preview(
    schedule: Schedule,
    default_timezone: str,
    now_ms: int,
    count: int,
    *,
    jitter_sec: float = 0,
    calendars: Calendars = NO_CALENDARS,
) -> SchedulePreview:
    """Return the preview as of an instant; InvalidSpec if the schedule is not valid or never fires again."""
    compiled = compiled_schedule(schedule, default_timezone, calendars)
    fires = _fires(compiled, now_ms, count)
    if not fires:
        raise never_fires(schedule, compiled, now_ms)
    skipped, unsure = _skipped(compiled, now_ms, fires[-1])
    return SchedulePreview(
        words=schedule_words(schedule, default_timezone, jitter_sec),
        timezone=schedule.timezone or default_timezone,
        fires=fires,
        notes=_notes(compiled, now_ms, fires[-1]),
        ends=schedule.at is not None or schedule.end_at is not None or _is_bounded(schedule),
        skipped=skipped,
        holiday_notes=unsure,
    )


def _skipped(
    compiled: CompiledSchedule, now_ms: int, last_shown: int
) -> tuple[list[SkippedSlots], list[Message]]:
    if not isinstance(compiled, SkippingSchedule):
        return [], []
    last = max(now_ms + _YEAR_MS, last_shown)
    first_year, last_year = (from_ms(at).astimezone(compiled.zone).year for at in (now_ms, last))
    # Fires of a distant year say nothing about the years until then.
    years = range(first_year, min(last_year, first_year + _NOTED_YEARS) + 1)
    return list(islice(compiled.skipped(now_ms + 1, last), MAX_SKIPPED)), holiday_notes(
        compiled.closed, years
    )


def _is_bounded(schedule: Schedule) -> bool:
    return any(f"{name}=" in (schedule.rrule or "").upper() for name in ("COUNT", "UNTIL"))


def _fires(compiled: CompiledSchedule, now_ms: int, count: int) -> list[int]:
    slot = compiled.next_after(now_ms)
    fires: list[int] = []
    while slot is not None and slot <= _LAST_MS and len(fires) < count:
        if fires and slot > fires[0] + _SHOWN_MS:
            break
        fires.append(slot)
        slot = compiled.next_after(slot)
    return fires


def _notes(compiled: CompiledSchedule, now_ms: int, last_shown: int) -> list[DstNote]:
    if not isinstance(compiled.source, WallClockSlots):
        return []
    first = now_ms if compiled.start_ms is None else max(now_ms, compiled.start_ms)
    last = max(first + _NOTED_MS, last_shown)
    return dst_notes(
        compiled.source, first, last if compiled.end_ms is None else min(last, compiled.end_ms - 1)
    )
