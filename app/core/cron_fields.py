"""The set of wall-clock times that a cron expression names: searched and counted without stepping.

Wall-clock times are milliseconds since 1970-01-01T00:00 of a clock that knows no zone; `cron_zone` lays the
zones over them.
"""

from __future__ import annotations

from bisect import bisect_left
from calendar import isleap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS
LAST_YEAR: Final = 9_998  # one year short of datetime's end, so that every zone can be laid over it

_EPOCH: Final = date(1970, 1, 1).toordinal()
_FIRST_DAY: Final = -2  # zones west of Greenwich see the epoch on the day before
_LAST_DAY: Final = date(LAST_YEAR, 12, 31).toordinal() - _EPOCH
_SEARCH_DAYS: Final = 50 * 366  # the rarest date, a 29 February on one weekday, comes at least every 40 years
_MONTH_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class CronFields:
    """The set of wall-clock times that an expression names.

    `times` are milliseconds of the day, ascending. `runs_through` is cron(8)'s wildcard job: `*` begins the
    minute or the hour, so a change of the clocks neither moves nor drops a fire.
    """

    times: tuple[int, ...]
    days: frozenset[int]
    last_day: bool
    months: frozenset[int]
    weekdays: frozenset[int]
    needs_both_days: bool
    runs_through: bool

    def first_from(self, wall: int) -> int | None:
        """Return the first time at or after `wall`; None if none comes within 50 years."""
        day, rest = divmod(wall, DAY_MS)
        index = bisect_left(self.times, rest) if self._has(day) else len(self.times)
        if index < len(self.times):
            return day * DAY_MS + self.times[index]
        found = next(self._ahead(day + 1, day + _SEARCH_DAYS), None)
        return None if found is None else found * DAY_MS + self.times[0]

    def last_to(self, wall: int) -> int | None:
        """Return the last time at or before `wall`; None if none was since 1970 or within 50 years."""
        day, rest = divmod(wall, DAY_MS)
        index = bisect_left(self.times, rest + 1) if self._has(day) else 0
        if index > 0:
            return day * DAY_MS + self.times[index - 1]
        found = next(self._back(day - 1, day - _SEARCH_DAYS), None)
        return None if found is None else found * DAY_MS + self.times[-1]

    def count(self, low: int, high: int) -> int:
        """Return how many times there are from `low` up to, not including, `high`."""
        if high <= low:
            return 0
        (first, before), (last, upto) = divmod(low, DAY_MS), divmod(high, DAY_MS)
        whole = len(self.times) * sum(1 for _ in self._ahead(first, last))
        skipped = bisect_left(self.times, before) if self._has(first) else 0
        added = bisect_left(self.times, upto) if self._has(last) else 0
        return whole - skipped + added

    def _ahead(self, day: int, stop: int) -> Iterator[int]:
        day, stop = max(day, _FIRST_DAY), min(stop, _LAST_DAY + 1)
        while day < stop:
            on = date.fromordinal(day + _EPOCH)
            if on.month not in self.months:
                day += _month_days(on) - on.day + 1
                continue
            if self._matches(on):
                yield day
            day += 1

    def _back(self, day: int, stop: int) -> Iterator[int]:
        day, stop = min(day, _LAST_DAY), max(stop, _FIRST_DAY - 1)
        while day > stop:
            on = date.fromordinal(day + _EPOCH)
            if on.month not in self.months:
                day -= on.day
                continue
            if self._matches(on):
                yield day
            day -= 1

    def _has(self, day: int) -> bool:
        if not _FIRST_DAY <= day <= _LAST_DAY:
            return False
        on = date.fromordinal(day + _EPOCH)
        return on.month in self.months and self._matches(on)

    def _matches(self, on: date) -> bool:
        in_month = on.day in self.days or (self.last_day and on.day == _month_days(on))
        in_week = on.isoweekday() % 7 in self.weekdays
        return (in_month and in_week) if self.needs_both_days else (in_month or in_week)


def _month_days(on: date) -> int:
    return _MONTH_DAYS[on.month - 1] + (on.month == 2 and isleap(on.year))  # noqa: PLR2004 - February
