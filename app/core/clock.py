"""The injected clock, so that tests can control time."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import lru_cache
from typing import Protocol

QUARTER_MS, HOUR_MS, DAY_MS = 900_000, 3_600_000, 86_400_000
QUARTERS, QUARTERS_AN_HOUR = DAY_MS // QUARTER_MS, HOUR_MS // QUARTER_MS
"""Quarter hours of a day and of an hour. Every zone's offset is a multiple of a quarter hour."""


class Clock(Protocol):
    """Wall-clock and elapsed time. Wall-clock instants are aware and in UTC."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        ...

    def now_ms(self) -> int:
        """Return the current instant in epoch milliseconds."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never jump; they do not advance while the machine sleeps."""
        ...

    def boottime(self) -> float:
        """Return seconds since boot, sleep included (Linux); elsewhere monotonic seconds."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    monotonic = staticmethod(time.monotonic)

    def boottime(self) -> float:
        # A lease is trusted by elapsed time, so a laptop's sleep has to count as elapsed.
        if hasattr(time, "CLOCK_BOOTTIME"):
            return time.clock_gettime(time.CLOCK_BOOTTIME)
        return time.monotonic()


def to_ms(instant: datetime) -> int:
    """Return an aware instant as epoch milliseconds."""
    return round(instant.timestamp() * 1000)


def from_ms(epoch_ms: int) -> datetime:
    """Return epoch milliseconds as an aware instant in UTC."""
    return datetime.fromtimestamp(epoch_ms / 1000, UTC)


def rfc3339(epoch_ms: int) -> str:
    """Return epoch milliseconds as `2026-01-31T07:00:00.000Z`."""
    return f"{_second(epoch_ms // 1000)}.{epoch_ms % 1000:03d}Z"


# The instants of a run are often within one second.
@lru_cache(maxsize=4_096)
def _second(epoch_sec: int) -> str:
    # Not strftime, which takes three times as long.
    return datetime.fromtimestamp(epoch_sec, UTC).isoformat()[:19]
