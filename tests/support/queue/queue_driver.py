"""Driving the queue step by step, as producers, workers and schedulers would, without waiting for time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.core.activity.events import events_of, parse_event
from app.core.ids import new_id, new_trace_id
from app.core.models import AttemptOutcome, AttemptResult, ClaimedRun, NewRun
from app.core.storage.connection import pairs, time_ms
from app.core.storage.keys import GROUP, SUSPECT_LANE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.core.queue import Claim, Queue, StreamEntry
    from app.core.records import EventRecord
    from app.core.redis_client import BlockingLink

PLENTY = {"high": 100, "normal": 100, "low": 100}

BROKEN = '{"kind": "exception", "code": "broken", "message": "it broke", "retryable": true, "at": 1000}'


class QueueDriver:
    """Short words for what processes do with a queue."""

    def __init__(self, queue: Queue) -> None:
        self.queue = queue
        self.link = queue.link
        self.keys = queue.keys
        self._numbers: dict[str, int] = {}

    def new_run(self, job_id: str = "job-a", *, overlap_key: bool = False, **changes: Any) -> NewRun:
        run = NewRun(
            run_id=new_id(self.queue.clock),
            job_id=job_id,
            type="test.noop",
            version=1,
            inputs='{"n": 1}',
            source="api",
            trace_id=new_trace_id(),
            overlap_key="1" if overlap_key else "",
        )
        return run._replace(**changes)

    async def enqueue(self, job_id: str = "job-a", **changes: Any) -> str:
        """Create a run; return its id."""
        return (await self.queue.enqueue(self.new_run(job_id, **changes))).run_id

    async def enqueue_some(self, count: int, job_id: str = "job-a", **changes: Any) -> list[str]:
        """Create runs; return their ids, oldest first."""
        results = await self.queue.enqueue_many([self.new_run(job_id, **changes) for _ in range(count)])
        return [result.run_id for result in results]

    async def claim(
        self,
        slots: int = 100,
        consumer: str = "w1",
        quotas: dict[str, int] | None = None,
        adopt: Sequence[StreamEntry] = (),
        types: str = "",
    ) -> Claim:
        """Claim with the consumer's next number; `types` are between spaces, empty for all."""
        number = self._numbers[consumer] = self._numbers.get(consumer, 0) + 1
        wanted = PLENTY if quotas is None else quotas
        if wanted.keys() == {SUSPECT_LANE}:
            # Unused quotas pass to other lanes, so a claim of only suspects has no slots for normal runs.
            slots = 0
        return await self.queue.claim(
            consumer, number, f"worker-{consumer}", slots, wanted, list(adopt), types
        )

    async def start(self, job_id: str = "job-a", consumer: str = "w1", **changes: Any) -> ClaimedRun:
        """Create a run and claim it."""
        run_id = await self.enqueue(job_id, **changes)
        claimed = (await self.claim(consumer=consumer)).runs
        return next(run for run in claimed if run.run_id == run_id)

    async def finish(
        self, run: ClaimedRun, outcome: AttemptOutcome = AttemptOutcome.SUCCESS, **changes: Any
    ) -> str:
        """End an attempt; return the word."""
        return (await self.queue.finish_many([ending(run, outcome, **changes)]))[0]

    async def fail(self, job_id: str = "job-a", **changes: Any) -> ClaimedRun:
        """Leave a dead letter behind."""
        run = await self.start(job_id, **changes)
        await self.finish(run, AttemptOutcome.FAILED, error=BROKEN, fingerprint="abc")
        return run

    async def now_ms(self) -> int:
        """Return Redis' own time."""
        return time_ms(await self.link.call("TIME"))

    async def lapse(self) -> None:
        """Let every lease run out, under a lease clock that was kept all the time."""
        await self.trust_leases()
        old = 2 * self.queue.settings.lease_ms
        for lane in await self.queue.all_lanes():
            stream = self.keys.ready(lane)
            for entry, consumer, _, _ in await self.pending(lane):
                await self.link.call("XCLAIM", stream, GROUP, consumer, 0, entry, "IDLE", old, "JUSTID")

    async def trust_leases(self) -> None:
        """Say that the leases were kept until now, so that no grace is due."""
        await self.link.call("HSET", self.keys.lease_clock, "at", await self.now_ms(), "grace_until", 0)

    async def reclaim(self) -> int:
        """Go through all lanes as a reclaimer does; return how many entries were taken back."""
        reclaimed = 0
        for lane in await self.queue.all_lanes():
            cursor = "0-0"
            while True:
                _, cursor, count = await self.queue.reclaim(lane, cursor)
                reclaimed += count
                if cursor == "0-0":
                    break
        return reclaimed

    async def crash(self) -> int:
        """Let all workers die and their runs be reclaimed."""
        await self.lapse()
        return await self.reclaim()

    async def make_due(self) -> None:
        """Let everything that is delayed be due now."""
        for run_id in await self.link.call("ZRANGE", self.keys.delayed, 0, -1):
            await self.link.call("ZADD", self.keys.delayed, 1, run_id)

    async def pending(self, lane: str) -> list[list[Any]]:
        return await self.link.call("XPENDING", self.keys.ready(lane), GROUP, "-", "+", 10_000)

    async def hash(self, run_id: str) -> dict[str, str]:
        """Return a run's record as it is stored."""
        return await self.fields(self.keys.run(run_id))

    async def status(self, run_id: str) -> str:
        return (await self.hash(run_id)).get("status", "")

    async def fields(self, key: str) -> dict[str, str]:
        return await self.link.hash(key)

    async def events(self, run_id: str | None = None) -> list[EventRecord]:
        """Return the events, oldest first; those of one run if it is named."""
        entries = await self.link.call("XRANGE", self.keys.events, "-", "+")
        found = [parse_event(event_id, text) for event_id, text in events_of(entries)]
        return [event for event in found if run_id is None or event.run_id == run_id]

    async def event_types(self, run_id: str) -> list[str]:
        return [event.type for event in await self.events(run_id)]

    async def quarantined(self) -> list[dict[str, str]]:
        entries = await self.link.call("XRANGE", self.keys.quarantine, "-", "+")
        return [pairs(fields) for _, fields in entries]

    async def snapshot(self) -> dict[str, Any]:
        """Return all stored data except lifetimes, the lease clock and the cursors of healing."""
        found: dict[str, Any] = {}
        cursor = "0"
        while True:
            cursor, page = await self.link.call(
                *("SCAN", cursor, "MATCH", f"{self.keys.prefix}*", "COUNT", 1000)
            )
            for key in page:
                found[key] = await self._content(key)
            if cursor == "0":
                found.pop(self.keys.lease_clock, None)
                found.pop(self.keys.heal, None)
                return found

    async def damage(self, key: str) -> None:
        """Put a value of a wrong type in a key's place."""
        await self.link.calls([("DEL", key), ("SET", key, "damaged")])

    async def at_rest(self) -> dict[str, int]:
        """Return what has to be zero once all work is done."""
        found = {
            "delayed": await self.link.call("ZCARD", self.keys.delayed),
            "keys with a line": await self.link.call("SCARD", self.keys.waiting_keys),
        }
        for lane in await self.queue.all_lanes():
            found[f"stream {lane}"] = await self.link.call("XLEN", self.keys.ready(lane))
            found[f"pending {lane}"] = len(await self.pending(lane))
        return {name: count for name, count in found.items() if count}

    async def _content(self, key: str) -> Any:
        kind = await self.link.call("TYPE", key)
        match kind:
            case "hash":
                return await self.fields(key)
            case "zset":
                return await self.link.call("ZRANGE", key, 0, -1, "WITHSCORES")
            case "set":
                return sorted(await self.link.call("SMEMBERS", key))
            case "list":
                return await self.link.call("LRANGE", key, 0, -1)
            case "stream":
                return await self.link.call("XRANGE", key, "-", "+")
            case _:
                # What a claim remembers is packed, and no text.
                command = "STRLEN" if key.startswith(self.keys.claim("")) else "GET"
                return await self.link.call(command, key)


def ending(
    run: ClaimedRun, outcome: AttemptOutcome = AttemptOutcome.SUCCESS, **changes: Any
) -> AttemptResult:
    """Return the end of an attempt."""
    return replace(AttemptResult(run.run_id, run.lease_id, run.attempt, outcome), **changes)


async def heard(blocking: BlockingLink) -> str:
    """Return what is said next on a subscribed connection."""
    message = await blocking.message(5)
    assert message is not None, "nothing was said"
    return message[2]
