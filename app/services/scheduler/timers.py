"""Sleeps until an instant of Redis' clock, to the millisecond.

A notice may wake the sleeper early.
"""

from __future__ import annotations

import asyncio
import math
import random
from collections import deque
from collections.abc import Awaitable, Iterable
from typing import TypeVar

from app.core.background import or_stop, run_forever
from app.core.clock import Clock
from app.core.queue import DueJobs, PromotionResult
from app.core.redis_client import BlockingLink
from app.core.storage.keys import Keys

Timed = TypeVar("Timed", DueJobs, PromotionResult)
"""A reply with the instant of Redis' clock at which it was made."""

IDLE_SEC = 5.0
"""How long a lost wake-up can delay a fire that was set meanwhile."""
# Clocks that are being slewed diverge by up to 0.5 ms a second: older readings no longer bound the present.
_READINGS, _READING_AGE_SEC = 32, 10.0
# uvloop's timers have steps of 1 ms and may be half a step early; an early request costs a round trip.
_TIMER_STEP_SEC = 0.001
# Longer than one scheduler takes for 200 jobs of the same instant; a fifth of what a kill may delay.
_LOSER_DELAY_SEC = (0.020, 0.045)
_SUBSCRIBE_SEC = 5.0
# A subscription that was cut silently is detected by making another.
_SILENCE_SEC = 60.0


class ServerClock:
    """Redis' clock, estimated from its replies: never ahead of the real one unless that was turned back."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._bounds: deque[tuple[float, float]] = deque(maxlen=_READINGS)

    async def reading(self, call: Awaitable[Timed]) -> Timed:
        """Await a call and learn from the instant in its reply."""
        sent = self._clock.monotonic()
        answer = await call
        self.observe(sent, self._clock.monotonic(), answer.now_ms)
        return answer

    def observe(self, sent: float, received: float, now_ms: int) -> None:
        """Learn from an instant that Redis read between two of our own (monotonic seconds)."""
        # Redis read somewhere in [now_ms, now_ms + 1), so its clock minus ours lies between these two.
        lowest, highest = now_ms / 1000 - received, (now_ms + 1) / 1000 - sent
        if self._bounds and not lowest <= self._offset() <= highest:
            self._bounds.clear()
        while self._bounds and received - self._bounds[0][0] > _READING_AGE_SEC:
            self._bounds.popleft()
        self._bounds.append((received, lowest))

    def seconds_until(self, instant_ms: int) -> float:
        """Return how long until Redis' clock has surely reached an instant; 0 if it is past."""
        if not self._bounds:
            return 0.0
        return max(0.0, instant_ms / 1000 - self._offset() - self._clock.monotonic())

    def _offset(self) -> float:
        return max(lowest for _, lowest in self._bounds)


class Sleeper:
    """One loop's sleep: until an instant of Redis' clock, a full period of our own, or a wake-up."""

    def __init__(self, clock: Clock, server_clock: ServerClock) -> None:
        self._clock = clock
        self._server_clock = server_clock
        self._event = asyncio.Event()

    def wake(self) -> None:
        """Wake the sleeper, or make it skip its next sleep."""
        self._event.set()

    async def sleep(self, due_ms: int | None, delay_sec: float = 0.0) -> None:
        """Sleep until Redis' clock reaches `due_ms`, and `delay_sec` longer, or until the next full period.

        So idle loops of one process wake at the same instant, and their calls share a round trip.
        """
        now = self._clock.monotonic()
        seconds = (math.floor(now / IDLE_SEC) + 1) * IDLE_SEC - now
        if due_ms is not None:
            seconds = min(seconds, self._server_clock.seconds_until(due_ms) + delay_sec + _TIMER_STEP_SEC)
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            pass
        self._event.clear()


class LoserDelay:
    """Gives the winning scheduler precedence: one that found nothing to do comes a little later next time.

    All replicas sleep until the same instant; without it, each would plan every fire only to lose it.
    """

    def __init__(self) -> None:
        self.delay_sec = 0.0

    def won(self) -> None:
        """Reset the delay."""
        self.delay_sec = 0.0

    def lost(self) -> None:
        """Delay the next round, by a different time each round, so that two losers do not collide again."""
        self.delay_sec = random.uniform(*_LOSER_DELAY_SEC)  # noqa: S311  it decides nothing but who comes first


class WakeListener:
    """Wakes sleepers when a fire or a delayed run is set that comes before all others."""

    def __init__(self, link: BlockingLink, keys: Keys, sleepers: Iterable[Sleeper]) -> None:
        self._link = link
        self._channel = keys.wake
        self._sleepers = tuple(sleepers)

    async def run(self, stop: asyncio.Event) -> None:
        """Listen until `stop`."""
        try:
            await run_forever("wake", self._step, stop)
        finally:
            self._wake_all()
            await self._link.close()

    async def _step(self, stop: asyncio.Event) -> None:
        await or_stop(stop, self._link.command("SUBSCRIBE", self._channel, timeout_sec=_SUBSCRIBE_SEC))
        # Messages from before this subscription were not received.
        self._wake_all()
        while not stop.is_set():
            message = await or_stop(stop, self._link.message(_SILENCE_SEC))
            if message is None:
                break
            self._wake_all()
        await self._link.close()

    def _wake_all(self) -> None:
        for alarm in self._sleepers:
            alarm.wake()
