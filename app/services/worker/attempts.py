"""Log lines and spans of attempts."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import orjson

from app.core.models import AttemptOutcome, AttemptResult, RunStatus
from app.core.observability import get_logger
from app.core.tracing.spans import Span, SpanKind, attempt_span_id, call_span_id, enqueue_span_id

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.models import ClaimedRun
    from app.core.runner import RunEnd

log = get_logger(__name__)

# The statuses of a run after the attempt. An isolated run whose child crashed has failed.
STATUSES = {
    AttemptOutcome.SUCCESS: RunStatus.SUCCESS,
    AttemptOutcome.FAILED: RunStatus.FAILED,
    AttemptOutcome.CRASHED: RunStatus.FAILED,
    AttemptOutcome.RETRY: RunStatus.RETRYING,
    AttemptOutcome.CANCELLED: RunStatus.CANCELLED,
}
WINDOW_SEC = 1.0


class AttemptLog:
    """Writes a line for each start (debug) and each end (info) of an attempt.

    Every end is logged except successes beyond `most_per_sec` within a second. One line at the end of that
    second has their number. All methods belong to the event loop's thread.
    """

    def __init__(self, clock: Clock, most_per_sec: int) -> None:
        self._clock = clock
        self._most = most_per_sec
        self._log = log.bind()
        # Looked up once: a busy worker starts thousands of runs a second.
        self._debug = logging.getLogger(__name__).isEnabledFor(logging.DEBUG)
        self._window_ends = 0.0
        self._logged = 0
        self._left_out = 0

    def started(self, run: ClaimedRun) -> None:
        """Log the start of an attempt at debug level."""
        if self._debug:
            self._log.debug("run started", **_ids(run))

    def ended(self, run: ClaimedRun, end: RunEnd) -> None:
        """Log the end of an attempt, unless it is a success beyond the bound."""
        if not isinstance(end, AttemptResult):
            duration_ms = max(0, self._clock.now_ms() - run.started_at_ms)
            self._log.info("run ended", **_ids(run), status=f"stopped:{end.reason}", duration_ms=duration_ms)
        elif end.outcome is not AttemptOutcome.SUCCESS or self._is_within_bound():
            status = STATUSES[end.outcome]
            self._log.info(
                "run ended", **_ids(run), status=status, duration_ms=end.duration_ms, **_error_of(end)
            )

    def flush(self) -> None:
        """Log how many successes were left out since the last such line."""
        if self._left_out:
            self._log.info("successes left out of the log", runs=self._left_out, log_runs_per_sec=self._most)
            self._left_out = 0

    def _is_within_bound(self) -> bool:
        now = self._clock.monotonic()
        if now >= self._window_ends:
            self._window_ends = now + WINDOW_SEC
            self._logged = 0
        if self._logged < self._most:
            self._logged += 1
            return True
        if self._left_out == 0:
            asyncio.get_running_loop().call_later(self._window_ends - now, self.flush)
        self._left_out += 1
        return False


def _ids(run: ClaimedRun) -> dict[str, Any]:
    return {
        "job_id": run.job_id,
        "run_id": run.run_id,
        "trace_id": run.trace_id,
        "type": run.type,
        "attempt": run.attempt,
    }


def _error_of(end: AttemptResult) -> dict[str, Any]:
    if not end.error:
        return {}
    error: dict[str, Any] = orjson.loads(end.error)
    return {"code": error.get("code", ""), "error": error.get("message", "")}


# Schedulers fire slots and make no spans: the attempt is the first of its trace.
_WITHOUT_PRODUCER = frozenset({"schedule", "chain"})
_MAX_ERROR_CHARS = 500
_FAILED = frozenset({AttemptOutcome.FAILED, AttemptOutcome.RETRY, AttemptOutcome.CRASHED})


def attempt_spans(run: ClaimedRun, end: RunEnd, now_ms: int) -> list[Span]:
    """Return the span of an ended attempt, and one for each of its tool calls."""
    attempt = Span(
        name=f"run {run.type}",
        kind=SpanKind.CONSUMER,
        trace_id=run.trace_id,
        span_id=attempt_span_id(run.run_id, run.attempt),
        parent_id=None if run.source in _WITHOUT_PRODUCER else enqueue_span_id(run.run_id),
        start_ms=run.started_at_ms,
        end_ms=max(run.started_at_ms, now_ms),
        attributes=_attributes(run, end),
        error=_error(end),
    )
    return [attempt, *(_call_span(run, attempt.span_id, call) for call in _calls(end))]


def _attributes(run: ClaimedRun, end: RunEnd) -> dict[str, str | int | float | bool]:
    return {
        "multi_job.job_id": run.job_id,
        "multi_job.run_id": run.run_id,
        "multi_job.job_type": run.type,
        "multi_job.attempt": run.attempt,
        "multi_job.source": run.source,
        "multi_job.outcome": end.outcome.value if isinstance(end, AttemptResult) else end.reason.value,
        "multi_job.queue_wait_ms": max(0, run.started_at_ms - run.queued_at_ms),
    }


def _error(end: RunEnd) -> str:
    if not isinstance(end, AttemptResult) or end.outcome not in _FAILED:
        return ""
    error: dict[str, Any] = orjson.loads(end.error) if end.error else {}
    return str(error.get("message") or error.get("type") or "failed")[:_MAX_ERROR_CHARS]


def _calls(end: RunEnd) -> list[dict[str, Any]]:
    return orjson.loads(end.calls) if isinstance(end, AttemptResult) and end.calls else []


def _call_span(run: ClaimedRun, parent_id: str, call: dict[str, Any]) -> Span:
    return Span(
        name=f"{call['tool']}.{call['op']}",
        kind=SpanKind.CLIENT,
        trace_id=run.trace_id,
        span_id=call_span_id(run.run_id, run.attempt, call["n"]),
        parent_id=parent_id,
        start_ms=call["at"],
        end_ms=call["at"] + call["duration_ms"],
        attributes={"multi_job.run_id": run.run_id, "multi_job.tool": call["tool"]},
        error=call.get("error", ""),
    )
