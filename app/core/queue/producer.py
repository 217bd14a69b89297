"""The queue's interface for producers and operators: enqueue, cancel, dead letters, depth."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from app.core.errors import IdempotencyMismatch, QueueFull, RunNotFound, StateConflict
from app.core.i18n import _
from app.core.ids import is_run_id
from app.core.memory.usage import full_error, is_full, parse_server_memory
from app.core.queue.base import MAX_BATCH, QueueBase
from app.core.queue.depth import read_queue_stats
from app.core.storage.batching import Batcher
from app.core.storage.scripts import flat, script_row

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.models import NewRun
    from app.core.records import QueueStats
    from app.core.redis_client import Arg, RedisLink, ServerMemory
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts


OUTDATED = "OUTDATED"
"""Nothing was created: the job's spec differs from the run's, or the job is gone."""


PURGED = "purged"
"""The status of a run that a REPLAY names and retention has removed."""


@dataclass(frozen=True, slots=True)
class Idempotency:
    """A caller's key within its scope, and the hash of the request body."""

    scope: str
    body_hash: str


class EnqueueResult(NamedTuple):
    """The result of a submission: OK, DUPLICATE (the run exists), REPLAY (the key was used) or OUTDATED."""

    word: str
    run_id: str
    seq: int
    status: str


class Submission(NamedTuple):
    """A run to create, and the conditions under which it is created."""

    run: NewRun
    scope: str = ""
    body_hash: str = ""


@script_row("queue/enqueue")
class EnqueueRow(NamedTuple):
    """A submission as the script takes it; `kind` is the place of what it shares with other runs."""

    run_id: str
    inputs: str
    trace_id: str
    kind: int
    scope: str
    body_hash: str


FRESH_SEC = 1.0
STALE_SEC = 10.0
"""An older reading is outdated: a new one is made before the call."""


class MemoryGate:
    """Refuses new runs while Redis is almost full, by a reading of `INFO memory` at most once a second.

    A reading is sent in the same batch as a call, so it delays no call. That call is judged by the reading
    before. The call waits for its own reading only if there is none, or while calls are refused.
    """

    def __init__(self, link: RedisLink, clock: Clock) -> None:
        self._link = link
        self._clock = clock
        self._full: ServerMemory | None = None
        self._read_at = float("-inf")
        self._reading: asyncio.Task[None] | None = None

    async def check(self) -> bool:
        """Raise RedisFull if new runs are refused now; return whether a reading waits for the next batch."""
        age_sec = self._clock.monotonic() - self._read_at
        if age_sec >= FRESH_SEC:
            reading = self._reading or self._read()
            if self._full is not None or age_sec >= STALE_SEC:
                await asyncio.shield(reading)
        if self._full is not None:
            raise full_error(self._full)
        return self._reading is not None

    def _read(self) -> asyncio.Task[None]:
        self._reading = asyncio.create_task(self._ask(), name="memory-gate")
        self._reading.add_done_callback(self._done)
        return self._reading

    async def _ask(self) -> None:
        server = parse_server_memory(await self._link.call("INFO", "memory"))
        self._full = server if is_full(server) else None
        self._read_at = self._clock.monotonic()

    def _done(self, reading: asyncio.Task[None]) -> None:
        self._reading = None
        # If Redis is away, the call itself fails with its own error.
        if not reading.cancelled():
            reading.exception()


