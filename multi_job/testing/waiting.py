"""Waiting for a condition in place of sleeping for a guess."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable

# Short compared to any wait, long compared to one check.
_POLL_SECONDS = 0.015
# Later checks are at most this share of the wait so far apart: what is waited for needs the processor more.
_PART = 0.05
_MOST_SECONDS = 0.15


def _pause(start: float, now: float) -> float:
    return min(_MOST_SECONDS, max(_POLL_SECONDS, _PART * (now - start)))


def wait_until(predicate: Callable[[], object], timeout_seconds: float = 10, message: str = "") -> None:
    """Return once `predicate()` is true; AssertionError with `message` after the time-out."""
    start = time.monotonic()
    while not predicate():
        now = time.monotonic()
        if now - start > timeout_seconds:
            raise AssertionError(_complaint(timeout_seconds, message))
        time.sleep(_pause(start, now))


async def wait_until_async(
    predicate: Callable[[], object | Awaitable[object]], timeout_seconds: float = 10, message: str = ""
) -> None:
    """Do the same for a plain or an asynchronous predicate, without blocking the loop."""
    start = time.monotonic()
    while not await _value(predicate()):
        now = time.monotonic()
        if now - start > timeout_seconds:
            raise AssertionError(_complaint(timeout_seconds, message))
        await asyncio.sleep(_pause(start, now))


async def _value(result: object) -> object:
    return await result if inspect.isawaitable(result) else result


def _complaint(timeout_seconds: float, message: str) -> str:
    return f"not so after {timeout_seconds} s: {message or 'the condition'}"
