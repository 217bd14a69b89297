"""Short functions for pauses, and the held runs in Redis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.models import JobSpec
from app.core.queue.pauses import EVERYTHING, Pauses, ResumeResult, Scope, ScopeKind
from app.core.storage.keys import LANES

if TYPE_CHECKING:
    from app.core.specs.store import JobStore
    from tests.support.queue.queue_driver import QueueDriver

TYPE = Scope(ScopeKind.TYPE, "test.noop")
"""The type of every run that a `QueueDriver` makes."""

__all__ = ["EVERYTHING", "TYPE", "Paused", "job_scope"]


def job_scope(job_id: str = "job-a") -> Scope:
    """Return the scope of a job."""
    return Scope(ScopeKind.JOB, job_id)


class Paused:
    """Pauses on the queue of a driver."""

    def __init__(self, driver: QueueDriver, jobs: JobStore) -> None:
        queue = driver.queue
        self.driver = driver
        self.jobs = jobs
        self.pauses = Pauses(queue.link, queue.scripts, queue.keys, queue.clock)

    async def create(self, *job_ids: str) -> None:
        """Store jobs, so that they can be paused by name."""
        for job_id in job_ids:
            spec = JobSpec(job_id=job_id, type=TYPE.name)
            await self.jobs.create(spec, actor="ana", origin="test")

    async def pause(self, *scopes: Scope) -> None:
        for scope in scopes:
            await self.pauses.pause(scope, "ana", known=True)

    async def resume(self, scope: Scope) -> ResumeResult:
        return await self.pauses.resume(scope, "ana", known=True)

    async def held(self, scope: Scope) -> list[str]:
        """Return the runs that a scope holds, in the order in which it will give them back."""
        return await self.driver.link.call("ZRANGE", self.driver.keys.paused(scope.text), 0, -1)

    async def hold(self, count: int, *scopes: Scope, job_id: str = "job-a") -> list[str]:
        """Let runs of a job be held; return them, oldest first."""
        run_ids = await self.driver.enqueue_some(count, job_id)
        await self.pause(*scopes)
        assert await self.claim_all() == []
        return run_ids

    async def claim_all(self) -> list[str]:
        """Claim what can be claimed; return the runs, as they came."""
        quotas: dict[str, int] = dict.fromkeys(LANES, 256)
        claimed: list[str] = []
        while any(lane.waiting for lane in (await self.driver.queue.stats()).lanes.values()):
            claimed += [run.run_id for run in (await self.driver.claim(256, quotas=quotas)).runs]
        return claimed
