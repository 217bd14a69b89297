"""Applies a plan's actions to stored jobs: disable, pause, resume, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.core.queue.pauses import Pauses
from app.core.records import Scope, ScopeKind
from app.planner.models import Change

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.core.clock import Clock
    from app.core.queue import Queue
    from app.core.specs.store import JobStore
    from app.planner.models import JobChange

BEGUN: Final = "0|0"
DONE: Final = "1|0"


class JobActions:
    """Applies actions, and records which steps of an execution are done."""

    def __init__(self, jobs: JobStore, queue: Queue, clock: Clock) -> None:
        self._jobs = jobs
        self._queue = queue
        self._pauses = Pauses(queue.link, queue.scripts, queue.keys, clock)

    async def apply(self, job: JobChange, actor: str) -> None:
        """Apply an action. Each has no effect on a job that is already in the wanted state.

        Raises JobNotFound if the job is gone.
        """
        job_id = job.spec.job_id
        scope = Scope(ScopeKind.JOB, job_id)
        match job.change:
            case Change.DISABLE:
                await self._jobs.set_enabled(job_id, False, actor)
            case Change.PAUSE:
                await self._pauses.pause(scope, actor, until_ms=job.until)
            case Change.RESUME:
                await self._jobs.set_enabled(job_id, True, actor)
                await self._pauses.resume(scope, actor)
            case Change.DELETE:
                await self._jobs.delete(job_id, actor=actor)
            case _:
                raise ValueError(job.change)

    async def mark(self, scope: str, job_id: str, *, is_done: bool = True) -> None:
        """Record for a day that a step of an execution has begun, or is done."""
        await self._queue.scripts.run(
            "idempotency/add_counts", scope=scope, step=job_id, done=int(is_done), refused=0
        )

    async def marks(self, scope: str, job_ids: Sequence[str]) -> Sequence[str | None]:
        """Return for the step of each job BEGUN, DONE, or None."""
        key = self._queue.keys.idempotency(scope)
        fields = [f"step|{job_id}" for job_id in job_ids]
        return await self._queue.link.call("HMGET", key, *fields) if fields else ()
