"""Histogram buckets: the same bounds in Lua, in roll-ups and in the Prometheus text.

A bucket's index counts from 0; the last, past all bounds, is +Inf. A value that equals a bound belongs
to the bucket of that bound (Prometheus' `le`).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence

# From a no-op in the loop (1 ms) to an hour; dense where people tune (5 ms to 1 s).
BUCKET_BOUNDS_MS = (
    1,
    2,
    5,
    10,
    25,
    50,
    100,
    250,
    500,
    1000,
    2500,
    5000,
    10_000,
    30_000,
    60_000,
    300_000,
    900_000,
    3_600_000,
)
BUCKET_COUNT = len(BUCKET_BOUNDS_MS) + 1


def bucket_index(duration_ms: float) -> int:
    """Return the index of the bucket that a duration belongs to; negative ones belong to the first."""
    return bisect_left(BUCKET_BOUNDS_MS, duration_ms)


def percentile(counts: Sequence[int], q: float) -> int | None:
    """Return the upper bound in ms of the bucket that holds the q-quantile (q in 0–1); None where all are 0.

    Past the last bound nothing is known, so the last bound stands for +Inf.
    """
    total = sum(counts)
    if total == 0:
        return None
    rank = max(1, math.ceil(q * total))
    seen = 0
    for index, count in enumerate(counts):
        seen += count
        if seen >= rank:
            return BUCKET_BOUNDS_MS[min(index, len(BUCKET_BOUNDS_MS) - 1)]
    return BUCKET_BOUNDS_MS[-1]


def lua_bounds() -> str:
    """Return the bounds as a Lua table; its i-th entry (from 1) bounds the bucket of index i - 1."""
    return "{" + ", ".join(str(bound) for bound in BUCKET_BOUNDS_MS) + "}"
