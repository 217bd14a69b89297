"""Schedules: from the facets of a clause to what a job takes, with every default told and nothing rounded silently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.planner.says import Say
from app.planner.times.clock import resolve
from app.planner.times.crons import day_fields, of_clocks, of_window
from app.planner.times.facets import Facets
from app.planner.times.moment import day_of, moment_of
from app.planner.times.pieces import DAY_MIN, DAY_SEC, HOUR_MIN, Clock, Dates, OnceDay
from app.planner.times.window import bounds

_PART_TIMES: Final = {
    "pagi": 420, "subuh": 300, "siang": 720, "sore": 1020, "malam": 1200, "afternoon": 900, "evening": 1140, "night": 1260,
}  # fmt: skip
_PART_HOURS: Final = {
    "pagi": range(12), "subuh": range(3, 7), "siang": range(10, 16), "sore": range(15, 19), "malam": (*range(18, 24), *range(5)),
    "afternoon": range(12, 18), "evening": range(17, 24), "night": (*range(18, 24), *range(5)),
}  # fmt: skip
_PART_WINDOWS: Final = {
    "pagi": (300, 720), "subuh": (180, 360), "siang": (660, 900), "sore": (900, 1080), "malam": (1080, 1740),
    "afternoon": (720, 1080), "evening": (1080, 1320), "night": (1080, 1740),
}  # fmt: skip
_COUNTED: Final = {2: (480, 1200), 3: (480, 840, 1200), 4: (480, 720, 960, 1200)}
_DEFAULT_DAY: Final = {"w": (1, 4, 6), "mo": (1, 15, 25)}


@dataclass(frozen=True, slots=True)
class Habits:
    """What holds for a kind of job where nothing is said: an interval or a time of day in minutes."""

    interval_sec: int | None
    minute: int
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """One schedule with what has to be told of it."""

    schedule: dict[str, Any] | None
    slot: str
    assumptions: tuple[Say, ...] = ()
    warnings: tuple[Say, ...] = ()


@dataclass(slots=True)
class Planner:
    """Makes the schedules of one set of facets."""

    facets: Facets
    habits: Habits
    now: datetime
    zone: str
    assumptions: list[Say] = field(default_factory=list[Say])
    warnings: list[Say] = field(default_factory=list[Say])
    refused: Say | None = None

    def plan(self) -> list[Planned]:
        """Return the schedules, none where it cannot be: `refused` then says why."""
        self.zone = self.facets.zone or self.zone
        self.now = self.now.astimezone(ZoneInfo(self.zone))
        self.warnings.extend(Say(why) for why in self.facets.unclear)
        if self.facets.impossible:
            self.refused = Say(self.facets.impossible)
            return []
        found = self._schedules()
        if self.refused:
            return []
        return [Planned(schedule, slot, tuple(self.assumptions), tuple(self.warnings)) for schedule, slot in found]

    def _schedules(self) -> list[tuple[dict[str, Any] | None, str]]:
        facets = self.facets
        if facets.delta is not None:
            return self._after_delta()
        if facets.once is not None or facets.has_date():
            return self._bounded() if (facets.recurs() or facets.starting) and not self._is_once() else self._once()
        if facets.window is not None and (facets.interval or self.habits.interval_sec):
            return self._in_window()
        if facets.interval is not None and not (facets.interval.bare and self.habits.interval_sec is None):
            return self._every()
        return self._by_calendar()

    # One-offs.

    def _is_once(self) -> bool:
        """True for "minggu depan hari Rabu": the day narrows the week, it does not come round."""
        facets = self.facets
        once = facets.once
        wide = isinstance(once, OnceDay) and once.wide
        narrowed = facets.days is not None and not facets.days.every and bool(wide)
        dated = facets.dates is not None and not facets.dates.every and bool(wide)
        recurring = facets.interval or facets.counted or facets.left_out or (facets.days and not narrowed)
        daily = facets.recur is not None and facets.recur.unit != "d"
        return not recurring and not daily and (facets.dates is None or dated) and facets.starting is None

    def _after_delta(self) -> list[tuple[dict[str, Any] | None, str]]:
        seconds = self.facets.delta.seconds if self.facets.delta else 0
        at = self.now + timedelta(seconds=seconds)
        if self.facets.interval is not None:
            self.assumptions.append(Say("start", _shown(at)))
            return [({"interval_sec": int(self.facets.interval.seconds), "start_at": at.isoformat()}, "")]
        return [({"at": at.isoformat()}, at.strftime("%m%d%H%M"))]

    def _once(self) -> list[tuple[dict[str, Any] | None, str]]:
        day = day_of(self.facets, self.now.date())
        if day is None:
            self.refused = Say("past" if self.facets.dates and self.facets.dates.year else "date")
            return []
        found: list[tuple[dict[str, Any] | None, str]] = []
        for clock in self._clocks_of_once():
            moment = moment_of(day, clock, self.facets, self.now)
            if moment.at <= self.now and self.facets.has_date() and self.facets.dates and self.facets.dates.year is None:
                moment = moment_of(day.replace(year=day.year + 1), clock, self.facets, self.now)
            if moment.at <= self.now:
                self.refused = Say("past")
                return []
            if moment.shifted or self.facets.has_date() or self.facets.dates:
                self.assumptions.append(Say("instant", _shown(moment.at)))
            found.append(({"at": moment.at.isoformat()}, moment.at.strftime("%m%d%H%M")))
        return found

    def _clocks_of_once(self) -> Sequence[Clock]:
        if self.facets.clocks:
            return self.facets.clocks
        once = self.facets.once
        if isinstance(once, OnceDay) and not self.facets.parts and (once.days > 2 or once.loose or not (once.days or once.months)):  # noqa: PLR2004
            minute = self.now.hour * HOUR_MIN + self.now.minute
            if once.days:
                self.assumptions.append(Say("same_time", _clock(minute)))
                return [Clock(minute, exact=True)]
        minute = self._default_minute(self.facets.parts[0] if self.facets.parts else None)
        return [Clock(minute, exact=True)]

    def _bounded(self) -> list[tuple[dict[str, Any] | None, str]]:
        """Plan what comes round from a day on: "mulai besok tiap 5 menit"."""
        day = day_of(self.facets, self.now.date())
        ends = self.facets.starting is not None and self.facets.starting.ends
        once, self.facets.once = self.facets.once, None
        dates, self.facets.dates = (self.facets.dates, None) if self.facets.has_date() else (None, self.facets.dates)
        found = self._schedules()
        self.facets.once, self.facets.dates = once, dates or self.facets.dates
        if day is None or self.refused:
            self.refused = self.refused or Say("date")
            return []
        at = datetime(day.year, day.month, day.day, tzinfo=self.now.tzinfo)
        if ends:
            at += timedelta(days=1)
        if at <= self.now:
            return found
        self.assumptions.append(Say("end" if ends else "start", _shown(at)))
        key = "end_at" if ends else "start_at"
        return [({**schedule, key: at.isoformat()} if schedule else None, slot) for schedule, slot in found]

    # Intervals.

    def _every(self) -> list[tuple[dict[str, Any] | None, str]]:
        facets = self.facets
        seconds = int(facets.interval.seconds) if facets.interval else 0
        if facets.clocks:
            if seconds < DAY_SEC and len(facets.clocks) == 1 and not facets.lent_clock:
                self.warnings.append(Say("extra_clock", _clock(resolve(facets.clocks[0]))))
            elif seconds % DAY_SEC == 0:
                return self._every_days(seconds // DAY_SEC)
        if facets.parts and seconds < DAY_SEC // 4:
            return self._in_bounds(_PART_WINDOWS.get(facets.parts[0], (0, DAY_MIN)), told=True)
        if facets.weekdays() is not None or facets.dates is not None:
            if seconds > DAY_SEC // 2:
                self.warnings.append(Say("no_step", str(seconds // DAY_SEC)))
                return self._by_calendar()
            return self._in_bounds((0, DAY_MIN), told=False)
        if facets.interval and facets.interval.bare:
            self.assumptions.append(Say("bare", f"{seconds} s"))
        return [({"interval_sec": seconds}, f"{seconds}s")]

    def _every_days(self, days: int) -> list[tuple[dict[str, Any] | None, str]]:
        if days % 7 == 0 or self.facets.weekdays() is not None or self.facets.dates is not None or days > 15:  # noqa: PLR2004
            self.warnings.append(Say("no_step", str(days)))
            return self._by_calendar()
        self.assumptions.append(Say("steps"))
        return self._lines(of_clocks(self._minutes(), f"*/{days} * *"))

    def _in_window(self) -> list[tuple[dict[str, Any] | None, str]]:
        window = self.facets.window
        if window is None:
            return []
        start, end = bounds(window)
        return self._in_bounds((start, end), told=window.assumed or window.start is None or window.end is None)

    def _in_bounds(self, window: tuple[int, int], *, told: bool) -> list[tuple[dict[str, Any] | None, str]]:
        if told:
            self.assumptions.append(Say("window", f"{_clock(window[0])}-{_clock(window[1])}"))
        step = self._step_minutes()
        return self._lines(of_window(*window, step, self._tail()))

    def _step_minutes(self) -> int:
        seconds = self.facets.interval.seconds if self.facets.interval else self.habits.interval_sec or DAY_SEC
        if self.facets.interval is None:
            self.assumptions.append(Say("interval", str(self.habits.interval_sec)))
        if seconds % 60:
            say = Say("finest", f"{seconds:g}")
            (self.warnings if self.facets.interval else self.assumptions).append(say if self.facets.interval else Say("minute"))
        return max(1, round(seconds / 60))

    # Calendar lines.

    def _by_calendar(self) -> list[tuple[dict[str, Any] | None, str]]:
        facets = self.facets
        if facets.window is not None:
            self._leave_window()
        if facets.is_empty() or (facets.now and not facets.recurs() and not facets.clocks):
            return self._unsaid()
        if self.habits.interval_sec and not facets.clocks and not facets.parts:
            watched = self._watched_days()
            if watched is not None:
                return watched
        if facets.weekdays() == frozenset():
            self.refused = Say("no_days")
            return []
        return self._lines(of_clocks(self._minutes(), self._tail()))

    def _leave_window(self) -> None:
        window = self.facets.window
        if window and window.start and not self.facets.clocks and window.end is None:
            self.facets.clocks = (window.start,)
        elif window:
            start, end = bounds(window)
            self.warnings.append(Say("window_left", f"{_clock(start)}-{_clock(end)}"))
        self.facets.window = None

    def _unsaid(self) -> list[tuple[dict[str, Any] | None, str]]:
        if self.habits.by_hand or (self.facets.now and self.habits.interval_sec is None):
            return [(None, "")]
        if self.habits.interval_sec:
            self.assumptions.append(Say("interval", str(self.habits.interval_sec)))
            return [({"interval_sec": self.habits.interval_sec}, f"{self.habits.interval_sec}s")]
        self.assumptions.append(Say("daily"))
        return self._lines(of_clocks([self._default_minute(None)], self._tail()))

    def _watched_days(self) -> list[tuple[dict[str, Any] | None, str]] | None:
        """Plan a monitor of which only the days are said: its own interval on those, once on each for "tiap hari"."""
        facets = self.facets
        if facets.recur is not None and facets.recur.unit == "d" and not (facets.days or facets.left_out or facets.dates):
            return [({"interval_sec": DAY_SEC}, "daily")]
        if facets.counted is not None and facets.counted.unit == "d" and DAY_SEC % facets.counted.times == 0:
            return None
        if facets.days or facets.left_out or facets.dates:
            return self._in_bounds((0, DAY_MIN), told=False)
        return None

    def _minutes(self) -> list[int]:
        """Return the times of day, with the default where none is said."""
        facets = self.facets
        if facets.clocks:
            if facets.lent_clock:
                self.assumptions.append(Say("lent_clock", _clock(resolve(facets.clocks[0]))))
            part = facets.parts[0] if len(facets.parts) == 1 else None
            return [resolve(clock, part) for clock in facets.clocks]
        if facets.counted is not None and facets.counted.unit == "d":
            return self._counted_minutes(facets.counted.times)
        if facets.parts:
            return [self._default_minute(part) for part in facets.parts]
        return [self._default_minute(None)]

    def _counted_minutes(self, times: int) -> list[int]:
        minutes = _COUNTED.get(times) or tuple(range(0, DAY_MIN, max(1, DAY_MIN // min(times, DAY_MIN))))
        self.assumptions.append(Say("counted", ", ".join(_clock(minute) for minute in minutes[:6])))
        return list(minutes)

    def _default_minute(self, part: str | None) -> int:
        minute = self.habits.minute
        if part is not None and minute // HOUR_MIN not in _PART_HOURS.get(part, range(24)):
            minute = _PART_TIMES.get(part, minute)
        self.assumptions.append(Say("part", _clock(minute), part) if part else Say("time", _clock(minute)))
        return minute

    def _tail(self) -> str:
        facets = self.facets
        if facets.dates is not None:
            if not facets.dates.every and facets.recur is None:
                self.assumptions.append(Say("monthly_read", ", ".join(str(day or "L") for day in facets.dates.days)))
            return day_fields(facets.dates, None)
        weekdays = facets.weekdays()
        if weekdays is not None:
            return day_fields(None, weekdays)
        if facets.counted is not None and facets.counted.unit in _DEFAULT_DAY:
            return self._counted_days(facets.counted.unit, facets.counted.times)
        return self._recurring_tail()

    def _counted_days(self, unit: str, times: int) -> str:
        days = _DEFAULT_DAY[unit][: max(1, min(times, 3))]
        self.assumptions.append(Say("counted", ", ".join(str(day) for day in days)))
        return day_fields(None, frozenset(days)) if unit == "w" else day_fields(Dates(days), None)

    def _recurring_tail(self) -> str:
        recur = self.facets.recur
        match recur.unit if recur else "d":
            case "w":
                self.assumptions.append(Say("monday"))
                return "* * 1"
            case "mo":
                self.assumptions.append(Say("first"))
                return f"1 {'*' if recur is None or recur.step == 1 else f'*/{recur.step}'} *"
            case "y":
                self.assumptions.append(Say("new_year"))
                return "1 1 *"
            case _:
                return "* * *"

    def _lines(self, lines: list[tuple[int, str]]) -> list[tuple[dict[str, Any] | None, str]]:
        return [({"cron": cron, "timezone": self.zone}, _clock(minute).replace(":", "")) for minute, cron in lines]


def _clock(minute: int) -> str:
    return f"{minute % DAY_MIN // HOUR_MIN:02}:{minute % HOUR_MIN:02}"


def _shown(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M")
