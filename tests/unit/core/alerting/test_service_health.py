"""Services that live and do not work, as the platform's own watch finds them."""

from __future__ import annotations

import pytest

from app.core.activity.readiness import WorkFacts
from app.core.alerting.service_health import ServiceSightings, work_findings
from app.core.config import Settings
from app.core.records import InstanceInfo

NOW, HOUR_MS = 10_000_000_000, 3_600_000
WORK = {
    "scheduler_silent": WorkFacts(NOW, due_since=NOW - HOUR_MS, due_job="tick"),
    "queue_stuck": WorkFacts(NOW, lanes=f"normal 1 {NOW - HOUR_MS}"),
    "outbox_stuck": WorkFacts(NOW, mail_since=NOW - HOUR_MS, mail_account="sandbox:default"),
}


def found(facts: WorkFacts, alive_ms: int) -> list[str]:
    """Return the causes, if every service has been alive for so long."""
    instances = [
        InstanceInfo(f"{name}-h-1-a", name, 1, "h", "1", NOW - alive_ms, NOW, 0, {"concurrency": 4})
        for name in ("scheduler", "worker", "connector")
    ]
    sightings = ServiceSightings(5.0, lambda: 0.0)
    return [each.key for each in work_findings(facts, instances, Settings(), sightings)]


@pytest.mark.parametrize("cause", WORK)
def test_work_from_before_the_start_is_no_incident_at_once(cause: str) -> None:
    """A machine that was off has overdue work; a service that does not do it within its time is named."""
    facts = WORK[cause].of_queues({"default"}) if cause == "queue_stuck" else WORK[cause]
    assert found(facts, 2_000) == []
    assert found(facts, HOUR_MS) == [cause]
