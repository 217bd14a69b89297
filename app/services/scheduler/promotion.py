"""Makes scheduled and retrying runs ready when their time comes."""

from __future__ import annotations

import asyncio

from app.core.background import run_forever
from app.core.queue import PromotionResult, Queue
from app.core.queue.scheduler import PROMOTE_AT_ONCE
from app.services.scheduler.timers import Alarm, Courtesy, RedisTime


class Promotion:
    """The loop: promote what is due, sleep until the next one is."""

    def __init__(self, queue: Queue, redis_time: RedisTime, alarm: Alarm) -> None:
        self._queue = queue
        self._redis_time = redis_time
        self._alarm = alarm
        self._courtesy = Courtesy()
        self._awaited_ms: int | None = None
        self.promoted = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Promote until `stop`."""
        await run_forever("promotion", self._step, stop)

    async def _step(self, _stop: asyncio.Event) -> None:
        found = await self._redis_time.reading(self._queue.promote(), _instant)
        self.promoted += found.count
        if found.count:
            self._courtesy.won()
        elif self._awaited_ms is not None and found.now_ms >= self._awaited_ms:
            self._courtesy.lost()
        self._awaited_ms = found.next_due_ms
        if found.count < PROMOTE_AT_ONCE:
            await self._alarm.sleep(found.next_due_ms, self._courtesy.late_sec)


def _instant(found: PromotionResult) -> int:
    return found.now_ms
