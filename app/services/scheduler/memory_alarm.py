"""The alarm `redis_memory`: Redis is almost full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.memory_policy import FULL_SHARE, has_room, is_stuck
from app.core.memory_usage import BERI_RUANG, MAKE_ROOM, describe_usage, read_memory_usage
from app.services.scheduler.strikes import Strikes

if TYPE_CHECKING:
    from app.core.events import Alarms
    from app.core.keys import Keys
    from app.core.memory_usage import MemoryUsage, ServerMemory
    from app.core.redis_client import RedisLink

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
        self._strikes = Strikes()

    async def check(self, server: ServerMemory) -> None:
        """Judge one reading of the server."""
        usage = await read_memory_usage(self._link, self._keys)
        near, stuck = (server.share or 0.0) > NEAR_SHARE, is_stuck(server, usage, self._cap_bytes)
        raised = self._strikes.judge(
            ALARM,
            bad=near or stuck,
            good=not stuck and has_room(server, usage, self._cap_bytes, ROOM_SHARE),
        )
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
    english, indonesian = describe_usage(server, usage)
    if server.share is None:
        return (
            f"Another application fills this Redis ({english}). No history is removed for it. Set maxmemory, "
            "or use a separate Redis for this deployment. / "
            f"Aplikasi lain memenuhi Redis ini ({indonesian}). Riwayat di sini tidak ikut dihapus. Atur "
            "maxmemory, atau gunakan Redis tersendiri untuk instalasi ini."
        )
    share, line = f"{server.share:.0%}", f"{FULL_SHARE:.0%}"
    first = f"Redis is {share} full ({english}); new runs are refused from {line} on"
    pertama = f"Redis terisi {share} ({indonesian}); run baru ditolak mulai {line}"
    if stuck:
        first += "; removing history older than an hour would not make enough room, so it stays"
        pertama += "; menghapus riwayat yang lebih tua dari satu jam tidak cukup, jadi riwayat tetap ada"
    return f"{first}. {MAKE_ROOM}. / {pertama}. {BERI_RUANG}."


def _room_text(server: ServerMemory) -> str:
    if server.share is None:
        return "Redis' memory is back to normal / Memori Redis kembali normal"
    share = f"{server.share:.0%}"
    return f"Redis is {share} full: back to normal / Redis terisi {share}: kembali normal"
