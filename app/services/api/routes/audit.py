"""The audit: who changed what, and who was refused."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.core.audit import AuditFilter
from app.services.api.deps import DEFAULT_LIMIT, Cursor, Limit, platform_of
from app.services.api.openapi import lists, operation_id, problems
from app.services.api.reply import list_reply
from app.services.api.schemas_access import AuditBody
from app.services.api.views_access import audit_view

router = APIRouter(tags=["access"], generate_unique_id_function=operation_id)


@router.get("/audit", response_model=list[AuditBody], responses={**problems(422), **lists(AuditBody)})
async def list_audit(
    request: Request,
    actor: Annotated[str | None, Query(max_length=200)] = None,
    target: Annotated[
        str | None, Query(max_length=200, description="`job:a`; `job:` stands for all jobs.")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Response:
    """Return acts, newest first: every write but submissions, which carry their actor in the run."""
    page = await platform_of(request).audit.log.list(AuditFilter(actor, target), cursor, limit)
    return list_reply(request, [audit_view(record) for record in page.items], page.next_cursor)
