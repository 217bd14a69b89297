"""Many runs at once: batches, re-runs, and bulk actions on all runs that match a filter."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from starlette.responses import Response

from app.core.clock import to_ms
from app.core.errors import (
    Gone,
    IdempotencyMismatch,
    InvalidInput,
    InvalidSpec,
    JobNotFound,
    MultiJobError,
    QueueFull,
    RunNotFound,
    StateConflict,
    Unavailable,
)
from app.core.i18n import _
from app.core.i18n.stored import masked
from app.core.ids import new_id, stable_id
from app.core.models import JOB_ID_PATTERN, NewRun, RunStatus
from app.core.redaction import redactor
from app.core.runs.search import RunFilter
from app.services.api.http.body import OptionalBody, StrictBody, read_json
from app.services.api.http.conditions import HEADER, IdempotencyKey, record_of
from app.services.api.http.problems import kind_of
from app.services.api.http.router import LOCATION, ContextDep, Router, ServicesDep, answer_header
from app.services.api.routes.job_runs import new_run
from app.services.api.schemas.batches import (
    BatchError,
    BatchItem,
    BatchItemBody,
    BatchRequest,
    BulkRefused,
    BulkRequest,
    BulkStep,
    BulkStopped,
    RerunRequest,
    RunRepeated,
)

if TYPE_CHECKING:
    from app.core.queue import EnqueueResult
    from app.core.records import JobRecord, RunRecord
    from app.services.api.http.router import RequestContext
    from app.services.api.services import Services

router = Router("runs")
BATCH = "POST /runs/batch"
RERUN = "POST /runs/{run_id}/rerun"
BULK = "POST /runs/bulk"
_JOB_ID = re.compile(JOB_ID_PATTERN)
_ID_BYTES = 10


@dataclass(frozen=True, slots=True)
class _Call:
    """A call, or all steps of a bulk action; a repeat of it makes the same runs."""

    scope: str
    first_at: int
    """The instant of the first call."""

    @property
    def trace_id(self) -> str:
        """Return the trace of the runs of a bulk action."""
        return hashlib.sha256(f"{self.scope}:trace".encode()).hexdigest()[:32]

    def run_id(self, part: object) -> str:
        """Return the id of the run that it makes for an item's index or a repeated run, always the same."""
        digest = hashlib.sha256(f"{self.scope}:{part}".encode()).digest()
        return stable_id(self.first_at, digest[:_ID_BYTES])


async def _enqueued(services: Services, run: NewRun | MultiJobError) -> EnqueueResult | MultiJobError:
    if isinstance(run, MultiJobError):
        return run
    try:
        return await services.queue.enqueue(run)
    except MultiJobError as error:
        return error


def _may_pass(error: MultiJobError) -> bool:
    """Return whether a refusal is about the platform, not about the run."""
    return kind_of(type(error)).status >= 429  # noqa: PLR2004


# A batch: each item has its own outcome, and a repeat of the call makes the runs that are missing.

_BATCH_ANSWER = TypeAdapter(list[BatchItemBody])
_KEY_OF_ANSWER = {
    HEADER: answer_header("The key of this call, made here if none came: to send it again with.")
}


@router.post("/runs/batch", headers=_KEY_OF_ANSWER, scope="filter")
async def run_batch(
    services: ServicesDep,
    context: ContextDep,
    body: StrictBody[BatchRequest],
    key: IdempotencyKey,
    response: Response,
) -> list[BatchItemBody]:
    """Make up to 1,000 runs, each standing alone; a repeat with the same key completes what is missing."""
    key = key or new_id(services.clock)
    response.headers[HEADER] = key
    once = record_of(context.actor, BATCH, key, {"runs": read_json(context.body)})
    record = await services.idempotency.begin(once)
    if record.answer:
        return _BATCH_ANSWER.validate_json(record.answer)
    call = _Call(once.scope, record.first_at)
    jobs = await services.jobs.find_some(
        list(dict.fromkeys(item.job_id for item in body.root if _JOB_ID.fullmatch(item.job_id)))
    )
    runs = [
        _item_run(services, context, item, jobs.get(item.job_id), call.run_id(index))
        for index, item in enumerate(body.root)
    ]
    outcomes = await asyncio.gather(*(_enqueued(services, run) for run in runs))
    answer = [_item_body(index, outcome) for index, outcome in enumerate(outcomes)]
    # Only an answer without refusals that pass is whole.
    if not any(isinstance(outcome, MultiJobError) and _may_pass(outcome) for outcome in outcomes):
        # Runs are made: no answer may say otherwise. A repeat finds each by its id.
        with contextlib.suppress(Unavailable):
            await services.idempotency.keep(once, _BATCH_ANSWER.dump_json(answer).decode())
    return answer


