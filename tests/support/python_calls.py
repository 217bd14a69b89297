"""Counts the Python functions that a piece of work enters: a cost that other load does not change."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import FrameType

_NOT_COUNTED = ("/asyncio/", "/selectors.py", "/tests/")


async def calls_of(work: Callable[[], Awaitable[Any]], times: int) -> float:
    """Return how many Python functions one turn of the work enters, the mean of several turns.

    The event loop is not counted: how often it looks for events depends on the time. A coroutine counts each
    time that it is entered.
    """
    counted = 0

    def note(frame: FrameType, event: str, _argument: object) -> None:
        nonlocal counted
        if event == "call" and not any(part in frame.f_code.co_filename for part in _NOT_COUNTED):
            counted += 1

    await work()
    sys.setprofile(note)
    try:
        for _ in range(times):
            await work()
    finally:
        sys.setprofile(None)
    return counted / times
