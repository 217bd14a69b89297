"""Bodies of monitors."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import Field

from app.core.clock import rfc3339
from app.core.i18n import for_reader
from app.core.monitors.models import WatchState
from app.services.api.schemas.common import Answer, EmptyAsNull, Instant, Shown

if TYPE_CHECKING:
    from app.core.monitors.models import MonitorBrief, MonitorDetail, MonitorRecord
    from app.core.monitors.pings import LastPing


class MonitorBriefBody(Answer):
    """The state of what a job watches, at this moment."""

    state: WatchState
    since: Instant
    incident_id: str | None = Field(description="The open incident that it is a part of.")
    last_error: Shown | None

    @classmethod
    def of(cls, brief: MonitorBrief) -> Self:
        """Return the state in the reader's language."""
        error = None if brief.last_error is None else for_reader(brief.last_error)
        return cls.from_record(brief, last_error=error)


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
    last_error: Shown | None = Field(examples=["status 503, expected < 400"])
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


# The hours of all monitors begin at the same instants.
_hour = lru_cache(maxsize=64)(rfc3339)


def monitor_view(record: MonitorRecord) -> dict[str, Any]:
    """Return a MonitorBody as a plain value, in the reader's language.

    Built by hand: as models, the 24,000 hours of a thousand monitors take ten times as long.
    """
    uptime, latency, checked = record.uptime, record.latency, record.last_check_at
    return {
        "job_id": record.job_id,
        "type": record.type,
        "target": record.target,
        "state": record.state,
        "since": rfc3339(record.since),
        "last_check_at": None if checked is None else rfc3339(checked),
        "last_error": None if record.last_error is None else for_reader(record.last_error),
        "reason": record.reason or None,
        "fails_in_a_row": record.fails_in_a_row,
        "latency_ms": record.latency_ms,
        "uptime": {"h24": uptime.h24, "d7": uptime.d7, "d30": uptime.d30, "d90": uptime.d90},
        "latency": {"p50_ms": latency.p50_ms, "p95_ms": latency.p95_ms},
        "incident_id": record.incident_id,
        "command": record.command,
        "hours": [{"at": _hour(at), "state": state, "uptime": up} for at, state, up in record.hours],
    }


class PingBody(Answer):
    """The last success or failure that a program has reported."""

    at: Instant
    kind: Literal["success", "fail"]
    exit_code: int | None
    took_ms: int | None = Field(description="From its start to its end, if it has reported both.")
    output: str = Field(description="The beginning of what it sent along.")
    started_at: Instant | None = Field(description="A start that has no end yet.")


class PingUrlBody(Answer):
    """The URL that an outside program calls, with `/start`, `/fail` or an exit code behind it."""

    job_id: str
    url: str = Field(examples=["https://jobs.example/ping/7BbX2kYxM3vTq1LrWc9ZpA4d"])
    path: str = Field(description="The path alone, if the API has other names for outside programs.")
    last: PingBody | None

    @classmethod
    def of(cls, job_id: str, base_url: str, token: str, last: LastPing | None) -> Self:
        """Return the URL under the name that the API was called by."""
        path = f"/ping/{token}"
        shown = None if last is None else PingBody.model_validate(last)
        return cls(job_id=job_id, url=base_url.rstrip("/") + path, path=path, last=shown)


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
    ping: PingBody | None = Field(description="Of a `monitor.heartbeat`: what its program reported last.")

    @classmethod
    def of_detail(cls, detail: MonitorDetail, ping: LastPing | None = None) -> Self:
        """Return the body of a monitor with its history."""
        shown = MonitorBody.of(detail.record)
        fields = {name: getattr(shown, name) for name in MonitorBody.model_fields}
        return cls.model_validate(
            fields
            | {
                "history": [StateRangeBody.model_validate(each) for each in detail.history],
                "quarters": [MonitorQuarterBody.model_validate(each) for each in detail.quarters],
                "ping": None if ping is None else PingBody.model_validate(ping),
            }
        )
