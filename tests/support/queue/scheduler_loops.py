"""Loops of the scheduler, started as processes would have them: a link and a listener each."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Protocol, TypeVar

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.queue import Queue, open_queue
from app.core.redis_client import RedisLink, open_blocking, open_link
from app.core.storage.keys import Keys
from app.services.scheduler.timers import ServerClock, Sleeper, WakeListener


class Loop(Protocol):
    """The loops of a scheduler, until it is stopped."""

    async def run(self, stop: asyncio.Event) -> None: ...


LoopT = TypeVar("LoopT", bound=Loop)


@contextlib.asynccontextmanager
async def scheduler_loops(
    settings: Settings, make: Callable[[Queue, ServerClock, Sleeper], LoopT]
) -> AsyncGenerator[Callable[[int], Awaitable[list[LoopT]]]]:
    """Give what starts that many loops; all are stopped in the end."""
    clock, keys = SystemClock(), Keys(settings.namespace)
    stop, tasks, links = asyncio.Event(), list[asyncio.Task[None]](), list[RedisLink]()

    async def begin(count: int) -> list[LoopT]:
        loops: list[LoopT] = []
        for _ in range(count):
            link = await open_link(settings)
            server_clock = ServerClock(clock)
            alarm = Sleeper(clock, server_clock)
            loops.append(make(open_queue(link, clock, settings), server_clock, alarm))
            wake = WakeListener(await open_blocking(settings), keys, [alarm])
            tasks.extend(asyncio.create_task(loop.run(stop)) for loop in (loops[-1], wake))
            links.append(link)
        return loops

    yield begin
    stop.set()
    await asyncio.gather(*tasks)
    for link in links:
        await link.close()
