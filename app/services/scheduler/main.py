"""The scheduler process: fires schedules, promotes delayed runs, keeps house, watches."""

from __future__ import annotations

import socket

from app.core.activity.events import Alarms
from app.core.background import run_loops
from app.core.process import EXIT_STOPPED, ServiceContext, run_service
from app.core.redis_client import open_blocking
from app.core.runs.chains import Chains
from app.core.specs.store import JobStore
from app.services.scheduler.chains import Chaining
from app.services.scheduler.clock_recovery import ClockBack
from app.services.scheduler.firing import Firing
from app.services.scheduler.maintenance import ChoreClaims, chores
from app.services.scheduler.promotion import Promotion
from app.services.scheduler.self_monitor import MemoryAlarm, Watch
from app.services.scheduler.spec_cache import Specs
from app.services.scheduler.timers import Alarm, RedisTime, WakeListener


async def serve(runtime: ServiceContext) -> int:
    """Run every role of a scheduler until told to stop."""
    clock, queue, redis_time = runtime.clock, runtime.queue, RedisTime(runtime.clock)
    alarms = [Alarm(clock, redis_time) for _ in range(3)]
    specs = Specs(queue, runtime.settings.timezone)
    firing = Firing(queue, specs, clock, redis_time, alarms[0])
    promotion = Promotion(queue, redis_time, alarms[1])
    chaining = Chaining(Chains(runtime.link, runtime.scripts), jobs_of(runtime), alarms[2])
    back = ClockBack(queue, runtime.keys, specs, ChoreClaims(runtime.scripts, runtime.instance))
    raised = Alarms(runtime.scripts)
    memory = MemoryAlarm(runtime.link, runtime.keys, raised, runtime.settings.retention_max_bytes)
    watch = Watch(runtime.link, raised, clock, socket.gethostname(), went_back=back.note, memory=memory)
    wake = WakeListener(await open_blocking(runtime.settings), runtime.keys, alarms)
    beat = runtime.heartbeat(lambda: {"slots": dict(firing.words), "promoted": promotion.promoted})
    loops = [beat, firing, promotion, chaining, wake, back, watch, *chores(queue, runtime.instance)]
    await run_loops(loops, runtime.stop)
    return EXIT_STOPPED


def jobs_of(runtime: ServiceContext) -> JobStore:
    """Return the jobs of this deployment."""
    return JobStore(runtime.link, runtime.scripts, runtime.clock, runtime.settings.timezone)


if __name__ == "__main__":
    run_service("scheduler", serve)
