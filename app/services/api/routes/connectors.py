"""How an account was over time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.core.connectors import CHANNELS
from app.core.connectors.updates import Updates
from app.core.errors import AccountNotFound
from app.core.messaging.account_history import AccountHistory
from app.core.messaging.account_models import AccountDraft
from app.services.api.dependencies import DEFAULT_LIMIT, Limit, context_of, services_of
from app.services.api.http.body import model_of, read_model, read_object
from app.services.api.http.conditions import key_of
from app.services.api.http.responses import instant, json_reply, list_reply
from app.services.api.openapi.document import IDEMPOTENCY_KEY, lists, operation_id, problems, takes
from app.services.api.routes.connectors_service import chats_of, send
from app.services.api.schemas.connectors import (
    READ_ONLY_FIELDS,
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
    account_view,
    chat_view,
    check_view,
    connector_view,
    inbox_view,
    message_view,
)
from app.services.api.schemas.statistics import AvailabilityBody

if TYPE_CHECKING:
    from app.core.messaging.account_history import AvailabilityHistory

router = APIRouter(tags=["connectors"], generate_unique_id_function=operation_id)
MAX_HOURS = 168

Hours = Annotated[int, Query(ge=1, le=MAX_HOURS, description="How many, the running quarter hour included.")]


@router.get(
    "/connectors/{channel}/accounts/{account_id}/availability",
    response_model=AvailabilityBody,
    responses=problems(422),
)
async def get_availability(request: Request, channel: str, account_id: str, hours: Hours = 24) -> Response:
    """Return how an account was, by the `monitor.channel` jobs that watch it; empty where none does.

    The account need not be set up: a monitor of one that is not says so. Where several jobs watch it, a
    quarter hour is told by the one that saw most of it; the time since the last check is not counted yet.
    """
    services = services_of(request)
    found = await AccountHistory(services.link, services.keys).history(
        channel, account_id, services.clock.now_ms(), hours
    )
    return json_reply({"channel": channel, "account_id": account_id, **_view(found)})


def _view(found: AvailabilityHistory) -> dict[str, Any]:
    return {
        "since": instant(found.since_ms),
        "until": instant(found.until_ms),
        "quarters": [
            {"at": instant(each.at_ms), **{f"{state}_ms": ms for state, ms in each.ms.items()}}
            for each in found.quarters
        ],
        "outages": [
            {
                "from": instant(outage.from_ms),
                "to": instant(outage.to_ms),
                "reason": outage.reason,
                "job_id": job_id,
            }
            for job_id, outage in found.outages
        ],
        "job_ids": list(found.job_ids),
    }


# Channels and their accounts: secrets go in and never come out.

ACCOUNT = "/connectors/{channel}/accounts/{account_id}"
TEST_SEC = 20.0


@router.get("/connectors", response_model=list[ConnectorBody], responses=problems())
async def list_connectors(request: Request) -> Response:
    """Return the channels with the JSON Schema of their accounts, and the accounts that are there."""
    channels = services_of(request).channels
    infos = await channels.accounts.infos()
    names = [info.name for info in infos]
    health, holds = await asyncio.gather(channels.checks.last(names), channels.send_holds.of(names))
    of_each = {name: [info for info in infos if info.channel == name] for name in CHANNELS}
    return json_reply(
        [connector_view(kind, of_each[kind.channel], health, holds) for kind in CHANNELS.values()]
    )


@router.get(
    "/connectors/sandbox/messages",
    response_model=list[InboxMessageBody],
    responses={**problems(422), **lists(InboxMessageBody)},
)
async def list_inbox(
    request: Request,
    cursor: Annotated[
        str | None,
        Query(pattern=r"^[0-9]{1,15}-[0-9]{1,15}$", description='From the last `Link: rel="next"`.'),
    ] = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Response:
    """Return what the sandbox has received, newest first; the 1,000 newest are kept."""
    messages, following = await services_of(request).channels.outbox.inbox(limit, cursor)
    return list_reply(request, [inbox_view(message) for message in messages], following)


@router.get(ACCOUNT, response_model=AccountBody, responses=problems(404))
async def get_account(request: Request, channel: str, account_id: str) -> Response:
    """Return an account without its secrets."""
    return json_reply(await _shown(request, channel, account_id))


@router.put(
    ACCOUNT,
    response_model=AccountBody,
    responses=problems(400, 409, 422, write=True),
    openapi_extra=takes(AccountRequest),
)
async def save_account(request: Request, channel: str, account_id: str) -> Response:
    """Create or replace an account; read-only fields of a GET may stay in the body and are ignored."""
    services, context = services_of(request), context_of(request)
    raw = read_object(context.body)
    body = model_of(AccountRequest, {name: raw[name] for name in raw if name not in READ_ONLY_FIELDS})
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
    before = await services.channels.accounts.info(channel, account_id)
    await services.channels.accounts.put(draft, context.actor.name)
    context.note(diff=account_changes(before, draft))
    return json_reply(await _shown(request, channel, account_id))


@router.delete(ACCOUNT, response_model=AccountDeleted, responses=problems(404, 409, write=True))
async def delete_account(request: Request, channel: str, account_id: str) -> Response:
    """Forget an account and its secrets; messages that still waited for it have failed."""
    context = context_of(request)
    await services_of(request).channels.accounts.delete(channel, account_id, context.actor.name)
    return json_reply({"channel": channel, "account_id": account_id, "status": "deleted"})


@router.post(f"{ACCOUNT}/test", response_model=CheckBody, responses=problems(write=True))
async def test_account(request: Request, channel: str, account_id: str) -> Response:
    """Have the connector make a real call on the account; 503 where nobody could look."""
    answer = await services_of(request).channels.checks.ask(channel, account_id, TEST_SEC)
    return json_reply(check_view(answer))


@router.post(f"{ACCOUNT}/chats", response_model=list[ChatBody], responses=problems(404, 409, write=True))
async def list_chats(request: Request, channel: str, account_id: str) -> Response:
    """Return the chats that wrote to an account lately, newest first; 409 where nobody can see them.

    A bot whose updates another program fetches is looked at without taking any away.
    """
    services = services_of(request)
    updates = Updates(services.link, services.queue.scripts, services.keys)
    found = await chats_of(services.channels, updates, channel, account_id)
    return json_reply([chat_view(chat) for chat in found])


@router.post(
    f"{ACCOUNT}/messages",
    status_code=202,
    response_model=MessageBody,
    responses=problems(400, 404, 409, 422, write=True),
    openapi_extra=takes(SendRequest, IDEMPOTENCY_KEY),
)
async def send_message(request: Request, channel: str, account_id: str) -> Response:
    """Send a text through an account; `GET /messages/{message_id}` says what became of it."""
    services, context = services_of(request), context_of(request)
    body, key = read_model(SendRequest, context.body), key_of(request)
    once = None if key is None else (context.actor, key)
    entry = await send(services.channels, services.clock, (channel, account_id), body, once)
    context.note(diff=[{"path": "/message_id", "from": None, "to": entry.id}])
    return json_reply(message_view(entry), 202, {"Location": f"/messages/{entry.id}"})


async def _shown(request: Request, channel: str, account_id: str) -> dict[str, object]:
    channels = services_of(request).channels
    info = await channels.accounts.info(channel, account_id)
    if info is None:
        raise AccountNotFound(channel[:100], account_id[:100])
    health, holds = await asyncio.gather(
        channels.checks.last([info.name]), channels.send_holds.of([info.name])
    )
    return account_view(info, health.get(info.name), holds.get(info.name))
