"""The types of time expressions. `times/constraints.py` merges them into schedules."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final

DAY_SEC: Final = 86_400
HOUR_MIN: Final = 60
DAY_MIN: Final = 1_440


class Value:
    """What a time expression means."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Interval(Value):
    """Every so many seconds. `bare` if no word marks it as repeated: "pantau telegram 30 detik"."""

    seconds: float
    bare: bool = False
    minute: int | None = None
    """The minute of each hour at which it is: "tiap jam di menit 15"."""


@dataclass(frozen=True, slots=True)
class TimesPer(Value):
    """So many times a day, week or month."""

    times: int
    unit: str


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of day as written: minutes after midnight before its part of day and its shift are applied."""

    minute: int
    part: str | None = None
    shift: int = 0
    exact: bool = False
    """True if the hour is certainly on the 24-hour clock: 19.30, noon."""
    every: bool = False
    """True for "tiap jam 6 pagi", which marks it as recurring."""


@dataclass(frozen=True, slots=True)
class ClockTimes(Value):
    """One or more times of day."""

    clocks: tuple[ClockTime, ...]


@dataclass(frozen=True, slots=True)
class PartOfDay(Value):
    """A part of the day without a time: "sore"; with `every`: "tiap pagi"."""

    part: str
    every: bool = False


@dataclass(frozen=True, slots=True)
class Days(Value):
    """Weekdays, 0 is Sunday."""

    days: frozenset[int]
    every: bool = False
    eve: bool = False
    """True if the day was written as the night before another: "malam Minggu"."""
    nth: tuple[int, ...] = ()
    """Which of them in a month: 1 the first, -1 the last; empty for each."""


@dataclass(frozen=True, slots=True)
class Dates(Value):
    """Days of the month (0 is the last), of certain months if any are named, of one year if one is named."""

    days: tuple[int, ...]
    month: int | None = None
    year: int | None = None
    every: bool = False


@dataclass(frozen=True, slots=True)
class Recurrence(Value):
    """Daily, weekly, monthly, yearly: `d w mo y`; `step` of 2 is every second month."""

    unit: str
    step: int = 1


@dataclass(frozen=True, slots=True)
class ClockWindow(Value):
    """From one time of day until before another."""

    start: ClockTime | None
    end: ClockTime | None
    assumed: bool = False

    def is_usual(self) -> bool:
        """True for "jam kantor", whose hours were not said."""
        return self.assumed and all(each is not None and each.exact for each in (self.start, self.end))


@dataclass(frozen=True, slots=True)
class OnceDay(Value):
    """A day counted from today."""

    days: int = 0
    months: int = 0
    loose: bool = False
    """True for "nanti": today at the next time that fits."""
    wide: bool = False
    """True for a week or month that an adjacent weekday or date narrows down."""


NEXT_YEAR: Final = OnceDay(months=12, wide=True)


@dataclass(frozen=True, slots=True)
class OnceWeekday(Value):
    """A weekday of this week or the next: "Jumat ini", "next Monday"."""

    weekday: int
    weeks: int


@dataclass(frozen=True, slots=True)
class Months(Value):
    """Months of the year, 1 is January."""

    months: frozenset[int]


@dataclass(frozen=True, slots=True)
class Except(Value):
    """What a schedule leaves out: "kecuali tanggal merah", "selain hari Minggu", "kalau libur majukan"."""

    weekdays: frozenset[int] = frozenset()
    days: frozenset[int] = frozenset()
    """Days of each month."""
    months: frozenset[int] = frozenset()
    dates: frozenset[str] = frozenset()
    """Days of each year, `12-25`, or of one, `2026-12-25`."""
    once: tuple[OnceDay | OnceWeekday, ...] = ()
    windows: tuple[ClockWindow, ...] = ()
    part: str = ""
    """The part of the day of its weekdays: "kecuali Minggu pagi"."""
    holidays: bool = False
    leave: bool = False
    """With joint leave days ("cuti bersama")."""
    names: frozenset[str] = frozenset()
    """Only holidays whose name contains one of these."""
    on_skip: str = "drop"
    """`before` or `after` if what falls on such a day is moved."""
    resumes: TimeBound | None = None
    """The day on which what is left out goes on; it leaves out nothing."""

    def __or__(self, other: Except) -> Except:
        """Return what both leave out."""
        sets = [each.name for each in fields(self) if type(each.default) in {frozenset, bool}]
        either: dict[str, Any] = {name: getattr(self, name) | getattr(other, name) for name in sets}
        every = (self.holidays and not self.names) or (other.holidays and not other.names)
        either["names"] = frozenset() if every else either["names"]
        return Except(
            **either,
            once=self.once + other.once,
            windows=self.windows + other.windows,
            part=self.part or other.part,
            on_skip=other.on_skip if self.on_skip == "drop" else self.on_skip,
        )


@dataclass(frozen=True, slots=True)
class OnceDelta(Value):
    """So many seconds from now."""

    seconds: float


@dataclass(frozen=True, slots=True)
class CountedFrom(Value):
    """Days, or minutes, that are counted from another day or hour: "H-3", "1 jam sebelum"."""

    days: tuple[int, ...]
    minutes: int = 0
    months: int = 0
    every: bool = False
    assumed: bool = False
    """True for "sebelum tanggal 20", which says no number of days."""

    def is_number(self, value: Value) -> bool:
        """True if a number of times is that of several days."""
        return isinstance(value, FireCount) and value.times == len(self.days) > 1


@dataclass(frozen=True, slots=True)
class FeastDay(Value):
    """A feast whose date moves, by the name that the calendar has."""

    name: str


@dataclass(frozen=True, slots=True)
class Now(Value):
    """At once."""


@dataclass(frozen=True, slots=True)
class CalendarPeriod(Value):
    """A week, month or year of the calendar (`w mo y`); `ahead` of 1 is the next one."""

    unit: str
    ahead: int


@dataclass(frozen=True, slots=True)
class TimeBound(Value):
    """A day on which a schedule starts or ends: "mulai besok", "until Friday 5pm", "sampai nanti malam"."""

    ends: bool
    day: tuple[OnceDay | OnceWeekday | Dates | CalendarPeriod, ...]
    clock: ClockTime | None = None
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Lasting(Value):
    """How long a schedule goes on from its start: "selama seminggu", "for the next hour"."""

    seconds: float = 0
    months: int = 0


@dataclass(frozen=True, slots=True)
class FireCount(Value):
    """How many times a schedule fires: "5 kali saja"."""

    times: int


@dataclass(frozen=True, slots=True)
class ZoneName(Value):
    """A time zone by its IANA name."""

    name: str


@dataclass(frozen=True, slots=True)
class Impossible(Value):
    """An expression that no clock or calendar has; `why` is a key of `messages.py`."""

    why: str


@dataclass(frozen=True, slots=True)
class Unclear(Value):
    """A time that is too vague, or that no schedule can express; `why` is a key of `messages.py`."""

    why: str


Read = tuple[Value | tuple[Value, ...], int] | None
"""What a reader has found: one value or several, and the index after it."""


def values_of(found: Value | tuple[Value, ...] | None) -> tuple[Value, ...]:
    """Return what a reader has found as several values; none of nothing."""
    return () if found is None else found if isinstance(found, tuple) else (found,)


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A time expression with the lexemes it was read from, `first` to before `last`."""

    value: Value
    first: int
    last: int
