"""Messages of the outbox: list, read, send again, close."""

from __future__ import annotations

from app.core.connectors.messages import OutboxState
from app.core.errors import MessageNotFound, StateConflict
from app.services.api.dependencies import ContextDep, PagingDep, ServicesDep
from app.services.api.http.router import Router
from app.services.api.schemas.connectors import MessageBody

router = Router("messages")


@router.get("/messages")
async def list_messages(
    services: ServicesDep, paging: PagingDep, state: OutboxState | None = None
) -> list[MessageBody]:
    """Return messages, newest first; `unknown` ones wait for a person to resend or close them."""
    page = await services.channels.outbox.find_many(state, paging.cursor, paging.limit)
    return paging.show(page, MessageBody.model_validate)


@router.get("/messages/{message_id}", raises=(MessageNotFound,))
async def get_message(services: ServicesDep, message_id: str) -> MessageBody:
    """Return a message and what has become of it."""
    entry = await services.channels.outbox.get(message_id)
    if entry is None:
        raise MessageNotFound(message_id[:200])
    return MessageBody.model_validate(entry)


@router.post("/messages/{message_id}/resend", raises=(MessageNotFound, StateConflict))
async def resend_message(services: ServicesDep, message_id: str) -> MessageBody:
    """Send a failed or unknown message again."""
    return MessageBody.model_validate(await services.channels.outbox.resend(message_id))


@router.post("/messages/{message_id}/close", raises=(MessageNotFound, StateConflict))
async def close_message(services: ServicesDep, context: ContextDep, message_id: str) -> MessageBody:
    """Give a message up that waits, failed, or whose outcome is unknown: `failed`, code `closed`."""
    closed = await services.channels.outbox.close(message_id, context.actor.name)
    return MessageBody.model_validate(closed)
