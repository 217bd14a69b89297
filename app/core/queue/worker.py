"""The queue's interface for workers: claim, renew, finish, release, reclaim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from redis.exceptions import ResponseError

from app.core.errors import LeaseLost
from app.core.ids import DEFAULT_QUEUE, new_id
from app.core.log_lines import line_to_json
from app.core.models import AttemptResult, ClaimedRun
from app.core.queue.base import QueueBase
from app.core.storage.connection import translated
from app.core.storage.keys import GROUP, LANES
from app.core.storage.lane_directory import lanes_of, read_lanes, suspect_lanes_of
from app.core.storage.scripts import flat, script_row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.core.records import LogLine
    from app.core.redis_client import Arg, BlockingLink, Command

RECLAIM_PAGE = 100
OWN_LANES = (*lanes_of([DEFAULT_QUEUE]), *suspect_lanes_of([DEFAULT_QUEUE]))
"""The lanes of the queue `default`."""


@script_row("queue/claim")
class StreamEntry(NamedTuple):
    """An entry from a blocking read. `run_id` is empty if the entry is malformed."""

    lane: str
    entry_id: str
    run_id: str


@dataclass(frozen=True, slots=True)
class Claim:
    """The result of a claim. `stale` means that a newer claim of this consumer was made.

    `taken` counts the entries that came from each lane of the quotas. `asked_at` is the boottime (s) at
    which it was sent: no lease of it began earlier.
    """

    runs: list[ClaimedRun]
    taken: dict[str, int]
    asked_at: float
    stale: bool = False


script_row("queue/claim", "CLAIMED")(ClaimedRun)


@script_row("queue/claim", "PLAIN")
class PlainRun(NamedTuple):
    """A run of the first attempt without rare fields; `shared` is the place (from 1) of its SharedFields."""

    run_id: str
    lease_id: str
    inputs: str
    trace_id: str
    queued_at_ms: str | None
    shared: int


@script_row("queue/claim", "SHARED")
class SharedFields(NamedTuple):
    """What runs of a batch have in common."""

    job_id: str
    type: str
    version: int
    source: str
    timeout_ms: int


_PLAIN = len(PlainRun._fields)


@script_row("queue/finish")
class FinishRow(NamedTuple):
    """The end of an attempt as the script takes it: `more` is JSON, or empty as it is for most runs."""

    run_id: str
    lease_id: str
    attempt: int
    outcome: str
    output: str
    log: str
    more: str | bytes


@script_row("queue/finish", "EXTRA")
class FinishExtra(NamedTuple):
    """What few attempts end with."""

    error: str
    fingerprint: str
    delay_ms: int
    calls: str
    check: str


def _finish_row(result: AttemptResult) -> FinishRow:
    more = b""
    if result.error or result.fingerprint or result.delay_ms or result.calls or result.check:
        extra = FinishExtra(result.error, result.fingerprint, result.delay_ms, result.calls, result.check)
        more = orjson.dumps([*extra])
    return FinishRow(
        result.run_id, result.lease_id, result.attempt, result.outcome, result.output, result.log, more
    )


class WorkerQueue(QueueBase):
    """Claims runs and holds them through leases."""

    async def claim(  # noqa: PLR0917 - the order is that of the script
        self,
        consumer: str,
        number: int,
        worker: str,
        slots: int,
        quotas: dict[str, int],
        adopt: list[StreamEntry],
        types: str = "",
    ) -> Claim:
        """Claim up to `slots` runs, and suspects by their own quota; the same `number` repeats the answer.

        `quotas` are by lane, in the order in which they are read. `types` are the job types of the worker,
        each between spaces: runs of other types are put aside. Empty means all types.
        """
        asked_at = self.clock.boottime()
        answer = await self.scripts.run(
            "queue/claim",
            *flat(adopt),
            consumer=consumer,
            number=number,
            worker=worker,
            slots=slots,
            quotas=_packed(quotas),
            types=types,
            woken="",
        )
        return _claim_of(answer, quotas, asked_at)

    async def wait_and_claim(  # noqa: PLR0917 - as `claim`
        self,
        link: BlockingLink,
        consumer: str,
        number: int,
        worker: str,
        slots: int,
        quotas: dict[str, int],
        types: str,
        block_ms: int,
    ) -> tuple[list[StreamEntry], Claim | None]:
        """Block until an entry arrives in a lane of `quotas`, then claim, without a further round trip.

        Returns the entries that arrived, and the claim, which has started their runs if it could. It is None
        if the server does not know the script.
        """
        asked_at = self.clock.boottime()
        claim = self.scripts.command(
            "queue/claim",
            consumer=consumer,
            number=number,
            worker=worker,
            slots=slots,
            quotas=_packed(quotas),
            types=types,
            woken=1,
        )
        read, lanes = self._blocking_read(consumer, block_ms, tuple(quotas))
        delivered, answer = await link.commands([read, claim], timeout_sec=block_ms / 1000 + 5)
        if isinstance(delivered, ResponseError):
            # The claim has made the group again.
            if not str(delivered).startswith("NOGROUP"):
                raise translated(delivered) from delivered
            delivered = None
        known = not isinstance(answer, ResponseError)
        return _delivered(delivered, lanes), _claim_of(answer, quotas, asked_at) if known else None

    async def wait_for_entry(
        self, link: BlockingLink, consumer: str, block_ms: int, lanes: tuple[str, ...] = LANES
    ) -> list[StreamEntry]:
        """Block until an entry arrives in one of the lanes; empty after `block_ms`."""
        command, lane_of = self._blocking_read(consumer, block_ms, lanes)
        return _delivered(await link.command(*command, timeout_sec=block_ms / 1000 + 5), lane_of)

    def _blocking_read(
        self, consumer: str, block_ms: int, lanes: tuple[str, ...]
    ) -> tuple[Command, dict[str, str]]:
        """Return the command, and the lane of each stream."""
        streams = [self.keys.ready(lane) for lane in lanes]
        read = ("XREADGROUP", "GROUP", GROUP, consumer, "COUNT", 1, "BLOCK", block_ms, "STREAMS", *streams)
        return (*read, *(">" for _ in streams)), dict(zip(streams, lanes, strict=True))

    async def pending_of(
        self, link: BlockingLink, consumer: str, limit: int, lanes: tuple[str, ...] = OWN_LANES
    ) -> list[StreamEntry]:
        """Return entries of lanes that were delivered to this consumer and not acknowledged, oldest first."""
        streams = [self.keys.ready(lane) for lane in lanes]
        answer = await link.command(
            *("XREADGROUP", "GROUP", GROUP, consumer, "COUNT", limit, "STREAMS", *streams),
            *("0" for _ in streams),
            timeout_sec=5,
        )
        return _delivered(answer, dict(zip(streams, lanes, strict=True)))

    async def ensure_groups(self, lanes: tuple[str, ...] = OWN_LANES) -> None:
        """Create missing consumer groups of lanes and their queues; entries are read from the start."""
        await self.scripts.run("queue/ensure_groups", *lanes)

    async def all_lanes(self) -> tuple[str, ...]:
        """Return the lanes of all queues, those of runs that were put aside included."""
        return (await read_lanes(self.link, self.keys)).all

    async def deployment_id(self) -> str:
        """Return the id of this namespace's data, which the first call creates."""
        return await self.scripts.run("deployment/id", new_id=new_id(self.clock))

    async def renew(self, consumer: str, held: list[tuple[str, str]], claiming: int = 0) -> list[str]:
        """Renew leases (run, lease); a word each: OK, CANCELLED, LOST.

        `claiming` is the number of a claim in flight: its runs are renewed as well.
        """
        lease_ms = self.settings.lease_ms
        return await self.scripts.run(
            "queue/renew", *flat(held), consumer=consumer, lease_ms=lease_ms, claiming=claiming
        )

    async def finish_many(self, batch: list[AttemptResult]) -> list[str]:
        """End attempts; a word each: OK, LOST, NOT_FOUND, ERROR (quarantined)."""
        return await self.scripts.run_at_once("queue/finish", *flat(map(_finish_row, batch)))

    async def release(self, held: Iterable[tuple[str, str]]) -> list[str]:
        """Release runs without counting an attempt; a word each: OK, LOST, CANCELLED."""
        return await self.scripts.run("queue/release", *flat(held))

    async def reclaim(self, lane: str, cursor: str) -> tuple[str, str, int]:
        """Requeue runs of a lane whose lease expired: (OK | GRACE | STAMP, next cursor, how many)."""
        word, following, count = await self.scripts.run(
            "queue/reclaim", lane=lane, cursor=cursor, lease_ms=self.settings.lease_ms, page_size=RECLAIM_PAGE
        )
        return word, following, count

    async def stamp(self, lane: str, start: str) -> str:
        """Restart the age of pending entries; return the start of the next page, empty at the end."""
        return await self.scripts.run(
            "queue/restart_idle_times", lane=lane, start=start, page_size=RECLAIM_PAGE
        )

    async def leave(self, consumer: str) -> None:
        """Remove this consumer if it holds nothing."""
        for lane in await self.all_lanes():
            await self.scripts.run("queue/remove_consumers", lane=lane, idle_ms=0, consumer=consumer)

    async def forget_idle_consumers(self) -> None:
        """Remove consumers without entries that were silent for twenty leases."""
        for lane in await self.all_lanes():
            await self.scripts.run("queue/remove_consumers", lane=lane, idle_ms=20 * self.settings.lease_ms)

    async def progress(self, run: ClaimedRun, value_json: str) -> None:
        """Store the progress of an attempt."""
        _owned(
            await self.scripts.run(
                "queue/set_progress", run=run.run_id, lease=run.lease_id, value=value_json
            ),
            run,
        )

    async def append_log(self, run: ClaimedRun, first_number: int, lines: list[LogLine]) -> None:
        """Store log lines of an attempt, numbered from 1; a line that is sent again is stored once."""
        texts = [line_to_json(line) for line in lines]
        most = self.settings.max_log_lines
        word = await self.scripts.run(
            "queue/append_log",
            *texts,
            run=run.run_id,
            lease=run.lease_id,
            attempt=run.attempt,
            first_number=first_number,
            max_lines=most,
        )
        _owned(word, run)

    async def tool(self, run: ClaimedRun, name: str, number: int, /, **arguments: Arg) -> Any:
        """Run a tool's script, fenced; `number` is the attempt's n-th tool write."""
        call = f"{run.attempt}:{number}"
        answer = await self.scripts.run(
            name, run=run.run_id, lease=run.lease_id, call=call, job=run.job_id, **arguments
        )
        _owned(answer[0], run)
        return answer


