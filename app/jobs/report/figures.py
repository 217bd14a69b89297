"""Collects the figures of a daily report and of the day before it.

The period ends at the slot, or, for a manual run, at the moment of the run. It begins 24 hours earlier,
rounded down to a quarter hour, the unit of the stored figures: no time is lost between two reports.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from app.core.clock import DAY_MS, QUARTER_MS
from app.core.i18n import Language
from app.core.statistics.periods import Availability, ErrorGroup, JobFigures, Period, PeriodStats, RunFigures
from app.jobs.report.messages import ReportLocale

if TYPE_CHECKING:
    from app.core.execution.context import RunContext


@dataclass(frozen=True, slots=True)
class Report:
    """All figures of one report."""

    job_id: str
    run_id: str
    language: Language
    timezone: str
    stats: PeriodStats
    before: PeriodStats

    @property
    def period(self) -> Period:
        """Return the period of the report."""
        return self.stats.period

    def downtime_before_ms(self, monitor: Availability) -> int:
        """Return the downtime that the same monitor saw in the period before."""
        return next((m.down_ms for m in self.before.monitors if m.job_id == monitor.job_id), 0)


def last_day(end_ms: int) -> Period:
    """Return the 24 hours up to an instant, from a full quarter hour on."""
    return Period((end_ms - DAY_MS) // QUARTER_MS * QUARTER_MS, end_ms)


def day_before(period: Period) -> Period:
    """Return the 24 hours before a period."""
    return Period(period.from_ms - DAY_MS, period.from_ms)


async def collect(ctx: RunContext, language: Language, timezone: str | None) -> Report:
    """Read the figures of the run's own day and of the day before it."""
    period = last_day(ctx.slot_ms or ctx.started_at_ms)
    stats = await ctx.platform.stats(period)
    before = await ctx.platform.stats(day_before(period))
    return Report(ctx.job_id, ctx.run_id, language, timezone or stats.timezone, stats, before)


def as_json(report: Report) -> dict[str, Any]:
    """Return a report for programs: instants as ISO 8601 in its zone, durations in ms."""
    words = ReportLocale(report.language, report.timezone)
    return {
        "job_id": report.job_id,
        "run_id": report.run_id,
        "language": report.language,
        "timezone": report.timezone,
        "period": _period(report.period, words),
        "compared_with": _period(report.before.period, words),
        "total": _figures(report.stats.total),
        "total_before": _figures(report.before.total),
        "jobs": [_job(job) for job in report.stats.jobs],
        "jobs_total": report.stats.jobs_total,
        "monitors": [_monitor(report, monitor, words) for monitor in report.stats.monitors],
        "errors": [_error(error, words) for error in report.stats.errors],
        "errors_complete": report.stats.errors_complete,
    }


def _period(period: Period, words: ReportLocale) -> dict[str, str]:
    return {"from": words.iso(period.from_ms), "to": words.iso(period.to_ms)}


def _figures(figures: RunFigures) -> dict[str, Any]:
    names = ("runs", "success", "failed", "cancelled", "success_rate", "total_ms", "p50_ms", "p95_ms")
    return {name: getattr(figures, name) for name in names}


def _job(job: JobFigures) -> dict[str, Any]:
    return {"job_id": job.job_id, "type": job.type or None, **_figures(job.figures)}


def _monitor(report: Report, monitor: Availability, words: ReportLocale) -> dict[str, Any]:
    return {
        "job_id": monitor.job_id,
        "type": monitor.type,
        "subject": monitor.subject,
        "state": monitor.state,
        "reason": monitor.reason or None,
        "detail": monitor.detail or None,
        "command": monitor.command or None,
        "since": words.iso(monitor.since_ms),
        "checked_at": words.iso(monitor.checked_at_ms) if monitor.checked_at_ms is not None else None,
        "availability": monitor.availability,
        "up_ms": monitor.up_ms,
        "degraded_ms": monitor.degraded_ms,
        "down_ms": monitor.down_ms,
        "down_ms_before": report.downtime_before_ms(monitor),
        "outages": [
            {
                "from": words.iso(outage.from_ms),
                "to": words.iso(outage.to_ms) if outage.to_ms is not None else None,
                "reason": outage.reason,
            }
            for outage in monitor.outages
        ],
    }


def _error(error: ErrorGroup, words: ReportLocale) -> dict[str, Any]:
    fields = asdict(error)
    at_ms = fields.pop("last_at_ms")
    return fields | {"last_at": words.iso(at_ms)}
