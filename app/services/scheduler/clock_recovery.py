"""Recomputes next fires, and corrects other stored instants, after Redis' clock went back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from app.core.background import run_forever, sleep_or_stop
from app.core.observability import get_logger
from app.core.queue import DueJob
from app.core.storage.connection import scores, time_ms
from app.services.scheduler.firing import next_score

if TYPE_CHECKING:
    from app.core.activity.claims import TaskClaims
    from app.core.queue import Queue
    from app.core.storage.keys import Keys
    from app.services.scheduler.spec_cache import CompiledSpec, CompiledSpecs

CHORE = "clock-back"
# Interval of the check for a step back, one small read.
EACH_SEC = 2.0
# Longer than the wait for a page, so that the same scheduler continues; another one takes over after it.
CLAIM_SEC = 30.0
# Without a step back, one page is checked each time, in case the mark was missed: 100,000 jobs in 4.5 h.
NET_SEC, NET_PAGE = 10.0, 64
# Compiling a spec takes 0.2 ms, and firing waits for a page.
_PAGE = 32
_INSTANTS_PAGE = 200
_KINDS = ("open", "messages", "accounts", "rates", "retrying", "closed", "scheduled", "jobs")
"""What waits for an instant, the most urgent first."""
# After each page, firing has the processor for twice as long as the page took.
_BREATHS, _LEAST_BREATH_SEC = 2.0, 0.005
# A job of a late page fires or writes off the slots since the step, but none older than this.
_LOOK_BACK_MS = 600_000
# Scripts notice a step with the next renewal or heartbeat; the self-monitor reads each 10 s.
_SAME_STEP_MS = 30_000
# A failover to a machine whose clock is behind by less is no step back: slots would only be written off.
_TOLERANCE_MS = 1000

log = get_logger(__name__)


class ClockRecovery:
    """Checks all next fires after each step back of Redis' clock, in one scheduler at a time.

    `lease_clock` keeps the instant of the last step (set by `lua/lib/lease_clock.lua` and `SelfMonitor`).
    `meta` keeps the last step that was handled, and the progress of a check. A start without a step therefore
    costs two reads, and another scheduler continues a check that was interrupted.

    A slot that fired before the clock went back does not fire again: the fire script detects it, and writes
    it into the ledger. So computing again is safe. Without it a job would not fire until the clock has
    reached its earlier time.
    """

    def __init__(self, queue: Queue, keys: Keys, specs: CompiledSpecs, claims: TaskClaims) -> None:
        self._queue = queue
        self._keys = keys
        self._specs = specs
        self._claims = claims
        self._net_at = 0.0

    async def note(self, redis_ms: int, back_ms: int) -> None:
        """Record a step back that was noticed at an instant of Redis' clock, unless a script did so."""
        key = self._keys.lease_clock
        noted = int(await self._queue.link.call("HGET", key, "went_back") or 0)
        if not 0 <= redis_ms - noted < _SAME_STEP_MS:
            await self._queue.link.call("HSET", key, "went_back", redis_ms, "back_ms", back_ms)

    async def run(self, stop: asyncio.Event) -> None:
        """Check until `stop`."""
        await run_forever("clock_back", self._step, stop)
        await self._claims.release(CHORE)

    async def correct_instants(self, stop: asyncio.Event) -> None:
        """Move what waits for an instant of the earlier clock: retries, messages, alarms, cooldowns."""
        back_ms = int(await self._queue.link.call("HGET", self._keys.lease_clock, "back_ms") or 0)
        for kind in _KINDS:
            after = "0"
            while after and not stop.is_set():
                after = await self._queue.scripts.run(
                    "deployment/correct_instants",
                    kind=kind,
                    after=after,
                    page_size=_INSTANTS_PAGE,
                    back_ms=back_ms,
                )
                if after and not await self._claims.take(CHORE, CLAIM_SEC):
                    return
                await sleep_or_stop(stop, _LEAST_BREATH_SEC if after else 0.0)

    async def recompute(self, step: str, stop: asyncio.Event) -> int:
        """Compute again the next fires that lie too far ahead; return how many.

        Ends early at `stop`, or if another scheduler has taken over.
        """
        moved, after, ours = 0, await self._cursor(step), True
        while ours and after is not None and not stop.is_set():
            began = asyncio.get_running_loop().time()
            jobs, after = await self._page(after, _PAGE)
            moved += await self._repair(jobs, int(step))
            ours = await self._claims.take(CHORE, CLAIM_SEC, **_progress(step, after))
            took = asyncio.get_running_loop().time() - began
            await sleep_or_stop(stop, max(_LEAST_BREATH_SEC, _BREATHS * took))
        return moved

    async def _step(self, stop: asyncio.Event) -> None:
        step = await self._unseen_step()
        if step is not None and await self._claims.take(CHORE, CLAIM_SEC):
            await self.correct_instants(stop)
            moved = await self.recompute(step, stop)
            log.warning("Redis' clock went back: next fires were checked", computed_again=moved)
        elif step is None and asyncio.get_running_loop().time() >= self._net_at:
            self._net_at = asyncio.get_running_loop().time() + NET_SEC
            await self._check_net()
        await sleep_or_stop(stop, EACH_SEC)

    async def _unseen_step(self) -> str | None:
        link, keys = self._queue.link, self._keys
        step, seen = await link.calls(
            [("HGET", keys.lease_clock, "went_back"), ("HGET", keys.meta, "clock_back_seen")]
        )
        return step if step and step != seen else None

    async def _cursor(self, step: str) -> int:
        text: str = await self._queue.link.call("HGET", self._keys.meta, "clock_back_cursor") or ""
        of, _, seq = text.partition(":")
        return int(seq) if of == step else 0

    async def _check_net(self) -> None:
        after = int(await self._queue.link.call("HGET", self._keys.meta, "clock_back_net") or 0)
        jobs, following = await self._page(after, NET_PAGE)
        # The cursor moves before the page is repaired: one script. A later walk repairs a page that was lost.
        if not await self._claims.take(CHORE, CLAIM_SEC, clock_back_net=following or 0):
            return
        moved = await self._repair(jobs)
        if moved:
            log.warning("next fires lay too far ahead", computed_again=moved)

    async def _page(self, after: int, size: int) -> tuple[list[DueJob], int | None]:
        """Return a page of jobs after a seq, and the seq of the next page if there is one."""
        # By seq, which does not change: pages by the next fire would lose jobs that fire meanwhile.
        link, keys = self._queue.link, self._keys
        flat: list[str] = await link.call(
            *("ZRANGEBYSCORE", keys.jobs, f"({after}", "+inf", "WITHSCORES", "LIMIT", 0, size)
        )
        seqs = scores(flat)
        names = list(seqs)
        hashes = await link.calls([("HMGET", keys.job(name), "version", "slot") for name in names])
        fires = await link.calls([("ZSCORE", keys.schedule, name) for name in names])
        jobs = [
            DueJob(name, int(version), int(float(fire)), int(slot))
            for name, fire, (version, slot) in zip(names, fires, hashes, strict=True)
            if fire and version and slot
        ]
        return jobs, seqs[names[-1]] if len(names) == size else None

    async def _repair(self, jobs: list[DueJob], step_ms: int | None = None) -> int:
        """Compute next fires again from the instant of a step back, so that no slot is left out."""
        found = await self._specs.once(jobs)
        # Read after the entries: a correct entry is never ahead of this instant's next slot.
        now_ms = time_ms(await self._queue.link.call("TIME"))
        from_ms = now_ms if step_ms is None else min(now_ms, max(step_ms, now_ms - _LOOK_BACK_MS))
        moved = 0
        for job in jobs:
            compiled = found[job.job_id]
            if isinstance(compiled, Exception) or not _is_ahead(job, compiled, now_ms + _TOLERANCE_MS):
                continue
            slot = compiled.schedule.next_after(from_ms)
            score = None if slot is None else next_score(compiled, slot)
            moved += await self._queue.reschedule(job, slot, score)
        return moved


def _progress(step: str, after: int | None) -> dict[str, str]:
    if after is None:
        return {"clock_back_seen": step, "clock_back_cursor": ""}
    return {"clock_back_cursor": f"{step}:{after}"}


def _is_ahead(job: DueJob, compiled: CompiledSpec, by_ms: int) -> bool:
    if job.slot_ms <= by_ms:
        return False
    try:
        expected = compiled.schedule.next_after(by_ms)
    except (ValueError, OverflowError):
        return False
    return expected is not None and job.slot_ms > expected
