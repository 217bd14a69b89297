"""Bodies of monitors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pydantic import Field

from app.core.i18n import for_reader
from app.core.monitors.models import WatchState
from app.services.api.schemas.common import Answer, EmptyAsNull, Instant

if TYPE_CHECKING:
    from app.core.monitors.models import MonitorDetail, MonitorRecord


class UptimeBody(Answer):
    """Shares of the time that was watched, 0 to 1; null if nothing was."""

    h24: float | None = Field(examples=[0.9993])
    d7: float | None
    d30: float | None
    d90: float | None


class LatencyBody(Answer):
    """Percentiles of the last 24 hours, within 5 %; null if nothing was measured."""

    p50_ms: int | None
    p95_ms: int | None


class HourBody(Answer):
    """One hour: the worst state that was seen in it."""

    at: Instant
    state: WatchState
    uptime: float | None


class MonitorBody(Answer):
    """A monitor, and its state at this moment."""

    job_id: str
    type: str = Field(examples=["monitor.http"])
    target: str = Field(examples=["https://example.org/health"])
    state: WatchState = Field(
        description="`unknown`: its checks stay away, or the last one failed; `paused`: it is switched off."
    )
    since: Instant
    last_check_at: Instant | None
    last_error: str | None = Field(examples=["status 503, expected < 400"])
    reason: EmptyAsNull = Field(description="A short code of the reason.")
    fails_in_a_row: int
    latency_ms: int | None
    uptime: UptimeBody
    latency: LatencyBody
    incident_id: str | None = Field(description="The open incident that it is a part of.")
    command: str | None = Field(description="The command that sets it up, if it is not configured.")
    hours: list[HourBody] = Field(description="The last 24 hours, oldest first.")

    @classmethod
    def of(cls, record: MonitorRecord) -> Self:
        """Return the body of a monitor, in the reader's language."""
        error = None if record.last_error is None else for_reader(record.last_error)
        return cls.from_record(record, last_error=error)


class StateRangeBody(Answer):
    """A time in one state; `to` is null while it lasts."""

    state: WatchState
    from_at: Instant = Field(alias="from", validation_alias="from_ms", serialization_alias="from")
    to_at: Instant | None = Field(alias="to", validation_alias="to_ms", serialization_alias="to")
    reason: EmptyAsNull


class MonitorQuarterBody(Answer):
    """A quarter hour in which something was seen."""

    at: Instant
    uptime: float | None
    p50_ms: int | None
    p95_ms: int | None
    checks: int = Field(description="Checks with a latency.")


class MonitorDetailBody(MonitorBody):
    """A monitor with its history."""

    history: list[StateRangeBody] = Field(description="Up to 1,000 newest, oldest first.")
    quarters: list[MonitorQuarterBody] = Field(description="The last 24 hours, oldest first.")

    @classmethod
    def of_detail(cls, detail: MonitorDetail) -> Self:
        """Return the body of a monitor with its history."""
        shown = MonitorBody.of(detail.record)
        fields = {name: getattr(shown, name) for name in MonitorBody.model_fields}
        return cls.model_validate(
            fields
            | {
                "history": [StateRangeBody.model_validate(each) for each in detail.history],
                "quarters": [MonitorQuarterBody.model_validate(each) for each in detail.quarters],
            }
        )
