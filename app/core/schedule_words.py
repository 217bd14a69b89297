"""A schedule in words, as people say it. Pure: instants are told in the zone that is given."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from app.core.cron_words import cron_words
from app.core.words import NOTHING, Words, every

if TYPE_CHECKING:
    from app.core.models import Schedule

_UNITS: Final = (
    (86_400, "hari", "day"),
    (3_600, "jam", "hour"),
    (60, "menit", "minute"),
    (1, "detik", "second"),
)


def schedule_words(schedule: Schedule, default_timezone: str, jitter_sec: float = 0) -> Words:
    """Return a schedule with its zone, bounds and spread; ScheduleError where its cron is none."""
    zone = schedule.timezone or default_timezone
    if schedule.at is not None:
        told = once_words(schedule.at, zone)
    elif schedule.cron is not None:
        told = cron_words(schedule.cron) + Words(f" ({zone})", f" ({zone})")
    else:
        told = interval_words(schedule.interval_sec or 1)
    return told + _bounds(schedule, zone) + _spread(jitter_sec)


def interval_words(seconds: int) -> Words:
    """Return `every 90 seconds`, in the largest unit that fits."""
    size, indonesian, english = next(unit for unit in _UNITS if seconds % unit[0] == 0)
    return every(seconds // size, indonesian, english)


def once_words(at: datetime, zone: str) -> Words:
    """Return `once on 2026-01-31 at 07:00 (Asia/Jakarta)`."""
    date, time = _local(at, zone)
    return Words(f"sekali, {date} pukul {time} ({zone})", f"once, on {date} at {time} ({zone})")


def _bounds(schedule: Schedule, zone: str) -> Words:
    told = NOTHING
    if schedule.start_at is not None:
        date, time = _local(schedule.start_at, zone)
        told += Words(f", mulai {date} pukul {time}", f", from {date} at {time}")
    if schedule.end_at is not None:
        date, time = _local(schedule.end_at, zone)
        told += Words(f", sampai sebelum {date} pukul {time}", f", until before {date} at {time}")
    return told


def _spread(jitter_sec: float) -> Words:
    if not jitter_sec:
        return NOTHING
    return Words(f", disebar sampai {jitter_sec:g} detik", f", spread over up to {jitter_sec:g} seconds")


def _local(at: datetime, zone: str) -> tuple[str, str]:
    try:
        there = at.astimezone(ZoneInfo(zone))
    except OverflowError:  # at the very ends of the calendar: told as it was written
        there = at
    return f"{there:%Y-%m-%d}", f"{there:%H:%M:%S}" if there.second else f"{there:%H:%M}"
