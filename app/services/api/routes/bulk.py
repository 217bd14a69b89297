"""Bulk actions on all runs that match a filter."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from app.core.clock import to_ms
from app.core.errors import IdempotencyMismatch, JobNotFound, MultiJobError, Unavailable
from app.core.ids import new_id, stable_id
from app.core.models import RunStatus
from app.core.redaction import redactor
from app.core.runs.search import RunFilter
from app.core.specs.validation import check_inputs
from app.services.api.dependencies import ContextDep, ServicesDep
from app.services.api.export_rights import require_run_right
from app.services.api.http.body import StrictBody
from app.services.api.http.conditions import record_of
from app.services.api.http.problems import kind_of
from app.services.api.http.router import Router
from app.services.api.schemas.batches import BulkRefused, BulkRequest, BulkStep, BulkStopped

if TYPE_CHECKING:
    from app.core.models import NewRun
    from app.core.records import JobRecord, RunRecord
    from app.services.api.dependencies import Services
    from app.services.api.http.context import RequestContext

# One step of a bulk action on runs that match a filter.

SOURCE = "api"
AT_ONCE = 50
"""Runs that are read and decided about at once: bounds the memory and the time of one script."""
DRY_LIMIT = 20_000
SAMPLES = 5
_ID_BYTES = 10
_LATER = 429
"""Refusals of this status and of 500 and more are about the platform, not about the run."""
_ACTIVE = (RunStatus.SCHEDULED, RunStatus.QUEUED, RunStatus.RUNNING, RunStatus.RETRYING)
_ENDED = (RunStatus.SUCCESS, RunStatus.FAILED, RunStatus.CANCELLED)
_CANCEL_CODES = {"TERMINAL": "state_conflict", "NOT_FOUND": "run_not_found", "ERROR": "damaged_record"}


@dataclass(frozen=True, slots=True)
class BulkOperation:
    """A bulk action: all of its steps share the instant of the first one."""

    scope: str
    first_at: int

    @property
    def trace_id(self) -> str:
        """Return the trace of the runs that it makes."""
        return hashlib.sha256(f"{self.scope}:trace".encode()).hexdigest()[:32]

    def run_id(self, repeated: str) -> str:
        """Return the id of the run that repeats another one, the same each time."""
        digest = hashlib.sha256(f"{self.scope}:{repeated}".encode()).digest()
        return stable_id(self.first_at, digest[:_ID_BYTES])


@dataclass(slots=True)
class BulkStepResult:
    """The result of a step."""

    matched: int = 0
    done: int = 0
    refused: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    searched: int = 0
    total: int = 0
    next_cursor: int | None = None
    stopped: MultiJobError | None = None

    def refuse(self, run_id: str, code: str) -> None:
        """Keep a run about which nothing could be done."""
        self.refused.setdefault(code, []).append(run_id)

    @property
    def refused_count(self) -> int:
        return sum(len(run_ids) for run_ids in self.refused.values())

    def body(self, bulk: BulkOperation, bulk_id: str) -> BulkStep:
        """Return the answer to this step of a bulk action."""
        stopped = self.stopped
        return BulkStep(
            bulk_id=bulk_id,
            started_at=bulk.first_at,
            trace_id=bulk.trace_id,
            matched=self.matched,
            done=self.done,
            refused=[
                BulkRefused(code=code, count=len(run_ids), sample_run_ids=run_ids[:SAMPLES])
                for code, run_ids in self.refused.items()
            ],
            searched=self.searched,
            total=self.total,
            next_cursor=self.next_cursor,
            stopped=stopped and BulkStopped(code=stopped.code, detail=redactor.answer(stopped.message)),
        )


async def bulk_step(
    services: Services, context: RequestContext, body: BulkRequest, bulk: BulkOperation
) -> BulkStepResult:
    """Look for runs from the cursor on and decide about up to `limit` of them; a dry run counts only."""
    fits = _filter(body, bulk)
    if not fits.statuses:
        return BulkStepResult()
    found = await services.runs.find(fits, body.cursor, DRY_LIMIT if body.dry_run else body.limit)
    step = BulkStepResult(searched=found.searched, total=found.total, next_cursor=found.next_cursor)
    if body.dry_run:
        step.matched = len(found.ids)
        return step
    for start in range(0, len(found.ids), AT_ONCE):
        runs = await services.runs.some(found.ids[start : start + AT_ONCE], fits)
        # Runs that this bulk action made within the millisecond of its start do not count.
        runs = [run for run in runs if run.trace_id != bulk.trace_id]
        if body.action == "cancel":
            await _cancel(services, runs, step)
        else:
            await _rerun(services, context, runs, bulk, step)
        if step.stopped is not None:
            break
    return step


def _filter(body: BulkRequest, bulk: BulkOperation) -> RunFilter:
    """Return the runs that the action is for; without a state it is for none."""
    parts, until = body.filter, bulk.first_at + 1
    possible = _ACTIVE if body.action == "cancel" else _ENDED
    return RunFilter(
        job_id=parts.job_id,
        statuses=tuple(status for status in possible if parts.status is None or status in parts.status),
        type=parts.type,
        tag=parts.tag,
        trace_id=parts.trace_id,
        q=parts.q,
        since_ms=None if parts.since is None else to_ms(parts.since),
        until_ms=until if parts.until is None else min(until, to_ms(parts.until)),
    )


async def _cancel(services: Services, runs: Sequence[RunRecord], step: BulkStepResult) -> None:
    words = await services.queue.cancel_many([run.run_id for run in runs])
    for run, word in zip(runs, words, strict=True):
        step.matched += 1
        if word in _CANCEL_CODES:
            step.refuse(run.run_id, _CANCEL_CODES[word])
        else:
            step.done += 1


async def _rerun(
    services: Services,
    context: RequestContext,
    runs: Sequence[RunRecord],
    bulk: BulkOperation,
    step: BulkStepResult,
) -> None:
    """Run ended runs again, in order; the first one for which there is no room ends the step."""
    jobs = await services.jobs.find_some(list(dict.fromkeys(run.job_id for run in runs)))
    made = [_repeated(services, context, run, jobs.get(run.job_id), bulk) for run in runs]
    outcomes = await asyncio.gather(*(_enqueued(services, run) for run in made))
    for run, refusal in zip(runs, outcomes, strict=True):
        if refusal is not None and kind_of(type(refusal)).status >= _LATER:
            if isinstance(refusal, Unavailable) and not step.matched:
                raise refusal
            # The next step begins at this run; those behind it that were made are met again by their ids.
            step.stopped, step.next_cursor = refusal, run.seq + 1
            return
        step.matched += 1
        if refusal is None:
            step.done += 1
        else:
            step.refuse(run.run_id, refusal.code)


def _repeated(
    services: Services, context: RequestContext, run: RunRecord, record: JobRecord | None, bulk: BulkOperation
) -> NewRun | MultiJobError:
    try:
        if record is None:
            raise JobNotFound(run.job_id)
        check_inputs(services.registry.get(record.spec.type), run.inputs)
        require_run_right(context, record.spec.type, run.inputs)
    except MultiJobError as refusal:
        return refusal
    made = services.jobs.new_run(
        record,
        source=SOURCE,
        actor=context.actor.name,
        trace_id=bulk.trace_id,
        inputs=run.inputs,
        run_id=bulk.run_id(run.run_id),
    )
    return replace(made, rerun_of=run.run_id)


async def _enqueued(services: Services, run: NewRun | MultiJobError) -> MultiJobError | None:
    if isinstance(run, MultiJobError):
        return run
    try:
        await services.queue.enqueue(run)
    except MultiJobError as error:
        return error
    return None


router = Router("runs")
BULK = "POST /runs/bulk"
TARGET = "runs"


@router.post("/runs/bulk", raises=(IdempotencyMismatch,))
async def bulk_runs(services: ServicesDep, context: ContextDep, body: StrictBody[BulkRequest]) -> BulkStep:
    """Cancel, or run again, all runs that match a filter, step by step; a dry run counts them.

    A step examines at most 20,000 records and acts on `limit` runs; `next_cursor` is the cursor of the next
    step. A step may be sent again: no run is repeated twice. If the queue is full, `stopped` has the reason
    and `next_cursor` continues from that run. The audit has an entry for the first step and one for the end,
    with all counts.
    """
    bulk_id = body.bulk_id or new_id(services.clock)
    asked = body.model_dump(mode="json", include={"action", "filter"})
    once = record_of(context.actor, BULK, bulk_id, asked)
    bulk = BulkOperation(once.scope, (await services.idempotency.begin(once)).first_at)
    step = await bulk_step(services, context, body, bulk)
    if body.dry_run:
        context.leave_out()
    else:
        totals = await _totals(services, body, step, bulk)
        _note(context, body, step, {"bulk_id": bulk_id, **totals})
    return step.body(bulk, bulk_id)


async def _totals(
    services: Services, body: BulkRequest, step: BulkStepResult, bulk: BulkOperation
) -> dict[str, int]:
    """Return the counts of all steps up to now."""
    cursor = "" if body.cursor is None else str(body.cursor)
    done, refused = step.done, step.refused_count
    # The runs are changed already: a count that cannot be stored must not make the step fail.
    with contextlib.suppress(Unavailable):
        done, refused = await services.idempotency.tally(bulk.scope, cursor, done, refused)
    return {"done": done, "refused": refused}


def _note(context: RequestContext, body: BulkRequest, step: BulkStepResult, figures: dict[str, Any]) -> None:
    """Write the first step and the end into the audit."""
    ended = step.next_cursor is None
    if body.cursor is not None and not ended:
        context.leave_out()
        return
    meant = body.filter.model_dump(mode="json", exclude_none=True)
    to = {"filter": meant, "ended": ended, **figures}
    context.note(target=TARGET, diff=[{"path": f"/{body.action}", "from": None, "to": to}])