def _packed(quotas: dict[str, int]) -> bytes:
    return orjson.dumps([part for pair in quotas.items() for part in pair])


def _claim_of(answer: Any, quotas: dict[str, int], asked_at: float) -> Claim:
    word, now, counts, runs, texts = answer
    shared = [_shared(*each) for each in texts]
    return Claim(
        runs=[_claimed(run, now, shared) for run in runs],
        taken=dict(zip(quotas, counts, strict=True)) if counts else dict.fromkeys(quotas, 0),
        asked_at=asked_at,
        stale=word == "STALE",
    )


def _owned(word: str, run: ClaimedRun) -> None:
    if word == "LOST":
        raise LeaseLost(f"Run {run.run_id} is no longer owned by attempt {run.attempt}.")


def _delivered(answer: Any, lanes: dict[str, str]) -> list[StreamEntry]:
    found: list[StreamEntry] = []
    streams: list[tuple[str, list[tuple[str, list[str] | None]]]] = answer or []
    for stream, entries in streams:
        for entry_id, fields in entries:
            run_id = fields[1] if fields and fields[0] == "r" else ""
            found.append(StreamEntry(lanes[stream], entry_id, run_id))
    return found


def _shared(job_id: str, job_type: str, version: str, source: str, timeout_ms: str) -> SharedFields:
    return SharedFields(job_id, job_type, int(version), source, int(timeout_ms))


def _claimed(values: list[Any], now: int, shared: list[SharedFields]) -> ClaimedRun:
    """Return a run with numbers in place of the texts and gaps (None) of Redis' answer."""
    if len(values) == _PLAIN:
        place: int
        run_id, lease_id, inputs, trace_id, queued_at, place = values
        of = shared[place - 1]
        return ClaimedRun(
            *(run_id, lease_id, 1, of.job_id, of.type, of.version, inputs, of.source, trace_id),
            *(of.timeout_ms, int(queued_at or now), now),
        )
    run = ClaimedRun(*values)
    return run._replace(
        version=int(run.version),
        timeout_ms=int(run.timeout_ms),
        retry=run.retry or "",
        failures=int(run.failures or 0),
        crashes=int(run.crashes or 0),
        slot_ms=int(run.slot_ms) if run.slot_ms else None,
        queued_at_ms=int(run.queued_at_ms or now),
        logged=bool(run.logged),
        alone=bool(run.alone),
        keyed=bool(run.keyed),
    )
