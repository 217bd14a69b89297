"""Finds the chats that wrote to an account recently, stored or still pending.

Reading pending updates does not remove them on the remote side. Another program that polls the same bot is
interrupted once, as by any second poller, and loses nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.connectors.base import (
    PEEKED,
    ChannelConflict,
    ChannelError,
    ChannelRejected,
    PollingConnector,
)
from app.core.connectors.telegram.incoming import read_chat
from app.core.connectors.updates import Chat, ChatsAnswer, newest
from app.core.i18n import _

if TYPE_CHECKING:
    from app.services.connector.session import AccountSession


async def read_chats(session: AccountSession) -> ChatsAnswer:
    """Return the chats of an account, or the reason why none are visible."""
    connector = session.connector
    try:
        if not isinstance(connector, PollingConnector):
            return ChatsAnswer(refusal=await _refusal(session))
        if session.commands:
            return await _fetched(session)
        host = await connector.webhook_host(session.webhook_path)
        if host:
            return ChatsAnswer(refusal=_by_hand(_webhook(host)))
        stored = await session.context.updates.chats(session.name)
        # Updates from our own webhook are stored as well.
        return ChatsAnswer(stored) if host is not None else await _peeked(connector, stored)
    except ChannelConflict as error:
        return ChatsAnswer(refusal=_by_hand(error.message))
    except ChannelError as error:
        return ChatsAnswer(refusal=error.message, may_pass=not isinstance(error, ChannelRejected))


async def _fetched(session: AccountSession) -> ChatsAnswer:
    """Return the chats that the poller or the webhook has stored; none if neither works."""
    if session.inbound.concern:
        return ChatsAnswer(refusal=_by_hand(session.inbound.concern))
    return ChatsAnswer(await session.context.updates.chats(session.name))


async def _peeked(connector: PollingConnector, stored: tuple[Chat, ...]) -> ChatsAnswer:
    waiting = await connector.peek()
    if len(waiting) >= PEEKED:
        return ChatsAnswer(refusal=_by_hand(_TOO_MANY))
    seen = [chat for chat in map(read_chat, waiting) if chat is not None]
    return ChatsAnswer(newest([*stored, *seen]))


async def _refusal(session: AccountSession) -> str:
    # The replacement of an account that cannot be opened returns the reason.
    if session.connector is not None and (health := await session.connector.check()).reason:
        return health.detail
    return _("{channel} does not show who wrote.", channel=session.channel)


_TOO_MANY = _(
    "{peeked} updates of this bot or more wait for another program, and only the oldest can be "
    "seen without taking them.",
    peeked=PEEKED,
)


def _webhook(host: str) -> str:
    return _(
        "What people write to this bot goes to a webhook at {host}, so it cannot be read here.", host=host
    )


def _by_hand(message: str) -> str:
    return _("{why} Write the chat's id by hand.", why=message)
