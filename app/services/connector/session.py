"""The session of one account, the shared context, and the health report."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from app.core.connectors.base import ConnectorDefaults
from app.core.connectors.updates import Updates
from app.core.messaging.accounts import AccountStore, SendHolds
from app.core.messaging.checks import AccountChecks
from app.core.messaging.lateness import late_note
from app.core.messaging.outbox import Outbox
from app.core.secrets.sealing import open_box
from app.core.storage.notifications import open_notifiers
from app.services.connector.lease import LEASE_MS

if TYPE_CHECKING:
    from app.core.connectors.base import ChannelKind, Connector, ConnectorHealth
    from app.core.i18n import Language
    from app.core.messaging.outbox import OutboxEntry
    from app.core.process import ServiceContext
    from app.core.storage.shards import ShardSet
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
        from app.services.connector.commands.context import CommandContext  # noqa: PLC0415

        return CommandContext(self._service.whole())


POLL_SEC = 5.0
"""If a notification is lost, messages and checks are seen within this time."""


class ConnectorContext:
    """Services that all accounts of a process share."""

    def __init__(self, service: ServiceContext, between: ShardSet | None = None) -> None:
        settings, clock = service.settings, service.clock
        link, scripts, keys = service.link, service.scripts, service.keys
        self.instance = service.instance
        self.clock = clock
        self.scripts = scripts
        self.lease_ms = min(LEASE_MS, settings.lease_ms)
        self.defaults = ConnectorDefaults.of(settings)
        self.notifier = open_notifiers(settings)
        self.accounts = AccountStore(link, scripts, keys, clock, open_box(settings))
        self.outbox = Outbox(link, scripts, keys, clock)
        between = between or service.shards
        self.outboxes = tuple(Outbox(each.link, each.scripts, each.keys, clock) for each in between)
        """The outbox of each shard."""
        self.checks = AccountChecks(link, scripts, keys, clock, notifier=self.notifier)
        self.send_holds = SendHolds(link, keys)
        self.updates = Updates(link, scripts, keys)
        self.health_report = AccountHealthReport()
        self.command_contexts = CommandContextFactory(service)
        self._zone = ZoneInfo(settings.timezone)
        self._language: Language = settings.language

    def late_note(self, entry: OutboxEntry) -> str:
        """Return what tells a recipient that a message is late; empty if it is not."""
        if not entry.is_late or entry.due_at is None:
            return ""
        return late_note(entry.due_at, self.clock.now_ms(), self._zone, self._language)


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
