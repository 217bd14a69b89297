"""Supervises several worker processes: starts, watches and stops them together.

A child exits when its parent's pipe closes, so that it does not outlive a killed parent.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading

from app.core.activity.heartbeat import describe_end
from app.core.background import Backoff, sleep_or_stop
from app.core.observability import configure_logging, get_logger, instance_name
from app.core.process import EXIT_MISCONFIGURED, EXIT_STOPPED, run_under_signals
from app.core.system import PREVIOUS_END

CHILD_VARIABLE = "MULTI_JOB_WORKER_CHILD"
STEADY_SEC = 60.0

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


def run_processes(count: int) -> int:
    """Run `count` workers until a stop signal; return the exit code."""
    configure_logging("worker", instance_name("worker-parent"))

    async def serve(stop: asyncio.Event) -> int:
        # One of them reports the end of an earlier parent.
        ends = [os.environ.get(PREVIOUS_END, ""), *[""] * (count - 1)]
        return max(await asyncio.gather(*(_keep_one(stop, end) for end in ends)))

    return run_under_signals(serve)


async def _keep_one(stop: asyncio.Event, end: str) -> int:
    """Keep one child running until `stop`; a replacement gets the exit report of the earlier child.

    A child whose settings cannot work ends them all. Returns the exit code.
    """
    backoff = Backoff(0.2, 10.0)
    loop = asyncio.get_running_loop()
    while not stop.is_set():
        started = loop.time()
        child = await _spawn(end)
        code = await _outlive(child, stop)
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


async def _spawn(previous_end: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "app.services.worker.main"),
        stdin=asyncio.subprocess.PIPE,
        env={**os.environ, CHILD_VARIABLE: "1", PREVIOUS_END: previous_end},
    )


async def _outlive(child: asyncio.subprocess.Process, stop: asyncio.Event) -> int:
    ended = asyncio.create_task(child.wait())
    stopper = asyncio.create_task(stop.wait())
    await asyncio.wait({ended, stopper}, return_when=asyncio.FIRST_COMPLETED)
    stopper.cancel()
    if not ended.done():
        child.terminate()
    return await ended
