"""Exports spans by OTLP over HTTP, with OpenTelemetry's own exporter.

Its further settings are the environment variables that OpenTelemetry documents (`OTEL_EXPORTER_OTLP_HEADERS`,
`OTEL_BSP_SCHEDULE_DELAY`, …).
"""

from __future__ import annotations

import asyncio

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, TraceFlags
from opentelemetry.trace.status import Status, StatusCode

from app import __version__
from app.core.tracing.spans import Span

_EXPORT_SEC = 5.0
_CLOSE_SEC = 2.0
_SCOPE = InstrumentationScope("multi-job", __version__)
_SAMPLED = TraceFlags(TraceFlags.SAMPLED)


class OtlpSink:
    """Passes spans to a thread that sends them in batches.

    Spans that a collector does not accept are dropped.
    """

    def __init__(self, endpoint: str, service: str, instance: str) -> None:
        self._resource = Resource.create(
            {
                "service.name": f"multi-job-{service}",
                "service.instance.id": instance,
                "service.version": __version__,
            }
        )
        address = f"{endpoint.rstrip('/')}/v1/traces"
        self._processor = BatchSpanProcessor(OTLPSpanExporter(endpoint=address, timeout=_EXPORT_SEC))

    def emit(self, span: Span) -> None:
        self._processor.on_end(self._readable(span))

    async def close(self) -> None:
        closing = asyncio.create_task(asyncio.to_thread(self._processor.shutdown))
        await asyncio.wait({closing}, timeout=_CLOSE_SEC)

    def _readable(self, span: Span) -> ReadableSpan:
        return ReadableSpan(
            name=span.name,
            context=_context(span.trace_id, span.span_id),
            parent=None if span.parent_id is None else _context(span.trace_id, span.parent_id),
            resource=self._resource,
            attributes=dict(span.attributes),
            kind=SpanKind[span.kind.name],
            status=Status(StatusCode.ERROR, span.error) if span.error else Status(StatusCode.OK),
            start_time=round(span.start_ms * 1_000_000),
            end_time=round(span.end_ms * 1_000_000),
            instrumentation_scope=_SCOPE,
        )


def _context(trace_id: str, span_id: str) -> SpanContext:
    return SpanContext(int(trace_id, 16), int(span_id, 16), is_remote=False, trace_flags=_SAMPLED)
