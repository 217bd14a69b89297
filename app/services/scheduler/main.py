"""The scheduler process: firing, promotion, chains, maintenance and self-monitoring."""

from __future__ import annotations

import gc

# What the imports make stays, so looking for garbage among it only takes time. `run_service` enables it.
if __name__ == "__main__":
    gc.disable()

import socket

from app.core.activity.claims import TaskClaims
from app.core.alerting.loop import AlarmLoop
from app.core.alerting.self_watch import SelfWatch
from app.core.background import run_loops
from app.core.incidents.store import IncidentStore
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


async def serve(context: ServiceContext) -> int:
    """Run every loop of a scheduler until a stop signal."""
    clock, queue, server_clock = context.clock, context.queue, ServerClock(context.clock)
    alarms = [Sleeper(clock, server_clock) for _ in range(3)]
    specs = CompiledSpecs(queue, context.settings.timezone)
    firing = Firing(queue, specs, clock, server_clock, alarms[0])
    promotion = Promotion(queue, server_clock, alarms[1])
    chaining = ChainDispatcher(Chains(context.link, context.scripts), jobs_of(context), alarms[2])
    back = ClockRecovery(queue, context.keys, specs, TaskClaims(context.scripts, context.instance))
    incidents = IncidentStore(context.link, context.scripts, context.keys, clock)
    clocks = SelfMonitor(context.link, incidents, clock, socket.gethostname(), went_back=back.note)
    wake = WakeListener(await open_blocking(context.settings), context.keys, alarms)
    beat = context.heartbeat(lambda: {"slots": dict(firing.words), "promoted": promotion.promoted})
    notices = AlarmLoop(context.link, context.scripts, clock, context.settings, context.instance)
    watch = SelfWatch(context.link, context.scripts, clock, context.settings, context.instance)
    chores = tasks(queue, context.instance)
    loops = [beat, firing, promotion, chaining, wake, back, clocks, notices, watch, *chores]
    await run_loops(loops, context.stop)
    return EXIT_STOPPED


def jobs_of(context: ServiceContext) -> JobStore:
    """Return the jobs of this deployment."""
    return JobStore(context.link, context.scripts, context.clock, context.settings.timezone)


if __name__ == "__main__":
    run_service("scheduler", serve)
