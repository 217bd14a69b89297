"""Processes of the platform in tests: none outlives the test that started it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

_PR_SET_PDEATHSIG = 1
# Variables that a developer may have set for a deployment of their own.
_FOREIGN = ("REDIS_", "API_", "MULTI_JOB_", "NAMESPACE", "WORKER_", "LEASE_", "HANDLER_", "POLICIES_", "LOG_")
# Loaded before any fork: in the child an import could wait for a lock that another thread holds.
_prctl: Callable[..., int] = ctypes.CDLL(None).prctl if sys.platform == "linux" else lambda *_: 0


def die_with_parent() -> None:
    """Ask the kernel, between fork and exec, for SIGKILL when the thread that forked ends (Linux)."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def foreign_environment() -> dict[str, str]:
    """Return this process's environment without any setting of the platform."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}


class PlatformProcess:
    """One process, with a log file of its own; on Linux it ends with the thread that started it."""

    def __init__(
        self,
        name: str,
        environment: Mapping[str, str],
        log_file: Path,
        arguments: Sequence[str] = (),
        *,
        folder: Path,
    ) -> None:
        self.name = name
        self.log_file = log_file
        with log_file.open("ab") as log:
            module, *rest = arguments or (f"app.services.{name}.main",)
            self._process = self._start(module, rest, environment, folder, log)

    def _start(
        self,
        module: str,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        log: BinaryIO,
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # One system call and no lock: safe between fork and exec.
            preexec_fn=die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def code(self) -> int | None:
        """Return the exit code; None while the process lives."""
        return self._process.poll()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to this process alone."""
        self._process.send_signal(number)

    def wait(self, timeout_seconds: float) -> int:
        """Wait for the end and return the exit code."""
        return self._process.wait(timeout_seconds)

    def end_all(self) -> None:
        """SIGKILL for the process and all that it has started."""
        with contextlib.suppress(ProcessLookupError):
            if sys.platform == "win32":
                self._process.kill()
            else:
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def log_tail(self, characters: int = 1_500) -> str:
        """Return the end of the log."""
        return self.log_file.read_text("utf-8", "replace")[-characters:]
