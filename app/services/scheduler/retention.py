"""Keeping house: what is too old goes, what a crash left lying is put back."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable

from redis.exceptions import ResponseError

from app.core.dead_letters import DeadLetters
from app.core.loops import keep_going, pause
from app.core.observability import get_logger
from app.core.outbox_retention import OutboxRetention
from app.core.queue import Queue
from app.core.queue_retention import PURGE_BUDGET

PURGE_SEC, SWEEP_SEC, HEAL_SEC = 10.0, 30.0, 10.0
# A look through all retention rules is some eight round trips: where there was nothing, it may wait.
PURGE_IDLE_SEC = 30.0
MAIL_PURGE_SEC, MAIL_SWEEP_SEC = 60.0, 10.0
# Only workers of an older version leave letters that are not grouped.
REGROUP_SEC = 600.0
# Between two full rounds: Redis serves the others for at least as long as it removed.
_BREATH_SEC = 0.05

log = get_logger(__name__)


class Chore:
    """Does bounded work each `each_sec`, again soon after a `full` round, later after an empty one."""

    def __init__(
        self,
        name: str,
        work: Callable[[], Awaitable[int]],
        each_sec: float,
        *,
        idle_sec: float | None = None,
        full: int | None = None,
    ) -> None:
        self._name = name
        self._work = work
        self._each_sec = each_sec
        self._idle_sec = each_sec if idle_sec is None else idle_sec
        self._full = full

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop`. The first round comes at a random time, so that replicas share the work."""
        await pause(stop, random.uniform(0, self._each_sec))  # noqa: S311  it spreads load
        await keep_going(self._name, self._step, stop)

    async def _step(self, stop: asyncio.Event) -> None:
        done = 0
        try:
            done = await self._work()
        except ResponseError:
            # A broken record stops this chore, not the firing next to it.
            log.exception("chore failed", chore=self._name)
        if done:
            log.debug("chore done", chore=self._name, count=done)
        again = self._full is not None and done >= self._full
        await pause(stop, _BREATH_SEC if again else self._each_sec if done else self._idle_sec)


def chores(queue: Queue) -> list[Chore]:
    """Return what a scheduler does by the way; several replicas at once do no harm."""
    mail = OutboxRetention(queue)
    return [
        Chore("purge", queue.purge, PURGE_SEC, idle_sec=PURGE_IDLE_SEC, full=PURGE_BUDGET),
        Chore("sweep", queue.sweep, SWEEP_SEC),
        Chore("heal", queue.heal, HEAL_SEC),
        Chore("dead letters", DeadLetters(queue).regroup, REGROUP_SEC),
        Chore("mail purge", mail.purge, MAIL_PURGE_SEC),
        Chore("mail sweep", mail.sweep, MAIL_SWEEP_SEC),
    ]
