"""Waiting for a condition in place of sleeping for a guess."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable

# Short compared to any wait, long compared to one check.
_POLL_SECONDS = 0.015


def wait_until(predicate: Callable[[], object], timeout_seconds: float = 10, message: str = "") -> None:
    """Return once `predicate()` is true; AssertionError with `message` after the time-out."""
    deadline = time.monotonic() + timeout_seconds
    while not predicate():
        if time.monotonic() > deadline:
            raise AssertionError(_complaint(timeout_seconds, message))
        time.sleep(_POLL_SECONDS)


async def wait_until_async(
    predicate: Callable[[], object | Awaitable[object]], timeout_seconds: float = 10, message: str = ""
) -> None:
    """Do the same for a plain or an asynchronous predicate, without blocking the loop."""
    deadline = time.monotonic() + timeout_seconds
    while not await _value(predicate()):
        if time.monotonic() > deadline:
            raise AssertionError(_complaint(timeout_seconds, message))
        await asyncio.sleep(_POLL_SECONDS)


async def _value(result: object) -> object:
    return await result if inspect.isawaitable(result) else result


def _complaint(timeout_seconds: float, message: str) -> str:
    return f"not so after {timeout_seconds} s: {message or 'the condition'}"
