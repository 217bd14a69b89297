"""monitor.channel: output, state, count of failures."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.connectors.base import AccountHealth
from app.core.errors import CheckUnavailable
from app.jobs.handlers.monitor_channel import (
    MonitorChannelInputs,
    MonitorChannelOutput,
    monitor_channel,
)
from tests.support.jobs.job_fakes import FakeHost

START_MS, STEP_MS = 1_785_196_800_000, 30_000
UP = AccountHealth("up", None, 12, "@bot", 1)
DOWN = AccountHealth("down", "channel_rejected", None, "401", 1)
UNSET = AccountHealth(
    "not_configured", "no_account", None, "not set up", 1, "multi-job connect telegram bot_a01"
)


class Watched:
    """A monitor with its checks one after another."""

    def __init__(self, **inputs: Any) -> None:
        self.host = FakeHost("monitor.channel")
        self.tools = self.host.tools
        self.inputs = MonitorChannelInputs.model_validate(
            {"channel": "telegram", "account_id": "bot_a01", **inputs}
        )
        self._checks = 0

    async def check(self, *answers: AccountHealth) -> MonitorChannelOutput:
        """Do a check for each answer; return the last output."""
        output: MonitorChannelOutput | None = None
        for answer in answers:
            self.tools.platform.answer = answer
            context = self.host.context(START_MS + self._checks * STEP_MS)
            self._checks += 1
            output = await monitor_channel(context, self.inputs)
        assert output is not None
        return output


@pytest.fixture
def watched() -> Watched:
    return Watched()


async def test_check_that_is_up_is_reported_with_its_figures(watched: Watched) -> None:
    """State, latency and detail come back; the gauges carry channel and account."""
    output = await watched.check(UP)
    assert output.model_dump() == {
        "state": "up",
        "reason": None,
        "latency_ms": 12,
        "detail": "@bot",
        "fails_in_a_row": 0,
        "command": None,
    }
    assert watched.tools.metrics.gauges == {"channel_up": 1, "channel_latency_ms": 12}
    assert watched.tools.metrics.labels["channel_up"] == {"channel": "telegram", "account": "bot_a01"}


async def test_account_that_is_down_is_a_successful_check(watched: Watched) -> None:
    """The output says so and counts; the gauge falls to 0."""
    output = await watched.check(DOWN, DOWN)
    assert (output.state, output.reason, output.fails_in_a_row) == ("down", "channel_rejected", 2)
    assert watched.tools.metrics.gauges == {"channel_up": 0}


async def test_account_that_is_not_set_up_names_the_command(watched: Watched) -> None:
    """It is neither an outage nor a figure: there was no check."""
    output = await watched.check(UNSET, UNSET, UNSET, UNSET)
    assert (output.state, output.command) == ("not_configured", "multi-job connect telegram bot_a01")
    assert watched.tools.metrics.gauges == {}
    assert watched.host.checks[-1].command == UNSET.command


async def test_check_that_could_not_be_made_fails(watched: Watched) -> None:
    """Without a connector nothing is known: the run fails, and nothing is remembered."""
    watched.tools.platform.error = CheckUnavailable("no connector")
    with pytest.raises(CheckUnavailable):
        await watched.check(UP)
    assert watched.tools.kv.values == {}


async def test_check_is_reported_with_the_conditions_of_an_incident(watched: Watched) -> None:
    """All monitors of one account share one incident."""
    await watched.check(DOWN)
    [report] = watched.host.checks
    assert (report.state, report.group, report.fail_after) == ("down", "account:telegram:bot_a01", 3)


@pytest.mark.parametrize(
    "inputs",
    [
        {"channel": "instagram"},
        {"account_id": "a b"},
        {"fail_after": 0},
        {"after_sec": 0},
        {"timeout_sec": 0},
        {"notify": {"to": "42"}},
        {"x": 1},
    ],
)
def test_inputs_out_of_bounds_are_refused(inputs: dict[str, Any]) -> None:
    """Unknown channels, odd ids, and notifications that go nowhere are no monitor."""
    with pytest.raises(ValueError, match="validation error"):
        Watched(**inputs)
