"""Reads of hashes that may be missing or damaged."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from redis.exceptions import ResponseError

if TYPE_CHECKING:
    from app.core.redis_client import Command, RedisLink


async def read_hashes(link: RedisLink, keys: list[str]) -> list[list[str]]:
    """Return the content of hashes in one round trip; empty for one that is missing or damaged."""
    return await undamaged(link, [("HGETALL", key) for key in keys])


async def read_fields(link: RedisLink, keys: list[str], *names: str) -> list[dict[str, str]]:
    """Return some fields of hashes in one round trip; those that are missing or damaged have none."""
    answers = await undamaged(link, [("HMGET", key, *names) for key in keys])
    return [{name: text for name, text in zip(names, answer, strict=False) if text} for answer in answers]


async def undamaged(link: RedisLink, reads: list[Command]) -> list[list[str]]:
    """Return the answers of reads in one round trip; empty for a key of another type."""
    answers = await asyncio.gather(*(link.call(*read) for read in reads), return_exceptions=True)
    found: list[list[str]] = []
    for answer in answers:
        if isinstance(answer, BaseException) and not isinstance(answer, ResponseError):
            raise answer
        found.append([] if isinstance(answer, BaseException) else answer)
    return found
