"""Self-watch: the conditions of the platform that no event reports, as incidents.

API, schedulers, workers and connectors run it; the one that holds the claim evaluates. So a dead scheduler
is noticed by the others. All of them see the heartbeats, so that the next holder knows who was silent.
Parts that read jobs or monitors load their modules once there are some to read, in a thread.
"""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING, Final

from app.core.activity.claims import TaskClaims
from app.core.activity.heartbeat import Heartbeats
from app.core.activity.readiness import CHECK_SETTINGS, WorkFacts
from app.core.alerting.disk_space import PREFIX as DISK
from app.core.alerting.disk_space import disk_findings
from app.core.alerting.findings import report
from app.core.alerting.overdue_jobs import OverdueJobs, is_about_jobs
from app.core.alerting.platform_incidents import PlatformIncidents
from app.core.alerting.redis_memory import RedisMemoryWatch
from app.core.alerting.service_health import (
    KEYS,
    WATCHED,
    ServiceSightings,
    silence_findings,
    work_findings,
)
from app.core.alerting.unserved import UNSERVED, UnservedWork
from app.core.background import run_forever, sleep_or_stop
from app.core.errors import Unavailable
from app.core.incidents.store import IncidentStore
from app.core.memory.usage import parse_server_memory
from app.core.observability import get_logger
from app.core.storage.connection import scores
from app.core.storage.shards import ShardSet, shard_of_link

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.monitors.store import MonitorStore
    from app.core.redis_client import RedisLink
    from app.core.storage.scripts import Scripts

TASK: Final = "self-watch"
ROUND_SEC, CLAIM_SEC, OTHERS_SEC = 2.5, 6.0, 5.0
"""The holder works each round; a dead one is replaced within the claim and the round of the others."""
SERVICES_SEC, MEMORY_SEC, JOBS_SEC, MONITORS_SEC = 10.0, 10.0, 30.0, 60.0
CERTIFICATE_SEC, DEADMAN_SEC = 3_600.0, 60.0
_STUCK: Final = frozenset({"scheduler_silent", "no_worker", "queue_stuck"})
"""While one of these is open, it is the reason why jobs are overdue."""

log = get_logger(__name__)


