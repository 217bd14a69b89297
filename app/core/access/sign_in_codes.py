"""Single-use codes of sign-in links: each opens one session of a key, of a user, or of the local owner."""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import TYPE_CHECKING, Any, Final

import orjson

if TYPE_CHECKING:
    from app.core.access.key_store import KeyStore
    from app.core.clock import Clock
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys

OPEN_LIFE_MS: Final = 300_000
"""How long a link of `multi-job open` can be used."""
_CODE = re.compile(r"[A-Za-z0-9_-]{32}")
_KIND = "sign-in code"


class SignInCodes:
    """Stores the digests of codes. A record has a MAC, so Redis alone makes no code."""

    def __init__(self, link: RedisLink, names: Keys, clock: Clock, store: KeyStore) -> None:
        self._link = link
        self._names = names
        self._clock = clock
        self._store = store

    async def create(self, key_id: str, life_ms: int) -> str:
        """Return a new code that signs in as this key or user, once, within `life_ms`."""
        await self._store.read(to_make=True)
        code = secrets.token_urlsafe(24)
        digest, ends_at = _digest(code), self._clock.now_ms() + life_ms
        record = {"key_id": key_id, "ends_at": ends_at, "mac": self._mac(digest, key_id, ends_at)}
        name = self._names.sign_in_code(digest)
        await self._link.call("SET", name, orjson.dumps(record).decode(), "PX", life_ms)
        return code

    async def redeem(self, code: str) -> str | None:
        """Return whom a code signs in, and end it; None if it is unknown, used or expired.

        A repeat after a lost answer finds no code: it is used up, and a new link is needed.
        """
        if _CODE.fullmatch(code) is None:
            return None
        digest = _digest(code)
        text = await self._link.call("GETDEL", self._names.sign_in_code(digest))
        if text is None:
            return None
        await self._store.read(to_make=True)
        try:
            record: dict[str, Any] = orjson.loads(text)
            key_id, ends_at = str(record["key_id"]), int(record["ends_at"])
        except (ValueError, KeyError, TypeError):
            return None
        is_valid = self._store.seal.is_valid(_KIND, [digest, key_id, ends_at], record.get("mac"))
        return key_id if is_valid and self._clock.now_ms() < ends_at else None

    def _mac(self, digest: str, key_id: str, ends_at: int) -> str:
        return self._store.seal.mac(_KIND, [digest, key_id, ends_at])


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
