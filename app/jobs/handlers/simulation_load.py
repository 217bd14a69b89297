"""Synthetic work for capacity tests and demos."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.core.errors import RetryableError
from app.core.i18n import _
from app.core.registry import handler

if TYPE_CHECKING:
    from app.core.execution.context import RunContext

_PROGRESS_EVERY_MS = 1_000


class SimulationInputs(BaseModel):
    """Duration, spread, failure rate, execution mode and payload size."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    duration_ms: Annotated[int, Field(ge=0, le=3_600_000, description="time that a run takes")] = 100
    jitter_ms: Annotated[int, Field(ge=0, le=3_600_000, description="longer or shorter by up to this")] = 0
    fail_rate: Annotated[float, Field(ge=0, le=1, description="share of attempts that fail")] = 0.0
    runs_in: Annotated[Literal["loop", "thread", "process"], Field(description="where it runs")] = "loop"
    payload_bytes: Annotated[int, Field(ge=0, le=1_000_000, description="size of the result")] = 0


class SimulationOutput(BaseModel):
    """The work that was done."""

    slept_ms: int
    payload: str


def _runs_in(inputs: SimulationInputs) -> Literal["loop", "thread", "process"]:
    return inputs.runs_in


@handler("simulation.load", inputs=SimulationInputs, runs_in=_runs_in)
async def simulation_load(ctx: RunContext, inputs: SimulationInputs) -> SimulationOutput:
    """Sleep, perhaps fail, return a payload; the same run and attempt do the same each time."""
    duration_ms, fails = _plan(ctx, inputs)
    await _sleep(ctx, duration_ms)
    if fails:
        raise RetryableError(_("simulated failure"))
    return SimulationOutput(slept_ms=duration_ms, payload="x" * inputs.payload_bytes)


def _plan(ctx: RunContext, inputs: SimulationInputs) -> tuple[int, bool]:
    if not inputs.jitter_ms and not inputs.fail_rate:
        return inputs.duration_ms, False
    dice = random.Random(f"{ctx.run_id}:{ctx.attempt}")  # noqa: S311  repeatable, not secret
    spread_ms = round(dice.uniform(-inputs.jitter_ms, inputs.jitter_ms))
    return max(0, inputs.duration_ms + spread_ms), dice.random() < inputs.fail_rate


async def _sleep(ctx: RunContext, duration_ms: int) -> None:
    done_ms = 0
    while done_ms < duration_ms:
        step_ms = min(_PROGRESS_EVERY_MS, duration_ms - done_ms)
        await asyncio.sleep(step_ms / 1000)
        done_ms += step_ms
        if duration_ms > _PROGRESS_EVERY_MS:
            ctx.progress({"percent": round(100 * done_ms / duration_ms)})
