"""Settings that must be equal on every machine: heartbeats carry them, so that a difference is found."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from app.core.config import Settings
    from app.core.records import InstanceInfo

# With different values one machine would fire at other times, take over the runs of another too early, remove
# what another keeps, or send its alarms to another person.
SHARED: Final = (
    *("timezone", "lease_sec", "heartbeat_sec", "durability", "durability_replicas", "max_queue_depth"),
    *("artifacts_url", "artifacts_endpoint", "artifacts_region", "artifacts_max_mb", "artifacts_total_mb"),
    *("artifacts_days", "retention_days", "retention_failed_days", "retention_runs_per_job"),
    *("retention_max_mb", "default_notify", "message_language", "public_url"),
    *("http_allow_private", "shards", "audit_days", "audit_max_mb"),
)


def shared_settings(settings: Settings) -> dict[str, str]:
    """Return the shared settings as variables that differ from their defaults; none of them is a secret."""
    fields = type(settings).model_fields
    return {
        name.upper(): _text(getattr(settings, name))
        for name in SHARED
        if getattr(settings, name) != fields[name].default or name == "timezone"
    }


def differing_settings(instances: Sequence[InstanceInfo]) -> dict[str, dict[str, list[str]]]:
    """Return the shared settings that live processes do not agree about: their values, each with its hosts.

    Processes of a release before 1.0.0 report none. An empty value is the default.
    """
    reporting = [each for each in instances if each.shared]
    found: dict[str, dict[str, list[str]]] = {}
    for name in sorted({name for each in reporting for name in each.shared}):
        values: dict[str, list[str]] = {}
        for each in reporting:
            hosts = values.setdefault(each.shared.get(name, ""), [])
            hosts += [] if each.host in hosts else [each.host]
        if len(values) > 1:
            found[name] = values
    return found


def _text(value: Any) -> str:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, list):
        return ",".join(cast("list[str]", value))
    return f"{value:g}" if isinstance(value, float) else str(value)
