"""Spans for an OpenTelemetry collector. Without a collector, none are made.

`OTEL_EXPORTER_OTLP_ENDPOINT` names the collector; the packages are the extra `otel`. Spans are exported in
the background and may be lost while the collector is out of reach: runs never wait for them.
"""

from __future__ import annotations

import hashlib
import os
import re
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


class SpanKind(StrEnum):
    """The kinds of OpenTelemetry that are used here."""

    SERVER = "server"
    CLIENT = "client"
    PRODUCER = "producer"
    CONSUMER = "consumer"


@dataclass(frozen=True, slots=True)
class Span:
    """A finished span; times in epoch milliseconds. `error` is empty if all went well."""

    name: str
    kind: SpanKind
    trace_id: str
    span_id: str
    parent_id: str | None
    start_ms: float
    end_ms: float
    attributes: Mapping[str, str | int | float | bool] = field(default_factory=dict[str, "str | int"])
    error: str = ""


class SpanSink(Protocol):
    """Takes finished spans; never waits, never raises."""

    def emit(self, span: Span) -> None: ...

    async def close(self) -> None:
        """Send the rest, for two seconds at most."""
        ...


# W3C trace context: the trace of a piece of work, and its parent span.
#
# Spans of one run are made in several processes, which do not exchange their ids. So an id that others need
# is derived from facts that both have (the run, the attempt, the number of the call).

_TRACEPARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?")


@dataclass(frozen=True, slots=True)
class TraceContext:
    """A position in a trace: 32 and 16 lower-case hexadecimal digits, neither of them all zeros."""

    trace_id: str
    span_id: str

    @property
    def traceparent(self) -> str:
        """Return the header with this position."""
        return f"00-{self.trace_id}-{self.span_id}-01"


current_span: ContextVar[TraceContext | None] = ContextVar("current_span", default=None)
"""The parent of the present work: an API request, or one call of a tool."""


def parse_traceparent(header: str) -> TraceContext | None:
    """Return the context of a W3C `traceparent`; None if it is not valid."""
    match = _TRACEPARENT.fullmatch(header.strip())
    if match is None or match[1] == "ff" or (match[1] == "00" and match[4]):
        return None
    if not int(match[2], 16) or not int(match[3], 16):
        return None
    return TraceContext(match[2], match[3])


def new_span_id() -> str:
    """Return a span id that no other process needs."""
    return os.urandom(8).hex()


def enqueue_span_id(run_id: str) -> str:
    """Return the id of the span in which a run was created."""
    return _derived("enqueue", run_id)


def attempt_span_id(run_id: str, attempt: int) -> str:
    """Return the id of the span of one attempt."""
    return _derived("attempt", f"{run_id}|{attempt}")


def call_span_id(run_id: str, attempt: int, number: int) -> str:
    """Return the id of the span of an attempt's n-th tool call, from 1."""
    return _derived("call", f"{run_id}|{attempt}|{number}")


def _derived(kind: str, name: str) -> str:
    return hashlib.sha256(f"{kind}|{name}".encode()).hexdigest()[:16]
