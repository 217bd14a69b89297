"""Histogram buckets: fine ones in Redis, coarse ones for Prometheus.

A bucket's index counts from 0; the last, past all bounds, is +Inf. A value that equals a bound belongs to
the bucket of that bound (Prometheus' `le`). Every coarse bound is a fine bound too, so coarse counts are
sums of fine counts. In Redis a fine bucket is named `b<index>`; earlier versions wrote the index of a coarse
bucket alone.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate

# From a no-op in the loop (1 ms) to an hour; dense where people tune (5 ms to 1 s).
BUCKET_BOUNDS_MS = (
    *(1, 2, 5, 10, 25, 50, 100, 250, 500),
    *(1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 900_000, 3_600_000),
)
BUCKET_COUNT = len(BUCKET_BOUNDS_MS) + 1
_LONGEST_MS = 86_400_000
"""The longest time-out of a run."""
_EXACT_TO_MS = 50
_RATIO = 1.1
"""A value in the middle of a bucket is within 4.8 % of all values of the bucket; rounding may add 0.2 %."""


def _fine_bounds() -> tuple[int, ...]:
    """Return each millisecond up to 50, then steps of at most 10 % from one coarse bound to the next."""
    bounds = list(range(_EXACT_TO_MS + 1))
    for bound in (*(each for each in BUCKET_BOUNDS_MS if each > _EXACT_TO_MS), _LONGEST_MS):
        start = bounds[-1]
        steps = math.ceil(math.log(bound / start) / math.log(_RATIO))
        bounds += [round(start * (bound / start) ** (step / steps)) for step in range(1, steps + 1)]
    return tuple(bounds)


FINE_BOUNDS_MS = _fine_bounds()
FINE_COUNT = len(FINE_BOUNDS_MS) + 1
_COARSE_OF_FINE = tuple(bisect_left(BUCKET_BOUNDS_MS, bound) for bound in (*FINE_BOUNDS_MS, math.inf))


def fine_index(name: str) -> int | None:
    """Return the index of the fine bucket with this name; None if it is no bucket.

    A coarse bucket of an earlier version counts as the fine bucket of its upper bound.
    """
    digits = name.removeprefix("b")
    if not digits.isascii() or not digits.isdecimal():
        return None
    index = int(digits)
    if name != digits:
        return index if index < FINE_COUNT else None
    if index >= BUCKET_COUNT:
        return None
    return FINE_COUNT - 1 if index == BUCKET_COUNT - 1 else FINE_BOUNDS_MS.index(BUCKET_BOUNDS_MS[index])


def coarse_counts(counts: Sequence[int]) -> list[int]:
    """Return the counts of the coarse buckets from those of the fine ones."""
    coarse = [0] * BUCKET_COUNT
    for index, count in enumerate(counts):
        coarse[_COARSE_OF_FINE[index]] += count
    return coarse


def percentile(counts: Sequence[int], q: float) -> int | None:
    """Return the q-quantile (q in 0–1) of fine counts in ms, within 4.8 %; None if all are 0.

    Up to 50 ms it is exact. Past a day nothing is known, so a day is returned.
    """
    return percentiles(counts, (q,))[0]


def percentiles(counts: Sequence[int], shares: Sequence[float]) -> list[int | None]:
    """Return several quantiles of fine counts, each as `percentile` does."""
    totals = list(accumulate(counts))
    if not totals or totals[-1] == 0:
        return [None for _ in shares]
    return [_middle_ms(bisect_left(totals, max(1, math.ceil(q * totals[-1])))) for q in shares]


def _middle_ms(index: int) -> int:
    upper = FINE_BOUNDS_MS[min(index, len(FINE_BOUNDS_MS) - 1)]
    if index == 0 or index >= len(FINE_BOUNDS_MS):
        return upper
    lower = FINE_BOUNDS_MS[index - 1] + 1
    # Equally far, as a share, from both ends.
    return round(2 * lower * upper / (lower + upper))


def lua_bounds() -> str:
    """Return the fine bounds as a Lua table; its i-th entry (from 1) bounds the bucket of index i - 1."""
    return "{" + ", ".join(str(bound) for bound in FINE_BOUNDS_MS) + "}"
