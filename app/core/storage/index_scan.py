"""Reads indexes by seq: pages, and damaged records."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from redis.exceptions import ResponseError

from app.core.errors import RedisUnavailable
from app.core.records import Page
from app.core.storage.connection import pairs, scores

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.core.storage.connection import Command
    from app.core.storage.link import RedisLink

T = TypeVar("T")


async def page(
    link: RedisLink,
    indexes: Sequence[str],
    after: int | None,
    limit: int,
    load: Callable[[list[str]], Awaitable[Mapping[str, T]]],
) -> Page[T]:
    """Return up to `limit` records of indexes by seq, newest first, behind the cursor `after`.

    `load` returns records by id; an id that it leaves out is skipped. `total` counts the indexes' members.
    """
    items: list[T] = []
    cursor = after
    while True:
        size, newest = limit + 1 - len(items), "+inf" if cursor is None else f"({cursor}"
        reads: list[Command] = [
            ("ZRANGE", index, newest, "-inf", "BYSCORE", "REV", "LIMIT", 0, size, "WITHSCORES")
            for index in indexes
        ]
        answers = await link.calls([*reads, *(("ZCARD", index) for index in indexes)])
        found = [item for flat in answers[: len(indexes)] for item in scores(flat).items()]
        found = sorted(dict(found).items(), key=lambda item: -item[1])[:size]
        total = sum(answers[len(indexes) :])
        records = await load([name for name, _ in found])
        for name, seq in found:
            if len(items) == limit:
                return Page(items, cursor, total)
            cursor = seq
            items += [records[name]] if name in records else []
        if len(found) < size:
            return Page(items, None, total)


# Pages of several shards.


async def answers_of(reads: Iterable[Awaitable[T]]) -> list[T]:
    """Return the answers of reads of several shards, without those that are out of reach."""
    answers = await asyncio.gather(*reads, return_exceptions=True)
    found = [answer for answer in answers if not isinstance(answer, BaseException)]
    for answer in answers:
        if isinstance(answer, BaseException) and (not found or not isinstance(answer, RedisUnavailable)):
            raise answer
    return found


def newest(
    pages: Sequence[Sequence[tuple[str, int]]], cursors: Sequence[int | None], limit: int
) -> tuple[list[tuple[str, int]], int | None]:
    """Return the newest records of pages of several shards by seq, and the cursor behind them.

    A page that has a cursor ends there: what another page has below it comes in a later call.
    """
    ends = [cursor for cursor in cursors if cursor is not None]
    horizon = max(ends, default=-1)
    rows = sorted((row for page in pages for row in page if row[1] >= horizon), key=lambda row: -row[1])
    if len(rows) > limit:
        return rows[:limit], rows[limit - 1][1]
    return rows, horizon if ends else None


# Reads of keys that may be missing or damaged.


async def read_hashes(link: RedisLink, keys: list[str]) -> list[dict[str, str]]:
    """Return the content of hashes in one round trip; empty for one that is missing or damaged."""
    return [pairs(flat or ()) for flat in await undamaged(link, [("HGETALL", key) for key in keys])]


async def read_fields(link: RedisLink, keys: list[str], *names: str) -> list[dict[str, str]]:
    """Return some fields of hashes in one round trip; those that are missing or damaged have none."""
    answers = await undamaged(link, [("HMGET", key, *names) for key in keys])
    return [{name: text for name, text in zip(names, each or (), strict=False) if text} for each in answers]


async def undamaged(link: RedisLink, reads: Iterable[Command]) -> list[Any]:
    """Return the answers of reads in one round trip; None for a key of another type."""
    answers = await link.answers(reads)
    for answer in answers:
        if isinstance(answer, BaseException) and not isinstance(answer, ResponseError):
            raise answer
    return [None if isinstance(answer, BaseException) else answer for answer in answers]
