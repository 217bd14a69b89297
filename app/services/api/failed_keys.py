"""Rate limit for wrong API keys: a token bucket for each address.

Only wrong keys are counted and refused. So a right key is served from the same address, be it a proxy or the
dashboard of many people, however many wrong ones come from there.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from app.core.observability import get_logger
from app.services.api.peers import peer_of
from app.services.api.problems import HttpProblem
from app.services.api.rate_limit import TokenBucket

if TYPE_CHECKING:
    from app.core.clock import Clock

FREE_FAILURES: Final = 10
FAILURES_PER_SEC: Final = 1.0
MOST_PEERS: Final = 10_000
"""Beyond, the address that failed longest ago is forgotten; it has its tokens back by then."""
REASON: Final = "wrong_keys"
_LOG_EACH_SEC: Final = 30.0

log = get_logger(__name__)


class FailedKeys:
    """The buckets of all addresses that sent a wrong key."""

    def __init__(self, clock: Clock, count: Callable[[str], None]) -> None:
        self._now = clock.monotonic
        self._count = count
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()
        self._logged_at = float("-inf")

    def __len__(self) -> int:
        return len(self._buckets)

    def failed(self, address: str) -> None:
        """Count a wrong key; HttpProblem 429 from the eleventh on that comes faster than one a second."""
        peer, now = peer_of(address), self._now()
        bucket = self._buckets.get(peer)
        if bucket is None:
            bucket = self._buckets[peer] = TokenBucket(FAILURES_PER_SEC, FREE_FAILURES, now)
            if len(self._buckets) > MOST_PEERS:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(peer)
        wait = bucket.take(now)
        if wait:
            self._refuse(peer, wait, now)

    def _refuse(self, peer: str, wait: float, now: float) -> None:
        self._count(REASON)
        if now - self._logged_at >= _LOG_EACH_SEC:
            self._logged_at = now
            log.warning("wrong keys are slowed down", peer=peer)
        raise HttpProblem(
            "too_many_wrong_keys",
            "Too many wrong keys came from this address; a right one is served at once. / "
            "Terlalu banyak kunci salah dari alamat ini; kunci yang benar tetap dilayani.",
            headers={"Retry-After": str(max(1, math.ceil(wait)))},
        )
