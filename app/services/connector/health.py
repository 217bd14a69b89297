"""How the accounts of this process are: what its heartbeat says of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.core.connectors.base import Health


class HealthBook:
    """The last finding of each account that this process serves."""

    def __init__(self) -> None:
        self._accounts: dict[str, dict[str, Any]] = {}

    def begin(self, name: str) -> None:
        """An account is served from now on, and has not been looked at yet."""
        self._accounts[name] = {"state": "starting"}

    def note(self, name: str, health: Health, at_ms: int) -> None:
        """A check has found this."""
        if name not in self._accounts:
            return
        found: dict[str, Any] = {"state": health.state, "latency_ms": health.latency_ms, "checked_at": at_ms}
        if health.detail:
            found["error"] = health.detail
        if health.identity:
            found["identity"] = health.identity
        self._accounts[name] = found

    def end(self, name: str) -> None:
        """An account is no longer served by this process."""
        self._accounts.pop(name, None)

    def state(self) -> dict[str, Any]:
        """Return what the heartbeat says."""
        return {"accounts": dict(self._accounts)}