class SelfWatch:
    """One process's part of the watch."""

    def __init__(  # noqa: PLR0917 - as the other loops
        self,
        link: RedisLink,
        scripts: Scripts,
        clock: Clock,
        settings: Settings,
        instance: str,
        shards: ShardSet | None = None,
    ) -> None:
        keys = scripts.keys
        shards = shards or ShardSet([shard_of_link(link, keys)])
        self._link = link
        self._scripts = scripts
        self._keys = keys
        self._clock = clock
        self._settings = settings
        self._claims = TaskClaims(scripts, instance)
        self._heartbeats = Heartbeats(link, keys, settings)
        self._incidents = IncidentStore(link, scripts, keys, clock)
        self._platform = PlatformIncidents(shards.home, clock, keys.shard, len(shards))
        self._monitors: MonitorStore | None = None
        self._overdue = OverdueJobs(link, scripts, clock, self._incidents, settings.timezone)
        cap_bytes = round(settings.retention_max_bytes * settings.server_part)
        self._memory = RedisMemoryWatch(link, keys, self._platform, cap_bytes)
        self._sightings = ServiceSightings(settings.heartbeat_sec, clock.monotonic)
        self._unserved = UnservedWork(link, keys, clock.monotonic)
        self._parts: list[tuple[float, Callable[[], Awaitable[None]]]] = [
            (SERVICES_SEC, self.watch_services),
            *(() if settings.shares_server else ((MEMORY_SEC, self._watch_memory),)),
            (JOBS_SEC, self.watch_jobs),
            (MONITORS_SEC, self._sweep_monitors),
            *(() if keys.shard else self._outside()),
            *(() if keys.shard else _shards_away(self._platform, shards, clock)),
        ]
        self._due_at = [0.0] * len(self._parts)

    async def run(self, stop: asyncio.Event) -> None:
        """Watch until `stop`."""
        await run_forever("self-watch", self._step, stop)
        await self._claims.release(TASK)

    async def _step(self, stop: asyncio.Event) -> None:
        await self.look()
        is_holder = await self._claims.take(TASK, CLAIM_SEC)
        if is_holder:
            await self.evaluate()
        await sleep_or_stop(stop, ROUND_SEC if is_holder else OTHERS_SEC)

    async def look(self) -> None:
        """See the heartbeats of all processes."""
        beats = await self._link.call("ZRANGE", self._keys.instances, 0, -1, "WITHSCORES")
        self._sightings.note(scores(beats))

    async def evaluate(self) -> None:
        """Do the parts that are due, as the holder of the claim."""
        now = self._clock.monotonic()
        for at, (each_sec, part) in enumerate(self._parts):
            if now >= self._due_at[at]:
                self._due_at[at] = now + each_sec
                await _guarded(part)

    async def watch_services(self) -> None:
        """Evaluate whether the services live and work."""
        facts, instances = await asyncio.gather(
            self._scripts.run(
                "statistics/work_facts", page_size=CHECK_SETTINGS, lease_ms=self._settings.lease_ms
            ),
            self._heartbeats.instances(),
        )
        # The home reports silent services for all shards; other findings are about each shard's own work.
        silent = [] if self._keys.shard else silence_findings(self._sightings)
        workers = [each for each in instances if each.service == "worker"]
        working = work_findings(WorkFacts.of(facts), instances, self._settings, self._sightings)
        found = [*working, *await self._unserved.findings(workers), *silent]
        own = (UNSERVED,)
        if not self._keys.shard:
            # Each shard gets all heartbeats; the first one reports the machines.
            found += disk_findings(instances, await self._platform.open_keys())
            own = (UNSERVED, DISK)
        await report(self._platform, found, lambda key: key in KEYS or key.startswith(own))

    async def watch_jobs(self) -> None:
        """Evaluate whether jobs are overdue, unless the platform is the reason."""
        await self._overdue.end_missed()
        if _STUCK.isdisjoint(await self._platform.open_keys()):
            await report(self._incidents, await self._overdue.findings(), is_about_jobs)

    async def _watch_memory(self) -> None:
        await self._memory.check(parse_server_memory(await self._link.call("INFO", "memory")))

    async def _sweep_monitors(self) -> None:
        if await self._link.call("ZCARD", self._keys.monitors):
            await (self._monitors or await self._load_monitors()).sweep()

    async def _load_monitors(self) -> MonitorStore:
        module = await asyncio.to_thread(import_module, "app.core.monitors.store")
        monitors = module.MonitorStore(self._link, self._scripts, self._keys, self._clock)
        self._monitors = monitors
        return monitors

    def _outside(self) -> Iterator[tuple[float, Callable[[], Awaitable[None]]]]:
        """Yield the parts that ask the world outside; their libraries take 13 MB of each process."""
        if self._settings.public_url.startswith("https:"):
            from app.core.alerting.own_certificate import OwnCertificate  # noqa: PLC0415

            yield CERTIFICATE_SEC, OwnCertificate(self._incidents, self._settings, self._clock).check
        if self._settings.deadman_url.get_secret_value():
            from app.core.alerting.deadman import Deadman  # noqa: PLC0415

            deadman = Deadman(self._incidents, self._settings)

            async def ping() -> None:
                if all(self._sightings.silent_sec(each) is None for each in WATCHED):
                    await deadman.ping()

            yield DEADMAN_SEC, ping


def _shards_away(
    incidents: IncidentStore, shards: ShardSet, clock: Clock
) -> Iterator[tuple[float, Callable[[], Awaitable[None]]]]:
    """Yield the part that asks each other shard; a deployment with one shard does not load it."""
    if len(shards) > 1:
        from app.core.alerting.shards_away import ShardsAway  # noqa: PLC0415

        yield SERVICES_SEC, ShardsAway(incidents, shards, clock.monotonic).check


async def _guarded(part: Callable[[], Awaitable[None]]) -> None:
    """Do one part; a damaged record must stop neither the other parts nor the process."""
    try:
        await part()
    except Unavailable:
        raise
    except Exception:
        log.exception("a part of the self-watch failed", part=getattr(part, "__qualname__", ""))
