"""The days and times of day at which a schedule is closed, and the reasons. No clock is read here.

Days are numbered from 1970-01-01. Times are milliseconds of the day, on the clocks of the schedule's zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, Self

from app.core.i18n import Message, _
from app.core.models import ANY_YEAR
from app.core.scheduling.cron import DAY_MS, MINUTE_MS, ScheduleError
from app.core.scheduling.holiday_dates import HolidayChoice, holidays_of

if TYPE_CHECKING:
    from app.core.models import Calendar, Skip, SkipRules

Calendars = Mapping[str, "Calendar"]
"""The deployment's calendars by name."""

_EPOCH: Final = date(1970, 1, 1).toordinal()
_CODE: Final = "skip"
_WITH_YEAR: Final = len("2026-12-25")
# Names of holidays are looked for in these years: the check of a spec reads no clock.
_YEARS_OF_NAMES: Final = range(2024, 2029)


@dataclass(frozen=True, slots=True)
class SkipReason:
    """Why a slot is skipped. `detail` is the holiday's name, the date, the weekday, the day or the window."""

    kind: str
    """holiday, date, weekday, day_of_month, window, or several."""
    detail: str = ""
    calendar: str = ""
    """The calendar that closes it; empty for the schedule's own rules."""
    moved_to: str = ""
    """The day on which it fires instead; empty if it does not."""

    @property
    def code(self) -> str:
        """Return its text in the ledger, `skip>2026-12-24@leave:date:2026-12-25`."""
        moved = f">{self.moved_to}" if self.moved_to else ""
        calendar = f"@{self.calendar}" if self.calendar else ""
        return f"{_CODE}{moved}{calendar}:{self.kind}:{self.detail}"

    @classmethod
    def parse(cls, code: str) -> Self | None:
        """Return the reason of such a text; None if the text is another reason of the ledger."""
        head, colon, rest = code.partition(":")
        start, _at, calendar = head.partition("@")
        word, _arrow, moved_to = start.partition(">")
        kind, _colon, detail = rest.partition(":")
        return cls(kind, detail, calendar, moved_to) if colon and word == _CODE else None

    def until(self, other: SkipReason) -> SkipReason | None:
        """Return the reason of two neighbours as one; None if they have different reasons."""
        if self == other:
            return self
        if self.kind != "date" or replace(self, detail=other.detail) != other:
            return None
        return replace(self, detail=f"{self.detail.partition('..')[0]}..{other.detail.rpartition('..')[2]}")


SEVERAL: Final = SkipReason("several")


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a day, start included and end excluded, with the reason for which it is closed."""

    start: int
    end: int
    reason: SkipReason


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """The closed days of a schedule's own rules, or of one calendar."""

    calendar: str
    holidays: HolidayChoice | None
    dates: frozenset[date]
    yearly: frozenset[tuple[int, int]]
    weekdays: frozenset[int]
    days_of_month: frozenset[int]

    def reason(self, day: date) -> SkipReason | None:
        """Return the first reason for which a day is closed."""
        if self.holidays is not None and (name := self.holidays.name_of(day)) is not None:
            return SkipReason("holiday", name, self.calendar)
        if day in self.dates or (day.month, day.day) in self.yearly:
            return SkipReason("date", f"{day}", self.calendar)
        weekday = day.isoweekday() % 7
        if weekday in self.weekdays:
            return SkipReason("weekday", f"{weekday}", self.calendar)
        if day.day in self.days_of_month:
            return SkipReason("day_of_month", f"{day.day}", self.calendar)
        return None


