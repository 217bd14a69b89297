"""Heartbeats of processes, the list of live ones, exit reports and process health."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from app import __version__
from app.core.activity.disks import DiskReader, stored_disks
from app.core.activity.shared_settings import shared_settings
from app.core.background import run_forever, sleep_or_stop
from app.core.clock import Clock
from app.core.config import Settings
from app.core.errors import MultiJobError, Unavailable
from app.core.i18n import _
from app.core.observability import get_logger
from app.core.records import InstanceInfo
from app.core.redis_client import Arg, RedisLink
from app.core.secret_keys import available_keys
from app.core.storage.connection import scores, time_ms
from app.core.storage.keys import Keys
from app.core.storage.migrations import own_schema
from app.core.storage.scripts import Scripts
from app.core.system import PREVIOUS_END

# Exit reports of processes: a replacement reports how the earlier process ended.
#
# A parent, or the launcher's supervisor, has no connection to Redis. It passes the text to its next child in
# the variable PREVIOUS_END. The child's first heartbeat turns it into an event.

# EXIT_HUNG, EXIT_CUT_OFF and EXIT_RECYCLE of the worker.
_MEANINGS = {
    "70": "a handler blocked the event loop",
    "71": "cut off from Redis, and a handler with a key did not end",
    "75": "too many handlers did not end",
}
_MAX_CHARS = 200


def describe_end(code: int) -> str:
    """Return an exit code, or the name of the signal, in words."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"


def previous_end() -> str:
    """Return how the replaced process ended, with the meaning of our own exit codes; '' if unknown."""
    text = os.environ.get(PREVIOUS_END, "")[:_MAX_CHARS]
    code = re.match(r"exit code (\d+)", text)
    meaning = _MEANINGS.get(code[1]) if code else None
    return f"{text}: {meaning}" if meaning else text


DEAD_AFTER_BEATS = 6
"""Also in `lua/deployment/heartbeat.lua`, which removes processes after that silence."""
LEASE_CLOCK_KEEPER = "scheduler"
_LEAVE_SEC = 2.0

State = Callable[[], dict[str, Any]]
log = get_logger(__name__)


class Heartbeat:
    """Sends the state of this process every `heartbeat_sec`.

    A scheduler's heartbeat also advances the lease clock, which needs a write each sixth of a lease.
    """

    def __init__(
        self,
        scripts: Scripts,
        clock: Clock,
        settings: Settings,
        *,
        service: str,
        instance: str,
        state: State,
        health: ProcessHealth | None = None,
    ) -> None:
        self._scripts = scripts
        self._instance = instance
        self._state = state
        self._settings = settings
        self._health = health
        self._period_ms = round(settings.heartbeat_sec * 1000)
        self._lease_ms = settings.lease_ms if service == LEASE_CLOCK_KEEPER else 0
        each_sec = settings.heartbeat_sec
        self._each_sec = min(each_sec, settings.lease_sec / 6) if self._lease_ms else each_sec
        self._fixed: list[Arg] = [
            *("service", service, "pid", os.getpid(), "host", socket.gethostname()),
            *("version", __version__, "schema", own_schema(), "started", clock.now_ms()),
        ]
        self._fixed += ["shared", orjson.dumps(shared_settings(settings)).decode()]
        self._previous: list[Arg] = ["previous_end", end] if (end := previous_end()) else []
        self._counted_reconnects = 0
        self._disks = DiskReader(settings, clock.monotonic)

    async def run(self, stop: asyncio.Event) -> None:
        """Send heartbeats until `stop`, then deregister."""
        await run_forever("heartbeat", self._step, stop)
        await self.leave()

    async def beat(self) -> None:
        """Send one heartbeat."""
        state = orjson.dumps(self._state(), default=str).decode()
        # Read each time: a rotation of the key changes the files while this process runs.
        known = ",".join(key.fingerprint for key in available_keys(self._settings))
        reconnects = self._scripts.reconnects
        changing: list[Arg] = ["state", state, "keys", known, "disks", self._disks.newest()]
        await self._run("beat", *self._fixed, *changing, *self._previous)
        self._counted_reconnects = reconnects
        # Sent once: this process may be dropped as silent and come back.
        self._previous = []

    async def leave(self) -> None:
        """Remove this process from the list; if Redis is out of reach, the entry expires."""
        try:
            async with asyncio.timeout(_LEAVE_SEC):
                await self._run("leave")
        except (Unavailable, TimeoutError):
            log.warning("left without saying so: Redis is out of reach")

    async def _step(self, stop: asyncio.Event) -> None:
        try:
            await self.beat()
        except MultiJobError as error:
            if self._health is not None:
                self._health.failed(error.message)
            raise
        if self._health is not None:
            self._health.worked()
        await sleep_or_stop(stop, self._each_sec)

    async def _run(self, word: str, *fields: Arg) -> None:
        await self._scripts.run(
            "deployment/heartbeat",
            *fields,
            action=word,
            instance=self._instance,
            period_ms=self._period_ms,
            lease_ms=self._lease_ms,
            reconnects=self._scripts.reconnects,
            counted=self._counted_reconnects,
        )


