"""Bounded search for runs that no single index lists."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from app.core.record_reads import undamaged
from app.core.run_filter import TEXTS
from app.core.run_text import contains, is_literal

if TYPE_CHECKING:
    from app.core.keys import Keys
    from app.core.redis_client import Arg, Command, RedisLink
    from app.core.run_filter import RunFilter
    from app.core.scripts import Scripts

STEP = 500
"""Records that one script looks at: some two milliseconds of Redis."""
STEP_BYTES = 131_072
"""Text that one script reads: some two milliseconds as well."""
MAX_RECORDS = 20_000
MAX_SEC = 0.2
"""A call looks at so many records, or for so long; its cursor goes on from there."""
MAX_TAG_JOBS = 50
"""Up to so many jobs are walked by their own indexes."""
CHECK_BYTES = 262_144
"""Text that is read and compared at once: some milliseconds of the event loop."""

_NEWEST = 2**53
"""Above every seq: the cursor of a call that has looked at nothing."""


@dataclass(slots=True)
class Found:
    """The runs that fit among those looked at, newest first."""

    ids: list[str] = field(default_factory=list[str])
    next_cursor: int | None = None
    searched: int = 0
    """Records that this call has looked at."""
    total: int = 0
    """Records from this call's cursor on to the end, those that it has looked at included."""


@dataclass(frozen=True, slots=True)
class _Range:
    """The indexes to walk, and the part of them that can have runs that fit."""

    indexes: list[str]
    oldest: str
    behind: str
    count: int


@dataclass(frozen=True, slots=True)
class _Row:
    run_id: str
    seq: int
    unread_bytes: int
    """Text in which the script has not looked with certainty; 0 if the run fits without."""


class RunSearch:
    """Walks through the smallest set of indexes that has all runs that fit."""

    def __init__(self, link: RedisLink, scripts: Scripts, keys: Keys) -> None:
        self._link = link
        self._scripts = scripts
        self._keys = keys

    async def find(self, wanted: RunFilter, after: int | None, limit: int) -> Found:
        """Return up to `limit` runs behind `after`, out of at most `MAX_RECORDS` records."""
        found = Found()
        part = await self._range(wanted, after)
        if part.count == 0:
            return found
        loop = asyncio.get_running_loop()
        until, must, behind, ended = loop.time() + MAX_SEC, _must(wanted), part.behind, False
        last = _NEWEST if after is None else after
        while not ended and len(found.ids) < limit and found.searched < MAX_RECORDS:
            size = min(STEP, MAX_RECORDS - found.searched)
            bounds: tuple[Arg, ...] = (behind, part.oldest, size, STEP_BYTES, limit - len(found.ids))
            looked, seq, end, rows = await self._scripts.run("runs/find", *bounds, must, *part.indexes)
            found.searched += looked
            found.ids += await self._checked(wanted, [_row(row) for row in rows])
            ended = bool(end)
            if looked:
                last, behind = int(float(seq)), f"({seq}"
            if loop.time() >= until:
                break
        left = 0 if ended else await self._left(part, behind)
        found.total = found.searched + left
        found.next_cursor = last if left else None
        return found

    async def _range(self, wanted: RunFilter, after: int | None) -> _Range:
        """Return the smallest set of indexes that has all runs that fit."""
        sets = [["all"]]
        if wanted.exact_job is not None:
            sets.append([f"job:{wanted.exact_job}"])
        if wanted.states is not None:
            sets.append([f"status:{status}" for status in wanted.states])
        if wanted.tag is not None:
            index = self._keys.jobs_tag(wanted.tag)
            jobs = await self._link.call("ZRANGE", index, 0, MAX_TAG_JOBS)
            if len(jobs) <= MAX_TAG_JOBS:
                sets.append([f"job:{job}" for job in jobs])
        oldest, behind, counts = await self._scripts.run(
            "runs/range",
            "" if wanted.since_ms is None else wanted.since_ms,
            "" if wanted.until_ms is None else wanted.until_ms,
            "+inf" if after is None else f"({after}",
            *(index for indexes in sets for index in indexes),
        )
        ranges: list[_Range] = []
        for indexes in sets:
            size, counts = sum(counts[: len(indexes)]), counts[len(indexes) :]
            ranges.append(_Range(indexes, oldest, behind, size))
        return min(ranges, key=lambda part: part.count)

    async def _left(self, part: _Range, behind: str) -> int:
        keys = self._keys
        names = {"job": keys.runs_job, "status": keys.runs_status}
        sizes: list[Command] = []
        for index in part.indexes:
            kind, _, name = index.partition(":")
            key = keys.runs if kind == "all" else names[kind](name)
            sizes.append(("ZCOUNT", key, part.oldest, behind))
        return sum(await self._link.calls(sizes))

    async def _checked(self, wanted: RunFilter, rows: list[_Row]) -> list[str]:
        """Return the runs that have the text, those included that fit without."""
        text, passed = wanted.text, set[str]()
        for batch in _batches([row for row in rows if row.unread_bytes]):
            reads: list[Command] = [("HMGET", self._keys.run(row.run_id), *TEXTS) for row in batch]
            values = await undamaged(self._link, reads)
            passed |= {
                row.run_id
                for row, texts in zip(batch, values, strict=True)
                if any(each and contains(each, text) for each in texts)
            }
        return [row.run_id for row in rows if not row.unread_bytes or row.run_id in passed]


def _must(wanted: RunFilter) -> str:
    """Return the conditions that the script checks, without the parts that are not given."""
    text = wanted.text
    literal = is_literal(text)
    parts = {
        "job": None if wanted.job_id is None else wanted.job_id.split("*"),
        "states": None if wanted.states is None else list(wanted.states),
        "type": wanted.type,
        "tag": wanted.tag,
        "trace": wanted.trace_id,
        "since": wanted.since_ms,
        "until": wanted.until_ms,
        "skip": wanted.run_id,
    }
    given = {name: value for name, value in parts.items() if value is not None}
    odd = text.isascii() and not literal
    return orjson.dumps({**given, "q": text, "literal": literal, "odd": odd}).decode()


def _row(row: list[Any]) -> _Row:
    run_id, seq, size = row
    return _Row(run_id, int(float(seq)), int(size))


def _batches(rows: list[_Row]) -> list[list[_Row]]:
    """Return rows in batches of some text each; one that is larger alone."""
    batches: list[list[_Row]] = []
    room = 0
    for row in rows:
        if row.unread_bytes > room:
            batches.append([])
            room = CHECK_BYTES
        batches[-1].append(row)
        room -= row.unread_bytes
    return batches
