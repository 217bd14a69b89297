"""Incidents: what is wrong, since when, which jobs, who got a message. Instants in epoch milliseconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from app.core.incidents.remedies import Remedy
from app.core.recipient import account_name

IncidentState = Literal["open", "closed"]
Severity = Literal["critical", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("info", "warning", "critical")
"""From the least to the most severe."""


class IncidentKind(StrEnum):
    """The kind of a cause."""

    MONITOR_DOWN = "monitor_down"
    HEARTBEAT_SILENT = "heartbeat_silent"
    ACCOUNT_DOWN = "account_down"
    JOB_FAILING = "job_failing"
    JOB_ALARM = "job_alarm"
    JOB_OVERDUE = "job_overdue"
    SLOTS_MISSED = "slots_missed"
    QUEUE_STUCK = "queue_stuck"
    NO_WORKER = "no_worker"
    SCHEDULER_SILENT = "scheduler_silent"
    OUTBOX_STUCK = "outbox_stuck"
    REDIS_MEMORY = "redis_memory"
    SHARD_AWAY = "shard_away"
    DISK_SPACE = "disk_space"
    HISTORY_PURGED = "history_purged"
    CLOCK_SKEW = "clock_skew"
    MESSAGE_UNDELIVERED = "message_undelivered"
    ALARM_UNDELIVERED = "alarm_undelivered"
    NO_RECIPIENT = "no_recipient"
    BACKUP_OLD = "backup_old"
    CERTIFICATE_ENDS = "certificate_ends"


class TimelineKind(StrEnum):
    """What an entry of a timeline is about."""

    OPENED = "opened"
    REPEATED = "repeated"
    RECOVERED = "recovered"
    NOTIFIED = "notified"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    ACKNOWLEDGED = "acknowledged"
    SILENCED = "silenced"
    COMMENT = "comment"
    REMEDIED = "remedied"
    MAINTENANCE = "maintenance"
    CLOSED = "closed"


DeliveryPhase = Literal["opened", "escalated", "recovered"]


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One entry of an incident's timeline; `text` is English or a person's own words."""

    at: int
    what: TimelineKind
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class IncidentDelivery:
    """One message about an incident; `state` is that of the outbox."""

    phase: DeliveryPhase
    step: int
    channel: str
    account_id: str
    to: str
    message_id: str
    state: str
    at: int
    error: str | None = None

    @property
    def account(self) -> str:
        """Return the name of the account that sends it."""
        return account_name(self.channel, self.account_id)

    @property
    def is_recovery(self) -> bool:
        """Return whether it says that the incident is over."""
        return self.phase == "recovered"

    @property
    def field(self) -> str:
        """Return its place among the deliveries of its incident."""
        return f"{'recovered' if self.is_recovery else 'alarm'}|{self.account}|{self.to}"


@dataclass(frozen=True, slots=True)
class IncidentSummary:
    """How many incidents are open, and when one closed last; None if none ever did."""

    open: int
    last_closed_at: int | None


@dataclass(frozen=True, slots=True)
class IncidentRecord:
    """An incident as it is read."""

    id: str
    seq: int
    key: str
    """The cause, for example `monitor:example.org`."""
    kind: IncidentKind
    severity: Severity
    subject: str
    cause: str
    """The newest reason for people, English."""
    data: dict[str, Any]
    since: int
    """When the cause began; `opened_at` is when the rule opened the incident."""
    opened_at: int
    closed_at: int | None
    last_at: int
    count: int
    """How many times the cause was reported."""
    acknowledged_by: str | None
    acknowledged_at: int | None
    silenced_until: int | None
    maintenance: bool
    """It opened during a maintenance window that covers it."""
    held: str = ""
    """Why its message had to wait: `quiet` or `maintenance`; it stays once the message is sent."""
    jobs: list[str] = field(default_factory=list[str])
    deliveries: list[IncidentDelivery] = field(default_factory=list[IncidentDelivery])
    timeline: list[TimelineEntry] = field(default_factory=list[TimelineEntry])
    actions: list[Remedy] = field(default_factory=list[Remedy])

    @property
    def is_open(self) -> bool:
        """Return whether its cause still holds."""
        return self.closed_at is None

    @property
    def end_words(self) -> str:
        """Return why it closed, English or a person's words; empty if its cause is simply over."""
        ends = (each.text for each in reversed(self.timeline) if each.what is TimelineKind.CLOSED)
        return next(ends, "")