def _item_run(
    services: Services, context: RequestContext, item: BatchItem, record: JobRecord | None, run_id: str
) -> NewRun | MultiJobError:
    try:
        if record is None:
            raise JobNotFound(item.job_id)
        return new_run(services, context, record, item.inputs, delay_sec=item.delay_sec, run_id=run_id)
    except MultiJobError as refusal:
        return refusal


def _item_body(index: int, outcome: EnqueueResult | MultiJobError) -> BatchItemBody:
    if isinstance(outcome, MultiJobError):
        error = BatchError(code=outcome.code, detail=masked(outcome.message, redactor.answer))
        return BatchItemBody(index=index, run_id=None, status=None, error=error)
    return BatchItemBody(index=index, run_id=outcome.run_id, status=RunStatus(outcome.status), error=None)


# Re-runs.


@router.post(
    "/runs/{run_id}/rerun",
    status_code=202,
    raises=(RunNotFound, Gone, StateConflict, InvalidSpec, InvalidInput, QueueFull),
    headers=LOCATION,
    scope="run",
)
async def rerun(
    services: ServicesDep,
    context: ContextDep,
    body: OptionalBody[RerunRequest],
    key: IdempotencyKey,
    response: Response,
    run_id: str,
) -> RunRepeated:
    """Run a job again with the inputs of one of its runs; `inputs` replace all of them."""
    first = await services.runs.get(run_id)
    try:
        record = await services.jobs.find(first.job_id)
    except JobNotFound as error:
        raise StateConflict(
            _("Job {job_id!r} of this run was deleted: create it again to run it.", job_id=first.job_id)
        ) from error
    stored = body.inputs is None
    inputs = first.inputs if body.inputs is None else body.inputs
    run = new_run(services, context, record, inputs, stored=stored, delay_sec=body.delay_sec)
    asked = {"run_id": run_id, "inputs": body.inputs, "delay_sec": body.delay_sec}
    once = None if key is None else record_of(context.actor, RERUN, key, asked)
    made = await services.queue.enqueue(run._replace(rerun_of=run_id), once)
    response.headers["Location"] = f"/runs/{made.run_id}"
    answer = {"run_id": made.run_id, "job_id": first.job_id, "status": made.status, "rerun_of": run_id}
    return RunRepeated.model_validate(answer)


# Bulk actions, step by step.

AT_ONCE = 50
"""Runs that are read and decided about at once: bounds the memory and the time of one script."""
DRY_LIMIT = 20_000
SAMPLES = 5
TARGET = "runs"
_ACTIVE = (RunStatus.SCHEDULED, RunStatus.QUEUED, RunStatus.RUNNING, RunStatus.RETRYING)
_ENDED = (RunStatus.SUCCESS, RunStatus.FAILED, RunStatus.CANCELLED)
_CANCEL_CODES = {"TERMINAL": "state_conflict", "NOT_FOUND": "run_not_found", "ERROR": "damaged_record"}


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
    bulk = _Call(once.scope, (await services.idempotency.begin(once)).first_at)
    step = await _step(services, context, body, bulk)
    if body.dry_run:
        context.leave_out()
    else:
        totals = await _totals(services, body, step, bulk)
        _note(context, body, step, {"bulk_id": bulk_id, **totals})
    return step.body(bulk, bulk_id)


