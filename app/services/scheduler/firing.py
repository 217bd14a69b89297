"""Fires due schedule slots.

There is no leader: all replicas try, and the script lets one win.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque

from redis.exceptions import ResponseError

from app.core.background import run_forever, sleep_or_stop
from app.core.clock import Clock
from app.core.ids import new_trace_id, scheduled_run_id
from app.core.observability import get_logger
from app.core.queue import DueJob, FireItem, MissedSlots, MovedRun, Queue
from app.core.scheduling.schedule import FirePlan, FireStep, RunSlot, jitter_ms, plan_fires
from app.core.scheduling.slots import CompiledSchedule
from app.services.scheduler.spec_cache import CompiledSpec, CompiledSpecs
from app.services.scheduler.timers import LoserDelay, ServerClock, Sleeper

# One script blocks Redis for about 40 µs an item: 64 fires for 3 ms, a long catch-up for 10.
MAX_JOBS, MAX_ITEMS = 64, 256
# Read at once; the scripts that fire them follow each other without another read in between.
MAX_DUE = 512
# Specs of two parts are known or read ahead: the next part is planned while Redis fires this one.
AHEAD = 2
# While slots come one after the other, each round takes those of some milliseconds: a fire then costs a
# fifth. The first slot after a pause is not delayed.
ROUND_SEC = 0.004
# An unreadable spec needs a new version, and that has an entry of its own at once.
INVALID_PUSH_MS = 3_600_000
_SET_ASIDE_SEC = 60.0
_DONE = ("FIRED", "SKIPPED", "RECORDED", "INVALID")

log = get_logger(__name__)


def items_for(job: DueJob, compiled: CompiledSpec, now_ms: int) -> list[FireItem]:
    """Return the chain of steps for all due slots of a job; each expects the score that the last one set.

    Never empty. `now_ms` is Redis' clock.
    """
    # Lateness counts from the score: a slot delayed by its jitter is not late.
    as_if_ms = job.slot_ms + (now_ms - job.score_ms)
    plan = _plan(job, compiled, as_if_ms)
    followers = [*(_slot(step) for step in plan.steps[1:]), plan.following]
    score, items = job.score_ms, list[FireItem]()
    for step, following in zip(plan.steps or (None,), followers, strict=True):
        upcoming = None if following is None else _score(compiled, following, now_ms)
        items.append(_item(job, compiled, step, score, following, upcoming))
        if upcoming is None or upcoming > now_ms:
            break
        score = upcoming
    return items


def _plan(job: DueJob, compiled: CompiledSpec, as_if_ms: int) -> FirePlan:
    schedule, slot = compiled.schedule, job.slot_ms
    # Nearly always one slot is due, and it is on time: a third of the general plan's cost.
    if (
        type(schedule) is CompiledSchedule
        and slot >= as_if_ms - compiled.grace_ms
        and schedule.previous_or_at(as_if_ms) == slot
    ):
        return FirePlan((RunSlot(slot, schedule.previous_or_at(slot - 1)),), schedule.next_after(as_if_ms))
    return plan_fires(
        schedule, slot, as_if_ms, compiled.misfire, compiled.grace_ms, since_ms=compiled.saved_ms
    )


def next_score(compiled: CompiledSpec, slot_ms: int) -> int:
    """Return the instant at which a slot fires, its jitter included."""
    return slot_ms + jitter_ms(compiled.run.job_id, slot_ms, compiled.jitter_sec)


def _score(compiled: CompiledSpec, slot_ms: int, now_ms: int) -> int:
    if not compiled.jitter_sec:
        return slot_ms
    # A slot whose time came while the one before it was delayed by its jitter is due now, not late.
    return max(next_score(compiled, slot_ms), now_ms)


def _slot(step: FireStep) -> int:
    return step.slot if isinstance(step, RunSlot) else step.first


def _item(  # noqa: PLR0917 - in the order of a step
    job: DueJob,
    compiled: CompiledSpec,
    step: FireStep | None,
    score_ms: int,
    next_slot_ms: int | None,
    next_score_ms: int | None,
) -> FireItem:
    """Return one step. None: nothing is due, only the entry advances."""
    run = miss = moved = None
    slot = job.slot_ms if step is None else _slot(step)
    if isinstance(step, RunSlot):
        run_id = scheduled_run_id(job.job_id, slot)
        run = compiled.run._replace(run_id=run_id, trace_id=new_trace_id())
        moved = step.moved and MovedRun(step.moved.slot, step.moved.reason.code)
    elif step is not None:
        miss = MissedSlots(step.first, step.last, step.slots, step.reason)
    return FireItem(
        job_id=job.job_id,
        version=job.version,
        expected_score_ms=score_ms,
        slot_ms=slot,
        previous_slot_ms=None if step is None else step.previous,
        miss=miss,
        next_slot_ms=next_slot_ms,
        next_score_ms=next_score_ms,
        overlap=compiled.overlap,
        run=run,
        moved=moved,
    )


class Firing:
    """The loop: read the due jobs, fire them in one script, sleep until the next fire."""

    def __init__(
        self, queue: Queue, specs: CompiledSpecs, clock: Clock, server_clock: ServerClock, sleeper: Sleeper
    ) -> None:
        self._queue = queue
        self._specs = specs
        self._clock = clock
        self._server_clock = server_clock
        self._sleeper = sleeper
        self._loser_delay = LoserDelay()
        self._lost_in_a_row = 0
        self._round_at = -ROUND_SEC
        self._aside: dict[str, float] = {}
        self.words: Counter[str] = Counter()

    async def run(self, stop: asyncio.Event) -> None:
        """Fire until `stop`."""
        await run_forever("firing", self.step, stop)

    async def step(self, stop: asyncio.Event) -> None:
        """Fire what is due, or sleep until something is."""
        if (early := self._round_at + ROUND_SEC - self._clock.monotonic()) > 0:
            await sleep_or_stop(stop, early)
        due = await self._server_clock.reading(self._queue.due(MAX_DUE + len(self._aside)))
        jobs = [job for job in due.jobs if not self._is_suspended(job)]
        if not jobs:
            self._lost_in_a_row = 0
            await self._sleeper.sleep(due.next_due_ms, self._loser_delay.delay_sec)
            return
        # A full page: more are due.
        self._round_at = self._clock.monotonic() - (ROUND_SEC if len(due.jobs) >= MAX_DUE else 0)
        done, lost = await self._fire(jobs, due.now_ms)
        if done > lost:
            self._loser_delay.won()
        else:
            self._loser_delay.lost()
        self._lost_in_a_row = 0 if done else self._lost_in_a_row + 1
        if not done:
            # An entry that stays due and never fires (the clock went back) must not be read in a busy loop.
            await sleep_or_stop(
                stop, min(1.0, self._loser_delay.delay_sec * 2 ** min(self._lost_in_a_row - 1, 8))
            )

    async def _fire(self, jobs: list[DueJob], now_ms: int) -> tuple[int, int]:
        """Fire in scripts of bounded size; return how many steps were done and how many were lost."""
        words: Counter[str] = Counter()
        parts = [jobs[start : start + MAX_JOBS] for start in range(0, len(jobs), MAX_JOBS)]
        readings = deque(asyncio.create_task(self._specs.get(part)) for part in parts[:AHEAD])
        chunks: list[asyncio.Task[None]] = []
        try:
            for number, part in enumerate(parts, AHEAD):
                found = await readings.popleft()
                if number < len(parts):
                    readings.append(asyncio.create_task(self._specs.get(parts[number])))
                chunks.append(asyncio.create_task(self._fire_chunk(part, found, now_ms, words)))
                # Lets the commands be sent.
                await asyncio.sleep(0)
        finally:
            for reading in readings:
                reading.cancel()
            # Their errors are that of the first one.
            await asyncio.gather(*readings, return_exceptions=True)
            await asyncio.gather(*chunks)
        self.words += words
        done = sum(words[word] for word in _DONE)
        return done, words.total() - done

    async def _fire_chunk(
        self, jobs: list[DueJob], found: dict[str, CompiledSpec | Exception], now_ms: int, words: Counter[str]
    ) -> None:
        batch, taken = list[FireItem](), list[DueJob]()
        for job in jobs:
            try:
                items = _planned(job, found[job.job_id], now_ms)
            except Exception as error:  # noqa: BLE001  one job's schedule must not stop the others
                words["INVALID" if await self._push_on(job, now_ms, error) else "LOST"] += 1
                continue
            if len(batch) + len(items) > MAX_ITEMS:
                break
            batch += items
            taken.append(job)
        words.update(await self._send(batch, taken, now_ms))

    async def _send(self, batch: list[FireItem], jobs: list[DueJob], now_ms: int) -> list[str]:
        try:
            return _log_quarantined(batch, await self._queue.fire(batch))
        except ResponseError as error:
            if len(jobs) == 1:
                await self._push_on(jobs[0], now_ms, error)
                return ["LOST"]
        # One broken record fails the script for all. Steps done before it stay done and are LOST now.
        words: list[str] = []
        for job in jobs:
            words += await self._send([item for item in batch if item.job_id == job.job_id], [job], now_ms)
        return words

    async def _push_on(self, job: DueJob, now_ms: int, error: Exception) -> bool:
        log.error(
            "job cannot fire", job_id=job.job_id, version=job.version, slot=job.slot_ms, error=repr(error)
        )
        later = now_ms + INVALID_PUSH_MS
        left_out = MissedSlots(job.slot_ms, job.slot_ms, 1, "invalid")
        try:
            return await self._queue.reschedule(job, later, later, left_out)
        except ResponseError:
            self._aside[job.job_id] = self._clock.monotonic() + _SET_ASIDE_SEC
            return False

    def _is_suspended(self, job: DueJob) -> bool:
        until = self._aside.get(job.job_id)
        if until is not None and self._clock.monotonic() >= until:
            del self._aside[job.job_id]
            return False
        return until is not None


def _log_quarantined(batch: list[FireItem], words: list[str]) -> list[str]:
    for item, word in zip(batch, words, strict=True):
        if word == "ERROR":
            log.error("slot is quarantined", job_id=item.job_id, slot=item.slot_ms)
    return words


def _planned(job: DueJob, found: CompiledSpec | Exception, now_ms: int) -> list[FireItem]:
    if isinstance(found, Exception):
        raise found
    return items_for(job, found, now_ms)
