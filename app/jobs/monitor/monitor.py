"""The steps after a monitor's check: store, count, report, alarm."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, cast

from pydantic import BaseModel, Field

from app.core.errors import RetryableError
from app.core.i18n import _
from app.core.statistics.availability import (
    AVAILABILITY_TTL_SEC,
    MEMORY_KEY,
    DayTally,
    MonitorMemory,
    MonitorState,
    add_time,
    day_key,
    memory_from,
    memory_value,
    spread,
)
from app.jobs.monitor.state import MonitorCheck, Tolerance, advance, was_watched

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
    """Add a check to the job's memory, count the time since the one before, and return the memory."""
    earlier, memory = await change_memory(ctx, lambda stored: advance(stored, check, tolerance))
    if earlier is not None and was_watched(earlier, check.at_ms):
        await _count(ctx, earlier.state, earlier.at_ms, check.at_ms)
    return memory


async def change_memory(
    ctx: RunContext, change: Callable[[MonitorMemory | None], MonitorMemory]
) -> tuple[MonitorMemory | None, MonitorMemory]:
    """Change the memory by compare-and-set, so that concurrent runs lose no changes; return both."""
    for _turn in range(TRIES):
        stored = await ctx.tools.kv.get(MEMORY_KEY)
        earlier = memory_from(stored)
        memory = change(earlier)
        value = memory_value(memory)
        if value == stored or await ctx.tools.kv.compare_and_set(MEMORY_KEY, stored, value):
            return earlier, memory
    raise RetryableError(_("other runs of this monitor keep changing its memory."))


async def _count(ctx: RunContext, state: MonitorState, from_ms: int, to_ms: int) -> None:
    days: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for day, quarter, ms in spread(from_ms, to_ms):
        days[day].append((quarter, ms))
    for day, parts in days.items():
        await _count_day(ctx, state, day, parts)


async def _count_day(ctx: RunContext, state: MonitorState, day: int, parts: list[tuple[int, int]]) -> None:
    for _turn in range(TRIES):
        stored: Any = await ctx.tools.kv.get(day_key(day))
        known = cast("dict[str, list[int]]", stored) if isinstance(stored, dict) else {}
        tally: DayTally = {quarter: list(figures) for quarter, figures in known.items()}
        for quarter, ms in parts:
            add_time(tally, quarter, state, ms)
        if await ctx.tools.kv.compare_and_set(day_key(day), stored, tally, AVAILABILITY_TTL_SEC):
            return
    ctx.log.warning("a stretch of time was not counted: other runs of this monitor are at work")
