"""Doctor checks of waiting, paused and failing runs, and of recipients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.doctor.findings import Finding, failed, listed, ok, warning
from app.core.activity.readiness import ReadinessProbe
from app.core.alerting.unserved import unserved
from app.core.i18n import _, concat, pgettext
from app.core.incidents.models import IncidentKind
from app.core.incidents.remedies import RemedyAction, remedy
from app.core.incidents.titles import incident_title, record_title, worker_target
from app.core.models import TERMINAL, RunStatus
from app.core.queue import Queue
from app.core.records import queues_of
from app.core.specs.search import JobFilter

if TYPE_CHECKING:
    from app.cli.direct import Deployment
    from app.core.incidents.models import IncidentRecord
    from app.core.records import InstanceInfo, JobRecord, PauseRecord, QueueStats

STUCK_MS = 60_000
"""Idle workers look for work every few seconds: a run that waits longer is not visible to them."""
FAILED_IN_A_ROW = 3
JOBS_AT_ONCE = 500
MOST_INCIDENTS = 20
INCIDENT = "incident"
"""The check of an open incident; the output begins with these."""
REMEDY = _("multi-job notify set CHANNEL ACCOUNT TO, or set DEFAULT_NOTIFY=channel:account:to")
_TELLING_TYPES = ("report.daily", "monitor.channel", "monitor.http", "monitor.heartbeat")


async def diagnose_queue(deployment: Deployment) -> list[Finding]:
    """Check waiting runs, pauses, and items that wait for a person."""
    stats = await Queue(
        deployment.link, deployment.scripts, deployment.keys, deployment.clock, deployment.settings
    ).stats()
    workers = await deployment.heartbeats().instances("worker")
    pauses = [_pause(each) for each in stats.paused] or [ok("pauses", _("nothing is paused"))]
    return [_waiting(stats, workers), *_unserved(stats, workers), *pauses, _letters(stats.dead_letters)]


async def diagnose_readiness(deployment: Deployment) -> list[Finding]:
    """Check whether runs are processed, as /readyz does. Missing services have their own check."""
    probe = ReadinessProbe(deployment.scripts, deployment.link, deployment.heartbeats(), deployment.clock)
    report = await probe.check(deployment.settings)
    troubled = {name: check for name, check in report.checks.items() if check.status not in {"ok", "missing"}}
    if not troubled:
        return [ok("readiness", report.status.value)]
    return [
        (failed if check.blocks else warning)(
            _("readiness of {name}", name=name), check.reason or check.status, _remedy(check.status)
        )
        for name, check in troubled.items()
    ]


def _remedy(status: str) -> str:
    remedies = {
        "busy": _("raise WORKER_CONCURRENCY, or start another worker; multi-job runs --status running"),
        "refusing": _("raise maxmemory (REDIS_MAXMEMORY_MB), free disk space, or bring the replicas back"),
    }
    return remedies.get(status, _("restart that service; its log in runtime-logs has the details"))


def _waiting(stats: QueueStats, workers: list[InstanceInfo]) -> Finding:
    # Runs that no live worker can take are findings of their own.
    served = {queue for worker in workers for queue in queues_of(worker)}
    queues = [queue for queue in stats.queues if not workers or queue.queue in served]
    waiting = sum(queue.waiting - sum(queue.missing_types.values()) for queue in queues)
    oldest = max((queue.startable_oldest_ms or 0 for queue in queues), default=0)
    seen = _("{count:,} waiting, the oldest for {seconds:,} s", count=waiting, seconds=oldest // 1000)
    if not waiting or oldest < STUCK_MS or not workers:
        return ok("queue", seen if waiting else _("nothing waits"))
    if any(_is_idle(worker) for worker in workers):
        remedy = _("multi-job down, multi-job up; runtime-logs/worker.log says more")
        return failed("queue", _("{runs}, although workers are idle", runs=seen), remedy)
    return warning(
        "queue",
        _("{runs}; all workers are full", runs=seen),
        _("raise WORKER_CONCURRENCY, or start a worker"),
    )


def _unserved(stats: QueueStats, workers: list[InstanceInfo]) -> list[Finding]:
    found: list[Finding] = []
    for each in unserved(stats, (), workers):
        action = remedy(RemedyAction.START_SERVICE, worker_target(each.subject))
        seen = incident_title(IncidentKind.NO_WORKER, each.subject)
        found.append(warning("queue", seen, action.command, action))
    return found


def _is_idle(worker: InstanceInfo) -> bool:
    state = worker.state
    return not state.get("draining") and len(state.get("running", [])) < state.get("concurrency", 0)


def _pause(pause: PauseRecord) -> Finding:
    scope = pause.scope
    action = remedy(RemedyAction.RESUME, scope.text)
    seen = _(
        "{scope} is paused by {actor}, {count:,} runs held",
        scope=scope.text,
        actor=pause.actor or _("a person without a name"),
        count=pause.held,
    )
    seen = concat(seen, ": ", pause.reason) if pause.reason else seen
    return warning("pauses", seen, action.command, action)


def _letters(count: int) -> Finding:
    if not count:
        return ok("dead letters", pgettext("doctor", "none"))
    remedy = _("multi-job dead-letters; then redrive or discard")
    return warning("dead letters", _("{count:,} failed runs wait for a decision", count=count), remedy)


async def diagnose_jobs(deployment: Deployment) -> list[Finding]:
    """Check enabled jobs: failing runs, and messages without a recipient."""
    found: list[JobRecord] = []
    cursor: int | None = None
    while True:
        page = await deployment.jobs().list(JobFilter(enabled=True), cursor, JOBS_AT_ONCE)
        found += page.items
        if (cursor := page.next_cursor) is None:
            return [_failing(found), await _unheard(deployment, found)]


def _failing(found: list[JobRecord]) -> Finding:
    failing = [record.spec.job_id for record in found if _fails(record)]
    if not failing:
        return ok("jobs", _("{count:,} switched on", count=len(found)))
    seen = _("the last {count} runs failed: {jobs}", count=FAILED_IN_A_ROW, jobs=listed(failing))
    return warning("jobs", seen, f"multi-job runs --job {failing[0]} --status failed")


def _fails(record: JobRecord) -> bool:
    ended = [brief.status for brief in record.recent if brief.status in TERMINAL][:FAILED_IN_A_ROW]
    return ended == [RunStatus.FAILED] * FAILED_IN_A_ROW


async def _unheard(deployment: Deployment, found: list[JobRecord]) -> Finding:
    default = deployment.default_notify()
    if (recipient := await default.current()) is not None:
        shown = f"{recipient.account}:{recipient.to}"
        is_stored = default.of_environment is None
        return ok("DEFAULT_NOTIFY", _("stored: {recipient}", recipient=shown) if is_stored else shown)
    telling = [
        record.spec.job_id
        for record in found
        if record.spec.type in _TELLING_TYPES and not record.spec.inputs.get("notify")
    ]
    if not telling:
        return ok("DEFAULT_NOTIFY", _("not set; no job needs it"))
    seen = _("not set: messages of {jobs} reach the sandbox inbox alone", jobs=listed(telling))
    return warning("DEFAULT_NOTIFY", seen, REMEDY, remedy(RemedyAction.SET_RECIPIENT))


async def diagnose_incidents(deployment: Deployment) -> list[Finding]:
    """Return the open incidents, newest first."""
    found = (await deployment.incidents().list("open", limit=MOST_INCIDENTS)).items
    return [_incident(record) for record in found] or [ok(INCIDENT, _("none is open"))]


def _incident(record: IncidentRecord) -> Finding:
    seen = _("{title}: {cause}", title=record_title(record), cause=record.cause)
    command = record.actions[0].command if record.actions else f"multi-job incidents {record.id}"
    return warning(INCIDENT, seen, command, *record.actions)
