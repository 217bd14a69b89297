"""A deployment of several shards, each on a Redis of its own: one view of it for each shard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.core.queue import open_queue
from app.core.redis_client import open_link
from app.core.storage.keys import Keys
from app.core.storage.limits import USER
from tests.support.embedded_redis import EmbeddedRedis
from tests.support.faults.deployment import LIMITS, FaultDeployment, open_deployment
from tests.support.faults.ledger import beyond_limit
from tests.support.faults.redis_topologies import Topology
from tests.support.waiting import wait_until_async


@dataclass(slots=True)
class ShardedDeployment:
    """The shards as deployments that share their processes and their ledger."""

    shards: list[FaultDeployment]

    @property
    def home(self) -> FaultDeployment:
        return self.shards[0]

    async def submit_work(self, count: int, duration_ms: int, **changes: Any) -> None:
        """Enqueue so many runs in each shard; some have a key that all shards name."""
        await asyncio.gather(*(each.submit_work(count, duration_ms, **changes) for each in self.shards))

    async def at_rest(self, timeout_seconds: float) -> None:
        """Wait until every run of every shard is terminal."""
        await asyncio.gather(*(each.at_rest(timeout_seconds) for each in self.shards))

    async def check(self, *, repeats_at_most: int | None = None) -> str:
        """Assert the invariants of each shard, and the limits over all of them; return a summary."""
        text = await self.check_all(repeats_at_most=repeats_at_most)
        for key, limit in LIMITS.items():
            await self.check_limit(key, limit)
        return text

    async def check_all(self, *, repeats_at_most: int | None = None) -> str:
        """Assert the invariants of each shard alone; return a summary."""
        texts = [await each.check(repeats_at_most=repeats_at_most) for each in self.shards]
        return " | ".join(texts)

    async def check_limit(self, key: str, limit: int) -> None:
        """Assert that runs of all shards together never held a key beyond its limit."""
        attempts = self.home.ledger.runs()
        runs = await self.runs(key)
        held = [attempt for run in runs for attempt in attempts.get(run["id"], [])]
        found = beyond_limit(held, limit, self.home.fleet.disturbed)
        assert not found, f"key {USER}{key} was held beyond its limit by all shards: {found[:5]}"
        assert held, f"no run with the key {key} has started"

    async def runs(self, key: str) -> list[dict[str, str]]:
        """Return the records of the runs with a key, of all shards, each with its id."""
        return [
            {**record, "id": run_id}
            for shard in self.shards
            for run_id, record in (await shard.all_runs()).items()
            if record.get("key") == key
        ]

    async def ended(self, shard: int) -> int:
        """Return how many runs of a shard have succeeded."""
        return await self.shards[shard].status_count("success")

    async def goes_on(self, shard: int, runs: int, timeout_seconds: float) -> None:
        """Wait until so many more runs of a shard have succeeded."""
        before = await self.ended(shard)

        async def done() -> bool:
            return await self.ended(shard) >= before + runs

        await wait_until_async(done, timeout_seconds, f"{runs} more runs of shard {shard}")


@asynccontextmanager
async def open_sharded(folder: Path, count: int = 3, **changes: Any) -> AsyncGenerator[ShardedDeployment]:
    """Yield a deployment with so many shards, each on a server of its own."""
    async with AsyncExitStack() as stack:
        servers = [EmbeddedRedis(data_dir=folder / f"redis-{number}") for number in range(count)]
        for server in servers:
            server.start()
            stack.callback(server.stop)
        urls = ",".join(server.url for server in servers)
        yield await stack.enter_async_context(_opened(folder, servers, shard_urls=urls, **changes))


@asynccontextmanager
async def open_on_cluster(
    folder: Path, topology: Topology, count: int = 3, **changes: Any
) -> AsyncGenerator[ShardedDeployment]:
    """Yield a deployment whose shards are on the masters of a Cluster."""
    # Not started: the nodes of the topology replace it.
    servers = [EmbeddedRedis(folder / "none", port=1)] * count
    async with _opened(folder, servers, redis_url=topology.url, **changes) as deployment:
        yield deployment


@asynccontextmanager
async def _opened(
    folder: Path, servers: list[EmbeddedRedis], **changes: Any
) -> AsyncGenerator[ShardedDeployment]:
    async with AsyncExitStack() as stack:
        home = await open_deployment(servers[0], folder, shards=len(servers), **changes)
        stack.push_async_callback(home.link.close)
        stack.callback(home.fleet.close)
        shards = [await view_of(home, number, server) for number, server in enumerate(servers)]
        for shard in shards[1:]:
            stack.push_async_callback(shard.link.close)
        yield ShardedDeployment(shards)


async def view_of(home: FaultDeployment, number: int, server: EmbeddedRedis) -> FaultDeployment:
    """Return a deployment as one of its shards sees it."""
    if number == 0:
        return home
    settings = home.settings.of_shard(number)
    link = await open_link(settings)
    return replace(
        home,
        redis=server,
        settings=settings,
        link=link,
        keys=Keys.of(settings),
        queue=open_queue(link, home.clock, settings),
        acknowledged=[],
        unrelated=[],
        liveness=[],
        _limits_lock=asyncio.Lock(),
    )
