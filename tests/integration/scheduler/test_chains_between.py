"""Chains from one shard to another: each end makes one run, whatever dies in between."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import orjson
import pytest

from app.core.errors import RedisUnavailable
from app.core.models import AttemptOutcome, JobSpec
from app.core.runs.chains import Chains, ReceivedChains
from app.core.specs.store import JobStore
from app.core.storage.shards import Shard, ShardSet
from app.services.scheduler.chains import ChainDispatcher, step_of
from app.services.scheduler.chains_between import OtherShards
from app.services.scheduler.timers import ServerClock, Sleeper
from tests.support.fake_clock import FakeClock
from tests.support.queue.sharded import DyingProcess, DyingScripts, Killed, Sharded

if TYPE_CHECKING:
    from app.core.clock import SystemClock
    from app.core.config import Settings
    from app.core.redis_client import RedisLink

OWN, THERE = 0, 1
ZONE = "Asia/Jakarta"


class Chained:
    """Two shards: ends in the first one start runs in the second."""

    def __init__(self, sharded: Sharded, clock: SystemClock) -> None:
        self.sharded = sharded
        self.clock = clock
        self.target = next(f"job-{n}" for n in range(99) if sharded.shards.of_job(f"job-{n}").index == THERE)
        self.here, self.there = sharded.drivers

    def dispatcher(self, shards: ShardSet | None = None, clock: FakeClock | None = None) -> ChainDispatcher:
        shards = shards or self.sharded.shards
        own = shards[OWN]
        jobs = JobStore(own.link, own.scripts, self.clock, ZONE)
        others = OtherShards(shards, OWN, clock or FakeClock(), ZONE)
        sleeper = Sleeper(self.clock, ServerClock(self.clock))
        return ChainDispatcher(Chains(own.link, own.scripts), jobs, sleeper, others)

    async def save_target(self) -> None:
        there = self.sharded.shards[THERE]
        spec = JobSpec.model_validate({"job_id": self.target, "type": "test.noop"})
        await JobStore(there.link, there.scripts, self.clock, ZONE).create(spec, actor="test", origin="test")

    async def end(self, target: str | None = None, depth: int = 0) -> str:
        """End a run whose success starts the target; return its id."""
        chain = orjson.dumps({"s": [target or self.target], "f": [], "d": depth}).decode()
        run = await self.here.start(chain=chain, actor="key:rina")
        await self.here.finish(run, AttemptOutcome.SUCCESS)
        return run.run_id

    async def children(self) -> list[dict[str, str]]:
        ids = await self.there.link.call("ZRANGE", self.there.keys.runs, 0, -1)
        return [await self.there.hash(run_id) for run_id in ids]

    async def entries(self) -> int:
        return await self.here.link.call("XLEN", self.here.keys.chains)


@pytest.fixture
async def chained(link: RedisLink, clock: SystemClock, settings: Settings) -> AsyncIterator[Chained]:
    sharded = await Sharded.open(link, clock, settings, 2)
    chained = Chained(sharded, clock)
    await chained.save_target()
    yield chained
    problems = await sharded.close()
    assert not problems, "\n".join(problems)


async def test_an_end_starts_a_run_of_another_shard(chained: Chained) -> None:
    """The run has the actor and the trace of the one before it, its depth, and the source `chain`."""
    parent = await chained.end(depth=4)
    assert await chained.dispatcher().dispatch() == ["OK"]
    [child] = await chained.children()
    trace = (await chained.here.hash(parent))["trace"]
    assert (child["job"], child["source"], child["actor"]) == (chained.target, "chain", "key:rina")
    assert child["trace"] == trace
    assert await chained.entries() == 0
    assert await chained.dispatcher().dispatch() == []


@pytest.mark.parametrize("steps", range(8))
async def test_a_scheduler_that_dies_in_between_makes_one_run(chained: Chained, steps: int) -> None:
    """At whatever step it dies, the next one finishes the entry, and the end has one child."""
    await chained.end()
    try:
        await chained.dispatcher(chained.sharded.seen_by(DyingProcess(steps))).dispatch()
    except Killed:
        assert len(await chained.children()) <= 1
    await chained.dispatcher().dispatch()
    assert (len(await chained.children()), await chained.entries()) == (1, 0)


async def test_a_chained_run_that_was_removed_is_not_made_again(chained: Chained) -> None:
    """A run that ended and was removed while its entry was left behind is not created a second time."""
    await chained.end()
    entries = await Chains(chained.here.link, chained.here.queue.scripts).waiting(1)
    there = chained.sharded.shards[THERE]
    received = ReceivedChains(there.scripts)
    jobs = await JobStore(there.link, there.scripts, chained.clock, ZONE).find_some([chained.target])
    steps = [step_of(entry, jobs) for entry in entries]
    assert await received.create(steps) == ["OK"]
    [run] = (await chained.there.claim()).runs
    await chained.there.finish(run)
    keys = chained.there.keys
    await chained.there.link.calls([("DEL", keys.run(run.run_id)), ("ZREM", keys.runs, run.run_id)])
    assert await received.create(steps) == ["DUPLICATE"]
    assert await chained.dispatcher().dispatch() == ["DUPLICATE"]
    assert (await chained.children(), await chained.entries()) == ([], 0)
    # An hour later it is remembered no more; a run whose entry is not known to be gone is, for 40 days.
    await chained.there.link.call("ZADD", keys.chained, "XX", 1, run.run_id)
    await received.create([])
    await chained.end()
    assert await chained.dispatcher().dispatch() == ["OK"]
    assert await chained.there.link.call("ZSCORE", keys.chained, run.run_id) is None
    assert await chained.there.link.call("ZCARD", keys.chained) == 1


async def test_entries_that_make_no_run_are_dropped(chained: Chained) -> None:
    """A target that is gone, a chain that is too long and a damaged record in the target's shard."""
    gone = next(f"gone-{n}" for n in range(99) if chained.sharded.shards.of_job(f"gone-{n}").index == THERE)
    await chained.end(gone)
    await chained.end(depth=10)
    assert await chained.dispatcher().dispatch() == ["DROPPED", "DROPPED"]
    await chained.end()
    [entry] = await Chains(chained.here.link, chained.here.queue.scripts).waiting(1)
    damaged = chained.there.keys.run(entry.child_id)
    await chained.there.link.call("SET", damaged, "no hash")
    assert await chained.dispatcher().dispatch() == ["DROPPED"]
    assert await chained.entries() == 0
    await chained.there.link.call("DEL", damaged)
    words = [event.type for event in await chained.here.events() if event.type == "chain.dropped"]
    assert len(words) == 3


class _AwayScripts(DyingScripts):
    """A shard that does not answer."""

    async def run(self, name: str, /, *rows: object, **arguments: object) -> object:
        raise RedisUnavailable("away")


async def test_entries_for_a_shard_that_is_away_hold_up_no_others(chained: Chained) -> None:
    """They stay, more than a page of them, and later entries are dispatched; then it is their turn."""
    for _number in range(101):
        await chained.end()
    own = next(f"own-{n}" for n in range(99) if chained.sharded.shards.of_job(f"own-{n}").index == OWN)
    await chained.end(own)
    home, there = chained.sharded.shards
    away = Shard(
        there.index, there.link, there.keys, _AwayScripts(there.link, there.keys, DyingProcess(10**9))
    )
    clock = FakeClock()
    dispatcher = chained.dispatcher(ShardSet([home, away]), clock)
    # The only entry that makes no run: its job does not exist.
    assert await dispatcher.dispatch() == ["DROPPED"]
    assert (await chained.entries(), await chained.children()) == (101, [])
    assert await dispatcher.dispatch() == []
    whole = chained.dispatcher()
    assert len(await whole.dispatch()) == 100
    assert await whole.dispatch() == ["OK"]
    assert len(await chained.children()) == 101
