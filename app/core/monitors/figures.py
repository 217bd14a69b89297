"""The figures of a monitor's quarter hours and days, from its roll-ups. Pure functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.clock import DAY_MS, QUARTER_MS, QUARTERS
from app.core.monitors.models import (
    QuarterFigures,
    TimeByState,
)
from app.core.storage.connection import pairs
from app.core.storage.histogram import FINE_COUNT, percentile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

QUARTER_DAYS = 2
"""UTC days that cover 24 hours."""

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


def parse_quarters(today: int, days: Iterable[Sequence[str]]) -> Quarters:
    """Return the quarter hours of UTC days, the first of which is today, the next yesterday."""
    found: Quarters = {}
    for back, flat in enumerate(days):
        start = (today - back) * QUARTERS
        for quarter, text in pairs(flat).items():
            found[start + int(quarter)] = parse_time(text)
    return found


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
