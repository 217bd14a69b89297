"""The log of a run, also while it is being written."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.core.log_lines import Place, place_of
from app.core.log_reader import LogPage, LogQuery
from app.services.api.deps import Search, platform_of
from app.services.api.openapi import operation_id, problems
from app.services.api.reply import json_reply
from app.services.api.schemas import LogLineBody
from app.services.api.views import log_view

router = APIRouter(tags=["runs"], generate_unique_id_function=operation_id)
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
    wanted = LogQuery(place_of(after) or Place(), limit, level, q or "")
    page = await platform_of(request).runs.read_log(run_id, wanted)
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
