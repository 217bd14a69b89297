"""The commands of many runs as bytes: enqueue, claim and finish, in batches, as client and worker send them.

They are made before the measurement, so the client that sends them costs little. The finish of a run needs
the lease that its claim makes. That lease is known: a shard has one consumer, and the counter of tokens is
set to a number above its clock.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any, cast

import hiredis

from app.core.clock import SystemClock
from app.core.ids import new_id, new_trace_id
from app.core.models import AttemptOutcome, AttemptResult, NewRun
from app.core.queue import Queue
from app.core.redis_client import RedisLink, open_link
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.storage.connection import Arg

BATCH = 256
JOB, CONSUMER = "bench", "w-bench"
QUOTAS = {"high": 0, "normal": BATCH, "low": 0}
_FIRST_TOKEN = 4_000_000_000_000_000


class _Kept(Exception):  # noqa: N818  it says what happened
    """A command was kept in place of being sent."""


class _Recorder(RedisLink):
    """A link that keeps the bytes of its calls."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []

    async def call(self, *command: Arg) -> Any:
        """Keep a command; the caller gets no answer."""
        if command[0] == "INFO":
            return "used_memory:1\r\nmaxmemory:0\r\n"
        self.kept.append(pack(command))
        raise _Kept

    call_at_once = call


def pack(command: tuple[Arg, ...]) -> bytes:
    """Return a command as Redis reads it."""
    return cast("bytes", cast("Any", hiredis).pack_command(command))


async def prepare(settings: Settings) -> None:
    """Let an empty shard learn the scripts from one run, and set its counter of tokens."""
    link = await open_link(settings)
    queue = _queue(link, settings)
    await queue.ensure_groups()
    await queue.enqueue_many([_run(queue.clock)])
    [run] = (await queue.claim("w-first", 1, "bench", 1, QUOTAS, [])).runs
    await queue.finish_many([_end(run.run_id, run.lease_id)])
    await link.call("SET", queue.keys.fence, _FIRST_TOKEN)
    await link.close()


async def batches(settings: Settings, count: int) -> list[bytes]:
    """Return so many batches of 256 runs: each run is enqueued, claimed and ended."""
    recorder = _Recorder()
    # Each of the 256 callers of a batch gets the exception; one of them is asked.
    asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
    queue = _queue(recorder, settings)
    found: list[bytes] = []
    for number in range(1, count + 1):
        recorder.kept.clear()
        runs = [_run(queue.clock) for _ in range(BATCH)]
        first = _FIRST_TOKEN + (number - 1) * BATCH
        leases = [f"{CONSUMER}:{number}:{first + place}" for place in range(1, BATCH + 1)]
        with contextlib.suppress(_Kept):
            await queue.enqueue_many(runs)
        with contextlib.suppress(_Kept):
            await queue.claim(CONSUMER, number, "bench", BATCH, QUOTAS, [])
        with contextlib.suppress(_Kept):
            await queue.finish_many(
                [_end(run.run_id, lease) for run, lease in zip(runs, leases, strict=True)]
            )
        assert len(recorder.kept) == 3, len(recorder.kept)
        found.append(b"".join(recorder.kept))
    return found


def _queue(link: RedisLink, settings: Settings) -> Queue:
    keys = Keys.of(settings)
    return Queue(link, Scripts(link, keys), keys, SystemClock(), settings)


def _run(clock: Clock) -> NewRun:
    return NewRun(
        run_id=new_id(clock),
        job_id=JOB,
        type=JOB,
        version=1,
        inputs="{}",
        source="api",
        trace_id=new_trace_id(),
        lane="normal",
    )


def _end(run_id: str, lease_id: str) -> AttemptResult:
    return AttemptResult(run_id, lease_id, 1, AttemptOutcome.SUCCESS)
