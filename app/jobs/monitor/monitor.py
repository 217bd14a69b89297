"""Inputs and results that all monitors have, and the count of failures in a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    BaseModel,
    Field,
    SerializerFunctionWrapHandler,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_serializer,
)

from app.core.i18n import Message
from app.core.i18n.stored import with_message
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


def _keep_message(value: Any, check: ValidatorFunctionWrapHandler) -> str:
    return value if isinstance(value, Message) else check(value)


class DetailedOutput(BaseModel):
    """A result with a reason for people; one of the platform has its id and fields in `detail_origin`."""

    detail: Annotated[str, WrapValidator(_keep_message)] = ""

    @model_serializer(mode="wrap")
    def _with_message(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {**write(self), **with_message("detail", self.detail)}


class MonitorOutput(DetailedOutput):
    """The result of a check; a site or account that is down is a successful check."""

    state: CheckState
    reason: str | None = None
    latency_ms: int | None = None
    fails_in_a_row: int = 0


async def count_failures(ctx: RunContext, *, is_bad: bool) -> int:
    """Return how many checks were bad in a row, this one included; the end of the run counts it."""
    if not is_bad:
        return 0
    before = await ctx.platform.monitor()
    return 1 + (0 if before is None else before.fails_in_a_row)
