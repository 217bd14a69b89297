"""Serves one account: its lease, its connection and its loops."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING

from pydantic import ValidationError

from app.core.background import Loop, run_forever, run_loops, sleep_or_stop
from app.core.connectors.base import (
    ChannelLogin,
    ChannelRejected,
    ChatConnector,
    ConnectorHealth,
    PollingConnector,
)
from app.core.connectors.channels import CHANNELS
from app.core.errors import SecretUnreadable
from app.core.i18n import _
from app.core.messaging.account_models import chat_id_words
from app.core.observability import get_logger
from app.services.connector.checks import AccountChecker
from app.services.connector.commands.loop import CommandLoop
from app.services.connector.lease import AccountLease
from app.services.connector.sender import DRAIN_SEC, InboxSender, Sender
from app.services.connector.session import AccountSession
from app.services.connector.updates import Poller

if TYPE_CHECKING:
    from app.core.connectors.base import ChannelKind, Connector
    from app.core.connectors.messages import OutgoingMessage
    from app.core.messaging.accounts import Account
    from app.services.connector.session import ConnectorContext

_STANDBY_SEC = 1.0
_GRACE_SEC = DRAIN_SEC + 3.0

log = get_logger(__name__)


class AccountTask:
    """Serves one account while it holds its lease, and waits while another connector does."""

    _sessions = itertools.count(1)

    def __init__(self, context: ConnectorContext, name: str) -> None:
        self._context = context
        self._name = name
        self._channel, _, self._account_id = name.partition(":")
        self._kind = CHANNELS.get(self._channel)

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop`."""
        await run_forever(f"account {self._name}", self._step, stop)

    async def _step(self, stop: asyncio.Event) -> None:
        context = self._context
        owner = f"{context.instance}/{next(self._sessions)}"
        lease = AccountLease(context.scripts, context.clock, self._name, owner, context.lease_ms)
        if not await lease.take():
            await sleep_or_stop(stop, _STANDBY_SEC)
            return
        try:
            session = await self._open(lease)
            if session is not None:
                await self._serve(session, stop)
        finally:
            await lease.give()
        if session is None:
            # A disabled account. When it is enabled it gets another revision, and so a new task.
            await stop.wait()

    async def _open(self, lease: AccountLease) -> AccountSession | None:
        if self._kind is None:
            return None
        account = None
        try:
            account = await self._context.accounts.find(self._channel, self._account_id)
            if account is None or not account.enabled:
                return None
            connector = self._connect(self._kind, account)
        except (SecretUnreadable, ValidationError) as error:
            connector = UnusableConnector(self._name, error)
        takes = account is not None and account.commands
        named = account.allow_chats if account is not None else ()
        chats = tuple(chat for chat in named if self._kind.is_chat_id(chat))
        session = AccountSession(self._context, self._kind, self._account_id, lease, connector, takes, chats)
        incoming = self._kind.incoming
        polls = isinstance(connector, PollingConnector)
        if takes and account is not None and incoming and not polls and incoming.needs not in account.secrets:
            session.inbound.concern = _by_webhook_only(session, incoming.needs)
        if takes and len(chats) < len(named):
            session.inbound.unnamed = _by_name(session, [chat for chat in named if chat not in chats])
        return session

    def _connect(self, kind: ChannelKind, account: Account) -> Connector | None:
        login = ChannelLogin(account.account_id, account.settings, account.secrets, self._context.defaults)
        return None if kind.connect is None else kind.connect(login)

    async def _serve(self, session: AccountSession, stop: asyncio.Event) -> None:
        over, halt = asyncio.Event(), asyncio.Event()
        keeper = asyncio.create_task(session.lease.keep(over, halt), name=f"lease {self._name}")
        follower = asyncio.create_task(_follow(stop, halt))
        self._context.health_report.begin(self._name)
        try:
            await run_loops(_loops(session), halt, grace_sec=_GRACE_SEC)
        finally:
            over.set()
            follower.cancel()
            self._context.health_report.end(self._name)
            # The lease is held until the last message in flight is settled.
            await asyncio.wait({keeper, follower}, timeout=_STANDBY_SEC)
            if session.connector is not None:
                await session.connector.close()


def _by_webhook_only(session: AccountSession, secret: str) -> str:
    command = f"multi-job connect {session.channel} {session.account_id} --set {secret}"
    path = session.webhook_path
    return _(
        "No commands arrive: they come by webhook at {path}, which needs {secret}: {command}",
        path=path,
        secret=secret,
        command=command,
    )


def _by_name(session: AccountSession, names: list[str]) -> str:
    # An earlier version stored them; the rest of the account works.
    log.warning("chats that are named by a username give no commands", account=session.name, chats=names)
    words = chat_id_words(session.channel, session.account_id)
    return _("No commands of {names}: {why}", names=", ".join(names[:3]), why=words)


class UnusableConnector:
    """Replaces the connection of an account that cannot be opened; each call returns the reason."""

    def __init__(self, name: str, error: SecretUnreadable | ValidationError) -> None:
        command = f"multi-job connect {name.replace(':', ' ', 1)}"
        unreadable = isinstance(error, SecretUnreadable)
        why = error.message if unreadable else _("What is stored does not fit the channel.")
        self._error = ChannelRejected(_("{why} Mend it: {command}", why=why, command=command))
        log.error("account cannot be used", account=name, reason=self._error.message)

    async def check(self) -> ConnectorHealth:
        return ConnectorHealth("down", 0, self._error.message, reason=self._error.code)

    async def send(self, message: OutgoingMessage) -> str:  # noqa: ARG002  nothing is sent
        raise self._error

    async def close(self) -> None:
        pass


def _loops(session: AccountSession) -> list[Loop]:
    """Return the loops of an account's session; an account without commands fetches no updates."""
    connector = session.connector
    sender = InboxSender(session) if connector is None else Sender(session, connector)
    loops: list[Loop] = [sender, AccountChecker(session)]
    if session.commands and isinstance(connector, ChatConnector):
        loops.append(CommandLoop(session, connector))
    if session.commands and isinstance(connector, PollingConnector):
        loops.append(Poller(session, connector))
    return loops


async def _follow(stop: asyncio.Event, halt: asyncio.Event) -> None:
    await stop.wait()
    halt.set()
