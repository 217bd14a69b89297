"""Messages on their way, and those that wait for a person's decision."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.core.connectors.messages import OutboxState
from app.core.errors import MessageNotFound
from app.services.api.dependencies import DEFAULT_LIMIT, Cursor, Limit, context_of, services_of
from app.services.api.http.responses import json_reply, list_reply
from app.services.api.openapi.document import lists, operation_id, problems
from app.services.api.schemas.connectors import MessageBody, message_view

router = APIRouter(tags=["messages"], generate_unique_id_function=operation_id)


@router.get("/messages", response_model=list[MessageBody], responses={**problems(422), **lists(MessageBody)})
async def list_messages(
    request: Request,
    state: OutboxState | None = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Response:
    """Return messages, newest first; `unknown` ones wait for somebody to resend or close them."""
    page = await services_of(request).channels.outbox.find_many(state, cursor, limit)
    return list_reply(request, [message_view(entry) for entry in page.items], page.next_cursor, page.total)


@router.get("/messages/{message_id}", response_model=MessageBody, responses=problems(404))
async def get_message(request: Request, message_id: str) -> Response:
    """Return a message and what has become of it."""
    entry = await services_of(request).channels.outbox.get(message_id)
    if entry is None:
        raise MessageNotFound(message_id[:200])
    return json_reply(message_view(entry))


@router.post(
    "/messages/{message_id}/resend", response_model=MessageBody, responses=problems(404, 409, write=True)
)
async def resend_message(request: Request, message_id: str) -> Response:
    """Send a message anew that failed or whose outcome is unknown."""
    return json_reply(message_view(await services_of(request).channels.outbox.resend(message_id)))


@router.post(
    "/messages/{message_id}/close", response_model=MessageBody, responses=problems(404, 409, write=True)
)
async def close_message(request: Request, message_id: str) -> Response:
    """Give a message up that waits, failed, or whose outcome is unknown: `failed`, code `closed`."""
    actor = context_of(request).actor.name
    return json_reply(message_view(await services_of(request).channels.outbox.close(message_id, actor)))
