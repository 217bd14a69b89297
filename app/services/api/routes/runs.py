"""Runs: list, count, read, cancel, and their logs."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeVar

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from app.core.clock import to_ms
from app.core.errors import Gone, RunNotFound, StateConflict
from app.core.fields import Rfc3339
from app.core.i18n import _
from app.core.log_lines import LinePosition, parse_position
from app.core.models import RunStatus
from app.core.monitors.models import is_monitor
from app.core.runs.logs import LogQuery
from app.core.runs.search import RunFilter
from app.services.api.http.responses import in_language, link_next
from app.services.api.http.router import (
    LIST_HEADERS,
    ContextDep,
    Paging,
    PagingDep,
    PlainListRoute,
    Router,
    Search,
    ServicesDep,
    answer_header,
    context_of,
    services_of,
)
from app.services.api.schemas.monitors import MonitorBriefBody
from app.services.api.schemas.run_rows import run_row
from app.services.api.schemas.runs import (
    LogLineBody,
    RunBody,
    RunCancelled,
    RunCounts,
    RunDetail,
    WaitPlaceBody,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.monitors.models import MonitorBrief
    from app.services.api.services import Services

Body = TypeVar("Body", bound=RunBody)
router = Router("runs")
# The gate calls it itself, so it costs no solving of parameters.
newest = Router("runs", route_class=PlainListRoute)
NO_RUNS: Final = b"[]"
"""The body of an empty page."""
_SEARCH_HEADERS: dict[str, Any] = {
    **LIST_HEADERS,
    "X-Searched-Count": answer_header(
        "Records that this call has looked at; absent if one index has the whole list.", type="integer"
    ),
    "X-Search-Total": answer_header(
        "Records from this call's cursor on to the end, those included that it has looked at.", type="integer"
    ),
}


@router.get("/runs", response_model=list[RunBody], headers=_SEARCH_HEADERS, scope="filter")
async def list_runs(
    services: ServicesDep,
    context: ContextDep,
    paging: PagingDep,
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
        scope=context.scope,
    )
    return await reply_with_runs(services, paging, run_filter)


@newest.get("/runs", include_in_schema=False, scope="filter")
async def list_newest_runs(request: Request) -> Response:
    """Return runs as `list_runs` does without a filter: what programs and the dashboard ask for most."""
    return await reply_with_runs(
        services_of(request), Paging.plain(request), RunFilter(scope=context_of(request).scope)
    )


async def reply_with_runs(services: Services, paging: Paging, run_filter: RunFilter) -> Response:
    """Return a page of runs, with the states of the monitors among their jobs."""
    page = await services.runs.hashes(run_filter, paging.cursor, paging.limit)
    if run_filter.scope is not None:
        # The records that were searched include those of other jobs.
        page = replace(page, progress=None, total=None)
    ids = [h["job"] for _, h in page.items if is_monitor(h["type"])]
    briefs = await services.monitors.briefs(ids) if ids else {}
    rows = paging.show(page, lambda run: run_row(*run, briefs))
    return Response(f"[{','.join(rows)}]".encode(), 200, paging.headers, "application/json")


def with_monitor(body: Body, briefs: Mapping[str, MonitorBrief]) -> Body:
    """Return a run with the present state of what its job watches."""
    if (brief := briefs.get(body.job_id)) is None:
        return body
    return body.model_copy(update={"monitor": MonitorBriefBody.of(brief)})


# Ahead of `/runs/{run_id}`: no run can have this id.
@router.get("/runs/counts")
async def count_runs(services: ServicesDep) -> RunCounts:
    """Return how many runs there are in each state, and how many failed ones wait for a decision.

    Of the whole deployment: no index counts the runs of one job by state. A job's own figures are in its
    `stats`. Only kept runs are counted: `kept` has the limits of retention, `removed_until` how far it has
    removed runs. Statistics and metrics count removed runs too.
    """
    counts, purged_until = await asyncio.gather(services.runs.counts(), services.runs.purged_until())
    return RunCounts.of(counts, services.settings, purged_until)


@router.get("/runs/{run_id}", raises=(RunNotFound, Gone), scope="run")
async def get_run(services: ServicesDep, run_id: str) -> RunDetail:
    """Return a run with every attempt."""
    run = await services.runs.get(run_id)
    place = await services.runs.place(run)
    body = RunDetail.model_validate(run).model_copy(update={"place": place and WaitPlaceBody.of(place)})
    briefs = await services.monitors.briefs([run.job_id]) if is_monitor(run.type) else {}
    return with_monitor(body, briefs)


@router.post(
    "/runs/{run_id}/cancel",
    responses={202: {"model": RunCancelled}},
    raises=(RunNotFound, StateConflict),
    scope="run",
)
async def cancel_run(services: ServicesDep, response: Response, run_id: str) -> RunCancelled:
    """Cancel a run: at once while it waits (200); a running one is notified and ends soon (202)."""
    word = await services.queue.cancel(run_id)
    if word == "REQUESTED":
        response.status_code = 202
        return RunCancelled(run_id=run_id, status=RunStatus.RUNNING, cancel_requested=True)
    if word == "TERMINAL":
        status = (await services.runs.get(run_id)).status
        if status is not RunStatus.CANCELLED:
            raise StateConflict(
                _("Run {run_id!r} has ended already: {status}.", run_id=run_id, status=status)
            )
    return RunCancelled(run_id=run_id, status=RunStatus.CANCELLED, cancel_requested=True)


# The log of a run, also while it is being written.

Level = Literal["debug", "info", "warning", "error", "critical"]
MAX_LINES = 10_000
_LOG_HEADERS: dict[str, Any] = {
    "X-Next-Cursor": answer_header(
        "What `after` takes to go on from here, now or when there are more lines."
    ),
    "X-Log-Complete": answer_header(
        "`true` if the run has ended and no line comes after these.", enum=["true", "false"]
    ),
    "X-Log-Truncated": answer_header(
        "`true` if lines are missing here, because the log was too long.", enum=["true", "false"]
    ),
    "Link": answer_header('Further lines that are there: `<…>; rel="next"`.'),
}


@router.get("/runs/{run_id}/logs", raises=(RunNotFound, Gone), headers=_LOG_HEADERS, scope="run")
async def get_logs(
    services: ServicesDep,
    request: Request,
    response: Response,
    *,
    run_id: str,
    after: Annotated[
        str, Query(pattern=r"^[0-9]{1,9}-[0-9]{1,9}$", description="A line's `cursor`, or `X-Next-Cursor`.")
    ] = "0-0",
    limit: Annotated[int, Query(ge=1, le=MAX_LINES)] = 1_000,
    level: Annotated[Level, Query(description="Of this level or a graver one.")] = "debug",
    q: Search = None,
) -> list[LogLineBody]:
    """Return the lines that a run has logged so far, oldest first; ask again with the cursor to follow it."""
    query = LogQuery(parse_position(after) or LinePosition(), limit, level, q or "")
    page = await services.runs.read_log(run_id, query)
    response.headers.update(in_language("en"))
    response.headers["X-Next-Cursor"] = str(page.next)
    response.headers["X-Log-Complete"] = str(page.complete).lower()
    response.headers["X-Log-Truncated"] = str(page.truncated).lower()
    if page.more:
        link_next(request, response, str(page.next), "after")
    return [LogLineBody.of(line) for line in page.lines]
