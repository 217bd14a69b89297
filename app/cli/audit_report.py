"""`multi-job audit verify` and `audit accept`, in Redis directly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import orjson

from app.cli.direct import Deployment, audited, run_direct
from app.cli.output import CliError, Columns, confirm, instant, print_table, printed_json, say, warn
from app.core.access.audit.store import instant_of
from app.core.access.audit.verification import AuditReport, AuditVerifier, LogReport
from app.core.clock import from_ms
from app.core.i18n import _, number

if TYPE_CHECKING:
    from app.core.access.audit.chain import ChainProblem

_MEGABYTE = 1_048_576


_REASONS = {
    "changed": _("it was changed"),
    "missing": _("it is missing"),
    "inserted": _("it was inserted"),
    "malformed": _("it is no entry"),
    "unknown key": _("the key of its MAC is not known"),
    "no head": _("the head of the log was missing"),
    "head not signed by this deployment": _("the head of the log was not signed by this deployment"),
    "the head went back": _("the log went back to an older state"),
    "entries behind the head": _("there were entries behind the head of the log"),
    "missing: an earlier verification saw more": _(
        "an earlier verification on this machine saw more entries"
    ),
    "another entry than an earlier verification saw": _(
        "an earlier verification on this machine saw another entry"
    ),
}


def verify() -> bool:
    """Verify, print the outcome, and return whether nothing is broken."""
    report, problem = run_direct(_verified)
    _show(report)
    if problem:
        warn(_("This machine does not remember the outcome: {reason}", reason=problem))
    return report.is_whole


def accept(*, yes: bool) -> bool:
    """Ask, note what is broken as known, and return whether nothing else is broken."""
    report = run_direct(_read)
    if report.is_whole:
        _show(report)
        return True
    for log in report.logs:
        _show_problems(log)
    if not yes and not confirm(_("These places stay in the log, and no longer count as broken. Go on?")):
        raise CliError(_("Nothing was changed."))
    after, _problem = run_direct(_accept)
    _show(after)
    return after.is_whole


async def _read(deployment: Deployment) -> AuditReport:
    return await _verifier(deployment).verify()


async def _verified(deployment: Deployment) -> tuple[AuditReport, str]:
    verifier = _verifier(deployment)
    report = await verifier.verify()
    if not report.is_whole:
        return report, ""
    try:
        verifier.remember(report)
    except OSError as error:
        return report, str(error)
    return report, ""


async def _accept(deployment: Deployment) -> tuple[AuditReport, str]:
    verifier = _verifier(deployment)
    report = await verifier.verify()
    broken = [log for log in report.logs if log.problem_count]
    diff: Any = [
        {"path": f"/{log.log}/{each.number}", "from": each.reason, "to": "accepted"}
        for log in broken
        for each in log.problems
    ]
    await audited(deployment, "accept_audit", "audit", diff)
    await deployment.audit().accept_problems(log.log for log in broken)
    verifier.forget()
    return await _verified(deployment)


def _verifier(deployment: Deployment) -> AuditVerifier:
    return AuditVerifier(deployment.link, deployment.scripts, deployment.settings)


def _show(report: AuditReport) -> None:
    if printed_json(report_body(report)):
        return
    columns: Columns = {"log": "log", "entries": lambda each: number(each["entries"]), "since": _since}
    sizes: Columns = {"MB": _megabytes, "removed by age": "expired", "removed for room": "dropped"}
    print_table([_log_body(each) for each in report.logs], {**columns, **sizes})
    for log in report.logs:
        _show_dropped(log)
        _show_problems(log)
    if report.unchained:
        say(_("{count:,} entries of earlier versions have no chain", count=report.unchained))
    for key_id in report.unreadable_keys:
        warn(_("no key of this machine opens the audit's key {key_id}", key_id=key_id))
    entries = sum(log.entries for log in report.logs)
    if report.is_whole:
        say((_("whole: {count:,} entries, each follows the one before", count=entries), "green"))


def _show_dropped(log: LogReport) -> None:
    if log.head.dropped:
        until = instant(_text(instant_of(log.head.dropped_to)))
        seen = _(
            "{log}: AUDIT_MAX_MB left no room for {count:,} entries, the newest of {until}",
            until=until,
            log=log.log,
            count=log.head.dropped,
        )
        warn(seen)
    if log.is_over:
        warn(
            _(
                "{log}: {size} MB are more than its share of AUDIT_MAX_MB ({limit} MB); they are kept",
                log=log.log,
                size=log.bytes // _MEGABYTE,
                limit=log.limit_bytes // _MEGABYTE,
            )
        )


def _show_problems(log: LogReport) -> None:
    for each in log.problems:
        warn(describe(log, each))
    more = log.problem_count - len(log.problems)
    if more > 0:
        warn(_("{log}: {count:,} more", log=log.log, count=more))


def describe(log: LogReport, problem: ChainProblem) -> str:
    """Return a problem as a line: the log, the entry, its time, and what it says now."""
    place = _("{log}: entry {number}", log=log.log, number=problem.number)
    at = instant(_text(instant_of(problem.at)))
    act, gone = _act(problem), problem.reason.removeprefix("removed: ")
    reason = _REASONS.get(gone, gone)
    if gone != problem.reason:
        reason = _("{reason}; it had reached AUDIT_DAYS or AUDIT_MAX_MB and is gone", reason=reason)
    if not act:
        return _("{place} ({instant}): {reason}", place=place, instant=at, reason=reason)
    return _(
        "{place} ({instant}): {reason}; it now says {actor} {action} {target}",
        place=place,
        instant=at,
        reason=reason,
        actor=act.get("actor"),
        action=act.get("action"),
        target=act.get("target"),
    )


def report_body(report: AuditReport) -> dict[str, Any]:
    """Return the report for programs."""
    return {
        "whole": report.is_whole,
        "logs": [_log_body(log) for log in report.logs],
        "unchained": report.unchained,
        "unreadable_keys": report.unreadable_keys,
        "sink_failure": report.sink_failure,
    }


def _log_body(log: LogReport) -> dict[str, Any]:
    head = log.head
    return {
        "log": log.log,
        "entries": log.entries,
        "oldest_at": _text(log.oldest_at),
        "newest_at": _text(log.newest_at),
        "bytes": log.bytes,
        "limit_bytes": log.limit_bytes,
        "number": head.number,
        "mac": head.mac,
        "expired": head.expired,
        "dropped": head.dropped,
        "dropped_until": _text(instant_of(head.dropped_to)),
        "accepted": head.accepted,
        "problem_count": log.problem_count,
        "problems": [
            {
                "number": each.number,
                "at": _text(instant_of(each.at)),
                "reason": each.reason,
                "act": _act(each),
            }
            for each in log.problems
        ],
    }


def _act(problem: ChainProblem) -> dict[str, Any]:
    try:
        found: Any = orjson.loads(problem.act)
    except ValueError:
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def _text(at_ms: int) -> str | None:
    return from_ms(at_ms).isoformat() if 0 < at_ms < _MOST_MS else None


_MOST_MS = 253_402_300_799_000
"""The last instant that a date can show."""


def _since(log: dict[str, Any]) -> str:
    return instant(log["oldest_at"])


def _megabytes(log: dict[str, Any]) -> str:
    return f"{log['bytes'] / _MEGABYTE:.1f} / {log['limit_bytes'] / _MEGABYTE:.1f}"
