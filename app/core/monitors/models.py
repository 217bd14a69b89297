"""Monitors: what a check reports, and what is read of a monitor.

The state, its ranges and the roll-ups are written by the finish of a monitor's run (`lua/lib/monitors.lua`),
never computed from runs. Instants in epoch milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

CheckState = Literal["up", "degraded", "down", "not_configured"]
"""What a check can find."""
WatchState = Literal["up", "degraded", "down", "unknown", "paused", "not_configured"]
"""The state of a monitor. `unknown`: its checks stay away, or the last one failed."""
MONITOR_TYPES = "monitor."
"""The prefix of job types that watch something."""
WORST_FIRST: tuple[WatchState, ...] = ("down", "degraded", "unknown", "not_configured", "paused", "up")
COUNTED_STATES: tuple[WatchState, ...] = ("up", "degraded", "down")
"""The states that count in an uptime: up and degraded of all three."""


def is_monitor(job_type: str) -> bool:
    """Return whether jobs of a type watch something."""
    return job_type.startswith(MONITOR_TYPES)


@dataclass(frozen=True, slots=True)
class MonitorWarning:
    """A second thing that a check looks at, with an incident of its own: a certificate that ends."""

    kind: str
    group: str
    """Its cause: one incident."""
    subject: str
    detail: str = ""
    """What is wrong, for people, English; empty if all is well."""


@dataclass(frozen=True, slots=True)
class MonitorReport:
    """What one check found, and when its job wants an incident."""

    state: CheckState
    target: str
    """What was checked, for people: a URL without its query, `telegram bot_a01`."""
    group: str
    """The cause that monitors of the same thing share, for example `monitor:example.org`: one incident."""
    reason: str = ""
    """A short code; empty if all is well."""
    detail: str = ""
    """The reason for people, English: `503 Service Unavailable`."""
    latency_ms: int = -1
    """-1 if nothing was measured."""
    command: str = ""
    """The command that sets it up, if it is not configured."""
    kind: str = "monitor_down"
    """The kind of the incident."""
    fail_after: int = 1
    """Bad checks in a row before an incident."""
    after_ms: int = 0
    """The time since the first of them before an incident."""
    bad: tuple[CheckState, ...] = ("down",)
    """The states that are bad for this job."""
    warning: MonitorWarning | None = None
    """None if nothing is known about it."""


@dataclass(frozen=True, slots=True)
class StateRange:
    """A time in one state; `to_ms` is None while it lasts."""

    state: WatchState
    from_ms: int
    to_ms: int | None
    reason: str = ""

    def overlaps(self, from_ms: int, to_ms: int) -> bool:
        """Return whether it touches [from, to)."""
        return self.from_ms < to_ms and (self.to_ms is None or self.to_ms > from_ms)


@dataclass(frozen=True, slots=True)
class TimeByState:
    """Milliseconds in the states that count."""

    up: int = 0
    degraded: int = 0
    down: int = 0

    def __add__(self, other: TimeByState) -> TimeByState:
        return TimeByState(self.up + other.up, self.degraded + other.degraded, self.down + other.down)

    @property
    def uptime(self) -> float | None:
        """Return the share of up and degraded, 0 to 1; None if nothing was watched."""
        total = self.up + self.degraded + self.down
        return (self.up + self.degraded) / total if total else None


Times = tuple[int, int, int]
"""The same as a plain tuple, for lists: up, degraded, down."""
NO_TIME: Final[Times] = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Uptime:
    """Uptimes, 0 to 1; None if nothing was watched in the period."""

    h24: float | None
    d7: float | None
    d30: float | None
    d90: float | None


@dataclass(frozen=True, slots=True)
class LatencyFigures:
    """Percentiles of the last 24 hours, within 5 %; None if nothing was measured."""

    p50_ms: int | None
    p95_ms: int | None


class HourBar(NamedTuple):
    """One hour of a monitor: its worst state, and its uptime."""

    at: int
    state: WatchState
    uptime: float | None


@dataclass(frozen=True, slots=True)
class QuarterFigures:
    """A quarter hour of a monitor. `checks` counts those with a latency."""

    at: int
    uptime: float | None
    p50_ms: int | None
    p95_ms: int | None
    checks: int


@dataclass(frozen=True, slots=True)
class MonitorRecord:
    """A monitor as it is read, its state at this moment included."""

    job_id: str
    type: str
    target: str
    state: WatchState
    since: int
    last_check_at: int | None
    last_error: str | None
    """The reason of the state for people, English; None if all is well."""
    reason: str
    """The code of the reason; empty if all is well."""
    fails_in_a_row: int
    latency_ms: int | None
    """Of the last check."""
    uptime: Uptime
    latency: LatencyFigures
    incident_id: str | None
    command: str | None
    changes: int
    """How many times the state has changed."""
    hours: list[HourBar] = field(default_factory=list[HourBar])
    """The last 24 hours, oldest first."""
    days: dict[int, TimeByState] = field(default_factory=dict[int, TimeByState])
    """The time by state of each UTC day since 1970 in which something was seen, of the last 92."""


@dataclass(frozen=True, slots=True)
class MonitorBrief:
    """The state of a monitor at this moment."""

    state: WatchState
    since: int
    reason: str
    """A short code; empty if all is well."""
    incident_id: str | None
    last_error: str | None
    """The reason for people, English."""
    uptime: float | None
    """Of the last 24 hours."""
    fails_in_a_row: int


@dataclass(frozen=True, slots=True)
class MonitorPast:
    """What is stored about a monitor in a period, and its state at this moment."""

    job_id: str
    type: str
    target: str
    state: WatchState
    since: int
    last_check_at: int | None
    reason: str
    last_error: str | None
    command: str
    time: TimeByState
    """Over the quarter hours that the period touches; days that are older than a week count in full."""
    quarters: dict[int, TimeByState]
    """Of the last nine days, by the quarter hour since 1970."""
    ranges: list[StateRange]
    """Those that overlap the period, oldest first, the present one included."""


@dataclass(frozen=True, slots=True)
class MonitorDetail:
    """A monitor with its ranges, oldest first, and the quarter hours of the last 24 hours."""

    record: MonitorRecord
    history: list[StateRange]
    quarters: list[QuarterFigures]
