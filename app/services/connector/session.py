"""The session of one account, the shared context, and the health report."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.core.connectors.base import ConnectorDefaults
from app.core.connectors.updates import Updates
from app.core.messaging.accounts import AccountStore, SendHolds
from app.core.messaging.checks import AccountChecks
from app.core.messaging.outbox import Outbox
from app.core.secrets.sealing import open_box
from app.core.storage.notifications import Notifier, open_notifier

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.connectors.base import ChannelKind, Connector, ConnectorHealth
    from app.core.process import ServiceContext
    from app.core.storage.scripts import Scripts
    from app.services.connector.commands.context import CommandContext
    from app.services.connector.lease import AccountLease

# The health of this process's accounts, for its heartbeat.


class AccountHealthReport:
    """The last result of each account that this process serves."""

    def __init__(self) -> None:
        self._accounts: dict[str, dict[str, Any]] = {}

    def begin(self, name: str) -> None:
        """Add an account that has not been checked yet."""
        self._accounts[name] = {"state": "starting"}

    def note(self, name: str, health: ConnectorHealth, at_ms: int) -> None:
        """Store the result of a check."""
        if name not in self._accounts:
            return
        found: dict[str, Any] = {"state": health.state, "latency_ms": health.latency_ms, "checked_at": at_ms}
        if health.detail:
            found["error"] = health.detail
        if health.identity:
            found["identity"] = health.identity
        self._accounts[name] = found

    def end(self, name: str) -> None:
        """Remove an account that this process no longer serves."""
        self._accounts.pop(name, None)

    def state(self) -> dict[str, Any]:
        """Return the report for the heartbeat."""
        return {"accounts": dict(self._accounts)}


class CommandContextFactory:
    """Opens the services of commands when they are first needed, once per process."""

    def __init__(self, service: ServiceContext) -> None:
        self._service = service
        self._turn = asyncio.Lock()
        self._context: CommandContext | None = None

    async def open(self) -> CommandContext:
        """Return the services; raises ConfigurationError if handlers or policies cannot be read."""
        async with self._turn:
            if self._context is None:
                # Importing job types takes longer than a lease may wait for the loop.
                self._context = await asyncio.to_thread(self._load)
            return self._context

    def _load(self) -> CommandContext:
        from app.services.connector.commands.context import open_command_context  # noqa: PLC0415

        return open_command_context(self._service)


POLL_SEC = 1.0
"""If a notification is lost, messages and checks are seen within this time."""


@dataclass(frozen=True, slots=True)
class ConnectorContext:
    """Services that all accounts of a process share."""

    instance: str
    lease_ms: int
    defaults: ConnectorDefaults
    clock: Clock
    scripts: Scripts
    accounts: AccountStore
    outbox: Outbox
    checks: AccountChecks
    send_holds: SendHolds
    notifier: Notifier
    health_report: AccountHealthReport
    updates: Updates
    command_contexts: CommandContextFactory


@dataclass(slots=True)
class InboundHealth:
    """The reason why incoming messages do not arrive, for the account's health; empty if there is none."""

    concern: str = ""
    broken: str = ""
    unnamed: str = ""
    """Chats that are allowed by a name instead of an id."""


@dataclass(frozen=True, slots=True)
class AccountSession:
    """One account while this process serves it: it has the lease and the connection."""

    context: ConnectorContext
    kind: ChannelKind
    account_id: str
    lease: AccountLease
    connector: Connector | None
    """None if there is no remote side: the sandbox."""
    commands: bool = False
    chats: tuple[str, ...] = ()
    """The chats that may give commands."""
    inbound: InboundHealth = field(default_factory=InboundHealth)

    @property
    def channel(self) -> str:
        return self.kind.channel

    @property
    def name(self) -> str:
        return f"{self.kind.channel}:{self.account_id}"

    @property
    def webhook_path(self) -> str:
        """Return the path of the channel's webhook."""
        return f"/webhooks/{self.channel}/{self.account_id}"


def open_context(service: ServiceContext, lease_ms: int) -> ConnectorContext:
    """Return the services that the accounts of this process share."""
    link, scripts, keys, clock = service.link, service.scripts, service.keys, service.clock
    notifier = open_notifier(service.settings)
    return ConnectorContext(
        instance=service.instance,
        lease_ms=lease_ms,
        defaults=ConnectorDefaults.of(service.settings),
        clock=clock,
        scripts=scripts,
        accounts=AccountStore(link, scripts, keys, clock, open_box(service.settings)),
        outbox=Outbox(link, scripts, keys, clock),
        checks=AccountChecks(link, scripts, keys, clock, notifier=notifier),
        send_holds=SendHolds(link, keys),
        notifier=notifier,
        health_report=AccountHealthReport(),
        updates=Updates(link, scripts, keys),
        command_contexts=CommandContextFactory(service),
    )
