"""Whether this process can do its work, from its own knowledge: nothing is asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.core.clock import Clock

UNHEALTHY_AFTER_SEC = 60.0
"""A failover and a restart of Redis take less: neither is a reason to restart this process."""


class ProcessHealth:
    """The last time that work succeeded, and what has failed since.

    Each heartbeat is a write to Redis, so a process whose heartbeats fail can do nothing else either.
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
        """Record a setting without whose change nothing can work; '' once it is changed."""
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
