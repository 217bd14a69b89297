"""Moves shares of limits between the shards of a deployment, in one scheduler at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.activity.claims import TaskClaims
from app.core.background import run_forever, sleep_or_stop
from app.core.queue.shares import LimitShares

if TYPE_CHECKING:
    import asyncio

    from app.core.clock import Clock
    from app.core.storage.shards import ShardSet

TASK = "limit-shares"
CLAIM_SEC = 1.0
"""A dead scheduler is replaced after this time. Two at once do no harm, they only work twice."""
ROUND_SEC = 0.2
"""How long a run of one shard may wait for a place that another one does not need."""
STANDBY_SEC = 0.3


class ShareMover:
    """The loop."""

    def __init__(self, shards: ShardSet, clock: Clock, scheduler: str) -> None:
        self._shares = LimitShares(shards, clock)
        self._claims = TaskClaims(shards.home.scripts, scheduler)

    async def run(self, stop: asyncio.Event) -> None:
        """Move shares until `stop`."""
        await run_forever("limit shares", self._step, stop)
        await self._claims.release(TASK)

    async def _step(self, stop: asyncio.Event) -> None:
        if not await self._claims.take(TASK, CLAIM_SEC):
            await sleep_or_stop(stop, STANDBY_SEC)
            return
        await self._shares.round()
        await sleep_or_stop(stop, ROUND_SEC)
