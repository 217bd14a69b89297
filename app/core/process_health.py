"""Health of this process, from its own heartbeats, without I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.core.clock import Clock

UNHEALTHY_AFTER_SEC = 60.0
"""A failover or a restart of Redis takes less, and is no reason to restart this process."""


class ProcessHealth:
    """The time of the last success, and the last failure since.

    Each heartbeat is a write to Redis. If heartbeats fail, all other work of the process fails as well.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._worked_at = clock.monotonic()
        self._failure = ""
        self._misconfigured = ""

    def worked(self) -> None:
        """Record that work succeeded."""
        self._worked_at = self._clock.monotonic()
        self._failure = ""

    def failed(self, reason: str) -> None:
        """Record why work did not succeed."""
        self._failure = reason

    def misconfigured(self, reason: str) -> None:
        """Record a setting that prevents all work; '' once it is changed."""
        self._misconfigured = reason

    def problem(self) -> str | None:
        """Return why this process could not work for a minute, in both languages; None if it could."""
        if self._misconfigured:
            return self._misconfigured
        silent_sec = self._clock.monotonic() - self._worked_at
        if silent_sec <= UNHEALTHY_AFTER_SEC:
            return None
        because = f": {self._failure}" if self._failure else "."
        return (
            f"This process could not work for {silent_sec:.0f} s / "
            f"Proses ini tidak dapat bekerja selama {silent_sec:.0f} detik{because}"
        )
