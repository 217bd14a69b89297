"""A job type that sends messages and then fails, crashes or waits; none may be sent again."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from app.core.errors import NonRetryableError, RetryableError
from app.core.registry import handler

if TYPE_CHECKING:
    from app.core.execution.context import RunContext


class Mailing(BaseModel):
    """Send each text, then fail, crash or wait in the first `times` attempts."""

    model_config = ConfigDict(extra="forbid")

    account_id: str
    to: str
    texts: tuple[str, ...]
    then: str = ""
    times: int = Field(default=1, ge=0)
    wait_ms: int = Field(default=0, ge=0)


@handler("fault.mailing", inputs=Mailing, timeout_ms=60_000, tools=("messaging",))
async def mailing(ctx: RunContext, inputs: Mailing) -> list[str | None]:
    """Return the receipts."""
    receipts: list[str | None] = []
    for text in inputs.texts:
        sent = await ctx.tools.messaging.send(
            text, channel="telegram", account_id=inputs.account_id, to=inputs.to
        )
        receipts.append(sent.provider_id)
    await asyncio.sleep(inputs.wait_ms / 1000)
    if ctx.attempt <= inputs.times:
        _break(inputs.then)
    return receipts


def _break(how: str) -> None:
    match how:
        case "retry":
            raise RetryableError("after the message was sent")
        case "dead":
            raise NonRetryableError("after the message was sent")
        case "crash":
            os._exit(9)
        case _:
            pass
