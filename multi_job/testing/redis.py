"""A real Redis server for tests and benchmarks."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from app.local.lock import file_lock
from app.local.redis_probe import ProbeState, RedisAddress, RedisProbeError, probe, read_info
from app.local.redis_server import HOST, EmbeddedRedisError, choose_server, server_arguments
from multi_job.testing.processes import die_with_parent

_IS_LINUX = sys.platform == "linux"
_FREE_PORT_TRIES = 5
# Below the ports of outgoing connections, on each system.
_PORTS = range(20_000, 32_000)
_PORT_LOCK_SECONDS = 30.0


def free_port() -> int:
    """Return a free port; no other test gets it soon, and no connection or bind to 0 gets it at all."""
    while True:
        port = _next_port()
        with socket.socket() as listener, suppress(OSError):
            listener.bind((HOST, port))
            return port


def _next_port() -> int:
    """Return the next port for all tests of this user."""
    folder = Path(tempfile.gettempdir()) / f"multi-job-tests-{Path.home().name}"
    last = folder / "port"
    with file_lock(folder / "lock", wait_seconds=_PORT_LOCK_SECONDS):
        text = last.read_text("ascii") if last.is_file() else ""
        port = int(text) + 1 if text and int(text) + 1 in _PORTS else secrets.choice(_PORTS)
        last.write_text(str(port), "ascii")
    return port


class EmbeddedRedis:
    """A real server for tests and benchmarks; as a context manager it starts, stops and removes its data.

    `kill` then `start` restarts on the same port and data, as after a crash. With `die_with_parent`
    (Linux) the kernel kills the server when the *thread* that started it ends. `binary` is the server to
    run in place of the one that an installation would choose.
    """

    def __init__(
        self,
        data_dir: Path | None = None,
        *,
        port: int | None = None,
        password: str | None = None,
        appendonly: bool = True,
        maxmemory: str | None = None,
        extra: Sequence[str] = (),
        die_with_parent: bool = True,
        binary: Path | None = None,
    ) -> None:
        self._own_dir = Path(tempfile.mkdtemp(prefix="multi-job-redis-")) if data_dir is None else None
        self.data_dir = self._own_dir or data_dir or Path()
        self._fixed_port = port
        self._chosen_port = port
        self._password = password
        self._appendonly = appendonly
        self._maxmemory = maxmemory
        self._extra = tuple(extra)
        self._die_with_parent = die_with_parent
        self._binary = binary
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def port(self) -> int:
        if self._chosen_port is None:
            raise EmbeddedRedisError("the port is chosen at start()")
        return self._chosen_port

    @property
    def url(self) -> str:
        login = f":{quote(self._password, safe='')}@" if self._password else ""
        return f"redis://{login}{HOST}:{self.port}/0"

    @property
    def pid(self) -> int:
        return self._running().pid

    @property
    def log_file(self) -> Path:
        return self.data_dir / "server.log"

    def start(self, *, timeout_seconds: float = 30.0) -> None:
        """Start and wait for PING; if the port was taken meanwhile and is not given, choose another."""
        if self._process is not None and self._process.poll() is None:
            raise EmbeddedRedisError(f"already running with pid {self._process.pid}")
        for attempt in range(1, _FREE_PORT_TRIES + 1):
            self._spawn()
            if self._wait_ready(timeout_seconds):
                return
            if not self._lost_its_port() or attempt == _FREE_PORT_TRIES:
                break
            self._chosen_port = None
        raise EmbeddedRedisError(f"the server did not start: {self._last_log_line()}")

    def stop(self, *, timeout_seconds: float = 10.0) -> None:
        """SIGTERM, which flushes the AOF, and SIGKILL after the time-out; data stay."""
        process = self._process
        if process is None:
            return
        if process.poll() is None:
            process.terminate()
            # A paused server would not handle its SIGTERM.
            _send(process, "SIGCONT")
            try:
                process.wait(timeout_seconds)
            except subprocess.TimeoutExpired:
                process.kill()
        process.wait()
        self._process = None

    def kill(self) -> None:
        """SIGKILL: nothing is flushed, as in a crash. Data stay for the next start()."""
        process = self._running()
        process.kill()
        process.wait()
        self._process = None

    def pause(self) -> None:
        """SIGSTOP: connections stay open and nothing answers."""
        _send(self._running(), "SIGSTOP")

    def resume(self) -> None:
        _send(self._running(), "SIGCONT")

    def close(self) -> None:
        """Stop and remove the data directory if it was created here."""
        self.stop()
        if self._own_dir is not None:
            shutil.rmtree(self._own_dir, ignore_errors=True)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise EmbeddedRedisError("not running")
        return self._process

    def _spawn(self) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        if self._chosen_port is None:
            self._chosen_port = free_port()
        server = choose_server(self.data_dir, os.environ, self._binary)
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [str(server.binary.path), *self._arguments()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=server.environment(os.environ),
                # One system call and no lock: safe between fork and exec.
                preexec_fn=die_with_parent if self._die_with_parent and _IS_LINUX else None,  # noqa: PLW1509
            )

    def _arguments(self) -> list[str]:
        words = [] if self._appendonly else ["--appendonly", "no"]
        words += ["--requirepass", self._password] if self._password is not None else []
        words += ["--maxmemory", self._maxmemory] if self._maxmemory is not None else []
        return server_arguments(self.port, self.data_dir, *words, *self._extra)

    def _wait_ready(self, timeout_seconds: float) -> bool:
        process = self._running()
        address = RedisAddress(HOST, self.port, password=self._password)
        deadline = time.monotonic() + timeout_seconds
        while process.poll() is None:
            if probe(address).state is ProbeState.READY and _answers_as(address, process.pid):
                return True
            if time.monotonic() > deadline:
                self.stop()
                return False
            time.sleep(0.01)
        return False

    def _lost_its_port(self) -> bool:
        return self._fixed_port is None and "listening on port" in self._last_log_line()

    def _last_log_line(self) -> str:
        lines = self.log_file.read_text("utf-8", "replace").strip().splitlines()
        events = [line for line in lines[-20:] if " # " in line] or lines
        return events[-1] if events else "no log"


def _answers_as(address: RedisAddress, pid: int) -> bool:
    """Our dying server may still hold the port for a moment."""
    try:
        return read_info(address, "server").get("process_id") == str(pid)
    except (OSError, RedisProbeError):
        return False


def _send(process: subprocess.Popen[bytes], name: str) -> None:
    """Send a signal by its name; nothing on Windows, which has neither of the two."""
    number = getattr(signal, name, None)
    if number is not None:
        process.send_signal(number)
