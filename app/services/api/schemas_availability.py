"""What the availability of an account looks like."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.services.api.schemas import Answer, Instant

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
