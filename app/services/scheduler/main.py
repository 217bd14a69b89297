"""The scheduler process: for each shard firing, promotion, chains, maintenance and self-monitoring."""

from __future__ import annotations

import gc

# What the imports make stays, so looking for garbage among it only takes time. `run_service` enables it.
if __name__ == "__main__":
    gc.disable()

import socket
from collections import Counter
from typing import TYPE_CHECKING, Any

from app.core.activity.claims import TaskClaims
from app.core.alerting.loop import AlarmLoop
from app.core.alerting.platform_incidents import PlatformIncidents
from app.core.alerting.self_watch import SelfWatch
from app.core.background import run_loops
from app.core.process import EXIT_STOPPED, ServiceContext, run_service
from app.core.redis_client import open_blocking
from app.core.runs.chains import Chains
from app.core.specs.store import JobStore
from app.services.scheduler.chains import ChainDispatcher
from app.services.scheduler.clock_recovery import ClockRecovery
from app.services.scheduler.firing import Firing
from app.services.scheduler.maintenance import tasks
from app.services.scheduler.promotion import Promotion
from app.services.scheduler.self_monitor import SelfMonitor
from app.services.scheduler.spec_cache import CompiledSpecs
from app.services.scheduler.timers import ServerClock, Sleeper, WakeListener

if TYPE_CHECKING:
    from app.core.background import Loop
    from app.core.storage.shards import ShardSet
    from app.services.scheduler.chains import OtherShards


async def serve(context: ServiceContext) -> int:
    """Run every loop of a scheduler until a stop signal."""
    between = await context.open_between()
    parts = [
        await ShardScheduler.open(context.of_shard(shard), _chain_targets(context, between, shard.index))
        for shard in context.shards
    ]

    def state() -> dict[str, Any]:
        slots = sum((part.firing.words for part in parts), Counter[str]())
        return {"slots": dict(slots), "promoted": sum(part.promotion.promoted for part in parts)}

    loops: list[Loop] = [context.heartbeat(state)]
    for part in parts:
        loops += part.loops
    if between is not None:
        loops.append(_share_mover(context, between))
    await run_loops(loops, context.stop)
    if between is not None:
        await between.close()
    return EXIT_STOPPED


class ShardScheduler:
    """The loops of a scheduler for one shard."""

    def __init__(self, firing: Firing, promotion: Promotion, loops: list[Loop]) -> None:
        self.firing = firing
        self.promotion = promotion
        self.loops = loops

    @classmethod
    async def open(cls, context: ServiceContext, others: OtherShards | None) -> ShardScheduler:
        """Return the loops; `context` is that of the shard."""
        clock, queue, server_clock = context.clock, context.queue, ServerClock(context.clock)
        settings = context.settings
        alarms = [Sleeper(clock, server_clock) for _ in range(3)]
        specs = CompiledSpecs(queue, settings.timezone)
        firing = Firing(queue, specs, clock, server_clock, alarms[0])
        promotion = Promotion(queue, server_clock, alarms[1])
        chains = Chains(context.link, context.scripts)
        chaining = ChainDispatcher(chains, jobs_of(context), alarms[2], others)
        back = ClockRecovery(queue, context.keys, specs, TaskClaims(context.scripts, context.instance))
        wake = WakeListener(await open_blocking(settings), context.keys, alarms)
        shards = context.shards
        notices = AlarmLoop(context.link, context.scripts, clock, settings, context.instance, shards)
        watch = SelfWatch(context.link, context.scripts, clock, settings, context.instance, shards)
        incidents = PlatformIncidents(shards.home, clock, settings.shard, len(shards))
        loops: list[Loop] = [firing, promotion, chaining, wake, back, notices, watch]
        if not settings.shares_server:
            loops.append(
                SelfMonitor(context.link, incidents, clock, socket.gethostname(), went_back=back.note)
            )
        return cls(firing, promotion, [*loops, *tasks(queue, context.instance, incidents)])


def _chain_targets(context: ServiceContext, between: ShardSet | None, own: int) -> OtherShards | None:
    if between is None:
        return None
    # Imported here: with one shard neither is needed.
    from app.services.scheduler.chains_between import OtherShards  # noqa: PLC0415

    return OtherShards(between, own, context.clock, context.settings.timezone)


def _share_mover(context: ServiceContext, between: ShardSet) -> Loop:
    from app.services.scheduler.share_mover import ShareMover  # noqa: PLC0415

    return ShareMover(between, context.clock, context.instance)


def jobs_of(context: ServiceContext) -> JobStore:
    """Return the jobs of this deployment."""
    return JobStore(context.link, context.scripts, context.clock, context.settings.timezone)


if __name__ == "__main__":
    run_service("scheduler", serve)
