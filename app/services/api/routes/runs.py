"""Runs: list, count, read, cancel."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.core.clock import to_ms
from app.core.errors import StateConflict
from app.core.fields import Rfc3339
from app.core.log_lines import LinePosition, parse_position
from app.core.models import RunStatus
from app.core.runs.logs import LogPage, LogQuery
from app.core.runs.search import RunFilter
from app.services.api.dependencies import DEFAULT_LIMIT, Cursor, Limit, Search, services_of
from app.services.api.http.responses import json_reply, list_reply
from app.services.api.openapi.document import lists, operation_id, problems
from app.services.api.schemas.common import LogLineBody, RunBody, RunCancelled, RunDetail
from app.services.api.schemas.runs import kept_view, log_view, run_detail, run_view
from app.services.api.schemas.statistics import RunCounts

router = APIRouter(tags=["runs"], generate_unique_id_function=operation_id)


@router.get(
    "/runs", response_model=list[RunBody], responses={**problems(422), **lists(RunBody, searched=True)}
)
async def list_runs(
    request: Request,
    *,
    job_id: Annotated[
        str | None, Query(max_length=64, description="Of this job, or of those that match: `monitor-*`.")
    ] = None,
    status: Annotated[
        list[RunStatus] | None,
        Query(max_length=len(RunStatus), description="In this state; may be repeated."),
    ] = None,
    run_type: Annotated[str | None, Query(alias="type", max_length=64)] = None,
    tag: Annotated[str | None, Query(max_length=64, description="Of jobs that have this tag now.")] = None,
    trace_id: Annotated[str | None, Query(max_length=64, description="Of this trace alone.")] = None,
    q: Search = None,
    since: Annotated[Rfc3339 | None, Query(description="Created at this time or later.")] = None,
    until: Annotated[Rfc3339 | None, Query(description="Created before this time.")] = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Response:
    """Return runs, newest first; `q`: part of an id, error, input or output, or a trace id or a fingerprint.

    Texts are compared without case, by their characters. A search examines 20,000 records or works for 0.2 s
    a call, so a page may be short or empty while its `Link` goes on; `X-Searched-Count` and `X-Search-Total`
    say how far it has come. A run whose id is `q` comes first.
    """
    run_filter = RunFilter(
        job_id=job_id,
        statuses=tuple(status or ()),
        type=run_type,
        tag=tag,
        trace_id=trace_id,
        q=q,
        since_ms=None if since is None else to_ms(since),
        until_ms=None if until is None else to_ms(until),
    )
    page = await services_of(request).runs.list(run_filter, cursor, limit)
    found = [run_view(run) for run in page.items]
    return list_reply(request, found, page.next_cursor, page.total, progress=page.progress)


# Ahead of `/runs/{run_id}`: no run can have this id.
@router.get("/runs/counts", response_model=RunCounts, responses=problems())
async def count_runs(request: Request) -> Response:
    """Return how many runs there are in each state, and how many failed ones wait for a decision.

    Of the whole deployment: no index counts the runs of one job by state. A job's own figures stand in its
    `stats`. Only kept runs are counted: `kept` has the limits of retention, `removed_until` how far it has
    removed runs. Statistics and metrics count removed runs too.
    """
    services = services_of(request)
    counts, purged_until = await asyncio.gather(services.runs.counts(), services.runs.purged_until())
    return json_reply({**counts, **kept_view(services.settings, purged_until)})


@router.get("/runs/{run_id}", response_model=RunDetail, responses=problems(404, 410))
async def get_run(request: Request, run_id: str) -> Response:
    """Return a run with every attempt."""
    return json_reply(run_detail(await services_of(request).runs.get(run_id)))


@router.post(
    "/runs/{run_id}/cancel",
    response_model=RunCancelled,
    status_code=200,
    responses={202: {"model": RunCancelled}, **problems(404, 409, write=True)},
)
async def cancel_run(request: Request, run_id: str) -> Response:
    """Cancel a run: at once while it waits (200); a running one is told and ends soon (202)."""
    services = services_of(request)
    word = await services.queue.cancel(run_id)
    if word == "REQUESTED":
        return json_reply(_cancelled(run_id, RunStatus.RUNNING, requested=True), 202)
    if word == "TERMINAL":
        status = (await services.runs.get(run_id)).status
        if status is not RunStatus.CANCELLED:
            raise StateConflict(
                f"Run {run_id!r} has ended already: {status}. / Run {run_id!r} sudah selesai: {status}."
            )
    return json_reply(_cancelled(run_id, RunStatus.CANCELLED, requested=True))


def _cancelled(run_id: str, status: RunStatus, *, requested: bool) -> dict[str, object]:
    return {"run_id": run_id, "status": status.value, "cancel_requested": requested}


# The log of a run, also while it is being written.

Level = Literal["debug", "info", "warning", "error", "critical"]
MAX_LINES = 10_000
_HEADERS: dict[str, Any] = {
    "X-Next-Cursor": {
        "description": "What `after` takes to go on from here, now or when there are more lines.",
        "schema": {"type": "string"},
    },
    "X-Log-Complete": {
        "description": "`true` where the run has ended and no line comes behind these.",
        "schema": {"type": "string", "enum": ["true", "false"]},
    },
    "X-Log-Truncated": {
        "description": "`true` where lines are missing here, because the log was too long.",
        "schema": {"type": "string", "enum": ["true", "false"]},
    },
    "Link": {"description": 'Further lines that are there: `<…>; rel="next"`.', "schema": {"type": "string"}},
}


@router.get(
    "/runs/{run_id}/logs",
    response_model=list[LogLineBody],
    responses={**problems(404, 410, 422), 200: {"headers": _HEADERS}},
)
async def get_logs(
    request: Request,
    *,
    run_id: str,
    after: Annotated[
        str, Query(pattern=r"^[0-9]{1,9}-[0-9]{1,9}$", description="A line's `cursor`, or `X-Next-Cursor`.")
    ] = "0-0",
    limit: Annotated[int, Query(ge=1, le=MAX_LINES)] = 1_000,
    level: Annotated[Level, Query(description="Of this level or a graver one.")] = "debug",
    q: Search = None,
) -> Response:
    """Return the lines that a run has logged so far, oldest first; ask again with the cursor to follow it."""
    query = LogQuery(parse_position(after) or LinePosition(), limit, level, q or "")
    page = await services_of(request).runs.read_log(run_id, query)
    return json_reply([log_view(line) for line in page.lines], headers=_headers(request, page))


def _headers(request: Request, page: LogPage) -> dict[str, str]:
    headers = {
        "X-Next-Cursor": str(page.next),
        "X-Log-Complete": str(page.complete).lower(),
        "X-Log-Truncated": str(page.truncated).lower(),
    }
    if page.more:
        kept = [(name, value) for name, value in request.query_params.multi_items() if name != "after"]
        query = urlencode([*kept, ("after", str(page.next))])
        headers["Link"] = f'<{request.url.path}?{query}>; rel="next"'
    return headers
