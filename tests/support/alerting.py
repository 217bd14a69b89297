"""Alarms step by step: incidents, accounts and the sender, without waiting for time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.core.alerting.maintenance import MaintenanceStore
from app.core.alerting.rules import AlarmRecipient, NotificationRule, NotificationRules, RuleStore
from app.core.alerting.sender import AlarmSender
from app.core.clock import SystemClock
from app.core.incidents.models import IncidentKind
from app.core.incidents.store import IncidentStore
from app.core.messaging.account_models import AccountDraft
from app.core.messaging.accounts import AccountStore
from app.core.messaging.outbox import Outbox, OutboxState
from app.core.messaging.recipients import DefaultNotify, Recipients
from app.core.models import JobSpec
from app.core.recipient import Recipient
from app.core.secrets.sealing import open_box
from app.core.specs.store import JobStore
from tests.support.channels.fake_telegram import TOKEN

if TYPE_CHECKING:
    from app.core.config import Settings
    from app.core.incidents.models import IncidentRecord
    from app.core.messaging.outbox import OutboxEntry, Settlement
    from app.core.redis_client import RedisLink
    from app.core.storage.scripts import Scripts
    from app.core.storage.shards import Shard, ShardSet

OPS = Recipient("telegram", "bot_a01", "4711")
SHOP = "https://shop.example"


async def beat(scripts: Scripts, *services: str, state: str = "{}") -> None:
    """Send a heartbeat of a process of each service."""
    for service in services:
        await scripts.run(
            "deployment/heartbeat",
            *("service", service, "pid", 1, "host", "h", "version", "1", "started", 1, "state", state),
            action="beat",
            instance=f"{service}-here-1-bbbb",
            period_ms=5_000,
            lease_ms=0,
            reconnects=0,
            counted=0,
        )


@dataclass
class AlarmDesk:
    """One deployment's alarms, whose time may be moved forward."""

    link: RedisLink
    scripts: Scripts
    settings: Settings
    ahead_ms: int = 0
    clock: SystemClock = field(default_factory=SystemClock)

    def __post_init__(self) -> None:
        keys = self.scripts.keys
        self.incidents = IncidentStore(self.link, self.scripts, keys, self.clock)
        self.outbox = Outbox(self.link, self.scripts, keys, self.clock)
        self.accounts = AccountStore(self.link, self.scripts, keys, self.clock, open_box(self.settings))
        self.default = DefaultNotify(self.link, keys, self.clock, self.settings)
        self.jobs = JobStore(self.link, self.scripts, self.clock, self.settings.timezone)
        self.maintenance = MaintenanceStore(self.link, self.scripts, self.clock, self.settings.timezone)
        recipients = Recipients(self.accounts, self.default.current)
        self.rules = RuleStore(self.link, keys, self.clock, recipients, self.jobs.calendars)
        self.sender = self.new_sender()

    def new_sender(self, shard: Shard | None = None, shards: ShardSet | None = None) -> AlarmSender:
        """Return the sender of a process, for one of several shards; its time is that of the test."""
        link, scripts = (self.link, self.scripts) if shard is None else (shard.link, shard.scripts)
        sender = AlarmSender(link, scripts, self.clock, self.settings, shards)
        real = sender._reader.now_ms

        async def now_ms() -> int:
            return await real() + self.ahead_ms

        sender._reader.now_ms = now_ms
        return sender

    async def account(self, account_id: str = "bot_a01", **changes: Any) -> None:
        await self.accounts.put(
            AccountDraft("telegram", account_id, secrets={"token": TOKEN}, **changes), "test"
        )

    async def rule(self, *to: AlarmRecipient, **changes: Any) -> None:
        rule = NotificationRule(name="shop", to=list(to), **changes)
        await self.rules.put(NotificationRules(rules=[rule]), "test")

    async def job(self, job_id: str = "shop", **changes: Any) -> None:
        inputs = {"url": SHOP, **changes.pop("inputs", {})}
        spec = JobSpec.model_validate({"job_id": job_id, "type": "monitor.http", "inputs": inputs, **changes})
        await self.jobs.create(spec, actor="test", origin="test")

    async def open(
        self, key: str = "monitor:shop", *, job_id: str = "shop", **changes: Any
    ) -> IncidentRecord:
        """Open an incident of a monitor."""
        given: dict[str, Any] = {
            "severity": "critical",
            "subject": SHOP,
            "cause": "503 Service Unavailable",
            "data": {"state": "down", "checks": 3},
            **changes,
        }
        await self.incidents.open(
            key, IncidentKind.MONITOR_DOWN, member=f"job:{job_id}", job_id=job_id, **given
        )
        return await self.incident(key)

    async def incident(self, key: str = "monitor:shop") -> IncidentRecord:
        """Return the newest incident of a cause."""
        return next(each for each in (await self.incidents.list(limit=500)).items if each.key == key)

    async def step(self, seconds: float = 0, rounds: int = 2) -> None:
        """Let time pass, and alarms be sent."""
        self.ahead_ms += round(seconds * 1000)
        for _turn in range(rounds):
            await self.sender.work()
            self.ahead_ms += 1_100

    async def messages(self, state: OutboxState | None = None) -> list[OutboxEntry]:
        """Return the messages, oldest first."""
        found = (await self.outbox.find_many(state, None, 1_000)).items
        return sorted(found, key=lambda each: each.seq)

    async def texts(self, account: str) -> list[str]:
        """Return the texts over an account, oldest first."""
        return [each.text for each in await self.messages() if each.account == account]

    async def settle(self, state: Settlement = OutboxState.DELIVERED, *, account: str = OPS.account) -> int:
        """Let a channel treat all messages of an account; return how many there were."""
        channel, _colon, account_id = account.partition(":")
        count = 0
        while True:
            send_id = f"connector:{self.clock.monotonic()}"
            entry = await self.outbox.take(channel, account_id, send_id)
            if entry is None:
                return count
            count += 1
            error = None if state is OutboxState.DELIVERED else "the channel refused it"
            await self.outbox.settle(entry.id, send_id, state, error=error)
