"""Supervises several worker processes: starts and stops them together, replaces dead and hung ones.

A child exits when its parent's pipe closes, so that it does not outlive a killed parent.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from app.core.activity.heartbeat import describe_end
from app.core.activity.watchdog import (
    HUNG_STOP_SEC,
    NotifySocket,
    SilenceClock,
    silence_limit_sec,
    take_supervisor,
    watched_loop,
    write_stacks_of,
    write_stacks_on_signal,
)
from app.core.background import Backoff, sleep_or_stop
from app.core.config import Settings
from app.core.observability import configure_logging, get_logger, instance_name
from app.core.process import EXIT_MISCONFIGURED, EXIT_STOPPED, run_under_signals
from app.core.system import PREVIOUS_END

CHILD_VARIABLE = "MULTI_JOB_WORKER_CHILD"
STEADY_SEC = 60.0
_LOOK_SEC = 1.0

log = get_logger(__name__)


def is_child() -> bool:
    """True if a parent started this process; if so, exit with it."""
    if os.environ.get(CHILD_VARIABLE) != "1":
        return False
    threading.Thread(target=_leave_with_parent, name="parent", daemon=True).start()
    return True


def _leave_with_parent() -> None:
    # Not `sys.stdin.read`: it holds a lock that the interpreter needs at its exit, which it then aborts.
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def run_processes(settings: Settings) -> int:
    """Run WORKER_PROCESSES workers until a stop signal; return the exit code."""
    configure_logging("worker", instance_name("worker-parent"))
    write_stacks_on_signal()

    async def serve(stop: asyncio.Event) -> int:
        # One of them reports the end of an earlier parent.
        ends = [os.environ.get(PREVIOUS_END, ""), *[""] * (settings.worker_processes - 1)]
        with watched_loop(), watched_children(settings) as watch:
            return max(await asyncio.gather(*(_keep_one(stop, end, watch) for end in ends)))

    return run_under_signals(serve)


class ChildWatch:
    """Notices children that hang; without a socket it notices none."""

    def __init__(self, settings: Settings, messages: NotifySocket | None) -> None:
        self._limit_sec = silence_limit_sec(settings.heartbeat_sec, settings.lease_sec)
        self._messages = messages
        self._silence = SilenceClock(time.monotonic)
        self.drain_sec = settings.drain_sec
        self.environment = messages.environment(self._limit_sec) if messages is not None else {}

    def hung_sec(self, pid: int) -> float | None:
        """Return for how long a child has been silent, if that is too long."""
        self._look()
        silent_sec = self._silence.silent_sec(str(pid))
        return silent_sec if silent_sec is not None and silent_sec > self._limit_sec else None

    def forget(self, pid: int) -> None:
        """Forget a child that has ended."""
        self._silence.forget(str(pid))

    def _look(self) -> None:
        self._silence.advance()
        for pid in self._messages.senders() if self._messages is not None else ():
            self._silence.heard(str(pid))


@contextmanager
def watched_children(settings: Settings) -> Generator[ChildWatch]:
    """Receive the messages of children meanwhile, in a folder of this process's own."""
    if sys.platform == "win32":
        yield ChildWatch(settings, None)
        return
    with tempfile.TemporaryDirectory(prefix="multi-job-", ignore_cleanup_errors=True) as folder:
        try:
            messages = NotifySocket([Path(folder) / "notify.sock"])
        except OSError as error:
            log.warning("worker processes are not watched: no socket for their messages", reason=str(error))
            yield ChildWatch(settings, None)
            return
        yield ChildWatch(settings, messages)
        messages.close()


async def _keep_one(stop: asyncio.Event, end: str, watch: ChildWatch) -> int:
    """Keep one child running until `stop`; a replacement gets the exit report of the earlier child.

    A child whose settings cannot work ends them all. Returns the exit code.
    """
    backoff = Backoff(0.2, 10.0)
    loop = asyncio.get_running_loop()
    while not stop.is_set():
        started = loop.time()
        child = await _spawn(end, watch)
        code = await _outlive(child, stop, watch)
        watch.forget(child.pid)
        if code == EXIT_MISCONFIGURED:
            stop.set()
            return code
        if stop.is_set():
            break
        end = describe_end(code)
        log.warning("worker process ended", pid=child.pid, end=end)
        if loop.time() - started > STEADY_SEC:
            backoff.reset()
        await sleep_or_stop(stop, backoff.next_wait_sec())
    return EXIT_STOPPED


async def _spawn(previous_end: str, watch: ChildWatch) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "app.services.worker.main"),
        stdin=asyncio.subprocess.PIPE,
        env={**_own_environment(), **watch.environment, CHILD_VARIABLE: "1", PREVIOUS_END: previous_end},
    )


def _own_environment() -> dict[str, str]:
    """Return the environment without the address of this process's supervisor."""
    environment = dict(os.environ)
    take_supervisor(environment)
    return environment


async def _outlive(child: asyncio.subprocess.Process, stop: asyncio.Event, watch: ChildWatch) -> int:
    ended = asyncio.create_task(child.wait())
    stopper = asyncio.create_task(stop.wait())
    while not (ended.done() or stopper.done()):
        await asyncio.wait({ended, stopper}, timeout=_LOOK_SEC, return_when=asyncio.FIRST_COMPLETED)
        silent_sec = None if ended.done() else watch.hung_sec(child.pid)
        if silent_sec is not None:
            log.error(
                "a worker process hangs: it is replaced", pid=child.pid, silent_sec=round(silent_sec, 1)
            )
            await _end_hung(child, ended, watch)
    stopper.cancel()
    if not ended.done():
        child.terminate()
    return await ended


async def _end_hung(child: asyncio.subprocess.Process, ended: asyncio.Task[int], watch: ChildWatch) -> None:
    """Ask a hung child to stop, then kill it; one that comes back to life may drain."""
    write_stacks_of(child.pid)
    child.terminate()
    if sys.platform != "win32":
        # A stopped process would not handle its SIGTERM.
        child.send_signal(signal.SIGCONT)
    await asyncio.wait({ended}, timeout=HUNG_STOP_SEC)
    if not ended.done() and watch.hung_sec(child.pid) is None:
        await asyncio.wait({ended}, timeout=watch.drain_sec)
    if not ended.done():
        child.kill()
        await asyncio.wait({ended})
