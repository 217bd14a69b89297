"""Whether a service lives at all, for those who wait for its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.heartbeat import service_of

if TYPE_CHECKING:
    from app.core.keys import Keys
    from app.core.redis_client import RedisLink


async def is_alive(link: RedisLink, keys: Keys, service: str) -> bool:
    """Tell whether a process of a service was heard of within the last six heartbeats."""
    names = await link.call("ZRANGE", keys.instances, 0, -1)
    hashes = [keys.instance(name) for name in names if service_of(name) == service]
    return bool(hashes) and await link.call("EXISTS", *hashes) > 0
