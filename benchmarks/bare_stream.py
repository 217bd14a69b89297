"""A minimal stream worker in Python, for comparison.

The payload is in the entry; one XREADGROUP reads as many as there are free slots; one task a job; one flusher
writes results and acknowledges what ended since its last pipeline. No record, no lease, no retry. Run as a
module it is a worker: `python -m benchmarks.bare_stream URL NAME`.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
import time
from typing import TYPE_CHECKING, Any, cast

import uvloop
from redis.asyncio import Redis

from benchmarks.subject import SLOTS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

STREAM, GROUP, RESULT, COUNT = "{bare}:jobs", "workers", "{bare}:result:", "{bare}:ended"
RESULT_SEC = 604_800
BLOCK_MS = 1_000
BULK = 100


def connect(url: str) -> Any:
    """Return a client as redis-py recommends it: a pool, with hiredis."""
    return cast("Any", Redis).from_url(url, decode_responses=True)


async def sleep_or_nothing(job_type: str, inputs: str) -> None:
    """Run a job of the workloads `drain` and `sleep`."""
    if job_type == "bench.sleep":
        await asyncio.sleep(float(inputs) / 1000)


class Worker:
    """Reads, runs and acknowledges, each in its own loop."""

    def __init__(
        self, url: str, name: str, job: Callable[[str, str], Awaitable[None]] = sleep_or_nothing
    ) -> None:
        self._redis = connect(url)
        self._name = name
        self._job = job
        self._tasks: set[asyncio.Task[None]] = set()
        self._ended: list[tuple[str, str, int, int]] = []
        self._change = asyncio.Event()
        self._flush = asyncio.Event()

    async def run(self) -> None:
        """Work until cancelled."""
        flusher = asyncio.create_task(self._flush_for_ever())
        while not flusher.done():
            free = SLOTS - len(self._tasks)
            if free == 0:
                self._change.clear()
                await self._change.wait()
                continue
            answer: Any = await self._redis.execute_command(
                *("XREADGROUP", "GROUP", GROUP, self._name, "COUNT", free, "BLOCK", BLOCK_MS),
                *("STREAMS", STREAM, ">"),
            )
            entries: list[tuple[str, dict[str, str]]] = answer[0][1] if answer else []
            for entry, fields in entries:
                self._start(entry, fields)

    def _start(self, entry: str, fields: Mapping[str, str]) -> None:
        task = asyncio.create_task(self._do(entry, fields))
        self._tasks.add(task)
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._change.set()

    async def _do(self, entry: str, fields: Mapping[str, str]) -> None:
        began = time.monotonic_ns()
        await self._job(fields["type"], fields["inputs"])
        self._ended.append((entry, fields["id"], began, time.monotonic_ns()))
        self._flush.set()

    async def _flush_for_ever(self) -> None:
        while True:
            await self._flush.wait()
            self._flush.clear()
            batch, self._ended = self._ended, []
            pipeline = self._redis.pipeline(transaction=False)
            for _, run, began, ended in batch:
                pipeline.execute_command("SET", RESULT + run, f"{began} {ended}", "EX", RESULT_SEC)
            entries = [entry for entry, *_ in batch]
            pipeline.execute_command("XACK", STREAM, GROUP, *entries)
            pipeline.execute_command("XDEL", STREAM, *entries)
            pipeline.execute_command("INCRBY", COUNT, len(batch))
            await pipeline.execute()


class BareStream:
    """The bare worker as a subject."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._redis = connect(url)
        self._numbers = itertools.count()
        self._names = itertools.count()

    def worker_command(self) -> Sequence[str]:
        return (sys.executable, "-m", "benchmarks.bare_stream", self._url, f"worker-{next(self._names)}")

    def environment(self) -> Mapping[str, str]:
        return {}

    async def prepare(self) -> None:
        await self._redis.execute_command("XGROUP", "CREATE", STREAM, GROUP, "0", "MKSTREAM")

    async def submit(self, job_type: str, inputs: str) -> str:
        run, command = self._command(job_type, inputs)
        await self._redis.execute_command(*command)
        return run

    async def submit_all(self, job_type: str, inputs: Sequence[str]) -> None:
        """Submit many at once, each with its own inputs."""
        for start in range(0, len(inputs), BULK):
            pipeline = self._redis.pipeline(transaction=False)
            for each in inputs[start : start + BULK]:
                pipeline.execute_command(*self._command(job_type, each)[1])
            await pipeline.execute()

    async def submit_bulk(self, job_type: str, inputs: str, count: int) -> None:
        await self.submit_all(job_type, [inputs] * count)

    def _command(self, job_type: str, inputs: str) -> tuple[str, Sequence[str]]:
        run = f"run-{next(self._numbers):022}"
        return run, ("XADD", STREAM, "*", "id", run, "type", job_type, "inputs", inputs)

    async def workers(self) -> int:
        groups: Any = await self._redis.xinfo_groups(STREAM)
        return groups[0]["consumers"]

    async def ended(self) -> int:
        return int(await self._redis.get(COUNT) or 0)

    def now_ms(self) -> float:
        return time.monotonic() * 1000

    async def spans_ms(self) -> list[tuple[float, float]]:
        keys: list[str] = [key async for key in self._redis.scan_iter(f"{RESULT}*", count=1_000)]
        values = [value.split() for value in await self._redis.mget(keys) if value]
        return [(int(began) / 1e6, int(ended) / 1e6) for began, ended in values]

    async def stamps_ns(self, ids: Sequence[str]) -> list[int]:
        values = await self._redis.mget([RESULT + run for run in ids])
        return [int(value.split()[0]) for value in values]

    async def close(self) -> None:
        await self._redis.aclose()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(Worker(sys.argv[1], sys.argv[2]).run())
