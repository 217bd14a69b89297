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
        self.calls: list[tuple[Any, ...]] = []

    async def run(self, *args: Any) -> str:
        known = any(call[2] == args[2] for call in self.calls)
        self.calls.append(args)
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
    script, name, raised, data, job_id = caller.scripts.calls[0]
    assert (script, name, raised, job_id) == ("alarm", "job:a", "1", "a")
    assert orjson.loads(data) == {"name": "job:a", "state": "raised", "text": "down"}


async def test_alarm_text_has_a_largest_length() -> None:
    """An event is a line for people, no place for bulk."""
    caller = Caller()
    await ToolSet(caller).alarms.set(raised=False, text="x" * (MAX_TEXT_CHARS + 1))
    assert len(orjson.loads(caller.scripts.calls[0][3])["text"]) == MAX_TEXT_CHARS


@pytest.mark.parametrize("call", [("set", "yes", "text"), ("set", True), ("clear",)])
async def test_alarm_calls_of_another_form_are_refused(call: tuple[Any, ...]) -> None:
    """Wrong types, missing arguments and other operations."""
    with pytest.raises(InvalidInput):
        await Caller().call("alarms", *call)
