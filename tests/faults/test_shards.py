"""Three shards: kills of processes and of a server lose nothing, and the other shards go on."""

from __future__ import annotations

import asyncio
from pathlib import Path

from app.core.config import Durability
from app.core.storage.keys import Keys
from tests.support.faults.deployment import Figures, every, span
from tests.support.faults.processes import Service
from tests.support.faults.redis_topologies import cluster, require_redis
from tests.support.faults.sharded import ShardedDeployment, open_on_cluster, open_sharded
from tests.support.waiting import wait_until_async

CONCURRENCY = 4
PER_MINUTE, WINDOW_MS = 30, 60_000


async def test_work_of_several_shards(tmp_path: Path, figures: Figures, full: bool) -> None:
    """Workers and schedulers are killed under the load of three shards; invariants and limits hold."""
    count, kills = (600, 40) if full else (60, 6)
    async with open_sharded(tmp_path) as deployment:
        fleet = deployment.home.fleet
        fleet.start("scheduler", 2)
        fleet.start("worker", 2)
        await deployment.submit_work(count, duration_ms=150)
        async for turn in every(0.5, kills):
            service = "scheduler" if turn % 2 else "worker"
            [victim] = (
                await deployment.home.some_at_work(1)
                if service == "worker"
                else deployment.home.dice.sample(fleet.alive(service), 1)
            )
            fleet.kill(victim)
            fleet.start(service, wait=False)
        await deployment.at_rest(300 if full else 60)
        figures(await deployment.check(repeats_at_most=kills * CONCURRENCY))


async def test_a_killed_server_stops_no_other_shard(tmp_path: Path, figures: Figures, full: bool) -> None:
    """The server of the home shard is killed under load: the others go on meanwhile, and it loses nothing."""
    count, away_sec = (600, 10.0) if full else (80, 1.0)
    async with open_sharded(tmp_path) as deployment:
        deployment.home.fleet.start("scheduler")
        deployment.home.fleet.start("worker", 2)
        await deployment.submit_work(count, duration_ms=60, keyed=False)
        killed, others = 0, [1, 2]
        await asyncio.gather(*(deployment.goes_on(number, 5, 20) for number in range(3)))
        victim = deployment.shards[killed]
        before = [await deployment.ended(number) for number in others]
        # Otherwise it may answer while an fsync holds its writes back, and lose them in the kill.
        await victim.link.call("CONFIG", "SET", "appendfsync", "always")
        with victim.outage():
            victim.redis.kill()
            # While nothing of the killed shard can start or end, each other one has to end more of its runs.
            await asyncio.gather(*(deployment.goes_on(number, 20, 20) for number in others))
            await _more_work(deployment, others)
            await span(away_sec)
            during = [await deployment.ended(number) for number in others]
            victim.redis.start()
        await deployment.at_rest(60)
        summary = await deployment.check_all()
        figures(f"ended meanwhile {before} -> {during}; {summary}")


async def test_a_killed_master_of_a_cluster_stops_no_other_shard(
    tmp_path: Path, figures: Figures, full: bool
) -> None:
    """Three shards on the masters of a Cluster: one is killed under load, and its replica takes over."""
    require_redis()
    away = 1
    with cluster(tmp_path / "nodes", Keys("faults", away, 3).seq) as topology:
        durable = Durability.REPLICATED.value
        async with open_on_cluster(tmp_path, topology, durability=durable, lease_sec=15.0) as deployment:
            deployment.home.fleet.start("scheduler")
            deployment.home.fleet.start("worker", 2)
            await deployment.submit_work(400 if full else 60, duration_ms=60, keyed=False)
            await asyncio.gather(*(deployment.goes_on(number, 5, 30) for number in range(3)))
            others = [0, 2]
            before = [await deployment.ended(number) for number in others]
            with deployment.shards[away].outage():
                failover = asyncio.create_task(asyncio.to_thread(topology.kill_master))
                await asyncio.gather(*(deployment.goes_on(number, 15, 30) for number in others))
                during = [await deployment.ended(number) for number in others]
                await failover
            await deployment.at_rest(60)
            summary = await deployment.check_all()
            figures(f"ended meanwhile {before} -> {during}; {summary}")


async def test_limits_hold_over_shards_though_schedulers_die(
    tmp_path: Path, figures: Figures, full: bool
) -> None:
    """A limit of five and a rate of 30, named on three shards: never passed, and used, while shares move.

    Schedulers are killed, and frozen until others have moved shares.
    """
    kills = 20 if full else 3
    async with open_sharded(tmp_path) as deployment:
        fleet = deployment.home.fleet
        now = await deployment.home.redis_ms()
        # The window is full of starts that leave it between the second and the fifth second from now.
        earlier = [now - WINDOW_MS + 2_000 + 100 * number for number in range(PER_MINUTE)]
        for number, shard in enumerate(deployment.shards):
            await shard.create_job({"job_id": "five", "concurrency": {"key": "five", "limit": 5}})
            await shard.create_job({"job_id": "rated", "rate": {"key": "api", "per_minute": PER_MINUTE}})
            await shard.link.call("RPUSH", shard.keys.starts("rate:api"), *earlier[number::3])
        fleet.start("scheduler")
        fleet.start("worker", 2, WORKER_CONCURRENCY="8")
        # Most of the work is in one shard, so shares move to it, and back for the work of the others.
        for number, shard in enumerate(deployment.shards):
            await shard.submit_work(80 if number == 1 else 10, duration_ms=150, keyed=False, key="five")
            await shard.submit_work(30 if number == 1 else 3, duration_ms=10, keyed=False, key="|api")
        frozen: list[Service] = []
        async for turn in every(1.6, kills):
            victim = next(each for each in fleet.alive("scheduler") if each not in frozen)
            # One that was frozen goes on with what it knew, and others have moved shares since.
            act = fleet.stop if turn % 2 else fleet.kill
            act(victim)
            fleet.start("scheduler")
            while frozen:
                fleet.resume(frozen.pop())
            if turn % 2:
                frozen.append(victim)
        while frozen:
            fleet.resume(frozen.pop())
        await wait_until_async(lambda: _has_started(deployment, "|api", PER_MINUTE), 60, "the rate is used")
        await wait_until_async(lambda: _has_started(deployment, "five", 100), 60, "the key's runs have ended")
        await deployment.check_limit("five", 5)
        began = [int(run["started"]) for run in await deployment.runs("|api") if "started" in run]
        windows = [sum(first <= each < first + WINDOW_MS for each in [*earlier, *began]) for first in earlier]
        assert max(windows) <= PER_MINUTE
        moved = [await shard.link.hash(shard.keys.limit_shares) for shard in deployment.shards]
        figures(f"{kills} killed or frozen; fullest window {max(windows)} of {PER_MINUTE}; shares {moved}")


async def _has_started(deployment: ShardedDeployment, key: str, count: int) -> bool:
    """Return whether so many runs with a key have started."""
    return sum("started" in run for run in await deployment.runs(key)) >= count


async def _more_work(deployment: ShardedDeployment, shards: list[int]) -> None:
    """Submit work in these shards, which has to start although another one is away."""
    await asyncio.gather(
        *(deployment.shards[number].submit_work(10, duration_ms=20, keyed=False) for number in shards)
    )
