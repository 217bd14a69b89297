"""Quiet hours: until when a message waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from app.core.scheduling.cron import DAY_MS, ScheduleError
from app.core.scheduling.skip_rules import closed_times
from app.core.scheduling.timezone import period_at

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from app.core.models import Calendar, Skip

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
    reached, last = now_ms, now_ms + DAY_MS
    while reached < last:
        piece = period_at(zone, reached)
        day, time = divmod(reached + piece.offset, DAY_MS)
        closes = DAY_MS
        if closed.day_reason(day) is None:
            window = closed.window_at(time)
            if window is None:
                break
            closes = window.end
        # A change of the clocks ends a part of a day: behind it, the same times may come once more.
        reached = min(day * DAY_MS + closes - piece.offset, piece.end)
    return None if reached == now_ms else min(reached, last)