@dataclass(frozen=True, slots=True)
class ClosedTimes:
    """All rules of a schedule: closed days first, then windows of the other days."""

    days: tuple[ClosedDays, ...]
    windows: tuple[Window, ...]

    def day_reason(self, day: int) -> SkipReason | None:
        """Return the reason for which a whole day is closed, None if it is not."""
        found = date.fromordinal(day + _EPOCH)
        return next((reason for rules in self.days if (reason := rules.reason(found)) is not None), None)

    def window_at(self, time_ms: int) -> Window | None:
        """Return the window that a time of day is in, None if it is in none."""
        return next((window for window in self.windows if window.start <= time_ms < window.end), None)

    def open_around(self, time_ms: int) -> tuple[int, int]:
        """Return the bounds of the open part of a day that a time is in."""
        before = max((window.end for window in self.windows if window.end <= time_ms), default=0)
        after = min((window.start for window in self.windows if window.start > time_ms), default=DAY_MS)
        return before, after


def closed_times(skip: Skip, calendars: Calendars) -> ClosedTimes:
    """Compile a skip with its calendars; ScheduleError for an unknown country, name or calendar."""
    parts: list[tuple[str, SkipRules]] = [("", skip)]
    for name in skip.calendars:
        if (calendar := calendars.get(name)) is None:
            raise ScheduleError("skip/calendars", "unknown_calendar", unknown_calendar(name, calendars))
        parts.append((name, calendar))
    return ClosedTimes(
        tuple(_closed_days(name, rules) for name, rules in parts),
        tuple(window for name, rules in parts for window in _windows(name, rules)),
    )


def check_rules(rules: SkipRules) -> None:
    """Raise ScheduleError if a country or the name of a holiday is unknown."""
    _holidays(rules)


def day_text(day: int) -> str:
    """Return a day as `2026-12-24`."""
    return f"{date.fromordinal(day + _EPOCH)}"


def _closed_days(calendar: str, rules: SkipRules) -> ClosedDays:
    each_year = [date.fromisoformat(f"{ANY_YEAR}-{text}") for text in rules.dates if len(text) < _WITH_YEAR]
    return ClosedDays(
        calendar=calendar,
        holidays=_holidays(rules),
        dates=frozenset(date.fromisoformat(text) for text in rules.dates if len(text) == _WITH_YEAR),
        yearly=frozenset((day.month, day.day) for day in each_year),
        weekdays=frozenset(rules.weekdays),
        days_of_month=frozenset(rules.days_of_month),
    )


def _holidays(rules: SkipRules) -> HolidayChoice | None:
    if rules.holidays is None:
        return None
    choice = HolidayChoice(rules.holidays, rules.cuti_bersama, tuple(rules.names))
    every = replace(choice, names=())
    try:
        years = _YEARS_OF_NAMES if rules.names else _YEARS_OF_NAMES[:1]
        known = {name for year in years for name in holidays_of(every, year).values()}
    except LookupError as error:
        text = _("There are no holidays of a country {country!r}.", country=rules.holidays)
        raise ScheduleError("skip/holidays", "holidays_unknown", text) from error
    for text in rules.names:
        if not any(text.lower() in name.lower() for name in known):
            raise _unknown_name(text, known)
    return choice


def _unknown_name(text: str, known: set[str]) -> ScheduleError:
    near = get_close_matches(text, sorted(known), n=3, cutoff=0.3) or sorted(known)[:3]
    message = _("No holiday has {text!r} in its name. Near: {near}.", text=text, near=", ".join(near))
    return ScheduleError("skip/names", "holiday_unknown", message)


def unknown_calendar(name: str, calendars: Calendars) -> Message:
    """Return the error for a calendar that does not exist, with the nearest name."""
    near = get_close_matches(name, sorted(calendars), n=1)
    if near:
        return _("There is no calendar {name!r}. Did you mean {near!r}?", name=name, near=near[0])
    return _("There is no calendar {name!r}: `PUT /calendars/{name}` makes it.", name=name)


def _windows(calendar: str, rules: SkipRules) -> list[Window]:
    found: list[Window] = []
    for text in rules.windows:
        start, end = (_minute(side) * MINUTE_MS for side in text.split("-"))
        reason = SkipReason("window", text, calendar)
        parts = [(start, end)] if start < end else [(start, DAY_MS), (0, end)]
        found += [Window(a, b, reason) for a, b in parts if a < b]
    return found


def _minute(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)
