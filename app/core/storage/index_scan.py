"""Reads indexes by seq: bounded scans, pages, and damaged records."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from redis.exceptions import ResponseError

from app.core.records import Page
from app.core.storage.connection import pairs, scores

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.core.storage.connection import Command
    from app.core.storage.link import RedisLink

T = TypeVar("T")

STEP = 500
"""Records that a script reads at once: about a millisecond of Redis."""

ReadStep = Callable[[str, int], Awaitable[list[Any]]]
"""Reads `STEP` records below a score, from an offset: `[read, last seq, ended, [[id, seq]…]]`."""


@dataclass(frozen=True, slots=True)
class ScanPage:
    """Matching ids, newest first, and the cursor of the next page; None at the end."""

    ids: list[str]
    next_cursor: int | None


async def scan(read_step: ReadStep, after: int | None, limit: int, steps: int) -> ScanPage:
    """Return up to `limit` matching ids below `after`, from at most `steps` times 500 records.

    This takes two round trips: the first step, then all others at once if it has found too few.
    """
    state = _Scan(limit)
    state.add(await read_step("+inf" if after is None else f"({after}", 0))
    if state.needs_more:
        # Below the last record seen, so records added meanwhile shift no offset.
        pinned = f"({state.last}"
        offsets = range(0, (steps - 1) * STEP, STEP)
        for part in await asyncio.gather(*(read_step(pinned, offset) for offset in offsets)):
            state.add(part)
    return state.page()


class _Scan:
    """The results of the steps so far."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._found: list[tuple[str, int]] = []
        self._ended = False
        self.last = 0

    @property
    def needs_more(self) -> bool:
        """Return whether another step could add to the page."""
        return not self._ended and len(self._found) <= self._limit

    def add(self, part: list[Any]) -> None:
        """Add the results of a step, unless an earlier one reached the end."""
        if self._ended:
            return
        looked, last, ended, found = part
        self._found += [(name, int(seq)) for name, seq in found]
        self.last = int(last) if last else self.last
        self._ended = looked < STEP or bool(ended)

    def page(self) -> ScanPage:
        """Return the page."""
        shown = self._found[: self._limit]
        ids = [name for name, _ in shown]
        if len(self._found) > self._limit:
            return ScanPage(ids, shown[-1][1])
        return ScanPage(ids, None if self._ended else self.last)


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
    answers = await asyncio.gather(*(link.call(*read) for read in reads), return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException) and not isinstance(answer, ResponseError):
            raise answer
    return [None if isinstance(answer, BaseException) else answer for answer in answers]
