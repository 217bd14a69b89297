"""Parses cron expressions into `CronFields`, and searches their times.

The syntax is that of cron(8): five fields of lists, ranges, steps and names, 7 as Sunday, the nicknames but
`@reboot`. Also accepted, because people write them: `L` for the last day of a month and `5/15` for `5-59/15`.
Everything else that croniter would accept (seconds, years, `H`, `R`, `#`, `W`, `?`, ranges that run
backwards, `5-5` as "all", day 0) is refused before croniter sees the text.

If both day fields are restricted, a day has to match one of them. A field that begins with `*` (so `*/2` too)
does not restrict, and then both have to match. This is the rule of crontab(5); croniter treats `*/2`
differently from `*` here.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from calendar import isleap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.core.i18n import _

# The set of wall-clock times of a cron expression, searched and counted without stepping.
#
# Wall-clock times are milliseconds since 1970-01-01T00:00 on a clock without a zone; `timezone.py` maps them
# to instants.

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS
LAST_YEAR: Final = 9_998  # one year short of datetime's end, so that every zone can be applied to it

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


MAX_CRON_CHARS: Final = 200

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_NICKNAMES: Final = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_LAST: Final = "l"
_ITEM: Final = re.compile(r"(?:\*|([0-9]{1,2}|[a-z]{3})(?:-([0-9]{1,2}|[a-z]{3}))?)(?:/([0-9]{1,4}))?")


class ScheduleError(Exception):
    """A schedule is refused: `field` of `Schedule`, a stable `code`, a message for people."""

    def __init__(self, field: str, code: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()
    takes_last: bool = False

    def number(self, word: str) -> int:
        if word in self.names:
            return self.names.index(word) + self.low
        if not word.isdigit():
            raise _syntax(self, word)
        if not self.low <= int(word) <= self.high:
            raise ScheduleError(
                "cron",
                "cron_range",
                _(
                    "{word} is no {name}: {low} to {high}.",
                    word=word,
                    name=self.name,
                    low=self.low,
                    high=self.high,
                ),
            )
        return int(word)


_FIELDS: Final = (
    _Field(_("minute"), 0, 59),
    _Field(_("hour"), 0, 23),
    _Field(_("day of the month"), 1, 31, takes_last=True),
    _Field(_("month"), 1, 12, _MONTHS),
    _Field(_("day of the week"), 0, 7, _WEEKDAYS),
)


def parse_cron(text: str) -> CronFields:
    """Read a cron(8) expression; raise `ScheduleError` if it is none or names a date that never comes."""
    words = cron_parts(text)
    plain = [
        ",".join(_plain_item(field, item) for item in word.split(","))
        for field, word in zip(_FIELDS, words, strict=True)
    ]
    # A process that reads no expression does not need it, and it takes 15 ms to import.
    from croniter import croniter  # noqa: PLC0415

    # By now the text is checked: no names, no backward and no one-value ranges. croniter only expands it.
    spread, *_rest = croniter.expand(" ".join(plain))
    minutes, hours, days, months, weekdays = (
        frozenset(range(field.low, field.high + 1)) if "*" in values else _numbers(values)
        for field, values in zip(_FIELDS, spread, strict=True)
    )
    fields = CronFields(
        times=tuple(sorted(hour * HOUR_MS + minute * MINUTE_MS for hour in hours for minute in minutes)),
        days=days,
        last_day=_LAST in spread[2],
        months=months,
        weekdays=weekdays,
        needs_both_days=words[2].startswith("*") or words[4].startswith("*"),
        runs_through=words[0].startswith("*") or words[1].startswith("*"),
    )
    if fields.first_from(0) is None:
        raise ScheduleError("cron", "cron_never", _("{text!r} is a date that never comes.", text=text))
    return fields


def cron_parts(text: str) -> list[str]:
    """Return the five fields as written, a nickname expanded; else raise `ScheduleError`."""
    if len(text) > MAX_CRON_CHARS:
        raise ScheduleError(
            "cron",
            "cron_too_long",
            _("A cron expression has at most {max_cron_chars} characters.", max_cron_chars=MAX_CRON_CHARS),
        )
    lowered = text.lower().strip()
    words = _NICKNAMES.get(lowered, lowered).split()
    if lowered.startswith("@") and lowered not in _NICKNAMES:
        known = ", ".join(_NICKNAMES)
        raise ScheduleError("cron", "cron_syntax", _("{text!r} is none of {known}.", text=text, known=known))
    if len(words) != len(_FIELDS):
        raise ScheduleError(
            "cron",
            "cron_fields",
            _(
                "A cron expression has five fields: minute hour day month weekday; this one has {count}.",
                count=len(words),
            ),
        )
    return words


def _plain_item(field: _Field, item: str) -> str:
    if item == _LAST and field.takes_last:
        return item
    match = _ITEM.fullmatch(item)
    if match is None:
        raise _syntax(field, item)
    low_word, high_word, step = match.groups()
    low = field.number(low_word) if low_word else field.low
    open_ended = low_word is None or step is not None
    high = field.number(high_word) if high_word else field.high if open_ended else low
    if low > high or int(step or 1) == 0:
        raise _syntax(field, item)
    return str(low) if low == high else f"{low}-{high}/{int(step or 1)}"


def _syntax(field: _Field, item: str) -> ScheduleError:
    return ScheduleError(
        "cron",
        "cron_syntax",
        _(
            "{item!r} is no {name} that cron(8) knows; ranges go upwards, Sunday at the end is 7.",
            item=item,
            name=field.name,
        ),
    )


def _numbers(values: Sequence[int | str]) -> frozenset[int]:
    return frozenset(value for value in values if isinstance(value, int))
