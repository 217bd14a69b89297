"""The spans of requests and of the runs that they create."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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


# Makes a span for each request if a collector is configured; spans of the route are below it.

HEADER = b"traceparent"
# Asked every few seconds by machines: their spans would bury the others.
_UNTRACED = OPEN_PATHS | {"/metrics"}
_UNANSWERED = 500


class TraceRequests:
    """The outermost middleware; without a sink in `app.state.spans` it hands everything on as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        spans = getattr(scope["app"].state, "spans", None)
        if spans is None or scope["type"] != "http" or scope["path"] in _UNTRACED:
            await self._app(scope, receive, send)
            return
        await self._traced(scope, receive, send, spans)

    async def _traced(self, scope: Scope, receive: Receive, send: Send, spans: SpanSink) -> None:
        clock: Clock = scope["app"].state.services.clock
        above = _above(scope["headers"])
        place = TraceContext(above.trace_id if above else new_trace_id(), new_span_id())
        scope["headers"] = [*_without(scope["headers"]), (HEADER, place.traceparent.encode())]
        status, start_ms, token = _UNANSWERED, clock.now_ms(), current_span.set(place)

        async def told(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*_without(message["headers"]), (HEADER, place.traceparent.encode())]
            await send(message)

        try:
            await self._app(scope, receive, told)
        finally:
            current_span.reset(token)
            span = request_span(
                place,
                above.span_id if above else None,
                method=scope["method"],
                route=_route_of(scope),
                status=status,
                start_ms=start_ms,
                end_ms=clock.now_ms(),
            )
            spans.emit(span)


def _above(headers: list[tuple[bytes, bytes]]) -> TraceContext | None:
    sent = [value for name, value in headers if name == HEADER]
    # Two of them contradict each other; neither is taken.
    return parse_traceparent(sent[0].decode("latin-1")) if len(sent) == 1 else None


def _without(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in headers if name != HEADER]


def _route_of(scope: Scope) -> str:
    route: Any = scope.get("route")
    return str(getattr(route, "path", "unmatched"))
