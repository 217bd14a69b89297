"""Figures of the last hour, day or week, read from roll-ups by minute and by quarter hour."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.core.clock import QUARTER_MS, QUARTERS
from app.core.statistics.minutes import MINUTE_MS, LastMinutes, MinuteFigures, MinuteStats
from app.core.statistics.periods import Tally

if TYPE_CHECKING:
    from app.core.queue import Queue
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys

QUARTER_MINUTES = QUARTER_MS // MINUTE_MS
FOLDED = "folded_quarter"
"""The field of `meta` with the last quarter hour that was folded."""


class StatsRange(StrEnum):
    """A range that ends now, and the length of its intervals."""

    HOUR = "1h"
    """60 minutes."""
    DAY = "24h"
    """96 quarter hours."""
    WEEK = "7d"
    """168 hours."""


_INTERVALS = {StatsRange.DAY: (96, 1), StatsRange.WEEK: (168, 4)}
"""How many intervals, and the quarter hours of each."""


class RangeStats:
    """Reads the figures of a range."""

    def __init__(self, link: RedisLink, keys: Keys) -> None:
        self._link = link
        self._keys = keys

    async def last(self, wanted: StatsRange, now_ms: int) -> LastMinutes:
        """Return the intervals of a range, the running one included.

        A week begins at its first interval with a run, or a day ago: nothing shows if earlier ones were
        recorded.
        """
        if wanted is StatsRange.HOUR:
            return await MinuteStats(self._link, self._keys).last(60, now_ms)
        count, quarters_each = _INTERVALS[wanted]
        newest = now_ms // QUARTER_MS
        first = newest // quarters_each - count + 1
        tallies = await self._tallies(range(first * quarters_each, newest + 1), quarters_each)
        if wanted is StatsRange.WEEK:
            first = min([*tallies, (newest - QUARTERS) // quarters_each])
        step_ms = quarters_each * QUARTER_MS
        total, intervals = Tally(), list[tuple[int, MinuteFigures]]()
        for number in range(first, newest // quarters_each + 1):
            mine = tallies.get(number, Tally())
            total.merge(mine)
            intervals.append((number * step_ms, MinuteFigures.of(mine)))
        return LastMinutes(
            first * step_ms, now_ms, tuple(intervals), MinuteFigures.of(total), step_sec=step_ms // 1_000
        )

    async def _tallies(self, quarters: range, quarters_each: int) -> dict[int, Tally]:
        """Return the sums of the intervals in which something ran; two round trips."""
        days = range(quarters.start // QUARTERS, quarters[-1] // QUARTERS + 1)
        cursor, hashes = await asyncio.gather(
            self._link.call("HGET", self._keys.meta, FOLDED),
            self._link.hashes(self._keys.rollup_all(day) for day in days),
        )
        found: defaultdict[int, Tally] = defaultdict(Tally)
        # Older minutes have expired. Without a cursor (after a restore) those of a day are read.
        first_minute_quarter = max(int(cursor or -1) + 1, quarters.stop - QUARTERS, quarters.start)
        for day, fields in zip(days, hashes, strict=True):
            for key, text in fields.items():
                quarter, _, name = key.partition("|")
                number = day * QUARTERS + int(quarter)
                if quarters.start <= number < first_minute_quarter:
                    found[number // quarters_each].add(name, int(text))
            # A busy day has some thousand fields.
            await asyncio.sleep(0)
        minutes = range(first_minute_quarter * QUARTER_MINUTES, quarters.stop * QUARTER_MINUTES)
        hashes = await self._link.hashes(self._keys.rollup_minute(minute) for minute in minutes)
        for minute, fields in zip(minutes, hashes, strict=True):
            for name, text in fields.items():
                found[minute // QUARTER_MINUTES // quarters_each].add(name, int(text))
        return found


@dataclass(slots=True)
class QuarterFolding:
    """Sums the minutes of each quarter hour that is over; the finish of a run costs no more for it."""

    queue: Queue

    async def work(self) -> int:
        """Fold the quarter hours since the last one, at most a day; return how many."""
        now = self.queue.clock.now_ms() // QUARTER_MS
        cursor = await self.queue.link.call("HGET", self.queue.keys.meta, FOLDED)
        words = [
            await self.queue.scripts.run("statistics/fold_quarter", quarter=quarter)
            for quarter in range(max(int(cursor or -1) + 1, now - QUARTERS), now)
        ]
        return words.count("OK")
