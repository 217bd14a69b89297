"""Cache of compiled specs: each job's schedule and the template of its runs."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

from app.core.errors import Unavailable
from app.core.models import JobSpec, NewRun
from app.core.queue import DueJob, Queue
from app.core.scheduling.schedule import CompiledSchedule, compile_schedule
from app.core.specs.runs import run_of

SOURCE = "schedule"
# About 4 KB each: 20,000 jobs fit into 80 MB, and a dropped one is read again.
_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class CompiledSpec:
    """One version of a job. `run` is the template of its runs, without the slot's own values."""

    spec: JobSpec
    schedule: CompiledSchedule
    run: NewRun


class CompiledSpecs:
    """Versions of specs by job, read once; a version never changes."""

    def __init__(self, queue: Queue, default_timezone: str) -> None:
        self._queue = queue
        self._default_timezone = default_timezone
        self._kept: OrderedDict[str, tuple[int, CompiledSpec]] = OrderedDict()

    async def get(self, jobs: Iterable[DueJob]) -> dict[str, CompiledSpec | Exception]:
        """Return each job's schedule, or its error; unknown versions are read in one round trip."""
        jobs = list(jobs)
        found = await self.once(jobs)
        for job in jobs:
            compiled = found[job.job_id]
            if not isinstance(compiled, Exception):
                self._kept[job.job_id] = (job.version, compiled)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return found

    async def once(self, jobs: Iterable[DueJob]) -> dict[str, CompiledSpec | Exception]:
        """Return the same without caching new ones: a walk over all jobs needs each once."""
        jobs = list(jobs)
        missing = [job for job in jobs if self._cached(job) is None]
        read = await asyncio.gather(*(self._read(job) for job in missing)) if missing else []
        news = {job.job_id: found for job, found in zip(missing, read, strict=True)}
        return {job.job_id: news.get(job.job_id) or self._kept[job.job_id][1] for job in jobs}

    def _cached(self, job: DueJob) -> CompiledSpec | None:
        kept = self._kept.get(job.job_id)
        if kept is None or kept[0] != job.version:
            return None
        self._kept.move_to_end(job.job_id)
        return kept[1]

    async def _read(self, job: DueJob) -> CompiledSpec | Exception:
        try:
            spec = await self._queue.spec(job.job_id, job.version)
            return compile_spec(spec, job.version, self._default_timezone)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001  whatever one spec holds, the others must fire
            return error


def compile_spec(spec: JobSpec, version: int, default_timezone: str) -> CompiledSpec:
    """Compile a version of a spec; raises the spec's error."""
    if spec.schedule is None:
        raise ValueError("the job has no schedule")
    run = run_of(spec, version, run_id="", source=SOURCE, trace_id="")
    return CompiledSpec(spec, compile_schedule(spec.schedule, default_timezone), run)
