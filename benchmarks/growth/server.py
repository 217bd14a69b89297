"""The server of one subject: a real one, its readings, and processes of the platform on it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.queue import Queue, open_queue
from app.core.redis_client import open_link
from app.core.storage.connection import info_fields
from benchmarks.measure import cpu_seconds
from benchmarks.ours import Platform
from tests.support.embedded_redis import EmbeddedRedis

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Mapping

_BACKGROUND = ("aof_rewrite_in_progress", "rdb_bgsave_in_progress", "aof_rewrite_scheduled")
_POLL_SEC, _QUIET_SEC = 0.1, 300.0


Figures = dict[tuple[str, str], float]
"""Costs of one size, by title and unit."""


@dataclass(frozen=True, slots=True)
class GrowthServer:
    """A server and the platform on it."""

    platform: Platform
    queue: Queue
    settings: Settings
    pid: int

    async def dataset_bytes(self) -> int:
        """Return the bytes of the data."""
        return int((await self._info("memory"))["used_memory_dataset"])

    def cpu_sec(self) -> float:
        """Return the CPU time of the server so far."""
        return cpu_seconds(self.pid)

    async def redis_us(self, call: Awaitable[object], count: int) -> float:
        """Await a piece of work of `count` units; return the server's CPU time for each, µs."""
        before = self._cpu_ns()
        await call
        return (self._cpu_ns() - before) / 1000 / count

    async def idle(self, seconds: float, pids: Mapping[str, int]) -> Figures:
        """Return the CPU time of Redis and of processes while nothing is submitted, in % of a core."""
        pids = {**pids, "Redis": self.pid}
        before, began = {name: cpu_seconds(pid) for name, pid in pids.items()}, time.monotonic()
        await asyncio.sleep(seconds)
        passed = time.monotonic() - began
        return {
            (f"idle CPU of {name}", "%"): (cpu_seconds(pid) - before[name]) / passed * 100
            for name, pid in pids.items()
        }

    async def quiet(self) -> None:
        """Return when the server writes no snapshot and rewrites no file."""
        until = time.monotonic() + _QUIET_SEC
        while await self._rewrites():
            if time.monotonic() > until:
                raise SystemExit("benchmark failed: the server still rewrites its file")
            await asyncio.sleep(_POLL_SEC)

    async def _rewrites(self) -> bool:
        fields = await self._info("persistence")
        return any(fields.get(name) == "1" for name in _BACKGROUND)

    async def _info(self, section: str) -> Mapping[str, str]:
        return info_fields(await self.platform.link.call("INFO", section))

    def _cpu_ns(self) -> int:
        # Of the thread that executes commands, to the nanosecond; other counters have steps of 10 ms.
        return int(Path(f"/proc/{self.pid}/schedstat").read_text("ascii").split()[0])


@contextlib.asynccontextmanager
async def growth_server(*, appendonly: bool = True) -> AsyncGenerator[GrowthServer]:
    """Start an installation's server with an empty namespace; large data need no append-only file."""
    server = EmbeddedRedis(appendonly=appendonly)
    await asyncio.to_thread(server.start)
    try:
        settings = Settings(_env_file=None, redis_url=server.url, namespace="bench", max_queue_depth=0)  # pyright: ignore[reportCallIssue]
        link = await open_link(settings)
        queue = open_queue(link, SystemClock(), settings)
        platform = Platform(link, queue, settings)
        await platform.prepare()
        try:
            yield GrowthServer(platform, queue, settings, server.pid)
        finally:
            await platform.close()
    finally:
        await asyncio.to_thread(server.close)


def available_bytes() -> int:
    """Return the memory that new data may take."""
    return psutil.virtual_memory().available
