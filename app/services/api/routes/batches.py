"""Runs in numbers, and runs once more."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
from fastapi import APIRouter
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from app.core.errors import JobNotFound, MultiJobError, StateConflict, Unavailable
from app.core.fields import validation_problems
from app.core.ids import new_id, stable_id
from app.core.models import JOB_ID_PATTERN, NewRun
from app.core.records import JobRecord, RunRecord
from app.core.redaction import redactor
from app.core.specs.validation import check_inputs
from app.services.api.dependencies import Services, context_of, services_of
from app.services.api.export_rights import require_run_right
from app.services.api.http.body import read_json, read_model
from app.services.api.http.conditions import HEADER, key_of, record_of
from app.services.api.http.problems import HttpProblem, kind_of
from app.services.api.http.responses import json_reply
from app.services.api.openapi.document import IDEMPOTENCY_KEY, operation_id, problems, takes
from app.services.api.schemas.batches import BatchItem, BatchItemBody, BatchRequest, RerunRequest, RunRepeated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.core.queue import EnqueueResult
    from app.core.queue.idempotency import IdempotencyRecord
    from app.services.api.http.middleware import RequestContext

# Runs in numbers: each item stands alone, and a repeat of the call completes what is missing.

SOURCE = "api"
_JOB_ID = re.compile(JOB_ID_PATTERN)
_ID_BYTES = 10
_AGAIN = 429
"""Refusals of this status and of 500 and more pass: only an answer without any is whole."""


async def enqueue_batch(
    services: Services,
    context: RequestContext,
    items: Sequence[BatchItem],
    scope: str,
    record: IdempotencyRecord,
) -> tuple[list[dict[str, Any]], bool]:
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


def _item(index: int, outcome: EnqueueResult | MultiJobError) -> dict[str, Any]:
    item: dict[str, Any] = {"index": index, "run_id": None, "status": None, "error": None}
    if isinstance(outcome, MultiJobError):
        detail = redactor.answer(outcome.message)
        return {**item, "error": {"code": outcome.code, "detail": detail}}
    return {**item, "run_id": outcome.run_id, "status": outcome.status}


router = APIRouter(tags=["runs"], generate_unique_id_function=operation_id)
BATCH = "POST /runs/batch"
RERUN = "POST /runs/{run_id}/rerun"
_KEY_OF_ANSWER = {
    200: {
        "headers": {
            HEADER: {
                "description": "The key of this call, made here where none came: to send it again with.",
                "schema": {"type": "string"},
            }
        }
    }
}


@router.post(
    "/runs/batch",
    response_model=list[BatchItemBody],
    responses={**problems(400, 422, write=True), **_KEY_OF_ANSWER},
    openapi_extra=takes(BatchRequest, IDEMPOTENCY_KEY),
)
async def run_batch(request: Request) -> Response:
    """Make up to 1,000 runs, each standing alone; a repeat with the same key completes what is missing."""
    services, context = services_of(request), context_of(request)
    raw = read_json(context.body)
    items = _items(raw)
    key = key_of(request) or new_id(services.clock)
    once = record_of(context.actor, BATCH, key, {"runs": raw})
    record = await services.idempotency.begin(once)
    if record.answer:
        return json_reply(orjson.loads(record.answer), headers={HEADER: key})
    answer, whole = await enqueue_batch(services, context, items, once.scope, record)
    if whole:
        # Runs are made: no answer may say otherwise. A repeat finds each by its id.
        with contextlib.suppress(Unavailable):
            await services.idempotency.keep(once, orjson.dumps(answer).decode())
    return json_reply(answer, headers={HEADER: key})


def _items(raw: Any) -> list[BatchItem]:
    try:
        return BatchRequest.model_validate(raw).root
    except ValidationError as error:
        problems_found = validation_problems(error, raw, BatchRequest)
        raise HttpProblem("invalid_request", "The body does not fit.", problems_found) from error


@router.post(
    "/runs/{run_id}/rerun",
    status_code=202,
    response_model=RunRepeated,
    responses=problems(400, 404, 409, 410, 422, 429, write=True),
    openapi_extra=takes(RerunRequest, IDEMPOTENCY_KEY, required=False),
)
async def rerun(request: Request, run_id: str) -> Response:
    """Run a job again with the inputs of one of its runs; `inputs` stand in for all of them."""
    services, context = services_of(request), context_of(request)
    body = read_model(RerunRequest, context.body, optional=True)
    key = key_of(request)
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
    result = await services.queue.enqueue(replace(run, rerun_of=run_id), once)
    answer = {"run_id": result.run_id, "job_id": first.job_id, "status": result.status, "rerun_of": run_id}
    return json_reply(answer, 202, {"Location": f"/runs/{result.run_id}"})


async def _job_of(services: Services, run: RunRecord) -> JobRecord:
    try:
        return await services.jobs.find(run.job_id)
    except JobNotFound as error:
        raise StateConflict(
            f"Job {run.job_id!r} of this run was deleted: create it again to run it. / "
            f"Job {run.job_id!r} dari run ini sudah dihapus: buat lagi untuk menjalankannya."
        ) from error
