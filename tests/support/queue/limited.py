"""Runs with groups and rates, step by step: their keys, and time that goes on for a rate alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys
    from tests.support.queue.queue_driver import QueueDriver


async def set_limit(driver: QueueDriver, name: str, text: str) -> None:
    """Store a limit as a saved job does: `user:shop` and `2|4|group_round_robin`, `rate:api` and `60`."""
    await driver.link.call("HSET", driver.keys.limits, name, text)


async def holders(driver: QueueDriver, name: str) -> set[str]:
    """Return the runs that hold a slot of a name; of a rate, those that may start and have not."""
    return set(await driver.link.call("SMEMBERS", driver.keys.holders(name)))


async def line(driver: QueueDriver, *names: str) -> list[str]:
    """Return the runs that wait and need these names, in their order."""
    return await driver.link.call("ZRANGE", driver.keys.waiting(",".join(names)), 0, -1)


async def starts(driver: QueueDriver, name: str) -> list[int]:
    """Return the starts that a rate remembers, ms."""
    return await read_starts(driver.link, driver.keys, name)


async def read_starts(link: RedisLink, keys: Keys, name: str) -> list[int]:
    """Return the starts that a rate remembers, ms, oldest first."""
    return [int(text) for text in await link.call("LRANGE", keys.starts(name), 0, -1)]


async def let_pass(driver: QueueDriver, name: str, passed_ms: int) -> None:
    """Let time pass for one rate: its starts lie further back, and its wake is nearer."""
    key = driver.keys.starts(name)
    earlier = [instant - passed_ms for instant in await starts(driver, name)]
    if earlier:
        await driver.link.calls([("DEL", key), ("RPUSH", key, *earlier), ("PEXPIRE", key, 60_000)])
    if await driver.link.call("ZSCORE", driver.keys.rate_wakes, name) is not None:
        await driver.link.call("ZINCRBY", driver.keys.rate_wakes, -passed_ms, name)
