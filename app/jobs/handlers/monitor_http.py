"""Monitors a URL: status, content, latency and certificate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from app.core.errors import HttpUnreachable, UrlRefused
from app.core.i18n import _
from app.core.net.urls import parse_url
from app.core.policies import Destination
from app.core.registry import handler
from app.core.statistics.availability import DAY_MS, MonitorState
from app.jobs.monitor.alarms import send_alarms
from app.jobs.monitor.monitor import AfterSec, FailAfter, MonitorOutput, observe
from app.jobs.monitor.quiet import Quiet
from app.jobs.monitor.state import MonitorCheck, Tolerance
from app.jobs.notify import Notify, notify_destination

if TYPE_CHECKING:
    from app.core.execution.context import RunContext
    from app.core.tools.http import HttpAnswer

FIRST_BAD_STATUS = 400
MAX_SUBJECT_CHARS, MAX_DETAIL_CHARS = 100, 300
Method = Literal["GET", "HEAD"]
AlarmState = Literal["down", "degraded"]
HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$")]
HeaderValue = Annotated[str, Field(max_length=4_096, pattern=r"^[\x20-\x7e]*$")]


class MonitorHttpInputs(BaseModel):
    """The URL, the expected response, and the recipient of alarms."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Annotated[str, Field(max_length=4_096, examples=["https://example.org/health"])]
    method: Method = "GET"
    headers: Annotated[
        dict[HeaderName, HeaderValue],
        Field(max_length=20, description="sent along, such as `Authorization: Bearer secret:NAME`"),
    ] = Field(default_factory=dict)
    expect_status: Annotated[int | None, Field(ge=100, le=599, description="else any status below 400")] = (
        None
    )
    contains: Annotated[
        str | None, Field(min_length=1, max_length=1_000, description="text that the body must hold")
    ] = None
    degraded_ms: Annotated[int | None, Field(ge=1, le=60_000, description="slower than this is degraded")] = (
        None
    )
    tls_warn_days: Annotated[
        int, Field(ge=0, le=365, description="a certificate that ends sooner is degraded")
    ] = 14
    notify: Annotated[Notify | None, Field(description="who gets alarms; else DEFAULT_NOTIFY")] = None
    quiet: Quiet = None
    fail_after: FailAfter = 3
    after_sec: AfterSec = None
    alarm_on: Annotated[
        AlarmState,
        Field(description="`degraded`: a slow page or a certificate that ends raises an alarm, too"),
    ] = "down"
    timeout_sec: Annotated[float, Field(gt=0, le=60, description="time that a check has")] = 10.0

    @field_validator("url")
    @classmethod
    def _well_formed(cls, url: str) -> str:
        try:
            parse_url(url)
        except UrlRefused as refused:
            raise ValueError(refused.message) from refused
        return url

    @model_validator(mode="after")
    def _body_is_read(self) -> Self:
        if self.method == "HEAD" and self.contains is not None:
            raise ValueError(_("HEAD brings no body: `contains` needs GET"))
        return self


class MonitorHttpOutput(MonitorOutput):
    """The result of the check; `tls_expires_at` in epoch milliseconds."""

    status: int | None = None
    tls_expires_at: int | None = None


def _destinations(inputs: MonitorHttpInputs) -> Iterator[Destination]:
    yield Destination("http", "hosts", inputs.url, "/url")
    yield from notify_destination(inputs.notify)


@handler(
    "monitor.http",
    inputs=MonitorHttpInputs,
    timeout_ms=30_000,
    tools=("http", "platform", "kv", "metrics", "messaging", "alarms"),
    destinations=_destinations,
)
async def monitor_http(ctx: RunContext, inputs: MonitorHttpInputs) -> MonitorHttpOutput:
    """Call a URL; a site that is down is a successful check, a URL that is refused is a failed run."""
    found = await _check(ctx, inputs)
    check = MonitorCheck(found.state, found.reason or "", ctx.started_at_ms, _subject(inputs.url))
    counted, degraded = "fail_after" in inputs.model_fields_set, inputs.alarm_on == "degraded"
    tolerance = Tolerance.of(inputs.fail_after, inputs.after_sec, counted=counted, degraded=degraded)
    ctx.report_check(
        tolerance.report(
            found, target=check.subject, group=f"monitor:{urlsplit(inputs.url).hostname or check.subject}"
        )
    )
    memory = await observe(ctx, check, tolerance)
    await ctx.tools.metrics.gauge("http_up", 0 if found.state == "down" else 1)
    if found.latency_ms is not None:
        await ctx.tools.metrics.gauge("http_latency_ms", found.latency_ms)
    held_back = await send_alarms(ctx, memory, inputs.notify, inputs.quiet)
    return found.model_copy(update={"fails_in_a_row": memory.fails_in_a_row, "held_back": held_back})


async def _check(ctx: RunContext, inputs: MonitorHttpInputs) -> MonitorHttpOutput:
    # A check that expects a redirect must not follow it.
    redirect = inputs.expect_status is not None and 300 <= inputs.expect_status < 400  # noqa: PLR2004
    try:
        answer = await ctx.tools.http.request(
            inputs.method,
            inputs.url,
            headers=inputs.headers,
            timeout_sec=inputs.timeout_sec,
            follow_redirects=not redirect,
            cut=True,
        )
    except HttpUnreachable as error:
        detail = error.message[:MAX_DETAIL_CHARS]
        return MonitorHttpOutput(state="down", reason=f"unreachable_{error.phase}", detail=detail)
    return evaluate(answer, inputs, ctx.started_at_ms)


def evaluate(answer: HttpAnswer, inputs: MonitorHttpInputs, now_ms: int) -> MonitorHttpOutput:
    """Return the result for a response: down if it is wrong, degraded if slow or a certificate expires."""
    state, reason, detail = _finding(answer, inputs, now_ms)
    return MonitorHttpOutput(
        state=state,
        reason=reason,
        latency_ms=answer.elapsed_ms,
        detail=detail,
        status=answer.status,
        tls_expires_at=answer.tls_expires_at,
    )


def _finding(
    answer: HttpAnswer, inputs: MonitorHttpInputs, now_ms: int
) -> tuple[MonitorState, str | None, str]:
    status, expected = answer.status, inputs.expect_status
    good = status < FIRST_BAD_STATUS if expected is None else status == expected
    if not good:
        wanted = f"< {FIRST_BAD_STATUS}" if expected is None else str(expected)
        return "down", "status", _("status {status}, expected {wanted}", status=status, wanted=wanted)
    if inputs.contains is not None and inputs.contains not in answer.text:
        part = f" ({answer.bytes_read:,} bytes)" if answer.truncated else ""
        return "down", "body", _("the expected text is missing{part}", part=part)
    ends_ms = answer.tls_expires_at
    if ends_ms is not None and ends_ms - now_ms < inputs.tls_warn_days * DAY_MS:
        days = (ends_ms - now_ms) // DAY_MS
        return "degraded", "tls_expires_soon", _("the certificate ends in {days} days", days=days)
    slowest_ms, took_ms = inputs.degraded_ms, answer.elapsed_ms
    if slowest_ms is not None and took_ms > slowest_ms:
        slow = _("{took_ms} ms, more than {slowest_ms} ms", took_ms=took_ms, slowest_ms=slowest_ms)
        return "degraded", "slow", slow
    return "up", None, f"status {status}"


def _subject(url: str) -> str:
    """Return the URL without its query, which may hold private data."""
    return url.partition("?")[0].partition("#")[0][:MAX_SUBJECT_CHARS]
