"""What the parts of an export share: a page of lines, its size, and going through an index in pages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import orjson
from redis.exceptions import ResponseError

if TYPE_CHECKING:
    from app.core.export_format import Kind
    from app.core.redis_client import Command, RedisLink

T = TypeVar("T")

FIRST_PAGE = 10
GOOD_PAGE_BYTES = 524_288
"""As much JSON holds the event loop for a millisecond or two."""


@dataclass(slots=True)
class PageOfLines:
    """Some records as JSON lines. `unreadable`: named by an index, but damaged, or removed meanwhile."""

    lines: list[str] = field(default_factory=list[str])
    counts: dict[Kind, int] = field(default_factory=dict["Kind", int])
    unreadable: int = 0

    def add(self, kind: Kind, **parts: Any) -> None:
        """Append a record."""
        self.lines.append(orjson.dumps({"kind": kind, **parts}).decode())
        self.counts[kind] = self.counts.get(kind, 0) + 1

    def add_figures(self, family: str, name: str, flat: list[str], lapses_at: int | None) -> None:
        """Append figures, where there are any."""
        if flat:
            self.add("figures", family=family, name=name, fields=pairs(flat), lapses_at=lapses_at)

    def add_versions(self, job_id: str, saves: dict[str, str], newest: int | None = None) -> None:
        """Append a job's versions, up to the newest that counts."""
        for number in sorted(map(int, saves)):
            if newest is None or number <= newest:
                self.add("version", job=job_id, number=number, text=saves[str(number)])

    @property
    def size_bytes(self) -> int:
        return sum(map(len, self.lines))


class Pace:
    """How many records are read at once: few at first, then more or fewer by their size."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.size = min(FIRST_PAGE, most)

    def met(self, size_bytes: int) -> None:
        """Take notice of what the last page had."""
        if size_bytes > GOOD_PAGE_BYTES:
            self.size = max(1, self.size // 2)
        elif size_bytes < GOOD_PAGE_BYTES // 4:
            self.size = min(self._most, self.size * 2)


async def by_seq(link: RedisLink, index: str, until: int, pace: Pace) -> AsyncIterator[list[str]]:
    """Yield the members of an index upwards, page by page, up to a `seq`."""
    start = "-inf"
    while True:
        flat = await link.call(
            *("ZRANGE", index, start, until, "BYSCORE", "LIMIT", 0, pace.size, "WITHSCORES")
        )
        if not flat:
            return
        yield flat[::2]
        start = f"({flat[-1]}"


async def read_each(link: RedisLink, commands: Iterable[Command]) -> list[Any]:
    """Return the answers of commands sent together; None for one that met a damaged record."""
    answers = await asyncio.gather(*(link.call(*command) for command in commands), return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException) and not isinstance(answer, ResponseError):
            raise answer
    return [None if isinstance(answer, BaseException) else answer for answer in answers]


def pairs(flat: list[str]) -> dict[str, str]:
    """Return the content of a hash from its flat form."""
    return dict(zip(flat[::2], flat[1::2], strict=True))


def chunks(items: list[T], size: int) -> Iterable[list[T]]:
    """Return the items in lists of at most `size`."""
    return (items[start : start + size] for start in range(0, len(items), size))
