"""A job type that only new workers of a rolling deploy have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.registry import handler
from tests.support.faults.handlers import Work, work

if TYPE_CHECKING:
    from app.core.execution.context import RunContext


@handler("fault.new", inputs=Work)
async def new_work(ctx: RunContext, inputs: Work) -> dict[str, int]:
    """Do the same as `fault.work`."""
    return await work(ctx, inputs)
