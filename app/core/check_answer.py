"""What a check of an account found; alone in its module, so that handlers' processes load no client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

AccountState = Literal["up", "degraded", "down", "not_configured"]


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    """The state of an account, by a real call. `checked_at` in epoch milliseconds."""

    state: AccountState
    reason: str | None
    """For `not_configured`: no_account, unsupported, disabled; else what the connector names, or None."""
    latency_ms: int | None
    detail: str
    checked_at: int
    command: str | None = None
    """What a person can type to mend it."""
