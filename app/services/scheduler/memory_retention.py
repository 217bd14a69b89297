"""Removes history early to free memory, and reports each removal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from app.core.clock import from_ms
from app.core.i18n import _
from app.core.i18n.stored import with_message
from app.core.ids import new_id
from app.core.incidents.models import IncidentKind
from app.core.incidents.store import IncidentStore
from app.core.memory.estimate import MemoryEstimator
from app.core.memory.usage import describe_usage, parse_server_memory, plan_early_purge, usage_fields
from app.core.observability import get_logger

if TYPE_CHECKING:
    from app.core.memory.usage import EarlyPurge, MemoryUsage
    from app.core.queue import Queue
    from app.core.redis_client import ServerMemory

OVER_AFTER_MS = 600_000
"""The incident stays this long after the last removal, so that it is not one for each round."""
CHANGE_BYTES, UNCHANGED_SEC = 4_000_000, 300.0
"""An estimate reads 300 keys: while Redis uses as much memory as before, a few an hour are enough."""
KEY = "history_purged"

log = get_logger(__name__)


class MemoryRetention:
    """The memory rule of one namespace."""

    def __init__(self, queue: Queue, incidents: IncidentStore | None = None) -> None:
        self._queue = queue
        self._estimator = MemoryEstimator(queue.link, queue.keys)
        self._incidents = incidents or IncidentStore(queue.link, queue.scripts, queue.keys, queue.clock)
        self._may_be_open = True
        self._estimated_at = float("-inf")
        self._estimated_used = 0

    async def work(self) -> int:
        """Estimate the memory if it has changed, then apply the rule; return the number of removed runs."""
        if not await self._is_estimate_due():
            return 0
        usage = await self._estimator.measure()
        await self._queue.scripts.run("deployment/store_memory", *usage_fields(usage))
        server = await self._server()
        self._estimated_at, self._estimated_used = self._queue.clock.monotonic(), server.used_bytes
        settings = self._queue.settings
        plan = plan_early_purge(server, usage, round(settings.retention_max_bytes * settings.server_part))
        if plan is None:
            await self._end_incident(usage.at_ms)
            return 0
        # The next round looks again, whatever Redis has freed by then.
        self._estimated_at = float("-inf")
        count = -(-plan.remove_bytes // usage.ended_run_bytes)
        removed = await self._queue.purge_early(count, plan.floor_ms)
        if removed:
            await self._report(plan, server, usage, removed)
        return removed

    async def _is_estimate_due(self) -> bool:
        """Return whether Redis' memory has changed, or the last estimate is old, or an incident may end."""
        changed_bytes = abs((await self._server()).used_bytes - self._estimated_used)
        age_sec = self._queue.clock.monotonic() - self._estimated_at
        return self._may_be_open or changed_bytes >= CHANGE_BYTES or age_sec >= UNCHANGED_SEC

    async def _server(self) -> ServerMemory:
        return parse_server_memory(await self._queue.link.call("INFO", "memory"))

    async def _report(self, plan: EarlyPurge, server: ServerMemory, usage: MemoryUsage, removed: int) -> None:
        self._may_be_open = True
        until_ms = int(await self._queue.link.call("HGET", self._queue.keys.meta, "purged_until"))
        until = from_ms(until_ms).isoformat(timespec="seconds")
        text = self._text(plan, describe_usage(server, usage), removed, until)
        data = {"count": removed, "until": until, "reason": plan.reason, **with_message("text", text)}
        log.warning("history removed before its time", **data)
        round_id = new_id(self._queue.clock)
        await self._queue.scripts.run(
            "deployment/record_purge", round=round_id, data=orjson.dumps(data).decode()
        )
        await self._incidents.open(
            KEY,
            IncidentKind.HISTORY_PURGED,
            severity="warning",
            subject="",
            cause=text,
            data={"reason": plan.reason},
        )

    def _text(self, plan: EarlyPurge, usage: str, removed: int, until: str) -> str:
        why = _("Redis is short of memory")
        if plan.reason == "cap":
            cap = self._queue.settings.retention_max_mb
            why = _("history and logs exceed RETENTION_MAX_MB ({cap:,} MB)", cap=cap)
        text = _("{removed:,} ended runs up to {until} were removed early: {why}. Redis: {usage}.")
        return text.fill(removed=removed, until=until, why=why, usage=usage)

    async def _end_incident(self, now_ms: int) -> None:
        purged_at = await self._queue.link.call("HGET", self._queue.keys.memory, "purged_at")
        if not purged_at and self._may_be_open:
            # Of a restore, or of an earlier data folder.
            await self._incidents.close(KEY)
            self._may_be_open = False
        if not purged_at or 0 <= now_ms - int(purged_at) < OVER_AFTER_MS:
            return
        await self._incidents.close(KEY)
        self._may_be_open = False
        await self._queue.scripts.run("deployment/store_memory", "purged_at", "")
