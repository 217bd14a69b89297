"""Looks up unknown keys and sessions in Redis, within limits.

A key may be used before the notification of it has arrived here. A look-up is one small command; the limits
are for strangers who guess. Beyond a limit an unknown key is refused without a look-up.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from app.core.access.records import stored_id_of
from app.core.access.sessions import session_id_of
from app.services.api.http.limits import MOST_PEERS, TokenBucket, peer_of

if TYPE_CHECKING:
    from app.core.clock import Clock

# Each process looks a new token up once, if it comes before its notification. So 200 new tokens may come from
# one proxy at once. Guesses cost Redis 200 small commands a second at most, a few thousandths of its time.
OF_PEER_PER_SEC: Final = 50.0
OF_PEER_BURST: Final = 200
OF_ALL_PER_SEC: Final = 200.0
OF_ALL_BURST: Final = 1_000
MAX_USELESS: Final = 1_000


class KeyLookup:
    """Returns whether Redis has an unknown key or session; requests with one token share a look-up."""

    def __init__(self, is_stored: Callable[[str], Awaitable[bool]], clock: Clock) -> None:
        self._is_stored = is_stored
        self._now = clock.monotonic
        self._of_all = TokenBucket(OF_ALL_PER_SEC, OF_ALL_BURST, self._now())
        self._of_peers: OrderedDict[str, TokenBucket] = OrderedDict()
        self._running: dict[str, asyncio.Task[bool]] = {}
        self._useless: set[str] = set()

    async def find(self, token: str, address: str) -> bool:
        """Return whether Redis has it; False also beyond the limits."""
        # Only such tokens are ever stored; others cost nothing.
        if not (stored_id_of(token) or session_id_of(token)) or token in self._useless:
            return False
        task = self._running.get(token)
        if task is None:
            if not self._may(peer_of(address)):
                return False
            task = self._running[token] = asyncio.create_task(self._look(token))
        # The request that began it may be cancelled; others wait for the same answer.
        return await asyncio.shield(task)

    def was_useless(self, token: str) -> None:
        """Remember that Redis has it and that it is refused all the same: it is not looked up again."""
        if len(self._useless) >= MAX_USELESS:
            self._useless.clear()
        self._useless.add(token)

    def forget(self) -> None:
        """Look everything up again: keys or sessions have changed."""
        self._useless.clear()

    async def _look(self, token: str) -> bool:
        try:
            return await self._is_stored(token)
        finally:
            del self._running[token]

    def _may(self, peer: str) -> bool:
        now, bucket = self._now(), self._of_peers.get(peer)
        if bucket is None:
            bucket = self._of_peers[peer] = TokenBucket(OF_PEER_PER_SEC, OF_PEER_BURST, now)
            if len(self._of_peers) > MOST_PEERS:
                self._of_peers.popitem(last=False)
        self._of_peers.move_to_end(peer)
        # The address first: one that guesses too fast takes nothing from the others.
        return not bucket.take(now) and not self._of_all.take(now)
