"""A second implementation of schedules that skip: plain loops over wall-clock times."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import holidays

if TYPE_CHECKING:
    from app.core.models import SkipRules

MOVES = {"drop": 0, "before": -1, "after": 1}


@lru_cache(maxsize=256)
def free_days(country: str, cuti_bersama: bool, year: int) -> dict[date, str]:
    """Return the holidays of a year as the library names them."""
    if country != "ID":
        return dict(holidays.country_holidays(country, years=year))
    kinds = ("public", "government") if cuti_bersama else ("public",)
    return dict(holidays.country_holidays("ID", years=year, language="id", categories=kinds))


@lru_cache(maxsize=256)
def closed_minutes(windows: tuple[str, ...]) -> frozenset[int]:
    """Return the minutes of a day that are in a window."""
    shut: set[int] = set()
    for window in windows:
        start, end = (int(side[:2]) * 60 + int(side[3:]) for side in window.split("-"))
        shut |= set(range(start, end)) if start < end else set(range(start, 1440)) | set(range(end))
    return frozenset(shut)


def is_closed(tick: datetime, rules: SkipRules) -> bool:
    """Return whether nothing fires at a wall-clock time."""
    if tick.hour * 60 + tick.minute in closed_minutes(tuple(rules.windows)):
        return True
    name = (
        free_days(rules.holidays, rules.cuti_bersama, tick.year).get(tick.date()) if rules.holidays else None
    )
    return (
        f"{tick:%Y-%m-%d}" in rules.dates
        or f"{tick:%m-%d}" in rules.dates
        or (tick.weekday() + 1) % 7 in rules.weekdays
        or tick.day in rules.days_of_month
        or (
            name is not None
            and (not rules.names or any(each.lower() in name.lower() for each in rules.names))
        )
    )


def moved(tick: datetime, rules: SkipRules, on_skip: str) -> datetime | None:
    """Return the time at which a slot fires: its own, the same on another day, or none."""
    for _day in range(60):
        if not is_closed(tick, rules):
            return tick
        if not MOVES[on_skip]:
            return None
        tick += timedelta(days=MOVES[on_skip])
    return None


def fires(ticks: Iterable[datetime], rules: SkipRules, on_skip: str, zone: ZoneInfo) -> list[int]:
    """Return the instants, in milliseconds, at which wall-clock times of a zone fire."""
    found = {moved(tick, rules, on_skip) for tick in ticks} - {None}
    return sorted({_instant(tick, zone) for tick in found if tick is not None})


def _instant(tick: datetime, zone: ZoneInfo) -> int:
    there = tick.replace(tzinfo=zone)
    back = there.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    while back != tick:  # within a gap: the first instant behind it
        tick += timedelta(minutes=1)
        there = tick.replace(tzinfo=zone)
        back = there.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    return round(there.timestamp() * 1000)
