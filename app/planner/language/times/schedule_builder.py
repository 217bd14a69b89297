"""Builds the schedules of one set of constraints: defaults, messages, cron lines."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from app.core.i18n import Message, _
from app.planner.language.times.constraints import TimeConstraints
from app.planner.language.times.expressions import DAY_MIN, HOUR_MIN, Dates
from app.planner.messages import COUNTED, START, UNREADABLE, Notes
from app.planner.models import NoteKind, PromptSpan

Schedule = dict[str, Any]
NamedSchedule = tuple[Schedule | None, str]
"""A schedule, None for one manual run, and a short time that distinguishes schedules of one target."""


@dataclass(frozen=True, slots=True)
class PartTimes:
    """The default minute of a part of the day, its hours, and its first and last minute."""

    minute: int
    hours: Collection[int]
    window: tuple[int, int]


PART_TIMES: Final = {
    "pagi": PartTimes(420, range(12), (300, 720)),
    "early": PartTimes(420, range(4, 9), (240, 540)),
    "subuh": PartTimes(300, range(3, 7), (180, 360)),
    "siang": PartTimes(720, range(10, 16), (660, 900)),
    "sore": PartTimes(960, range(15, 19), (900, 1080)),
    "malam": PartTimes(1140, (*range(18, 24), *range(5)), (1080, 1740)),
    "zuhur": PartTimes(735, range(12, 13), (720, 900)),
    "ashar": PartTimes(930, range(15, 17), (900, 1080)),
    "maghrib": PartTimes(1110, range(18, 19), (1050, 1140)),
    "isya": PartTimes(1170, range(19, 22), (1140, 1320)),
    "daytime": PartTimes(720, range(6, 19), (360, 1080)),
    "afternoon": PartTimes(900, range(12, 18), (720, 1080)),
    "evening": PartTimes(1140, range(17, 24), (1080, 1320)),
    "night": PartTimes(1260, (*range(18, 24), *range(5)), (1080, 1740)),
}
_PART_NAMES: Final = {
    "pagi": _("the morning"),
    "early": _("the morning"),
    "am": _("the morning"),
    "subuh": _("dawn"),
    "siang": _("midday"),
    "zuhur": _("the noon prayer"),
    "ashar": _("the afternoon prayer"),
    "sore": _("the late afternoon"),
    "pm": _("the afternoon"),
    "afternoon": _("the afternoon"),
    "daytime": _("daytime"),
    "maghrib": _("sunset"),
    "isya": _("the evening prayer"),
    "evening": _("the evening"),
    "malam": _("the night"),
    "night": _("the night"),
}
_WEEKLY_DAYS: Final = (1, 4, 6)
_MONTHLY_DAYS: Final = (1, 15, 25)
_SHORTEST_MONTH: Final = 28
_MONTHS: Final = 12
_WHOLE_YEAR: Final = frozenset(range(1, _MONTHS + 1))


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
        minute = self.defaults.minute
        if part is None:
            self.assume(_("No time of day was said: {time} is used.", time=clock_text(minute)))
            return minute
        times = PART_TIMES.get(part)
        if times is not None and minute // HOUR_MIN not in times.hours:
            minute = times.minute
        self.assume(
            _("No time was said for {part}: {time} is used.", time=clock_text(minute), part=part_name(part))
        )
        return minute

    def lines(self, lines: list[tuple[int, str]]) -> list[NamedSchedule]:
        """Return cron lines as schedules in the zone."""
        return [
            ({"cron": cron, "timezone": self.zone}, clock_text(minute).replace(":", ""))
            for minute, cron in lines
        ]

    def rules(self, minutes: Iterable[int], rule: str, *, counted: bool = False) -> list[NamedSchedule]:
        """Return a rule at times of day as schedules; a counted one starts at its next time."""
        found: list[NamedSchedule] = []
        for minute in sorted(set(minutes)):
            hour, minute_of_hour = divmod(minute % DAY_MIN, HOUR_MIN)
            times = f"{self._months_of_rule()};BYHOUR={hour};BYMINUTE={minute_of_hour}"
            schedule = {"rrule": f"{rule}{times}", "timezone": self.zone}
            if counted:
                start = self._next_time(minute)
                schedule["start_at"] = start.isoformat()
                self.state(START.fill(instant=moment_text(start)))
            found.append((schedule, clock_text(minute).replace(":", "")))
        return found

    def _next_time(self, minute: int) -> datetime:
        """Return the next instant of a time of day on one of the weekdays."""
        weekdays = self.constraints.weekdays()
        midnight = self.now.replace(hour=0, minute=0, second=0, microsecond=0)
        ahead = (midnight + timedelta(days=day, minutes=minute) for day in range(_WEEK + 1))
        return next(
            at for at in ahead if at > self.now and (weekdays is None or at.isoweekday() % _WEEK in weekdays)
        )

    def months(self) -> frozenset[int] | None:
        """Return the months that are meant, None if any will do."""
        said, left_out = self.constraints.months, self.constraints.left_out.months
        if said is None and not left_out:
            return None
        months = (_WHOLE_YEAR if said is None else said.months) - left_out
        if not months:
            self.give_up(UNREADABLE["nothing_left"])
        return months

    def _months_of_rule(self) -> str:
        months = self.months()
        return "" if months is None else f";BYMONTH={','.join(map(str, sorted(months)))}"

    def day_tail(self) -> str:
        """Return the last three fields of a cron line: dates, weekdays, or the recurrence."""
        tail = self._days_of_tail()
        months = self.months()
        if months is None:
            return tail
        day, month, weekday = tail.split()
        if month.isdecimal():
            return tail if int(month) in months else self._no_month(tail)
        if month != "*":
            months &= frozenset(range(1, _MONTHS + 1, int(month.removeprefix("*/"))))
        return f"{day} {numbers(sorted(months))} {weekday}" if months else self._no_month(tail)

    def _no_month(self, tail: str) -> str:
        self.give_up(UNREADABLE["nothing_left"])
        return tail

    def _days_of_tail(self) -> str:
        constraints = self.constraints
        if constraints.left_out.days:
            return self._without_dates(constraints)
        if constraints.dates is not None and min(constraints.dates.days) < 0:
            self.give_up(UNREADABLE["counted"])
        if constraints.dates is not None:
            if not constraints.dates.every and constraints.recur is None:
                self.assume(
                    _(
                        "The {days} is read as every month.",
                        days=", ".join(str(day or "L") for day in constraints.dates.days),
                    )
                )
            if constraints.dates.month is None and max(constraints.dates.days) > _SHORTEST_MONTH:
                days = ", ".join(str(day) for day in constraints.dates.days if day > _SHORTEST_MONTH)
                self.state(_("A month without a day {days} is left out.", days=days))
            return self._stepped(day_fields(constraints.dates, None))
        weekdays = constraints.weekdays()
        if weekdays is not None:
            if constraints.days is not None and constraints.days.eve:
                self.assume(_("The eve of a day is read as the night before it."))
            return day_fields(None, weekdays)
        if constraints.counted is not None and constraints.counted.unit in {"w", "mo"}:
            return self._counted_days(constraints.counted.unit, constraints.counted.times)
        return self._recurring_tail()

    def _without_dates(self, constraints: TimeConstraints) -> str:
        """Return the tail of "tiap hari kecuali tanggal 1"."""
        dates = constraints.dates or Dates(tuple(range(1, 32)))
        kept = [day for day in dates.days if day and day not in constraints.left_out.days]
        if not kept:
            self.give_up(UNREADABLE["nothing_left"])
        return f"{numbers(sorted(kept))} {dates.month or '*'} *"

    def _stepped(self, tail: str) -> str:
        """Return the tail of "tiap tiga bulan tanggal 5" with its months."""
        recur = self.constraints.recur
        day, month, weekday = tail.split()
        if recur is None or recur.unit != "mo" or recur.step == 1 or month != "*":
            return tail
        self.assume(_("Every {count} months is counted from January.", count=recur.step))
        return f"{day} */{recur.step} {weekday}"

    def _counted_days(self, unit: str, times: int) -> str:
        days = (_WEEKLY_DAYS if unit == "w" else _MONTHLY_DAYS)[:times]
        self.assume(COUNTED.fill(times=", ".join(str(day) for day in days)))
        return day_fields(None, frozenset(days)) if unit == "w" else day_fields(Dates(days), None)

    def _recurring_tail(self) -> str:
        recur = self.constraints.recur
        match recur.unit if recur else "d":
            case "w":
                self.assume(_("No day was said: weekly is read as every Monday."))
                return "* * 1"
            case "mo":
                self.assume(_("No date was said: monthly is read as the 1st."))
                return self._stepped("1 * *")
            case "y":
                self.assume(_("No date was said: yearly is read as 1 January."))
                return "1 1 *"
            case _:
                return "* * *"


def part_name(part: str) -> Message:
    """Return a part of the day as people call it."""
    return _PART_NAMES[part]


def clock_text(minute: int) -> str:
    """Return a minute of the day as `07:30`."""
    return f"{minute % DAY_MIN // HOUR_MIN:02}:{minute % HOUR_MIN:02}"


def moment_text(at: datetime) -> str:
    """Return an instant as people read it, on its own wall clock."""
    return at.strftime("%Y-%m-%d %H:%M")


# Cron lines: the fewest for times of day, weekdays and dates.

_WEEKEND: Final = frozenset({0, 6})
_WEEK: Final = 7
_DAY_HOURS: Final = 24
_RUN: Final = 3
"""From this many consecutive numbers on, a range is shorter to read than a list."""


def day_fields(dates: Dates | None, weekdays: frozenset[int] | None) -> str:
    """Return the last three fields of a cron line."""
    if dates is not None:
        days = ",".join(
            "L" if day == 0 else str(day) for day in sorted(dates.days, key=lambda day: day or 32)
        )
        return f"{days} {dates.month or '*'} *"
    return f"* * {_weekdays(weekdays)}"


def _weekdays(days: frozenset[int] | None) -> str:
    if days is None or len(days) == _WEEK:
        return "*"
    return "6,0" if days == _WEEKEND else numbers(sorted(days))


def of_clocks(minutes: Iterable[int], tail: str) -> list[tuple[int, str]]:
    """Return the first minute and the cron line of times of day.

    Times that share a minute give one line, others one line each.
    """
    times = sorted(set(minutes))
    if len({time % HOUR_MIN for time in times}) == 1:
        hours = ",".join(str(time // HOUR_MIN) for time in times)
        return [(times[0], f"{times[0] % HOUR_MIN} {hours} {tail}")]
    return [(time, f"{time % HOUR_MIN} {time // HOUR_MIN} {tail}") for time in times]


def of_window(start: int, end: int, step: int, tail: str) -> list[tuple[int, str]]:
    """Return the lines that fire every `step` minutes from `start` until before `end`.

    The end may be past midnight. Steps under an hour count from the full hour, as `*/10` does.
    """
    if step < HOUR_MIN:
        times = [minute for minute in range(start, end) if minute % HOUR_MIN % step == 0]
    else:
        times = list(range(start, end, step))
    by_hour: dict[int, list[int]] = {}
    for time in times:
        by_hour.setdefault(time % DAY_MIN // HOUR_MIN, []).append(time % HOUR_MIN)
    return _lines(by_hour, step, tail)


def at_minute(start: int, end: int, minute: int, tail: str) -> list[tuple[int, str]]:
    """Return the line that fires at a minute of each hour from `start` until before `end`."""
    times = [time for time in range(start, end) if time % HOUR_MIN == minute]
    hours = [time % DAY_MIN // HOUR_MIN for time in times]
    return [(times[0] % DAY_MIN, f"{minute} {_hours(hours)} {tail}")] if times else []


def _lines(by_hour: Mapping[int, list[int]], step: int, tail: str) -> list[tuple[int, str]]:
    same: dict[tuple[int, ...], list[int]] = {}
    for hour, minutes in by_hour.items():
        same.setdefault(tuple(sorted(set(minutes))), []).append(hour)
    return [
        (hours[0] * HOUR_MIN + minutes[0], f"{_minutes(minutes, step)} {_hours(hours)} {tail}")
        for minutes, hours in same.items()
    ]


def _minutes(minutes: tuple[int, ...], step: int) -> str:
    if minutes == tuple(range(0, HOUR_MIN, step)):
        return "*" if step == 1 else f"*/{step}" if len(minutes) > 1 else "0"
    return numbers(minutes)


def _hours(hours: list[int]) -> str:
    """Return the hours in their order: `22-23,0-4` over midnight, `8-19/2` by steps, `*` for all of them."""
    if len(hours) == _DAY_HOURS:
        return "*"
    steps = {later - earlier for earlier, later in pairwise(hours)}
    if len(hours) >= _RUN and len(steps) == 1 and (step := steps.pop()) > 1:
        whole = hours[0] == 0 and len(hours) * step == _DAY_HOURS
        return f"*/{step}" if whole else f"{hours[0]}-{hours[-1]}/{step}"
    return numbers(hours)


def numbers(values: Iterable[int]) -> str:
    """Return numbers as a cron list, runs of them as ranges: `1-5`, `8,20`."""
    runs: list[list[int]] = []
    for value in values:
        if runs and value == runs[-1][-1] + 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
