"""Names of histogram buckets, as the scripts write them."""

from __future__ import annotations

from bisect import bisect_left

from app.core.storage.histogram import FINE_BOUNDS_MS


def bucket_name(duration_ms: float) -> str:
    """Return the name, in Redis, of the fine bucket of a duration; negative ones belong to the first."""
    return f"b{bisect_left(FINE_BOUNDS_MS, duration_ms)}"
