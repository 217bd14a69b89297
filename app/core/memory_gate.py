"""Refuses new runs while Redis is almost full, from the server's own figures, read at most once a second."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from app.core.errors import RedisFull
from app.core.memory_policy import FULL_SHARE
from app.core.memory_usage import describe_usage, parse_server_memory

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.memory_usage import ServerMemory
    from app.core.redis_client import RedisLink

FRESH_SEC = 1.0
STALE_SEC = 10.0
"""A reading that is older says nothing about now: it is made again before the call."""


class MemoryGate:
    """The share of `maxmemory` in use, as one process last read it.

    A reading travels with the call that it comes with, so it delays none; that call is judged by the reading
    before. Only without one, or while calls are refused, a reading is waited for.
    """

    def __init__(self, link: RedisLink, clock: Clock) -> None:
        self._link = link
        self._clock = clock
        self._server: ServerMemory | None = None
        self._read_at = float("-inf")
        self._reading: asyncio.Task[None] | None = None

    async def check(self) -> None:
        """Raise RedisFull if new runs are refused now."""
        age_sec = self._clock.monotonic() - self._read_at
        if age_sec >= FRESH_SEC:
            reading = self._reading or self._read()
            if self._is_full or age_sec >= STALE_SEC:
                await asyncio.shield(reading)
        if self._is_full and self._server is not None:
            raise full_error(self._server)

    @property
    def _is_full(self) -> bool:
        return self._server is not None and is_full(self._server)

    def _read(self) -> asyncio.Task[None]:
        self._reading = asyncio.create_task(self._ask(), name="memory-gate")
        self._reading.add_done_callback(self._done)
        return self._reading

    async def _ask(self) -> None:
        self._server = parse_server_memory(await self._link.call("INFO", "memory"))
        self._read_at = self._clock.monotonic()

    def _done(self, reading: asyncio.Task[None]) -> None:
        self._reading = None
        # Redis that is away refuses the call itself, with its own error.
        if not reading.cancelled():
            reading.exception()


def is_full(server: ServerMemory) -> bool:
    """Return whether new runs are refused."""
    return server.share is not None and server.share >= FULL_SHARE


def full_error(server: ServerMemory) -> RedisFull:
    """Return the refusal: the figures, and what to do."""
    english, indonesian = describe_usage(server, None)
    share, line = f"{server.share:.0%}", f"{FULL_SHARE:.0%}"
    return RedisFull(
        f"Redis is {share} full ({english}); new runs are refused from {line} on, existing ones go on. "
        "Raise maxmemory, remove data from Redis, or lower RETENTION_MAX_MB. / "
        f"Redis terisi {share} ({indonesian}); run baru ditolak mulai {line}, yang sudah ada tetap "
        "berjalan. Naikkan maxmemory, hapus data dari Redis, atau turunkan RETENTION_MAX_MB."
    )
