"""Long texts are planned in a thread, one at a time."""

from __future__ import annotations

import asyncio
import sys
import threading

import pytest

from app.core.errors import PlannerBusy
from app.planner.planner import MOST_PLACES, SHORT_CHARS, SWITCH_SEC, PlanningThread

LONG = "a" * (SHORT_CHARS + 1)


async def test_short_texts_are_planned_at_once() -> None:
    """No thread and no line: a sentence costs some milliseconds."""
    with PlanningThread(most_places=0).slot("a" * SHORT_CHARS) as place:
        async with place.turn():
            assert await place.do(threading.get_ident) == threading.get_ident()


async def test_long_texts_leave_the_loop_free() -> None:
    """While a step is under way in its thread, the loop goes on."""
    going, seen = threading.Event(), asyncio.Event()

    def step() -> int:
        assert going.wait(10)
        return threading.get_ident()

    with PlanningThread().slot(LONG) as place:
        async with place.turn():
            task = asyncio.create_task(place.do(step))
            asyncio.get_running_loop().call_soon(seen.set)
            await seen.wait()
            assert not task.done()
            going.set()
            assert await task != threading.get_ident()


async def test_interpreter_is_handed_over_sooner_while_a_long_text_is_planned() -> None:
    """The loop gets the interpreter back within a millisecond then, and as ever afterwards."""
    before = sys.getswitchinterval()
    with PlanningThread().slot(LONG) as place:
        async with place.turn():
            assert sys.getswitchinterval() == pytest.approx(SWITCH_SEC)
        assert sys.getswitchinterval() == before


async def test_long_texts_take_turns() -> None:
    """The steps of one plan are done before those of the next, so that not all are answered together."""
    planning, steps = PlanningThread(), list[str]()

    async def plan(name: str) -> None:
        with planning.slot(LONG) as place:
            async with place.turn():
                for _ in range(2):
                    await place.do(lambda: steps.append(name))
                    await asyncio.sleep(0)

    await asyncio.gather(plan("a"), plan("b"), plan("c"))
    assert steps == ["a", "a", "b", "b", "c", "c"]


async def test_long_texts_are_bounded_in_number() -> None:
    """One too many is refused at once, and served when another has ended."""
    planning, over = PlanningThread(), asyncio.Event()

    async def hold() -> None:
        with planning.slot(LONG):
            await over.wait()

    held = [asyncio.create_task(hold()) for _ in range(MOST_PLACES)]
    await asyncio.sleep(0)
    with pytest.raises(PlannerBusy), planning.slot(LONG):
        pass
    with planning.slot("a") as place:
        assert await place.do(lambda: 1) == 1
    over.set()
    await asyncio.gather(*held)
    with planning.slot(LONG) as place:
        assert await place.do(lambda: 2) == 2
