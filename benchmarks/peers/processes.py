"""The processes of a peer: its producer, its workers, its scheduler."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from benchmarks.peers.environments import PeerError, last_lines
from benchmarks.peers.load import tree_cpu_sec, tree_memory_mb

ANSWER_SEC = 180.0


class PeerProcess:
    """A process with a session of its own, so that a signal reaches its children too."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        name: str,
        *,
        talks: bool = False,
    ) -> None:
        self._log = folder / f"{name}.log"
        pipe = subprocess.PIPE if talks else subprocess.DEVNULL
        try:
            with self._log.open("ab") as log:
                self._process = subprocess.Popen(
                    command,
                    env={**os.environ, **environment},
                    cwd=folder,
                    stdin=pipe,
                    stdout=subprocess.PIPE if talks else log,
                    stderr=log,
                    start_new_session=True,
                )
        except OSError as error:
            raise PeerError(f"cannot start: {error}") from error

    @property
    def pid(self) -> int:
        return self._process.pid

    def cpu_sec(self) -> float:
        """Return the CPU time of the process and its descendants."""
        return tree_cpu_sec(self.pid)

    def memory_mb(self) -> float:
        return tree_memory_mb(self.pid)

    def check(self) -> None:
        """Raise PeerError if the process has ended."""
        if self._process.poll() is not None:
            raise PeerError(f"ended with {self._process.returncode}: {self.last_lines()}")

    def last_lines(self) -> str:
        return last_lines(self._log.read_text("utf-8", "replace"))

    def signal(self, number: int) -> None:
        """Send a signal to the whole session."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def kill(self) -> None:
        """End the whole session at once."""
        self.signal(signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()

    def ask(self, **command: Any) -> dict[str, Any]:
        """Send a command and return its answer; without one, return the next answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        watchdog = threading.Timer(ANSWER_SEC, self.signal, [signal.SIGKILL])
        watchdog.start()
        try:
            if command:
                with contextlib.suppress(BrokenPipeError):
                    self._process.stdin.write(json.dumps(command).encode() + b"\n")
                    self._process.stdin.flush()
            line = self._process.stdout.readline()
        finally:
            watchdog.cancel()
        if not line:
            raise PeerError(f"the producer ended: {self.last_lines()}")
        return json.loads(line)


class WorkerSet:
    """Workers that start, pause and end together."""

    def __init__(self, processes: Sequence[PeerProcess] = ()) -> None:
        self._processes = list(processes)

    def __len__(self) -> int:
        return len(self._processes)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # The server and its data are removed as well, so nothing is worth a graceful end.
        self.kill()

    @contextlib.contextmanager
    def paused(self) -> Generator[None]:
        """Stop the workers during the block, so that they later start on a backlog."""
        self._signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._signal(signal.SIGCONT)

    def add(self, processes: Sequence[PeerProcess]) -> None:
        self._processes += processes

    def kill(self) -> None:
        for process in self._processes:
            process.kill()

    def check(self) -> None:
        for process in self._processes:
            process.check()

    def cpu_sec(self) -> float:
        return sum(process.cpu_sec() for process in self._processes)

    def memory_mb(self) -> float:
        return sum(process.memory_mb() for process in self._processes)

    def _signal(self, number: int) -> None:
        for process in self._processes:
            process.signal(number)
