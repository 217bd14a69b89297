"""The tool `alarms`: one alarm a job, under the job's own name."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from app.core.activity.events import Alarms
from app.core.errors import InvalidInput
from app.core.tools import ToolSet
from app.core.tools.alarms import MAX_TEXT_CHARS, AlarmsPerformer


class FakeScripts:
    """Keeps the calls of the script `alarm`; the first of each kind changes something."""

    def __init__(self) -> None:
        self.calls: list[dict[str, str]] = []

    async def run(self, script: str, /, **arguments: str) -> str:
        known = any(call["raised"] == arguments["raised"] for call in self.calls)
        self.calls.append({"script": script, **arguments})
        return "SAME" if known else "RAISED"


class Caller:
    """Brings calls straight to the performer of a run of job `a`."""

    def __init__(self) -> None:
        self.scripts = FakeScripts()
        self._performer = AlarmsPerformer(Alarms(self.scripts), "a")  # pyright: ignore[reportArgumentType]

    async def call(self, tool: str, op: str, *args: Any) -> Any:
        assert tool == "alarms"
        return await self._performer.perform(op, args)


async def test_alarm_has_the_name_of_its_job_whatever_the_handler_says() -> None:
    """A handler gives no name, so it can neither raise nor clear another job's alarm."""
    caller = Caller()
    alarms = ToolSet(caller).alarms
    assert await alarms.set(raised=True, text="down")
    assert not await alarms.set(raised=True, text="still down")
    call = caller.scripts.calls[0]
    assert (call["script"], call["name"], call["raised"]) == ("deployment/alarm", "job:a", "1")
    assert call["about_job"] == "a"
    assert orjson.loads(call["data"]) == {"name": "job:a", "state": "raised", "text": "down"}


async def test_alarm_text_has_a_largest_length() -> None:
    """An event is a line for people, no place for bulk."""
    caller = Caller()
    await ToolSet(caller).alarms.set(raised=False, text="x" * (MAX_TEXT_CHARS + 1))
    assert len(orjson.loads(caller.scripts.calls[0]["data"])["text"]) == MAX_TEXT_CHARS


@pytest.mark.parametrize("call", [("set", "yes", "text"), ("set", True), ("clear",)])
async def test_alarm_calls_of_another_form_are_refused(call: tuple[Any, ...]) -> None:
    """Wrong types, missing arguments and other operations."""
    with pytest.raises(InvalidInput):
        await Caller().call("alarms", *call)
