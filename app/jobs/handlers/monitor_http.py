"""Monitors a URL: status, content, latency and certificate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, field_validator, model_validator

from app.core.clock import DAY_MS
from app.core.errors import HttpUnreachable, UrlRefused
from app.core.i18n import _, concat, ngettext
from app.core.i18n.stored import cut
from app.core.monitors.models import CheckState, MonitorReport, MonitorWarning
from app.core.net.urls import parse_url
from app.core.policies import Destination
from app.core.registry import handler
from app.jobs.monitor.expectations import (
    ExpectedStatus,
    JsonExpectation,
    expects_redirect,
    json_problem,
    shorten,
    status_matches,
    status_patterns,
    status_words,
)
from app.jobs.monitor.monitor import AfterSec, FailAfter, MonitorOutput, count_failures
from app.jobs.monitor.quiet import Quiet
from app.jobs.monitor.state import Tolerance
from app.jobs.notify import Notify, notify_destination

if TYPE_CHECKING:
    from app.core.execution.context import RunContext
    from app.core.tools.http import HttpAnswer

MAX_SUBJECT_CHARS, MAX_DETAIL_CHARS = 100, 300
CERTIFICATE_ENDS = "certificate_ends"
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
    expect_status: Annotated[
        ExpectedStatus | None,
        Field(
            examples=["200, 3xx"],
            description="a status, several, or classes such as `2xx`; else any below 400",
        ),
    ] = None
    contains: Annotated[
        str | None, Field(min_length=1, max_length=1_000, description="text that the body must hold")
    ] = None
    absent: Annotated[
        str | None, Field(min_length=1, max_length=1_000, description="text that the body must not hold")
    ] = None
    json_value: Annotated[
        JsonExpectation | None, Field(description="a value that the JSON of the body must hold")
    ] = None
    latency_ms: Annotated[
        int | None,
        Field(
            ge=1,
            le=60_000,
            validation_alias=AliasChoices("latency_ms", "degraded_ms"),
            description="slower than this is degraded",
        ),
    ] = None
    cert_days: Annotated[
        int,
        Field(
            ge=0,
            le=365,
            validation_alias=AliasChoices("cert_days", "tls_warn_days"),
            description="a certificate that ends sooner is degraded, and an incident of its own",
        ),
    ] = 14
    notify: Annotated[Notify | None, Field(description="who gets alarms; else DEFAULT_NOTIFY")] = None
    quiet: Quiet = None
    fail_after: FailAfter = 3
    after_sec: AfterSec = None
    alarm_on: Annotated[
        AlarmState,
        Field(description="`degraded`: a slow page raises an alarm, too"),
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
        if self.method == "HEAD":
            for name in ("contains", "absent", "json_value"):
                if getattr(self, name) is not None:
                    raise ValueError(_("HEAD brings no body: `{name}` needs GET", name=name))
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
    tools=("http", "platform", "metrics"),
    own_job_only=True,
    destinations=_destinations,
)
async def monitor_http(ctx: RunContext, inputs: MonitorHttpInputs) -> MonitorHttpOutput:
    """Call a URL; a site that is down is a successful check, a URL that is refused is a failed run."""
    found = await _check(ctx, inputs)
    counted, degraded = "fail_after" in inputs.model_fields_set, inputs.alarm_on == "degraded"
    tolerance = Tolerance.of(inputs.fail_after, inputs.after_sec, counted=counted, degraded=degraded)
    ctx.report_check(_report(found, inputs, tolerance, ctx.started_at_ms))
    fails = await count_failures(ctx, is_bad=found.state in tolerance.bad)
    await ctx.tools.metrics.gauge("http_up", 0 if found.state == "down" else 1)
    if found.latency_ms is not None:
        await ctx.tools.metrics.gauge("http_latency_ms", found.latency_ms)
    return found.model_copy(update={"fails_in_a_row": fails})


def _report(
    found: MonitorHttpOutput, inputs: MonitorHttpInputs, tolerance: Tolerance, now_ms: int
) -> MonitorReport:
    subject, host = _subject(inputs.url), urlsplit(inputs.url).hostname or inputs.url
    report = tolerance.report(found, target=subject, group=f"monitor:{host}")
    if found.reason == CERTIFICATE_ENDS:
        # It has an incident of its own, whatever this job takes for a bad state.
        report = replace(report, bad=("down",))
    if found.tls_expires_at is None:
        return report
    words = _certificate_words(found.tls_expires_at, inputs.cert_days, now_ms)
    warning = MonitorWarning("certificate_ends", f"certificate:{host}", host, words or "")
    return replace(report, warning=warning)


async def _check(ctx: RunContext, inputs: MonitorHttpInputs) -> MonitorHttpOutput:
    try:
        answer = await ctx.tools.http.request(
            inputs.method,
            inputs.url,
            headers=inputs.headers,
            timeout_sec=inputs.timeout_sec,
            # A check that expects a redirect must not follow it.
            follow_redirects=not expects_redirect(inputs.expect_status),
            cut=True,
        )
    except HttpUnreachable as error:
        detail = cut(error.message, MAX_DETAIL_CHARS)
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


Finding = tuple[CheckState, str | None, str]


def _finding(answer: HttpAnswer, inputs: MonitorHttpInputs, now_ms: int) -> Finding:
    if not status_matches(answer.status, inputs.expect_status):
        return "down", "status", _status_problem(answer.status, inputs.expect_status)
    if (problem := _body_problem(answer, inputs)) is not None:
        return problem
    slowest_ms, took_ms = inputs.latency_ms, answer.elapsed_ms
    if slowest_ms is not None and took_ms > slowest_ms:
        slow = _("{took_ms} ms, more than {slowest_ms} ms", took_ms=took_ms, slowest_ms=slowest_ms)
        return "degraded", "slow", slow
    ends_ms = answer.tls_expires_at
    if ends_ms is not None and (words := _certificate_words(ends_ms, inputs.cert_days, now_ms)):
        return "degraded", CERTIFICATE_ENDS, words
    return "up", None, status_words(answer.status)


def _status_problem(status: int, expected: ExpectedStatus | None) -> str:
    words = status_words(status)
    if expected is None:
        return words
    return _("{status}, expected {wanted}", status=words, wanted=", ".join(status_patterns(expected)))


def _body_problem(answer: HttpAnswer, inputs: MonitorHttpInputs) -> Finding | None:
    if inputs.contains is not None and inputs.contains not in answer.text:
        missing = _('the text "{text}" is missing', text=shorten(inputs.contains))
        if answer.truncated:
            part = _("({count} bytes were read)", count=answer.bytes_read)
            missing = concat(missing, part, separator=" ")
        return "down", "body", missing
    if inputs.absent is not None and inputs.absent in answer.text:
        return "down", "forbidden_text", _('the text "{text}" is on the page', text=shorten(inputs.absent))
    if inputs.json_value is not None:
        problem = json_problem(answer.text, inputs.json_value, truncated=answer.truncated)
        if problem is not None:
            return "down", "json", problem
    return None


def _certificate_words(ends_ms: int, warn_days: int, now_ms: int) -> str | None:
    """Return when a certificate ends, for people; None if that is far away."""
    if ends_ms - now_ms >= warn_days * DAY_MS:
        return None
    days = (ends_ms - now_ms) // DAY_MS
    return ngettext("the certificate ends in {count} day", "the certificate ends in {count} days", days)


def _subject(url: str) -> str:
    """Return the URL without its query, which may hold private data."""
    return url.partition("?")[0].partition("#")[0][:MAX_SUBJECT_CHARS]
