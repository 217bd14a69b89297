"""Up to which instant a monitor's time is counted for good."""

from __future__ import annotations

import pytest

from app.core.clock import HOUR_MS
from app.core.monitors.present import counted_until

SEEN, NOW = 50 * HOUR_MS, 90 * HOUR_MS


@pytest.mark.parametrize(
    ("state", "until"),
    [("up", SEEN), ("degraded", SEEN), ("down", SEEN), ("paused", NOW - HOUR_MS), ("unknown", NOW - HOUR_MS)],
)
def test_time_is_counted_up_to_the_last_check(state: str, until: int) -> None:
    """The next check counts the time from there on; a paused or unknown monitor counts none before it."""
    assert counted_until({"state": state, "seen": str(SEEN)}, NOW) == until
