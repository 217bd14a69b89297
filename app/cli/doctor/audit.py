"""Doctor checks of the audit log: its chain, its room, AUDIT_SINK."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.audit_report import describe
from app.cli.doctor.findings import Finding, failed, ok, warning
from app.core.access.audit.sink import sink_problem
from app.core.access.audit.store import instant_of
from app.core.access.audit.verification import AuditReport, AuditVerifier
from app.core.clock import DAY_MS, from_ms
from app.core.i18n import _, concat
from app.core.secret_keys import available_keys
from app.core.secrets.store import sealing_key

if TYPE_CHECKING:
    from app.cli.direct import Deployment
    from app.core.access.audit.verification import LogReport

_CHECK, _SINK = "audit", "AUDIT_SINK"
_VERIFY = "multi-job audit verify"
_MEGABYTE = 1_048_576
_RECENT_MS = DAY_MS


async def diagnose_audit(deployment: Deployment) -> list[Finding]:
    """Verify the chains of the audit, and check its room and AUDIT_SINK."""
    verifier = AuditVerifier(deployment.link, deployment.scripts, deployment.settings)
    sealing = await sealing_key(deployment.link, deployment.keys)
    if sealing and sealing not in {key.fingerprint for key in available_keys(deployment.settings)}:
        seen = _(
            "not verified: this machine does not have the key {key_id} of the deployment", key_id=sealing
        )
        return [warning(_CHECK, seen, _("set SECRET_KEY or MULTI_JOB_HOME to what the services have"))]
    report = await verifier.verify()
    return [
        *_chain(report),
        *(finding for log in report.logs for finding in _room(log, deployment)),
        *_sink(report, deployment),
    ]


def _chain(report: AuditReport) -> list[Finding]:
    broken = [describe(log, log.problems[0]) for log in report.logs if log.problems]
    if broken:
        remedy = _("{command}; if it is known why: multi-job audit accept", command=_VERIFY)
        return [failed(_CHECK, concat(*broken, separator="; "), remedy)]
    seen = _("{count:,} entries, each follows the one before", count=sum(log.entries for log in report.logs))
    if not report.unchained:
        return [ok(_CHECK, seen)]
    old = _("{count:,} of earlier versions have no chain", count=report.unchained)
    return [ok(_CHECK, concat(seen, ", ", old))]


def _room(log: LogReport, deployment: Deployment) -> list[Finding]:
    settings = deployment.settings
    remedy = _("raise AUDIT_MAX_MB, now {megabytes}, on every machine", megabytes=settings.audit_max_mb)
    if log.is_over:
        seen = _(
            "acts on keys, secrets and settings take {size} MB, their share is {limit} MB; they are kept",
            size=log.bytes // _MEGABYTE,
            limit=log.limit_bytes // _MEGABYTE,
        )
        return [warning("audit room", seen, remedy)]
    dropped_at = instant_of(log.head.dropped_to)
    if dropped_at < deployment.clock.now_ms() - settings.audit_days * DAY_MS:
        return []
    seen = _(
        "{log}: {count:,} entries had to go before AUDIT_DAYS, the newest of {instant}",
        log=log.log,
        count=log.head.dropped,
        instant=f"{from_ms(dropped_at):%Y-%m-%d %H:%M} UTC",
    )
    return [warning("audit room", seen, remedy)]


def _sink(report: AuditReport, deployment: Deployment) -> list[Finding]:
    sink = deployment.settings.audit_sink
    if not sink:
        return []
    remedy = _("correct AUDIT_SINK or the rights of its folder; Redis has all entries")
    problem, failure = sink_problem(deployment.settings), report.sink_failure or {}
    if problem:
        return [failed(_SINK, problem, remedy)]
    at = failure.get("at")
    if isinstance(at, int) and at > deployment.clock.now_ms() - _RECENT_MS:
        seen = _(
            "{lost} entries are not in {sink}: {reason} ({host}, {instant})",
            lost=failure.get("lost"),
            sink=failure.get("sink"),
            reason=failure.get("reason"),
            host=failure.get("host"),
            instant=f"{from_ms(at):%Y-%m-%d %H:%M} UTC",
        )
        return [warning(_SINK, seen, remedy)]
    return [ok(_SINK, sink)]
