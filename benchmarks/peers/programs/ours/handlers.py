"""The handlers of this platform's program."""

from __future__ import annotations

import peer
from pydantic import BaseModel, ConfigDict

from app.core.execution.context import RunContext
from app.core.registry import NoInputs, handler


class Work(BaseModel):
    """A run's number and the duration of its sleep."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    run: int
    ms: int


@handler("bench.work", inputs=Work)
async def job(_ctx: RunContext, inputs: Work) -> None:
    await peer.work_async(inputs.run, inputs.ms)


@handler("bench.second")
async def second(_ctx: RunContext, _inputs: NoInputs) -> None:
    peer.tick()
