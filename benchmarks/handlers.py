"""Handlers of the benchmarks: no-op, sleep, and a record of the start."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from app.core.registry import handler

if TYPE_CHECKING:
    from app.core.execution.context import RunContext
    from app.core.registry import NoInputs


class Sleep(BaseModel):
    """The duration of the sleep."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    duration_ms: int = Field(ge=0)


@handler("bench.noop")
async def noop(_ctx: RunContext, _inputs: NoInputs) -> None:
    """Do nothing."""


@handler("bench.sleep", inputs=Sleep)
async def sleep(_ctx: RunContext, inputs: Sleep) -> None:
    """Wait in the event loop."""
    await asyncio.sleep(inputs.duration_ms / 1000)


BURN_STEPS = 45_000


@handler("bench.burn")
async def burn(_ctx: RunContext, _inputs: NoInputs) -> int:
    """Compute in Python for about 2 ms."""
    total = 0
    for number in range(BURN_STEPS):
        total += number * number
    return total


@handler("bench.thread", runs_in="thread")
def thread(_ctx: RunContext, _inputs: NoInputs) -> None:
    """Do nothing, in a thread."""


@handler("bench.child", runs_in="process")
def child(_ctx: RunContext, _inputs: NoInputs) -> None:
    """Do nothing, in a child process."""


@handler("bench.stamp")
async def stamp(_ctx: RunContext, _inputs: NoInputs) -> dict[str, int]:
    """Record when the handler's first line ran; on Linux every process reads the same clock."""
    return {"at_ns": time.monotonic_ns()}


class Log(BaseModel):
    """The number of log lines."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lines: int = Field(ge=0)


@handler("bench.log", inputs=Log)
async def log(ctx: RunContext, inputs: Log) -> None:
    """Log lines of a usual length."""
    for number in range(inputs.lines):
        ctx.log.info("a line of the log", number=number, text="about as much as a person writes")


SEEN = "BENCH_SEEN"
"""The variable with the file in which handlers record when they were interrupted."""


@handler("bench.wait", timeout_ms=600_000)
async def wait(ctx: RunContext, _inputs: NoInputs) -> None:
    """Wait until the run is cancelled, and record when the handler was interrupted."""
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        _write_down(f"{ctx.run_id} {time.monotonic_ns()}\n")
        raise


def _write_down(line: str) -> None:
    with Path(os.environ[SEEN]).open("a", encoding="ascii") as file:
        file.write(line)
