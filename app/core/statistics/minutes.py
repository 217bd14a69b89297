"""Figures per minute of the last day, and the thinning of old statistics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.clock import DAY_MS
from app.core.statistics.periods import Tally

if TYPE_CHECKING:
    from app.core.queue import Queue
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys

MINUTE_MS = 60_000
MAX_MINUTES = 1_440
"""A day; the roll-ups are kept for an hour more."""
PAGE = 360
"""Hashes per script call: four pages are a day, and none blocks Redis for longer than a millisecond."""


@dataclass(frozen=True, slots=True)
class MinuteFigures:
    """Counts of runs, by the minute in which they started or ended; None if nothing was measured."""

    started: int
    success: int
    failed: int
    cancelled: int
    wait_p50_ms: int | None
    wait_p95_ms: int | None
    duration_p50_ms: int | None
    duration_p95_ms: int | None

    @classmethod
    def of(cls, tally: Tally) -> MinuteFigures:
        """Return the counts of a tally, and its percentiles."""
        counts = tally.counts
        return cls(
            started=counts["started"],
            success=counts["success"],
            failed=counts["failed"],
            cancelled=counts["cancelled"],
            wait_p50_ms=tally.percentile("wait", 0.5),
            wait_p95_ms=tally.percentile("wait", 0.95),
            duration_p50_ms=tally.percentile("duration", 0.5),
            duration_p95_ms=tally.percentile("duration", 0.95),
        )


@dataclass(frozen=True, slots=True)
class LastMinutes:
    """The figures of each interval, oldest first, and of all together; instants in epoch ms."""

    since_ms: int
    until_ms: int
    minutes: tuple[tuple[int, MinuteFigures], ...]
    totals: MinuteFigures
    step_sec: int = 60
    """The length of an interval."""


class MinuteStats:
    """Reads the roll-ups by minute; a minute without a roll-up is all zeros."""

    def __init__(self, link: RedisLink, keys: Keys) -> None:
        self._link = link
        self._keys = keys

    async def last(self, count: int, now_ms: int) -> LastMinutes:
        """Return the last minutes, the running one included."""
        newest = now_ms // MINUTE_MS
        wanted = range(newest - count + 1, newest + 1)
        total, minutes = Tally(), list[tuple[int, MinuteFigures]]()
        for start in range(0, count, PAGE):
            page = wanted[start : start + PAGE]
            hashes = await self._link.hashes(self._keys.rollup_minute(minute) for minute in page)
            for minute, fields in zip(page, hashes, strict=True):
                mine = Tally()
                for name, text in fields.items():
                    mine.add(name, int(text))
                    total.add(name, int(text))
                minutes.append((minute * MINUTE_MS, MinuteFigures.of(mine)))
        return LastMinutes(wanted.start * MINUTE_MS, now_ms, tuple(minutes), MinuteFigures.of(total))


# Thins out statistics that are days old.
#
# A job's counts and sums are merged to one an hour, its histograms to one per eight hours. Each has the
# number of its first quarter hour, so readers of quarter hours can read them.

FIGURES_AFTER_DAYS = 4
"""A day is merged three whole days after its end: reports compare the last 48 hours to the quarter."""
KEPT_DAYS = 41
JOBS_A_ROUND, JOBS_A_SCRIPT = 200, 4
"""Four days of a job that runs each minute block Redis for about 2 ms."""


class RollupThinning:
    """Walks through days that are old enough, oldest first; cursors in `meta` keep its progress."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._link = queue.link
        self._keys = queue.keys

    async def work(self) -> int:
        """Check about 200 jobs' days; return how many were merged."""
        field, today = "thinned_figures", self._queue.clock.now_ms() // DAY_MS
        stored = await self._link.call("HGET", self._keys.meta, field)
        start = tuple(int(part) for part in (stored or "0:0").split(":"))
        day, cursor = max(start, (today - KEPT_DAYS, 0))
        merged = looked_at = 0
        while day <= today - FIGURES_AFTER_DAYS and looked_at < JOBS_A_ROUND:
            following, flat = await self._link.call(
                "HSCAN", self._keys.rollup_jobs(day), cursor, "COUNT", JOBS_A_ROUND
            )
            merged += await self._thin_figures(day, flat[::2])
            looked_at += len(flat) // 2
            day, cursor = (day, int(following)) if int(following) else (day + 1, 0)
        if (day, cursor) != start:
            await self._queue.scripts.run("deployment/store_cursor", field=field, value=f"{day}:{cursor}")
        return merged

    async def _thin_figures(self, day: int, job_ids: list[str]) -> int:
        merged = 0
        for start in range(0, len(job_ids), JOBS_A_SCRIPT):
            some = job_ids[start : start + JOBS_A_SCRIPT]
            merged += await self._queue.scripts.run("statistics/thin_rollups", *some, day=day)
        return merged
