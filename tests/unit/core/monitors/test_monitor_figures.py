"""Sums of a monitor's roll-ups over a period."""

from __future__ import annotations

from app.core.clock import DAY_MS, QUARTER_MS, QUARTERS
from app.core.monitors.figures import time_within
from app.core.monitors.models import TimeByState

DAY = 100


def test_time_within_takes_the_quarter_hours_of_a_period() -> None:
    """States are kept apart; a quarter hour that is begun counts, others do not."""
    first = DAY * QUARTERS
    quarters = {first - 1: TimeByState(1), first: TimeByState(down=10), first + 1: TimeByState(2, 3, 4)}
    found = time_within({}, quarters, DAY - 1, DAY * DAY_MS + 5, DAY * DAY_MS + QUARTER_MS + 1)
    assert found == TimeByState(2, 3, 14)
    assert time_within({}, quarters, DAY - 1, DAY * DAY_MS, DAY * DAY_MS + QUARTER_MS) == TimeByState(down=10)


def test_time_within_takes_whole_days_of_which_no_quarter_hours_are_left() -> None:
    """A day counts once: by its quarter hours, or in full."""
    days = {DAY - 2: TimeByState(100), DAY - 1: TimeByState(1_000), DAY: TimeByState(5)}
    quarters = {DAY * QUARTERS: TimeByState(5)}
    assert time_within(days, quarters, DAY, (DAY - 1) * DAY_MS + 9, (DAY + 1) * DAY_MS) == TimeByState(1_005)
    assert time_within(days, quarters, DAY, (DAY - 5) * DAY_MS, DAY * DAY_MS) == TimeByState(1_100)
