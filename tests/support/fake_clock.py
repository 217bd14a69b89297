"""A clock that tests move."""

from __future__ import annotations

from datetime import UTC, datetime


class FakeClock:
    """A clock that moves only by `advance`."""

    def __init__(self, start: datetime) -> None:
        self._now_ms = int(start.timestamp() * 1000)
        self._elapsed = 0.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._now_ms / 1000, UTC)

    def now_ms(self) -> int:
        return self._now_ms

    def monotonic(self) -> float:
        return self._elapsed

    def boottime(self) -> float:
        return self._elapsed

    def advance(self, seconds: float) -> None:
        """Move both the wall clock and the elapsed time forward."""
        self._now_ms += round(seconds * 1000)
        self._elapsed += seconds
