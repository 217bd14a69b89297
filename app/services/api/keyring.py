"""The keys that the API goes by: read once before the first request, then again every one and a half seconds.

What is known of their use goes the other way at the same time, a day at a time: a write a key and a day.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING

from app.core.loops import keep_going, pause

if TYPE_CHECKING:
    import asyncio

    from app.core.api_keys import Keyring
    from app.core.clock import Clock

# A new or revoked key counts on every replica within two seconds; reading takes a part of them.
REFRESH_SEC = 1.5
DAY_MS = 86_400_000


class KeyWatch:
    """Holds the keyring of now; with Redis away the last one goes on being used."""

    def __init__(
        self,
        load: Callable[[], Awaitable[Keyring]],
        each_sec: float = REFRESH_SEC,
        *,
        clock: Clock | None = None,
        mark_used: Callable[[Iterable[str], int], Awaitable[None]] | None = None,
    ) -> None:
        self._load = load
        self._each_sec = each_sec
        self._clock = clock
        self._mark_used = mark_used
        self._keyring: Keyring | None = None
        self._marked: dict[str, int] = {}
        self.used: set[str] = set()
        """Ids of the keys that came since the last reading; the guard adds them."""

    async def current(self) -> Keyring:
        """Return the keyring; raises Unavailable as long as none could ever be read."""
        # Nobody is let in on the guess that there are no keys.
        return await self.refresh() if self._keyring is None else self._keyring

    async def refresh(self) -> Keyring:
        """Read the keys now."""
        self._keyring = await self._load()
        return self._keyring

    async def run(self, stop: asyncio.Event) -> None:
        """Read them again and again until `stop`."""
        await keep_going("keys", self._step, stop)

    async def _step(self, stop: asyncio.Event) -> None:
        await self.mark()
        await pause(stop, self._each_sec)

    async def mark(self) -> None:
        """Read the keys, and keep which of them were used today."""
        keyring = await self.refresh()
        if self._clock is None or self._mark_used is None:
            return
        used, self.used = self.used, set()
        day_ms = self._clock.now_ms() // DAY_MS * DAY_MS
        # Not those that were revoked meanwhile: their last use was forgotten with them.
        fresh = [key_id for key_id in used if key_id in keyring and self._marked.get(key_id) != day_ms]
        await self._mark_used(fresh, day_ms)
        self._marked.update(dict.fromkeys(fresh, day_ms))
