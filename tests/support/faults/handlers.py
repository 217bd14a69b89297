"""The job type of the fault tests: each attempt leaves its start and its end outside the Redis under test."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
from pydantic import BaseModel, ConfigDict, Field

from app.core.errors import RetryableError
from app.core.monitors.models import CheckState, MonitorReport
from app.core.registry import handler
from tests.support.faults.ledger import gate_of

if TYPE_CHECKING:
    from app.core.execution.context import RunContext

LEDGER_VARIABLE = "FAULT_LEDGER"
SPARED_VARIABLE = "FAULT_SPARED"
POISON_EXIT = 42
GATE_STEP_SEC = 0.02
# A test kills and stops workers: the work of an isolated run's child counts as its worker's.
_main = sys.modules["__main__"].__spec__
WORKER_PID = os.getppid() if _main is not None and _main.name == "app.core.execution.child" else os.getpid()


class Work(BaseModel):
    """Wait `duration_ms`, then hold the event loop for `block_ms`."""

    model_config = ConfigDict(extra="forbid")

    duration_ms: int = Field(default=0, ge=0)
    block_ms: int = Field(default=0, ge=0)
    gated: bool = False
    """Wait for the test's `open_gate` before; with `block_ms`, hold the event loop meanwhile."""


@handler("fault.work", inputs=Work)
async def work(ctx: RunContext, inputs: Work) -> dict[str, int]:
    """Do the work between two lines of the ledger."""
    note(ctx, "start")
    try:
        if inputs.gated:
            await _gate(blocks=inputs.block_ms > 0)
        await asyncio.sleep(inputs.duration_ms / 1000)
        time.sleep(inputs.block_ms / 1000)  # noqa: ASYNC251 - that is what it is for
    except asyncio.CancelledError:
        note(ctx, "cancelled")
        raise
    note(ctx, "end")
    return {"attempt": ctx.attempt}


async def _gate(*, blocks: bool) -> None:
    """Wait until the test opens the gate: a duration could end before the test has done its part."""
    gate = gate_of(Path(os.environ[LEDGER_VARIABLE]))
    while not gate.exists():
        if blocks:
            time.sleep(GATE_STEP_SEC)  # noqa: ASYNC251 - that is what it is for
        else:
            await asyncio.sleep(GATE_STEP_SEC)


class Flap(BaseModel):
    """The state that a check of a monitor finds, after `duration_ms`."""

    model_config = ConfigDict(extra="forbid")

    state: CheckState
    duration_ms: int = 0


@handler("fault.flap", inputs=Flap)
async def flap(ctx: RunContext, inputs: Flap) -> None:
    """Report a state."""
    await asyncio.sleep(inputs.duration_ms / 1000)
    ctx.report_check(MonitorReport(inputs.state, ctx.job_id, f"monitor:{ctx.job_id}", "flap"))


@handler("fault.poison")
async def poison(ctx: RunContext, inputs: BaseModel) -> None:
    """End the whole process; in a worker whose memory a test measures, fail the attempt instead."""
    if SPARED_VARIABLE in os.environ and os.getpid() == WORKER_PID:
        raise RetryableError("this worker is spared")
    os._exit(POISON_EXIT)


def note(ctx: RunContext, phase: str) -> None:
    """Append one line; a single write to a file opened for appending is never torn or interleaved."""
    entry = {"run_id": ctx.run_id, "attempt": ctx.attempt, "pid": WORKER_PID, "phase": phase}
    line = orjson.dumps({**entry, "at_ms": time.time_ns() // 1_000_000}, option=orjson.OPT_APPEND_NEWLINE)
    descriptor = os.open(Path(os.environ[LEDGER_VARIABLE]), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(descriptor, line)
    finally:
        os.close(descriptor)
