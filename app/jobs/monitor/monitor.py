"""Inputs and results that all monitors have, and the count of failures in a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, cast

from pydantic import BaseModel, Field

from app.core.errors import RetryableError
from app.core.i18n import _

if TYPE_CHECKING:
    from app.core.execution.context import RunContext

TRIES = 5
MAX_AFTER_SEC = 7 * 86_400
COUNT_KEY: Final = "monitor"
"""The key in `kv` of the count."""
MonitorState = Literal["up", "degraded", "down", "not_configured"]
FailAfter = Annotated[int, Field(ge=1, le=100, description="checks in a row before an alarm")]
AfterSec = Annotated[
    int | None,
    Field(
        ge=1, le=MAX_AFTER_SEC, description="seconds that it must last before an alarm; replaces fail_after"
    ),
]


class MonitorOutput(BaseModel):
    """The result of a check; a site or account that is down is a successful check."""

    state: MonitorState
    reason: str | None = None
    latency_ms: int | None = None
    detail: str = ""
    fails_in_a_row: int = 0


async def count_failures(ctx: RunContext, *, is_bad: bool) -> int:
    """Count a check and return how many were bad in a row; a check older than the last changes nothing."""
    for _turn in range(TRIES):
        stored: Any = await ctx.tools.kv.get(COUNT_KEY)
        known = cast("dict[str, Any]", stored) if isinstance(stored, dict) else {}
        fails, at_ms = known.get("fails_in_a_row", 0), known.get("at_ms", 0)
        if ctx.started_at_ms < at_ms:
            return fails
        value = {"fails_in_a_row": fails + 1 if is_bad else 0, "at_ms": ctx.started_at_ms}
        if await ctx.tools.kv.compare_and_set(COUNT_KEY, stored, value):
            return value["fails_in_a_row"]
    raise RetryableError(_("other runs of this monitor keep changing its memory."))
