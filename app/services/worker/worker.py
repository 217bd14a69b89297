"""The worker process: its shards, their common slots, start, drain and exit."""

from __future__ import annotations

import asyncio
import os
import threading
from typing import TYPE_CHECKING, Any

from app.core.background import run_loops, sleep_or_stop
from app.core.ids import new_id
from app.core.observability import get_logger
from app.core.policies import load_policies
from app.core.registry import load_handlers
from app.core.runner import ChildSlots
from app.services.worker.attempts import AttemptLog
from app.services.worker.leases import InFlight
from app.services.worker.shard_worker import LOOP_GRACE_SEC, ShardWorker
from app.services.worker.slot_pool import SlotPool

if TYPE_CHECKING:
    from app.core.process import ServiceContext
    from app.core.storage.shards import Shard

log = get_logger(__name__)

MOST_ABANDONED_THREADS = 8
KEEP_ENDS_SEC = 0.25
EXIT_RECYCLE = 75


class Worker:
    """One worker process."""

    def __init__(self, context: ServiceContext) -> None:
        self._context = context
        settings, shards = context.settings, context.shards
        # New at each start: XAUTOCLAIM to the same consumer would hand an entry out twice.
        self._consumer = f"w{new_id(context.clock)[-12:]}"
        self._children = ChildSlots(settings.child_processes)
        self._attempts = AttemptLog(context.clock, settings.log_runs_per_sec)
        self._registry = load_handlers(settings)
        self._policies = load_policies(settings)
        self._pool = None if len(shards) == 1 else SlotPool[InFlight](settings.worker_concurrency)
        self._parts = [self._part(shard) for shard in shards]
        self._draining = False
        self._recycle = False

    def _part(self, shard: Shard) -> ShardWorker:
        return ShardWorker(
            self._context.of_shard(shard),
            self._consumer,
            self._registry,
            self._policies,
            children=self._children,
            pool=self._pool,
            attempts=self._attempts,
            keep_ends=self._keep_ends,
        )

    async def run(self, stop: asyncio.Event) -> int:
        """Work until `stop`, drain, and return the exit code."""
        over = asyncio.Event()
        heartbeat = self._context.heartbeat(self._state)
        beating = asyncio.create_task(heartbeat.run(over))
        await asyncio.gather(*(part.start() for part in self._parts))
        try:
            await run_loops([*self._parts, _ThreadWatch(self)], stop, grace_sec=LOOP_GRACE_SEC + 1.0)
        finally:
            self._draining = True
            await asyncio.gather(*(part.drain() for part in self._parts))
            self._attempts.flush()
            over.set()
            abandoned = self._abandoned_threads()
            await asyncio.gather(heartbeat.leave(), *(part.leave() for part in self._parts))
            beating.cancel()
            if abandoned:
                # A thread cannot be killed, and its further effects must not overlap the run's next attempt.
                os._exit(EXIT_RECYCLE if self._recycle else 0)
        return EXIT_RECYCLE if self._recycle else 0

    def _keep_ends(self) -> None:
        """Put the unanswered ends on disk before this process exits at once; any thread may call."""
        # A disk that hangs must not delay the exit.
        writers = [
            threading.Thread(target=part.spooler.check, args=(0.0,), name="last-ends", daemon=True)
            for part in self._parts
            if part.spooler is not None
        ]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join(KEEP_ENDS_SEC / len(writers))

    def _state(self) -> dict[str, Any]:
        running = [attempt for part in self._parts for attempt in part.in_flight.running()]
        return {
            "concurrency": self._context.settings.worker_concurrency,
            "running": [attempt.run.run_id for attempt in running],
            "draining": self._draining,
            "types": self._registry.types(),
            "queues": self._context.settings.worker_queues,
        }

    def _abandoned_threads(self) -> int:
        return sum(part.runner.abandoned_threads for part in self._parts)

    def too_many_abandoned(self) -> bool:
        """True if abandoned handlers have taken too many threads; then the process is replaced."""
        if self._abandoned_threads() <= MOST_ABANDONED_THREADS:
            return False
        self._recycle = True
        return True


class _ThreadWatch:
    """Stops the process in order once too many handlers did not end."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            if self._worker.too_many_abandoned():
                log.warning("too many handlers did not end; this process drains and starts anew")
                stop.set()
            await sleep_or_stop(stop, 1.0)
