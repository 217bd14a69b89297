"""Jobs that start each other, step by step: runs are made, ended and handed on without waiting for time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.core.clock import SystemClock
from app.core.ids import new_id, new_trace_id
from app.core.models import AttemptOutcome, JobSpec
from app.core.runs.chains import Chains
from app.core.specs.runs import run_of
from app.services.scheduler.chains import ChainDispatcher
from app.services.scheduler.timers import ServerClock, Sleeper

if TYPE_CHECKING:
    from app.core.models import ClaimedRun
    from app.core.records import EventRecord, JobRecord
    from app.core.specs.store import JobStore
    from tests.support.queue.queue_driver import QueueDriver


class ChainDriver:
    """Short words for what happens to chained jobs."""

    def __init__(self, driver: QueueDriver, jobs: JobStore) -> None:
        self.driver = driver
        self.jobs = jobs

    async def job(self, job_id: str, **changes: Any) -> JobRecord:
        """Store a job without a schedule."""
        spec = JobSpec.model_validate({"job_id": job_id, "type": "test.noop", **changes})
        return await self.jobs.create(spec, actor="ana", origin="test")

    async def edit(self, job_id: str, **changes: Any) -> JobRecord:
        """Store the next version of a job."""
        stored = (await self.jobs.find(job_id)).spec.model_dump()
        spec = JobSpec.model_validate({**stored, **changes})
        return await self.jobs.replace(spec, expected_version=None, actor="ana", origin="test")

    async def run(self, job_id: str, actor: str = "budi") -> ClaimedRun:
        """Run a job by hand and claim it."""
        record = await self.jobs.find(job_id)
        run_id, trace_id = new_id(self.driver.queue.clock), new_trace_id()
        run = run_of(record.spec, record.version, run_id=run_id, source="api", trace_id=trace_id, actor=actor)
        await self.driver.queue.enqueue(run)
        return next(each for each in await self.claimed() if each.run_id == run.run_id)

    async def claimed(self) -> list[ClaimedRun]:
        """Claim whatever is ready."""
        return (await self.driver.claim()).runs

    async def ends(self, job_id: str, outcome: AttemptOutcome = AttemptOutcome.SUCCESS) -> ClaimedRun:
        """Run a job and let it end so."""
        run = await self.run(job_id)
        assert await self.driver.finish(run, outcome) == "OK"
        return run

    def scheduler(self) -> ChainDispatcher:
        """Return the loop that makes the runs, not started."""
        clock = SystemClock()
        chains = Chains(self.driver.link, self.driver.queue.scripts)
        return ChainDispatcher(chains, self.jobs, Sleeper(clock, ServerClock(clock)))

    async def dispatch(self) -> list[str]:
        """Let a scheduler make the runs of all that waits; return what became of each entry."""
        return await self.scheduler().dispatch()

    async def entries(self) -> list[Any]:
        """Return what waits to become a run, as it is stored."""
        return await self.driver.link.call("XRANGE", self.driver.keys.chains, "-", "+")

    async def children(self, job_id: str) -> list[str]:
        """Return the runs of a job, oldest first."""
        return await self.driver.link.call("ZRANGE", self.driver.keys.runs_job(job_id), 0, -1)

    async def drops(self) -> list[EventRecord]:
        """Return the events of chained runs that were not made."""
        return [event for event in await self.driver.events() if event.type == "chain.dropped"]
