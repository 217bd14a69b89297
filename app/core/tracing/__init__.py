"""Traces: W3C trace context, spans, and their export to an OpenTelemetry collector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.errors import ConfigurationError
from app.core.i18n import _

if TYPE_CHECKING:
    from app.core.config import Settings
    from app.core.tracing.spans import SpanSink


def open_sink(settings: Settings, service: str, instance: str) -> SpanSink | None:
    """Return the sink for spans; None without a collector. ConfigurationError if the extra is missing."""
    endpoint = settings.otel_exporter_otlp_endpoint
    if not endpoint:
        return None
    try:
        from app.core.tracing.otlp import OtlpSink  # noqa: PLC0415  an extra, and megabytes of modules
    except ImportError as error:
        raise ConfigurationError(
            _(
                "OTEL_EXPORTER_OTLP_ENDPOINT is set, and the packages that export spans are not "
                "installed: pip install 'multi-job[otel]'."
            )
        ) from error
    return OtlpSink(endpoint, service, instance)