class ProducerQueue(QueueBase):
    """Creates runs, cancels them, and handles dead letters."""

    def __init__(
        self, link: RedisLink, scripts: Scripts, keys: Keys, clock: Clock, settings: Settings
    ) -> None:
        super().__init__(link, scripts, keys, clock, settings)
        self._batcher = self._batcher_on(link, scripts)
        # One for each shard: a shard that is down delays no run of another.
        self._batchers = self._batchers_of_shards(link) if link.parts else {}

    def _batcher_on(self, link: RedisLink, scripts: Scripts) -> Batcher[Submission, Any]:
        return Batcher(partial(self._send, MemoryGate(link, self.clock), scripts), MAX_BATCH)

    def _batchers_of_shards(self, link: RedisLink) -> dict[int, Batcher[Submission, Any]]:
        # Imported here: with one shard it is not needed.
        from app.core.queue.depth_limit import DepthLimit  # noqa: PLC0415

        limit = DepthLimit(link.parts, self.clock)
        return {
            part.index: Batcher(
                partial(
                    self._send,
                    MemoryGate(part.link, self.clock),
                    part.scripts,
                    depth=partial(limit.send, part.index),
                ),
                MAX_BATCH,
            )
            for part in link.parts
        }

    def _batcher_of(self, run: NewRun) -> Batcher[Submission, Any]:
        return self._batchers[self.link.part_of(run.job_id).index] if self._batchers else self._batcher

    async def enqueue(self, run: NewRun, idempotency: Idempotency | None = None) -> EnqueueResult:
        """Create a run, once even if this is sent again. It is durable on return."""
        item = Submission(run, idempotency.scope, idempotency.body_hash) if idempotency else Submission(run)
        return _result(run, await self._batcher_of(run).submit(item))

    async def enqueue_many(self, runs: list[NewRun]) -> list[EnqueueResult]:
        """Create runs, 256 a script; each succeeds or fails alone."""
        futures = [self._batcher_of(run).submit(Submission(run)) for run in runs]
        return [_result(run, await future) for run, future in zip(runs, futures, strict=True)]

    async def _send(
        self,
        memory: MemoryGate,
        scripts: Scripts,
        batch: list[Submission],
        depth: Callable[..., Awaitable[list[Any]]] | None = None,
    ) -> list[Any]:
        reads = await memory.check()
        kinds: dict[tuple[Any, ...], int] = {}
        rows: list[Arg] = []
        for run, scope, body_hash in batch:
            rows += run[:3]
            rows += (kinds.setdefault(run.kind, len(kinds) + 1), scope, body_hash)
        run = scripts.run if reads else scripts.run_at_once
        named = b"[%b]" % b",".join(map(_named, kinds))
        most = self.settings.max_queue_depth
        if depth is None or most == 0:
            return await run("queue/enqueue", *rows, max_waiting=most, kinds=named)

        def send(some: Sequence[Arg], bound: int) -> Awaitable[list[Any]]:
            # 0 would be no limit.
            return run("queue/enqueue", *some, max_waiting=bound or -1, kinds=named)

        return await depth(most, rows, len(batch), send)

    async def cancel(self, run_id: str) -> str:
        """Cancel a run: CANCELLED (done), REQUESTED (its worker is notified), TERMINAL (too late)."""
        if not is_run_id(run_id):
            raise RunNotFound(run_id)
        word = (await self.cancel_many([run_id]))[0]
        if word == "NOT_FOUND":
            raise RunNotFound(run_id)
        if word == "ERROR":
            raise _damaged(run_id)
        return word

    async def cancel_many(self, run_ids: list[str]) -> list[str]:
        """Cancel up to 256 runs; return a word each, as `cancel` does, or NOT_FOUND or ERROR."""
        return await self.scripts.run("queue/cancel", *run_ids) if run_ids else []

    async def redrive(self, run_id: str, attempt: int) -> None:
        """Queue a dead letter again; `attempt` is the one that the caller saw, so a repeat does nothing."""
        word = (await self.redrive_many([(run_id, attempt, 0)]))[0]
        if word == "NOT_FOUND":
            raise RunNotFound(run_id)
        if word == "ERROR":
            raise _damaged(run_id)
        if word in {"STALE", "NOT_DEAD"}:
            raise StateConflict(
                _(
                    "Run {run_id!r} is no dead letter of attempt {attempt}: read it again.",
                    run_id=run_id,
                    attempt=attempt,
                )
            )

    async def redrive_many(self, letters: list[tuple[str, int, int]]) -> list[str]:
        """Queue up to 256 dead letters again: run, attempt that was seen, delay_ms; return a word each."""
        return await self.scripts.run("dead_letters/redrive", *flat(letters)) if letters else []

    async def discard(self, run_ids: list[str]) -> int:
        """Take dead letters off the list; return how many were on it."""
        return (await self.discard_many(run_ids)).count("OK")

    async def discard_many(self, run_ids: list[str]) -> list[str]:
        """Take up to 256 dead letters off the list; return a word each."""
        return await self.scripts.run("dead_letters/discard", *run_ids) if run_ids else []

    async def stats(self) -> QueueStats:
        """Return depth, age and in-flight count of each queue and lane."""
        return await read_queue_stats(self.link, self.keys)


@lru_cache(maxsize=256)
def _named(kind: tuple[Any, ...]) -> bytes:
    """Return what runs share as the script takes it; most are of the job of an earlier one."""
    return orjson.dumps([*map(str, kind)])


def _result(run: NewRun, answer: int | list[Any]) -> EnqueueResult:
    if isinstance(answer, int):
        return EnqueueResult("OK", run.run_id, answer, "scheduled" if run.delay_ms else "queued")
    word, run_id, seq, status = answer
    if word == "MISMATCH":
        raise IdempotencyMismatch(_("This Idempotency-Key came with another body before."))
    if word == "FULL":
        raise QueueFull
    if word == "ERROR":
        raise _damaged(run_id)
    return EnqueueResult(word, run_id, int(seq), status)


def _damaged(run_id: str) -> StateConflict:
    return StateConflict(
        _("What Redis holds of run {run_id!r} is damaged; the quarantine says why.", run_id=run_id)
    )
