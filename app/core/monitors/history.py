"""The roll-ups of a monitor as this process keeps them, so that a list reads only what is new.

A check counts the time from the one before it on. So the quarter hours and days before that of the last check
change no more: they are read once and kept. The later ones, mostly one of each, are read for each list.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from app.core.clock import DAY_MS, HOUR_MS, QUARTER_MS, QUARTERS_AN_HOUR
from app.core.monitors.models import (
    NO_TIME,
    HourBar,
    LatencyFigures,
    TimeByState,
    Times,
    Uptime,
    WatchState,
)
from app.core.storage.histogram import FINE_COUNT, percentiles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

KEPT_QUARTERS: Final = 96
KEPT_DAYS: Final = 92
DAYS: Final = (7, 30, 90)
HOURS: Final = 24
_AHEAD_MS: Final = 60_000
"""How far the clock of Redis, by which time is counted, may be ahead of this process's."""
_READ_AGAIN_MS: Final = HOUR_MS
"""A history is read again after one to two of these: a restore may have changed it."""


class Newest(NamedTuple):
    """The last quarter hour and the last UTC day since 1970 that a list reads."""

    quarter: int
    day: int

    @classmethod
    def at(cls, now_ms: int) -> Newest:
        """Return those of an instant."""
        return cls((now_ms + _AHEAD_MS) // QUARTER_MS, (now_ms + _AHEAD_MS) // DAY_MS)


class StoredTimes(NamedTuple):
    """Texts of Redis: time by state and latencies by quarter hour, time by state by day; '' for none."""

    times: Sequence[str]
    latencies: Sequence[str]
    days: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Sums:
    """Sums over what is kept, for one quarter hour."""

    last_day: Times
    days: Sequence[Times]
    """Over 7, 30 and 90 days."""
    hours: Sequence[Times]
    """The last 24 hours, oldest first."""
    bars: Sequence[HourBar]
    """Those hours as they are shown if nothing more is known of them."""
    counts: Sequence[int]
    """Latencies of the last 24 hours by fine bucket."""


class _Ring:
    """The times of the newest parts of time, up to `end`, which is not kept."""

    __slots__ = ("_size", "_values", "end")

    def __init__(self, size: int, end: int) -> None:
        self._size = size
        self._values = array("I", bytes(12 * size))
        self.end = end

    def append(self, text: str) -> None:
        """Keep the next part, in the room of the oldest one."""
        at = self.end % self._size * 3
        self._values[at : at + 3] = array("I", times_of(text))
        self.end += 1

    def items(self, first: int) -> Iterator[tuple[int, Times]]:
        """Yield the kept parts from one on, each with its times."""
        values = self._values
        for part in range(max(first, self.end - self._size), self.end):
            at = part % self._size * 3
            yield part, (values[at], values[at + 1], values[at + 2])


class MonitorHistory:
    """One monitor's time by state and latencies, up to the quarter hour and the day of its last check."""

    __slots__ = ("_days", "_latencies", "_sums", "_sums_of", "_times", "changes", "read_again_at", "seq")

    def __init__(self, job_id: str, now_ms: int) -> None:
        self.seq = ""
        """The monitor's place in the list, which is another one after its deletion."""
        self.changes = 0
        self.read_again_at = now_ms + _READ_AGAIN_MS + hash(job_id) % _READ_AGAIN_MS
        self._times = _Ring(KEPT_QUARTERS, (now_ms - DAY_MS) // QUARTER_MS)
        self._days = _Ring(KEPT_DAYS, now_ms // DAY_MS - KEPT_DAYS + 1)
        self._latencies = [""] * KEPT_QUARTERS
        self._sums: _Sums | None = None
        self._sums_of = (0, 0)

    @property
    def quarter(self) -> int:
        """Return the first quarter hour that has to be read."""
        return self._times.end

    @property
    def day(self) -> int:
        """Return the first UTC day that has to be read."""
        return self._days.end

    def is_of(self, seq: str, changes: int) -> bool:
        """Return whether it is the history of a stored monitor, or empty."""
        return not self.seq or (self.seq == seq and self.changes <= changes)

    def is_usable(self, now_ms: int) -> bool:
        """Return whether it may be kept on: it is not too old, and what follows it is still stored."""
        return now_ms < self.read_again_at and self.quarter >= (now_ms - DAY_MS) // QUARTER_MS

    def keep(self, stored: StoredTimes, since: Newest, seen_ms: int) -> StoredTimes:
        """Keep what is final; return the rest, which the next list reads again.

        `since`: the first quarter hour and the first day of `stored`; `seen_ms`: the last check.
        """
        final = min(seen_ms // QUARTER_MS, since.quarter + len(stored.times))
        while self.quarter < final:
            at = self.quarter - since.quarter
            self._latencies[self.quarter % KEPT_QUARTERS] = stored.latencies[at]
            self._times.append(stored.times[at])
        final = min(seen_ms // DAY_MS, since.day + len(stored.days))
        while self.day < final:
            self._days.append(stored.days[self.day - since.day])
        left, days = max(0, self.quarter - since.quarter), max(0, self.day - since.day)
        return StoredTimes(stored.times[left:], stored.latencies[left:], stored.days[days:])

    def sums(self, now_ms: int) -> _Sums:
        """Return the sums of what is kept, computed once in a quarter hour."""
        place = (now_ms // QUARTER_MS, self.quarter)
        if self._sums is None or place != self._sums_of:
            self._sums, self._sums_of = self._summed(now_ms), place
        return self._sums

    def _summed(self, now_ms: int) -> _Sums:
        first, first_hour = (now_ms - DAY_MS) // QUARTER_MS, now_ms // HOUR_MS - HOURS + 1
        last_day, hours = NO_TIME, [NO_TIME] * HOURS
        for quarter, times in self._times.items(first):
            last_day = _sum(last_day, times)
            if (at := quarter // QUARTERS_AN_HOUR - first_hour) >= 0:
                hours[at] = _sum(hours[at], times)
        texts = (self._latencies[quarter % KEPT_QUARTERS] for quarter, _ in self._times.items(first))
        bars = [_bar((first_hour + at) * HOUR_MS, total) for at, total in enumerate(hours)]
        days = [self._of_days(now_ms, count) for count in DAYS]
        return _Sums(last_day, days, hours, bars, add_counts([0] * FINE_COUNT, texts))

    def _of_days(self, now_ms: int, count: int) -> Times:
        total = NO_TIME
        for _, times in self._days.items(now_ms // DAY_MS - count):
            total = _sum(total, times)
        return total

    def by_day(self) -> dict[int, TimeByState]:
        """Return the time by state of each kept day in which something was seen."""
        return {day: TimeByState(*times) for day, times in self._days.items(0) if times != NO_TIME}


class RecentHistory:
    """A monitor's history with the part that is not final."""

    __slots__ = ("_days", "_kept", "_latencies", "_now_ms", "_sums", "_times")

    def __init__(self, kept: MonitorHistory, rest: StoredTimes, now_ms: int) -> None:
        """`rest`: from the kept part on."""
        self._kept, self._now_ms = kept, now_ms
        self._sums = kept.sums(now_ms)
        self._times = [(at, times_of(text)) for at, text in enumerate(rest.times, kept.quarter) if text]
        self._days = [(day, times_of(text)) for day, text in enumerate(rest.days, kept.day) if text]
        self._latencies = rest.latencies

    def uptime(self, live: Times) -> Uptime:
        """Return the uptimes; the quarter hour or the UTC day at the beginning of a period counts in full.

        `live`: the time since the last check.
        """
        today, last_day = self._now_ms // DAY_MS, self.last_day_uptime(live)
        return Uptime(last_day, *(self._of_days(today, *each, live) for each in enumerate(self._sums.days)))

    def last_day_uptime(self, live: Times) -> float | None:
        """Return the uptime of the last 24 hours, from a whole quarter hour on."""
        total = _sum(self._sums.last_day, live)
        for _, times in self._times:
            total = _sum(total, times)
        return _share(total)

    def _of_days(self, today: int, at: int, total: Times, live: Times) -> float | None:
        total = _sum(total, live)
        for day, times in self._days:
            if day >= today - DAYS[at]:
                total = _sum(total, times)
        return _share(total)

    def latency(self) -> LatencyFigures:
        """Return the percentiles of the last 24 hours."""
        counts = self._sums.counts
        if any(self._latencies):
            counts = add_counts([*counts], self._latencies)
        return LatencyFigures(*percentiles(counts, (0.5, 0.95)))

    def days(self, live: Times) -> dict[int, TimeByState]:
        """Return the time by state of each UTC day since 1970 in which something was seen, today included."""
        found, today = self._kept.by_day(), self._now_ms // DAY_MS
        found |= {day: TimeByState(*times) for day, times in self._days}
        return {**found, today: found.get(today, TimeByState()) + TimeByState(*live)}

    def hours(self, state: WatchState, since: int) -> list[HourBar]:
        """Return the last 24 hours, oldest first, each with the worst state that was seen in it."""
        first_hour, bars = self._now_ms // HOUR_MS - HOURS + 1, [*self._sums.bars]
        new = dict[int, Times]()
        for quarter, times in self._times:
            if 0 <= (at := quarter // QUARTERS_AN_HOUR - first_hour) < HOURS:
                new[at] = _sum(new.get(at, self._sums.hours[at]), times)
        for at, total in new.items():
            bars[at] = _bar(bars[at].at, total)
        for at in range(max(0, since // HOUR_MS - first_hour), HOURS):
            # The present state lasts in these hours.
            if state == "down" or bars[at].state == "unknown":
                bars[at] = bars[at]._replace(state=state)
        return bars


def _bar(at: int, total: Times) -> HourBar:
    up, degraded, down = total
    worst: WatchState = "down" if down else "degraded" if degraded else "up" if up else "unknown"
    return HourBar(at, worst, _share(total))


def _share(total: Times) -> float | None:
    up, degraded, down = total
    seen = up + degraded + down
    return (up + degraded) / seen if seen else None


def times_of(text: str) -> Times:
    """Return a stored sum, `up,degraded,down` in ms."""
    if not text:
        return NO_TIME
    up, degraded, down = text.split(",")
    return int(up), int(degraded), int(down)


def _sum(one: Times, other: Times) -> Times:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def add_counts(counts: list[int], texts: Iterable[str]) -> list[int]:
    """Add the latencies of quarter hours (`bucket:count` separated by blanks) to counts by fine bucket."""
    numbers = list(map(int, " ".join(texts).replace(":", " ").split()))
    for index, count in zip(numbers[::2], numbers[1::2], strict=True):
        counts[index] += count
    return counts
