"""A clock that tests move, and an event loop that lives by it."""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

T = TypeVar("T")
DEFAULT_START = datetime(2026, 1, 1, tzinfo=UTC)


class FakeClock:
    """A clock that moves only by `advance` and `jump`, or by the waits of a `FakeTimeLoop`."""

    def __init__(self, start: datetime = DEFAULT_START) -> None:
        self._start_ms = int(start.timestamp() * 1000)
        self._elapsed = 0.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.now_ms() / 1000, UTC)

    def now_ms(self) -> int:
        return self._start_ms + round(self._elapsed * 1000)

    def monotonic(self) -> float:
        return self._elapsed

    def boottime(self) -> float:
        return self._elapsed

    def advance(self, seconds: float) -> None:
        """Move both the wall clock and the elapsed time forward."""
        self._elapsed += seconds

    def jump(self, seconds: float) -> None:
        """Move the wall clock alone, forward or back, as a person who sets it does."""
        self._start_ms += round(seconds * 1000)


class FakeTimeLoop(asyncio.SelectorEventLoop):
    """An event loop in which waiting takes no time: with nothing to do, the clock jumps to the next timer.

    While a thread works for the loop, or a connection or a child process is open, time passes as it does
    outside, because their work has no timer.
    """

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._working = 0
        self._selector_of_time = _ClockSelector(clock, lambda: self._working == 0)
        super().__init__(self._selector_of_time)

    def time(self) -> float:
        return self._clock.monotonic()

    def stop_jumping(self) -> None:
        """Let time pass as it does outside from now on."""
        self._working += 1

    def run_in_executor(self, executor: Any, func: Callable[..., T], *args: Any) -> asyncio.Future[T]:
        self._working += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._worked)
        return future

    def _worked(self, _future: asyncio.Future[Any]) -> None:
        self._working -= 1


class _ClockSelector(selectors.DefaultSelector):
    # The pipe by which other threads wake the loop.
    _OWN = 1

    def __init__(self, clock: FakeClock, may_jump: Callable[[], bool]) -> None:
        super().__init__()
        self._clock = clock
        self._may_jump = may_jump

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        keys: Mapping[Any, Any] = self.get_map()
        if timeout and len(keys) <= self._OWN and self._may_jump():
            ready = super().select(0)
            if not ready:
                self._clock.advance(timeout)
            return ready
        start = time.monotonic()
        ready = super().select(timeout)
        self._clock.advance(time.monotonic() - start)
        return ready
