"""An OpenTelemetry collector on loopback that keeps the spans it is sent."""

from __future__ import annotations

import gzip
from dataclasses import dataclass

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.support.http.fake_remote import FakeRemote, Reply, Request


@dataclass(frozen=True, slots=True)
class Received:
    """A span as it came over the wire."""

    name: str
    service: str
    trace_id: str
    span_id: str
    parent_id: str
    attributes: dict[str, str]
    failed: bool
    nanoseconds: int


class FakeCollector(FakeRemote):
    """Takes OTLP over HTTP, protobuf, plain or gzip."""

    def answer(self, request: Request) -> Reply:
        assert (request.method, request.path) == ("POST", "/v1/traces"), request
        return Reply(200, b"", {"content-type": "application/x-protobuf"})

    def spans(self) -> list[Received]:
        """Return all spans so far, in the order of their arrival."""
        return [span for request in list(self.requests) for span in _spans_of(request)]

    def named(self, name: str) -> list[Received]:
        return [span for span in self.spans() if span.name == name]


def _spans_of(request: Request) -> list[Received]:
    body = gzip.decompress(request.body) if request.headers.get("content-encoding") else request.body
    message = ExportTraceServiceRequest.FromString(body)
    return [
        Received(
            name=span.name,
            service=_texts(group.resource.attributes)["service.name"],
            trace_id=span.trace_id.hex(),
            span_id=span.span_id.hex(),
            parent_id=span.parent_span_id.hex(),
            attributes=_texts(span.attributes),
            failed=span.status.code == span.status.STATUS_CODE_ERROR,
            nanoseconds=span.end_time_unix_nano - span.start_time_unix_nano,
        )
        for group in message.resource_spans
        for scope in group.scope_spans
        for span in scope.spans
    ]


def _texts(pairs: object) -> dict[str, str]:
    return {pair.key: pair.value.string_value or str(pair.value.int_value) for pair in pairs}  # type: ignore[attr-defined]
