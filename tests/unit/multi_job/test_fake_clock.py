"""The test kit's clock: elapsed time and the wall clock, apart when somebody sets it."""

from __future__ import annotations

from datetime import UTC, datetime

from multi_job.testing import FakeClock


def test_clock_advances_and_jumps() -> None:
    """Time that passes moves both clocks; a clock that is set moves alone."""
    clock = FakeClock(datetime(2026, 5, 1, tzinfo=UTC))
    clock.advance(1.5)
    assert (clock.now(), clock.monotonic()) == (datetime(2026, 5, 1, 0, 0, 1, 500_000, tzinfo=UTC), 1.5)
    clock.jump(-3_600)
    assert (clock.now().hour, clock.now().day, clock.boottime()) == (23, 30, 1.5)
