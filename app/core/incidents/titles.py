"""Titles of incidents, and the remedies of each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.core.i18n import Message, _
from app.core.incidents.models import IncidentKind
from app.core.incidents.remedies import Remedy, RemedyAction, remedy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.core.incidents.models import IncidentRecord

_TITLES: Final[Mapping[IncidentKind, Message]] = {
    IncidentKind.MONITOR_DOWN: _("{subject} is down"),
    IncidentKind.HEARTBEAT_SILENT: _("{subject} has not reported"),
    IncidentKind.ACCOUNT_DOWN: _("The account {subject} is down"),
    IncidentKind.JOB_FAILING: _("{subject} has failed"),
    IncidentKind.JOB_ALARM: _("{subject} raises an alarm"),
    IncidentKind.JOB_OVERDUE: _("{subject} is overdue"),
    IncidentKind.SLOTS_MISSED: _("{subject} did not run on time"),
    IncidentKind.QUEUE_STUCK: _("Runs wait too long"),
    IncidentKind.NO_WORKER: _("No worker runs jobs of the type {subject}"),
    IncidentKind.SCHEDULER_SILENT: _("The scheduler does not work: nothing fires"),
    IncidentKind.OUTBOX_STUCK: _("Messages wait, and none is sent"),
    IncidentKind.REDIS_MEMORY: _("Redis is almost full"),
    IncidentKind.SHARD_AWAY: _("A Redis does not answer: the jobs of its shard wait"),
    IncidentKind.DISK_SPACE: _("A disk of {subject} is almost full"),
    IncidentKind.HISTORY_PURGED: _("Old runs are removed early to free memory"),
    IncidentKind.CLOCK_SKEW: _("The clock of {subject} is wrong"),
    IncidentKind.MESSAGE_UNDELIVERED: _("A message through {subject} was not delivered"),
    IncidentKind.ALARM_UNDELIVERED: _("An alarm could not be delivered"),
    IncidentKind.NO_RECIPIENT: _("No one can be reached: no recipient is set"),
    IncidentKind.BACKUP_OLD: _("The last backup is too old"),
    IncidentKind.CERTIFICATE_ENDS: _("The certificate of {subject} ends soon"),
}
_PAST: Final[Mapping[IncidentKind, Message]] = {
    IncidentKind.MONITOR_DOWN: _("{subject} was down"),
    IncidentKind.HEARTBEAT_SILENT: _("{subject} did not report"),
    IncidentKind.ACCOUNT_DOWN: _("The account {subject} was down"),
    IncidentKind.JOB_FAILING: _("{subject} failed"),
    IncidentKind.JOB_ALARM: _("{subject} raised an alarm"),
    IncidentKind.JOB_OVERDUE: _("{subject} was overdue"),
    IncidentKind.QUEUE_STUCK: _("Runs waited too long"),
    IncidentKind.NO_WORKER: _("No worker ran jobs of the type {subject}"),
    IncidentKind.SCHEDULER_SILENT: _("The scheduler did not work: nothing fired"),
    IncidentKind.OUTBOX_STUCK: _("Messages waited, and none was sent"),
    IncidentKind.REDIS_MEMORY: _("Redis was almost full"),
    IncidentKind.SHARD_AWAY: _("A Redis did not answer: the jobs of its shard waited"),
    IncidentKind.DISK_SPACE: _("A disk of {subject} was almost full"),
    IncidentKind.HISTORY_PURGED: _("Old runs were removed early to free memory"),
    IncidentKind.CLOCK_SKEW: _("The clock of {subject} was wrong"),
    IncidentKind.NO_RECIPIENT: _("No one could be reached: no recipient was set"),
    IncidentKind.BACKUP_OLD: _("The last backup was too old"),
    IncidentKind.CERTIFICATE_ENDS: _("The certificate of {subject} was about to end"),
}
"""The titles of closed incidents; the other kinds have one title."""
_DEGRADED: Final = _("{subject} is slow or degraded")
_WAS_DEGRADED: Final = _("{subject} was slow or degraded")
_NO_WORKER: Final = _("No worker is alive: no run starts")
_NO_WORKER_WAS: Final = _("No worker was alive: no run started")
_NO_WORKER_OF_QUEUE: Final = _("No worker serves the queue {subject}")
_NO_WORKER_WAS_OF_QUEUE: Final = _("No worker served the queue {subject}")
_QUEUE: Final = "queue:"
_OF_SEVERAL: Final[Mapping[IncidentKind, Message]] = {
    IncidentKind.JOB_FAILING: _("{subject} and {count} more jobs have failed"),
    IncidentKind.SLOTS_MISSED: _("{subject} and {count} more jobs did not run on time"),
}
"""Kinds that several jobs share, and whose subject is one of them."""


def incident_title(kind: IncidentKind, subject: str, state: str = "", *, is_over: bool = False) -> Message:
    """Return the title of an incident; `state` is that of a monitor."""
    if kind is IncidentKind.NO_WORKER and not subject:
        return _NO_WORKER_WAS if is_over else _NO_WORKER
    if kind is IncidentKind.NO_WORKER and subject.startswith(_QUEUE):
        text = _NO_WORKER_WAS_OF_QUEUE if is_over else _NO_WORKER_OF_QUEUE
        return text.fill(subject=subject.removeprefix(_QUEUE))
    text = (_PAST.get(kind) if is_over else None) or _TITLES[kind]
    if state == "degraded":
        text = _WAS_DEGRADED if is_over else _DEGRADED
    return text.fill(subject=subject) if "{" in text.id else text


_OF_JOBS: Final = frozenset(
    {IncidentKind.MONITOR_DOWN, IncidentKind.HEARTBEAT_SILENT, IncidentKind.CERTIFICATE_ENDS}
)
_OF_ACCOUNTS: Final = frozenset({IncidentKind.ACCOUNT_DOWN, IncidentKind.MESSAGE_UNDELIVERED})
_OF_JOB: Final = frozenset(
    {
        IncidentKind.JOB_ALARM,
        IncidentKind.JOB_OVERDUE,
        IncidentKind.SLOTS_MISSED,
        IncidentKind.BACKUP_OLD,
    }
)
_FIXED: Final[Mapping[IncidentKind, Remedy]] = {
    IncidentKind.QUEUE_STUCK: remedy(RemedyAction.START_SERVICE, "worker"),
    IncidentKind.SCHEDULER_SILENT: remedy(RemedyAction.START_SERVICE, "scheduler"),
    IncidentKind.OUTBOX_STUCK: remedy(RemedyAction.START_SERVICE, "connector"),
    IncidentKind.REDIS_MEMORY: remedy(RemedyAction.FREE_SPACE),
    IncidentKind.HISTORY_PURGED: remedy(RemedyAction.FREE_SPACE),
    IncidentKind.ALARM_UNDELIVERED: remedy(RemedyAction.SET_RECIPIENT),
    IncidentKind.NO_RECIPIENT: remedy(RemedyAction.SET_RECIPIENT),
}
_MOST_JOBS: Final = 3


def incident_remedies(kind: IncidentKind, key: str, subject: str, jobs: Sequence[str]) -> list[Remedy]:
    """Return what a person can do about an open incident, the best first."""
    job = jobs[0] if jobs else subject
    if kind in _OF_JOBS:
        return [remedy(RemedyAction.RUN_NOW, each) for each in jobs[:_MOST_JOBS]]
    if kind in _OF_ACCOUNTS:
        return [remedy(RemedyAction.SET_UP_ACCOUNT, subject)]
    if kind is IncidentKind.JOB_FAILING:
        fingerprint = key.partition(":")[2]
        return [remedy(RemedyAction.REDRIVE, fingerprint), remedy(RemedyAction.RUN_NOW, job)]
    if kind in _OF_JOB:
        return [remedy(RemedyAction.RUN_NOW, job)]
    if kind is IncidentKind.NO_WORKER:
        return [remedy(RemedyAction.START_SERVICE, worker_target(subject))]
    return [_FIXED[kind]] if kind in _FIXED else []


def worker_target(subject: str) -> str:
    """Return the target of a start: a worker, one with a type, or one that serves a `queue:<queue>`."""
    if not subject:
        return "worker"
    return f"worker:{subject}" if subject.startswith(_QUEUE) else f"worker:type:{subject}"


def record_title(record: IncidentRecord) -> Message:
    """Return the title of a stored incident."""
    more = len({*record.jobs} - {record.subject})
    if more and record.kind in _OF_SEVERAL:
        return _OF_SEVERAL[record.kind].fill(subject=record.subject, count=more)
    state = str(record.data.get("state", ""))
    return incident_title(record.kind, record.subject, state, is_over=not record.is_open)