@dataclass(slots=True)
class _StepResult:
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

    def body(self, bulk: _Call, bulk_id: str) -> BulkStep:
        """Return the answer to this step of a bulk action."""
        stopped = self.stopped
        return BulkStep.from_record(
            self,
            bulk_id=bulk_id,
            started_at=bulk.first_at,
            trace_id=bulk.trace_id,
            refused=[
                BulkRefused(code=code, count=len(run_ids), sample_run_ids=run_ids[:SAMPLES])
                for code, run_ids in self.refused.items()
            ],
            stopped=stopped
            and BulkStopped(code=stopped.code, detail=masked(stopped.message, redactor.answer)),
        )


async def _step(services: Services, context: RequestContext, body: BulkRequest, bulk: _Call) -> _StepResult:
    """Look for runs from the cursor on and decide about up to `limit` of them; a dry run counts only."""
    fits = _filter(body, bulk)
    if not fits.statuses:
        return _StepResult()
    found = await services.runs.find(fits, body.cursor, DRY_LIMIT if body.dry_run else body.limit)
    step = _StepResult(searched=found.searched, total=found.total, next_cursor=found.next_cursor)
    if body.dry_run:
        step.matched = len(found.ids)
        return step
    for start in range(0, len(found.ids), AT_ONCE):
        runs = await services.runs.some(found.ids[start : start + AT_ONCE], fits)
        # Runs that this bulk action made within the millisecond of its start do not count.
        runs = [run for run in runs if run.trace_id != bulk.trace_id]
        if body.action == "cancel":
            await _cancel_all(services, runs, step)
        else:
            await _rerun_all(services, context, runs, bulk, step)
        if step.stopped is not None:
            break
    return step


def _filter(body: BulkRequest, bulk: _Call) -> RunFilter:
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


async def _cancel_all(services: Services, runs: Sequence[RunRecord], step: _StepResult) -> None:
    words = await services.queue.cancel_many([run.run_id for run in runs])
    for run, word in zip(runs, words, strict=True):
        step.matched += 1
        if word in _CANCEL_CODES:
            step.refuse(run.run_id, _CANCEL_CODES[word])
        else:
            step.done += 1


async def _rerun_all(
    services: Services,
    context: RequestContext,
    runs: Sequence[RunRecord],
    bulk: _Call,
    step: _StepResult,
) -> None:
    """Run ended runs again, in order; the first one for which there is no room ends the step."""
    jobs = await services.jobs.find_some(list(dict.fromkeys(run.job_id for run in runs)))
    made = [_repeated(services, context, run, jobs.get(run.job_id), bulk) for run in runs]
    outcomes = await asyncio.gather(*(_enqueued(services, run) for run in made))
    for run, outcome in zip(runs, outcomes, strict=True):
        refusal = outcome if isinstance(outcome, MultiJobError) else None
        if refusal is not None and _may_pass(refusal):
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
    services: Services, context: RequestContext, run: RunRecord, record: JobRecord | None, bulk: _Call
) -> NewRun | MultiJobError:
    try:
        if record is None:
            raise JobNotFound(run.job_id)
        run_id, trace_id = bulk.run_id(run.run_id), bulk.trace_id
        made = new_run(services, context, record, run.inputs, run_id=run_id, trace_id=trace_id)
    except MultiJobError as refusal:
        return refusal
    return made._replace(rerun_of=run.run_id)


async def _totals(services: Services, body: BulkRequest, step: _StepResult, bulk: _Call) -> dict[str, int]:
    """Return the counts of all steps up to now."""
    cursor = "" if body.cursor is None else str(body.cursor)
    done, refused = step.done, step.refused_count
    # The runs are changed already: a count that cannot be stored must not make the step fail.
    with contextlib.suppress(Unavailable):
        done, refused = await services.idempotency.tally(bulk.scope, cursor, done, refused)
    return {"done": done, "refused": refused}


def _note(context: RequestContext, body: BulkRequest, step: _StepResult, figures: dict[str, Any]) -> None:
    """Write the first step and the end into the audit."""
    ended = step.next_cursor is None
    if body.cursor is not None and not ended:
        context.leave_out()
        return
    meant = body.filter.model_dump(mode="json", exclude_none=True)
    to = {"filter": meant, "ended": ended, **figures}
    context.note(target=TARGET, diff=[{"path": f"/{body.action}", "from": None, "to": to}])
