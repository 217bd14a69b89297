"""Builds the schedules of one set of constraints: defaults, messages, cron lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from app.core.i18n import Message, _
from app.planner.language.times.clock_parts import PART_TIMES
from app.planner.language.times.constraints import TimeConstraints
from app.planner.language.times.expressions import DAY_MIN, HOUR_MIN, Dates
from app.planner.messages import COUNTED, START, UNREADABLE, Notes
from app.planner.models import Note, NoteKind, PromptSpan

Schedule = dict[str, Any]
NamedSchedule = tuple[Schedule | None, str]
"""A schedule, None for one manual run, and a short time that distinguishes schedules of one target."""


_COUNTED_DAYS: Final = {"w": (1, 4, 6), "mo": (1, 15, 25)}
_UNSAID: Final = {
    "w": (_("No day was said: weekly is read as every Monday."), None, frozenset({1})),
    "mo": (_("No date was said: monthly is read as the 1st."), Dates((1,)), None),
    "y": (_("No date was said: yearly is read as 1 January."), Dates((1,), 1), None),
}
_SHORTEST_MONTH: Final = 28
_MONTHS: Final = 12
_WHOLE_YEAR: Final = frozenset(range(1, _MONTHS + 1))


UNSAID: Final = "schedule."
"""Begins the field of a note that no words say the time of day, or the interval, of a job."""
PACE_UNSAID: Final = f"{UNSAID}pace"
_NO_HOUR: Final = _("No time was said for {part}: {time} is used.")


def is_hour_unsaid(note: Note) -> bool:
    """True for the note that only a part of the day says when a job runs."""
    return note.field.removeprefix(UNSAID) in PART_TIMES


@dataclass(frozen=True, slots=True)
class TypeDefaults:
    """Defaults of a job type for a clause without times.

    `interval_sec` is the interval of a monitor; None for a type that runs at a time of day, `minute`. With
    `by_hand` the job runs once, and with `single` a time of day without "every" is its next one alone.
    """

    interval_sec: int | None
    minute: int
    by_hand: bool = False
    single: bool = False


@dataclass(slots=True)
class ScheduleBuilder(Notes):
    """Builds the schedules of one set of constraints; `now` is on the wall clock of `zone`."""

    constraints: TimeConstraints
    defaults: TypeDefaults
    now: datetime
    zone: str
    refused: Message | None = None
    skip: dict[str, Any] = field(default_factory=dict[str, Any])
    on_skip: str = ""

    def assume(self, message: Message, span: PromptSpan | None = None, field: str = "schedule") -> None:
        """Note a default that changes when the job runs."""
        self.note(NoteKind.ASSUMPTION, message, span, field=field)

    def state(self, message: Message) -> None:
        """Note how a time that was said is kept."""
        self.note(NoteKind.ASSUMPTION, message)

    def give_up(self, message: Message) -> list[NamedSchedule]:
        """Note the reason why there is no schedule, and return none."""
        self.refused = self.refused or message
        return []

    def skip_too(self, name: str, values: list[Any]) -> None:
        """Leave more out: windows, weekdays or days of the month."""
        if values:
            self.skip[name] = [*self.skip.get(name, []), *values]

    def default_minute(self, part: str | None) -> int:
        """Return the default time of day, within a part of the day if the clause has one."""
        minute, times = self.defaults.minute, PART_TIMES.get(part or "")
        if times is None:
            unsaid = _("No time of day was said: {time} is used.", time=clock_text(minute))
            self.assume(unsaid, field=f"{UNSAID}clock")
            return minute
        minute = minute if minute // HOUR_MIN in times.hours else times.minute
        self.assume(_NO_HOUR.fill(time=clock_text(minute), part=times.name), field=f"{UNSAID}{part}")
        return minute

    def lines(self, times: Iterable[int], *, ranges: bool = False) -> list[NamedSchedule]:
        """Return the fewest cron lines for times of day as schedules in the zone."""
        tail = self.day_tail()
        return [
            ({"cron": f"{fields} {tail}", "timezone": self.zone}, _slot(minute))
            for minute, fields in cron_times(times, ranges=ranges)
        ]

    def rules(self, minutes: Iterable[int], rule: str, *, counted: bool = False) -> list[NamedSchedule]:
        """Return a rule at times of day as schedules; a counted one starts at its next time."""
        found: list[NamedSchedule] = []
        months = self.months()
        by_month = "" if months is None else f";BYMONTH={','.join(map(str, sorted(months)))}"
        for minute in sorted(set(minutes)):
            hour, minute_of_hour = divmod(minute % DAY_MIN, HOUR_MIN)
            times = f"BYHOUR={hour};BYMINUTE={minute_of_hour}"
            schedule = {"rrule": f"{rule}{by_month};{times}", "timezone": self.zone}
            if counted:
                start = self._next_time(minute)
                schedule["start_at"] = start.isoformat()
                self.state(START.fill(instant=moment_text(start)))
            found.append((schedule, _slot(minute)))
        return found

    def _next_time(self, minute: int) -> datetime:
        """Return the next instant of a time of day on one of the weekdays."""
        weekdays = self.constraints.weekdays() or range(_WEEK)
        midnight = self.now.replace(hour=0, minute=0, second=0, microsecond=0)
        ahead = (midnight + timedelta(days=day, minutes=minute) for day in range(_WEEK + 1))
        return next(at for at in ahead if at > self.now and at.isoweekday() % _WEEK in weekdays)

    def months(self) -> frozenset[int] | None:
        """Return the months that are meant, None if any will do."""
        said, left_out = self.constraints.months, self.constraints.left_out.months
        if said is None and not left_out:
            return None
        months = (_WHOLE_YEAR if said is None else said.months) - left_out
        if not months:
            self.give_up(UNREADABLE["nothing_left"])
        return months

    def day_tail(self) -> str:
        """Return the last three fields of a cron line: dates, months, weekdays."""
        dates, weekdays = self._days()
        months, recur = self.months() or _WHOLE_YEAR, self.constraints.recur
        if dates is not None and dates.month is not None:
            months &= {dates.month}
        elif dates is not None and recur is not None and recur.unit == "mo" and recur.step > 1:
            self.assume(_("Every {count} months is counted from January.", count=recur.step))
            months &= frozenset(range(1, _MONTHS + 1, recur.step))
        if not months or weekdays == frozenset() or (dates is not None and not dates.days):
            self.give_up(UNREADABLE["nothing_left"])
        if dates is not None and min(dates.days, default=0) < 0:
            self.give_up(UNREADABLE["counted"])
        return f"{_dates(dates)} {numbers(sorted(months), _MONTHS, first=1)} {_weekdays(weekdays)}"

    def _days(self) -> tuple[Dates | None, frozenset[int] | None]:
        """Return the days of the month, or the weekdays; neither for each day."""
        constraints, counted = self.constraints, self.constraints.counted
        dates, weekdays, left_out = constraints.dates, constraints.weekdays(), constraints.left_out.days
        if left_out:
            dates = dates or Dates(tuple(range(1, 32)))
            return replace(dates, days=tuple(day for day in dates.days if day and day not in left_out)), None
        if dates is not None:
            self._tell_dates(dates)
            return dates, None
        if weekdays is not None:
            if constraints.recur is not None and constraints.recur.step > 1:
                self.give_up(UNREADABLE["nth_weekday"])  # "tiap 3 bulan hari Senin"
            if constraints.days is not None and constraints.days.eve:
                self.assume(_("The eve of a day is read as the night before it."))
            return None, weekdays
        if counted is not None and counted.unit in _COUNTED_DAYS:
            days = _COUNTED_DAYS[counted.unit][: counted.times]
            self.assume(COUNTED.fill(times=", ".join(map(str, days))))
            return (None, frozenset(days)) if counted.unit == "w" else (Dates(days), None)
        if constraints.recur is None or constraints.recur.unit not in _UNSAID:
            return None, None
        message, dates, weekdays = _UNSAID[constraints.recur.unit]
        self.assume(message)
        return dates, weekdays

    def _tell_dates(self, dates: Dates) -> None:
        if not dates.every and self.constraints.recur is None:
            days = ", ".join(str(day or "L") for day in dates.days)
            self.assume(_("The {days} is read as every month.", days=days))
        if dates.month is None and max(dates.days) > _SHORTEST_MONTH:
            days = ", ".join(str(day) for day in dates.days if day > _SHORTEST_MONTH)
            self.state(_("A month without a day {days} is left out.", days=days))


def clock_text(minute: int) -> str:
    """Return a minute of the day as `07:30`."""
    return f"{minute % DAY_MIN // HOUR_MIN:02}:{minute % HOUR_MIN:02}"


def window_text(start: int, end: int) -> str:
    """Return a window of the day as schedules write it: `22:00-06:00`."""
    return f"{clock_text(start)}-{clock_text(end)}"


def _slot(minute: int) -> str:
    return clock_text(minute).replace(":", "")


def moment_text(at: datetime) -> str:
    """Return an instant as people read it, on its own wall clock."""
    return at.strftime("%Y-%m-%d %H:%M")


# Cron lines: the fewest for times of day, weekdays and dates.

_WEEKEND: Final = frozenset({0, 6})
_WEEK: Final = 7
_DAY_HOURS: Final = 24
_RUN: Final = 3
"""From this many consecutive numbers on, a range is shorter to read than a list."""


def _dates(dates: Dates | None) -> str:
    days = sorted(day for day in dates.days if day) if dates is not None else []
    last = ["L"] if dates is not None and 0 in dates.days else []
    return ",".join([*filter(None, [numbers(days)]), *last]) or "*"


def _weekdays(days: frozenset[int] | None) -> str:
    if days is None or len(days) == _WEEK:
        return "*"
    return "6,0" if days == _WEEKEND else numbers(sorted(days))


def times_within(window: tuple[int, int], step: int, minute: int | None = None) -> Sequence[int]:
    """Return the minutes of the day at every `step` from the start of a window until before its end.

    The end may be past midnight. Steps under an hour count from the full hour, as `*/10` does,
    and an hour from its `minute`.
    """
    start, end = window
    if minute is None and step >= HOUR_MIN:
        return range(start, end, step)
    return [time for time in range(start, end) if (time - (minute or 0)) % HOUR_MIN % step == 0]


def cron_times(times: Iterable[int], *, ranges: bool = False) -> list[tuple[int, str]]:
    """Return the minute and the hour of the fewest cron lines for times of day, each with its first time.

    With `ranges`, numbers that follow each other, or at equal distances, are written as a range.
    """
    by_hour: dict[int, set[int]] = {}
    for time in times:
        by_hour.setdefault(time % DAY_MIN // HOUR_MIN, set()).add(time % HOUR_MIN)
    same: dict[tuple[int, ...], list[int]] = {}
    for hour, minutes in by_hour.items():
        same.setdefault(tuple(sorted(minutes)), []).append(hour)
    found: list[tuple[int, str]] = []
    for minutes, hours in same.items():
        fields = [",".join(map(str, field)) for field in (minutes, hours)]
        if ranges:
            fields = [numbers(minutes, HOUR_MIN), numbers(hours, _DAY_HOURS)]
        found.append((hours[0] * HOUR_MIN + minutes[0], " ".join(fields)))
    return found


def numbers(values: Sequence[int], size: int = 0, first: int = 0) -> str:
    """Return numbers as a cron field, in their order: `1-5`, `8,20`, `22-23,0-4`.

    Of a field of `size` numbers all are `*`, and with the same steps they are `*/10` or `8-19/2`.
    """
    steps = {later - earlier for earlier, later in pairwise(values)}
    if values and len(values) == size:
        return "*"
    if size and len(steps) == 1 and (step := steps.pop()) > 1:
        if len(values) * step == size and values[0] == first:
            return f"*/{step}"
        if len(values) >= _RUN:
            return f"{values[0]}-{values[-1]}/{step}"
    runs: list[list[int]] = []
    for value in values:
        if runs and value == runs[-1][-1] + 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
