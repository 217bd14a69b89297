"""A thread that plans long texts outside of the event loop.

The event loop serves other requests meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from app.core.errors import PlannerBusy

T = TypeVar("T")

SHORT_CHARS: Final = 400
"""A text up to here is planned in the event loop, in some milliseconds, and never waits behind long ones."""
SWITCH_SEC: Final = 0.001
"""How long the event loop waits when it wants the interpreter back from the thread: 5 ms by default."""
MOST_PLACES: Final = 16
"""Long texts under way, those that wait included. Each takes a tenth of a second or two."""


class PlanningThread:
    """One thread, one long text at a time. More threads would hold the interpreter's lock for longer."""

    def __init__(self, most_places: int = MOST_PLACES) -> None:
        self._most_places = most_places
        self._taken = 0
        self._turn = asyncio.Lock()
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="planning")

    @contextlib.asynccontextmanager
    async def place(self, text: str) -> AsyncGenerator[Place]:
        """Give the planning of a text its place; PlannerBusy if as many long ones are under way as may."""
        if len(text) <= SHORT_CHARS:
            yield Place(None, None)
            return
        if self._taken >= self._most_places:
            raise PlannerBusy(
                "Other long texts are being planned just now: send it again, or shorter sentences. / "
                "Perencana sedang sibuk: coba lagi, atau pakai kalimat yang lebih pendek."
            )
        self._taken += 1
        try:
            yield Place(self._executor, self._turn)
        finally:
            self._taken -= 1


class Place:
    """How the steps of one plan are done: in the thread, or at once if the text is short."""

    def __init__(self, executor: ThreadPoolExecutor | None, turn: asyncio.Lock | None) -> None:
        self._executor = executor
        self._turn = turn

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncGenerator[None]:
        """Hold the thread for this plan, so that long texts finish one after the other."""
        if self._turn is None:
            yield
            return
        async with self._turn:
            before = sys.getswitchinterval()
            # Only meanwhile: other requests need no other interval.
            sys.setswitchinterval(SWITCH_SEC)
            try:
                yield
            finally:
                sys.setswitchinterval(before)

    async def do(self, step: Callable[[], T]) -> T:
        """Return what the step returns."""
        if self._executor is None:
            return step()
        return await asyncio.get_running_loop().run_in_executor(self._executor, step)
