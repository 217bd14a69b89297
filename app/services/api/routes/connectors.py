"""Channels, their accounts, messages that people send, and the default recipient."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from app.core.alerting.routes import NO_RECIPIENT
from app.core.connectors.channels import CHANNELS
from app.core.connectors.messages import OutboxState
from app.core.connectors.updates import Chat, Updates, newest
from app.core.errors import (
    AccountNotFound,
    ChatsUnavailable,
    CheckUnavailable,
    Conflict,
    FieldProblem,
    IdempotencyMismatch,
    InvalidInput,
    MessageNotFound,
    NonRetryableError,
    OutboxMismatch,
    SetByEnvironment,
    StateConflict,
)
from app.core.i18n import _
from app.core.ids import new_id
from app.core.messaging.account_models import AccountDraft
from app.core.messaging.lateness import as_received
from app.core.messaging.recipients import refuse_other_recipient
from app.core.recipient import (
    MAX_TO_CHARS,
    SANDBOX_CHANNEL,
    SANDBOX_TO,
    Recipient,
    account_name,
    is_recipient,
)
from app.services.api.http.body import StrictBody
from app.services.api.http.conditions import IdempotencyKey, scope_of
from app.services.api.http.responses import link_next
from app.services.api.http.router import (
    DEFAULT_LIMIT,
    LIST_HEADERS,
    LOCATION,
    ContextDep,
    Limit,
    PagingDep,
    Router,
    ServicesDep,
)
from app.services.api.schemas.connectors import (
    AccountBody,
    AccountDeleted,
    AccountRequest,
    AvailabilityBody,
    ChatBody,
    CheckBody,
    ConnectorBody,
    DefaultNotifyBody,
    DefaultNotifyRequest,
    InboxMessageBody,
    MessageBody,
    SendRequest,
    account_changes,
)

if TYPE_CHECKING:
    from app.core.connectors.messages import OutboxEntry
    from app.core.messaging.account_models import AccountInfo
    from app.services.api.http.auth import Actor
    from app.services.api.services import Services

router = Router("connectors")
ACCOUNT = "/connectors/{channel}/accounts/{account_id}"
SEND = f"POST {ACCOUNT}/messages"
DEFAULT_NOTIFY = "/settings/default-notify"
TEST_SEC: Final = 20.0
_NEWEST_OF_INBOX: Final = 200
_DEFAULT_NOTIFY_TARGET = "setting:default-notify"
_NO_RECIPIENT = _("1 to {max_to_chars} printable characters", max_to_chars=MAX_TO_CHARS)
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
    now_ms = services.clock.now_ms()
    found = await services.account_history.history(channel, account_id, now_ms, hours)
    return AvailabilityBody.of(channel, account_id, found)


# Channels and their accounts. No route shows a secret.


@router.get("/connectors")
async def list_connectors(services: ServicesDep) -> list[ConnectorBody]:
    """Return the channels with the JSON Schema of their accounts, and the accounts that are there."""
    infos = await services.accounts.infos()
    names = [info.name for info in infos]
    health, holds = await asyncio.gather(services.checks.last(names), services.send_holds.of(names))
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
    messages, following = await services.outbox.inbox(limit, cursor)
    link_next(request, response, following)
    zone, language = ZoneInfo(services.settings.timezone), services.settings.language
    return [InboxMessageBody.model_validate(as_received(each, zone, language)) for each in messages]


@router.get(ACCOUNT, raises=(AccountNotFound,))
async def get_account(services: ServicesDep, channel: str, account_id: str) -> AccountBody:
    """Return an account without its secrets."""
    return await _shown(services, channel, account_id)


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
        chat_users=body.users(),
    )
    accounts = services.accounts
    before = await accounts.info(channel, account_id)
    saved = await accounts.put(draft, context.actor.name)
    context.note(diff=account_changes(before, draft, saved))
    return await _shown(services, channel, account_id)


@router.delete(ACCOUNT, raises=(AccountNotFound, Conflict))
async def delete_account(
    services: ServicesDep, context: ContextDep, channel: str, account_id: str
) -> AccountDeleted:
    """Forget an account and its secrets; messages that still waited for it have failed."""
    await services.accounts.delete(channel, account_id, context.actor.name)
    return AccountDeleted(channel=channel, account_id=account_id, status="deleted")


@router.post(f"{ACCOUNT}/test", raises=(CheckUnavailable,))
async def test_account(services: ServicesDep, channel: str, account_id: str) -> CheckBody:
    """Check the account by a real call of the connector; 503 if no connector could check it."""
    return CheckBody.model_validate(await services.checks.ask(channel, account_id, TEST_SEC))


@router.post(f"{ACCOUNT}/chats", raises=(AccountNotFound, ChatsUnavailable, CheckUnavailable))
async def list_chats(services: ServicesDep, channel: str, account_id: str) -> list[ChatBody]:
    """Return the chats that wrote to an account recently, newest first; 409 if they cannot be listed.

    If another program fetches a bot's updates, they are read without removing any.
    """
    return [ChatBody.model_validate(chat) for chat in await _chats(services, channel, account_id)]


async def _chats(services: Services, channel: str, account_id: str) -> tuple[Chat, ...]:
    kind = CHANNELS.get(channel)
    info = await services.accounts.info(channel, account_id)
    if kind is None or info is None:
        raise AccountNotFound(channel[:100], account_id[:200])
    if kind.connect is None:
        # The recipients for which the sandbox has messages: it receives none.
        messages, _cursor = await services.outbox.inbox(_NEWEST_OF_INBOX)
        return newest(
            Chat(each.to, each.to, "sandbox", each.at) for each in messages if each.account_id == account_id
        )
    if kind.peeks:
        answer = await services.checks.ask_chats(channel, account_id, TEST_SEC)
        if answer.refusal:
            raise (CheckUnavailable if answer.may_pass else ChatsUnavailable)(answer.refusal)
        return answer.chats
    if kind.incoming is None or kind.incoming.needs not in info.secret_names:
        needs = "" if kind.incoming is None else f" Its webhook would need `{kind.incoming.needs}`."
        raise ChatsUnavailable(
            _(
                "{channel} does not hear who writes.{needs} Write the recipient by hand.",
                channel=account_name(channel, account_id),
                needs=needs,
            )
        )
    return await Updates(services.link, services.queue.scripts, services.keys).chats(info.name)


async def _shown(services: Services, channel: str, account_id: str) -> AccountBody:
    info = await services.accounts.info(channel, account_id)
    if info is None:
        raise AccountNotFound(channel[:100], account_id[:100])
    health, holds = await asyncio.gather(
        services.checks.last([info.name]), services.send_holds.of([info.name])
    )
    return AccountBody.of(info, health.get(info.name), holds.get(info.name))


# A message that a person sends through an account: an ordinary one, laid into the outbox once.


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
    info = await services.accounts.info(channel, account_id)
    if info is None:
        raise AccountNotFound(channel[:100], account_id[:200])
    entry = await _send(services, context.actor, info, body, key)
    context.note(diff=[{"path": "/message_id", "from": None, "to": entry.id}])
    response.headers["Location"] = f"/messages/{entry.id}"
    return MessageBody.model_validate(entry)


async def _send(
    services: Services, actor: Actor, info: AccountInfo, body: SendRequest, key: str | None
) -> OutboxEntry:
    """Store a message and return it.

    Its id is `api:<scope of the key>`, so that a repeat of the request finds its message, for as long as the
    message is stored; without a key `api:<new id>`.
    """
    outbox = services.outbox
    entry_id = f"api:{new_id(services.clock) if key is None else scope_of(actor, SEND, key)}"
    sent_before = None if key is None else await outbox.get(entry_id)
    if sent_before is not None:
        # The account's `default_to` may be another one by now.
        goes_there = sent_before.account == info.name and body.to in {None, sent_before.to}
        if not goes_there or sent_before.text != body.text:
            raise _mismatch()
        return sent_before
    if not info.enabled:
        raise Conflict(_("Account {name} is disabled: save it with `enabled: true`.", name=info.name))
    to = _recipient(info, body)
    try:
        return await outbox.put(entry_id, info.channel, info.account_id, to, body.text)
    except OutboxMismatch:
        # Two requests under one key at the same moment.
        raise _mismatch() from None


def _recipient(info: AccountInfo, body: SendRequest) -> str:
    problem = _other_recipient(info, body.to)
    if problem is not None:
        raise _refused("message", "/to", problem)
    kind = CHANNELS[info.channel]
    to = None if kind.sole_recipient else body.to
    to = to or info.default_to or (SANDBOX_TO if info.channel == SANDBOX_CHANNEL else None)
    if to is None:
        message = _("name a recipient, or give account {name} a `default_to`", name=info.name)
        raise _refused("message", "/to", message)
    if not is_recipient(to):
        raise _refused("message", "/to", _NO_RECIPIENT)
    if not body.text.strip():
        raise _refused("message", "/text", _("the text is blank"))
    return to


def _other_recipient(info: AccountInfo, to: str | None) -> str | None:
    """Return why an account cannot send to a recipient; None if it can."""
    try:
        refuse_other_recipient(CHANNELS[info.channel], info, to)
    except NonRetryableError as error:
        return error.message
    return None


def _refused(thing: str, pointer: str, message: str) -> InvalidInput:
    problem = FieldProblem(pointer, message, "invalid")
    return InvalidInput(f"The {thing} does not fit. {pointer}: {message}", (problem,))


def _mismatch() -> IdempotencyMismatch:
    return IdempotencyMismatch(_("This Idempotency-Key was used for another message."))


# The default recipient, which people set while the deployment runs.


@router.get(DEFAULT_NOTIFY)
async def get_default_notify(services: ServicesDep) -> DefaultNotifyBody:
    """Return the default recipient of messages."""
    return await _default_notify(services)


@router.put(DEFAULT_NOTIFY, raises=(InvalidInput, SetByEnvironment))
async def put_default_notify(
    services: ServicesDep, context: ContextDep, body: StrictBody[DefaultNotifyRequest]
) -> DefaultNotifyBody:
    """Set the default recipient of messages; 409 if DEFAULT_NOTIFY is set, which would win.

    Runs use it within five seconds.
    """
    recipient = Recipient(body.channel, body.account_id, body.to)
    await _check_recipient(services, recipient)
    before = await services.default_notify.stored()
    await services.default_notify.put(recipient, context.actor.name, body.language)
    await services.incidents.close(NO_RECIPIENT, by=context.actor.name)
    change = {"path": "/value", "from": before and _text(before.recipient), "to": _text(recipient)}
    context.note(target=_DEFAULT_NOTIFY_TARGET, diff=[change])
    return await _default_notify(services)


@router.delete(DEFAULT_NOTIFY)
async def clear_default_notify(services: ServicesDep, context: ContextDep) -> DefaultNotifyBody:
    """Remove the stored recipient, and return the one in force: DEFAULT_NOTIFY stays, if it is set."""
    before = await services.default_notify.stored()
    await services.default_notify.clear()
    gone = [] if before is None else [{"path": "/value", "from": _text(before.recipient), "to": None}]
    context.note(target=_DEFAULT_NOTIFY_TARGET, diff=gone)
    return await _default_notify(services)


async def _default_notify(services: Services) -> DefaultNotifyBody:
    environment = services.default_notify.of_environment
    stored = await services.default_notify.stored()
    recipient = environment or (stored and stored.recipient)
    info = recipient and await services.accounts.info(recipient.channel, recipient.account_id)
    usable = recipient is None or bool(info and info.enabled)
    return DefaultNotifyBody.of(environment, stored, services.settings.language, usable=usable)


async def _check_recipient(services: Services, recipient: Recipient) -> None:
    """Raise InvalidInput if the recipient is not valid, or its account is missing or disabled."""
    name = account_name(recipient.channel, recipient.account_id)
    info = await services.accounts.info(recipient.channel, recipient.account_id)
    if info is None:
        message = _("there is no account {name}: save it first", name=name)
        raise _refused("recipient", "/account_id", message)
    if not info.enabled:
        message = _("account {name} is disabled: enable it first", name=name)
        raise _refused("recipient", "/account_id", message)
    if not is_recipient(recipient.to):
        raise _refused("recipient", "/to", _NO_RECIPIENT)
    problem = _other_recipient(info, recipient.to)
    if problem is not None:
        raise _refused("recipient", "/to", problem)


def _text(recipient: Recipient) -> str:
    return f"{recipient.account}:{recipient.to}"


# Messages of the outbox.


messages = Router("messages")


@messages.get("/messages")
async def list_messages(
    services: ServicesDep, paging: PagingDep, state: OutboxState | None = None
) -> list[MessageBody]:
    """Return messages, newest first; `unknown` ones wait for a person to resend or close them."""
    page = await services.outbox.find_many(state, paging.cursor, paging.limit)
    return paging.show(page, MessageBody.model_validate)


@messages.get("/messages/{message_id}", raises=(MessageNotFound,))
async def get_message(services: ServicesDep, message_id: str) -> MessageBody:
    """Return a message and what has become of it."""
    entry = await services.outbox.get(message_id)
    if entry is None:
        raise MessageNotFound(message_id[:200])
    return MessageBody.model_validate(entry)


@messages.post("/messages/{message_id}/resend", raises=(MessageNotFound, StateConflict))
async def resend_message(services: ServicesDep, message_id: str) -> MessageBody:
    """Send a failed or unknown message again."""
    return MessageBody.model_validate(await services.outbox.resend(message_id))


@messages.post("/messages/{message_id}/close", raises=(MessageNotFound, StateConflict))
async def close_message(services: ServicesDep, context: ContextDep, message_id: str) -> MessageBody:
    """Give a message up that waits, failed, or whose outcome is unknown: `failed`, code `closed`."""
    closed = await services.outbox.close(message_id, context.actor.name)
    return MessageBody.model_validate(closed)
