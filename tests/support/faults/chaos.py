"""Chaos for a deployment: random faults of processes and Redis."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.core.process import EXIT_AT_ONCE, EXIT_STOPPED
from tests.support.faults.deployment import every, span
from tests.support.faults.handlers import POISON_EXIT
from tests.support.faults.processes import Service
from tests.support.faults.proxy import FaultProxy, Weather

if TYPE_CHECKING:
    from tests.support.faults.deployment import FaultDeployment

_SUPERVISE_SEC = 0.05
# Exit codes by design: a kill, a SIGTERM before it is up, poison, a SIGTERM, a second SIGTERM.
_EXPECTED_CODES = (-9, -15, POISON_EXIT, EXIT_STOPPED, EXIT_AT_ONCE)


@dataclass(slots=True)
class Seat:
    """A place for a process with its own proxy to Redis; a process that dies is replaced."""

    name: str
    service: Service
    proxy: FaultProxy


@dataclass(slots=True)
class Chaos:
    """Random faults of a deployment."""

    deployment: FaultDeployment
    seed: int
    done: Counter[str] = field(default_factory=Counter[str])
    """How often each fault was done."""
    unexpected: list[str] = field(default_factory=list[str])
    seats: list[Seat] = field(default_factory=list[Seat])
    _ways: ExitStack = field(default_factory=ExitStack)

    def spare(self, name: str) -> Service:
        """Start a process without faults."""
        return self.deployment.fleet.start(name, FAULT_SPARED="1")[0]

    def seat(self, name: str, count: int) -> None:
        """Start processes that get random faults."""
        for _ in range(count):
            proxy = self._ways.enter_context(FaultProxy(self.deployment.redis.port))
            self.seats.append(Seat(name, self._start(name, proxy), proxy))

    @asynccontextmanager
    async def at_work(self, redis_each_sec: float) -> AsyncGenerator[None]:
        """Cause faults in every seat and in Redis; in the end let all of them work again."""
        stop = asyncio.Event()
        actors = [self._torment(seat, stop) for seat in self.seats]
        actors.append(self._torment_redis(redis_each_sec, stop))
        tasks = [asyncio.create_task(actor) for actor in actors]
        try:
            yield
        finally:
            stop.set()
            await asyncio.gather(*tasks)

    @asynccontextmanager
    async def supervised(self) -> AsyncGenerator[None]:
        """Replace processes that die, until the end of the block; then close the proxies."""
        task = asyncio.create_task(self._supervise())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            self._ways.close()

    def summary(self) -> str:
        """Return the number of faults by kind as text."""
        return ", ".join(f"{count} {name}" for name, count in sorted(self.done.items()))

    def _start(self, name: str, proxy: FaultProxy) -> Service:
        url = f"redis://127.0.0.1:{proxy.port}/0"
        return self.deployment.fleet.start(name, wait=False, REDIS_URL=url)[0]

    async def _supervise(self) -> None:
        async for _ in every(_SUPERVISE_SEC):
            for seat in self.seats:
                if seat.service.code is not None:
                    self._replace(seat)

    def _replace(self, seat: Seat) -> None:
        service = seat.service
        if service.code not in _EXPECTED_CODES:
            self.unexpected.append(f"{service.log_file.name} left with {service.code}")
        if service.pid not in self.deployment.fleet.touched or service.code == POISON_EXIT:
            self.deployment.fleet.note_death(service)
            self.done[f"{seat.name} died"] += 1
        seat.service = self._start(seat.name, seat.proxy)

    async def _torment(self, seat: Seat, stop: asyncio.Event) -> None:
        dice = random.Random(f"{self.seed}{seat.name}{self.seats.index(seat)}")
        deeds = {self._kill: 6, self._stop: 3, self._terminate: 2, self._cut: 2, self._black_hole: 2}
        deeds |= {self._drop_answers: 2}
        while not await _stopped(stop, dice.uniform(0.5, 5.0)):
            deed = dice.choices(list(deeds), list(deeds.values()))[0]
            if seat.service.code is None:
                await deed(seat, dice)
                self.done[f"{seat.name} {deed.__name__.strip('_')}"] += 1

    async def _kill(self, seat: Seat, dice: random.Random) -> None:
        self.deployment.fleet.kill(seat.service)

    async def _terminate(self, seat: Seat, dice: random.Random) -> None:
        self.deployment.fleet.terminate(seat.service)

    async def _stop(self, seat: Seat, dice: random.Random) -> None:
        service = seat.service
        self.deployment.fleet.stop(service)
        await span(dice.uniform(0.2, 2.5) * self.deployment.lease_sec)
        self.deployment.fleet.resume(service)

    async def _cut(self, seat: Seat, dice: random.Random) -> None:
        await self._weather(seat, Weather(refuse=True), dice.uniform(0.2, 2.5))

    async def _black_hole(self, seat: Seat, dice: random.Random) -> None:
        self.deployment.fleet.cut(seat.service)
        seat.proxy.black_hole()
        await self._heal_after(seat, dice.uniform(0.2, 2.5))

    async def _drop_answers(self, seat: Seat, dice: random.Random) -> None:
        await self._weather(seat, Weather(drop_each=dice.randint(3, 12)), dice.uniform(0.5, 2.0))

    async def _weather(self, seat: Seat, weather: Weather, leases: float) -> None:
        self.deployment.fleet.cut(seat.service)
        seat.proxy.set(weather)
        await self._heal_after(seat, leases)

    async def _heal_after(self, seat: Seat, leases: float) -> None:
        cut = seat.service
        await span(leases * self.deployment.lease_sec)
        seat.proxy.heal()
        self.deployment.fleet.reconnect(cut)

    async def _torment_redis(self, each_sec: float, stop: asyncio.Event) -> None:
        dice, redis = random.Random(f"{self.seed}redis"), self.deployment.redis
        while not await _stopped(stop, dice.uniform(0.5, 1.5) * each_sec):
            with self.deployment.outage():
                if dice.random() < 0.5:
                    redis.kill()
                    await span(dice.uniform(0.1, 1.0))
                    # Not in another thread: the server ends with the thread that has started it.
                    redis.start()
                    self.done["redis kill"] += 1
                else:
                    redis.pause()
                    await span(dice.uniform(0.2, 2.0) * self.deployment.lease_sec)
                    redis.resume()
                    self.done["redis stop"] += 1


async def _stopped(stop: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return False
    return True
