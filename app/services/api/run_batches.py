"""Runs in numbers: each item stands alone, and a repeat of the call completes what is missing."""

from __future__ import annotations

import asyncio
import hashlib
import re
from typing import TYPE_CHECKING, Any

from app.core.errors import JobNotFound, MultiJobError
from app.core.ids import stable_id
from app.core.models import JOB_ID_PATTERN, NewRun
from app.core.redaction import redactor
from app.core.spec_check import check_inputs
from app.services.api.export_rights import require_run_right
from app.services.api.problems import kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.core.call_records import CallRecord
    from app.core.queue import EnqueueResult
    from app.core.records import JobRecord
    from app.services.api.deps import Platform
    from app.services.api.guard import Call
    from app.services.api.schemas_batch import BatchItem

SOURCE = "api"
_JOB_ID = re.compile(JOB_ID_PATTERN)
_ID_BYTES = 10
_AGAIN = 429
"""Refusals of this status and of 500 and more pass: only an answer without any is whole."""


async def enqueue_batch(
    at: Platform, call: Call, items: Sequence[BatchItem], scope: str, record: CallRecord
) -> tuple[list[dict[str, Any]], bool]:
    """Make a batch's runs; return the answer, and whether it is whole."""
    wanted = list(dict.fromkeys(item.job_id for item in items if _JOB_ID.fullmatch(item.job_id)))
    jobs = await at.jobs.find_some(wanted)
    runs = [_run(at, call, item, jobs, _run_id(scope, record, index)) for index, item in enumerate(items)]
    outcomes = await asyncio.gather(*(_made(at, run) for run in runs))
    answer = [_item(index, outcome) for index, outcome in enumerate(outcomes)]
    return answer, not any(isinstance(outcome, MultiJobError) and _passes(outcome) for outcome in outcomes)


def _run(
    at: Platform, call: Call, item: BatchItem, jobs: dict[str, JobRecord], run_id: str
) -> NewRun | MultiJobError:
    try:
        record = jobs.get(item.job_id)
        if record is None:
            raise JobNotFound(item.job_id)
        if item.inputs is not None:
            check_inputs(at.registry.get(record.spec.type), item.inputs)
        inputs = record.spec.inputs if item.inputs is None else item.inputs
        require_run_right(call, record.spec.type, inputs)
    except MultiJobError as refusal:
        return refusal
    return at.jobs.new_run(
        record,
        source=SOURCE,
        actor=call.actor.name,
        trace_id=call.trace_id,
        inputs=item.inputs,
        delay_ms=round(item.delay_sec * 1000),
        run_id=run_id,
    )


def _run_id(scope: str, record: CallRecord, index: int) -> str:
    """Return the same id for the same item of the same call, however often it is sent."""
    digest = hashlib.sha256(f"{scope}:{index}".encode()).digest()
    return stable_id(record.first_at, digest[:_ID_BYTES])


async def _made(at: Platform, run: NewRun | MultiJobError) -> EnqueueResult | MultiJobError:
    if isinstance(run, MultiJobError):
        return run
    try:
        return await at.queue.enqueue(run)
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
