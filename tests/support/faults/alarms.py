"""A deployment with two channels whose incidents must reach a person."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.alerting.rules import AlarmRecipient, NotificationRule, NotificationRules, RuleStore
from app.core.incidents.models import IncidentKind, IncidentRecord
from app.core.incidents.store import IncidentStore
from app.core.messaging.account_models import AccountDraft
from app.core.messaging.accounts import AccountStore
from app.core.messaging.recipients import DefaultNotify, Recipients
from app.core.secrets.sealing import open_box
from app.core.specs.calendars import CalendarStore
from app.core.storage.scripts import Scripts
from tests.support.channels.fake_telegram import OTHER_TOKEN, TOKEN, FakeTelegram

if TYPE_CHECKING:
    from tests.support.faults.deployment import FaultDeployment, MakeDeployment

PRIMARY, FALLBACK = ("bot_a01", "1"), ("bot_b02", "2")


@dataclass(slots=True)
class AlarmDeployment:
    """Incidents, and what became of their messages."""

    deployment: FaultDeployment
    telegram: FakeTelegram
    incidents: IncidentStore
    accounts: AccountStore

    async def open(self, number: int) -> None:
        """Open an incident of its own cause."""
        await self.incidents.open(
            f"cause:{number}",
            IncidentKind.MONITOR_DOWN,
            severity="critical",
            subject=f"site-{number:03}.example",
            cause="503 Service Unavailable",
            member="cause",
            data={"state": "down", "checks": 3},
        )

    async def records(self) -> list[IncidentRecord]:
        """Return the incidents of the test, oldest first."""
        found = (await self.incidents.list(limit=1_000)).items
        return [each for each in reversed(found) if each.key.startswith("cause:")]

    async def undelivered(self, account_id: str | None = None) -> list[IncidentRecord]:
        """Return those whose alarm no person has got, or not over this account."""
        return [each for each in await self.records() if not _delivered_at(each, account_id)]

    def seen(self, chat: str, word: str) -> Counter[str]:
        """Return how often each site was named to a chat in messages with a word."""
        found: Counter[str] = Counter()
        for to, text in self.telegram.taken:
            if to == chat:
                for line in text.splitlines():
                    if word in line:
                        found[line.partition("site-")[2][:3]] += 1
        return found


def _delivered_at(incident: IncidentRecord, account_id: str | None) -> bool:
    return any(
        each.state == "delivered" and each.channel == "telegram" and account_id in {None, each.account_id}
        for each in incident.deliveries
        if not each.is_recovery
    )


async def alarm_deployment(make_deployment: MakeDeployment, telegram: FakeTelegram) -> AlarmDeployment:
    """Return a deployment whose rule names two bots in turn."""
    deployment = await make_deployment(
        secret_key="tests-only-Vb3Kq8Zt1Xw6Rn9Jm4Ld7Hf2Gs5Yc0Pu",
        telegram_api_base=telegram.url,
        channel_timeout_sec=5.0,
        message_language="en",
    )
    scripts, keys, clock = Scripts(deployment.link, deployment.keys), deployment.keys, deployment.clock
    accounts = AccountStore(deployment.link, scripts, keys, clock, open_box(deployment.settings))
    for (bot, _chat), token in zip((PRIMARY, FALLBACK), (TOKEN, OTHER_TOKEN), strict=True):
        await accounts.put(AccountDraft("telegram", bot, secrets={"token": token}), "test")
    default = DefaultNotify(deployment.link, keys, clock, deployment.settings)
    rules = RuleStore(
        deployment.link,
        keys,
        clock,
        Recipients(accounts, default.current),
        CalendarStore(deployment.link, scripts, clock),
    )
    to = [AlarmRecipient(channel="telegram", account_id=bot, to=chat) for bot, chat in (PRIMARY, FALLBACK)]
    await rules.put(NotificationRules(rules=[NotificationRule(name="all", to=to)]), "test")
    incidents = IncidentStore(deployment.link, scripts, keys, clock)
    return AlarmDeployment(deployment, telegram, incidents, accounts)
