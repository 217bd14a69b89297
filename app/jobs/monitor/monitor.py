"""The steps after a monitor's check: store, count, report, alarm."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, Field

from app.core.errors import RetryableError
from app.core.i18n import _
from app.jobs.monitor.memory import (
    MEMORY_KEY,
    MonitorMemory,
    MonitorState,
    memory_from,
    memory_value,
)
from app.jobs.monitor.state import MonitorCheck, Tolerance, advance

if TYPE_CHECKING:
    from app.core.execution.context import RunContext

TRIES = 5
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

    state: MonitorState
    reason: str | None = None
    latency_ms: int | None = None
    detail: str = ""
    fails_in_a_row: int = 0
    held_back: Annotated[
        str | None,
        Field(
            exclude_if=lambda value: value is None, description="Why an alarm's message waits: quiet hours."
        ),
    ] = None


async def observe(ctx: RunContext, check: MonitorCheck, tolerance: Tolerance) -> MonitorMemory:
    """Add a check to the job's memory and return it."""
    return await change_memory(ctx, lambda stored: advance(stored, check, tolerance))


async def change_memory(
    ctx: RunContext, change: Callable[[MonitorMemory | None], MonitorMemory]
) -> MonitorMemory:
    """Change the memory by compare-and-set, so that concurrent runs lose no changes; return it."""
    for _turn in range(TRIES):
        stored = await ctx.tools.kv.get(MEMORY_KEY)
        memory = change(memory_from(stored))
        value = memory_value(memory)
        if value == stored or await ctx.tools.kv.compare_and_set(MEMORY_KEY, stored, value):
            return memory
    raise RetryableError(_("other runs of this monitor keep changing its memory."))
