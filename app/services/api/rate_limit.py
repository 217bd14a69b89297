"""How many requests a key may send: a token bucket each, counted by this process alone.

Several API processes allow that many each; nothing is asked of Redis, so the limit costs a request next to
nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from app.services.api.problems import HttpProblem

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.services.api.auth import Actor

MAX_BUCKETS = 4_096
"""More than there can be keys; beyond, revoked ones are let go of."""


class TokenBucket:
    """Lets `burst` through at once and `rate` a second in the long run."""

    __slots__ = ("_at", "_burst", "_rate", "_tokens")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = burst
        self._at = now

    def take(self, now: float) -> float:
        """Take a token and return 0; where there is none, return in how many seconds there will be."""
        tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if tokens < 1:
            self._tokens = tokens
            return (1 - tokens) / self._rate
        self._tokens = tokens - 1
        return 0.0


class RateLimiter:
    """The buckets of all keys; one for all requests that need none."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._keyed = settings.rate_limit_per_sec
        self._keyless = settings.rate_limit_keyless_per_sec
        self._burst = settings.rate_limit_burst
        self._now: Callable[[], float] = clock.monotonic
        self._buckets: dict[str, TokenBucket] = {}

    def __len__(self) -> int:
        return len(self._buckets)

    def check(self, actor: Actor) -> None:
        """Count a request; HttpProblem 429 where it is one too many."""
        rate = self._keyed if actor.key_id else self._keyless
        if rate:
            now = self._now()
            bucket = self._buckets.get(actor.key_id) or self._open(actor.key_id, rate, now)
            wait = bucket.take(now)
            if wait:
                raise _too_many(actor, rate, wait)

    def _open(self, key_id: str, rate: float, now: float) -> TokenBucket:
        if len(self._buckets) >= MAX_BUCKETS:
            self._buckets.clear()
        bucket = self._buckets[key_id] = TokenBucket(rate, self._burst, now)
        return bucket


def _too_many(actor: Actor, rate: float, wait: float) -> HttpProblem:
    setting = "RATE_LIMIT_PER_SEC" if actor.key_id else "RATE_LIMIT_KEYLESS_PER_SEC"
    return HttpProblem(
        "rate_limited",
        f"{actor.name!r} may send {rate:g} requests a second here ({setting}). / "
        f"{actor.name!r} hanya boleh mengirim {rate:g} permintaan per detik.",
        headers={"Retry-After": str(max(1, math.ceil(wait)))},
    )
