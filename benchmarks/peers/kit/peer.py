"""The part that all peers' programs share: the job's body, and the command loop of a producer.

`python -m peer ROLE` runs in each peer's own environment, so it imports only the standard library. A program
has these functions:

- `one(run, ms)` submits one job, `many(runs, ms)` many in one call, `delayed(run, delay_ms)` one for later;
  all of them are async.
- `start()` (async, optional) opens what the producer needs.
- `worker()` runs a worker; `scheduler()` runs a process of its own for delayed and periodic jobs, if any.
- `KEEPS` says which results and acknowledgements it keeps; `CANNOT` gives reasons for missing figures.
- `ALIGNED = False`: periodic jobs follow the first start, not whole seconds. `SLOTS`: a worker's most jobs.

The body of each job is `work` or `work_async` with the run's number and a duration; of a periodic one `tick`.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

URL = os.environ.get("PEER_URL", "")
# For redis-py from version 8: it drops a reply that comes after 5 s, and paused workers read later than that.
SOCKET_SEC = 120
PATIENT_URL = f"{URL}?socket_timeout={SOCKET_SEC}"
SLOTS = int(os.environ.get("PEER_SLOTS", "100"))
PERIODIC = os.environ.get("PEER_PERIODIC") == "1"
# In the recovery scene only: how soon a dead worker's jobs may be taken over.
LEASE_SEC = int(os.environ.get("PEER_LEASE_SEC", "0"))
BULK = 1_000
START, END, TICK = b"S", b"E", b"T"
# The kind, the run and the monotonic time in nanoseconds. All lines have the same length.
LINE = b"%c %010d %020d\n"
LINE_BYTES = 34

_files: dict[int, int] = {}


def mark(kind: bytes, run: int) -> None:
    """Append one line to this worker's file; on Linux all processes read the same monotonic clock."""
    pid = os.getpid()
    file = _files.get(pid)
    if file is None:
        path = Path(os.environ["PEER_MARKS"]) / os.environ["PEER_WORKER"]
        file = _files[pid] = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(file, LINE % (kind, run, time.monotonic_ns()))


def work(run: int, ms: int) -> None:
    """Record the start, sleep, and record the end; a job without a duration records its only instant."""
    if ms:
        mark(START, run)
        time.sleep(ms / 1000)
    mark(END, run)


async def work_async(run: int, ms: int) -> None:
    """Do as `work` does, in an event loop."""
    if ms:
        mark(START, run)
        await asyncio.sleep(ms / 1000)
    mark(END, run)


def tick() -> None:
    """Record the start of a periodic job, in microseconds of the machine's clock (modulo 10,000 s)."""
    mark(TICK, time.time_ns() // 1_000 % 10_000_000_000)


def run(main: Any) -> None:
    """Run a coroutine, on uvloop if the peer's environment has it."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(main)


def _loop_factory() -> Any:
    try:
        import uvloop  # noqa: PLC0415
    except ImportError:
        return None
    return uvloop.new_event_loop


def execute(*words: str) -> None:
    """Become a command of the peer's environment."""
    os.execv(Path(sys.executable).parent / words[0], words)


def main() -> None:
    """Be the producer, a worker or the scheduler of `program`, the module on PYTHONPATH."""
    program = importlib.import_module("program")
    role = sys.argv[1]
    if role == "producer":
        run(_produce(program))
    else:
        getattr(program, role)()


class _Producer:
    """The commands of a producer; each returns what it measured."""

    def __init__(self, program: Any) -> None:
        self._program = program

    async def single(self, first: int, count: int, ms: int) -> dict[str, Any]:
        return await self._timed(self._range(first, count, ms))

    async def at_once(self, first: int, count: int, ms: int, tasks: int) -> dict[str, Any]:
        share = count // tasks
        starts = [first + task * share for task in range(tasks)]

        async def all_of_them() -> None:
            await asyncio.gather(*(self._range(start, share, ms) for start in starts))

        return await self._timed(all_of_them())

    async def bulk(self, first: int, count: int, ms: int) -> dict[str, Any]:
        async def all_of_them() -> None:
            for start in range(first, first + count, BULK):
                await self._program.many(range(start, min(start + BULK, first + count)), ms)

        return await self._timed(all_of_them())

    async def paced(self, first: int, count: int, every_ms: int) -> dict[str, Any]:
        sent: list[int] = []
        began = time.monotonic()
        for number in range(count):
            await asyncio.sleep(max(0.0, began + number * every_ms / 1000 - time.monotonic()))
            sent.append(time.monotonic_ns())
            await self._program.one(first + number, 0)
        return {"sent": sent}

    async def delayed(self, first: int, delays_ms: list[int]) -> dict[str, Any]:
        due: list[int] = []
        for number, delay_ms in enumerate(delays_ms):
            due.append(time.monotonic_ns() + delay_ms * 1_000_000)
            await self._program.delayed(first + number, delay_ms)
        return {"due": due}

    async def _range(self, first: int, count: int, ms: int) -> None:
        one = self._program.one
        for number in range(first, first + count):
            await one(number, ms)

    async def _timed(self, work: Any) -> dict[str, Any]:
        began, used = time.monotonic(), time.process_time()
        await work
        return {"seconds": time.monotonic() - began, "cpu_sec": time.process_time() - used}


async def _produce(program: Any) -> None:
    # The peer's own prints go to stderr; the answers have the output to themselves.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def answer(value: Any) -> None:
        print(json.dumps(value), file=answers, flush=True)

    if hasattr(program, "start"):
        await program.start()
    cannot = dict(getattr(program, "CANNOT", {}))
    for name, function in {"bulk": "many", "delayed": "delayed"}.items():
        if not hasattr(program, function):
            cannot.setdefault(name, f"it has no call for {name} submission")
    traits = {"keeps": program.KEEPS, "cannot": cannot, "scheduler": hasattr(program, "scheduler")}
    answer({**traits, "aligned": getattr(program, "ALIGNED", True), "slots": getattr(program, "SLOTS", None)})
    producer = _Producer(program)
    while line := await asyncio.to_thread(sys.stdin.readline):
        command = json.loads(line)
        answer(await getattr(producer, command.pop("do"))(**command))
    os._exit(0)


if __name__ == "__main__":
    # The program imports this file as `peer`; its state must be in that module alone.
    importlib.import_module("peer").main()
