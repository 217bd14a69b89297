from __future__ import annotations

import pytest

from app.core.buckets import BUCKET_BOUNDS_MS, BUCKET_COUNT, bucket_index, lua_bounds, percentile


@pytest.mark.parametrize(
    ("duration_ms", "index"),
    [(-5, 0), (0, 0), (1, 0), (1.5, 1), (2, 1), (3, 2), (3_600_000, 17), (3_600_001, 18)],
)
def test_bucket_index_puts_a_bound_into_its_own_bucket(duration_ms: float, index: int) -> None:
    """A value that equals a bound is not beyond it, as Prometheus' `le` says."""
    assert bucket_index(duration_ms) == index


def test_bucket_bounds_rise_and_count_one_more_bucket() -> None:
    """Cumulative counts make sense only over rising bounds, with +Inf behind them."""
    assert list(BUCKET_BOUNDS_MS) == sorted(set(BUCKET_BOUNDS_MS))
    assert len(BUCKET_BOUNDS_MS) + 1 == BUCKET_COUNT


def test_percentile_of_nothing_is_none() -> None:
    """Without a single value there is no percentile."""
    assert percentile([0] * BUCKET_COUNT, 0.5) is None


@pytest.mark.parametrize(("q", "bound"), [(0.0, 1), (0.5, 1), (0.51, 10), (0.99, 10), (1.0, 3_600_000)])
def test_percentile_is_the_upper_bound_of_its_bucket(q: float, bound: int) -> None:
    """Half of the values at 1 ms, nearly half at 10 ms, one past all bounds."""
    counts = [0] * BUCKET_COUNT
    counts[0], counts[3], counts[-1] = 100, 99, 1
    assert percentile(counts, q) == bound


def test_lua_bounds_are_a_table_of_the_same_numbers() -> None:
    """Scripts and Python count into the same buckets."""
    assert lua_bounds() == "{" + ", ".join(map(str, BUCKET_BOUNDS_MS)) + "}"
