"""Each shard hears each process; the first one alone tells of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from app.core.activity.heartbeat import Heartbeat, HeartbeatGroup, Heartbeats
from tests.support.queue.sharded import Sharded

if TYPE_CHECKING:
    from app.core.clock import SystemClock
    from app.core.config import Settings
    from app.core.redis_client import RedisLink


async def test_a_process_is_reported_once(link: RedisLink, clock: SystemClock, settings: Settings) -> None:
    """All shards list the process, and the events of its start and end are in the first one."""
    sharded = await Sharded.open(link, clock, settings, 2)
    beats = [
        Heartbeat(shard.scripts, clock, settings, service="worker", instance="worker-1", state=dict)
        for shard in sharded.shards
    ]
    for beat in beats:
        await beat.beat()
    for shard in sharded.shards:
        [found] = await Heartbeats(link, shard.keys, settings).instances("worker")
        assert found.instance == "worker-1"
    stopped = asyncio.Event()
    stopped.set()
    await HeartbeatGroup(beats).run(stopped)
    first, second = [[event.type for event in await driver.events()] for driver in sharded.drivers]
    assert (first, second) == (["service.up", "service.down"], [])
    assert not await sharded.close()
