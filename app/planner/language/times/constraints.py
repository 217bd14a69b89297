"""Time constraints: merges the time expressions of a clause into schedules.

A clause may describe several schedules; each has one set of constraints.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from app.planner.language.times.expressions import (
    ClockTime,
    ClockTimes,
    ClockWindow,
    Dates,
    Days,
    ExceptDates,
    ExceptDays,
    Impossible,
    Interval,
    Now,
    OnceDay,
    OnceDelta,
    OnceWeekday,
    PartOfDay,
    Recurrence,
    TimeBound,
    TimesPer,
    Unclear,
    Value,
    ZoneName,
)  # fmt: skip

_SINGLE: Final[dict[type, str]] = {
    Interval: "interval",
    TimesPer: "counted",
    ClockTimes: "clocks",
    Days: "days",
    Dates: "dates",
    OnceDay: "once",
    OnceWeekday: "once",
    OnceDelta: "delta",
    ClockWindow: "window",
    Recurrence: "recur",
}
"""Expressions that a schedule has at most once, and the field that holds each."""
_FEW_DAYS: Final = 2
_WHOLE_WEEK: Final = frozenset(range(7))


@dataclass(slots=True)
class TimeConstraints:
    """All that is known of one schedule; a field without information is None or empty."""

    interval: Interval | None = None
    counted: TimesPer | None = None
    clocks: tuple[ClockTime, ...] = ()
    parts: list[str] = field(default_factory=list[str])
    each_part: bool = False
    """True for "tiap pagi"."""
    days: Days | None = None
    left_out: frozenset[int] = frozenset()
    left_out_dates: frozenset[int] = frozenset()
    dates: Dates | None = None
    once: OnceDay | OnceWeekday | None = None
    delta: OnceDelta | None = None
    recur: Recurrence | None = None
    window: ClockWindow | None = None
    zone: str | None = None
    now: bool = False
    since: TimeBound | None = None
    until: TimeBound | None = None
    impossible: str | None = None
    unclear: list[str] = field(default_factory=list[str])
    inherited_clock: bool = False

    def add(self, value: Value) -> bool:
        """Add an expression; False if there is already one of its kind, so that another schedule begins."""
        name = _SINGLE.get(type(value))
        if isinstance(value, TimeBound):
            name = "until" if value.ends else "since"
        if name is None:
            return self._add_mark(value)
        held = getattr(self, name)
        if held and not _gives_way(held):
            return _gives_way(value)
        setattr(self, name, value.clocks if isinstance(value, ClockTimes) else value)
        return True

    def _add_mark(self, value: Value) -> bool:
        """Add an expression that goes with any other; False for a second one of a kind that occurs once."""
        match value:
            case PartOfDay(part=part, every=every):
                self.parts.append(part)
                self.each_part = self.each_part or every
            case ExceptDays(days=days):
                self.left_out |= days
            case ExceptDates(days=days):
                self.left_out_dates |= days
            case ZoneName(name=name):
                self.zone = name
            case Now():
                self.now = True
            case Impossible(why=why):
                self.impossible = self.impossible or why
            case Unclear(why=why):
                self.unclear.append(why)
            case _:
                return False
        return True

    def weekdays(self) -> frozenset[int] | None:
        """Return the weekdays that are meant, None if any will do."""
        if self.days is None and not self.left_out:
            return None
        return (self.days.days if self.days else _WHOLE_WEEK) - self.left_out

    def recurs(self) -> bool:
        """True if some part of it recurs."""
        dates = self.dates is not None and not self.has_date()
        days = self.days or dates or self.left_out or self.left_out_dates
        return bool(self.interval or self.counted or self.recur or days)

    def is_single(self) -> bool:
        """True if no word makes it recur: "jam 9", "Jumat jam 11"; more than two weekdays are a timetable."""
        often = self.interval or self.counted or self.recur or self.left_out or self.left_out_dates
        every = self.each_part or any(clock.every for clock in self.clocks)
        days = self.days is not None and (self.days.every or self.days.nth or len(self.days.days) > _FEW_DAYS)
        dates = self.dates is not None and self.dates.every
        return not (often or every or days or dates or self.is_empty())

    def is_narrowed(self) -> bool:
        """True if it holds on some days only."""
        return bool(self.days or self.dates or self.left_out or self.left_out_dates)

    def has_date(self) -> bool:
        """True if a date of one year is meant: "5 Desember 2026", or "5 Desember" without "setiap"."""
        dates = self.dates
        if dates is None or dates.every or self.recur is not None:
            return False
        return dates.year is not None or dates.month is not None

    def is_empty(self) -> bool:
        """True if it has no time at all."""
        return not (
            self.recurs()
            or self.clocks
            or self.parts
            or self.dates
            or self.once
            or self.delta
            or self.window
            or self.now
        )


def _gives_way(value: object) -> bool:
    """True for a length that no word calls an interval, and for "harian".

    An exact expression in the same clause overrides these.
    """
    return (isinstance(value, Interval) and value.bare) or (
        isinstance(value, Recurrence) and value.unit == "d"
    )


def constraints_of(groups: Sequence[Sequence[Value]]) -> list[TimeConstraints]:
    """Return the schedules of a clause. A group is a sequence of expressions without a separator."""
    merged: list[TimeConstraints] = []
    for group in groups:
        for found in _of_group(group):
            if not (merged and _join(merged[-1], found)):
                merged.append(found)
    return _lend(merged)


def _of_group(group: Sequence[Value]) -> list[TimeConstraints]:
    found = [TimeConstraints()]
    for value in group:
        if not found[-1].add(value):
            found.append(TimeConstraints())
            found[-1].add(value)
    return found


def _join(before: TimeConstraints, after: TimeConstraints) -> bool:
    """Merge `after` into `before` if they describe different fields of one schedule."""
    names = dict.fromkeys(_SINGLE.values())
    if before.impossible == "date" and after.dates:
        return False  # "tanggal 0 dan tanggal 15": the other date holds
    if any(getattr(before, name) and getattr(after, name) for name in names) or _part_twice(before, after):
        return False
    for name in names:
        setattr(before, name, getattr(before, name) or getattr(after, name))
    before.parts += after.parts
    before.each_part = before.each_part or after.each_part
    before.left_out |= after.left_out
    before.left_out_dates |= after.left_out_dates
    before.zone = after.zone or before.zone
    before.now = before.now or after.now
    before.since, before.until = before.since or after.since, before.until or after.until
    before.impossible = before.impossible or after.impossible
    before.unclear += after.unclear
    return True


def _part_twice(before: TimeConstraints, after: TimeConstraints) -> bool:
    """True for "pagi jam 8" with "sore jam 5"; "tiap pagi dan sore" is one schedule."""
    times = (before.clocks, after.clocks, before.days, after.days, before.once, after.once)
    return bool(before.parts and after.parts and any(times))


def _lend(found: list[TimeConstraints]) -> list[TimeConstraints]:
    """Copy a time of day and a zone to the neighbouring schedules that have none."""
    for other, here in [*pairwise(found), *pairwise(reversed(found))]:
        here.zone = here.zone or other.zone
        times = here.clocks or here.parts or here.interval or here.delta or here.counted
        if other.clocks and not times:
            here.clocks, here.parts, here.inherited_clock = other.clocks, list(other.parts), True
            here.each_part = other.each_part
    return found