class HeartbeatGroup:
    """The heartbeats of one process to several shards; one that is away does not delay the others."""

    def __init__(self, beats: Sequence[Heartbeat]) -> None:
        self._beats = beats

    async def run(self, stop: asyncio.Event) -> None:
        """Send heartbeats until `stop`, then deregister."""
        await asyncio.gather(*(each.run(stop) for each in self._beats))

    async def leave(self) -> None:
        """Remove this process from the lists of all shards."""
        await asyncio.gather(*(each.leave() for each in self._beats))


class Heartbeats:
    """Reads the heartbeats of all processes."""

    def __init__(self, link: RedisLink, keys: Keys, settings: Settings) -> None:
        self._link = link
        self._keys = keys
        self._dead_after_ms = round(settings.heartbeat_sec * 1000) * DEAD_AFTER_BEATS

    async def instances(self, service: str | None = None) -> list[InstanceInfo]:
        """Return the live processes by name, of one service or of all."""
        scored, time = await self._link.calls(
            [("ZRANGE", self._keys.instances, 0, -1, "WITHSCORES"), ("TIME",)]
        )
        now_ms = time_ms(time)
        beats = scores(scored)
        names = [
            name
            for name, at in sorted(beats.items())
            if now_ms - at <= self._dead_after_ms and service in {None, service_of(name)}
        ]
        hashes = await self._link.hashes(self._keys.instance(name) for name in names)
        # A hash may have expired between the two round trips: a process with that silence is not live.
        return [
            instance_info(name, fields, beats[name], now_ms)
            for name, fields in zip(names, hashes, strict=True)
            if fields
        ]


def service_of(instance: str) -> str:
    """Return the service that an instance's name begins with."""
    return instance.split("-", 1)[0]


def instance_info(name: str, fields: Mapping[str, str], beat_ms: int, now_ms: int) -> InstanceInfo:
    """Return a process from the stored fields of its last heartbeat."""
    return InstanceInfo(
        instance=name,
        service=fields["service"],
        pid=int(fields["pid"]),
        host=fields["host"],
        version=fields["version"],
        schema=int(fields.get("schema", 0)),
        disks=stored_disks(fields.get("disks", "")),
        started_at=int(fields["started"]),
        heartbeat_at=beat_ms,
        age_ms=max(0, now_ms - beat_ms),
        state=orjson.loads(fields["state"]),
        shared=orjson.loads(fields.get("shared", "{}")),
        secret_keys=tuple(filter(None, fields.get("keys", "").split(","))),
    )


# Checks whether any process of a service is alive.


async def is_service_alive(link: RedisLink, keys: Keys, service: str) -> bool:
    """True if a process of a service sent one of the last six heartbeats."""
    names = await link.call("ZRANGE", keys.instances, 0, -1)
    hashes = [keys.instance(name) for name in names if service_of(name) == service]
    return bool(hashes) and await link.call("EXISTS", *hashes) > 0


# Health of this process, from its own heartbeats, without I/O.

UNHEALTHY_AFTER_SEC = 60.0
"""A failover or a restart of Redis takes less, and is no reason to restart this process."""


class ProcessHealth:
    """The time of the last success, and the last failure since.

    Each heartbeat is a write to Redis. If heartbeats fail, all other work of the process fails as well.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._worked_at = clock.monotonic()
        self._failure = ""
        self._misconfigured = ""

    def worked(self) -> None:
        """Record that work succeeded."""
        self._worked_at = self._clock.monotonic()
        self._failure = ""

    def failed(self, reason: str) -> None:
        """Record why work did not succeed."""
        self._failure = reason

    def misconfigured(self, reason: str) -> None:
        """Record a setting that prevents all work; '' once it is changed."""
        self._misconfigured = reason

    def problem(self) -> str | None:
        """Return why this process could not work for a minute; None if it could."""
        if self._misconfigured:
            return self._misconfigured
        silent_sec = self._clock.monotonic() - self._worked_at
        if silent_sec <= UNHEALTHY_AFTER_SEC:
            return None
        if not self._failure:
            return _("This process could not work for {seconds:.0f} s.", seconds=silent_sec)
        return _(
            "This process could not work for {seconds:.0f} s: {why}", seconds=silent_sec, why=self._failure
        )
