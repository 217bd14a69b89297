"""The public kit's waiting, with a limit that only ends a test that hangs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multi_job.testing import waiting

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

# A condition is met within a second on an idle machine; a busy one may need many times as long.
HANGS_AFTER_SECONDS = 60


def wait_until(
    predicate: Callable[[], object], timeout_seconds: float = HANGS_AFTER_SECONDS, message: str = ""
) -> None:
    """Return once `predicate()` is true; AssertionError with `message` after the time-out."""
    waiting.wait_until(predicate, timeout_seconds, message)


async def wait_until_async(
    predicate: Callable[[], object | Awaitable[object]],
    timeout_seconds: float = HANGS_AFTER_SECONDS,
    message: str = "",
) -> None:
    """Do the same for a plain or an asynchronous predicate, without blocking the loop."""
    await waiting.wait_until_async(predicate, timeout_seconds, message)
