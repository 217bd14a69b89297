"""Quiet hours: until when a message waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from app.core.scheduling.cron import ScheduleError
from app.core.scheduling.skip_rules import closed_times
from app.core.scheduling.skipping import closed_at

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from app.core.models import Calendar, Skip

MINUTE_MS = 60_000
_MOST_MINUTES = 24 * 60
ClosedUntil = Callable[["Skip"], int | None]
"""Returns until when a skip is closed now, ms; None if it is open."""


def closed_until(calendars: Mapping[str, Calendar], zone: ZoneInfo, now_ms: int) -> ClosedUntil:
    """Return the function that says until when messages wait at an instant, a day ahead at most.

    Hours that cannot be computed hold nothing back: a calendar may have gone with a restore.
    """
    known: dict[str, int | None] = {}

    def of(skip: Skip) -> int | None:
        key = skip.model_dump_json()
        if key not in known:
            known[key] = _closed_until(skip, calendars, zone, now_ms)
        return known[key]

    return of


def _closed_until(skip: Skip, calendars: Mapping[str, Calendar], zone: ZoneInfo, now_ms: int) -> int | None:
    try:
        closed = closed_times(skip, calendars)
    except ScheduleError:
        return None
    if closed_at(closed, zone, now_ms) is None:
        return None
    # Windows and days begin and end with a minute.
    first = (now_ms // MINUTE_MS + 1) * MINUTE_MS
    last = first + _MOST_MINUTES * MINUTE_MS
    return next(
        (each for each in range(first, last, MINUTE_MS) if closed_at(closed, zone, each) is None), last
    )
