"""The platform's eye on itself: clocks that disagree, a clock that jumped, a Redis that fills up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from app.core.clock import Clock
from app.core.events import Alarms
from app.core.loops import keep_going, pause
from app.core.observability import get_logger
from app.core.redis_client import RedisLink

EACH_SEC = 10.0
MAX_SKEW_SEC = 2.0
# A step back of less is within what NTP does in daily life, and below one period of any schedule.
MIN_STEP_BACK_SEC = 1.0
FULL_SHARE, ROOM_SHARE = 0.9, 0.8
# One odd reading (a laptop that just woke, a stopped process) is no alarm; two in a row are.
_IN_A_ROW = 2

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reading:
    """Redis' clock and memory, and our own clocks in the middle of the round trip."""

    redis_ms: int
    local_ms: int
    elapsed_sec: float
    round_trip_sec: float
    memory_share: float | None
    """Used part of maxmemory; None where there is no limit."""

    @property
    def skew_sec(self) -> float:
        """How far Redis' clock is ahead of ours, as far as the round trip lets us know."""
        skew = (self.redis_ms - self.local_ms) / 1000
        slack = self.round_trip_sec / 2
        return 0.0 if abs(skew) <= slack else skew - slack if skew > 0 else skew + slack


class Watch:
    """Reads each 10 s and raises or clears alarms; `went_back` is called when Redis' clock did."""

    def __init__(
        self, link: RedisLink, alarms: Alarms, clock: Clock, host: str, went_back: Callable[[], None]
    ) -> None:
        self._link = link
        self._alarms = alarms
        self._clock = clock
        self._host = host
        self._went_back = went_back
        self._last: Reading | None = None
        self._strikes: dict[str, int] = {}
        self._may_be_raised = True

    async def run(self, stop: asyncio.Event) -> None:
        """Watch until `stop`."""
        await keep_going("watch", self._step, stop)

    async def look(self) -> None:
        """Read once and say what is wrong."""
        reading = await self._read()
        await self._check_step_back(reading)
        await self._check_skew(reading)
        await self._check_memory(reading)
        self._last = reading

    async def _step(self, stop: asyncio.Event) -> None:
        await self.look()
        await pause(stop, EACH_SEC)

    async def _read(self) -> Reading:
        sent, sent_ms = self._clock.boottime(), self._clock.now_ms()
        time, memory = await self._link.calls([("TIME",), ("INFO", "memory")])
        round_trip = self._clock.boottime() - sent
        fields = dict(line.split(":", 1) for line in memory.splitlines() if ":" in line)
        limit = int(fields.get("maxmemory", 0))
        return Reading(
            redis_ms=int(time[0]) * 1000 + int(time[1]) // 1000,
            local_ms=(sent_ms + self._clock.now_ms()) // 2,
            elapsed_sec=sent + round_trip / 2,
            round_trip_sec=round_trip,
            memory_share=int(fields["used_memory"]) / limit if limit else None,
        )

    async def _check_step_back(self, now: Reading) -> None:
        if self._last is None:
            return
        slack = (now.round_trip_sec + self._last.round_trip_sec) / 2
        passed = (now.redis_ms - self._last.redis_ms) / 1000
        back_sec = now.elapsed_sec - self._last.elapsed_sec - passed - slack
        name, raised = "clock_went_back", back_sec >= MIN_STEP_BACK_SEC
        if raised:
            log.warning("Redis' clock went back", by_sec=round(back_sec, 1))
            self._went_back()
            text = f"Jam Redis mundur {back_sec:.1f} detik / Redis' clock went back by {back_sec:.1f} s"
            await self._alarms.set(name, raised=True, text=text, by_sec=round(back_sec, 1))
        elif self._may_be_raised:
            await self._alarms.set(name, raised=False, text="Jam Redis maju lagi / Redis' clock runs forward")
        self._may_be_raised = raised

    async def _check_skew(self, now: Reading) -> None:
        skew = round(now.skew_sec, 1)
        host = self._host
        text = f"Jam {host} dan Redis berbeda {skew} s / clocks of {host} and Redis differ by {skew} s"
        raised = self._judge("skew", abs(now.skew_sec) > MAX_SKEW_SEC, abs(now.skew_sec) < MAX_SKEW_SEC / 2)
        if raised is not None:
            await self._alarms.set(f"clock_skew:{host}", raised=raised, text=text, skew_sec=skew)

    async def _check_memory(self, now: Reading) -> None:
        share = now.memory_share or 0.0
        raised = self._judge("memory", share > FULL_SHARE, share < ROOM_SHARE)
        if raised is not None:
            text = f"Memori Redis terpakai {share:.0%} / Redis' memory is used to {share:.0%}"
            await self._alarms.set("redis_memory", raised=raised, text=text, share=round(share, 3))

    def _judge(self, name: str, bad: bool, good: bool) -> bool | None:
        """True to raise, False to clear, None while it is neither or nothing has changed for us."""
        strikes = self._strikes.get(name, -1)
        if bad:
            self._strikes[name] = max(strikes, 0) + 1
            return True if self._strikes[name] == _IN_A_ROW else None
        if good and strikes != 0:
            self._strikes[name] = 0
            return False
        return None
