"""Reports and exports: their lists, and their contents, streamed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.core.access.api_keys import Role
from app.core.errors import AdminRequired, FileMissing, FilesUnavailable, RecordMissing
from app.core.files.artifacts import Artifacts
from app.core.files.exports import HEAD_BYTES, SEALED_MAGIC, export_header
from app.core.i18n import _
from app.core.records import ArtifactKind
from app.services.api.http.problems import HttpProblem
from app.services.api.http.router import (
    ContextDep,
    PagingDep,
    Router,
    ServicesDep,
    answer_header,
    header_parameter,
)
from app.services.api.schemas.artifacts import PublishedBody, file_name, media_type_of

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from app.core.files.artifacts import ArtifactRecord
    from app.core.files.contents import ArtifactContent
    from app.services.api.http.router import Paging, RequestContext
    from app.services.api.services import Services

_NOT_MODIFIED = 304
# A report is a page of its own: nothing that a job's name or an error's text may hold runs or loads in it.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Cache-Control": "no-cache",
    "Vary": "Accept",
}


async def file_reply(
    services: Services,
    context: RequestContext,
    request: Request,
    kind: ArtifactKind,
    record: ArtifactRecord,
    *,
    attach: bool,
) -> Response:
    """Return the file in the format that `Accept` selects; FileMissing names the machine that wrote it.

    Raises AdminRequired if the file's content is not for the caller's role.
    """
    by_type = {media_type_of(file): file for file in record.files}
    media_type = preferred(request, list(by_type))
    file = by_type[media_type]
    tag = f'"{file.sha256}"'
    content = await services.artifact_contents.open(record, file)
    try:
        _require_right(context, kind, content.head[:HEAD_BYTES])
        known = is_known(request, tag)
    except BaseException:
        await content.close()
        raise
    if known:
        await content.close()
        return Response(status_code=_NOT_MODIFIED, headers={**_HEADERS, "ETag": tag})
    name = file_name(record, file)
    headers = {
        **_HEADERS,
        "Content-Length": str(file.bytes),
        "Content-Disposition": f'{"attachment" if attach else "inline"}; filename="{name}"',
        "ETag": tag,
    }
    return _ContentResponse(content, headers, media_type)


class _ContentResponse(StreamingResponse):
    """Streams an opened content and closes it however the answer ends, begun or not."""

    def __init__(self, content: ArtifactContent, headers: dict[str, str], media_type: str) -> None:
        super().__init__(content.read(), headers=headers, media_type=media_type)
        self._content = content

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._content.close()


def _require_right(context: RequestContext, kind: ArtifactKind, head: bytes) -> None:
    """Raise AdminRequired if this caller may not have a file, by its content and not by its name.

    A file on the list of exports whose header cannot be read may hold secrets. A full backup is
    sealed, and an admin's all the same.
    """
    header = export_header(head)
    if header is None and kind is not ArtifactKind.EXPORT and not head.startswith(SEALED_MAGIC):
        return
    needed = Role.ADMIN if header is None or header.secrets else Role.OPERATOR
    if context.actor.role.covers(needed):
        return
    if needed is Role.ADMIN:
        raise AdminRequired(_("This export has secrets in it: only an admin may have it."))
    raise AdminRequired(_("This file is an export: it needs the role {needed}.", needed=needed))


def is_known(request: Request, tag: str) -> bool:
    """Return whether `If-None-Match` names the content that a tag is of."""
    asked = ",".join(request.headers.getlist("if-none-match"))
    return any(each.strip().removeprefix("W/") in {tag, "*"} for each in asked.split(","))


# Content negotiation by `Accept` (RFC 9110).

_QUALITY = re.compile(r"(?:^|;)\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*(?:;|$)", re.IGNORECASE)


def preferred(request: Request, offered: Sequence[str]) -> str:
    """Return the media type of the response, the first one without a header; 406 if none matches."""
    asked = ",".join(request.headers.getlist("accept")).strip()
    ranges = [_range(part) for part in asked.split(",") if part.strip()] or [("*/*", 1.0)]
    # Of equals the first that is offered: max keeps it.
    best = max(offered, key=lambda media_type: _weight(media_type, ranges))
    if _weight(best, ranges) > 0:
        return best
    raise HttpProblem(
        "not_acceptable",
        _("There is only {offered}.", offered=", ".join(offered)),
    )


def _range(part: str) -> tuple[str, float]:
    media_range, _sep, parameters = part.partition(";")
    quality = _QUALITY.search(parameters)
    return media_range.strip().lower(), float(quality[1]) if quality else 1.0


def _weight(media_type: str, ranges: Sequence[tuple[str, float]]) -> float:
    """Return the quality of the most specific range that covers a type."""
    for wanted in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        found = [quality for media_range, quality in ranges if media_range == wanted]
        if found:
            return max(found)
    return 0.0


# The lists and the files.

router = Router("files")
OfJob = Annotated[str | None, Query(max_length=64)]

IF_NONE_MATCH = header_parameter(
    "If-None-Match", "The `ETag` of the content that is known already: 304 if it still is the content."
)
_BINARY = {"application/gzip", "application/octet-stream"}
_CONTENT_HEADERS = {
    name: answer_header(text)
    for name, text in (("ETag", "The SHA-256 of the content."), ("Content-Disposition", "The file's name."))
}


def _content_of(*media_types: str) -> dict[str, Any]:
    """Return the options of a route that serves a file in some formats."""
    schemas: dict[str, Any] = {name: {"schema": {"type": "string"}} for name in media_types}
    for name in _BINARY & schemas.keys():
        schemas[name] = {"schema": {"type": "string", "format": "binary"}}
    if "application/json" in schemas:
        schemas["application/json"] = {"schema": {"type": "object"}}
    return {
        "response_class": Response,
        "responses": {
            200: {"description": "The content.", "content": schemas},
            304: {"description": "What `If-None-Match` names is still the content."},
        },
        "headers": _CONTENT_HEADERS,
        "documents": ({"parameters": [IF_NONE_MATCH]},),
        "raises": (RecordMissing, FileMissing, FilesUnavailable, "not_acceptable"),
    }


@router.get("/reports")
async def list_reports(services: ServicesDep, paging: PagingDep, job_id: OfJob = None) -> list[PublishedBody]:
    """Return reports, newest first; one is listed for as long as its job keeps its files."""
    return await _list(services, paging, ArtifactKind.REPORT, job_id)


@router.get("/reports/{report_id}", **_content_of("application/json", "text/markdown", "text/html"))
async def get_report(
    services: ServicesDep, context: ContextDep, request: Request, report_id: str
) -> Response:
    """Return a report as `Accept` asks: application/json, text/markdown or text/html."""
    record = await Artifacts(services.link, services.keys).get(ArtifactKind.REPORT, report_id)
    return await file_reply(services, context, request, ArtifactKind.REPORT, record, attach=False)


@router.get("/exports")
async def list_exports(services: ServicesDep, paging: PagingDep, job_id: OfJob = None) -> list[PublishedBody]:
    """Return exports, newest first; a job of type `backup.export` makes them and keeps the newest."""
    return await _list(services, paging, ArtifactKind.EXPORT, job_id)


@router.get("/exports/{export_id}", **_content_of("application/gzip", "application/octet-stream"))
async def get_export(
    services: ServicesDep, context: ContextDep, request: Request, export_id: str
) -> Response:
    """Return an export's file, as `multi-job restore` takes it; a full backup is an age file."""
    record = await Artifacts(services.link, services.keys).get(ArtifactKind.EXPORT, export_id)
    return await file_reply(services, context, request, ArtifactKind.EXPORT, record, attach=True)


async def _list(
    services: Services, paging: Paging, kind: ArtifactKind, job_id: str | None
) -> list[PublishedBody]:
    page = await Artifacts(services.link, services.keys).list(kind, job_id, paging.cursor, paging.limit)
    return paging.show(page, PublishedBody.of)
