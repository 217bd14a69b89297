"""The synthetic job type."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from app.core.config import Settings
from app.core.models import AttemptOutcome
from app.core.registry import load_handlers
from tests.support.queue.run_port import Bench


def bench() -> Bench:
    return Bench(registry=load_handlers(Settings(_env_file=None)))  # pyright: ignore[reportCallIssue]


@pytest.mark.parametrize("runs_in", ["loop", "thread", "process"])
async def test_simulation_runs_in_the_chosen_way(runs_in: str) -> None:
    """One type for all three ways of running, with the same result."""
    made = bench()
    inputs = {"duration_ms": 5, "payload_bytes": 3, "runs_in": runs_in}
    finish = await made.finish("simulation.load", inputs)
    assert orjson.loads(finish.output) == {"slept_ms": 5, "payload": "xxx"}
    assert made.ends[0][0].kind == runs_in
    assert finish.duration_ms >= 5


async def test_simulation_repeats_itself_and_varies_between_attempts() -> None:
    """Jitter depends on run and attempt alone, and stays within its bounds."""
    made = bench()
    inputs = {"duration_ms": 20, "jitter_ms": 20}
    slept = [
        orjson.loads((await made.finish("simulation.load", inputs, attempt=n)).output)["slept_ms"]
        for n in (1, 1, 2, 3, 4)
    ]
    assert slept[0] == slept[1]
    assert len(set(slept)) > 2
    assert all(0 <= one <= 40 for one in slept)


@pytest.mark.parametrize(("fail_rate", "outcome"), [(0, AttemptOutcome.SUCCESS), (1, AttemptOutcome.RETRY)])
async def test_simulation_fails_at_its_rate(fail_rate: float, outcome: AttemptOutcome) -> None:
    """A rate of 1 fails always, 0 never; a failure may be tried again."""
    finish = await bench().finish("simulation.load", {"duration_ms": 0, "fail_rate": fail_rate})
    assert finish.outcome is outcome


async def test_simulation_fails_about_as_often_as_asked() -> None:
    """Of 300 runs at 0.3 between 60 and 120 fail."""
    made = bench()
    inputs = {"duration_ms": 0, "fail_rate": 0.3}
    failed = 0
    for number in range(300):
        finish = await made.finish("simulation.load", inputs, run_id=f"job@{number}")
        failed += finish.outcome is not AttemptOutcome.SUCCESS
    assert 60 < failed < 120


async def test_simulation_reports_progress_if_it_takes_long() -> None:
    """More than a second is reported in percent; less is not worth a word."""
    made = bench()
    await made.finish("simulation.load", {"duration_ms": 1200})
    assert made.port.progress_values[-1] == {"percent": 100}
    quick = bench()
    await quick.finish("simulation.load", {"duration_ms": 10})
    assert quick.port.progress_values == []


@pytest.mark.parametrize(
    "inputs",
    [
        {"duration_ms": -1},
        {"fail_rate": 1.1},
        {"runs_in": "moon"},
        {"payload_bytes": 1_000_001},
        {"x": 1},
    ],
)
async def test_simulation_refuses_inputs_out_of_bounds(inputs: dict[str, Any]) -> None:
    """Inputs are checked by the model."""
    assert "invalid_inputs" in (await bench().finish("simulation.load", inputs)).error
