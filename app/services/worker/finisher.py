"""Reports the ends of runs: to Redis in batches, and to disk while Redis does not answer.

An end is a known outcome. It is held, and its lease renewed, until Redis has answered it.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from redis.exceptions import RedisError

from app.core.background import Backoff
from app.core.errors import MultiJobError, Unavailable
from app.core.models import AttemptOutcome, AttemptResult
from app.core.observability import get_logger
from app.core.runner import StopReason
from app.core.runs.logs import with_earlier_lines
from app.core.storage.batching import MOST_AT_ONCE, BatchSender, Item
from app.services.worker.spool import HeldEnd, load, size_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from app.core.clock import Clock
    from app.core.models import ClaimedRun
    from app.core.queue import Queue
    from app.core.runner import Attempt, RunEnd, Stopped
    from app.services.worker.leases import InFlight
    from app.services.worker.spool import Spool

log = get_logger(__name__)

# Far below the shortest grace of a lease, so that items arrive within it after an outage.
LONGEST_WAIT_SEC = 0.25
UNSENDABLE = "UNSENDABLE"

SPOOL_AFTER_SEC = 1.0
"""An end that is unanswered for so long is written to disk. An answer takes milliseconds. A shorter time
would cause a write each time that a handler blocks the event loop for a moment."""
LOOK_EACH_SEC = 0.5
KEPT_ENDS = 4_096
KEPT_BYTES = 67_108_864
"""Ends beyond this number, or beyond these bytes of results, errors and logs, are kept only on disk. Claims
stop at five ends for each slot, so results of up to 256 KB reach the limit in bytes first."""


class Resender(BatchSender[Item]):
    """Sends items until `send` has returned a word for each.

    `send` may return fewer words than it got items: the rest is sent again at once. An error keeps the whole
    batch. `answered` is called with the items and their words; it must not raise.
    """

    def __init__(
        self,
        send: Callable[[Sequence[Item]], Awaitable[list[str]]],
        answered: Callable[[Sequence[Item], Sequence[str]], None],
    ) -> None:
        super().__init__(MOST_AT_ONCE)
        self._send = send
        self._answered = answered
        self._backoff = Backoff(longest_sec=LONGEST_WAIT_SEC)
        self.last_error = ""
        """The error of the last batch; empty after a success."""

    async def _deliver(self, batch: list[Item]) -> None:
        try:
            words = await self._send(batch)
        except Unavailable as error:
            self._waiting[:0] = batch
            await self._wait(error.message)
        except Exception as error:  # noqa: BLE001 - no error may lose an item
            await self._refused(batch, error)
        else:
            if self.last_error:
                self._most, self.last_error = MOST_AT_ONCE, ""
                self._backoff.reset()
            self._waiting[:0] = batch[len(words) :]
            self._answered(batch[: len(words)], words)

    async def _refused(self, batch: list[Item], error: Exception) -> None:
        """Isolate the item that cannot be sent: smaller batches, and the others first."""
        if len(batch) == 1 and not isinstance(error, RedisError | OSError | MultiJobError):
            log.error("an item cannot be sent and is given up", reason=repr(error))
            self._answered(batch, [UNSENDABLE])
            return
        self._waiting += batch
        self._most = max(1, len(batch) // 2)
        await self._wait(repr(error))

    async def _wait(self, reason: str) -> None:
        self.last_error = reason
        await asyncio.sleep(self._backoff.next_wait_sec())


FROM_DISK_AT_ONCE = 8
"""Ends in a batch if some of them are only on disk; it bounds the results that are loaded into memory."""


class Finisher:
    """Sends the ends of attempts to Redis and releases their runs once Redis has answered."""

    def __init__(self, queue: Queue, in_flight: InFlight) -> None:
        self._queue = queue
        self._in_flight = in_flight
        self._finishes: Resender[HeldEnd] = Resender(self._send, self._answered)
        self._releases: Resender[ClaimedRun] = Resender(self._send_releases, self._released)
        self._held: dict[HeldEnd, None] = {}
        self._merging: set[asyncio.Task[None]] = set()
        self.spooled_words: Counter[str] = Counter()
        """The answers to ends that had been on disk."""

    def ended(self, attempt: Attempt, end: RunEnd) -> None:
        """Add one end; called in the event loop, once per attempt."""
        run = attempt.run
        self._in_flight.ending(run)
        if not isinstance(end, AttemptResult):
            self._stopped(run, end)
            return
        held = HeldEnd(run, end, self._queue.clock.monotonic())
        self._held[held] = None
        if run.logged and end.outcome is not AttemptOutcome.RETRY:
            held.merge = True
            task = asyncio.create_task(self._merge_and_finish(held, end))
            self._merging.add(task)
            task.add_done_callback(self._merging.discard)
        else:
            self._finishes.add(held)

    def release(self, run: ClaimedRun) -> None:
        """Release a run whose handler was not started."""
        if self._in_flight.attempt(run.run_id) is None:
            self._in_flight.ending(run)
        self._releases.add(run)

    def held(self) -> list[HeldEnd]:
        """Return the ends without an answer, oldest first; safe to call from another thread."""
        # list(dict) runs without giving up the interpreter's lock, so it is a snapshot.
        return list(self._held)

    @property
    def last_error(self) -> str:
        """Return why the last ends or releases were not answered; empty if they were, or still wait."""
        return self._finishes.last_error or self._releases.last_error

    async def drained(self) -> None:
        """Wait until every end has been answered; in an outage for as long as it lasts."""
        while self._merging:
            await asyncio.wait(self._merging)
        await self._finishes.drained()
        await self._releases.drained()

    def to_disk(self, end: HeldEnd) -> None:
        """Free the memory of an end that is on disk; in the event loop only."""
        if end.answered or end.merge or end.segment is None:
            return
        end.finish = None
        end.run = self._in_flight.without_inputs(end.run)

    def _stopped(self, run: ClaimedRun, end: Stopped) -> None:
        if end.reason is StopReason.LOST:
            self._in_flight.release(run)
            return
        self._releases.add(run)

    async def _merge_and_finish(self, held: HeldEnd, end: AttemptResult) -> None:
        backoff = Backoff(longest_sec=LONGEST_WAIT_SEC)
        while held.merge:
            try:
                held.finish = await with_earlier_lines(self._queue.link, self._queue.keys, end)
            except Unavailable:
                await asyncio.sleep(backoff.next_wait_sec())
                continue
            except Exception as error:  # noqa: BLE001 - damaged log lines must not lose the end
                log.warning("earlier log lines not merged", run_id=end.run_id, reason=str(error))
            held.merge = False
        self._finishes.add(held)

    async def _send(self, batch: Sequence[HeldEnd]) -> list[str]:
        finishes = [end.finish for end in batch if end.finish is not None]
        if len(finishes) < len(batch):
            finishes = await asyncio.to_thread(load, batch[:FROM_DISK_AT_ONCE])
        return await self._queue.finish_many(finishes)

    def _answered(self, batch: Sequence[HeldEnd], words: Sequence[str]) -> None:
        for end, word in zip(batch, words, strict=True):
            del self._held[end]
            end.answered = True
            self._in_flight.release(end.run)
            if end.segment is not None:
                self.spooled_words[word] += 1
            if word != "OK":
                # LOST: another attempt owns the run.
                log.warning("end not recorded", word=word, run_id=end.run.run_id, job_id=end.run.job_id)

    async def _send_releases(self, batch: Sequence[ClaimedRun]) -> list[str]:
        return await self._queue.release([(run.run_id, run.lease_id) for run in batch])

    def _released(self, batch: Sequence[ClaimedRun], words: Sequence[str]) -> None:
        for run, word in zip(batch, words, strict=True):
            self._in_flight.release(run)
            if word not in {"OK", "CANCELLED"}:
                log.warning("run not given back", word=word, run_id=run.run_id, job_id=run.job_id)


# Writes ends to disk that Redis does not acknowledge in time.


@dataclass(frozen=True, slots=True)
class SpoolCheck:
    """The result of one look at the unanswered ends."""

    late: int = 0
    """Ends that are unanswered for longer than `SPOOL_AFTER_SEC`."""
    problem: str = ""
    """The error of writing them to disk; empty if there is none."""
    surplus: list[HeldEnd] = field(default_factory=list[HeldEnd])
    """Ends on disk whose memory has to be freed."""


class Spooler:
    """Spools ends in a separate thread, independent of a slow disk and of a busy event loop."""

    def __init__(self, spool: Spool, finisher: Finisher, in_flight: InFlight, clock: Clock) -> None:
        self._spool = spool
        self._finisher = finisher
        self._in_flight = in_flight
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._last = SpoolCheck()
        self._outage_since: float | None = None
        self._unread = threading.Event()
        self._over = threading.Event()
        self._at_work = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="spooler", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    async def close(self) -> None:
        """Put every unanswered end on disk and end the thread; log the rest."""
        self._over.set()
        look, ends = await asyncio.to_thread(self._close)
        if look.problem:
            log.error("ends are lost: neither Redis nor the disk took them", ends=ends, reason=look.problem)
        elif ends:
            log.warning(
                "exits with ends that Redis has not answered: the next worker on this machine sends them",
                ends=ends,
                spool=str(self._spool.folder),
            )

    def check(self, after_sec: float = SPOOL_AFTER_SEC) -> SpoolCheck:
        """Put ends on disk that are unanswered for longer than `after_sec`; any thread may call."""
        with self._at_work:
            ends = self._finisher.held()
            until = self._clock.monotonic() - after_sec
            late = [end for end in ends if end.since <= until]
            crowded = is_crowded(ends)
            problem = self._write(ends if crowded else late)
            return SpoolCheck(len(late), problem, surplus_of(ends) if crowded else [])

    def _run(self) -> None:
        while not self._over.wait(LOOK_EACH_SEC):
            look = self.check()
            # A loop that was blocked gets one look afterwards, not all of them.
            if not self._unread.is_set():
                self._unread.set()
                with contextlib.suppress(RuntimeError):
                    self._loop.call_soon_threadsafe(self._read, look)

    def _write(self, ends: list[HeldEnd]) -> str:
        try:
            self._spool.add([end for end in ends if end.segment is None and not end.answered])
            self._spool.sweep()
        except Exception as error:  # noqa: BLE001 - no error of a disk may end this thread
            return str(error) or repr(error)
        return ""

    def _close(self) -> tuple[SpoolCheck, int]:
        look = self.check(after_sec=0)
        with self._at_work:
            self._spool.close()
        return look, len(self._finisher.held())

    # In the event loop.

    def _read(self, look: SpoolCheck) -> None:
        self._unread.clear()
        last, self._last = self._last, look
        for end in look.surplus:
            self._finisher.to_disk(end)
        self._log_disk(last.problem, look.problem)
        # Two looks in a row: after a handler has blocked the loop, the answers are there but not yet read.
        if last.late and look.late and self._outage_since is None:
            self._outage_begins(look)
        elif not look.late and self._outage_since is not None:
            self._outage_ends()

    def _log_disk(self, before: str, now: str) -> None:
        self._in_flight.closed = bool(now)
        if now and not before:
            log.error("ends cannot be written to disk: no more runs are claimed", reason=now)
        elif before and not now:
            log.info("ends can be written to disk again")

    def _outage_begins(self, look: SpoolCheck) -> None:
        self._outage_since = self._clock.monotonic()
        self._finisher.spooled_words.clear()
        log.warning(
            "Redis does not record ends: they are kept and sent until it does",
            ends=look.late,
            reason=self._finisher.last_error or "no answer yet",
            spool=str(self._spool.folder),
        )

    def _outage_ends(self) -> None:
        lasted = self._clock.monotonic() - (self._outage_since or 0.0)
        self._outage_since = None
        words = self._finisher.spooled_words
        recorded = words["OK"]
        log.info(
            "Redis records ends again",
            after_sec=round(lasted, 1),
            recorded=recorded,
            too_late=words.total() - recorded,
        )


def is_crowded(ends: list[HeldEnd]) -> bool:
    """Return whether the ends in memory exceed the limit."""
    kept = [end for end in ends if end.finish is not None]
    return len(kept) > KEPT_ENDS or sum(map(size_of, kept)) > KEPT_BYTES


def surplus_of(ends: list[HeldEnd]) -> list[HeldEnd]:
    """Return the ends on disk to drop from memory; the oldest stay, because they are sent first."""
    count = size = 0
    surplus: list[HeldEnd] = []
    for end in ends:
        if end.finish is None:
            continue
        count, size = count + 1, size + size_of(end)
        if end.segment is not None and (count > KEPT_ENDS or size > KEPT_BYTES):
            surplus.append(end)
    return surplus
