"""The alarm loop: finds out if an incident is due, and has its alarms sent.

Connectors, schedulers and workers run it; the one that holds the claim works.
"""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

from app.core.activity.claims import TaskClaims
from app.core.background import run_forever, sleep_or_stop
from app.core.errors import Unavailable
from app.core.observability import get_logger
from app.core.storage.connection import scores, time_ms

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.redis_client import RedisLink
    from app.core.storage.scripts import Scripts
    from app.core.storage.shards import ShardSet

    Treat = Callable[[], Awaitable[int]]

TASK: Final = "alarms"
CLAIM_SEC, ROUND_SEC = 5.0, 2.0
"""The holder works each round; a dead one is replaced within twice the claim."""
_AFTER_ERROR_SEC: Final = 5.0

log = get_logger(__name__)


class AlarmLoop:
    """One process's alarm loop, for the incidents of one shard."""

    def __init__(  # noqa: PLR0917 - as the other stores
        self,
        link: RedisLink,
        scripts: Scripts,
        clock: Clock,
        settings: Settings,
        instance: str,
        shards: ShardSet | None = None,
    ) -> None:
        self._link = link
        self._scripts = scripts
        self._parts = link, scripts, clock, settings, shards
        self._claims = TaskClaims(scripts, instance)
        self._treat: Treat | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop`, then give the claim back."""
        await run_forever(TASK, self._step, stop)
        await self._claims.release(TASK)

    async def _step(self, stop: asyncio.Event) -> None:
        wait_sec = CLAIM_SEC
        try:
            if await self._claims.take(TASK, CLAIM_SEC):
                wait_sec = ROUND_SEC
                await self.work()
        except Unavailable:
            raise
        except Exception:
            # A broken record stops the alarms, not the other work of this process.
            log.exception("alarms failed")
            wait_sec = _AFTER_ERROR_SEC
        await sleep_or_stop(stop, wait_sec)

    async def work(self) -> int:
        """Treat the incidents that are due; return how many there were."""
        first, time = await self._link.calls(
            [("ZRANGE", self._scripts.keys.incidents_due, 0, 0, "WITHSCORES"), ("TIME",)]
        )
        if not any(at <= time_ms(time) for at in scores(first).values()):
            return 0
        treat = self._treat
        if treat is None:
            # Rules, channels and calendars take 4 MB. In a thread, because handlers run meanwhile.
            module = await asyncio.to_thread(import_module, "app.core.alerting.sender")
            treat = self._treat = cast("Treat", module.AlarmSender(*self._parts).work)
        return await treat()
