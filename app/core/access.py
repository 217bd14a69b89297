"""Reads API keys and sessions from Redis as one keyring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.core.fixed_keys import fixed_keys
from app.core.keyring import Keyring

if TYPE_CHECKING:
    from app.core.api_keys import ApiKeys
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.keys import Keys
    from app.core.redis_client import RedisLink
    from app.core.sessions import Sessions


class Access:
    """Reads keys and sessions together; `stamp` shows at low cost whether they changed."""

    def __init__(
        self,
        link: RedisLink,
        names: Keys,
        clock: Clock,
        settings: Settings,
        *,
        api_keys: ApiKeys,
        sessions: Sessions,
    ) -> None:
        self._link = link
        self._names = names
        self.clock = clock
        self._settings = settings
        self.api_keys = api_keys
        self.sessions = sessions

    async def stamp(self) -> tuple[Any, ...]:
        """Return a value that differs after every change; three small commands in one round trip.

        The counts notice a hash that was emptied or restored by hand, which raises no version.
        """
        names = self._names
        counted = await self._link.calls(
            [("GET", names.access_version), ("HLEN", names.api_keys), ("ZCARD", names.sessions)]
        )
        return (*counted, self.api_keys.store.required.look())

    async def keyring(self) -> Keyring:
        """Return the keys and sessions of now, stored and from API_KEYS."""
        stored = await self.api_keys.store.read()
        fixed = fixed_keys(self._settings, stored.pepper)
        return Keyring(
            stored.pepper,
            [*stored.keys, *fixed],
            await self.sessions.read(),
            required=self.api_keys.store.required.look(),
            limits=self.sessions.limits,
            now_ms=self.clock.now_ms,
        )

    def admits(self, keyring: Keyring, key_id: str, session_id: str) -> bool:
        """Return whether an open stream may go on; one without a key until keys are required."""
        if key_id:
            return keyring.admits(key_id, session_id)
        return self._settings.auth == "off" or not keyring.keys_required
