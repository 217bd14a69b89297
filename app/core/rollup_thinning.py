"""Thins out statistics that are days old.

Counts and sums of a job become one an hour, its histograms one for eight hours, and the availability that
a monitor keeps becomes one an hour. Each has the number of its first quarter hour, so readers of quarter
hours can read them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import orjson

from app.core.availability import DAY_MS, day_key, merge_hours

if TYPE_CHECKING:
    from app.core.queue import Queue
    from app.core.redis_client import Command

FIGURES_AFTER_DAYS = 4
"""A day is merged three whole days after its end: reports compare the last 48 hours to the quarter."""
AVAILABILITY_AFTER_DAYS = 9
"""`GET …/availability` shows quarter hours of seven days."""
KEPT_DAYS = 41
JOBS_A_ROUND, JOBS_A_SCRIPT = 200, 4
"""Four days of a monitor that runs each minute block Redis for about 2 ms."""

Treat = Callable[[int, list[str]], Awaitable[int]]


class RollupThinning:
    """Walks through days that are old enough, oldest first; cursors in `meta` keep its progress."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._link = queue.link
        self._keys = queue.keys

    async def work(self) -> int:
        """Check about 200 jobs' days of each kind; return how many were merged."""
        today = self._queue.clock.now_ms() // DAY_MS
        merged = await self._walk("thinned_figures", today, FIGURES_AFTER_DAYS, self._thin_figures)
        return merged + await self._walk(
            "thinned_availability", today, AVAILABILITY_AFTER_DAYS, self._thin_availability
        )

    async def _walk(self, field: str, today: int, after_days: int, treat: Treat) -> int:
        """Continue from the cursor until enough jobs were checked or no day is left."""
        stored = await self._link.call("HGET", self._keys.meta, field)
        start = tuple(int(part) for part in (stored or "0:0").split(":"))
        day, cursor = max(start, (today - KEPT_DAYS, 0))
        merged = looked_at = 0
        while day <= today - after_days and looked_at < JOBS_A_ROUND:
            following, flat = await self._link.call(
                "HSCAN", self._keys.rollup_jobs(day), cursor, "COUNT", JOBS_A_ROUND
            )
            merged += await treat(day, flat[::2])
            looked_at += len(flat) // 2
            day, cursor = (day, int(following)) if int(following) else (day + 1, 0)
        if (day, cursor) != start:
            await self._queue.scripts.run("deployment/store_cursor", field, f"{day}:{cursor}")
        return merged

    async def _thin_figures(self, day: int, job_ids: list[str]) -> int:
        merged = 0
        for start in range(0, len(job_ids), JOBS_A_SCRIPT):
            some = job_ids[start : start + JOBS_A_SCRIPT]
            merged += await self._queue.scripts.run("statistics/thin_rollups", day, *some)
        return merged

    async def _thin_availability(self, day: int, job_ids: list[str]) -> int:
        reads: list[Command] = [("GET", self._keys.kv(job_id, day_key(day))) for job_id in job_ids]
        texts = await self._link.calls(reads) if reads else []
        words = [
            await self._queue.scripts.run("statistics/thin_value", job_id, day_key(day), text, shorter)
            for job_id, text in zip(job_ids, texts, strict=True)
            if text and (shorter := _shorter(text)) is not None
        ]
        return words.count("OK")


def _shorter(text: str) -> str | None:
    """Return a day of a monitor by hours; None if it already is by hours, or is no such day."""
    try:
        merged = merge_hours(orjson.loads(text))
    except (ValueError, TypeError, AttributeError):
        return None
    shorter = orjson.dumps(merged).decode()
    return shorter if len(shorter) < len(text) else None
