"""The lease of an account: one connector at a time serves it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from app.core.background import run_forever, sleep_or_stop
from app.core.errors import Unavailable
from app.core.observability import get_logger

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.storage.scripts import Scripts

LEASE_MS = 10_000
"""How long an account has no connector after its own was killed; LEASE_SEC may make it shorter."""
_RENEWALS = 3
# The rest of the lease is for a call that starts in the last trusted moment.
_TRUSTED_SHARE = 0.8
_GIVE_SEC = 2.0

log = get_logger(__name__)


class AccountLease:
    """One session's claim on an account. `owner` is new for each session, so an old session holds nothing."""

    def __init__(self, scripts: Scripts, clock: Clock, account: str, owner: str, lease_ms: int) -> None:
        self.owner = owner
        self._scripts = scripts
        self._clock = clock
        self._account = account
        self._lease_ms = lease_ms
        self._trusted_until = float("-inf")

    async def take(self) -> bool:
        """Take or renew it; False if another connector has it."""
        # Measured before the call: the reply may arrive long after Redis started the lease.
        asked = self._clock.boottime()
        if await self._run("take") != "YES":
            self._trusted_until = float("-inf")
            return False
        self._trusted_until = asked + self._lease_ms / 1000 * _TRUSTED_SHARE
        return True

    @property
    def trusted(self) -> bool:
        """True while no other connector can have the lease; nothing is sent otherwise."""
        return self._clock.boottime() < self._trusted_until

    async def give(self) -> None:
        """Release the lease, so that the next connector need not wait."""
        self._trusted_until = float("-inf")
        try:
            async with asyncio.timeout(_GIVE_SEC):
                await self._run("give")
        except (Unavailable, TimeoutError):
            log.warning("a lease lapses by itself: Redis is out of reach", account=self._account)

    async def _run(self, action: str) -> str:
        ends = {"owner": self.owner, "lease_ms": self._lease_ms, "action": action}
        return await self._scripts.run("accounts/lease", account=self._account, **ends)

    async def keep(self, over: asyncio.Event, lost: asyncio.Event) -> None:
        """Renew it until `over`; sets `lost` if another connector has it, or if this fails."""

        async def step(stop: asyncio.Event) -> None:
            await sleep_or_stop(stop, self._lease_ms / 1000 / _RENEWALS)
            if not stop.is_set() and not await self.take():
                log.warning("another connector serves the account", account=self._account)
                lost.set()

        try:
            await run_forever("account lease", step, over)
        finally:
            lost.set()
