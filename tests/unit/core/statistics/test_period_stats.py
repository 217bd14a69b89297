"""Periods in quarter hours, sums of roll-up fields, and the time in each state."""

from __future__ import annotations

import math
import random

import pytest

from app.core.clock import DAY_MS, QUARTER_MS
from app.core.statistics.periods import Period, RunFigures, Tally, fields_within
from tests.support.buckets import bucket_name, random_distribution


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
    """Ends by status, time in all, percentiles of durations; fields that say nothing are left out."""
    tally = Tally()
    for name, number in (("success", 3), ("failed", 1), ("cancelled", 2), ("ms", 40), ("started", 9)):
        tally.add(name, number)
    tally.add("duration|b1", 5)
    tally.add("b10", 1)
    figures = tally.figures()
    assert (figures.runs, figures.total_ms, figures.p50_ms, figures.p95_ms) == (6, 40, 1, 10)
    assert figures.success_rate == 0.75
    assert RunFigures().success_rate is None


def test_coarse_buckets_of_an_earlier_version_give_no_percentile() -> None:
    """A bucket's edge is no measurement; other histograms and the counts stay."""
    tally, merged = Tally(), Tally()
    for name, number in (("duration|3", 2), ("b10", 5), ("wait|b7", 4), ("success", 7)):
        tally.add(name, number)
    merged.merge(tally)
    for each in (tally, merged):
        assert (each.percentile("duration", 0.5), each.percentile("wait", 0.5)) == (None, 7)
        assert each.figures().success == 7


@pytest.mark.parametrize("seed", range(60))
def test_percentiles_of_any_distribution_are_within_five_per_cent(seed: int) -> None:
    """Random shapes from milliseconds to hours, counted in several histograms."""
    dice = random.Random(seed)
    draw = random_distribution(dice)
    values = [min(86_400_000, max(0, round(draw()))) for _ in range(dice.choice((1, 2, 5, 20, 100, 1_500)))]
    parts = [Tally() for _ in range(dice.randrange(1, 9))]
    for value in values:
        dice.choice(parts).add(f"duration|{bucket_name(value)}", 1)
    total = Tally()
    for part in parts:
        total.merge(part)
    values.sort()
    for q in (0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 1):
        exact = values[max(1, math.ceil(q * len(values))) - 1]
        found = total.percentile("duration", q)
        assert found is not None
        assert abs(found - exact) <= 0.05 * exact
