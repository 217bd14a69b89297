"""What a sentence is planned with: the prompt, the moment, and what holds where nothing is said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """A prompt as it was typed. `now` is aware; `timezone` is what the caller said, if anything."""

    prompt: str
    timezone: str | None
    now: datetime
    default_channel: str | None
    default_account_id: str | None
    deployment_timezone: str
    has_default_notify: bool = False
    """A message that names no recipient has one."""
