"""Inputs and results that all monitors have, and the count of failures in a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, Field

from app.core.monitors.models import CheckState

if TYPE_CHECKING:
    from app.core.execution.context import RunContext

MAX_AFTER_SEC = 7 * 86_400
FailAfter = Annotated[int, Field(ge=1, le=100, description="checks in a row before an alarm")]
AfterSec = Annotated[
    int | None,
    Field(
        ge=1, le=MAX_AFTER_SEC, description="seconds that it must last before an alarm; replaces fail_after"
    ),
]


class MonitorOutput(BaseModel):
    """The result of a check; a site or account that is down is a successful check."""

    state: CheckState
    reason: str | None = None
    latency_ms: int | None = None
    detail: str = ""
    fails_in_a_row: int = 0


async def count_failures(ctx: RunContext, *, is_bad: bool) -> int:
    """Return how many checks were bad in a row, this one included; the end of the run counts it."""
    if not is_bad:
        return 0
    before = await ctx.platform.monitor()
    return 1 + (0 if before is None else before.fails_in_a_row)
