"""What belongs to one job: running it by hand, its runs, versions and occurrences."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime
from starlette.requests import Request
from starlette.responses import Response

from app.core.clock import to_ms
from app.core.errors import FieldProblem
from app.core.models import RunStatus
from app.core.spec_check import check_inputs
from app.core.store import RunFilter
from app.services.api.body import read_model
from app.services.api.deps import DEFAULT_LIMIT, Cursor, Limit, call_of, platform_of, valid_job_id
from app.services.api.idempotency import key_of, record_of
from app.services.api.occurrences import Window, occurrences
from app.services.api.openapi import IDEMPOTENCY_KEY, lists, operation_id, problems, takes
from app.services.api.problems import HttpProblem
from app.services.api.reply import json_reply, list_reply
from app.services.api.schemas import JobVersionBody, Occurrence, RunAccepted, RunBody, RunRequest
from app.services.api.views import run_view, version_view

router = APIRouter(tags=["jobs"], generate_unique_id_function=operation_id)
SOURCE = "api"
RUN = "POST /jobs/{job_id}/run"
DAY_MS = 86_400_000


@router.post(
    "/jobs/{job_id}/run",
    status_code=202,
    response_model=RunAccepted,
    responses=problems(400, 404, 422, write=True),
    openapi_extra=takes(RunRequest, IDEMPOTENCY_KEY, required=False),
)
async def run_job(request: Request, job_id: str) -> Response:
    """Run a job now or after `delay_sec`; `inputs` stand in for those of the spec."""
    at, call = platform_of(request), call_of(request)
    wanted = read_model(RunRequest, call.body, optional=True)
    key = key_of(request)
    record = await at.jobs.find(valid_job_id(job_id))
    if wanted.inputs is not None:
        check_inputs(at.registry.get(record.spec.type), wanted.inputs)
    run = at.jobs.new_run(
        record,
        source=SOURCE,
        actor=call.actor.name,
        trace_id=call.trace_id,
        inputs=wanted.inputs,
        delay_ms=round(wanted.delay_sec * 1000),
    )
    asked = {"job_id": job_id, "inputs": wanted.inputs, "delay_sec": wanted.delay_sec}
    once = None if key is None else record_of(call.actor, RUN, key, asked)
    result = await at.queue.enqueue(run, once)
    answer = {"run_id": result.run_id, "job_id": job_id, "status": result.status}
    return json_reply(answer, 202, {"Location": f"/runs/{result.run_id}"})


@router.get(
    "/jobs/{job_id}/runs", response_model=list[RunBody], responses={**problems(404, 422), **lists(RunBody)}
)
async def list_job_runs(
    request: Request,
    job_id: str,
    status: RunStatus | None = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Response:
    """Return the runs of a job, newest first; they stay when the job is deleted."""
    at = platform_of(request)
    wanted = RunFilter(job_id=valid_job_id(job_id), status=status)
    page = await at.runs.list(wanted, cursor, limit)
    if not page.items and cursor is None:
        await at.jobs.find(job_id)
    return list_reply(request, [run_view(run) for run in page.items], page.next_cursor, page.total)


@router.get("/jobs/{job_id}/versions", response_model=list[JobVersionBody], responses=problems(404))
async def list_versions(request: Request, job_id: str) -> Response:
    """Return every save of a job, newest first."""
    versions = await platform_of(request).jobs.versions(valid_job_id(job_id))
    return json_reply([version_view(version) for version in versions])


@router.get("/jobs/{job_id}/occurrences", response_model=list[Occurrence], responses=problems(404, 422))
async def list_occurrences(
    request: Request,
    job_id: str,
    since: Annotated[AwareDatetime | None, Query(alias="from", description="Default: a day ago.")] = None,
    until: Annotated[AwareDatetime | None, Query(alias="to", description="Default: in a day.")] = None,
    limit: Annotated[int, Query(ge=1, le=500, description="At most so many on each side of now.")] = 100,
) -> Response:
    """Return what became of the slots of a schedule and which come next, in order of time."""
    at = platform_of(request)
    now_ms = at.clock.now_ms()
    window = Window(
        now_ms - DAY_MS if since is None else to_ms(since),
        now_ms + DAY_MS if until is None else to_ms(until),
        limit,
    )
    if window.from_ms > window.to_ms:
        message = "`from` must not be later than `to` / `from` tidak boleh setelah `to`"
        raise HttpProblem(
            "invalid_request", message, [FieldProblem("/query/from", message, "invalid_window")]
        )
    record = await at.jobs.find(valid_job_id(job_id))
    return json_reply(await occurrences(at, record, window))
