"""Starts services as clones of a process that has imported the application.

The imports are most of the work of a start: two seconds of the API's. A clone runs the same `main` with its
own environment, folder, session and log, and is a child of the test's process. A service is started by `exec`
if its interpreter needs options of its own, if it is measured, or if the system cannot clone.
"""

from __future__ import annotations

import atexit
import json
import os
import platform
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from tests.support.preloaded.server import REFUSED, Request

ROOT = Path(__file__).resolve().parents[3]
# The interpreter reads these at its start. A clone can take over the first three only.
_TAKEN_OVER = {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
_CAN_CLONE = sys.platform == "linux" and platform.machine() in {"x86_64", "aarch64"}


class ClonedProcess(subprocess.Popen[bytes]):
    """A child that this process has not forked itself."""

    def __init__(self, pid: int, arguments: Sequence[str]) -> None:
        # What `poll`, `wait` and `send_signal` read; nothing is to be started.
        self.args = arguments
        self.pid = pid
        self.returncode: int | None = None  # pyright: ignore[reportIncompatibleVariableOverride]
        self.stdin = self.stdout = self.stderr = None
        self._child_created = True
        self._waitpid_lock = threading.Lock()
        self._sigint_wait_secs = 0.25


class Preloaded:
    """The process to clone, started at the first request."""

    def __init__(self) -> None:
        self.is_used = True
        """False while the processes that a test starts are measured."""
        self._is_refused = False
        self._lock = threading.Lock()
        self._connection: socket.socket | None = None
        self._server: subprocess.Popen[bytes] | None = None

    def fits(self, environment: Mapping[str, str], folder: Path) -> bool:
        """Return whether a clone runs as a fresh process of this environment would."""
        first = environment.get("PYTHONPATH", str(folder)).split(os.pathsep)[0]
        return (
            _CAN_CLONE
            and self.is_used
            and not self._is_refused
            # The clones end with the thread that has started the first process.
            and (self._connection is not None or threading.current_thread() is threading.main_thread())
            and Path(first) == ROOT
            and "LD_PRELOAD" not in environment
            and _options(environment) == _options(os.environ)
        )

    def start(
        self,
        module: str,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        log: BinaryIO,
        *,
        own_session: bool = False,
    ) -> subprocess.Popen[bytes] | None:
        """Start `python -m module arguments`; None if the system refuses to clone."""
        request: Request = {
            "module": module,
            "arguments": [*arguments],
            "environment": {**environment},
            "folder": str(folder),
            "own_session": own_session,
        }
        with self._lock:
            connection = self._connection or self._connect()
            socket.send_fds(connection, [json.dumps(request).encode()], [log.fileno()])
            answer = connection.recv(64)
        if not answer:
            raise RuntimeError("the preloaded process has ended: its error is above")
        if int(answer) == REFUSED:
            self._is_refused = True
            return None
        return ClonedProcess(int(answer), [sys.executable, "-m", module, *arguments])

    def _connect(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            # It ends when our end of the connection is closed, and that is at the end of this process.
            self._server = subprocess.Popen(
                [sys.executable, "-m", "tests.support.preloaded.server", str(theirs.fileno())],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )
        atexit.register(self._close, ours, self._server)
        if ours.recv(64) != b"ready":
            raise RuntimeError("the preloaded process has not started: its error is above")
        self._connection = ours
        return ours

    @staticmethod
    def _close(connection: socket.socket, server: subprocess.Popen[bytes]) -> None:
        connection.close()
        server.wait()


def _options(environment: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in environment.items()
        if name.startswith("PYTHON") and name not in _TAKEN_OVER
    }


preloaded = Preloaded()


def start_module(
    module: str, arguments: Sequence[str], environment: Mapping[str, str], folder: Path, log: BinaryIO
) -> subprocess.Popen[bytes]:
    """Start `python -m module arguments` as a clone, or by `exec` if a clone does not fit."""
    if preloaded.fits(environment, folder) and (
        clone := preloaded.start(module, arguments, environment, folder, log)
    ):
        return clone
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=folder,
        env={**environment},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
    )
