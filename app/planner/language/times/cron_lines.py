"""Builds the fewest cron lines for times of day, weekdays and dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Final

from app.planner.language.times.expressions import DAY_MIN, HOUR_MIN, Dates

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
