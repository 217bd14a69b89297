"""The memory of a monitor's alarms, which its job keeps in `kv` from one check to the next."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Literal, cast

from pydantic import TypeAdapter

MonitorState = Literal["up", "degraded", "down", "not_configured"]
MEMORY_KEY = "monitor"


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
