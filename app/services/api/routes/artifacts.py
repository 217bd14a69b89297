"""A published file as an answer: opened below FILES_ROOT alone, whole or not at all, streamed."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.core.errors import FileMissing
from app.core.files.artifacts import Artifacts
from app.core.files.exports import HEAD_BYTES, export_header
from app.core.models import ArtifactKind
from app.core.tools.files.root import FilesRoot
from app.services.api.dependencies import DEFAULT_LIMIT, Cursor, Limit, context_of, services_of
from app.services.api.export_rights import require_file_right
from app.services.api.http.negotiation import preferred
from app.services.api.http.responses import list_reply
from app.services.api.openapi.document import Responses, lists, operation_id, parameters_of, problems
from app.services.api.schemas.artifacts import PublishedBody, file_name, media_type_of, published_view

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from app.core.files.artifacts import ArtifactFile, ArtifactRecord
    from app.services.api.dependencies import Services
    from app.services.api.http.middleware import RequestContext

_CHUNK_BYTES = 262_144
_NOT_MODIFIED = 304
# A report is a page of its own: nothing that a job's name or an error's text may hold runs or loads in it.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Cache-Control": "no-cache",
    "Vary": "Accept",
}


async def file_reply(
    services: Services, request: Request, kind: ArtifactKind, record: ArtifactRecord, *, attach: bool
) -> Response:
    """Return the file in the format that `Accept` selects; FileMissing names the machine that wrote it.

    Raises AdminRequired if the file's content is not for the caller's role.
    """
    by_type = {media_type_of(file): file for file in record.files}
    media_type = preferred(request, list(by_type))
    file = by_type[media_type]
    tag = f'"{file.sha256}"'
    descriptor = await asyncio.to_thread(_open_for, services, context_of(request), kind, record, file)
    if _known(request, tag):
        os.close(descriptor)
        return Response(status_code=_NOT_MODIFIED, headers={**_HEADERS, "ETag": tag})
    name = file_name(record, file)
    headers = {
        **_HEADERS,
        "Content-Length": str(file.bytes),
        "Content-Disposition": f'{"attachment" if attach else "inline"}; filename="{name}"',
        "ETag": tag,
    }
    return _FileResponse(descriptor, headers, media_type)


class _FileResponse(StreamingResponse):
    """Streams an opened file and closes it however the answer ends, begun or not."""

    def __init__(self, descriptor: int, headers: dict[str, str], media_type: str) -> None:
        super().__init__(self._pieces(), headers=headers, media_type=media_type)
        self._descriptor = descriptor
        self._reading: asyncio.Future[bytes] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            # A thread that still reads must not find another file under the same number.
            if self._reading is not None:
                await asyncio.wait({self._reading})
            os.close(self._descriptor)

    async def _pieces(self) -> AsyncGenerator[bytes]:
        while True:
            self._reading = asyncio.ensure_future(asyncio.to_thread(os.read, self._descriptor, _CHUNK_BYTES))
            piece = await asyncio.shield(self._reading)
            if not piece:
                return
            yield piece


def _open_for(
    services: Services,
    context: RequestContext,
    kind: ArtifactKind,
    record: ArtifactRecord,
    file: ArtifactFile,
) -> int:
    descriptor = _open(services, record, file)
    try:
        head = os.read(descriptor, HEAD_BYTES)
        os.lseek(descriptor, 0, os.SEEK_SET)
        require_file_right(context, kind, export_header(head))
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _open(services: Services, record: ArtifactRecord, file: ArtifactFile) -> int:
    root = FilesRoot.of(services.settings, services.clock)
    try:
        descriptor = root.open_read(file.path)
    except FileMissing as error:
        raise _elsewhere(record, file) from error
    if os.fstat(descriptor).st_size == file.bytes:
        return descriptor
    # Another file by now: its record is about to be written, or somebody edited it.
    os.close(descriptor)
    raise _elsewhere(record, file)


def _elsewhere(record: ArtifactRecord, file: ArtifactFile) -> FileMissing:
    return FileMissing(
        f"{file.path!r} is not here: {record.host!r} wrote it below its FILES_ROOT, and api and worker must "
        f"share that folder; or it was removed or changed since. / {file.path!r} tidak ada di sini: berkas "
        f"ditulis oleh {record.host!r}, atau sudah dihapus atau diubah."
    )


def _known(request: Request, tag: str) -> bool:
    asked = ",".join(request.headers.getlist("if-none-match"))
    return any(each.strip().removeprefix("W/") in {tag, "*"} for each in asked.split(","))


# Reports and exports: what jobs have published, and the files themselves.

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
    return await _list(request, ArtifactKind.REPORT, job_id, cursor, limit)


@router.get(
    "/reports/{report_id}",
    response_class=Response,
    openapi_extra=parameters_of(_IF_NONE_MATCH),
    responses=_contents("application/json", "text/markdown", "text/html"),
)
async def get_report(request: Request, report_id: str) -> Response:
    """Return a report as `Accept` asks: application/json, text/markdown or text/html."""
    return await _content(request, ArtifactKind.REPORT, report_id, attach=False)


@router.get(
    "/exports",
    response_model=list[PublishedBody],
    responses={**problems(422), **lists(PublishedBody)},
)
async def list_exports(
    request: Request, job_id: OfJob = None, cursor: Cursor = None, limit: Limit = DEFAULT_LIMIT
) -> Response:
    """Return exports, newest first; a job of type `backup.export` makes them and keeps the newest."""
    return await _list(request, ArtifactKind.EXPORT, job_id, cursor, limit)


@router.get(
    "/exports/{export_id}",
    response_class=Response,
    openapi_extra=parameters_of(_IF_NONE_MATCH),
    responses=_contents("application/gzip"),
)
async def get_export(request: Request, export_id: str) -> Response:
    """Return an export's file, as `multi-job restore` takes it."""
    return await _content(request, ArtifactKind.EXPORT, export_id, attach=True)


async def _list(
    request: Request, kind: ArtifactKind, job_id: str | None, cursor: int | None, limit: int
) -> Response:
    services = services_of(request)
    page = await Artifacts(services.link, services.keys).list(kind, job_id, cursor, limit)
    return list_reply(request, [published_view(each) for each in page.items], page.next_cursor, page.total)


async def _content(request: Request, kind: ArtifactKind, record_id: str, *, attach: bool) -> Response:
    services = services_of(request)
    record = await Artifacts(services.link, services.keys).get(kind, record_id)
    return await file_reply(services, request, kind, record, attach=attach)
