"""Histogram buckets: their bounds, their names in Redis, percentiles from their counts."""

from __future__ import annotations

import itertools
import random

import pytest

from app.core.storage.histogram import (
    BUCKET_BOUNDS_MS,
    BUCKET_COUNT,
    FINE_BOUNDS_MS,
    FINE_COUNT,
    coarse_counts,
    fine_index,
    lua_bounds,
    percentile,
)
from tests.support.buckets import bucket_name


def counted(values: list[int]) -> list[int]:
    counts = [0] * FINE_COUNT
    for value in values:
        index = fine_index(bucket_name(value))
        assert index is not None
        counts[index] += 1
    return counts


def test_bounds_rise_and_coarse_ones_are_fine_ones() -> None:
    """Coarse counts are exact sums of fine counts."""
    assert list(FINE_BOUNDS_MS) == sorted(set(FINE_BOUNDS_MS))
    assert set(BUCKET_BOUNDS_MS) <= set(FINE_BOUNDS_MS)
    assert FINE_BOUNDS_MS[-1] == 86_400_000


@pytest.mark.parametrize(
    ("duration_ms", "bound"),
    [
        (-5, 0),
        (0, 0),
        (1, 1),
        (1.5, 2),
        (25, 25),
        (250, 250),
        (3_600_000, 3_600_000),
        (86_400_000, 86_400_000),
    ],
)
def test_value_that_equals_a_bound_is_in_its_bucket(duration_ms: float, bound: int) -> None:
    """Prometheus' `le` includes the bound."""
    assert bucket_name(duration_ms) == f"b{FINE_BOUNDS_MS.index(bound)}"


@pytest.mark.parametrize("q", [0.5, 0.95, 0.99])
@pytest.mark.parametrize("spread", ["narrow", "wide", "uniform", "single"])
def test_percentile_is_within_five_per_cent(q: float, spread: str) -> None:
    """Against the exact percentile of the values, from milliseconds to hours."""
    dice = random.Random(spread)
    draw = {
        "narrow": lambda: dice.lognormvariate(5.3, 0.2),
        "wide": lambda: dice.lognormvariate(8, 2.5),
        "uniform": lambda: dice.uniform(0, 1_000),
        "single": lambda: 7_919,
    }[spread]
    for size in (1, 3, 20, 1_000):
        values = sorted(min(86_400_000, round(draw())) for _ in range(size))
        exact = values[max(1, -(-int(q * 1_000) * size // 1_000)) - 1]
        found = percentile(counted(values), q)
        assert found is not None
        assert abs(found - exact) <= 0.05 * exact


def shown_ms(ms: int) -> float:
    """Return a percentile as the dashboard rounds it (`formatEstimate`): three digits, four for hours."""
    for until_ms, unit_ms, digits in ((1_000, 1, 3), (120_000, 1_000, 3), (7_200_000, 60_000, 3)):
        if ms < until_ms:
            return float(f"{ms / unit_ms:.{digits}g}") * unit_ms
    return float(f"{ms / 3_600_000:.4g}") * 3_600_000


def test_percentile_of_each_bucket_is_near_both_its_ends() -> None:
    """No bucket is wider than its middle allows, and the dashboard's rounding still leaves 5 %."""
    for low, high in itertools.pairwise(FINE_BOUNDS_MS):
        middle = percentile(counted([high]), 0.5)
        assert middle is not None
        assert 0.952 * high <= middle <= 1.048 * (low + 1)
        assert 0.95 * high <= shown_ms(middle) <= 1.05 * (low + 1)


def test_percentile_of_nothing_is_none() -> None:
    """Without a single value there is no percentile."""
    assert percentile([0] * FINE_COUNT, 0.5) is None


def test_coarse_counts_are_those_of_the_values() -> None:
    """The Prometheus text has the same cumulative counts as if the values were counted there."""
    dice = random.Random(3)
    values = [round(dice.lognormvariate(7, 3)) for _ in range(2_000)]
    coarse = coarse_counts(counted(values))
    assert len(coarse) == BUCKET_COUNT
    for index, bound in enumerate(BUCKET_BOUNDS_MS):
        assert sum(coarse[: index + 1]) == sum(1 for value in values if value <= bound)
    assert sum(coarse) == len(values)


def test_buckets_of_earlier_versions_are_read() -> None:
    """The index of a coarse bucket counts as its upper bound; other names are no buckets."""
    assert fine_index("3") == FINE_BOUNDS_MS.index(10)
    assert fine_index(str(BUCKET_COUNT - 1)) == FINE_COUNT - 1
    strange = ("", "b", "x", "-1", "b-1", "²", "bb1", str(BUCKET_COUNT), f"b{FINE_COUNT}")
    assert [fine_index(name) for name in strange] == [None] * len(strange)


def test_lua_bounds_are_a_table_of_the_same_numbers() -> None:
    """Scripts and Python count into the same buckets."""
    assert lua_bounds() == "{" + ", ".join(map(str, FINE_BOUNDS_MS)) + "}"
