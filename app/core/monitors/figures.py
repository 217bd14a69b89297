"""Uptimes, bars and latency percentiles from a monitor's roll-ups. Pure functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.clock import DAY_MS, HOUR_MS, QUARTER_MS, QUARTERS
from app.core.monitors.models import (
    HourBar,
    LatencyFigures,
    QuarterFigures,
    TimeByState,
    Uptime,
    WatchState,
)
from app.core.storage.connection import pairs
from app.core.storage.histogram import FINE_COUNT, percentile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

LIST_QUARTER_DAYS = HISTOGRAM_DAYS = 2
"""UTC days whose quarter hours a list reads: they cover 24 hours."""
HOURS = 24

Quarters = dict[int, TimeByState]
"""Time by state of each quarter hour since 1970."""
Histograms = dict[int, list[int]]
"""Counts of latencies by fine bucket, of each quarter hour since 1970."""


def parse_time(text: str) -> TimeByState:
    """Return a stored sum, `up,degraded,down` in ms."""
    return TimeByState(*map(int, text.split(",")))


def parse_days(stored: Mapping[str, str]) -> dict[int, TimeByState]:
    """Return the time by state of each UTC day since 1970."""
    return {int(day): parse_time(text) for day, text in stored.items()}


def parse_quarters(today: int, days: Iterable[Sequence[str]], first: int = 0) -> Quarters:
    """Return the quarter hours of UTC days, the first of which is today, the next yesterday.

    Those before `first` are left out.
    """
    found: Quarters = {}
    for back, flat in enumerate(days):
        start = (today - back) * QUARTERS
        for quarter, text in pairs(flat).items():
            if (at := start + int(quarter)) >= first:
                found[at] = parse_time(text)
    return found


def total_time(times: Iterable[TimeByState]) -> TimeByState:
    """Return a sum; a list of 1,000 monitors adds 200,000."""
    up = degraded = down = 0
    for each in times:
        up, degraded, down = up + each.up, degraded + each.degraded, down + each.down
    return TimeByState(up, degraded, down)


def parse_histograms(today: int, days: Iterable[Sequence[str]]) -> Histograms:
    """Return the histograms of the quarter hours of UTC days, the first of which is today."""
    found: Histograms = {}
    for back, flat in enumerate(days):
        for quarter, text in pairs(flat).items():
            counts = [0] * FINE_COUNT
            for part in text.split():
                index, _, count = part.partition(":")
                counts[int(index)] += int(count)
            found[(today - back) * QUARTERS + int(quarter)] = counts
    return found


def last_day_uptime(quarters: Quarters, live: TimeByState, now_ms: int) -> float | None:
    """Return the uptime of the last 24 hours, from a whole quarter hour on."""
    first = (now_ms - DAY_MS) // QUARTER_MS
    return total_time((live, *(each for at, each in quarters.items() if at >= first))).uptime


def uptime_of(days: Mapping[int, TimeByState], quarters: Quarters, live: TimeByState, now_ms: int) -> Uptime:
    """Return the uptimes; the quarter hour or the UTC day at the beginning of a period counts in full."""

    def of_days(count: int) -> float | None:
        oldest = (now_ms - count * DAY_MS) // DAY_MS
        return total_time((live, *(each for day, each in days.items() if day >= oldest))).uptime

    return Uptime(last_day_uptime(quarters, live, now_ms), of_days(7), of_days(30), of_days(90))


def time_within(
    days: Mapping[int, TimeByState], quarters: Quarters, oldest: int, from_ms: int, to_ms: int
) -> TimeByState:
    """Return the time by state over the quarter hours that a period touches.

    Quarter hours are known from the UTC day `oldest` on; earlier days count in full.
    """
    first, end = from_ms // QUARTER_MS, -(-to_ms // QUARTER_MS)
    early = (each for day, each in days.items() if from_ms // DAY_MS <= day < oldest and day * DAY_MS < to_ms)
    late = (each for at, each in quarters.items() if max(first, oldest * QUARTERS) <= at < end)
    return sum((*early, *late), TimeByState())


def hour_bars(quarters: Quarters, state: WatchState, since: int, now_ms: int) -> list[HourBar]:
    """Return the last 24 hours, oldest first, each with the worst state that was seen in it."""
    this_hour = now_ms // HOUR_MS
    bars: list[HourBar] = []
    for hour in range(this_hour - HOURS + 1, this_hour + 1):
        at = hour * HOUR_MS
        known = (quarters.get(quarter) for quarter in range(hour * 4, hour * 4 + 4))
        total = total_time(each for each in known if each is not None)
        worst: WatchState = (
            "down" if total.down else "degraded" if total.degraded else "up" if total.up else "unknown"
        )
        lasts = since < at + HOUR_MS and at <= now_ms
        if lasts and (worst == "unknown" or (state == "down" and at + HOUR_MS > since)):
            worst = state
        bars.append(HourBar(at, worst, total.uptime))
    return bars


def latency_figures(today: int, days: Iterable[Sequence[str]], now_ms: int) -> LatencyFigures:
    """Return the percentiles of the last 24 hours from the histograms of UTC days, today first."""
    first, texts = (now_ms - DAY_MS) // QUARTER_MS, list[str]()
    for back, flat in enumerate(days):
        start = (today - back) * QUARTERS
        texts += [text for quarter, text in pairs(flat).items() if start + int(quarter) >= first]
    if not texts:
        return LatencyFigures(None, None)
    numbers = list(map(int, " ".join(texts).replace(":", " ").split()))
    counts = [0] * FINE_COUNT
    for index, count in zip(numbers[::2], numbers[1::2], strict=True):
        counts[index] += count
    return LatencyFigures(percentile(counts, 0.5), percentile(counts, 0.95))


def quarter_figures(quarters: Quarters, histograms: Histograms, now_ms: int) -> list[QuarterFigures]:
    """Return the quarter hours of the last 24 hours in which something was seen, oldest first."""
    first = (now_ms - DAY_MS) // QUARTER_MS
    known = sorted(at for at in quarters.keys() | histograms.keys() if at >= first)
    return [
        QuarterFigures(
            at * QUARTER_MS,
            quarters.get(at, TimeByState()).uptime,
            percentile(histograms.get(at, []), 0.5),
            percentile(histograms.get(at, []), 0.95),
            sum(histograms.get(at, [])),
        )
        for at in known
    ]
