"""Makes runs of jobs, from the specs that this process has read recently."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from app.core.errors import MultiJobError
from app.core.models import NewRun, Overlap, RetryPolicy
from app.core.queue.producer import OUTDATED
from app.core.records import lane_of
from app.core.storage.limits import run_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.core.models import JobSpec
    from app.core.queue import EnqueueResult, Idempotency, Queue
    from app.core.records import JobRecord
    from app.core.specs.store import JobStore

    Make = Callable[[JobRecord], NewRun]
    """Makes a run of a job, or raises a MultiJobError if the job cannot have it."""

_DEFAULT_RETRY = vars(RetryPolicy())


def run_of(
    spec: JobSpec,
    version: int,
    *,
    run_id: str,
    source: str,
    trace_id: str,
    inputs: Mapping[str, Any] | None = None,
    actor: str = "",
    delay_ms: int = 0,
) -> NewRun:
    """Return a run of one version of a spec, with its inputs unless others are given."""
    given = spec.inputs if inputs is None else inputs
    return NewRun(
        run_id=run_id,
        job_id=spec.job_id,
        type=spec.type,
        version=version,
        inputs=orjson.dumps(given).decode(),
        source=source,
        trace_id=trace_id,
        lane=lane_of(spec.queue, spec.priority),
        timeout_ms=spec.timeout_ms,
        delay_ms=delay_ms,
        # Their fields, because pydantic's own comparison takes four times as long.
        retry="" if vars(spec.retry_policy) == _DEFAULT_RETRY else spec.retry_policy.model_dump_json(),
        overlap_key="1" if spec.overlap in {Overlap.QUEUE, Overlap.CANCEL_RUNNING} else "",
        key=run_key(spec, given),
        actor=actor,
        chain=chain_text(spec),
    )


def chain_text(spec: JobSpec, depth: int = 0, parent: str = "") -> str:
    """Return the chain data that a run of this spec carries (`lua/lib/finalize.lua`); empty if none."""
    parts: dict[str, Any] = {
        "s": spec.on_success,
        "f": spec.on_failure,
        "c": spec.failure_cooldown_sec,
        "d": depth,
        "p": parent,
    }
    said = {name: value for name, value in parts.items() if value}
    return orjson.dumps(said).decode() if said else ""


# A cache of specs for jobs that are started again and again.
#
# Reading the job for each run would cost a round trip with nearly always the same result. So a run is made
# from the cached spec, and the enqueue script compares that save with the stored one. If they differ it
# creates nothing, and the spec is read again.

MOST_JOBS = 1_024


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
