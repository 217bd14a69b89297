"""Where messages go that name no recipient: DEFAULT_NOTIFY, else what was stored over the API.

The environment wins: who set it there finds it there, and a store that is restored or lost changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import orjson

from app.core.account_names import Recipient, parse_default_notify
from app.core.errors import SetByEnvironment

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.keys import Keys
    from app.core.redis_client import RedisLink

CACHED_SEC: Final = 5.0
"""So long another process may go by what was stored before."""
_FIELD: Final = "default_notify"
FindDefault = Callable[[], Awaitable[Recipient | None]]


@dataclass(frozen=True, slots=True)
class StoredDefault:
    """A recipient as it was stored; `updated_at` in epoch milliseconds."""

    recipient: Recipient
    updated_at: int
    updated_by: str


class DefaultNotify:
    """Reads and sets the default recipient; what is stored is read once in five seconds at most."""

    def __init__(self, link: RedisLink, keys: Keys, clock: Clock, settings: Settings) -> None:
        self._link = link
        self._key = keys.settings
        self._clock = clock
        self.of_environment = parse_default_notify(settings.default_notify)
        self._turn = asyncio.Lock()
        self._known: Recipient | None = None
        self._known_until = float("-inf")

    async def current(self) -> Recipient | None:
        """Return where such messages go, None where nothing is set; what is stored may be 5 s old."""
        if self.of_environment is not None:
            return self.of_environment
        # Many messages at one moment ask Redis once.
        async with self._turn:
            asked = self._clock.monotonic()
            if asked >= self._known_until:
                found = await self.stored()
                self._keep(None if found is None else found.recipient, asked)
            return self._known

    async def stored(self) -> StoredDefault | None:
        """Return what is stored now, whether it counts or not."""
        text = await self._link.call("HGET", self._key, _FIELD)
        if text is None:
            return None
        fields = orjson.loads(text)
        recipient = Recipient(fields["channel"], fields["account_id"], fields["to"])
        return StoredDefault(recipient, fields["at"], fields["by"])

    async def put(self, recipient: Recipient, actor: str) -> None:
        """Store a recipient; SetByEnvironment where it would have no effect."""
        if self.of_environment is not None:
            raise SetByEnvironment("DEFAULT_NOTIFY")
        fields = {
            "channel": recipient.channel,
            "account_id": recipient.account_id,
            "to": recipient.to,
            "at": self._clock.now_ms(),
            "by": actor,
        }
        async with self._turn:
            await self._link.call("HSET", self._key, _FIELD, orjson.dumps(fields).decode())
            self._keep(recipient, self._clock.monotonic())

    async def clear(self) -> None:
        """Forget what is stored; where nothing is, nothing happens."""
        async with self._turn:
            await self._link.call("HDEL", self._key, _FIELD)
            self._keep(None, self._clock.monotonic())

    def _keep(self, recipient: Recipient | None, at: float) -> None:
        self._known, self._known_until = recipient, at + CACHED_SEC
