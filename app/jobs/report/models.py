"""What a report's job type takes and returns, without what makes the report."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

ReportPeriod = Literal["day", "week", "month"]


class DeliveryResult(BaseModel):
    """The destination of the report."""

    entry_id: str
    channel: str
    account_id: str
    to: str
    state: str
    note: str | None = None
    """Set if the report went to the default recipient or the sandbox: why, and what helps."""
