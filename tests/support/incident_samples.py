"""Incidents as they are stored, for tests without a store."""

from __future__ import annotations

from typing import Any

from app.core.incidents.models import DeliveryPhase, IncidentDelivery, IncidentKind, IncidentRecord

DOWN_AT_MS = 1_796_022_120_000
"""2026-11-30 14:02 in Jakarta."""


def incident(**changes: Any) -> IncidentRecord:
    """Return the incident of a site that is down since two minutes past two."""
    fields: dict[str, Any] = {
        "id": "inc1",
        "seq": 1,
        "key": "monitor:shop.example",
        "kind": IncidentKind.MONITOR_DOWN,
        "severity": "critical",
        "subject": "https://shop.example",
        "cause": "503 Service Unavailable",
        "data": {"state": "down", "checks": 3},
        "since": DOWN_AT_MS,
        "opened_at": DOWN_AT_MS,
        "closed_at": None,
        "last_at": DOWN_AT_MS,
        "count": 1,
        "acknowledged_by": None,
        "acknowledged_at": None,
        "silenced_until": None,
        "maintenance": False,
        "jobs": ["shop"],
    }
    return IncidentRecord(**{**fields, **changes})


def delivery(
    to: str = "1", state: str = "delivered", at: int = DOWN_AT_MS, phase: DeliveryPhase = "opened"
) -> IncidentDelivery:
    """Return a message to a chat of one bot."""
    return IncidentDelivery(phase, 0, "telegram", "bot", to, f"m:{phase}:{to}", state, at)
