"""What figures look like: the runs there are, and the last minutes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.services.api.schemas.common import Answer, Instant

Percentile = Annotated[int | None, Field(description="Within 5 %; null if nothing was measured.")]


class StatsFigures(Answer):
    """Runs counted where they started or ended."""

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


# What the availability of an account looks like.

Ms = Annotated[int, Field(ge=0)]


class QuarterBody(Answer):
    """A quarter hour: the time in each state. What is missing of it nobody has seen."""

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
    """How an account was, by the jobs that watch it; all lists are empty where none does."""

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
