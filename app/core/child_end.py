"""The end of a child process: kill and exit code."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from asyncio.subprocess import Process

from app.core.run_outcome import Failure


def kill_child(process: Process | None) -> None:
    """End a child and what it started, at once."""
    if process is None or process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)


def failure_of_exit(code: int) -> Failure:
    """Return the failure of an attempt whose child left with this code and no result."""
    if code < 0:
        with contextlib.suppress(ValueError):
            name = signal.Signals(-code).name
            return Failure("crash", "child_exited", f"the child process was ended by {name} ({code})")
    return Failure("crash", "child_exited", f"the child process left with exit code {code} and no result")
