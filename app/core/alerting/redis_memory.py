"""Watches the memory of Redis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.core.alerting.findings import Debouncer
from app.core.i18n import _
from app.core.incidents.models import IncidentKind
from app.core.memory.usage import (
    FULL_SHARE,
    MAKE_ROOM,
    describe_usage,
    has_room,
    is_stuck,
    read_memory_usage,
)

if TYPE_CHECKING:
    from app.core.i18n import Message
    from app.core.incidents.store import IncidentStore
    from app.core.memory.usage import MemoryUsage
    from app.core.redis_client import RedisLink, ServerMemory
    from app.core.storage.keys import Keys

NEAR_SHARE, ROOM_SHARE = 0.8, 0.77
"""It opens above the first share: 10 % of the limit are left until new runs are refused. It ends below the
second."""
KEY: Final = "redis_memory"


class RedisMemoryWatch:
    """Opens the incident above 80 %, and above 75 % if removing history would not help; ends below 77 %.

    A server without `maxmemory` counts as short if data of others exceed RETENTION_MAX_MB and our own.
    """

    def __init__(self, link: RedisLink, keys: Keys, incidents: IncidentStore, cap_bytes: int) -> None:
        self._link = link
        self._keys = keys
        self._incidents = incidents
        self._cap_bytes = cap_bytes
        self._debouncer = Debouncer()

    async def check(self, server: ServerMemory) -> None:
        """Check one reading of the server."""
        usage = await read_memory_usage(self._link, self._keys)
        near, stuck = (server.share or 0.0) > NEAR_SHARE, is_stuck(server, usage, self._cap_bytes)
        good = not stuck and has_room(server, usage, self._cap_bytes, ROOM_SHARE)
        begins = self._debouncer.debounce(bad=near or stuck, good=good)
        if begins is None:
            return
        if not begins:
            await self._incidents.close(KEY)
            return
        await self._incidents.open(
            KEY,
            IncidentKind.REDIS_MEMORY,
            severity="critical",
            subject="",
            cause=_cause(server, usage, stuck=stuck),
            data={
                "share": round(server.share or 0.0, 3),
                "used_bytes": server.used_bytes,
                "own_bytes": usage.total_bytes if usage is not None else -1,
            },
        )


def _cause(server: ServerMemory, usage: MemoryUsage | None, *, stuck: bool) -> Message:
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
