"""Time constraints: merges the time expressions of a clause into schedules.

A clause may describe several schedules; each has one set of constraints.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final, get_args, get_type_hints

from app.planner.language.times import expressions as said
from app.planner.language.times.clock_parts import resolve
from app.planner.language.times.expressions import ClockTimes, Days, Except, Interval, Recurrence, Value

_FEW_DAYS: Final = 2
NOTHING: Final = Except()
_LAST_MORNING: Final = 7 * said.HOUR_MIN
"""A window that begins by seven after another one is in the afternoon."""
_NEAR: Final = 8
"""How far apart two schedules of a clause are at most for one to leave out the days of the other."""
_WHOLE_WEEK: Final = frozenset(range(7))


@dataclass(slots=True)
class TimeConstraints:
    """All that is known of one schedule; a field without information is None or empty."""

    interval: Interval | None = None
    counted: said.TimesPer | None = None
    clocks: tuple[said.ClockTime, ...] = ()
    parts: list[str] = field(default_factory=list[str])
    each_part: bool = False
    """True for "tiap pagi"."""
    days: Days | None = None
    months: said.Months | None = None
    left_out: Except = NOTHING
    shifted: Except = NOTHING
    """What moves a run to another day instead of dropping it."""
    dates: said.Dates | None = None
    once: said.OnceDay | said.OnceWeekday | None = None
    delta: said.OnceDelta | None = None
    recur: Recurrence | None = None
    window: said.ClockWindow | None = None
    zone: str | None = None
    now: bool = False
    since: said.TimeBound | None = None
    until: said.TimeBound | None = None
    lasting: said.Lasting | None = None
    count: said.FireCount | None = None
    impossible: str | None = None
    unclear: list[str] = field(default_factory=list[str])
    inherited_clock: bool = False
    counted_from: said.CountedFrom | None = None
    feast: said.FeastDay | None = None

    def add(self, value: Value) -> bool:
        """Add an expression; False if there is already one of its kind, so that another schedule begins."""
        name = _SINGLE.get(type(value))
        if isinstance(value, said.TimeBound):
            name = "until" if value.ends else "since"
        if name is None:
            return self._add_mark(value)
        held = getattr(self, name)
        bare = isinstance(held, Interval) and held.bare  # an exact length overrides one that is not marked
        if held and not (bare or held == Recurrence("d")):
            return False
        setattr(self, name, value.clocks if isinstance(value, ClockTimes) else value)
        return True

    def _add_mark(self, value: Value) -> bool:
        """Add an expression that goes with any other; False for a second one of a kind that occurs once."""
        match value:
            case said.PartOfDay(part=part, every=every):
                self.parts.append(part)
                self.each_part = self.each_part or every
            case Except(on_skip="drop"):
                self.left_out |= value
            case Except():
                self.shifted |= value
            case said.ZoneName(name=name):
                self.zone = name
            case said.Now():
                self.now = True
            case said.Impossible(why=why):
                self.impossible = self.impossible or why
            case said.Unclear(why=why):
                self.unclear.append(why)
            case _:
                return False
        return True

    def weekdays(self) -> frozenset[int] | None:
        """Return the weekdays that are meant, None if any will do."""
        if self.days is None and not self.left_out.weekdays:
            return None
        return (self.days.days if self.days else _WHOLE_WEEK) - self.left_out.weekdays

    def recurs(self) -> bool:
        """True if some part of it recurs."""
        dates = self.dates is not None and not self.has_date()
        days = self.days or dates or self.months or self.left_out != NOTHING
        return bool(self.interval or self.counted or self.recur or days)

    def is_single(self) -> bool:
        """True if no word makes it recur: "jam 9", "Jumat jam 11"; more than two weekdays are a timetable."""
        often = self.interval or self.counted or self.recur or self.months or self.left_out != NOTHING
        often = often or self.shifted != NOTHING
        every = self.each_part or any(clock.every for clock in self.clocks)
        days = self.is_timetable() or (self.days is not None and (self.days.every or self.days.nth))
        dates = self.dates is not None and self.dates.every
        return not (often or every or days or dates or self.is_empty())

    def is_timetable(self) -> bool:
        """True for more than two weekdays without "every": "Senin, Rabu, Jumat jam 8"."""
        return self.days is not None and not self.days.every and len(self.days.days) > _FEW_DAYS

    def is_bounded(self) -> bool:
        """True if it has a first or last day, a length, or a number of times."""
        return bool(self.since or self.until or self.lasting or self.count)

    def is_narrowed(self) -> bool:
        """True if it holds on some days only."""
        left_out = self.left_out.weekdays or self.left_out.days or self.left_out.months
        return bool(self.days or self.dates or self.months or left_out)

    def has_date(self) -> bool:
        """True if a date of one year is meant: "5 Desember 2026", or "5 Desember" without "setiap"."""
        dates = self.dates
        if dates is None or dates.every or self.recur is not None:
            return False
        return dates.year is not None or dates.month is not None

    def is_empty(self) -> bool:
        """True if it has no time at all."""
        times = (self.clocks, self.parts, self.dates, self.once, self.delta, self.window, self.now)
        return not (self.recurs() or self.counted_from or any(times))


_SINGLE: Final = {
    kind: name
    for name, hint in get_type_hints(TimeConstraints).items()
    for kind in get_args(hint)
    if kind in Value.__subclasses__() and kind is not said.TimeBound
} | {ClockTimes: "clocks"}
"""Expressions that a schedule has at most once, and the field that holds each."""


def constraints_of(groups: Sequence[Sequence[Value]], *, single: bool = False) -> list[TimeConstraints]:
    """Return the schedules of a clause. A group is a sequence of expressions without a separator.

    With `single` a time that no word makes recur is meant once.
    """
    merged: list[TimeConstraints] = []
    last: Value | None = None
    for group in groups:
        for found in _of_group(group, last if merged and merged[-1].clocks else None):
            if not (merged and _join(merged[-1], found)):
                merged.append(found)
        last = group[-1]
    return _part_days(_lend(merged), single=single)


def _of_group(group: Sequence[Value], last: Value | None) -> list[TimeConstraints]:
    """Return the schedules of a group; `last` is the expression before it."""
    found: list[TimeConstraints] = []
    for pos, value in enumerate(group):
        following = group[pos + 1 :]
        if not found or _begins_other(found[-1], value, following[:1]) or not found[-1].add(value):
            found.append(TimeConstraints())
            found[-1].add(value)
            dated = any(isinstance(each, Days | Recurrence) for each in following)
            weekdays = last.weekdays if isinstance(last, Except) and not dated else frozenset[int]()
            if isinstance(value, ClockTimes | Interval) and weekdays and last == Except(weekdays=weekdays):
                found[-1].days = Days(weekdays, every=True)  # "tiap hari jam 7 kecuali Jumat jam 8"
        last = value
    return found


def _begins_other(before: TimeConstraints, value: Value, following: Sequence[Value]) -> bool:
    """True for the second day or part of "tiap hari jam 7 Jumat jam 8", which has its own time."""
    if isinstance(value, said.PartOfDay) and before.clocks:
        return any(isinstance(each, ClockTimes) for each in following)
    whole = before.recur is not None and before.recur.unit == "d" and bool(before.clocks)
    return whole and isinstance(value, Days) and any(isinstance(each, ClockTimes) for each in following)


def _part_days(found: list[TimeConstraints], *, single: bool) -> list[TimeConstraints]:
    """Leave the days that have a time of their own out of the others: "tiap hari jam 7, Sabtu jam 9"."""
    for each in found[:-1]:  # "Senin jam 8 dan Sabtu jam 10 kecuali tanggal merah"
        if each.left_out == each.shifted == NOTHING and not each.once:
            each.left_out = replace(found[-1].left_out, weekdays=frozenset())
            each.shifted = found[-1].shifted
    for pos, general in enumerate(found):
        for other in found[max(0, pos - _NEAR) : pos + _NEAR]:
            if other is general or (single and not general.recurs()) or not _is_part(other, general):
                continue
            if other.dates is not None:
                general.left_out |= Except(days=frozenset(other.dates.days))
            elif other.days is not None:
                general.left_out |= Except(weekdays=other.days.days)
                other.days = replace(other.days, every=True)
    return found


def _is_part(other: TimeConstraints, general: TimeConstraints) -> bool:
    """True if a schedule is on some days of another one, at its own times, and neither is for one day."""
    once = other.once or general.once or general.dates or (general.days and general.days.nth)
    own = (other.clocks and general.clocks) or (other.interval and general.interval)
    if once or other.inherited_clock or not own:
        return False
    if other.dates is not None:
        return other.days is None and other.dates.month is None and 0 not in other.dates.days
    weekdays = _WHOLE_WEEK if general.days is None else general.days.days
    return other.days is not None and not other.days.nth and other.days.days < weekdays


def _join(before: TimeConstraints, after: TimeConstraints) -> bool:
    """Merge `after` into `before` if they describe different fields of one schedule."""
    if before.window and after.window and before.window.is_usual():
        before.window = None  # "jam kantor, Senin-Jumat jam 9 sampai 18"
    names = dict.fromkeys(_SINGLE.values())
    # "pagi jam 8" and "sore jam 5" are two; "tiap pagi dan sore" is one.
    times = (before.clocks, after.clocks, before.days, after.days, before.once, after.once)
    twice = before.parts and after.parts and any(times)
    if twice or any(getattr(before, name) and getattr(after, name) for name in names):
        return False
    for name in (*names, "each_part", "now", "since", "until", "impossible"):
        setattr(before, name, getattr(before, name) or getattr(after, name))
    before.parts += after.parts
    before.left_out |= after.left_out
    before.shifted |= after.shifted
    before.zone = after.zone or before.zone
    before.unclear += after.unclear
    return True


def _after_noon(window: said.ClockWindow, before: said.ClockWindow) -> said.ClockWindow:
    """Return a window after another one: that of "9 to 12 and 1 to 5" is in the afternoon."""
    start, end = window.start, window.end
    ends = resolve(before.end) if before.end else 0
    if start is None or end is None or start.part or start.exact or not _LAST_MORNING > start.minute < ends:
        return window
    end = end if end.part or end.exact else replace(end, part="pm")
    return replace(window, start=replace(start, part="pm"), end=end, assumed=True)


def _lend(found: list[TimeConstraints]) -> list[TimeConstraints]:
    """Copy a time of day and a zone to the neighbouring schedules that have none."""
    for before, here in pairwise(found):
        if before.window and here.window:
            here.window = _after_noon(here.window, before.window)
    for other, here in [*pairwise(found), *pairwise(reversed(found))]:
        here.zone = here.zone or other.zone
        if here.window and other.window and not here.clocks:
            here.interval = here.interval or other.interval
            here.days = here.days or other.days  # "weekdays 8am to noon and 2pm to 5pm"
        times = here.clocks or here.parts or here.interval or here.delta or here.counted
        if other.clocks and not times:
            here.clocks, here.parts, here.inherited_clock = other.clocks, list(other.parts), True
            here.each_part = other.each_part
    return found
