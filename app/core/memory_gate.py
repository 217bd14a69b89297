"""Refuses new runs while Redis is almost full.

Reads `INFO memory` at most once a second.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from app.core.errors import RedisFull
from app.core.memory_policy import FULL_SHARE
from app.core.memory_usage import BERI_RUANG, MAKE_ROOM, describe_usage, parse_server_memory

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.memory_usage import ServerMemory
    from app.core.redis_client import RedisLink

FRESH_SEC = 1.0
STALE_SEC = 10.0
"""An older reading is outdated: a new one is made before the call."""


class MemoryGate:
    """The used share of `maxmemory`, as this process last read it.

    A reading is sent in the same batch as a call, so it delays no call. That call is judged by the reading
    before. The call waits for its own reading only if there is none, or while calls are refused.
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
        # If Redis is away, the call itself fails with its own error.
        if not reading.cancelled():
            reading.exception()


def is_full(server: ServerMemory) -> bool:
    """Return whether new runs are refused."""
    return server.share is not None and server.share >= FULL_SHARE


def full_error(server: ServerMemory) -> RedisFull:
    """Return the error: the figures, and the remedy."""
    english, indonesian = describe_usage(server, None)
    share, line = f"{server.share:.0%}", f"{FULL_SHARE:.0%}"
    return RedisFull(
        f"Redis is {share} full ({english}); new runs are refused from {line} on, existing runs go on. "
        f"{MAKE_ROOM}. / "
        f"Redis terisi {share} ({indonesian}); run baru ditolak mulai {line}, run yang sudah ada "
        f"tetap berjalan. {BERI_RUANG}."
    )
