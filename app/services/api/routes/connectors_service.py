"""The chats that wrote to an account recently, and sending through an account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.core.connectors import CHANNELS
from app.core.connectors.updates import Chat, newest
from app.core.errors import (
    AccountNotFound,
    ChatsUnavailable,
    CheckUnavailable,
    Conflict,
    FieldProblem,
    IdempotencyMismatch,
    InvalidInput,
    OutboxMismatch,
)
from app.core.i18n import _
from app.core.ids import new_id
from app.core.recipient import MAX_TO_CHARS, SANDBOX_CHANNEL, SANDBOX_TO, account_name, is_recipient
from app.services.api.http.conditions import scope_of

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.connectors.messages import OutboxEntry
    from app.core.connectors.updates import Updates
    from app.core.messaging.account_models import AccountInfo
    from app.core.messaging.outbox import Outbox
    from app.services.api.dependencies import ChannelServices
    from app.services.api.http.auth import Actor
    from app.services.api.schemas.connectors import SendRequest

LOOK_SEC: Final = 20.0
_NEWEST_OF_INBOX: Final = 200


async def chats_of(
    channels: ChannelServices, updates: Updates, channel: str, account_id: str
) -> tuple[Chat, ...]:
    """Return chats, the newest first; AccountNotFound, ChatsUnavailable, CheckUnavailable."""
    kind, info = CHANNELS.get(channel), await channels.accounts.info(channel, account_id)
    if kind is None or info is None:
        raise AccountNotFound(channel[:100], account_id[:200])
    if kind.connect is None:
        return await _recipients(channels.outbox, account_id)
    if kind.peeks:
        return await _asked(channels, info)
    if kind.incoming is None or kind.incoming.needs not in info.secret_names:
        needs = "" if kind.incoming is None else f" Its webhook would need `{kind.incoming.needs}`."
        raise ChatsUnavailable(
            _(
                "{channel} does not hear who writes.{needs} Write the recipient's number by hand.",
                channel=account_name(channel, account_id),
                needs=needs,
            )
        )
    return await updates.chats(info.name)


async def _asked(channels: ChannelServices, info: AccountInfo) -> tuple[Chat, ...]:
    answer = await channels.checks.ask_chats(info.channel, info.account_id, LOOK_SEC)
    if answer.refusal:
        raise (CheckUnavailable if answer.may_pass else ChatsUnavailable)(answer.refusal)
    return answer.chats


async def _recipients(outbox: Outbox, account_id: str) -> tuple[Chat, ...]:
    """Return the recipients for which the sandbox has messages: it receives none."""
    messages, _ = await outbox.inbox(_NEWEST_OF_INBOX)
    return newest(
        Chat(each.to, each.to, "sandbox", each.at) for each in messages if each.account_id == account_id
    )


# A message that a person sends through an account: an ordinary one, laid into the outbox once.

SEND = "POST /connectors/{channel}/accounts/{account_id}/messages"


async def send(
    channels: ChannelServices,
    clock: Clock,
    where: tuple[str, str],
    body: SendRequest,
    once: tuple[Actor, str] | None,
) -> OutboxEntry:
    """Store a message and return it; `once` is the sender with its idempotency key.

    Its id is `api:<scope of the key>`, so that a repeat of the request finds its message, for as long as the
    message is stored; without a key `api:<new id>`.
    """
    info = await channels.accounts.info(*where)
    if info is None:
        raise AccountNotFound(where[0][:100], where[1][:200])
    made_before = None
    if once is None:
        entry_id = f"api:{new_id(clock)}"
    else:
        entry_id = f"api:{scope_of(once[0], SEND, once[1])}"
        made_before = await channels.outbox.get(entry_id)
    if made_before is not None:
        return _same(made_before, info, body)
    if not info.enabled:
        raise Conflict(_("Account {name} is disabled: save it with `enabled: true`.", name=info.name))
    return await _put(channels.outbox, entry_id, info, _recipient(info, body), body.text)


async def _put(outbox: Outbox, entry_id: str, info: AccountInfo, to: str, text: str) -> OutboxEntry:
    try:
        return await outbox.put(entry_id, info.channel, info.account_id, to, text)
    except OutboxMismatch:
        # Two requests under one key at the same moment.
        raise _mismatch() from None


def _same(entry: OutboxEntry, info: AccountInfo, body: SendRequest) -> OutboxEntry:
    """Return the message of an earlier request; the account's `default_to` may be another one by now."""
    goes_there = entry.account == info.name and body.to in {None, entry.to}
    if not goes_there or entry.text != body.text:
        raise _mismatch()
    return entry


def _recipient(info: AccountInfo, body: SendRequest) -> str:
    to = body.to or info.default_to or (SANDBOX_TO if info.channel == SANDBOX_CHANNEL else None)
    if to is None:
        raise _refused(
            "/to",
            _("name a recipient, or give account {name} a `default_to`", name=info.name),
        )
    if not is_recipient(to):
        raise _refused("/to", _("1 to {max_to_chars} printable characters", max_to_chars=MAX_TO_CHARS))
    if not body.text.strip():
        raise _refused("/text", _("the text is blank"))
    return to


def _refused(pointer: str, message: str) -> InvalidInput:
    problem = FieldProblem(pointer, message, "invalid")
    return InvalidInput(f"The message does not fit. {pointer}: {message}", (problem,))


def _mismatch() -> IdempotencyMismatch:
    return IdempotencyMismatch(_("This Idempotency-Key was used for another message."))
