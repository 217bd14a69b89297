"""Quiet hours of alarms: what waits, what is sent afterwards, what people see meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.connectors.base import AccountHealth
from app.core.models import Calendar
from app.jobs.handlers.monitor_channel import MonitorChannelInputs, MonitorChannelOutput, monitor_channel
from app.jobs.handlers.monitor_http import MonitorHttpInputs
from app.jobs.monitor.memory import MEMORY_KEY, memory_from
from tests.support.jobs.job_fakes import FakeHost

# 07:00 in Jakarta, 28 July 2026; a check each half minute.
START_MS, STEP_MS = 1_785_196_800_000, 30_000
UP, DOWN = AccountHealth("up", None, 12, "@bot", 1), AccountHealth("down", "channel_rejected", None, "401", 1)


class Watched:
    """A monitor that alarms at its first bad check, and is quiet from 07:00 to 07:02."""

    def __init__(self, **quiet: Any) -> None:
        self.host = FakeHost("monitor.channel")
        self.tools = self.host.tools
        self.inputs = MonitorChannelInputs.model_validate(
            {"channel": "telegram", "account_id": "bot_a01", "fail_after": 1, "quiet": quiet}
        )

    async def check(self, step: int, answer: AccountHealth) -> MonitorChannelOutput:
        """Do a check, `step` half minutes after 07:00."""
        self.tools.platform.answer = answer
        return await monitor_channel(self.host.context(START_MS + step * STEP_MS), self.inputs)

    async def pending(self) -> list[str]:
        """Return the notices that wait."""
        memory = memory_from(await self.tools.kv.get(MEMORY_KEY))
        return [] if memory is None else [notice.key for notice in memory.notices]

    @property
    def sent(self) -> list[str | None]:
        return [each.key for each in self.tools.messaging.sent]


def key(step: int, *, ended: bool = False) -> str:
    return f"{START_MS + step * STEP_MS}{':end' if ended else ''}"


@pytest.fixture
def watched() -> Watched:
    return Watched(windows=["07:00-07:02"])


async def test_an_alarm_in_quiet_hours_is_sent_after_them_if_it_lasts(watched: Watched) -> None:
    """The output says why the message waits; one message at 07:02."""
    output = await watched.check(1, DOWN)
    assert watched.sent == []
    assert output.held_back == "window 07:00-07:02"
    await watched.check(3, DOWN)
    assert watched.sent == []
    output = await watched.check(4, DOWN)
    assert (watched.sent, output.held_back) == ([key(1)], None)
    await watched.check(5, DOWN)
    assert watched.sent == [key(1)]


async def test_an_alarm_that_ends_in_quiet_hours_is_no_message(watched: Watched) -> None:
    """It came and went."""
    for step, answer in ((0, DOWN), (1, UP), (2, DOWN), (3, UP)):
        await watched.check(step, answer)
    await watched.check(4, UP)
    assert (watched.sent, await watched.pending()) == ([], [])


async def test_the_end_of_an_alarm_that_was_sent_is_sent_after_quiet_hours(watched: Watched) -> None:
    """The outage was sent, so its end is sent too, however much happened in between."""
    await watched.check(-1, DOWN)
    assert watched.sent == [key(-1)]
    for step, answer in ((0, UP), (1, DOWN), (2, UP)):
        await watched.check(step, answer)
    assert watched.sent == [key(-1)]
    await watched.check(4, UP)
    assert watched.sent == [key(-1), key(1, ended=True)]
    assert await watched.pending() == []


async def test_the_last_alarm_of_quiet_hours_is_the_one_that_is_sent(watched: Watched) -> None:
    """An outage that was sent, ended, and another one: the other one alone, as it lasts."""
    await watched.check(-1, DOWN)
    for step, answer in ((0, UP), (1, DOWN), (2, UP), (3, DOWN)):
        await watched.check(step, answer)
    assert await watched.pending() == [key(1, ended=True), key(3)]
    await watched.check(4, DOWN)
    assert watched.sent == [key(-1), key(3)]


async def test_a_flapping_account_in_a_long_night_loses_nothing() -> None:
    """More changes than the memory holds: the end of the first alarm, which was sent, still comes."""
    watched = Watched(windows=["07:00-09:00"])
    await watched.check(-3, DOWN)
    for step in range(60):
        await watched.check(step, DOWN if step % 2 else UP)
    assert len(await watched.pending()) == 2
    await watched.check(240, UP)
    assert watched.sent == [key(-3), key(59, ended=True)]


async def test_quiet_hours_may_be_those_of_a_calendar() -> None:
    """The calendar is read at each check, so a change holds at once."""
    watched = Watched(calendars=["night"])
    watched.tools.platform.known["night"] = Calendar(dates=["2026-07-28"])
    output = await watched.check(0, DOWN)
    assert (watched.sent, output.held_back) == ([], "calendar night: 2026-07-28")
    watched.tools.platform.known["night"] = Calendar()
    await watched.check(1, DOWN)
    assert watched.sent == [key(0)]


async def test_quiet_hours_without_their_calendar_hold_nothing_back() -> None:
    """An alarm must not be lost because a calendar is gone."""
    watched = Watched(calendars=["gone"])
    await watched.check(0, DOWN)
    assert watched.sent == [key(0)]


async def test_without_quiet_hours_every_alarm_is_sent() -> None:
    """Nothing is joined, and the output has no further field."""
    watched = Watched()
    for step, answer in ((0, DOWN), (1, UP), (2, DOWN)):
        output = await watched.check(step, answer)
    assert watched.sent == [key(0), key(0, ended=True), key(2)]
    assert "held_back" not in output.model_dump()


def test_both_monitors_have_quiet_hours() -> None:
    """With the fields of a schedule's skip."""
    inputs = MonitorHttpInputs.model_validate({"url": "https://a.example", "quiet": {"holidays": "ID"}})
    assert inputs.quiet is not None
    assert inputs.quiet.holidays == "ID"
