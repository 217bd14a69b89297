"""Requeues runs of dead workers, on a timer of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.background import run_forever, sleep_or_stop
from app.core.observability import get_logger

if TYPE_CHECKING:
    import asyncio

    from app.core.queue import Queue

log = get_logger(__name__)

# Grace requires that the lease clock is written at least this often.
TICKS_A_LEASE = 6
TICKS_A_SWEEP = 60


class Reclaimer:
    """Checks every lane of all queues each sixth of a lease."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._ticks = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Reclaim until `stop`."""
        await run_forever("reclaimer", self._tick, stop)

    async def _tick(self, stop: asyncio.Event) -> None:
        for lane in await self._queue.all_lanes():
            await self._reclaim(lane)
        self._ticks += 1
        if self._ticks % TICKS_A_SWEEP == 0:
            await self._queue.forget_idle_consumers()
        await sleep_or_stop(stop, self._queue.settings.lease_sec / TICKS_A_LEASE)

    async def _reclaim(self, lane: str) -> None:
        cursor = "0-0"
        while True:
            # XAUTOCLAIM reads ten times its COUNT: past healthy entries, only its cursor advances.
            word, cursor, count = await self._queue.reclaim(lane, cursor)
            if count:
                log.warning("runs of a lost worker are queued again", lane=lane, count=count)
            if word == "STAMP":
                await self._stamp_all()
            if cursor == "0-0":
                return

    async def _stamp_all(self) -> None:
        log.warning("Redis' clock went back: leases count from now")
        for lane in await self._queue.all_lanes():
            start = "-"
            while start:
                start = await self._queue.stamp(lane, start)
