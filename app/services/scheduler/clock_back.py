"""After Redis' clock went back, next fires lie in a far future: they are computed anew."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from app.core.keys import Keys
from app.core.loops import keep_going, pause
from app.core.observability import get_logger
from app.core.queue import DueJob, Queue
from app.services.scheduler.firing import next_score
from app.services.scheduler.specs import Compiled, Specs

EACH_SEC = 300.0
_PAGE = 256
# A failover to a machine whose clock is behind by less is no step back: slots would only be written off.
_TOLERANCE_MS = 1000

log = get_logger(__name__)


class ClockBack:
    """Looks through all next fires at the start, whenever asked to, and every five minutes.

    A slot that fired before the clock went back does not fire again: the fire script knows it, and writes
    it into the ledger. So computing anew is safe, and without it a job would be silent until the clock
    has come to where it was.
    """

    def __init__(self, queue: Queue, keys: Keys, specs: Specs) -> None:
        self._queue = queue
        self._keys = keys
        self._specs = specs
        self._wanted = asyncio.Event()

    def look(self) -> None:
        """Ask for a look now."""
        self._wanted.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Look until `stop`."""
        await keep_going("clock_back", self._step, stop)

    async def look_through(self) -> int:
        """Compute anew what lies too far ahead; return how many."""
        moved = start = 0
        while jobs := await self._page(start):
            moved += await self._mend(jobs)
            start += _PAGE
        return moved

    async def _step(self, stop: asyncio.Event) -> None:
        self._wanted.clear()
        moved = await self.look_through()
        if moved:
            log.warning("next fires computed anew", count=moved)
        waited = 0.0
        while not (stop.is_set() or self._wanted.is_set() or waited >= EACH_SEC):
            await pause(stop, 1.0)
            waited += 1.0

    async def _page(self, start: int) -> list[DueJob]:
        link, keys = self._queue.link, self._keys
        flat = await link.call("ZRANGE", keys.schedule, start, start + _PAGE - 1, "WITHSCORES")
        names = flat[::2]
        hashes = await link.calls([("HMGET", keys.job(name), "version", "slot") for name in names])
        return [
            DueJob(name, int(version), int(float(score)), int(slot))
            for name, score, (version, slot) in zip(names, flat[1::2], hashes, strict=True)
            if version and slot
        ]

    async def _mend(self, jobs: list[DueJob]) -> int:
        found = await self._specs.of(jobs)
        # Read after the entries: one that was written rightly is never ahead of this instant's next slot.
        seconds, micros = await self._queue.link.call("TIME")
        now_ms = int(seconds) * 1000 + int(micros) // 1000
        return sum([await self._move(job, found[job.job_id], now_ms) for job in _ahead(jobs, found, now_ms)])

    async def _move(self, job: DueJob, compiled: Compiled | Exception, now_ms: int) -> bool:
        if isinstance(compiled, Exception):
            return False
        slot = compiled.schedule.next_after(now_ms)
        return await self._queue.reschedule(job, slot, None if slot is None else next_score(compiled, slot))


def _ahead(jobs: Iterable[DueJob], found: dict[str, Compiled | Exception], now_ms: int) -> list[DueJob]:
    return [job for job in jobs if _is_ahead(job, found[job.job_id], now_ms + _TOLERANCE_MS)]


def _is_ahead(job: DueJob, compiled: Compiled | Exception, by_ms: int) -> bool:
    if isinstance(compiled, Exception) or job.slot_ms <= by_ms:
        return False
    try:
        expected = compiled.schedule.next_after(by_ms)
    except (ValueError, OverflowError):
        return False
    return expected is not None and job.slot_ms > expected
