"""Periods in quarter hours, sums of roll-up fields, and the time in each state."""

from __future__ import annotations

from app.core.statistics.availability import DAY_MS, QUARTER_MS, DayTally, add_time, spread, time_by_state
from app.core.statistics.periods import Period, RunFigures, Tally, fields_within


def test_period_touches_whole_quarter_hours() -> None:
    """A quarter hour that is begun counts; one that begins with the end does not."""
    assert list(Period(0, 2 * QUARTER_MS).quarters) == [0, 1]
    assert list(Period(QUARTER_MS - 1, QUARTER_MS + 1).quarters) == [0, 1]
    assert list(Period(DAY_MS - 1, DAY_MS).days) == [0]
    assert list(Period(DAY_MS - 1, DAY_MS + 1).days) == [0, 1]


def test_fields_are_taken_by_quarter_hour() -> None:
    """Only the quarter hours of the period count, over the edge of a day too."""
    days = {
        0: {"94|success": "1", "95|success": "2", "95|duration|3": "2"},
        1: {"0|failed": "4", "1|ms": "9"},
    }
    found = list(fields_within(days, range(95, 97)))
    assert found == [("success", 2), ("duration|3", 2), ("failed", 4)]


def test_tally_adds_up_ends_and_durations() -> None:
    """Ends by status, time in all, percentiles as bounds of buckets; fields that say nothing are left out."""
    tally = Tally()
    for name, number in (("success", 3), ("failed", 1), ("cancelled", 2), ("ms", 40), ("started", 9)):
        tally.add(name, number)
    tally.add("duration|0", 5)
    tally.add("duration|3", 1)
    figures = tally.figures()
    assert (figures.runs, figures.total_ms, figures.p50_ms, figures.p95_ms) == (6, 40, 1, 10)
    assert figures.success_rate == 0.75
    assert RunFigures().success_rate is None


def test_stretch_of_time_is_spread_over_quarter_hours() -> None:
    """Every ms is in one quarter hour, whatever the length and the day."""
    parts = list(spread(DAY_MS - QUARTER_MS - 5, DAY_MS + 7))
    assert parts == [(0, 94, 5), (0, 95, QUARTER_MS), (1, 0, 7)]
    assert list(spread(5, 5)) == []


def test_time_by_state_sums_the_quarter_hours_of_a_period() -> None:
    """States are kept apart, and what lies outside is left out."""
    days: dict[int, DayTally] = {0: {}, 1: {}}
    add_time(days[0], 95, "down", 10)
    add_time(days[1], 0, "up", 20)
    add_time(days[1], 0, "down", 1)
    add_time(days[1], 1, "degraded", 30)
    assert time_by_state(days, 95, 97) == {"up": 20, "degraded": 0, "down": 11, "not_configured": 0}
