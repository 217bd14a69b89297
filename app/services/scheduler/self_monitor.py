"""Self-monitoring: clock skew, clock jumps, Redis memory."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.activity.events import Alarms
from app.core.background import run_forever, sleep_or_stop
from app.core.clock import Clock
from app.core.i18n import _
from app.core.memory.usage import (
    FULL_SHARE,
    MAKE_ROOM,
    describe_usage,
    has_room,
    is_stuck,
    parse_server_memory,
    read_memory_usage,
)
from app.core.observability import get_logger
from app.core.redis_client import RedisLink, ServerMemory
from app.core.storage.connection import time_ms

if TYPE_CHECKING:
    from app.core.memory.usage import MemoryUsage
    from app.core.storage.keys import Keys

# A machine that just woke up, or a process that was stopped, reads one wrong value.
_IN_A_ROW = 2


class Debouncer:
    """Counts the bad readings behind one alarm: two in a row raise it, a good one clears it."""

    def __init__(self) -> None:
        self._bad = -1

    def debounce(self, *, bad: bool, good: bool) -> bool | None:
        """Return True to raise, False to clear, None if neither or if nothing has changed."""
        if bad:
            self._bad = max(self._bad, 0) + 1
            return True if self._bad == _IN_A_ROW else None
        if good and self._bad != 0:
            self._bad = 0
            return False
        return None


# The alarm `redis_memory`: Redis is almost full.

NEAR_SHARE, ROOM_SHARE = 0.8, 0.77
"""Raised above the first share: 10 % of the limit are left until new runs are refused. The alarm ends below
the second."""
ALARM = "redis_memory"


class MemoryAlarm:
    """Raises above 80 %, and above 75 % if removing history would not help; clears below 77 % with a margin.

    A server without `maxmemory` counts as short if data of others exceed RETENTION_MAX_MB and our own.
    """

    def __init__(self, link: RedisLink, keys: Keys, alarms: Alarms, cap_bytes: int) -> None:
        self._link = link
        self._keys = keys
        self._alarms = alarms
        self._cap_bytes = cap_bytes
        self._debouncer = Debouncer()

    async def check(self, server: ServerMemory) -> None:
        """Check one reading of the server."""
        usage = await read_memory_usage(self._link, self._keys)
        near, stuck = (server.share or 0.0) > NEAR_SHARE, is_stuck(server, usage, self._cap_bytes)
        good = not stuck and has_room(server, usage, self._cap_bytes, ROOM_SHARE)
        raised = self._debouncer.debounce(bad=near or stuck, good=good)
        if raised is None:
            return
        text = _raised_text(server, usage, stuck=stuck) if raised else _room_text(server)
        own_bytes = usage.total_bytes if usage is not None else -1
        await self._alarms.set(
            ALARM,
            raised=raised,
            text=text,
            share=round(server.share or 0.0, 3),
            used_bytes=server.used_bytes,
            own_bytes=own_bytes,
        )


def _raised_text(server: ServerMemory, usage: MemoryUsage | None, *, stuck: bool) -> str:
    described = describe_usage(server, usage)
    if server.share is None:
        return _(
            "Another application fills this Redis ({usage}). No history is removed for it. Set maxmemory, "
            "or use a separate Redis for this deployment.",
            usage=described,
        )
    share, line = f"{server.share:.0%}", f"{FULL_SHARE:.0%}"
    text = _("Redis is {share} full ({usage}); new runs are refused from {line} on. {steps}.")
    if stuck:
        text = _(
            "Redis is {share} full ({usage}); new runs are refused from {line} on; removing history older "
            "than an hour would not make enough room, so it stays. {steps}."
        )
    return text.fill(share=share, usage=described, line=line, steps=MAKE_ROOM)


def _room_text(server: ServerMemory) -> str:
    if server.share is None:
        return _("Redis' memory is back to normal")
    share = f"{server.share:.0%}"
    return _("Redis is {share} full: back to normal", share=share)


EACH_SEC = 10.0
MAX_SKEW_SEC = 2.0
# A smaller step back is within NTP's normal corrections, and below one period of any schedule.
MIN_STEP_BACK_SEC = 1.0

WentBack = Callable[[int], Awaitable[None]]
"""Called with Redis' time in ms."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ClockReading:
    """Redis' clock and memory, and this process's clocks in the middle of the round trip."""

    redis_ms: int
    local_ms: int
    elapsed_sec: float
    round_trip_sec: float
    memory: ServerMemory

    @property
    def skew_sec(self) -> float:
        """The lead of Redis' clock over ours, as precise as the round trip allows."""
        skew = (self.redis_ms - self.local_ms) / 1000
        slack = self.round_trip_sec / 2
        return 0.0 if abs(skew) <= slack else skew - slack if skew > 0 else skew + slack


