"""Makes a span of each request where a collector is named; what a route does stands under it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.core.ids import new_trace_id
from app.core.trace_context import TraceContext, current_span, new_span_id, parse_traceparent
from app.services.api.auth import OPEN_PATHS
from app.services.api.spans import request_span

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from app.core.clock import Clock
    from app.core.tracing import SpanSink

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
        clock: Clock = scope["app"].state.platform.clock
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
