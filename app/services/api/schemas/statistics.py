"""Figures: runs by state, the last minutes, the availability of accounts."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field

from app.services.api.schemas.common import Answer, Instant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.config import Settings
    from app.core.messaging.account_history import AvailabilityHistory
    from app.core.statistics.availability import MonitorState
    from app.core.statistics.minutes import LastMinutes

Percentile = Annotated[int | None, Field(description="Within 5 %; null if nothing was measured.")]


class StatsFigures(Answer):
    """Counts of runs, by the time of their start or end."""

    started: int
    success: int
    failed: int
    cancelled: int
    wait_p50_ms: Percentile
    wait_p95_ms: Percentile
    duration_p50_ms: Percentile
    duration_p95_ms: Percentile


class StatsMinute(StatsFigures):
    """One minute."""

    at: Annotated[Instant, Field(description="When the minute began.")]


class StatsBody(Answer):
    """The last minutes, oldest first, and all together; the last one is still running."""

    since: Instant
    until: Instant
    minutes: list[StatsMinute]
    totals: StatsFigures

    @classmethod
    def of(cls, found: LastMinutes) -> Self:
        """Return the figures of some minutes."""
        return cls(
            since=found.since_ms,
            until=found.until_ms,
            minutes=[StatsMinute(at=at_ms, **asdict(figures)) for at_ms, figures in found.minutes],
            totals=StatsFigures.model_validate(found.totals),
        )


Count = Annotated[int, Field(ge=0)]


class KeptBody(Answer):
    """How long ended runs are kept; the first limit that is reached counts. Dead letters stay."""

    days: Annotated[float, Field(description="Succeeded and cancelled runs (RETENTION_DAYS).")]
    failed_days: Annotated[float, Field(description="Failed runs (RETENTION_FAILED_DAYS).")]
    runs_per_job: Annotated[int, Field(description="The newest runs of a job (RETENTION_RUNS_PER_JOB).")]
    max_mb: Annotated[int, Field(description="Megabytes of history and logs (RETENTION_MAX_MB).")]


class RunCounts(Answer):
    """How many runs are kept in each state."""

    scheduled: Count
    queued: Count
    running: Count
    retrying: Count
    success: Count
    failed: Count
    cancelled: Count
    dead_letters: Annotated[int, Field(ge=0, description="Failed runs that wait for a decision.")]
    kept: KeptBody
    removed_until: Annotated[
        Instant | None,
        Field(description="Runs created up to then may have been removed; null if none has been."),
    ]

    @classmethod
    def of(cls, counts: Mapping[str, int], settings: Settings, purged_until_ms: int | None) -> Self:
        """Return the counts with the limits of retention."""
        kept = KeptBody(
            days=settings.retention_days,
            failed_days=settings.retention_failed_days,
            runs_per_job=settings.retention_runs_per_job,
            max_mb=settings.retention_max_mb,
        )
        return cls(**counts, kept=kept, removed_until=purged_until_ms)


# The availability of an account.

Ms = Annotated[int, Field(ge=0)]


class QuarterBody(Answer):
    """A quarter hour: the time in each state. Time that is missing was not observed."""

    at: Annotated[Instant, Field(description="When it began.")]
    up_ms: Ms
    degraded_ms: Ms
    down_ms: Ms
    not_configured_ms: Ms


class OutageBody(Answer):
    """From the first check that found it down to the first that did not."""

    from_: Annotated[Instant, Field(alias="from")]
    to: Annotated[Instant | None, Field(description="Null while it lasts.")]
    reason: Annotated[str, Field(examples=["channel_unreachable"])]
    job_id: Annotated[str, Field(description="The monitor that saw it.")]


class AvailabilityBody(Answer):
    """The availability of an account, by the jobs that watch it; all lists are empty if none does."""

    channel: str
    account_id: str
    since: Instant
    until: Instant
    quarters: Annotated[
        list[QuarterBody],
        Field(description="All quarter hours of the period, oldest first; the last one is still running."),
    ]
    outages: Annotated[list[OutageBody], Field(description="Those of the period, newest first, 50 at most.")]
    job_ids: Annotated[list[str], Field(description="The `monitor.channel` jobs that it comes from.")]

    @classmethod
    def of(cls, channel: str, account_id: str, found: AvailabilityHistory) -> Self:
        """Return the history of an account."""
        return cls(
            channel=channel,
            account_id=account_id,
            since=found.since_ms,
            until=found.until_ms,
            quarters=[_quarter(each.at_ms, each.ms) for each in found.quarters],
            outages=[
                OutageBody(from_=outage.from_ms, to=outage.to_ms, reason=outage.reason, job_id=job_id)
                for job_id, outage in found.outages
            ],
            job_ids=list(found.job_ids),
        )


def _quarter(at_ms: int, spent_ms: Mapping[MonitorState, int]) -> QuarterBody:
    return QuarterBody(at=at_ms, **{f"{state}_ms": ms for state, ms in spent_ms.items()})
