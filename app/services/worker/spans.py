"""The spans of one attempt: the attempt itself under the run's creation, its tool calls under the attempt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from app.core.models import Finish, Outcome
from app.core.trace_context import attempt_span_id, call_span_id, enqueue_span_id
from app.core.tracing import Span, SpanKind

if TYPE_CHECKING:
    from app.core.models import ClaimedRun
    from app.core.runner import RunEnd

# Slots are fired by schedulers, and those make no spans: the attempt is the first of its trace.
_WITHOUT_PRODUCER = frozenset({"schedule", "chain"})
_MAX_ERROR_CHARS = 500
_FAILED = frozenset({Outcome.FAILED, Outcome.RETRY, Outcome.CRASHED})


def attempt_spans(run: ClaimedRun, end: RunEnd, now_ms: int) -> list[Span]:
    """Return the span of an attempt that has ended, and one for each call of a tool that it made."""
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
        "multi_job.outcome": end.outcome.value if isinstance(end, Finish) else end.reason.value,
        "multi_job.queue_wait_ms": max(0, run.started_at_ms - run.queued_at_ms),
    }


def _error(end: RunEnd) -> str:
    if not isinstance(end, Finish) or end.outcome not in _FAILED:
        return ""
    error: dict[str, Any] = orjson.loads(end.error) if end.error else {}
    return str(error.get("message") or error.get("type") or "failed")[:_MAX_ERROR_CHARS]


def _calls(end: RunEnd) -> list[dict[str, Any]]:
    return orjson.loads(end.calls) if isinstance(end, Finish) and end.calls else []


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
