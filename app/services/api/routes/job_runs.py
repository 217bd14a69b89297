"""What belongs to one job: running it by hand, its runs and occurrences."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.core.models import RunStatus
from app.core.moments import Moment
from app.core.slot_window import DAY_MS
from app.core.spec_check import check_inputs
from app.core.store import RunFilter
from app.services.api.body import read_model
from app.services.api.deps import DEFAULT_LIMIT, Cursor, Limit, call_of, platform_of, valid_job_id
from app.services.api.export_rights import require_run_right
from app.services.api.idempotency import key_of, record_of
from app.services.api.occurrences import occurrences
from app.services.api.openapi import IDEMPOTENCY_KEY, lists, operation_id, problems, takes
from app.services.api.plain_route import PlainRoute
from app.services.api.reply import json_reply, list_reply
from app.services.api.schemas import Occurrence, RunAccepted, RunBody, RunRequest
from app.services.api.views import run_view
from app.services.api.window import window_of

if TYPE_CHECKING:
    from app.core.models import NewRun
    from app.core.records import JobRecord
    from app.services.api.deps import Platform
    from app.services.api.guard import Call

router = APIRouter(tags=["jobs"], generate_unique_id_function=operation_id)
# The one route that programs call many times a second.
by_hand = APIRouter(tags=["jobs"], generate_unique_id_function=operation_id, route_class=PlainRoute)
SOURCE = "api"
RUN = "POST /jobs/{job_id}/run"


@by_hand.post(
    "/jobs/{job_id}/run",
    status_code=202,
    response_model=RunAccepted,
    responses=problems(400, 404, 422, 429, write=True),
    openapi_extra=takes(RunRequest, IDEMPOTENCY_KEY, required=False),
)
async def run_job(request: Request, job_id: str) -> Response:
    """Run a job now or after `delay_sec`; `inputs` stand in for those of the spec."""
    at, call = platform_of(request), call_of(request)
    wanted = read_model(RunRequest, call.body, optional=True)
    key = key_of(request)
    asked = {"job_id": valid_job_id(job_id), "inputs": wanted.inputs, "delay_sec": wanted.delay_sec}
    once = None if key is None else record_of(call.actor, RUN, key, asked)
    result = await at.known_jobs.submit(job_id, partial(_new_run, at, call, wanted), once)
    answer = {"run_id": result.run_id, "job_id": job_id, "status": result.status}
    return json_reply(answer, 202, {"Location": f"/runs/{result.run_id}"})


def _new_run(at: Platform, call: Call, wanted: RunRequest, record: JobRecord) -> NewRun:
    if wanted.inputs is not None:
        check_inputs(at.registry.get(record.spec.type), wanted.inputs)
    inputs = record.spec.inputs if wanted.inputs is None else wanted.inputs
    require_run_right(call, record.spec.type, inputs)
    return at.jobs.new_run(
        record,
        source=SOURCE,
        actor=call.actor.name,
        trace_id=call.trace_id,
        inputs=wanted.inputs,
        delay_ms=round(wanted.delay_sec * 1000),
    )


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


@router.get("/jobs/{job_id}/occurrences", response_model=list[Occurrence], responses=problems(404, 422))
async def list_occurrences(
    request: Request,
    job_id: str,
    since: Annotated[Moment | None, Query(alias="from", description="Default: a day ago.")] = None,
    until: Annotated[Moment | None, Query(alias="to", description="Default: in a day.")] = None,
    limit: Annotated[int, Query(ge=1, le=500, description="At most so many on each side of now.")] = 100,
) -> Response:
    """Return what became of the slots of a schedule and which come next, in order of time."""
    at = platform_of(request)
    window = window_of(at.clock.now_ms(), since, until, limit, ahead_ms=DAY_MS)
    record = await at.jobs.find(valid_job_id(job_id))
    return json_reply(await occurrences(at, record, window))
