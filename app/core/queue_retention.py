"""The queue's house-keeping: what is removed, and by which rule."""

from __future__ import annotations

import contextlib

from app.core.errors import RedisFull
from app.core.queue_base import QueueBase

PURGE_PAGE = 200
PURGE_BUDGET = 2_000
"""Runs removed in one round: about 40 ms of Redis, in scripts of a few milliseconds."""
DAY_MS = 86_400_000


class RetentionQueue(QueueBase):
    """Removing ended runs by age, by number and by memory; dead letters stay."""

    async def purge(self) -> int:
        """Remove what the retention rules name, within a budget; return how many runs went."""
        now = self.clock.now_ms()
        kept, failed = self.settings.retention_days * DAY_MS, self.settings.retention_failed_days * DAY_MS
        removed = 0
        for status, age_ms in (("success", kept), ("cancelled", kept), ("failed", failed)):
            removed += await self._purge_index(f"status:{status}", int(now - age_ms), PURGE_BUDGET - removed)
        removed += await self._purge_long_histories(now, PURGE_BUDGET - removed)
        if removed < PURGE_BUDGET and await self._is_memory_short():
            removed += await self._purge_index("status:success", now, PURGE_BUDGET - removed)
            removed += await self._purge_index("status:cancelled", now, PURGE_BUDGET - removed)
            removed += await self._purge_index("status:failed", now, PURGE_BUDGET - removed)
        return removed

    async def _purge_index(self, index: str, before_ms: int, budget: int) -> int:
        removed, start = 0, "0"
        while start and removed < budget:
            count, start = await self.scripts.run(
                "purge", index, start, PURGE_PAGE, before_ms, min(PURGE_PAGE, budget - removed)
            )
            removed += count
        return removed

    async def _purge_long_histories(self, now_ms: int, budget: int) -> int:
        """Hold each job to its number of runs; jobs are looked at in turn, 1,000 a round."""
        removed = 0
        for job_id, excess in await self._long_histories():
            if budget - removed <= 0:
                break
            removed += await self._purge_index(f"job:{job_id}", now_ms, min(excess, budget - removed))
        return removed

    async def _long_histories(self) -> list[tuple[str, int]]:
        start = await self.link.call("HGET", self.keys.meta, "history_cursor") or "0"
        page = await self.link.call(
            *("ZRANGEBYSCORE", self.keys.jobs, f"({start}", "+inf", "WITHSCORES", "LIMIT", 0, 1000)
        )
        following = page[-1] if len(page) == 2000 else "0"  # noqa: PLR2004 - member and score of 1,000
        # A full Redis refuses the cursor, and needs the rest of the purge most.
        with contextlib.suppress(RedisFull):
            await self.link.call("HSET", self.keys.meta, "history_cursor", following)
        jobs = page[::2]
        sizes = await self.link.calls([("ZCARD", self.keys.runs_job(job)) for job in jobs]) if jobs else []
        most = self.settings.retention_runs_per_job
        return [(job, size - most) for job, size in zip(jobs, sizes, strict=True) if size > most]

    async def _is_memory_short(self) -> bool:
        """Tell whether RETENTION_MAX_MB is exceeded, or three quarters of the server's own limit."""
        memory = await self.link.call("INFO", "memory")
        fields = dict(line.split(":", 1) for line in memory.splitlines() if ":" in line)
        used = int(fields.get("used_memory_dataset", fields["used_memory"]))
        limit = int(fields.get("maxmemory", 0))
        if limit and int(fields["used_memory"]) > limit * 3 // 4:
            return True
        return used > self.settings.retention_max_mb * 1_048_576
