"""Limits of the API: rates per key, wrong keys; counts of refusals."""

from __future__ import annotations

import ipaddress
import math
from collections import Counter, OrderedDict
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from app.core.background import run_forever, sleep_or_stop
from app.core.i18n import _
from app.core.observability import get_logger
from app.core.storage.scripts import flat, script_row
from app.services.api.http.problems import HttpProblem

if TYPE_CHECKING:
    import asyncio

    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.storage.scripts import Scripts
    from app.services.api.http.auth import Actor

# Counts of refused and cut requests by reason, for the deployment's metrics.

REPORT_SEC: Final = 5.0


class Refusals:
    """Counts of this process since its start. Reasons are words of the code, never of a request."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def count(self, reason: str) -> None:
        """Count one."""
        self.counts[reason] += 1


@script_row("access/count_refused")
class RefusalRow(NamedTuple):
    """How often a process has refused for one reason: the total that Redis confirmed, and the total now."""

    reason: str
    acknowledged: int
    total: int


class RefusalReport:
    """Adds the counts of a process to the metrics in Redis every few seconds."""

    def __init__(self, refusals: Refusals, scripts: Scripts, instance: str) -> None:
        self._refusals = refusals
        self._scripts = scripts
        self._instance = instance
        self._reported: Counter[str] = Counter()

    async def run(self, stop: asyncio.Event) -> None:
        """Report until `stop`."""
        await run_forever("refusals", self._step, stop)

    async def report(self) -> None:
        """Report once, if there is something new."""
        now = Counter(self._refusals.counts)
        rows = [
            RefusalRow(reason, acknowledged=self._reported[reason], total=now[reason])
            for reason in sorted(now)
            if now[reason] != self._reported[reason]
        ]
        # Before the first heartbeat, and after an outage, the counts wait for the next one.
        if not rows:
            return
        word = await self._scripts.run("access/count_refused", *flat(rows), instance=self._instance)
        if word == "OK":
            self._reported = now

    async def _step(self, stop: asyncio.Event) -> None:
        await self.report()
        await sleep_or_stop(stop, REPORT_SEC)


# Rate limits: a token bucket per key, counted by this process alone.
#
# Several API processes allow that many each. Redis is not involved, so the limit costs a request next to
# nothing.

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
        """Take a token and return 0; if there is none, return the seconds until there is one."""
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
        """Count a request; HttpProblem 429 if it exceeds the limit."""
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
        _(
            "{name!r} may send {rate:g} requests a second here ({setting}).",
            name=actor.name,
            rate=rate,
            setting=setting,
        ),
        headers={"Retry-After": str(max(1, math.ceil(wait)))},
    )


# Rate limit for wrong API keys: a token bucket for each address.
#
# Only wrong keys are counted and refused. So a right key is served from the same address, be it a proxy or
# the dashboard of many people, however many wrong ones come from there.

FREE_FAILURES: Final = 10
FAILURES_PER_SEC: Final = 1.0
MOST_PEERS: Final = 10_000
"""Beyond, the address that failed longest ago is forgotten; it has its tokens back by then."""
REASON: Final = "wrong_keys"
_LOG_EACH_SEC: Final = 30.0

log = get_logger(__name__)


class FailedKeys:
    """The buckets of all addresses that sent a wrong key."""

    reason = REASON

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
        self._count(self.reason)
        if now - self._logged_at >= _LOG_EACH_SEC:
            self._logged_at = now
            log.warning("failures are slowed down", peer=peer, reason=self.reason)
        raise self.refusal({"Retry-After": str(max(1, math.ceil(wait)))})

    def refusal(self, headers: dict[str, str]) -> HttpProblem:
        """Return the answer to an address that fails too often."""
        text = _("Too many wrong keys came from this address; a right one is served at once.")
        return HttpProblem("too_many_wrong_keys", text, headers=headers)


class _WrongPings(FailedKeys):
    """The buckets of all addresses that called a wrong ping URL."""

    reason = "wrong_pings"

    def refusal(self, headers: dict[str, str]) -> HttpProblem:
        text = _("Too many wrong ping URLs came from this address; a right one is served at once.")
        return HttpProblem("rate_limited", text, headers=headers)


PINGS_PER_SEC: Final = 5.0
PING_BURST: Final = 60
MOST_TOKENS: Final = 10_000


class PingLimits:
    """A bucket for each ping token, and one for each address with wrong tokens, in this process.

    A flood of one token, or of wrong ones, refuses no ping of another.
    """

    def __init__(self, clock: Clock, count: Callable[[str], None]) -> None:
        self._now = clock.monotonic
        self._count = count
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()
        self.wrong = _WrongPings(clock, count)

    def check(self, token: str) -> None:
        """Count a ping; HttpProblem 429 if the token has no tokens left."""
        now, bucket = self._now(), self._buckets.get(token)
        if bucket is None:
            bucket = self._buckets[token] = TokenBucket(PINGS_PER_SEC, PING_BURST, now)
            if len(self._buckets) > MOST_TOKENS:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(token)
        wait = bucket.take(now)
        if wait:
            self._count("pings")
            text = _("This ping URL may be called {rate:g} times a second.", rate=PINGS_PER_SEC)
            raise HttpProblem("rate_limited", text, headers={"Retry-After": str(max(1, math.ceil(wait)))})

    def forget(self, token: str) -> None:
        """Drop the bucket of a token that turned out to be wrong."""
        self._buckets.pop(token, None)


# Sign-ins at a provider: each makes the API call the provider.

SIGN_INS_PER_SEC: Final = 2.0
SIGN_IN_BURST: Final = 60
ALL_SIGN_INS_PER_SEC: Final = 20.0
ALL_SIGN_INS_BURST: Final = 300


class SignInLimits:
    """A bucket for each address, so that none hides another, and one for all: the provider has limits too."""

    def __init__(self, clock: Clock, count: Callable[[str], None]) -> None:
        self._now = clock.monotonic
        self._count = count
        self._all = TokenBucket(ALL_SIGN_INS_PER_SEC, ALL_SIGN_INS_BURST, clock.monotonic())
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()

    def check(self, address: str) -> None:
        """Count a step of a sign-in; HttpProblem 429 if there are too many from here, or in all."""
        peer, now = peer_of(address), self._now()
        bucket = self._buckets.get(peer)
        if bucket is None:
            bucket = self._buckets[peer] = TokenBucket(SIGN_INS_PER_SEC, SIGN_IN_BURST, now)
            if len(self._buckets) > MOST_PEERS:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(peer)
        wait = bucket.take(now) or self._all.take(now)
        if wait:
            self._count("sign_ins")
            text = _("Too many sign-ins were begun: wait a little, then try again.")
            raise HttpProblem("rate_limited", text, headers={"Retry-After": str(max(1, math.ceil(wait)))})


# The peer that limits count by: an IPv4 address or an IPv6 /64.

_NETWORK_BITS = 64


@lru_cache(maxsize=4_096)
def peer_of(address: str) -> str:
    """Return the peer of an address; a text that is no address is its own. A /64 of IPv6 has one customer."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _NETWORK_BITS), strict=False))
