"""Routes of channels, their accounts, and the accounts' availability."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from app.core.connectors import CHANNELS
from app.core.connectors.updates import Updates
from app.core.errors import (
    AccountNotFound,
    ChatsUnavailable,
    CheckUnavailable,
    Conflict,
    InvalidInput,
)
from app.core.messaging.account_history import AccountHistory
from app.core.messaging.account_models import AccountDraft
from app.services.api.dependencies import (
    DEFAULT_LIMIT,
    LIST_HEADERS,
    ChannelServices,
    ContextDep,
    Limit,
    ServicesDep,
)
from app.services.api.http.body import StrictBody
from app.services.api.http.conditions import IdempotencyKey
from app.services.api.http.responses import link_next
from app.services.api.http.router import LOCATION, Router
from app.services.api.routes.connectors_service import chats_of, send
from app.services.api.schemas.connectors import (
    AccountBody,
    AccountDeleted,
    AccountRequest,
    ChatBody,
    CheckBody,
    ConnectorBody,
    InboxMessageBody,
    MessageBody,
    SendRequest,
    account_changes,
)
from app.services.api.schemas.statistics import AvailabilityBody

router = Router("connectors")
ACCOUNT = "/connectors/{channel}/accounts/{account_id}"
TEST_SEC = 20.0
MAX_HOURS = 168

Hours = Annotated[int, Query(ge=1, le=MAX_HOURS, description="How many, the running quarter hour included.")]


@router.get(f"{ACCOUNT}/availability")
async def get_availability(
    services: ServicesDep, channel: str, account_id: str, hours: Hours = 24
) -> AvailabilityBody:
    """Return the availability of an account, by its `monitor.channel` jobs; empty if there is none.

    The account need not be set up: a monitor of a missing account reports that. If several jobs watch it, a
    quarter hour comes from the one that saw most of it; the time since the last check is not counted yet.
    """
    history = AccountHistory(services.link, services.keys).history
    found = await history(channel, account_id, services.clock.now_ms(), hours)
    return AvailabilityBody.of(channel, account_id, found)


# ChannelServices and their accounts. No route shows a secret.


@router.get("/connectors")
async def list_connectors(services: ServicesDep) -> list[ConnectorBody]:
    """Return the channels with the JSON Schema of their accounts, and the accounts that are there."""
    channels = services.channels
    infos = await channels.accounts.infos()
    names = [info.name for info in infos]
    health, holds = await asyncio.gather(channels.checks.last(names), channels.send_holds.of(names))
    of_each = {name: [info for info in infos if info.channel == name] for name in CHANNELS}
    return [ConnectorBody.of(kind, of_each[kind.channel], health, holds) for kind in CHANNELS.values()]


@router.get("/connectors/sandbox/messages", headers=LIST_HEADERS)
async def list_inbox(
    services: ServicesDep,
    request: Request,
    response: Response,
    cursor: Annotated[
        str | None,
        Query(pattern=r"^[0-9]{1,15}-[0-9]{1,15}$", description='From the last `Link: rel="next"`.'),
    ] = None,
    limit: Limit = DEFAULT_LIMIT,
) -> list[InboxMessageBody]:
    """Return what the sandbox has received, newest first; the 1,000 newest are kept."""
    messages, following = await services.channels.outbox.inbox(limit, cursor)
    link_next(request, response, following)
    return [InboxMessageBody.model_validate(message) for message in messages]


@router.get(ACCOUNT, raises=(AccountNotFound,))
async def get_account(services: ServicesDep, channel: str, account_id: str) -> AccountBody:
    """Return an account without its secrets."""
    return await _shown(services.channels, channel, account_id)


@router.put(ACCOUNT, raises=(InvalidInput, Conflict))
async def save_account(
    services: ServicesDep,
    context: ContextDep,
    body: StrictBody[AccountRequest],
    channel: str,
    account_id: str,
) -> AccountBody:
    """Create or replace an account; read-only fields of a GET may stay in the body and are ignored."""
    draft = AccountDraft(
        channel=channel,
        account_id=account_id,
        settings=body.settings,
        secrets=body.secrets,
        default_to=body.default_to,
        allow_chats=tuple(body.allow_chats),
        commands=body.commands,
        enabled=body.enabled,
    )
    accounts = services.channels.accounts
    before = await accounts.info(channel, account_id)
    await accounts.put(draft, context.actor.name)
    context.note(diff=account_changes(before, draft))
    return await _shown(services.channels, channel, account_id)


@router.delete(ACCOUNT, raises=(AccountNotFound, Conflict))
async def delete_account(
    services: ServicesDep, context: ContextDep, channel: str, account_id: str
) -> AccountDeleted:
    """Forget an account and its secrets; messages that still waited for it have failed."""
    await services.channels.accounts.delete(channel, account_id, context.actor.name)
    return AccountDeleted(channel=channel, account_id=account_id, status="deleted")


@router.post(f"{ACCOUNT}/test", raises=(CheckUnavailable,))
async def test_account(services: ServicesDep, channel: str, account_id: str) -> CheckBody:
    """Check the account by a real call of the connector; 503 if no connector could check it."""
    return CheckBody.model_validate(await services.channels.checks.ask(channel, account_id, TEST_SEC))


@router.post(f"{ACCOUNT}/chats", raises=(AccountNotFound, ChatsUnavailable, CheckUnavailable))
async def list_chats(services: ServicesDep, channel: str, account_id: str) -> list[ChatBody]:
    """Return the chats that wrote to an account recently, newest first; 409 if they cannot be listed.

    If another program fetches a bot's updates, they are read without removing any.
    """
    updates = Updates(services.link, services.queue.scripts, services.keys)
    found = await chats_of(services.channels, updates, channel, account_id)
    return [ChatBody.model_validate(chat) for chat in found]


@router.post(
    f"{ACCOUNT}/messages",
    status_code=202,
    raises=(AccountNotFound, InvalidInput, Conflict),
    headers=LOCATION,
)
async def send_message(
    services: ServicesDep,
    context: ContextDep,
    body: StrictBody[SendRequest],
    key: IdempotencyKey,
    response: Response,
    channel: str,
    account_id: str,
) -> MessageBody:
    """Send a text through an account; `GET /messages/{message_id}` says what became of it."""
    once = None if key is None else (context.actor, key)
    entry = await send(services.channels, services.clock, (channel, account_id), body, once)
    context.note(diff=[{"path": "/message_id", "from": None, "to": entry.id}])
    response.headers["Location"] = f"/messages/{entry.id}"
    return MessageBody.model_validate(entry)


async def _shown(channels: ChannelServices, channel: str, account_id: str) -> AccountBody:
    info = await channels.accounts.info(channel, account_id)
    if info is None:
        raise AccountNotFound(channel[:100], account_id[:100])
    health, holds = await asyncio.gather(
        channels.checks.last([info.name]), channels.send_holds.of([info.name])
    )
    return AccountBody.of(info, health.get(info.name), holds.get(info.name))
