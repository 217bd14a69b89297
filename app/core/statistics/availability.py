"""The availability data of monitors: the stored form and its calculations.

A monitor stores, in the `kv` of its own job:

- `monitor`: its memory, a MonitorMemory as JSON;
- `availability:<UTC day>` for 41 days: `{"<quarter hour, 0-95>": [up, degraded, down, not_configured]}`,
  in milliseconds. Every zone's offset is a multiple of a quarter hour. Days older than a week are stored by
  hours, under the first quarter of each (`minutes.py`).

The time between two checks counts as the state of the earlier one. If the next check came much later than
usual, the time counts as no state.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Literal, cast

from pydantic import TypeAdapter

MonitorState = Literal["up", "degraded", "down", "not_configured"]
MONITOR_STATES: tuple[MonitorState, ...] = ("up", "degraded", "down", "not_configured")

MEMORY_KEY = "monitor"
MONITOR_TYPES = "monitor."
"""The prefix of job types that store an availability."""
AVAILABILITY_TTL_SEC = 41 * 86_400
DAY_MS, QUARTER_MS = 86_400_000, 900_000
QUARTERS = DAY_MS // QUARTER_MS
QUARTERS_AN_HOUR = 3_600_000 // QUARTER_MS

DayTally = dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class Outage:
    """From the first check that found it down to the first that did not; `to_ms` is None while it lasts."""

    from_ms: int
    to_ms: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Notice:
    """An alarm or its end, still to be sent; `key` makes a repeat the same message of the job."""

    key: str
    raised: bool
    since_ms: int
    at_ms: int
    reason: str
    fails_in_a_row: int
    state: MonitorState = "down"
    """The state that the alarm is about."""


@dataclass(frozen=True, slots=True)
class MonitorMemory:
    """The state that a monitor stores from one check to the next."""

    state: MonitorState
    since_ms: int
    at_ms: int
    """The time of the last check."""
    reason: str = ""
    subject: str = ""
    """The monitored target, for people."""
    command: str = ""
    """The command that sets it up, if it is not configured."""
    usual_gap_ms: int = 0
    fails_in_a_row: int = 0
    failing_since_ms: int | None = None
    alarm_since_ms: int | None = None
    """The raised alarm: the start of its outage."""
    outages: tuple[Outage, ...] = ()
    """The newest outages, oldest first."""
    notices: tuple[Notice, ...] = ()
    """Notices still to be sent, oldest first."""


@cache
def _adapter() -> TypeAdapter[MonitorMemory]:
    return TypeAdapter(MonitorMemory)


def memory_from(value: Any) -> MonitorMemory | None:
    """Return the memory in a JSON value; None if it is absent or invalid."""
    known = {field.name for field in fields(MonitorMemory)}
    if not isinstance(value, dict):
        return None
    # A field of a later release must not invalidate the memory after a downgrade.
    given = {name: item for name, item in cast("dict[str, Any]", value).items() if name in known}
    try:
        return _adapter().validate_python(given)
    except ValueError:
        return None


def memory_value(memory: MonitorMemory) -> dict[str, Any]:
    """Return a memory as a JSON value."""
    return cast("dict[str, Any]", _adapter().dump_python(memory, mode="json"))


def day_key(day: int) -> str:
    """Return the name of a UTC day's value (days since 1970)."""
    return f"availability:{day}"


def spread(from_ms: int, to_ms: int) -> Iterator[tuple[int, int, int]]:
    """Return (day, quarter hour, ms) for each quarter hour of a time range."""
    while from_ms < to_ms:
        end_ms = min(to_ms, (from_ms // QUARTER_MS + 1) * QUARTER_MS)
        yield from_ms // DAY_MS, from_ms % DAY_MS // QUARTER_MS, end_ms - from_ms
        from_ms = end_ms


def add_time(tally: DayTally, quarter: int, state: MonitorState, ms: int) -> None:
    """Add a time range within one quarter hour to a day's value."""
    figures = tally.setdefault(str(quarter), [0] * len(MONITOR_STATES))
    figures[MONITOR_STATES.index(state)] += ms


def merge_hours(tally: DayTally) -> DayTally:
    """Return a day by hours. An hour has the number of its first quarter; its sums stay the same."""
    hours: DayTally = {}
    for quarter, figures in tally.items():
        first = str(int(quarter) // QUARTERS_AN_HOUR * QUARTERS_AN_HOUR)
        sums = hours.get(first, [0] * len(figures))
        hours[first] = [total + ms for total, ms in zip(sums, figures, strict=True)]
    return hours


def time_by_state(days: dict[int, DayTally], first_quarter: int, end_quarter: int) -> dict[MonitorState, int]:
    """Return the ms in each state over the quarter hours (since 1970) in [first, end)."""
    sums = [0] * len(MONITOR_STATES)
    for day, tally in days.items():
        for quarter, figures in tally.items():
            if first_quarter <= day * QUARTERS + int(quarter) < end_quarter:
                sums = [total + ms for total, ms in zip(sums, figures, strict=True)]
    return dict(zip(MONITOR_STATES, sums, strict=True))


def outages_within(memory: MonitorMemory, from_ms: int, to_ms: int) -> tuple[Outage, ...]:
    """Return the outages that overlap [from, to), oldest first."""
    return tuple(
        outage
        for outage in memory.outages
        if outage.from_ms < to_ms and (outage.to_ms is None or outage.to_ms > from_ms)
    )
