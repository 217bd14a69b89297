"""The spans of requests and of the runs that they create."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.ids import new_trace_id
from app.core.queue import EnqueueResult, Idempotency, Queue
from app.core.tracing.spans import (
    Span,
    SpanKind,
    TraceContext,
    current_span,
    enqueue_span_id,
    new_span_id,
    parse_traceparent,
)
from app.services.api.http.auth import OPEN_PATHS

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.models import NewRun
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts
    from app.core.tracing.spans import SpanSink

SERVER_ERROR = 500
HEADER = b"traceparent"
# Asked every few seconds by machines: their spans would bury the others.
_UNTRACED = OPEN_PATHS | {"/metrics"}


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


class TraceRequests:
    """The outermost middleware: makes a span for each request; spans of the route are below it."""

    def __init__(self, app: ASGIApp, spans: SpanSink, clock: Clock) -> None:
        self._app = app
        self._spans = spans
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _UNTRACED:
            await self._app(scope, receive, send)
            return
        above = _above(scope["headers"])
        place = TraceContext(above.trace_id if above else new_trace_id(), new_span_id())
        scope["headers"] = [*_without(scope["headers"]), (HEADER, place.traceparent.encode())]
        status, start_ms, token = SERVER_ERROR, self._clock.now_ms(), current_span.set(place)

        async def send_traced(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*_without(message["headers"]), (HEADER, place.traceparent.encode())]
            await send(message)

        try:
            await self._app(scope, receive, send_traced)
        finally:
            current_span.reset(token)
            parent_id = above.span_id if above else None
            self._spans.emit(
                _span(scope, place, parent_id, status=status, start_ms=start_ms, end_ms=self._clock.now_ms())
            )


def _span(
    scope: Scope, place: TraceContext, parent_id: str | None, *, status: int, start_ms: float, end_ms: float
) -> Span:
    # The path's template, never what a caller put into it.
    method, route = scope["method"], str(getattr(scope.get("route"), "path", "unmatched"))
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


def _above(headers: list[tuple[bytes, bytes]]) -> TraceContext | None:
    sent = [value for name, value in headers if name == HEADER]
    # Two of them contradict each other; neither is taken.
    return parse_traceparent(sent[0].decode("latin-1")) if len(sent) == 1 else None


def _without(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in headers if name != HEADER]
