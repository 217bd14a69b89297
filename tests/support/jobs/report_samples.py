"""Reports of made-up days."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from app.core.clock import DAY_MS, to_ms
from app.core.i18n import Language
from app.core.incidents.spans import IncidentSpan
from app.core.messaging.outbox import MessageCounts
from app.core.monitors.models import StateRange
from app.core.statistics.periods import Availability, ErrorGroup, JobFigures, Period, PeriodStats, RunFigures
from app.jobs.report.figures import Report, incident_figures, period_before, period_until

END_MS = to_ms(datetime(2026, 7, 28, 0, 0, tzinfo=UTC))
"""07:00 in Jakarta."""
NASTY = "<b>|`*[x](javascript:alert(1))\n# head"


SPANS = (
    IncidentSpan("inc1", "monitor_down", "x.example", "down", "critical", END_MS - 300_000, END_MS - 100_000),
    IncidentSpan("inc2", "job_failing", "sync", "", "warning", END_MS - 3_600_000, None),
)


def empty_stats(period: Period) -> PeriodStats:
    return PeriodStats(period, "Asia/Jakarta", RunFigures(), (), 0, (), errors_complete=True, monitors=())


def monitor(job_id: str, **changes: object) -> Availability:
    usual = Availability(
        job_id=job_id,
        type="monitor.channel",
        state="up",
        since_ms=END_MS - DAY_MS,
        checked_at_ms=END_MS - 5,
        reason="",
        detail="",
        subject="telegram bot_a01",
        command="",
        up_ms=DAY_MS,
        degraded_ms=0,
        down_ms=0,
        outages=(),
    )
    return replace(usual, **changes)  # pyright: ignore[reportArgumentType]


def empty_report(language: Language = "id") -> Report:
    period = period_until(END_MS, "day", "Asia/Jakarta")
    return Report(
        "laporan",
        "laporan@1",
        language,
        "Asia/Jakarta",
        empty_stats(period),
        empty_stats(period_before(period, "day", "Asia/Jakarta")),
        incident_figures((), period),
        MessageCounts({}, complete=True),
    )


def full_report(language: Language = "id") -> Report:
    """Return a day with failures, an outage, and an account that is not set up."""
    report = empty_report(language)
    stats = replace(
        report.stats,
        total=RunFigures(success=2878, failed=3, cancelled=1, total_ms=500_000, p50_ms=100, p95_ms=2500),
        jobs=(
            JobFigures("sync", "simulation.load", RunFigures(10, 3, 1, 9, 5, 10)),
            JobFigures("gone", "", RunFigures(2868, 0, 0, 9, 100, 2500)),
        ),
        jobs_total=3,
        errors=(ErrorGroup("abc", "exception", NASTY, 3, ("sync",), "sync@5", END_MS - 60_000),),
        monitors=(
            monitor(
                "pantau",
                up_ms=DAY_MS - 200_000,
                down_ms=200_000,
                outages=(StateRange("down", END_MS - 300_000, END_MS - 100_000, "unreachable"),),
            ),
            monitor(
                "wa",
                state="not_configured",
                reason="no_account",
                subject="whatsapp ops_01",
                command="multi-job connect whatsapp ops_01",
                up_ms=0,
            ),
        ),
    )
    before = replace(
        empty_stats(period_before(report.period, "day", "Asia/Jakarta")),
        total=RunFigures(success=1100),
        monitors=(monitor("pantau", down_ms=61_000),),
    )
    return replace(
        report,
        stats=stats,
        before=before,
        incidents=incident_figures(SPANS, report.period),
        messages=MessageCounts({"delivered": 12, "failed": 1}, complete=True),
    )
