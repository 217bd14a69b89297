"""monitor.channel: output, state, alarms."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.core.connectors.base import AccountHealth
from app.core.errors import CheckUnavailable, NonRetryableError, RetryableError
from app.jobs.handlers.monitor_channel import (
    MonitorChannelInputs,
    MonitorChannelOutput,
    monitor_channel,
)
from app.jobs.monitor import alarms
from app.jobs.monitor.memory import MEMORY_KEY, memory_from
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

    @property
    def alarm_keys(self) -> list[str | None]:
        return [sent.key for sent in self.tools.messaging.sent]


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
    assert watched.alarm_keys == []
    assert memory_from(await watched.tools.kv.get(MEMORY_KEY)).command == UNSET.command  # pyright: ignore[reportOptionalMemberAccess]


async def test_check_that_could_not_be_made_fails(watched: Watched) -> None:
    """Without a connector nothing is known: the run fails, and nothing is remembered."""
    watched.tools.platform.error = CheckUnavailable("no connector")
    with pytest.raises(CheckUnavailable):
        await watched.check(UP)
    assert watched.tools.kv.values == {}


async def test_alarm_and_recovery_are_reported_once_each(watched: Watched) -> None:
    """Three failures raise it, more add nothing, the first answer ends it."""
    await watched.check(UP, DOWN, DOWN)
    assert watched.alarm_keys == []
    await watched.check(DOWN, DOWN, DOWN, UP, UP)
    since = str(START_MS + STEP_MS)
    assert watched.alarm_keys == [since, f"{since}:end"]


async def test_alarm_text_is_in_both_languages_and_in_the_deployments_zone(watched: Watched) -> None:
    """What, since when, how often, why; and at the end after how long."""
    await watched.check(DOWN, DOWN, DOWN, UP)
    down, up = (sent.text for sent in watched.tools.messaging.sent)
    assert down == (
        "DOWN: telegram bot_a01 since 2026-07-28 07:00:00 WIB, 3 checks in a row (channel_rejected); "
        "job job-a. / MATI: telegram bot_a01 sejak 2026-07-28 07:00:00 WIB, 3 pemeriksaan berturut-turut "
        "(channel_rejected); job job-a."
    )
    assert up.startswith(
        "UP AGAIN: telegram bot_a01 at 2026-07-28 07:01:30 WIB, after 0:01:30; job job-a. / PULIH"
    )


async def test_alarm_that_cannot_be_sent_now_is_sent_by_the_next_check(watched: Watched) -> None:
    """The check itself succeeds; the same alarm goes out later, under the same key, once."""
    watched.tools.messaging.error = RetryableError("no receipt", code="no_receipt")
    output = await watched.check(DOWN, DOWN, DOWN)
    assert (output.state, watched.alarm_keys) == ("down", [])
    watched.tools.messaging.error = None
    await watched.check(DOWN, DOWN)
    assert watched.alarm_keys == [str(START_MS)]


async def test_later_notices_do_not_overtake_earlier_ones(watched: Watched) -> None:
    """Alarm and end arrive in their order, however late."""
    watched.tools.messaging.error = RetryableError("no receipt")
    await watched.check(DOWN, DOWN, DOWN, UP)
    watched.tools.messaging.error = None
    await watched.check(UP)
    assert watched.alarm_keys == [str(START_MS), f"{START_MS}:end"]


async def test_alarm_that_can_never_be_sent_is_given_up_and_logged(watched: Watched) -> None:
    """The failed lookup is not repeated; the run's log has the repair."""
    watched.tools.messaging.error = NonRetryableError("set it up", code="account_missing")
    await watched.check(DOWN, DOWN, DOWN)
    watched.tools.messaging.error = None
    await watched.check(DOWN)
    assert watched.alarm_keys == []
    level, _, fields = next(line for line in watched.host.lines if line[0] == "error")
    assert (level, fields["code"]) == ("error", "account_missing")


async def test_alarm_does_not_hold_a_check_for_long(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A receipt that does not come is left for the next check."""

    async def never(*_args: object, **_options: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(alarms, "PATIENCE_SEC", 0.01)
    monkeypatch.setattr(watched.tools.messaging, "alarm", never)
    assert (await watched.check(DOWN, DOWN, DOWN)).state == "down"
    memory = memory_from(await watched.tools.kv.get(MEMORY_KEY))
    assert memory is not None
    assert len(memory.notices) == 1


async def test_alarm_goes_to_whom_the_job_names() -> None:
    """Through the watched account itself if the channel is the same and no other account is named."""
    for notify, account_id in (
        ({"channel": "telegram", "to": "42"}, "bot_a01"),
        ({"channel": "telegram", "to": "42", "account_id": "other"}, "other"),
        ({"channel": "whatsapp", "to": "42"}, None),
    ):
        watched = Watched(notify=notify, fail_after=1)
        await watched.check(DOWN)
        target = watched.tools.messaging.sent[0].target
        assert (target["channel"], target["account_id"], target["to"]) == (
            notify["channel"],
            account_id,
            "42",
        )
    default = Watched(fail_after=1)
    await default.check(DOWN)
    assert default.tools.messaging.sent[0].target == {}


async def test_memory_is_changed_over_what_others_write(watched: Watched) -> None:
    """Lost compare-and-sets are tried again; endless ones fail the run, to be tried again."""
    watched.tools.kv.conflicts = 2
    await watched.check(UP)
    watched.tools.kv.conflicts = 99
    with pytest.raises(RetryableError, match="memory"):
        await watched.check(UP)


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
