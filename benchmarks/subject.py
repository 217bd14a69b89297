"""A subject: takes runs, and has worker processes that execute them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import psutil

READY_SEC, DONE_SEC, POLL_SEC = 30.0, 120.0, 0.05
SLOTS = 100


class Subject(Protocol):
    """A queue with its workers, on a server of its own."""

    def worker_command(self) -> Sequence[str]: ...

    def environment(self) -> Mapping[str, str]:
        """Return the environment of its processes."""
        ...

    async def prepare(self) -> None:
        """Create everything that the first run needs."""
        ...

    async def submit(self, job_type: str, inputs: str) -> str:
        """Submit one run and return its id."""
        ...

    async def submit_bulk(self, job_type: str, inputs: str, count: int) -> None:
        """Submit many at once, in the fastest intended way."""
        ...

    async def workers(self) -> int:
        """Return the number of workers that listen."""
        ...

    async def ended(self) -> int:
        """Return the number of ended runs."""
        ...

    def now_ms(self) -> float:
        """Return the present instant by the clock of `spans_ms`."""
        ...

    async def spans_ms(self) -> list[tuple[float, float]]:
        """Return claim and finish of every run."""
        ...

    async def stamps_ns(self, ids: Sequence[str]) -> list[int]:
        """Return when the handlers of `bench.stamp` runs began (monotonic)."""
        ...

    async def close(self) -> None: ...


async def wait_for(
    condition: Callable[[], Awaitable[bool]], processes: Sequence[subprocess.Popen[bytes]], seconds: float
) -> None:
    """Return when the condition holds; a process that exits, or the time-out, ends the benchmark."""
    until = time.monotonic() + seconds
    while not await condition():
        left = [process.args for process in processes if process.poll() is not None]
        if left or time.monotonic() > until:
            raise SystemExit(f"benchmark failed: {left or 'nothing happened'} within {seconds:.0f} s")
        await asyncio.sleep(POLL_SEC)


async def wait_until_ended(
    subject: Subject, count: int, processes: Sequence[subprocess.Popen[bytes]], seconds: float = DONE_SEC
) -> None:
    """Return when `count` runs have ended."""

    async def enough() -> bool:
        return await subject.ended() >= count

    await wait_for(enough, processes, seconds)


async def wait_until_listening(
    subject: Subject, processes: Sequence[subprocess.Popen[bytes]], workers: int
) -> None:
    """Return when all workers ask for work."""

    async def all_listen() -> bool:
        return await subject.workers() >= workers

    await wait_for(all_listen, processes, READY_SEC)


@contextlib.contextmanager
def started(
    commands: Sequence[Sequence[str]], environment: Mapping[str, str]
) -> Generator[list[subprocess.Popen[bytes]]]:
    """Run processes during the block; then stop them, and kill the remaining ones."""
    with tempfile.TemporaryFile() as log:
        processes = [
            subprocess.Popen(
                command,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
            for command in commands
        ]
        try:
            yield processes
        except BaseException:
            log.seek(0)
            print(log.read().decode(errors="replace")[-4000:], flush=True)
            raise
        finally:
            _end(processes)


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.send_signal(signal.SIGCONT)
        process.terminate()
    for process in processes:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def held(processes: Sequence[subprocess.Popen[bytes] | psutil.Process]) -> Generator[None]:
    """Pause processes during the block, so that they later start on a backlog."""
    for process in processes:
        process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            process.send_signal(signal.SIGCONT)


HERE = Path(__file__).resolve().parent
