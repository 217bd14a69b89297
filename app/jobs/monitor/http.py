"""Judges the response of a monitored URL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.i18n import _
from app.core.statistics.availability import DAY_MS, MonitorState

if TYPE_CHECKING:
    from app.core.errors import HttpUnreachable
    from app.core.tools.http import HttpAnswer

FIRST_BAD_STATUS = 400
MAX_DETAIL_CHARS = 300


@dataclass(frozen=True, slots=True)
class Expectation:
    """The expected response. A limit that is None is not checked."""

    status: int | None
    contains: str | None
    degraded_ms: int | None
    tls_warn_days: int
    now_ms: int


@dataclass(frozen=True, slots=True)
class HttpCheckResult:
    """The state of the URL; `reason` is a short code, None if all is well."""

    state: MonitorState
    reason: str | None
    detail: str
    latency_ms: int | None = None
    status: int | None = None
    tls_expires_at: int | None = None


def evaluate(answer: HttpAnswer, expected: Expectation) -> HttpCheckResult:
    """Return the result for a response: down if it is wrong, degraded if slow or a certificate expires."""
    state, reason, detail = _finding(answer, expected)
    return HttpCheckResult(
        state=state,
        reason=reason,
        detail=detail,
        latency_ms=answer.elapsed_ms,
        status=answer.status,
        tls_expires_at=answer.tls_expires_at,
    )


def unreachable(error: HttpUnreachable) -> HttpCheckResult:
    """Return the result for a URL without a response; the reason is the phase that failed."""
    return HttpCheckResult("down", f"unreachable_{error.phase}", error.message[:MAX_DETAIL_CHARS])


def _finding(answer: HttpAnswer, expected: Expectation) -> tuple[MonitorState, str | None, str]:
    status = answer.status
    good = status == expected.status if expected.status is not None else status < FIRST_BAD_STATUS
    if not good:
        wanted = str(expected.status) if expected.status is not None else f"< {FIRST_BAD_STATUS}"
        return "down", "status", _("status {status}, expected {wanted}", status=status, wanted=wanted)
    if expected.contains is not None and expected.contains not in answer.text:
        part = f" ({answer.bytes_read:,} bytes)" if answer.truncated else ""
        return "down", "body", _("the expected text is missing{part}", part=part)
    return _warning(answer, expected) or ("up", None, f"status {status}")


def _warning(answer: HttpAnswer, expected: Expectation) -> tuple[MonitorState, str, str] | None:
    ends_ms = answer.tls_expires_at
    if ends_ms is not None and ends_ms - expected.now_ms < expected.tls_warn_days * DAY_MS:
        days = (ends_ms - expected.now_ms) // DAY_MS
        detail = _("the certificate ends in {days} days", days=days)
        return "degraded", "tls_expires_soon", detail
    slowest_ms, took_ms = expected.degraded_ms, answer.elapsed_ms
    if slowest_ms is not None and took_ms > slowest_ms:
        return (
            "degraded",
            "slow",
            _("{took_ms} ms, more than {slowest_ms} ms", took_ms=took_ms, slowest_ms=slowest_ms),
        )
    return None
