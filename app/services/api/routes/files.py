"""Reports and exports: what jobs have published, and the files themselves."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.core.published import Published, PublishedKind
from app.services.api.deps import DEFAULT_LIMIT, Cursor, Limit, platform_of
from app.services.api.file_reply import file_reply
from app.services.api.openapi import Responses, lists, operation_id, parameters_of, problems
from app.services.api.reply import list_reply
from app.services.api.schemas_files import PublishedBody
from app.services.api.views_files import published_view

router = APIRouter(tags=["files"], generate_unique_id_function=operation_id)
OfJob = Annotated[str | None, Query(max_length=64)]

_IF_NONE_MATCH: dict[str, Any] = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The `ETag` of the content that is known already: 304 where it still is the content.",
    "schema": {"type": "string"},
}


def _contents(*media_types: str) -> Responses:
    schemas: dict[str, Any] = {
        media_type: {
            "schema": {"type": "string", "format": "binary"} if "zip" in media_type else {"type": "string"}
        }
        for media_type in media_types
    }
    if "application/json" in schemas:
        schemas["application/json"] = {"schema": {"type": "object"}}
    headers = {
        name: {"description": text, "schema": {"type": "string"}}
        for name, text in (
            ("ETag", "The SHA-256 of the content."),
            ("Content-Disposition", "The file's name."),
        )
    }
    unchanged = {"description": "What `If-None-Match` names is still the content."}
    return {
        200: {"description": "The content.", "content": schemas, "headers": headers},
        304: unchanged,
        **problems(404, 406),
    }


@router.get(
    "/reports",
    response_model=list[PublishedBody],
    responses={**problems(422), **lists(PublishedBody)},
)
async def list_reports(
    request: Request, job_id: OfJob = None, cursor: Cursor = None, limit: Limit = DEFAULT_LIMIT
) -> Response:
    """Return reports, newest first; one is listed for as long as its job keeps its files."""
    return await _list(request, PublishedKind.REPORT, job_id, cursor, limit)


@router.get(
    "/reports/{report_id}",
    response_class=Response,
    openapi_extra=parameters_of(_IF_NONE_MATCH),
    responses=_contents("application/json", "text/markdown", "text/html"),
)
async def get_report(request: Request, report_id: str) -> Response:
    """Return a report as `Accept` asks: application/json, text/markdown or text/html."""
    return await _content(request, PublishedKind.REPORT, report_id, attach=False)


@router.get(
    "/exports",
    response_model=list[PublishedBody],
    responses={**problems(422), **lists(PublishedBody)},
)
async def list_exports(
    request: Request, job_id: OfJob = None, cursor: Cursor = None, limit: Limit = DEFAULT_LIMIT
) -> Response:
    """Return exports, newest first; a job of type `backup.export` makes them and keeps the newest."""
    return await _list(request, PublishedKind.EXPORT, job_id, cursor, limit)


@router.get(
    "/exports/{export_id}",
    response_class=Response,
    openapi_extra=parameters_of(_IF_NONE_MATCH),
    responses=_contents("application/gzip"),
)
async def get_export(request: Request, export_id: str) -> Response:
    """Return an export's file, as `multi-job restore` takes it."""
    return await _content(request, PublishedKind.EXPORT, export_id, attach=True)


async def _list(
    request: Request, kind: PublishedKind, job_id: str | None, cursor: int | None, limit: int
) -> Response:
    at = platform_of(request)
    page = await Published(at.link, at.keys).list(kind, job_id, cursor, limit)
    return list_reply(request, [published_view(each) for each in page.items], page.next_cursor, page.total)


async def _content(request: Request, kind: PublishedKind, record_id: str, *, attach: bool) -> Response:
    at = platform_of(request)
    record = await Published(at.link, at.keys).get(kind, record_id)
    return await file_reply(at, request, kind, record, attach=attach)
