"""Spans: what one piece of work took, for an OpenTelemetry collector. Without one, nothing is made.

`OTEL_EXPORTER_OTLP_ENDPOINT` names the collector; the packages are the extra `otel`. Spans are exported in
the background and may be lost where the collector is away: runs never wait for them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from app.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.config import Settings


class SpanKind(StrEnum):
    """OpenTelemetry's kinds that occur here."""

    SERVER = "server"
    CLIENT = "client"
    PRODUCER = "producer"
    CONSUMER = "consumer"


@dataclass(frozen=True, slots=True)
class Span:
    """A finished span; times in epoch milliseconds. `error` is empty where all went well."""

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
        """Send what is left, for two seconds at most."""
        ...


def open_sink(settings: Settings, service: str, instance: str) -> SpanSink | None:
    """Return where spans go; None without a collector. ConfigurationError where the extra is missing."""
    endpoint = settings.otel_exporter_otlp_endpoint
    if not endpoint:
        return None
    try:
        from app.core.tracing_otlp import OtlpSink  # noqa: PLC0415  an extra, and megabytes of modules
    except ImportError as error:
        raise ConfigurationError(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, and the packages that export spans are not installed: "
            "pip install 'multi-job[otel]'. / Paket untuk OpenTelemetry belum terpasang."
        ) from error
    return OtlpSink(endpoint, service, instance)
