"""Self-monitoring: clock skew and clock jumps."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.alerting.findings import Debouncer
from app.core.background import run_forever, sleep_or_stop
from app.core.clock import Clock
from app.core.i18n import _
from app.core.incidents.models import IncidentKind
from app.core.observability import get_logger
from app.core.redis_client import RedisLink
from app.core.storage.connection import time_ms

if TYPE_CHECKING:
    from app.core.incidents.store import IncidentStore

EACH_SEC = 10.0
MAX_SKEW_SEC = 2.0
# A smaller step back is within NTP's normal corrections, and below one period of any schedule.
MIN_STEP_BACK_SEC = 1.0

WentBack = Callable[[int, int], Awaitable[None]]
"""Called with Redis' time and the length of the step, ms."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ClockReading:
    """Redis' clock, and this process's clocks in the middle of the round trip."""

    redis_ms: int
    local_ms: int
    elapsed_sec: float
    round_trip_sec: float

    @property
    def skew_sec(self) -> float:
        """The lead of Redis' clock over ours, as precise as the round trip allows."""
        skew = (self.redis_ms - self.local_ms) / 1000
        slack = self.round_trip_sec / 2
        return 0.0 if abs(skew) <= slack else skew - slack if skew > 0 else skew + slack


class SelfMonitor:
    """Reads every 10 s and opens or closes incidents; calls `went_back` if Redis' clock went back."""

    def __init__(
        self,
        link: RedisLink,
        incidents: IncidentStore,
        clock: Clock,
        host: str,
        *,
        went_back: WentBack,
    ) -> None:
        self._link = link
        self._incidents = incidents
        self._clock = clock
        self._host = host
        self._went_back = went_back
        self._last: ClockReading | None = None
        self._debouncer = Debouncer()
        self._may_be_open = True

    async def run(self, stop: asyncio.Event) -> None:
        """Monitor until `stop`."""
        await run_forever("watch", self._step, stop)

    async def check(self) -> None:
        """Read once; open or close incidents."""
        reading = await self._read()
        await self._check_step_back(reading)
        await self._check_skew(reading)
        self._last = reading

    async def _step(self, stop: asyncio.Event) -> None:
        await self.check()
        await sleep_or_stop(stop, EACH_SEC)

    async def _read(self) -> ClockReading:
        sent, sent_ms = self._clock.boottime(), self._clock.now_ms()
        time = await self._link.call("TIME")
        round_trip = self._clock.boottime() - sent
        return ClockReading(
            redis_ms=time_ms(time),
            local_ms=(sent_ms + self._clock.now_ms()) // 2,
            elapsed_sec=sent + round_trip / 2,
            round_trip_sec=round_trip,
        )

    async def _check_step_back(self, now: ClockReading) -> None:
        if self._last is None:
            return
        slack = (now.round_trip_sec + self._last.round_trip_sec) / 2
        passed = (now.redis_ms - self._last.redis_ms) / 1000
        back_sec = now.elapsed_sec - self._last.elapsed_sec - passed - slack
        went_back = back_sec >= MIN_STEP_BACK_SEC
        if went_back:
            log.warning("Redis' clock went back", by_sec=round(back_sec, 1))
            await self._went_back(now.redis_ms, round(back_sec * 1000))
            cause = _("Redis' clock went back by {back_sec:.1f} s", back_sec=back_sec)
            await self._open("clock_went_back", "Redis", cause)
        elif self._may_be_open:
            await self._incidents.close("clock_went_back")
        self._may_be_open = went_back

    async def _check_skew(self, now: ClockReading) -> None:
        lead = abs(now.skew_sec)
        differs = self._debouncer.debounce(bad=lead > MAX_SKEW_SEC, good=lead < MAX_SKEW_SEC / 2)
        key, host = f"clock_skew:{self._host}", self._host
        if differs:
            skew = round(now.skew_sec, 1)
            await self._open(
                key, host, _("The clocks of {host} and Redis differ by {skew} s", host=host, skew=skew)
            )
        elif differs is not None:
            await self._incidents.close(key)

    async def _open(self, key: str, subject: str, cause: str) -> None:
        await self._incidents.open(
            key, IncidentKind.CLOCK_SKEW, severity="warning", subject=subject, cause=cause
        )
