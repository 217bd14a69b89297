"""The last minutes of a deployment: what started and ended in each, how long it waited and took."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.core.buckets import FINE_COUNT, fine_index, percentile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.core.keys import Keys
    from app.core.redis_client import Command, RedisLink

MINUTE_MS = 60_000
MAX_MINUTES = 1_440
"""A day; the roll-ups are kept for an hour more."""
PAGE = 360
"""Hashes asked for at once: four pages are a day, and none holds Redis for longer than a millisecond."""


@dataclass(slots=True)
class MinuteTally:
    """What is counted of one minute, or of several."""

    started: int = 0
    success: int = 0
    failed: int = 0
    cancelled: int = 0
    waits: list[int] = field(default_factory=lambda: [0] * FINE_COUNT)
    durations: list[int] = field(default_factory=lambda: [0] * FINE_COUNT)

    def add(self, name: str, count: int) -> None:
        """Add one field of a roll-up: a word, or `wait|<bucket>` and `duration|<bucket>`."""
        word, _, bucket = name.partition("|")
        match word:
            case "started":
                self.started += count
            case "success":
                self.success += count
            case "failed":
                self.failed += count
            case "cancelled":
                self.cancelled += count
            case "wait" if (index := fine_index(bucket)) is not None:
                self.waits[index] += count
            case "duration" if (index := fine_index(bucket)) is not None:
                self.durations[index] += count
            case _:
                return

    def figures(self) -> MinuteFigures:
        """Return the counts, and the percentiles within 5 %."""
        return MinuteFigures(
            started=self.started,
            success=self.success,
            failed=self.failed,
            cancelled=self.cancelled,
            wait_p50_ms=percentile(self.waits, 0.5),
            wait_p95_ms=percentile(self.waits, 0.95),
            duration_p50_ms=percentile(self.durations, 0.5),
            duration_p95_ms=percentile(self.durations, 0.95),
        )


@dataclass(frozen=True, slots=True)
class MinuteFigures:
    """Counts of runs, by the minute in which they started or ended; None where nothing was measured."""

    started: int
    success: int
    failed: int
    cancelled: int
    wait_p50_ms: int | None
    wait_p95_ms: int | None
    duration_p50_ms: int | None
    duration_p95_ms: int | None


@dataclass(frozen=True, slots=True)
class LastMinutes:
    """The figures of each minute, oldest first, and of all together; instants in epoch ms."""

    since_ms: int
    until_ms: int
    minutes: tuple[tuple[int, MinuteFigures], ...]
    totals: MinuteFigures


class MinuteStats:
    """Reads the roll-ups by minute; what nobody wrote is a minute of zeros."""

    def __init__(self, link: RedisLink, keys: Keys) -> None:
        self._link = link
        self._keys = keys

    async def last(self, count: int, now_ms: int) -> LastMinutes:
        """Return the last minutes, the running one included."""
        newest = now_ms // MINUTE_MS
        wanted = range(newest - count + 1, newest + 1)
        total, minutes = MinuteTally(), list[tuple[int, MinuteFigures]]()
        for start in range(0, count, PAGE):
            page = wanted[start : start + PAGE]
            for minute, flat in zip(page, await self._page(page), strict=True):
                minutes.append((minute * MINUTE_MS, _tallied(flat, total).figures()))
        return LastMinutes(wanted.start * MINUTE_MS, now_ms, tuple(minutes), total.figures())

    async def _page(self, minutes: Iterable[int]) -> list[list[str]]:
        reads: list[Command] = [("HGETALL", self._keys.rollup_minute(minute)) for minute in minutes]
        return await self._link.calls(reads)


def _tallied(flat: list[str], total: MinuteTally) -> MinuteTally:
    mine = MinuteTally()
    for name, text in zip(flat[::2], flat[1::2], strict=True):
        mine.add(name, int(text))
        total.add(name, int(text))
    return mine
