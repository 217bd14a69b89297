"""Until when quiet hours last, compared with a look at each minute."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.core.alerting.hours import closed_until
from app.core.clock import DAY_MS, to_ms
from app.core.models import Calendar, Skip
from app.core.scheduling.skip_rules import closed_times
from app.core.scheduling.skipping import closed_at

MINUTE_MS = 60_000
CALENDARS = {"leave": Calendar(dates=["2026-03-29", "2026-10-25"])}
SKIPS = (
    Skip(windows=["22:00-07:00"]),
    Skip(windows=["00:00-12:00", "12:00-24:00"]),
    Skip(windows=["02:10-02:50", "02:50-03:20"], weekdays=[6]),
    Skip(calendars=["leave"], windows=["20:00-24:00"]),
)


def _by_minute(skip: Skip, zone: ZoneInfo, now_ms: int) -> int | None:
    closed = closed_times(skip, CALENDARS)
    if closed_at(closed, zone, now_ms) is None:
        return None
    first = (now_ms // MINUTE_MS + 1) * MINUTE_MS
    last = first + DAY_MS
    return next((at for at in range(first, last, MINUTE_MS) if closed_at(closed, zone, at) is None), last)


@pytest.mark.parametrize("skip", SKIPS, ids=str)
@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Europe/Berlin", "Australia/Lord_Howe"])
def test_quiet_hours_end_as_a_look_at_each_minute_says(skip: Skip, zone: str) -> None:
    """Also across midnight, holidays and both changes of the clocks; a day ahead at most."""
    dice, where = random.Random(13), ZoneInfo(zone)
    days = [to_ms(datetime(2026, month, day, tzinfo=UTC)) for month, day in ((3, 28), (10, 24), (4, 4))]
    for _turn in range(12):
        now_ms = dice.choice(days) + dice.randrange(2 * DAY_MS)
        found, expected = closed_until(CALENDARS, where, now_ms)(skip), _by_minute(skip, where, now_ms)
        if found is None or expected is None:
            assert found == expected
        else:
            # Without an end within a day the bound is a day from now.
            assert found == expected or now_ms + DAY_MS == found >= expected - MINUTE_MS
