"""Until when a channel has asked to send nothing over an account: noted by its connector, shown to people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.core.keys import Keys
    from app.core.redis_client import RedisLink


class AccountHolds:
    """The holds of one namespace; each is forgotten by itself once it is over."""

    def __init__(self, link: RedisLink, keys: Keys) -> None:
        self._link = link
        self._keys = keys

    async def note(self, name: str, until_ms: int) -> None:
        """Keep that nothing goes over an account until then."""
        # An absolute end: sent again after a lost answer it lasts no longer.
        await self._link.call("SET", self._keys.account_hold(name), until_ms, "PXAT", until_ms)

    async def of(self, names: Sequence[str]) -> dict[str, int]:
        """Return until when each account is held, ms; those that are not are left out."""
        found = await self._link.calls([("GET", self._keys.account_hold(name)) for name in names])
        return {name: int(until_ms) for name, until_ms in zip(names, found, strict=True) if until_ms}
