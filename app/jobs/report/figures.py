"""Collects the figures of a report and of the period before it.

The period ends at the slot, or, for a manual run, at the moment of the run. It begins at the same time of the
day a day, a week or a month earlier in the report's zone, rounded down to a quarter hour, the unit of the
stored figures: no time is lost between two reports, and none is in both.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from app.core.clock import QUARTER_MS, from_ms
from app.core.i18n import Language
from app.core.incidents.spans import IncidentSpan
from app.core.messaging.outbox import MessageCounts
from app.core.statistics.periods import Availability, ErrorGroup, JobFigures, Period, PeriodStats, RunFigures
from app.jobs.report.messages import ReportLocale
from app.jobs.report.models import ReportPeriod

if TYPE_CHECKING:
    from app.core.execution.context import RunContext


@dataclass(frozen=True, slots=True)
class IncidentFigures:
    """The incidents that touched a period; times in ms."""

    spans: tuple[IncidentSpan, ...]
    """Oldest first."""
    longest_ms: int | None
    """How long the longest cause held, up to the end of the period."""
    mean_to_recover_ms: int | None
    """Of those that ended in the period."""

    @property
    def open_count(self) -> int:
        """Return how many are open."""
        return sum(1 for each in self.spans if each.to_ms is None)


def incident_figures(spans: tuple[IncidentSpan, ...], period: Period) -> IncidentFigures:
    """Return count, longest and mean time to recover of a period's incidents."""
    lengths = [min(each.to_ms or period.to_ms, period.to_ms) - each.from_ms for each in spans]
    ended = [
        each.to_ms - each.from_ms for each in spans if each.to_ms is not None and each.to_ms <= period.to_ms
    ]
    mean_ms = sum(ended) // len(ended) if ended else None
    return IncidentFigures(spans, max(lengths, default=None), mean_ms)


@dataclass(frozen=True, slots=True)
class Report:
    """All figures of one report."""

    job_id: str
    run_id: str
    language: Language
    timezone: str
    stats: PeriodStats
    before: PeriodStats | None
    """None for a month: figures of runs are kept for 40 days."""
    incidents: IncidentFigures
    messages: MessageCounts
    length: ReportPeriod = "day"
    sla_percent: float | None = None

    @property
    def period(self) -> Period:
        """Return the period of the report."""
        return self.stats.period

    def downtime_before_ms(self, monitor: Availability) -> int:
        """Return the downtime that the same monitor saw in the period before."""
        earlier = self.before.monitors if self.before else ()
        return next((m.down_ms for m in earlier if m.job_id == monitor.job_id), 0)

    def sla_met(self, monitor: Availability) -> bool | None:
        """Return whether a monitor met the target; None without a target or an observation."""
        if self.sla_percent is None or monitor.availability is None:
            return None
        return 100 * monitor.availability >= self.sla_percent


def period_until(end_ms: int, length: ReportPeriod, timezone: str) -> Period:
    """Return the period up to an instant, from a full quarter hour on; its days are those of a zone."""
    end = from_ms(end_ms).astimezone(ZoneInfo(timezone))
    # The same clock time, so that a day in which the clocks change has 23 or 25 hours.
    start = datetime.combine(_day_before(end.date(), length), end.timetz())
    return Period(round(start.timestamp() * 1_000) // QUARTER_MS * QUARTER_MS, end_ms)


def period_before(period: Period, length: ReportPeriod, timezone: str) -> Period:
    """Return the period before a period."""
    return period_until(period.from_ms, length, timezone)


def _day_before(day: date, length: ReportPeriod) -> date:
    """Return the day a day, a week or a month earlier: 28 February for 31 March."""
    if length != "month":
        return day - timedelta(days=1 if length == "day" else 7)
    last = day.replace(day=1) - timedelta(days=1)
    return last.replace(day=min(day.day, monthrange(last.year, last.month)[1]))


async def collect(
    ctx: RunContext,
    language: Language,
    timezone: str | None,
    length: ReportPeriod,
    sla_percent: float | None,
) -> Report:
    """Read the figures of the run's own period and of the one before it."""
    zone = timezone or await ctx.platform.timezone()
    period = period_until(ctx.slot_ms or ctx.started_at_ms, length, zone)
    stats = await ctx.platform.stats(period)
    before = None if length == "month" else await ctx.platform.stats(period_before(period, length, zone))
    incidents = incident_figures(tuple(await ctx.platform.incidents(period)), period)
    messages = await ctx.platform.messages(period)
    return Report(
        ctx.job_id,
        ctx.run_id,
        language,
        zone,
        stats,
        before,
        incidents,
        messages,
        length,
        sla_percent,
    )


def as_json(report: Report) -> dict[str, Any]:
    """Return a report for programs: instants as ISO 8601 in its zone, durations in ms."""
    words = ReportLocale(report.language, report.timezone)
    return {
        "job_id": report.job_id,
        "run_id": report.run_id,
        "language": report.language,
        "timezone": report.timezone,
        "period": _period(report.period, words),
        "length": report.length,
        "sla_percent": report.sla_percent,
        "compared_with": _period(report.before.period, words) if report.before else None,
        "total": _figures(report.stats.total),
        "total_before": _figures(report.before.total) if report.before else None,
        "incidents": _incidents(report.incidents, words),
        "messages": report.messages.by_state,
        "messages_complete": report.messages.complete,
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
        "sla_met": report.sla_met(monitor),
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


def _incidents(figures: IncidentFigures, words: ReportLocale) -> dict[str, Any]:
    return {
        "count": len(figures.spans),
        "open": figures.open_count,
        "longest_ms": figures.longest_ms,
        "mean_to_recover_ms": figures.mean_to_recover_ms,
        "items": [
            {
                "id": each.id,
                "kind": each.kind,
                "subject": each.subject,
                "severity": each.severity,
                "from": words.iso(each.from_ms),
                "to": None if each.to_ms is None else words.iso(each.to_ms),
            }
            for each in figures.spans
        ],
    }


def _error(error: ErrorGroup, words: ReportLocale) -> dict[str, Any]:
    fields = asdict(error)
    at_ms = fields.pop("last_at_ms")
    return fields | {"last_at": words.iso(at_ms)}
