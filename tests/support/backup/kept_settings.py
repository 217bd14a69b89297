"""Settings that a backup brings back: recipients, rules, maintenance windows, status pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.alerting.maintenance import MaintenanceDraft, MaintenanceStore
from app.core.alerting.rules import NotificationRules, RuleStore
from app.core.config import Settings
from app.core.incidents.store import IncidentStore
from app.core.messaging.recipients import DefaultNotify, Recipients
from app.core.monitors.store import MonitorStore
from app.core.recipient import SANDBOX_CHANNEL, SANDBOX_INBOX
from app.core.status_pages.models import StatusPage
from app.core.status_pages.store import StatusPageStore

if TYPE_CHECKING:
    from app.core.messaging.accounts import AccountStore
    from tests.support.queue.bulk import Bulk

RULES = NotificationRules.model_validate(
    {
        "rules": [
            {"name": "shop", "tags": ["shop"], "to": [{"channel": SANDBOX_CHANNEL, "to": "ops"}]},
            {"name": "all", "hours": {"dates": ["2026-12-25"]}, "to": [{"channel": SANDBOX_CHANNEL}]},
        ]
    }
)
WINDOWS = [
    MaintenanceDraft.model_validate(fields)
    for fields in (
        {
            "scope": "tag:shop",
            "rrule": "FREQ=DAILY;BYHOUR=2;BYMINUTE=0",
            "duration_min": 30,
            "timezone": "Asia/Jakarta",
        },
        {"scope": "all", "starts_at": "2026-01-01T00:00:00Z", "ends_at": "2999-01-01T00:00:00Z"},
    )
]


class KeptSettings:
    """The stores of the settings."""

    def __init__(self, bulk: Bulk, accounts: AccountStore) -> None:
        link, scripts = bulk.driver.link, bulk.driver.queue.scripts
        keys, clock = scripts.keys, bulk.driver.queue.clock
        settings = Settings(_env_file=None, default_notify="")  # pyright: ignore[reportCallIssue]
        self.default = DefaultNotify(link, keys, clock, settings)
        recipients = Recipients(accounts, self.default.current)
        self.rules = RuleStore(link, keys, clock, recipients, bulk.jobs.calendars)
        self.windows = MaintenanceStore(link, scripts, clock, "UTC")
        self.pages = StatusPageStore(
            *(link, keys, clock),
            monitors=MonitorStore(link, scripts, keys, clock),
            incidents=IncidentStore(link, scripts, keys, clock),
            timezone="UTC",
        )

    async def fill(self, job_id: str) -> None:
        """Store a default recipient, two rules, a window of each kind, and a page with a job."""
        await self.default.put(SANDBOX_INBOX, "ana", "id")
        await self.rules.put(RULES, "ana")
        for draft in WINDOWS:
            await self.windows.create(draft, "ana")
        monitors = [{"job_id": job_id, "name": "Web shop"}]
        page = StatusPage.model_validate({"title": "Shop", "monitors": monitors, "published": True})
        await self.pages.put("shop", page, "ana")
