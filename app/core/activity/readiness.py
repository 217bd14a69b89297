"""Readiness: whether each service gets work done, with a reason."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.core.activity.readiness_rules import (
    ReadinessCheck,
    ReadinessLimits,
    WorkFacts,
    assess_connector,
    assess_scheduler,
    assess_worker,
    redis_missing,
    redis_ok,
    redis_refuses,
    unknown,
)
from app.core.errors import RedisUnavailable, Unavailable
from app.core.memory.usage import full_error, is_full, parse_server_memory

if TYPE_CHECKING:
    from app.core.activity.heartbeat import Heartbeats
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.errors import ConfigurationError
    from app.core.redis_client import RedisLink
    from app.core.storage.scripts import Scripts

SERVICES = ("scheduler", "worker", "connector")
# Runs at the head of the queue may be held or wait for a key. The search for a run that may start ends
# after this number.
CHECK_SETTINGS = 64


class Status(StrEnum):
    """Status of the whole deployment."""

    READY = "ready"
    """Every service does its work."""
    DEGRADED = "degraded"
    """A service is late or missing, but nothing waits for it."""
    UNREADY = "unready"
    """Redis refuses writes or is out of reach, or work waits and nothing happens to it."""


@dataclass(frozen=True, slots=True)
class ReadinessReport:
    """The checks of all services at one instant."""

    checks: dict[str, ReadinessCheck]

    @property
    def status(self) -> Status:
        """Return the worst of all checks."""
        if any(check.blocks for check in self.checks.values()):
            return Status.UNREADY
        is_well = all(check.status == "ok" for check in self.checks.values())
        return Status.READY if is_well else Status.DEGRADED


class ReadinessProbe:
    """Reads the facts for readiness in two round trips, independent of the queue length."""

    def __init__(self, scripts: Scripts, link: RedisLink, heartbeats: Heartbeats, clock: Clock) -> None:
        self._scripts = scripts
        self._link = link
        self._heartbeats = heartbeats
        self._clock = clock

    async def check(self, settings: Settings) -> ReadinessReport:
        """Return how Redis and each service are; Unavailable if Redis is out of reach."""
        asked = self._clock.monotonic()
        # All of these are sent in one batch; only the heartbeats need a second one.
        refusal, full, facts, instances = await asyncio.gather(
            self._refusal(), self._full(), self._facts(), self._heartbeats.instances()
        )
        took_ms = round((self._clock.monotonic() - asked) * 1000)
        reason = refusal or full
        limits = ReadinessLimits.of(settings)
        of = {name: [each for each in instances if each.service == name] for name in SERVICES}
        return ReadinessReport(
            {
                "redis": redis_refuses(took_ms, reason) if reason else redis_ok(took_ms),
                "scheduler": assess_scheduler(facts, of["scheduler"], limits),
                "worker": assess_worker(facts, of["worker"], limits),
                "connector": assess_connector(facts, of["connector"], limits),
            }
        )

    async def _facts(self) -> WorkFacts:
        return WorkFacts.of(await self._scripts.run("statistics/work_facts", page_size=CHECK_SETTINGS))

    async def _refusal(self) -> str | None:
        """Return why Redis refuses a write; None if it accepts one."""
        try:
            await self._scripts.run("deployment/probe_write")
        except RedisUnavailable:
            raise
        except Unavailable as error:
            return error.message
        return None

    async def _full(self) -> str | None:
        """Return why new runs are refused although Redis would still accept writes."""
        server = parse_server_memory(await self._link.call("INFO", "memory"))
        return full_error(server).message if is_full(server) else None


def away(error: Unavailable | TimeoutError | ConfigurationError) -> ReadinessReport:
    """Return the report for a Redis that is out of reach or must not be used."""
    return ReadinessReport({"redis": redis_missing(error), **dict.fromkeys(SERVICES, unknown())})
