"""Makes scheduled and retrying runs ready when they are due, and ends pauses whose end has come."""

from __future__ import annotations

import asyncio

from app.core.background import run_forever
from app.core.queue import Queue
from app.core.queue.pauses import Pauses
from app.core.queue.scheduler import PROMOTE_AT_ONCE
from app.services.scheduler.timers import LoserDelay, ServerClock, Sleeper

ENDED_BY = "scheduler"
"""The actor of the event if a pause has reached its end."""


class Promotion:
    """The loop: promote due runs, end pauses that are over, sleep until the next of either is due."""

    def __init__(self, queue: Queue, server_clock: ServerClock, sleeper: Sleeper) -> None:
        self._queue = queue
        self._pauses = Pauses(queue.link, queue.scripts, queue.keys, queue.clock)
        self._server_clock = server_clock
        self._sleeper = sleeper
        self._loser_delay = LoserDelay()
        self._awaited_ms: int | None = None
        self.promoted = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Promote until `stop`."""
        await run_forever("promotion", self._step, stop)

    async def _step(self, _stop: asyncio.Event) -> None:
        found = await self._server_clock.reading(self._queue.promote())
        self.promoted += found.count
        for scope in found.over:
            await self._pauses.end(scope, ENDED_BY)
        if found.count or found.over:
            self._loser_delay.won()
        elif self._awaited_ms is not None and found.now_ms >= self._awaited_ms:
            self._loser_delay.lost()
        self._awaited_ms = found.next_due_ms
        if found.count < PROMOTE_AT_ONCE:
            await self._sleeper.sleep(found.next_due_ms, self._loser_delay.delay_sec)
