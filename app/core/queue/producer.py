"""The queue's interface for producers and operators: enqueue, cancel, dead letters, depth."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from app.core.errors import IdempotencyMismatch, QueueFull, RunNotFound, StateConflict
from app.core.i18n import _
from app.core.ids import is_run_id
from app.core.memory.usage import full_error, is_full, parse_server_memory
from app.core.queue.base import MAX_BATCH, QueueBase
from app.core.queue.pauses import read_pauses
from app.core.records import LaneStats, NextFire, QueueStats
from app.core.storage.connection import scores, time_ms
from app.core.storage.index_scan import undamaged
from app.core.storage.keys import GROUP, LANES, SUSPECT_LANE
from app.core.storage.link import Batcher
from app.core.storage.scripts import flat, script_row

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.models import NewRun
    from app.core.redis_client import Command, RedisLink, ServerMemory
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts


NEXT_FIRES = 3
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


@script_row("queue/enqueue")
class EnqueueRow(NamedTuple):
    """A run to create, and the conditions under which it is created."""

    run: NewRun
    scope: str = ""
    body_hash: str = ""


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

    async def check(self) -> None:
        """Raise RedisFull if new runs are refused now."""
        age_sec = self._clock.monotonic() - self._read_at
        if age_sec >= FRESH_SEC:
            reading = self._reading or self._read()
            if self._full is not None or age_sec >= STALE_SEC:
                await asyncio.shield(reading)
        if self._full is not None:
            raise full_error(self._full)

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
        self._memory = MemoryGate(link, clock)
        self._batcher: Batcher[EnqueueRow, Any] = Batcher(self._send, MAX_BATCH)

    async def enqueue(self, run: NewRun, idempotency: Idempotency | None = None) -> EnqueueResult:
        """Create a run, once even if this is sent again. It is durable on return."""
        row = EnqueueRow(run, idempotency.scope, idempotency.body_hash) if idempotency else EnqueueRow(run)
        return _result(await self._batcher.submit(row))

    async def enqueue_many(self, runs: list[NewRun]) -> list[EnqueueResult]:
        """Create runs, 256 a script; each succeeds or fails alone."""
        futures = [self._batcher.submit(EnqueueRow(run)) for run in runs]
        return [_result(await future) for future in futures]

    async def _send(self, rows: list[EnqueueRow]) -> list[Any]:
        await self._memory.check()
        depth = self.settings.max_queue_depth
        return await self.scripts.run("queue/enqueue", *flat(rows), max_waiting=depth)

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
            raise StateConflict(f"Run {run_id!r} is no dead letter of attempt {attempt}: read it again.")

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
        """Return depth, age and in-flight count of each lane."""
        keys = self.keys
        commands: list[Command] = []
        for lane in LANES:
            stream = keys.ready(lane)
            commands += [("XLEN", stream), ("XPENDING", stream, GROUP), ("XINFO", "GROUPS", stream)]
        commands += [
            ("ZCARD", keys.delayed),
            ("ZRANGE", keys.delayed, 0, 0, "WITHSCORES"),
            ("ZCARD", keys.dead),
            ("XLEN", keys.ready(SUSPECT_LANE)),
            ("XPENDING", keys.ready(SUSPECT_LANE), GROUP),
            ("ZCARD", keys.runs_status("queued")),
            ("ZRANGE", keys.schedule, 0, NEXT_FIRES - 1, "WITHSCORES"),
            ("TIME",),
        ]
        # A lane without any run has neither stream nor group: its reads fail, and count as empty.
        answers = await undamaged(self.link, commands)
        now_ms = time_ms(answers[-1])
        found, paused = await asyncio.gather(self._lanes(answers, now_ms), read_pauses(self.link, keys))
        lanes: dict[str, LaneStats] = dict(zip(LANES, found, strict=True))
        delayed, head, dead, suspects, isolated, queued, fires = answers[len(LANES) * 3 :][:7]
        waiting = (
            sum(lane.waiting for lane in lanes.values()) + _lane(suspects, isolated, None, now_ms).waiting
        )
        return QueueStats(
            lanes=lanes,
            delayed=delayed,
            next_due_at=int(float(head[1])) if head else None,
            dead_letters=dead,
            suspects=suspects,
            waiting_for_keys=max(0, queued - waiting - sum(pause.held for pause in paused)),
            next_fires=[NextFire(job_id, int(at)) for job_id, at in scores(fires or ()).items()],
            paused=paused,
        )

    async def _lanes(self, answers: list[Any], now_ms: int) -> list[LaneStats]:
        reads = [self._oldest_waiting(lane, answers[i * 3 + 2]) for i, lane in enumerate(LANES)]
        oldest = await undamaged(self.link, reads)
        return [_lane(answers[i * 3], answers[i * 3 + 1], oldest[i], now_ms) for i in range(len(LANES))]

    def _oldest_waiting(self, lane: str, groups: Any) -> Command:
        after = "-"
        if groups:
            group: list[Any] = groups[0]
            after = f"({group[group.index('last-delivered-id') + 1]}"
        return ("XRANGE", self.keys.ready(lane), after, "+", "COUNT", 1)


def _lane(length: Any, pending: Any, oldest: Any, now_ms: int) -> LaneStats:
    running: int = pending[0] if pending else 0
    waiting = max(0, int(length) - running)
    first = int(oldest[0][0].split("-")[0]) if waiting and oldest else None
    return LaneStats(waiting, running, None if first is None else max(0, now_ms - first))


def _result(answer: list[Any]) -> EnqueueResult:
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
