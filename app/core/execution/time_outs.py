"""The time-outs of all running attempts, by one timer of the event loop.

A timer for each attempt would take a twentieth of a short run's processor time, and almost none ever fires.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Hashable

_TICK_SEC = 0.001
"""The event loop may call earlier by as much."""


class TimeOuts:
    """Calls a function for each attempt whose time is over. All methods belong to the event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._due: dict[Hashable, tuple[float, Callable[[], None]]] = {}
        self._next = math.inf
        self._timer: asyncio.TimerHandle | None = None

    def set(self, attempt: Hashable, seconds: float, then: Callable[[], None]) -> None:
        """Call `then` in `seconds`; it replaces an earlier call of the same attempt."""
        due = self._loop.time() + seconds
        self._due[attempt] = due, then
        if due < self._next:
            self._wake_at(due)

    def discard(self, attempt: Hashable) -> None:
        """Forget an attempt, if it is there."""
        # The timer stays: one look that finds nothing costs less than a new timer for each end.
        self._due.pop(attempt, None)

    def _wake_at(self, due: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._next = due
        self._timer = self._loop.call_at(due, self._look)

    def _look(self) -> None:
        self._timer, self._next = None, math.inf
        now = self._loop.time() + _TICK_SEC
        try:
            for attempt, entry in list(self._due.items()):
                due, then = entry
                if due <= now and self._due.get(attempt) is entry:
                    del self._due[attempt]
                    then()
        finally:
            # After an error the others that are due follow in the next turn.
            if self._due:
                self._wake_at(min(due for due, _then in self._due.values()))
