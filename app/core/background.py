"""Service loops: run together, stop together, and survive outages of Redis.

A loop is an object with `run(stop)`. It continues through any outage of Redis; any other exception ends the
process, whose supervisor restarts it with clean memory.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

from app.core.errors import Unavailable
from app.core.i18n import _
from app.core.observability import get_logger
from app.core.system import is_out_of_files

T = TypeVar("T")

FIRST_WAIT_SEC = 0.05
# Long enough not to disturb a starting Redis, short enough to reconnect within 2 s of it.
LONGEST_WAIT_SEC = 1.0
LOG_EACH_SEC = 30.0
GRACE_SEC = 5.0

log = get_logger(__name__)


class Loop(Protocol):
    """One loop of a process; returns soon after `stop` is set, and not before."""

    async def run(self, stop: asyncio.Event) -> None: ...


async def sleep_or_stop(stop: asyncio.Event, seconds: float) -> None:
    """Wait; `stop` cuts it short."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        pass


async def or_stop(stop: asyncio.Event, work: Awaitable[T]) -> T | None:
    """Return the result of `work`; None, with the work cancelled, once `stop` is set."""
    task = asyncio.ensure_future(work)
    stopper = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({task, stopper}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        stopper.cancel()
        if not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=1.0)


class Backoff:
    """Waits between tries, 0.05 s doubling to 1 s."""

    def __init__(self, first_sec: float = FIRST_WAIT_SEC, longest_sec: float = LONGEST_WAIT_SEC) -> None:
        self._first_sec = first_sec
        self._longest_sec = longest_sec
        self._next_sec = first_sec

    def reset(self) -> None:
        """Restart from the first wait."""
        self._next_sec = self._first_sec

    def next_wait_sec(self) -> float:
        """Return the wait that is due now and double the next one."""
        current = self._next_sec
        self._next_sec = min(current * 2, self._longest_sec)
        return current

    async def wait(self, stop: asyncio.Event) -> None:
        """Wait; `stop` cuts it short."""
        await sleep_or_stop(stop, self.next_wait_sec())


class OutageBackoff:
    """Waits between tries during an outage, which is logged at its start, every 30 s and at its end."""

    def __init__(self, who: str, longest_wait_sec: float = LONGEST_WAIT_SEC) -> None:
        self._who = who
        self._backoff = Backoff(longest_sec=longest_wait_sec)
        self._logged_at = 0.0
        self.since: float | None = None
        """The time of the first failed try; None while all works."""

    def failed(self, error: Unavailable) -> float:
        """Record a failed try; return the seconds to wait before the next one."""
        now = asyncio.get_running_loop().time()
        if self.since is None or now - self._logged_at >= LOG_EACH_SEC:
            self.since = now if self.since is None else self.since
            self._logged_at = now
            log.warning(
                "unavailable",
                who=self._who,
                code=error.code,
                reason=error.message,
                for_sec=round(now - self.since),
            )
        return self._backoff.next_wait_sec()

    def worked(self) -> None:
        """Record a successful try."""
        if self.since is None:
            return
        lasted = asyncio.get_running_loop().time() - self.since
        self.since = None
        self._backoff.reset()
        log.info("available again", who=self._who, after_sec=round(lasted, 1))


async def run_forever(
    name: str, step: Callable[[asyncio.Event], Awaitable[None]], stop: asyncio.Event
) -> None:
    """Call `step(stop)` repeatedly until `stop`; on `Unavailable`, wait and try again.

    A lack of file descriptors is handled alike. The step itself sleeps between two rounds. Every other
    exception goes to the caller.
    """
    outage = OutageBackoff(name)
    while not stop.is_set():
        try:
            await step(stop)
        except (Unavailable, OSError) as error:
            await sleep_or_stop(stop, outage.failed(_passing(error)))
        else:
            if outage.since is not None:
                outage.worked()


def _passing(error: Unavailable | OSError) -> Unavailable:
    """Return a temporary error; raise it if it is permanent."""
    if isinstance(error, Unavailable):
        return error
    if is_out_of_files(error):
        return Unavailable(_("too many files are open: {strerror}", strerror=error.strerror))
    raise error


async def until_available(
    name: str,
    work: Callable[[], Awaitable[T]],
    stop: asyncio.Event,
    longest_wait_sec: float = LONGEST_WAIT_SEC,
) -> T | None:
    """Call `work` until it does not raise Unavailable and return its result; None once `stop` is set."""
    outage = OutageBackoff(name, longest_wait_sec)
    while not stop.is_set():
        try:
            result = await or_stop(stop, work())
        except (Unavailable, OSError) as error:
            await sleep_or_stop(stop, outage.failed(_passing(error)))
        else:
            outage.worked()
            return result
    return None


class LoopFailed(Exception):  # noqa: N818  it says what happened, and only the scope handles it
    """A loop raised, or returned before it was stopped; the process has to be restarted."""


async def run_loops(loops: Sequence[Loop], stop: asyncio.Event, grace_sec: float = GRACE_SEC) -> None:
    """Run loops until `stop`, then give them `grace_sec` to return before they are cancelled.

    The first loop that fails sets `stop` for the others and is raised as `LoopFailed`.
    """
    tasks = {asyncio.create_task(loop.run(stop), name=type(loop).__name__) for loop in loops}
    stopper = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({*tasks, stopper}, return_when=asyncio.FIRST_COMPLETED)
        failure = _first_failure(tasks, stopping=stop.is_set())
        stop.set()
        await _wind_down(tasks, grace_sec)
        failure = failure or _first_failure(tasks, stopping=True)
        if failure is not None:
            raise failure
    finally:
        for task in (stopper, *tasks):
            task.cancel()


async def _wind_down(tasks: set[asyncio.Task[None]], grace_sec: float) -> None:
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=grace_sec)
    for task in late:
        log.warning("loop is cancelled: it did not end in time", loop=task.get_name(), grace_sec=grace_sec)
        task.cancel()
    if late:
        await asyncio.wait(late, timeout=1.0)


def _first_failure(tasks: set[asyncio.Task[None]], *, stopping: bool) -> LoopFailed | None:
    for task in tasks:
        if not task.done() or task.cancelled():
            continue
        error = task.exception()
        if isinstance(error, Unavailable) and stopping:
            log.warning("loop ended without Redis", loop=task.get_name(), reason=error.message)
        elif error is not None:
            failure = LoopFailed(f"{task.get_name()} failed: {error!r}")
            failure.__cause__ = error
            return failure
        elif not stopping:
            return LoopFailed(f"{task.get_name()} returned before it had to stop")
    return None
