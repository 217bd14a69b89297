"""Describes schedules in words, in both languages. Instants are shown in the zone that is passed in."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from app.core.i18n import Message, _, concat
from app.core.scheduling.cron_words import cron_words, every
from app.core.scheduling.rrule import parse_rrule, rrule_bounds
from app.core.scheduling.rrule_words import count_words, rrule_words
from app.core.scheduling.skip_words import skip_words

if TYPE_CHECKING:
    from app.core.models import Schedule

_UNITS: Final = (
    (86_400, "day"),
    (3_600, "hour"),
    (60, "minute"),
    (1, "second"),
)


def schedule_words(schedule: Schedule, default_timezone: str, jitter_sec: float = 0) -> Message:
    """Return a schedule with its zone, bounds and spread; ScheduleError if it is not valid."""
    zone = schedule.timezone or default_timezone
    if schedule.at is not None:
        date, time = _local(schedule.at, zone)
        words = _("once, on {date} at {time} ({zone})", date=date, time=time, zone=zone)
    elif schedule.cron is not None:
        words = concat(cron_words(schedule.cron), f" ({zone})")
    elif schedule.rrule is not None:
        words = concat(_rule(schedule, schedule.rrule, ZoneInfo(zone)), f" ({zone})")
    else:
        words = interval_words(schedule.interval_sec or 1)
        if schedule.skip is not None:
            words = concat(words, f" ({zone})")
    skipped = concat() if schedule.skip is None else skip_words(schedule.skip, schedule.on_skip)
    parts = (words, skipped, *_bounds(schedule, zone), _spread(jitter_sec))
    return concat(*filter(None, parts), separator=", ")


def _rule(schedule: Schedule, text: str, zone: ZoneInfo) -> Message:
    words = [rrule_words(text, parse_rrule(text, zone, schedule.start_at))]
    count, until = rrule_bounds(text, zone)
    if count is not None:
        words.append(count_words(count))
    if until is not None:
        date, time = f"{until:%Y-%m-%d}", f"{until:%H:%M}"
        words.append(_("until {date} at {time}", date=date, time=time))
    return concat(*words, separator=", ")


def interval_words(seconds: int) -> Message:
    """Return `every 90 seconds`, in the largest unit that fits."""
    size, unit = next(unit for unit in _UNITS if seconds % unit[0] == 0)
    return every(seconds // size, unit)


def _bounds(schedule: Schedule, zone: str) -> list[Message]:
    words: list[Message] = []
    if schedule.start_at is not None:
        date, time = _local(schedule.start_at, zone)
        words.append(_("from {date} at {time}", date=date, time=time))
    if schedule.end_at is not None:
        date, time = _local(schedule.end_at, zone)
        words.append(_("until before {date} at {time}", date=date, time=time))
    return words


def _spread(jitter_sec: float) -> Message:
    if not jitter_sec:
        return concat()
    return _("spread over up to {seconds:g} seconds", seconds=jitter_sec)


def _local(at: datetime, zone: str) -> tuple[str, str]:
    try:
        there = at.astimezone(ZoneInfo(zone))
    except OverflowError:  # at the very ends of the calendar: shown as it was written
        there = at
    return f"{there:%Y-%m-%d}", f"{there:%H:%M:%S}" if there.second else f"{there:%H:%M}"
