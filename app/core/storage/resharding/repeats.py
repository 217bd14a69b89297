"""Finds the work that a return to the former shards does a second time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from app.core.models import TERMINAL, RunStatus
from app.core.storage.key_families import KeyType
from app.core.storage.resharding.destinations import Destinations
from app.core.storage.resharding.elements import PAGE, elements_of, key_pages
from app.core.storage.shards import job_of_run

if TYPE_CHECKING:
    from app.core.storage.connection import Command
    from app.core.storage.shards import Shard, ShardSet

_NOT_STARTED: Final = (RunStatus.SCHEDULED, RunStatus.QUEUED, RunStatus.RETRYING)
_PENDING: Final = "pending"
_OF_CHAINS: Final = "chain"


@dataclass(frozen=True, slots=True)
class Repeats:
    """Ids of runs and messages that a return to the former shards repeats or forgets."""

    waiting: tuple[str, ...] = ()
    """Runs that wait in the former shards, and have started or been cancelled since: they start again."""
    fired: tuple[str, ...] = ()
    """Runs of slots that fired since then: the slots fire again, unless the misfire policy skips them."""
    submitted: tuple[str, ...] = ()
    """Runs that were submitted since then: the same submission, sent again, makes another run."""
    messages: tuple[str, ...] = ()
    """Messages that wait in the former shards, and were sent or closed since: they are sent again."""


async def find_repeats(former: ShardSet, current: ShardSet) -> Repeats:
    """Compare the former shards with those that count."""
    waiting: list[str] = []
    messages: list[str] = []
    last_seq = 0
    for shard in former:
        last_seq = max(last_seq, int(await shard.link.call("GET", shard.keys.seq) or 0))
        waiting += [run_id async for run_id in _started(shard, current)]
        messages += [entry_id async for entry_id in _sent(shard, current)]
    fired: list[str] = []
    submitted: dict[str, None] = {}
    for shard in current:
        async for run_ids in _made_since(shard, last_seq):
            slots = [run_id for run_id in run_ids if job_of_run(run_id)]
            fired += await _scheduled(slots, former)
            submitted |= dict.fromkeys(run_id for run_id in run_ids if not job_of_run(run_id))
        # Retention may have removed a run, but not its idempotency key.
        submitted |= dict.fromkeys([run_id async for run_id in _keyed(shard, former)])
    return Repeats(tuple(waiting), tuple(fired), tuple(submitted), tuple(messages))


async def _started(shard: Shard, current: ShardSet) -> AsyncIterator[str]:
    """Yield the runs of a former shard that wait there and do not wait any more."""
    destinations = Destinations(shard, len(current))
    for status in _NOT_STARTED:
        async for run_ids in _members(shard, shard.keys.runs_status(status)):
            attempts = await shard.link.calls([("HGET", shard.keys.run(each), "attempt") for each in run_ids])
            places = await destinations.of_runs(run_ids)
            now = await _read(
                [
                    (place, ("HMGET", current[place].keys.run(run_id), "status", "attempt"))
                    for run_id, place in zip(run_ids, places, strict=True)
                ],
                current,
            )
            for run_id, before, (present, attempt) in zip(run_ids, attempts, now, strict=True):
                if present is None or present in TERMINAL or attempt != before:
                    yield run_id


async def _sent(shard: Shard, current: ShardSet) -> AsyncIterator[str]:
    """Yield the messages of a former shard that wait there and do not wait any more."""
    destinations = Destinations(shard, len(current))
    async for entry_ids in _members(shard, shard.keys.outbox_state(_PENDING)):
        places = await destinations.of_messages(entry_ids)
        states = await _read(
            [
                (place, ("HGET", current[place].keys.outbox(entry_id), "state"))
                for entry_id, place in zip(entry_ids, places, strict=True)
            ],
            current,
        )
        for entry_id, state in zip(entry_ids, states, strict=True):
            if state != _PENDING:
                yield entry_id


async def _made_since(shard: Shard, last_seq: int) -> AsyncIterator[list[str]]:
    """Yield the runs that were made since the division, in pages, without those of chains."""
    bound = f"({last_seq}"
    while flat := await shard.link.call(
        "ZRANGEBYSCORE", shard.keys.runs, bound, "+inf", "WITHSCORES", "LIMIT", 0, PAGE
    ):
        run_ids, bound = flat[::2], f"({flat[-1]}"
        sources = await shard.link.calls([("HGET", shard.keys.run(each), "source") for each in run_ids])
        yield [run_id for run_id, source in zip(run_ids, sources, strict=True) if source != _OF_CHAINS]


async def _scheduled(slots: Sequence[str], former: ShardSet) -> list[str]:
    """Return the runs of slots whose jobs have a schedule in the former shards."""
    jobs = [job_of_run(run_id) or "" for run_id in slots]
    shards = [former.of_job(job_id) for job_id in jobs]
    scores = await _read(
        [
            (shard.index, ("ZSCORE", shard.keys.schedule, job_id))
            for shard, job_id in zip(shards, jobs, strict=True)
        ],
        former,
    )
    return [run_id for run_id, score in zip(slots, scores, strict=True) if score is not None]


async def _keyed(shard: Shard, former: ShardSet) -> AsyncIterator[str]:
    """Yield the runs whose idempotency keys the former shards do not have."""
    start = shard.keys.idempotency("")
    async for keys in key_pages(shard.link, start):
        runs = await shard.link.calls([("HGET", key, "run") for key in keys])
        scopes = {key.removeprefix(start): run for key, run in zip(keys, runs, strict=True) if run}
        for each in former:
            known = await each.link.calls([("EXISTS", each.keys.idempotency(scope)) for scope in scopes])
            scopes = {
                scope: run
                for (scope, run), is_known in zip(scopes.items(), known, strict=True)
                if not is_known
            }
        for run_id in scopes.values():
            yield run_id


async def _members(shard: Shard, key: str) -> AsyncIterator[list[str]]:
    async for elements in elements_of(shard.link, key, KeyType.ZSET):
        yield list(dict.fromkeys(element[0] for element in elements))


async def _read(commands: Sequence[tuple[int, Command]], shards: ShardSet) -> list[Any]:
    """Return the answers to commands for different shards, in their order; those of a shard share a trip."""
    return await asyncio.gather(*(shards[place].link.call(*command) for place, command in commands))
