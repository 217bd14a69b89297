"""Batches of runs, and re-runs."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pydantic import TypeAdapter
from starlette.responses import Response

from app.core.errors import (
    Gone,
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
from app.core.ids import new_id, stable_id
from app.core.models import JOB_ID_PATTERN, NewRun, RunStatus
from app.core.records import JobRecord, RunRecord
from app.core.redaction import redactor
from app.core.specs.validation import check_inputs
from app.services.api.dependencies import ContextDep, ServicesDep
from app.services.api.export_rights import require_run_right
from app.services.api.http.body import OptionalBody, StrictBody, read_json
from app.services.api.http.conditions import HEADER, IdempotencyKey, record_of
from app.services.api.http.problems import kind_of
from app.services.api.http.router import LOCATION, Router
from app.services.api.schemas.batches import (
    BatchError,
    BatchItem,
    BatchItemBody,
    BatchRequest,
    RerunRequest,
    RunRepeated,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.core.queue import EnqueueResult
    from app.core.queue.idempotency import IdempotencyRecord
    from app.services.api.dependencies import Services
    from app.services.api.http.context import RequestContext

# A batch: each item has its own outcome, and a repeat of the call makes the runs that are missing.

SOURCE = "api"
_JOB_ID = re.compile(JOB_ID_PATTERN)
_ID_BYTES = 10
BATCH_ANSWER = TypeAdapter(list[BatchItemBody])
_AGAIN = 429
"""Refusals of this status and of 500 and more pass: only an answer without any is whole."""


async def enqueue_batch(
    services: Services,
    context: RequestContext,
    items: Sequence[BatchItem],
    scope: str,
    record: IdempotencyRecord,
) -> tuple[list[BatchItemBody], bool]:
    """Make a batch's runs; return the answer, and whether it is whole."""
    wanted = list(dict.fromkeys(item.job_id for item in items if _JOB_ID.fullmatch(item.job_id)))
    jobs = await services.jobs.find_some(wanted)
    runs = [
        _run(services, context, item, jobs, _run_id(scope, record, index)) for index, item in enumerate(items)
    ]
    outcomes = await asyncio.gather(*(_made(services, run) for run in runs))
    answer = [_item(index, outcome) for index, outcome in enumerate(outcomes)]
    return answer, not any(isinstance(outcome, MultiJobError) and _passes(outcome) for outcome in outcomes)


def _run(
    services: Services, context: RequestContext, item: BatchItem, jobs: dict[str, JobRecord], run_id: str
) -> NewRun | MultiJobError:
    try:
        record = jobs.get(item.job_id)
        if record is None:
            raise JobNotFound(item.job_id)
        if item.inputs is not None:
            check_inputs(services.registry.get(record.spec.type), item.inputs)
        inputs = record.spec.inputs if item.inputs is None else item.inputs
        require_run_right(context, record.spec.type, inputs)
    except MultiJobError as refusal:
        return refusal
    return services.jobs.new_run(
        record,
        source=SOURCE,
        actor=context.actor.name,
        trace_id=context.trace_id,
        inputs=item.inputs,
        delay_ms=round(item.delay_sec * 1000),
        run_id=run_id,
    )


def _run_id(scope: str, record: IdempotencyRecord, index: int) -> str:
    """Return the same id for the same item of the same call, however often it is sent."""
    digest = hashlib.sha256(f"{scope}:{index}".encode()).digest()
    return stable_id(record.first_at, digest[:_ID_BYTES])


async def _made(services: Services, run: NewRun | MultiJobError) -> EnqueueResult | MultiJobError:
    if isinstance(run, MultiJobError):
        return run
    try:
        return await services.queue.enqueue(run)
    except MultiJobError as error:
        return error


def _passes(error: MultiJobError) -> bool:
    return kind_of(type(error)).status >= _AGAIN


def _item(index: int, outcome: EnqueueResult | MultiJobError) -> BatchItemBody:
    if isinstance(outcome, MultiJobError):
        error = BatchError(code=outcome.code, detail=redactor.answer(outcome.message))
        return BatchItemBody(index=index, run_id=None, status=None, error=error)
    return BatchItemBody(index=index, run_id=outcome.run_id, status=RunStatus(outcome.status), error=None)


router = Router("runs")
BATCH = "POST /runs/batch"
RERUN = "POST /runs/{run_id}/rerun"
_KEY_OF_ANSWER = {
    HEADER: {
        "description": "The key of this call, made here where none came: to send it again with.",
        "schema": {"type": "string"},
    }
}


@router.post("/runs/batch", headers=_KEY_OF_ANSWER)
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
        return BATCH_ANSWER.validate_json(record.answer)
    answer, whole = await enqueue_batch(services, context, body.root, once.scope, record)
    if whole:
        # Runs are made: no answer may say otherwise. A repeat finds each by its id.
        with contextlib.suppress(Unavailable):
            await services.idempotency.keep(once, BATCH_ANSWER.dump_json(answer).decode())
    return answer


@router.post(
    "/runs/{run_id}/rerun",
    status_code=202,
    raises=(RunNotFound, Gone, StateConflict, InvalidSpec, InvalidInput, QueueFull),
    headers=LOCATION,
)
async def rerun(
    services: ServicesDep,
    context: ContextDep,
    body: OptionalBody[RerunRequest],
    key: IdempotencyKey,
    response: Response,
    run_id: str,
) -> RunRepeated:
    """Run a job again with the inputs of one of its runs; `inputs` stand in for all of them."""
    first = await services.runs.get(run_id)
    record = await _job_of(services, first)
    inputs = first.inputs if body.inputs is None else body.inputs
    check_inputs(services.registry.get(record.spec.type), inputs, stored=body.inputs is None)
    require_run_right(context, record.spec.type, inputs)
    run = services.jobs.new_run(
        record,
        source=SOURCE,
        actor=context.actor.name,
        trace_id=context.trace_id,
        inputs=inputs,
        delay_ms=round(body.delay_sec * 1000),
    )
    asked = {"run_id": run_id, "inputs": body.inputs, "delay_sec": body.delay_sec}
    once = None if key is None else record_of(context.actor, RERUN, key, asked)
    made = await services.queue.enqueue(replace(run, rerun_of=run_id), once)
    response.headers["Location"] = f"/runs/{made.run_id}"
    answer = {"run_id": made.run_id, "job_id": first.job_id, "status": made.status, "rerun_of": run_id}
    return RunRepeated.model_validate(answer)


async def _job_of(services: Services, run: RunRecord) -> JobRecord:
    try:
        return await services.jobs.find(run.job_id)
    except JobNotFound as error:
        raise StateConflict(
            _("Job {job_id!r} of this run was deleted: create it again to run it.", job_id=run.job_id)
        ) from error
