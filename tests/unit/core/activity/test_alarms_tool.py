"""The tool `alarms`: one incident a job, under the job's own name."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.errors import InvalidInput
from app.core.tools import ToolSet
from app.core.tools.alarms import MAX_TEXT_CHARS, AlarmsPerformer


class FakeIncidents:
    """Keeps the calls; the first of each kind changes something."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, dict[str, str]]] = []

    def _note(self, word: str, key: str, more: dict[str, str]) -> bool:
        known = any(each == word for each, _, _ in self.calls)
        self.calls.append((word, key, more))
        return not known

    async def open(self, key: str, kind: str, **more: str) -> bool:
        return self._note("open", key, {"kind": kind, **more})

    async def close(self, key: str, **more: str) -> bool:
        return self._note("close", key, more)


class Caller:
    """Brings calls straight to the performer of a run of job `a`."""

    def __init__(self) -> None:
        self.incidents = FakeIncidents()
        self._performer = AlarmsPerformer(self.incidents, "a")  # pyright: ignore[reportArgumentType]

    async def call(self, tool: str, op: str, *args: Any) -> Any:
        assert tool == "alarms"
        return await self._performer.perform(op, args)


async def test_alarm_has_the_name_of_its_job_whatever_the_handler_says() -> None:
    """A handler gives no name, so it can neither raise nor clear another job's alarm."""
    caller = Caller()
    alarms = ToolSet(caller).alarms
    assert await alarms.set(raised=True, text="down")
    assert not await alarms.set(raised=True, text="still down")
    assert await alarms.set(raised=False, text="up")
    word, key, more = caller.incidents.calls[0]
    assert (word, key, more["kind"], more["job_id"], more["cause"]) == (
        "open",
        "job:a",
        "job_alarm",
        "a",
        "down",
    )
    assert caller.incidents.calls[-1] == ("close", "job:a", {"words": "up"})


async def test_alarm_text_has_a_largest_length() -> None:
    """A cause is a line for people, no place for bulk."""
    caller = Caller()
    await ToolSet(caller).alarms.set(raised=True, text="x" * (MAX_TEXT_CHARS + 1))
    assert len(caller.incidents.calls[0][2]["cause"]) == MAX_TEXT_CHARS


@pytest.mark.parametrize("call", [("set", "yes", "text"), ("set", True), ("clear",)])
async def test_alarm_calls_of_another_form_are_refused(call: tuple[Any, ...]) -> None:
    """Wrong types, missing arguments and other operations."""
    with pytest.raises(InvalidInput):
        await Caller().call("alarms", *call)
