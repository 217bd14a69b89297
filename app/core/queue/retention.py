"""Retention of ended runs, by age, by number and for memory."""

from __future__ import annotations

import asyncio

from app.core.queue.base import QueueBase

PURGE_PAGE = 200
PURGE_BUDGET = 2_000
"""Runs removed in one round: about 40 ms of Redis, in scripts of a few milliseconds."""
EARLY_BUDGET = 20_000
"""Runs removed for memory in one round, in portions of PURGE_BUDGET."""
DAY_MS = 86_400_000
# A pause between two portions: Redis serves other clients for at least as long as it removed.
_BREATH_SEC = 0.05


class RetentionQueue(QueueBase):
    """Removes ended runs by age, by number and for memory; dead letters stay."""

    async def purge(self) -> int:
        """Remove runs by the rules of age and number, within a budget; return the number of removed runs."""
        now = self.clock.now_ms()
        kept, failed = self.settings.retention_days * DAY_MS, self.settings.retention_failed_days * DAY_MS
        removed = 0
        for status, age_ms in (("success", kept), ("cancelled", kept), ("failed", failed)):
            removed += await self._purge_index(f"status:{status}", int(now - age_ms), PURGE_BUDGET - removed)
        return removed + await self._purge_long_histories(now, PURGE_BUDGET - removed)

    async def purge_early(self, count: int, floor_ms: int) -> int:
        """Remove up to `count` ended runs that are older than the floor, the oldest first, for memory."""
        removed = 0
        for status in ("success", "cancelled", "failed"):
            while (wanted := min(count, EARLY_BUDGET) - removed) > 0:
                portion = min(wanted, PURGE_BUDGET)
                went = await self._purge_index(f"status:{status}", self.clock.now_ms() - floor_ms, portion)
                removed += went
                if went < portion:
                    break
                await asyncio.sleep(_BREATH_SEC)
        return removed

    async def _purge_index(self, index: str, before_ms: int, budget: int) -> int:
        removed, start = 0, "0"
        while start and removed < budget:
            count, start = await self.scripts.run(
                "runs/purge",
                index_name=index,
                after_seq=start,
                page_size=PURGE_PAGE,
                ended_before=before_ms,
                budget=min(PURGE_PAGE, budget - removed),
            )
            removed += count
        return removed

    async def _purge_long_histories(self, now_ms: int, budget: int) -> int:
        """Trim each job to its number of runs; jobs are checked in turn, 1,000 a round."""
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
        await self.scripts.run("deployment/store_cursor", field="history_cursor", value=following)
        jobs = page[::2]
        sizes = await self.link.calls([("ZCARD", self.keys.runs_job(job)) for job in jobs]) if jobs else []
        most = self.settings.retention_runs_per_job
        return [(job, size - most) for job, size in zip(jobs, sizes, strict=True) if size > most]
