"""The spans of requests and of the runs that they create."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.queue import EnqueueResult, Idempotency, Queue
from app.core.trace_context import TraceContext, current_span, enqueue_span_id
from app.core.tracing import Span, SpanKind

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.keys import Keys
    from app.core.models import NewRun
    from app.core.redis_client import RedisLink
    from app.core.scripts import Scripts
    from app.core.tracing import SpanSink

SERVER_ERROR = 500


class TracedQueue(Queue):
    """A queue that makes a span for each run it creates; the worker's spans hang under it."""

    def __init__(
        self,
        link: RedisLink,
        scripts: Scripts,
        keys: Keys,
        clock: Clock,
        settings: Settings,
        *,
        spans: SpanSink,
    ) -> None:
        super().__init__(link, scripts, keys, clock, settings)
        self._spans = spans

    async def enqueue(self, run: NewRun, idempotency: Idempotency | None = None) -> EnqueueResult:
        start_ms = self.clock.now_ms()
        result = await super().enqueue(run, idempotency)
        self._tell(run, result, start_ms)
        return result

    async def enqueue_many(self, runs: list[NewRun]) -> list[EnqueueResult]:
        start_ms = self.clock.now_ms()
        results = await super().enqueue_many(runs)
        for run, result in zip(runs, results, strict=True):
            self._tell(run, result, start_ms)
        return results

    def _tell(self, run: NewRun, result: EnqueueResult, start_ms: int) -> None:
        if result.word != "OK":
            return
        above = current_span.get()
        self._spans.emit(
            Span(
                name=f"enqueue {run.type}",
                kind=SpanKind.PRODUCER,
                trace_id=run.trace_id,
                span_id=enqueue_span_id(run.run_id),
                parent_id=above.span_id if above is not None and above.trace_id == run.trace_id else None,
                start_ms=start_ms,
                end_ms=self.clock.now_ms(),
                attributes={"multi_job.job_id": run.job_id, "multi_job.run_id": run.run_id},
            )
        )


def request_span(
    place: TraceContext,
    parent_id: str | None,
    *,
    method: str,
    route: str,
    status: int,
    start_ms: float,
    end_ms: float,
) -> Span:
    """Return the span of one request; `route` is the path's template, never what a caller put into it."""
    return Span(
        name=f"{method} {route}",
        kind=SpanKind.SERVER,
        trace_id=place.trace_id,
        span_id=place.span_id,
        parent_id=parent_id,
        start_ms=start_ms,
        end_ms=end_ms,
        attributes={
            "http.request.method": method,
            "http.route": route,
            "http.response.status_code": status,
        },
        error=f"HTTP {status}" if status >= SERVER_ERROR else "",
    )
