"""Runs: list, count, read, cancel."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.core.clock import to_ms
from app.core.errors import StateConflict
from app.core.models import RunStatus
from app.core.moments import Moment
from app.core.store import RunFilter
from app.services.api.deps import DEFAULT_LIMIT, Cursor, Limit, Search, platform_of
from app.services.api.openapi import lists, operation_id, problems
from app.services.api.reply import json_reply, list_reply
from app.services.api.schemas import RunBody, RunCancelled, RunDetail
from app.services.api.schemas_stats import RunCounts
from app.services.api.views import run_detail, run_view

router = APIRouter(tags=["runs"], generate_unique_id_function=operation_id)


@router.get("/runs", response_model=list[RunBody], responses={**problems(422), **lists(RunBody)})
async def list_runs(
    request: Request,
    *,
    job_id: Annotated[str | None, Query(max_length=64)] = None,
    status: RunStatus | None = None,
    q: Search = None,
    since: Annotated[Moment | None, Query(description="Made at this time or later.")] = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Response:
    """Return runs, newest first; `q`: prefix of a run or job id, a trace id, or an error's fingerprint.

    A call with `q` looks at 5,000 runs at most, so a page may be short or empty; its `Link` goes on. The
    fingerprint of an error that has dead letters finds those.
    """
    wanted = RunFilter(job_id=job_id, status=status, q=q, since_ms=None if since is None else to_ms(since))
    page = await platform_of(request).runs.list(wanted, cursor, limit)
    return list_reply(request, [run_view(run) for run in page.items], page.next_cursor, page.total)


# Ahead of `/runs/{run_id}`: no run can have this id.
@router.get("/runs/counts", response_model=RunCounts, responses=problems())
async def count_runs(request: Request) -> Response:
    """Return how many runs there are in each state, and how many failed ones wait for a decision.

    Of the whole deployment: no index counts the runs of one job by state. A job's own figures stand in its
    `stats`.
    """
    return json_reply(await platform_of(request).runs.counts())


@router.get("/runs/{run_id}", response_model=RunDetail, responses=problems(404, 410))
async def get_run(request: Request, run_id: str) -> Response:
    """Return a run with every attempt."""
    return json_reply(run_detail(await platform_of(request).runs.get(run_id)))


@router.post(
    "/runs/{run_id}/cancel",
    response_model=RunCancelled,
    status_code=200,
    responses={202: {"model": RunCancelled}, **problems(404, 409, write=True)},
)
async def cancel_run(request: Request, run_id: str) -> Response:
    """Cancel a run: at once while it waits (200); a running one is told and ends soon (202)."""
    at = platform_of(request)
    word = await at.queue.cancel(run_id)
    if word == "REQUESTED":
        return json_reply(_cancelled(run_id, RunStatus.RUNNING, requested=True), 202)
    if word == "TERMINAL":
        status = (await at.runs.get(run_id)).status
        if status is not RunStatus.CANCELLED:
            raise StateConflict(
                f"Run {run_id!r} has ended already: {status}. / Run {run_id!r} sudah selesai: {status}."
            )
    return json_reply(_cancelled(run_id, RunStatus.CANCELLED, requested=True))


def _cancelled(run_id: str, status: RunStatus, *, requested: bool) -> dict[str, object]:
    return {"run_id": run_id, "status": status.value, "cancel_requested": requested}
