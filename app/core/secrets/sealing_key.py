"""The key that seals a deployment's secrets: its fingerprint in Redis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys


@dataclass(frozen=True, slots=True)
class SealingKey:
    """The stored record. A fingerprint is empty if there is none."""

    key_id: str
    previous_id: str
    """The key that a rotation under way replaces."""
    rotated_at: int
    """Epoch milliseconds of the end of the last rotation; 0 if there was none."""


async def read_sealing_key(link: RedisLink, keys: Keys) -> SealingKey:
    """Return the stored record."""
    names = ("id", "previous", "rotated_at")
    key_id, previous, rotated = await link.call("HMGET", keys.secret_key, *names)
    return SealingKey(key_id or "", previous or "", int(rotated or 0))


async def sealing_key(link: RedisLink, keys: Keys) -> str:
    """Return the fingerprint of the key to seal with; empty if no process has registered one."""
    return await link.call("HGET", keys.secret_key, "id") or ""
