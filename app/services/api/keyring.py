"""The keys that the API goes by: read once before the first request, then again every two seconds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from app.core.loops import keep_going, pause

if TYPE_CHECKING:
    import asyncio

    from app.core.api_keys import Keyring

# A new or revoked key counts on every replica within this.
REFRESH_SEC = 2.0


class KeyWatch:
    """Holds the keyring of now; with Redis away the last one goes on being used."""

    def __init__(self, load: Callable[[], Awaitable[Keyring]], each_sec: float = REFRESH_SEC) -> None:
        self._load = load
        self._each_sec = each_sec
        self._keyring: Keyring | None = None

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
        await self.refresh()
        await pause(stop, self._each_sec)