class SelfMonitor:
    """Reads every 10 s and raises or clears alarms; calls `went_back` if Redis' clock went back."""

    def __init__(
        self,
        link: RedisLink,
        alarms: Alarms,
        clock: Clock,
        host: str,
        *,
        went_back: WentBack,
        memory: MemoryAlarm,
    ) -> None:
        self._link = link
        self._alarms = alarms
        self._clock = clock
        self._host = host
        self._went_back = went_back
        self._last: ClockReading | None = None
        self._memory = memory
        self._debouncer = Debouncer()
        self._may_be_raised = True

    async def run(self, stop: asyncio.Event) -> None:
        """Monitor until `stop`."""
        await run_forever("watch", self._step, stop)

    async def check(self) -> None:
        """Read once; raise or clear alarms."""
        reading = await self._read()
        await self._check_step_back(reading)
        await self._check_skew(reading)
        await self._memory.check(reading.memory)
        self._last = reading

    async def _step(self, stop: asyncio.Event) -> None:
        await self.check()
        await sleep_or_stop(stop, EACH_SEC)

    async def _read(self) -> ClockReading:
        sent, sent_ms = self._clock.boottime(), self._clock.now_ms()
        time, memory = await self._link.calls([("TIME",), ("INFO", "memory")])
        round_trip = self._clock.boottime() - sent
        return ClockReading(
            redis_ms=time_ms(time),
            local_ms=(sent_ms + self._clock.now_ms()) // 2,
            elapsed_sec=sent + round_trip / 2,
            round_trip_sec=round_trip,
            memory=parse_server_memory(memory),
        )

    async def _check_step_back(self, now: ClockReading) -> None:
        if self._last is None:
            return
        slack = (now.round_trip_sec + self._last.round_trip_sec) / 2
        passed = (now.redis_ms - self._last.redis_ms) / 1000
        back_sec = now.elapsed_sec - self._last.elapsed_sec - passed - slack
        name, raised = "clock_went_back", back_sec >= MIN_STEP_BACK_SEC
        if raised:
            log.warning("Redis' clock went back", by_sec=round(back_sec, 1))
            await self._went_back(now.redis_ms)
            text = _("Redis' clock went back by {back_sec:.1f} s", back_sec=back_sec)
            await self._alarms.set(name, raised=True, text=text, by_sec=round(back_sec, 1))
        elif self._may_be_raised:
            await self._alarms.set(name, raised=False, text=_("Redis' clock runs forward"))
        self._may_be_raised = raised

    async def _check_skew(self, now: ClockReading) -> None:
        skew = round(now.skew_sec, 1)
        host = self._host
        text = _("The clocks of {host} and Redis differ by {skew} s", host=host, skew=skew)
        lead = abs(now.skew_sec)
        raised = self._debouncer.debounce(bad=lead > MAX_SKEW_SEC, good=lead < MAX_SKEW_SEC / 2)
        if raised is not None:
            await self._alarms.set(f"clock_skew:{host}", raised=raised, text=text, skew_sec=skew)
