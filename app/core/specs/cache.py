"""Job look-up by target; spec cache for runs by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.errors import MultiJobError
from app.core.queue.producer import OUTDATED
from app.core.specs.store import record_of
from app.core.storage.connection import pairs

if TYPE_CHECKING:
    from app.core.models import NewRun
    from app.core.queue import EnqueueResult, Idempotency, Queue
    from app.core.records import JobRecord
    from app.core.specs.store import JobStore
    from app.core.storage.scripts import Scripts


@dataclass(frozen=True, slots=True)
class JobsByTarget:
    """Stored jobs: for each target its jobs, oldest first, 20 at most; and which of the ids exist."""

    by_target: dict[str, tuple[JobRecord, ...]]
    taken: frozenset[str]


class JobIndex:
    """Looks up jobs by target (`specs/search.py`)."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    async def look_up(self, targets: Sequence[str], job_ids: Sequence[str]) -> JobsByTarget:
        """Return the jobs of some targets, and which of some ids exist."""
        wanted, ids = list(dict.fromkeys(targets)), list(dict.fromkeys(job_ids))
        if not wanted and not ids:
            return JobsByTarget({}, frozenset())
        matches, taken = await self._scripts.run("specs/match", *wanted, *ids, target_count=len(wanted))
        about = {
            target: tuple(record_of(pairs(flat)) for flat in hashes)
            for target, hashes in zip(wanted, matches, strict=True)
        }
        return JobsByTarget(
            about, frozenset(job_id for job_id, there in zip(ids, taken, strict=True) if there)
        )


# A cache of specs for jobs that are started again and again.
#
# Reading the job for each run would cost a round trip with nearly always the same result. So a run is made
# from the cached spec, and the enqueue script compares that save with the stored one. If they differ it
# creates nothing, and the spec is read again.

MOST_JOBS = 1_024

Make = Callable[["JobRecord"], "NewRun"]
"""Makes a run of a job, or raises a MultiJobError if the job cannot have it."""


class SpecCache:
    """The jobs that this process has run by hand recently."""

    def __init__(self, jobs: JobStore, queue: Queue) -> None:
        self._jobs = jobs
        self._queue = queue
        self._known: dict[str, JobRecord] = {}

    async def enqueue(self, job_id: str, make: Make, once: Idempotency | None = None) -> EnqueueResult:
        """Create a run of a job as stored at that moment; JobNotFound if there is none."""
        known = self._known.get(job_id)
        run = None if known is None else _try_make(make, known)
        while True:
            if run is not None:
                result = await self._queue.enqueue(run, once)
                if result.word != OUTDATED:
                    return result
            record = await self._read(job_id)
            run = _stamped(make(record), record)

    async def _read(self, job_id: str) -> JobRecord:
        self._known.pop(job_id, None)
        record = await self._jobs.find(job_id)
        if record.save:
            self._known[job_id] = record
            if len(self._known) > MOST_JOBS:
                del self._known[next(iter(self._known))]
        return record


def _try_make(make: Make, known: JobRecord) -> NewRun | None:
    try:
        return _stamped(make(known), known)
    except MultiJobError:
        # An input that the cached spec refuses may be valid in the stored one.
        return None


def _stamped(run: NewRun, record: JobRecord) -> NewRun:
    return run._replace(seen=record.save)
