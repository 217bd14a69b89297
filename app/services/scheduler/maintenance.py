"""Maintenance tasks: remove old records and repair lost ones."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from functools import partial

from redis.exceptions import ResponseError

from app.core.access.audit import Audit
from app.core.access.audit.log import REMOVED_AT_ONCE
from app.core.activity.claims import TaskClaims
from app.core.activity.heartbeat import Heartbeats
from app.core.background import run_forever, sleep_or_stop
from app.core.incidents.store import IncidentStore
from app.core.memory.estimate import DAY_MS
from app.core.memory.usage import MEGABYTE
from app.core.messaging.outbox import Outbox, OutboxRetention
from app.core.observability import get_logger
from app.core.queue import Queue
from app.core.queue.scheduler import HEAL_BUDGET, PURGE_BUDGET
from app.core.records import queues_of
from app.core.runs.dead_letters import DeadLetters
from app.core.statistics.minutes import RollupThinning
from app.core.statistics.ranges import QuarterFolding
from app.services.scheduler.memory_retention import MemoryRetention

PURGE_SEC = 10.0
# Also how late a key with groups and no total follows the number of live workers.
SWEEP_SEC = 10.0
# A check for signs of a loss costs Redis 0.2 ms. If the scheduler that heals died, another one takes over
# within two and a half periods. Including the walk, 100,000 queued runs have their entries back within 30 s.
HEAL_SEC, HEAL_IDLE_SEC = 5.0, 7.5
# A check of all retention rules is some eight round trips: after an empty one it may wait.
PURGE_IDLE_SEC = 30.0
MAIL_PURGE_SEC, MAIL_SWEEP_SEC = 60.0, 10.0
# 200 of 2,000 jobs a round: a day's figures are thinned within two minutes.
THINNING_SEC = 10.0
# A quarter hour is folded within a minute of its end.
FOLDING_SEC = 60.0
# An estimate costs Redis about 5 ms; at this pace a burst of results is seen before it is 100 MB.
MEMORY_SEC = 10.0
# Incidents are few, and kept for 90 days.
INCIDENT_PURGE_SEC = 3_600.0
# A queue that nothing uses costs each reclaimer four calls a round.
QUEUES_SEC = 600.0
# Only workers of an older version leave letters without a group.
REGROUP_SEC = 600.0
# Each publication keeps the limit of bytes; this is for the time limit.
ARTIFACTS_SEC, ARTIFACTS_BUDGET = 600.0, 50
# Each entry keeps the limit of bytes; this is for the time limit.
AUDIT_SEC = 600.0
# Between two full rounds: Redis serves other clients for at least as long as it removed.
_BREATH_SEC = 0.05
# A claim lasts beyond the wait for the next round, so that the same scheduler continues.
_CLAIM_PERIODS = 1.5

log = get_logger(__name__)


class MaintenanceTask:
    """Does bounded work each `each_sec`, again soon after a `full` round, later after an empty one.

    With `claims`, only one scheduler does it at a time.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[], Awaitable[int]],
        each_sec: float,
        *,
        idle_sec: float | None = None,
        full: int | None = None,
        claims: TaskClaims | None = None,
    ) -> None:
        self._name = name
        self._work = work
        self._each_sec = each_sec
        self._idle_sec = each_sec if idle_sec is None else idle_sec
        self._full = full
        self._claims = claims

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop`. The first round comes at a random time, so that replicas share the tasks."""
        await sleep_or_stop(stop, random.uniform(0, self._each_sec))  # noqa: S311  it spreads load
        await run_forever(self._name, self._step, stop)
        if self._claims is not None:
            await self._claims.release(self._name)

    async def _is_ours(self) -> bool:
        longest = max(self._each_sec, self._idle_sec)
        return self._claims is None or await self._claims.take(self._name, longest * _CLAIM_PERIODS)

    async def _step(self, stop: asyncio.Event) -> None:
        done = 0
        try:
            if not await self._is_ours():
                await sleep_or_stop(stop, self._each_sec)
                return
            done = await self._work()
        except ResponseError:
            # A broken record stops this task, not the firing in the same process.
            log.exception("chore failed", chore=self._name)
        if done:
            log.debug("chore done", chore=self._name, count=done)
        again = self._full is not None and done >= self._full
        await sleep_or_stop(stop, _BREATH_SEC if again else self._each_sec if done else self._idle_sec)


async def grant_slots(queue: Queue) -> int:
    """Give free slots to waiting runs, and store how many runs the live workers can run at once."""
    workers = await Heartbeats(queue.link, queue.keys, queue.settings).instances("worker")
    slots = sum(int(w.state.get("concurrency", 0)) for w in workers if not w.state.get("draining"))
    return await queue.sweep(slots or None)


async def forget_queues(queue: Queue) -> int:
    """Remove queues that nothing uses from the list of queues; return how many."""
    workers = await Heartbeats(queue.link, queue.keys, queue.settings).instances("worker")
    return await queue.forget_queues({name for worker in workers for name in queues_of(worker)})


async def trim_artifacts(queue: Queue) -> int:
    """Remove contents of reports and exports from Redis that are too old or too many; return how many."""
    settings = queue.settings
    return await queue.scripts.run(
        "deployment/trim_artifacts",
        total_bytes=round(settings.artifacts_total_mb * MEGABYTE * settings.server_part),
        keep_ms=round(settings.artifacts_days * DAY_MS),
        most=ARTIFACTS_BUDGET,
    )


async def sweep_messages(outbox: Outbox, messages: OutboxRetention) -> int:
    """End messages whose sender is gone, or whose time is over; return how many."""
    return await outbox.sweep() + await messages.expire()


async def trim_audit(queue: Queue) -> int:
    """Remove audit entries that are too old; return how many."""
    return await Audit(queue.link, queue.scripts, queue.keys, queue.clock, queue.settings).remove_old()


def tasks(queue: Queue, scheduler: str, platform: IncidentStore) -> list[MaintenanceTask]:
    """Return the tasks of a scheduler; one of several schedulers does each of them at a time.

    `platform` opens incidents about the platform.
    """
    outbox = Outbox(queue.link, queue.scripts, queue.keys, queue.clock)
    messages = OutboxRetention(queue)
    incidents = IncidentStore(queue.link, queue.scripts, queue.keys, queue.clock)
    claims = TaskClaims(queue.scripts, scheduler)
    task = partial(MaintenanceTask, claims=claims)
    return [
        task("purge", queue.purge, PURGE_SEC, idle_sec=PURGE_IDLE_SEC, full=PURGE_BUDGET),
        task("memory", MemoryRetention(queue, platform).work, MEMORY_SEC),
        task("thinning", RollupThinning(queue).work, THINNING_SEC),
        task("folding", QuarterFolding(queue).work, FOLDING_SEC),
        task("sweep", partial(grant_slots, queue), SWEEP_SEC),
        task("queues", partial(forget_queues, queue), QUEUES_SEC),
        task("heal", queue.heal_round, HEAL_SEC, idle_sec=HEAL_IDLE_SEC, full=HEAL_BUDGET),
        task("dead-letters", DeadLetters(queue).regroup, REGROUP_SEC),
        task("mail-purge", messages.purge, MAIL_PURGE_SEC),
        task("mail-sweep", partial(sweep_messages, outbox, messages), MAIL_SWEEP_SEC),
        task("incident-purge", incidents.purge, INCIDENT_PURGE_SEC),
        task("audit", partial(trim_audit, queue), AUDIT_SEC, full=REMOVED_AT_ONCE),
        task("artifacts", partial(trim_artifacts, queue), ARTIFACTS_SEC, full=ARTIFACTS_BUDGET),
    ]
