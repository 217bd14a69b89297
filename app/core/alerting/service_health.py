"""Whether the services of the platform live and do their work.

Silence is measured by this process's own clock from the last heartbeat that it saw change. A machine that
slept, or a clock that was turned, is therefore no silence.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.core.activity.heartbeat import service_of
from app.core.activity.readiness import (
    CLOCK_STEP,
    MAIL_OVERDUE_MS,
    ReadinessLimits,
    assess_connector,
    assess_scheduler,
    assess_worker,
)
from app.core.alerting.findings import WatchFinding
from app.core.i18n import _
from app.core.incidents.models import IncidentKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.core.activity.readiness import WorkFacts
    from app.core.config import Settings
    from app.core.records import InstanceInfo

WATCHED: Final[tuple[str, ...]] = ("scheduler", "worker", "connector")
LEAST_SILENCE_SEC: Final = 10.0
_SILENT_BEATS: Final[dict[str, float]] = {"scheduler": 2.5, "worker": 6.0, "connector": 6.0}
"""Heartbeats until a service is silent. A worker or connector that is replaced needs longer to start."""
STALLED_MS: Final = 60_000
"""A scheduler that catches up after an outage is late for less."""
QUEUE_WAITS: Final = 4
"""Times READY_WAIT_SEC that a run may wait while none starts."""
KEYS: Final = frozenset({"scheduler_silent", "no_worker", "queue_stuck", "outbox_stuck"})


class ServiceSightings:
    """When each service was last seen alive."""

    def __init__(self, heartbeat_sec: float, monotonic: Callable[[], float]) -> None:
        self._limits_sec = {
            service: max(LEAST_SILENCE_SEC, beats * heartbeat_sec) for service, beats in _SILENT_BEATS.items()
        }
        self._monotonic = monotonic
        self._newest = dict[str, float]()
        self._seen_at: dict[str, float] = dict.fromkeys(WATCHED, monotonic())

    def note(self, beats: Mapping[str, float]) -> None:
        """Take the heartbeats of all processes, ms by Redis' clock."""
        now = self._monotonic()
        for service in WATCHED:
            newest = max((at for name, at in beats.items() if service_of(name) == service), default=None)
            if newest is not None and newest != self._newest.get(service):
                self._newest[service] = newest
                self._seen_at[service] = now

    def silent_sec(self, service: str) -> float | None:
        """Return for how long a service has been silent; None if that is too short to mean anything."""
        silence = self._monotonic() - self._seen_at[service]
        return silence if silence > self._limits_sec[service] else None


def silence_findings(sightings: ServiceSightings) -> list[WatchFinding]:
    """Return the findings about services that must always live."""
    found: list[WatchFinding] = []
    if sightings.silent_sec("scheduler") is not None:
        cause = _("No scheduler has sent a heartbeat. Schedules, retries and chains wait.")
        found.append(WatchFinding("scheduler_silent", IncidentKind.SCHEDULER_SILENT, "critical", cause))
    if sightings.silent_sec("worker") is not None:
        cause = _("No worker has sent a heartbeat. Runs wait in the queue.")
        found.append(WatchFinding("no_worker", IncidentKind.NO_WORKER, "critical", cause))
    return found


def work_findings(
    facts: WorkFacts, instances: Sequence[InstanceInfo], settings: Settings, sightings: ServiceSightings
) -> list[WatchFinding]:
    """Return the findings about services that live and do not work, and about a connector that is gone.

    After the platform was away, much is overdue at its start. So a service has as long for it from then on.
    """
    found: list[WatchFinding] = []
    of = {name: [each for each in instances if each.service == name] for name in WATCHED}
    alive_ms = {
        name: max((facts.now - each.started_at for each in own), default=0) for name, own in of.items()
    }
    limits = ReadinessLimits.of(settings)
    lasting = replace(limits, wait_ms=QUEUE_WAITS * limits.wait_ms)
    scheduler = assess_scheduler(facts, of["scheduler"], lasting)
    overdue_ms = facts.age_ms(facts.due_since)
    is_late = overdue_ms is not None and min(overdue_ms, alive_ms["scheduler"]) > STALLED_MS
    if scheduler.status == "stalled" and is_late:
        cause = (
            _("Redis' clock went back, and the scheduler has not corrected what was stored before.")
            if facts.due_job == CLOCK_STEP
            else _("The scheduler is alive, but {job} was due and has not fired.", job=facts.due_job)
        )
        found.append(WatchFinding("scheduler_silent", IncidentKind.SCHEDULER_SILENT, "critical", cause))
    worker = assess_worker(facts, of["worker"], lasting)
    if worker.status in {"busy", "stalled"} and alive_ms["worker"] > lasting.wait_ms:
        busy = worker.status == "busy"
        cause = (
            _("All slots are taken, and no run has started for a while.")
            if busy
            else _("Slots are free, runs are ready, and none starts.")
        )
        severity = "warning" if busy else "critical"
        since_ms = facts.ready_since
        found.append(
            WatchFinding("queue_stuck", IncidentKind.QUEUE_STUCK, severity, cause, since_ms=since_ms)
        )
    connector = assess_connector(facts, of["connector"], limits)
    is_stalled = connector.status == "stalled" and alive_ms["connector"] > MAIL_OVERDUE_MS
    if connector.blocks and (is_stalled or sightings.silent_sec("connector") is not None):
        cause = _("Messages of {account} are due, and none is sent.", account=facts.mail_account)
        found.append(
            WatchFinding(
                "outbox_stuck", IncidentKind.OUTBOX_STUCK, "critical", cause, since_ms=facts.mail_since
            )
        )
    return found
