"""Job types for tests of the dashboard: one writes a log, one fails until a switch is set."""

from __future__ import annotations

import asyncio
from pathlib import Path

from pydantic import BaseModel, Field

from app.core.execution.context import RunContext
from app.core.registry import handler


class TalkInputs(BaseModel):
    lines: int = Field(default=20, ge=0, le=20_000)
    every_ms: int = Field(default=0, ge=0)


@handler("e2e.talk", inputs=TalkInputs, timeout_ms=60_000)
async def talk(ctx: RunContext, inputs: TalkInputs) -> dict[str, int]:
    for number in range(inputs.lines):
        write = ctx.log.info if number % 10 else ctx.log.warning
        write(f"line {number}", number=number)
        if inputs.every_ms:
            await asyncio.sleep(inputs.every_ms / 1_000)
        elif number % 100 == 0:
            await asyncio.sleep(0)
    return {"lines": inputs.lines}


class SwitchInputs(BaseModel):
    file: str = Field(description="The run fails until this file exists.")


@handler("e2e.switch", inputs=SwitchInputs, timeout_ms=5_000)
async def switch(_ctx: RunContext, inputs: SwitchInputs) -> dict[str, bool]:
    if not await asyncio.to_thread(Path(inputs.file).exists):
        raise RuntimeError("the switch is off")
    return {"on": True}
