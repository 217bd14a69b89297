"""Builds the schedules of one set of constraints, with defaults and messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from app.core.i18n import Message, _
from app.planner.language.times.constraints import TimeConstraints
from app.planner.language.times.cron_lines import day_fields
from app.planner.language.times.expressions import DAY_MIN, HOUR_MIN, Dates
from app.planner.messages import COUNTED

Schedule = dict[str, Any]
NamedSchedule = tuple[Schedule | None, str]
"""A schedule, None for one manual run, and a short time that distinguishes schedules of one target."""

_PART_TIMES: Final = {
    "pagi": 420,
    "subuh": 300,
    "siang": 720,
    "sore": 1020,
    "malam": 1200,
    "afternoon": 900,
    "evening": 1140,
    "night": 1260,
}
_PART_HOURS: Final = {
    "pagi": range(12),
    "subuh": range(3, 7),
    "siang": range(10, 16),
    "sore": range(15, 19),
    "malam": (*range(18, 24), *range(5)),
    "afternoon": range(12, 18),
    "evening": range(17, 24),
    "night": (*range(18, 24), *range(5)),
}
_ALL_HOURS: Final = range(24)
_WEEKLY_DAYS: Final = (1, 4, 6)
_MONTHLY_DAYS: Final = (1, 15, 25)


@dataclass(frozen=True, slots=True)
class TypeDefaults:
    """Defaults of a job type for a clause without times.

    `interval_sec` is the interval of a monitor; None for a type that runs at a time of day, `minute`. With
    `by_hand` the job runs once.
    """

    interval_sec: int | None
    minute: int
    by_hand: bool = False


@dataclass(slots=True)
class ScheduleBuilder:
    """Builds the schedules of one set of constraints; `now` is on the wall clock of `zone`."""

    constraints: TimeConstraints
    defaults: TypeDefaults
    now: datetime
    zone: str
    assumptions: list[Message] = field(default_factory=list[Message])
    warnings: list[Message] = field(default_factory=list[Message])
    refused: Message | None = None

    def assume(self, message: Message) -> None:
        """Note an assumption."""
        self.assumptions.append(message)

    def refuse(self, message: Message) -> list[NamedSchedule]:
        """Note the reason why there is no schedule, and return none."""
        self.refused = self.refused or message
        return []

    def default_minute(self, part: str | None) -> int:
        """Return the default time of day, within a part of the day if the clause has one."""
        minute = self.defaults.minute
        if part is None:
            self.assume(_("No time of day was said: {time} is used.", time=clock_text(minute)))
            return minute
        if minute // HOUR_MIN not in _PART_HOURS.get(part, _ALL_HOURS):
            minute = _PART_TIMES.get(part, minute)
        self.assume(_("No time was said for {part}: {time} is used.", time=clock_text(minute), part=part))
        return minute

    def lines(self, lines: list[tuple[int, str]]) -> list[NamedSchedule]:
        """Return cron lines as schedules in the zone."""
        return [
            ({"cron": cron, "timezone": self.zone}, clock_text(minute).replace(":", ""))
            for minute, cron in lines
        ]

    def day_tail(self) -> str:
        """Return the last three fields of a cron line: dates, weekdays, or the recurrence."""
        constraints = self.constraints
        if constraints.dates is not None:
            if not constraints.dates.every and constraints.recur is None:
                self.assume(
                    _(
                        "The {days} is read as every month.",
                        days=", ".join(str(day or "L") for day in constraints.dates.days),
                    )
                )
            return day_fields(constraints.dates, None)
        weekdays = constraints.weekdays()
        if weekdays is not None:
            if constraints.days is not None and constraints.days.eve:
                self.assume(_("The eve of a day is read as the night before it."))
            return day_fields(None, weekdays)
        if constraints.counted is not None and constraints.counted.unit in {"w", "mo"}:
            return self._counted_days(constraints.counted.unit, constraints.counted.times)
        return self._recurring_tail()

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
                return f"1 {'*' if recur is None or recur.step == 1 else f'*/{recur.step}'} *"
            case "y":
                self.assume(_("No date was said: yearly is read as 1 January."))
                return "1 1 *"
            case _:
                return "* * *"


def clock_text(minute: int) -> str:
    """Return a minute of the day as `07:30`."""
    return f"{minute % DAY_MIN // HOUR_MIN:02}:{minute % HOUR_MIN:02}"


def moment_text(at: datetime) -> str:
    """Return an instant as people read it, on its own wall clock."""
    return at.strftime("%Y-%m-%d %H:%M")
