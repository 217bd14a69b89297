"""The part of a worker that serves one shard: its claimer, leases, ends and spool.

A deployment with one shard has one of these. All of them run their attempts in the slots of the one process.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from app.core.alerting.loop import AlarmLoop
from app.core.alerting.self_watch import SelfWatch
from app.core.background import run_loops, until_available
from app.core.config import Durability
from app.core.observability import get_logger
from app.core.queue import open_queue
from app.core.redis_client import open_blocking, open_link
from app.core.runner import Runner, Stopped, StopReason
from app.core.tools import build_tools
from app.core.tools.base import ToolDependencies
from app.services.worker.attempts import attempt_spans
from app.services.worker.claimer import Claimer
from app.services.worker.finisher import LONGEST_WAIT_SEC, Finisher, Spooler
from app.services.worker.leases import CancelListener, InFlight, LeaseKeeper, exit_cut_off
from app.services.worker.reclaimer import Reclaimer
from app.services.worker.spool import Spool, SpoolHead
from app.services.worker.spool_recovery import SpoolRecovery

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.core.models import ClaimedRun
    from app.core.policies import Policies
    from app.core.process import ServiceContext
    from app.core.registry import Registry
    from app.core.runner import Attempt, ChildSlots, RunEnd
    from app.services.worker.attempts import AttemptLog
    from app.services.worker.slot_pool import SlotPool

log = get_logger(__name__)

RELEASE_SEC = 2.0
LOOP_GRACE_SEC = 5.0


class ShardWorker:
    """All loops of one worker process for one shard, whose context it gets."""

    def __init__(
        self,
        context: ServiceContext,
        consumer: str,
        registry: Registry,
        policies: Policies,
        *,
        children: ChildSlots,
        pool: SlotPool[InFlight] | None,
        attempts: AttemptLog,
        keep_ends: Callable[[], None],
    ) -> None:
        self._context = context
        self._consumer = consumer
        self._registry = registry
        self._attempts = attempts
        self._keep_ends = keep_ends
        settings = context.settings
        self.in_flight = InFlight(settings.worker_concurrency, children, pool)
        if pool is not None:
            pool.add(self.in_flight)
        self._finisher = Finisher(context.queue, self.in_flight)
        tools = build_tools(
            ToolDependencies(settings, context.clock, context.link, context.scripts, context.shards)
        )
        self.runner = Runner(
            registry, policies, context.queue, context.clock, settings, tools=tools, children=children
        )
        # A waiting claim keeps its slots from other shards, and it is not confirmed by replicas.
        self._waits_in_claim = pool is None and settings.durability is Durability.FAST
        self.spooler: Spooler | None = None
        self._over = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None
        self._leases = LeaseKeeper(consumer, self.in_flight, context.clock, settings, keep_ends)

    async def start(self) -> None:
        """Begin to renew leases, until `leave`."""
        self._claims_link = await open_link(self._context.settings)
        self._keeping = asyncio.create_task(self._leases.run(self._over))

    async def run(self, stop: asyncio.Event) -> None:
        """Send the ends of dead workers, then claim and run until `stop`."""
        recovery = await self._open_spool(stop)
        if recovery is not None:
            await run_loops([*await self._loops(), recovery], stop, grace_sec=LOOP_GRACE_SEC)

    async def _open_spool(self, stop: asyncio.Event) -> SpoolRecovery | None:
        """Open the spool and send the ends of dead workers; None if `stop` is set first."""
        deployment = await until_available("spool", self._context.queue.deployment_id, stop)
        if deployment is None:
            return None
        settings, clock = self._context.settings, self._context.clock
        head = SpoolHead(settings.namespace, deployment, settings.redis_place, self._context.instance)
        spool = Spool(self._spool_dir(), head, self._consumer, clock)
        self.spooler = Spooler(spool, self._finisher, self.in_flight, clock)
        self.spooler.start()
        recovery = SpoolRecovery(spool, self._context.queue)
        await until_available("spool", recovery.recover, stop, LONGEST_WAIT_SEC)
        return recovery

    def _spool_dir(self) -> Path:
        # Each shard sends its own: one that is away must not hold up the ends of the others.
        settings = self._context.settings
        return settings.spool_dir / f"shard-{settings.shard}" if settings.shard else settings.spool_dir

    async def _loops(self) -> list[Any]:
        runtime = self._context
        settings = runtime.settings
        claimer = Claimer(
            runtime.queue,
            open_queue(self._claims_link, runtime.clock, settings),
            await open_blocking(settings),
            self.in_flight,
            consumer=self._consumer,
            worker=runtime.instance,
            start=self._start,
            give_back=self._finisher.release,
            queues=settings.worker_queues,
            types=self._registry.types(),
            waits_in_claim=self._waits_in_claim,
        )
        cancels = CancelListener(await open_blocking(settings), runtime.keys, self.in_flight)
        alarms = AlarmLoop(
            runtime.link, runtime.scripts, runtime.clock, settings, runtime.instance, runtime.shards
        )
        watch = SelfWatch(
            runtime.link, runtime.scripts, runtime.clock, settings, runtime.instance, runtime.shards
        )
        return [claimer, cancels, Reclaimer(runtime.queue), alarms, watch]

    def _start(self, run: ClaimedRun) -> None:
        self._attempts.started(run)
        self.in_flight.add(self.runner.start(run, self._ended))

    def _ended(self, attempt: Attempt, end: RunEnd) -> None:
        if isinstance(end, Stopped) and end.reason is StopReason.CUT_OFF and end.abandoned:
            self._keep_ends()
            exit_cut_off(attempt.run.run_id)
        self._finisher.ended(attempt, end)
        self._attempts.ended(attempt.run, end)
        if self._context.spans is not None:
            for span in attempt_spans(attempt.run, end, self._context.clock.now_ms()):
                self._context.spans.emit(span)

    async def drain(self) -> None:
        """Let handlers end for `drain_sec`, then stop them and release their runs."""
        for waiting in [attempt for attempt in self.in_flight.running() if attempt.waits]:
            waiting.stop(StopReason.DRAIN)
        loop = asyncio.get_running_loop()
        until = loop.time() + self._context.settings.drain_sec
        while self.in_flight.running() and loop.time() < until:
            await self.in_flight.change(min(0.5, max(0.01, until - loop.time())))
        for attempt in self.in_flight.running():
            attempt.stop(StopReason.DRAIN)
        until = loop.time() + RELEASE_SEC
        while self.in_flight.running() and loop.time() < until:
            await self.in_flight.change(0.1)
        try:
            async with asyncio.timeout(RELEASE_SEC):
                await self._finisher.drained()
        except TimeoutError:
            log.warning("exits with unanswered ends and releases", runs=len(self.in_flight.leases()))
        if self.spooler is not None:
            await self.spooler.close()

    async def leave(self) -> None:
        """End the renewals, and remove the consumer if Redis answers in time."""
        self._over.set()
        self._leases.finish()
        try:
            async with asyncio.timeout(RELEASE_SEC):
                await self._context.queue.leave(self._consumer)
                await self._claims_link.close()
        except (TimeoutError, Exception) as error:  # noqa: BLE001 - on the way out nothing may hold us
            log.warning("left without saying good-bye", reason=str(error))
        if self._keeping is not None:
            self._keeping.cancel()
