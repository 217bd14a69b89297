"""The alarm `redis_memory`: Redis is almost full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.memory_policy import FULL_SHARE, has_room, is_stuck
from app.core.memory_usage import describe_usage, read_memory_usage
from app.services.scheduler.strikes import Strikes

if TYPE_CHECKING:
    from app.core.events import Alarms
    from app.core.keys import Keys
    from app.core.memory_usage import MemoryUsage, ServerMemory
    from app.core.redis_client import RedisLink

ROOM_SHARE = 0.8
ALARM = "redis_memory"


class MemoryAlarm:
    """Raises above 90 %, and above 75 % if removing history would not help; clears below 80 % with a margin.

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
        is_full, stuck = (server.share or 0.0) > FULL_SHARE, is_stuck(server, usage, self._cap_bytes)
        raised = self._strikes.judge(
            ALARM,
            bad=is_full or stuck,
            good=not stuck and has_room(server, usage, self._cap_bytes, ROOM_SHARE),
        )
        if raised is None:
            return
        text = _raised_text(server, usage, is_full=is_full, stuck=stuck) if raised else _room_text(server)
        own_bytes = usage.total_bytes if usage is not None else -1
        await self._alarms.set(
            ALARM,
            raised=raised,
            text=text,
            share=round(server.share or 0.0, 3),
            used_bytes=server.used_bytes,
            own_bytes=own_bytes,
        )


def _raised_text(server: ServerMemory, usage: MemoryUsage | None, *, is_full: bool, stuck: bool) -> str:
    english, indonesian = describe_usage(server, usage)
    if server.limit_bytes is None:
        first = f"Another application fills this Redis ({english}). No history is removed for it"
        pertama = f"Aplikasi lain memenuhi Redis ini ({indonesian}). Riwayat di sini tidak ikut dihapus"
    else:
        share = f"{server.share:.0%}"
        first = f"Redis is {share} full ({english})"
        pertama = f"Redis terisi {share} ({indonesian})"
    if is_full:
        first += "; new runs are refused from 90 % on"
        pertama += "; run baru ditolak mulai 90 %"
    if stuck and server.limit_bytes is not None:
        first += "; removing history older than an hour would not make enough room, so it stays"
        pertama += "; menghapus riwayat yang lebih tua dari satu jam tidak cukup, jadi riwayat tetap ada"
    remedy, solusi = (
        "use a separate Redis for this deployment.",
        "gunakan Redis tersendiri untuk instalasi ini.",
    )
    word, kata = ("Set", "Atur") if server.limit_bytes is None else ("Raise", "Naikkan")
    return f"{first}. {word} maxmemory, or {remedy} / {pertama}. {kata} maxmemory, atau {solusi}"


def _room_text(server: ServerMemory) -> str:
    if server.share is None:
        return "Redis' memory is back to normal / Memori Redis kembali normal"
    share = f"{server.share:.0%}"
    return f"Redis is {share} full: back to normal / Redis terisi {share}: kembali normal"
