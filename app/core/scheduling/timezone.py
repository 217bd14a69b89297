"""Converts wall-clock times, of cron expressions and recurrence rules, to instants of a time zone.

It follows the DST rule of Debian's cron(8).

A fixed-time job (no `*` at the start of minute or hour) whose time the clocks skip in spring fires at the
first instant after the gap, once however many of its times the gap holds; a time that comes twice in autumn
fires at its first coming. A wildcard job runs through: it fires whenever a clock on the wall shows its time.

Instants are epoch milliseconds. They lie between 1970 and 9998: earlier ones fire nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from app.core.scheduling.cron import DAY_MS, LAST_YEAR

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_START_OF: Final = attrgetter("start")
_LEAD_MS: Final = 7 * DAY_MS


@dataclass(frozen=True, slots=True)
class OffsetPeriod:
    """Instants from `start` up to `end` with one UTC `offset`; `before` is the offset until `start`."""

    start: int
    end: int
    offset: int
    before: int


class WallTimes(Protocol):
    """An ordered set of wall-clock times: milliseconds since 1970-01-01T00:00, without a zone."""

    @property
    def runs_through(self) -> bool: ...
    def first_from(self, wall: int) -> int | None: ...
    def last_to(self, wall: int) -> int | None: ...
    def count(self, low: int, high: int) -> int: ...


@dataclass(frozen=True, slots=True)
class WallClockSlots:
    """The instants at which a clock on the wall of a zone shows one of the times."""

    times: WallTimes
    zone: ZoneInfo

    def next_after(self, instant_ms: int) -> int | None:
        """Return the first slot later than the instant, or None."""
        since = max(instant_ms + 1, 0)
        while since < LAST_MS:
            piece = period_at(self.zone, since)
            opens, floor = self._opening(piece)
            if opens and since == piece.start:
                return since
            wall = self.times.first_from(max(floor, since + piece.offset))
            if wall is not None and wall - piece.offset < piece.end:
                return wall - piece.offset
            # Offsets are smaller than a day, so wall times of later periods lie within one day of their
            # instants.
            wall = self.times.first_from(piece.end - DAY_MS)
            if wall is None:
                return None
            since = max(piece.end, wall - DAY_MS)
        return None

    def previous_or_at(self, instant_ms: int) -> int | None:
        """Return the last slot not later than the instant, or None."""
        until = min(instant_ms, LAST_MS - 1)
        while until >= 0:
            piece = period_at(self.zone, until)
            opens, floor = self._opening(piece)
            wall = self.times.last_to(until + piece.offset)
            if wall is not None and wall >= floor:
                return _from_1970(wall - piece.offset)
            if opens:
                return _from_1970(piece.start)
            wall = self.times.last_to(piece.start + DAY_MS)
            if wall is None:
                return None
            until = min(piece.start - 1, wall + DAY_MS)
        return None

    def count(self, first_ms: int, last_ms: int) -> int:
        """Return how many slots there are from `first_ms` to `last_ms`, both included."""
        total, since, stop = 0, max(first_ms, 0), min(last_ms + 1, LAST_MS)
        while since < stop:
            piece = period_at(self.zone, since)
            opens, floor = self._opening(piece)
            end = min(piece.end, stop)
            total += int(opens and since == piece.start)
            total += self.times.count(max(floor, since + piece.offset), end + piece.offset)
            since = end
        return total

    def wall_of(self, slot: int) -> int:
        """Return the time that names a slot: for a slot after a gap, its first time within the gap."""
        piece = period_at(self.zone, slot)
        wall = slot + piece.offset
        if slot != piece.start or self.times.runs_through or piece.before >= piece.offset:
            return wall
        first = self.times.first_from(piece.start + piece.before)
        return wall if first is None else min(first, wall)

    def _opening(self, piece: OffsetPeriod) -> tuple[bool, int]:
        """Return if the first instant fires for the gap before it, and the wall time from which all fire."""
        wall = piece.start + piece.offset
        if self.times.runs_through or piece.before == piece.offset:
            return False, wall
        if piece.before > piece.offset:
            return False, piece.start + piece.before
        return self.times.count(piece.start + piece.before, wall + 1) > 0, wall + 1


def clock_changes(zone: ZoneInfo, first_ms: int, last_ms: int) -> Iterator[OffsetPeriod]:
    """Yield the periods that begin with a change of the clocks, from one instant to another."""
    since = max(first_ms, 0)
    while since <= min(last_ms, LAST_MS - 1):
        piece = period_at(zone, since)
        if piece.start >= first_ms and piece.before != piece.offset:
            yield piece
        since = piece.end


def _from_1970(slot: int) -> int | None:
    return slot if slot >= 0 else None


def period_at(zone: ZoneInfo, instant: int) -> OffsetPeriod:
    """Return the period of one UTC offset that holds an instant."""
    pieces = _pieces(zone, (_EPOCH + timedelta(milliseconds=instant)).year)
    return pieces[bisect_right(pieces, instant, key=_START_OF) - 1]


def instant_of(zone: ZoneInfo, wall: int) -> int:
    """Return the first instant at which the clocks show a time; the end of the gap if they pass it over."""
    piece = period_at(zone, max(wall - DAY_MS, 0))
    while wall - piece.offset >= piece.end:
        piece = period_at(zone, piece.end)
    return max(wall - piece.offset, piece.start)


@lru_cache(maxsize=1024)
def _pieces(zone: ZoneInfo, year: int) -> tuple[OffsetPeriod, ...]:
    # A week of the year before is included, so that the start of an overlap across New Year is known.
    start, end = _year_start(year) - _LEAD_MS, _year_start(year + 1)
    edges = [start, *_changes(zone, start, end), end]
    return tuple(OffsetPeriod(a, b, _offset(zone, a), _offset(zone, a - 1)) for a, b in pairwise(edges))


def _changes(zone: ZoneInfo, start: int, end: int) -> Iterator[int]:
    for low in range(start, end, DAY_MS):
        if _offset(zone, low) != _offset(zone, low + DAY_MS):
            changed = bisect_right(
                range(low, low + DAY_MS, 1000), False, key=lambda at: _offset(zone, at) != _offset(zone, low)
            )
            yield low + changed * 1000


def _offset(zone: ZoneInfo, instant: int) -> int:
    local = (_EPOCH + timedelta(milliseconds=instant)).astimezone(zone)
    return (local.utcoffset() or timedelta()) // timedelta(milliseconds=1)


def _year_start(year: int) -> int:
    return (datetime(year, 1, 1, tzinfo=UTC) - _EPOCH) // timedelta(milliseconds=1)


LAST_MS: Final = _year_start(LAST_YEAR + 1) - DAY_MS
