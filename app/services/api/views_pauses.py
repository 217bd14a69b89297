"""Pauses as the API shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.services.api.reply import instant

if TYPE_CHECKING:
    from app.core.pause_records import PauseRecord, Resumed, Scope


def pause_view(pause: PauseRecord) -> dict[str, Any]:
    """Return a pause as `GET /queue` lists it."""
    return {**_scope(pause.scope), **_about(pause), "held": pause.held}


def paused_view(pause: PauseRecord) -> dict[str, Any]:
    """Return what a pause came to."""
    return {**pause_view(pause), "status": "paused"}


def resumed_view(resumed: Resumed) -> dict[str, Any]:
    """Return what a resume came to."""
    return {
        **_scope(resumed.scope),
        **_about(resumed.ended),
        "held": resumed.released,
        "status": "resumed",
    }


def _scope(scope: Scope) -> dict[str, Any]:
    return {"scope": scope.kind.value, "name": scope.name or None}


def _about(pause: PauseRecord | None) -> dict[str, Any]:
    if pause is None:
        return {"since": None, "actor": None, "reason": None}
    return {"since": instant(pause.since_ms), "actor": pause.actor, "reason": pause.reason}
