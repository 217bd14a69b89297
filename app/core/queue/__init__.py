"""The queue: ready streams, delayed set, leases and schedule.

A run's life: enqueue or fire creates it, a claim starts an attempt, a finish ends it; promotion, reclaim,
release and cancel move it in between. `docs/states.md` draws it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.queue.producer import EnqueueResult, Idempotency, ProducerQueue
from app.core.queue.scheduler import (
    DueJob,
    DueJobs,
    FireItem,
    MissedSlots,
    MovedRun,
    PromotionResult,
    ScheduleQueue,
)
from app.core.queue.worker import Claim, StreamEntry, WorkerQueue
from app.core.storage.keys import Keys

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.redis_client import RedisLink

__all__ = [
    "Claim",
    "DueJob",
    "DueJobs",
    "EnqueueResult",
    "FireItem",
    "Idempotency",
    "MissedSlots",
    "MovedRun",
    "PromotionResult",
    "Queue",
    "StreamEntry",
    "open_queue",
]


class Queue(ProducerQueue, WorkerQueue, ScheduleQueue):
    """All sides of one namespace's queue."""


def open_queue(link: RedisLink, clock: Clock, settings: Settings) -> Queue:
    """Return the queue of the settings' namespace on a link."""
    keys = Keys.of(settings)
    return Queue(link, link.scripts(keys), keys, clock, settings)
