"""Names of histogram buckets, as the scripts write them, and distributions of durations."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Callable

from app.core.storage.histogram import FINE_BOUNDS_MS


def bucket_name(duration_ms: float) -> str:
    """Return the name, in Redis, of the fine bucket of a duration; negative ones belong to the first."""
    return f"b{bisect_left(FINE_BOUNDS_MS, duration_ms)}"


def random_distribution(dice: random.Random) -> Callable[[], float]:
    """Return draws of one random shape, in ms: its middle is between 2 ms and two hours."""
    middle = 10 ** dice.uniform(0.3, 6.9)
    spread = dice.uniform(0.05, 3)
    other = 10 ** dice.uniform(0.3, 6.9)
    share = dice.random()
    return dice.choice(
        (
            lambda: dice.lognormvariate(0, spread) * middle,
            lambda: dice.uniform(0, middle),
            lambda: dice.expovariate(1 / middle),
            lambda: dice.paretovariate(spread) * middle,
            lambda: dice.weibullvariate(middle, spread),
            lambda: middle if dice.random() < share else other,
            lambda: dice.gauss(middle, middle / 10) if dice.random() < share else dice.uniform(0, other),
        )
    )
