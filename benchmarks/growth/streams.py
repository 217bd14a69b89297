"""The event stream with 1 to 2,000 clients."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from benchmarks.event_stream import Follower, followers_of, hand_in
from benchmarks.growth.server import growth_server
from benchmarks.measure import cpu_seconds, percentile, resident_mb
from benchmarks.subject import started, wait_for
from benchmarks.web import OURS, ApiClient

if TYPE_CHECKING:
    from benchmarks.growth.line import Lines
    from benchmarks.growth.scale import Scale

CLIENTS = (1, 10, 100, 500, 2_000)
_SEEN_SEC, _SETTLE_SEC, _EVENTS, _QUICK_EVENTS = 60.0, 1.0, 200, 60
_LIMITS = {
    "MAX_EVENT_STREAMS": "4000",
    "MAX_EVENT_STREAMS_PER_KEY": "4000",
    "MAX_CONNECTIONS": "8000",
    "MAX_CONNECTIONS_PER_PEER": "8000",
}


async def streams(scale: Scale, lines: Lines) -> None:
    """Let the clients follow 20 runs a second: the API's CPU and memory, and the delay of an event."""
    count = _QUICK_EVENTS if scale.quick else _EVENTS
    for size in CLIENTS:
        async with growth_server() as server:
            platform, client = server.platform, ApiClient(OURS)
            with started([client.command], {**platform.environment(), **_LIMITS}) as processes:
                await client.ready(processes)
                pid = processes[0].pid
                followers: list[Follower] = await followers_of(client, size)

                async def all_begun(followers: list[Follower] = followers) -> bool:
                    return all(follower.begun for follower in followers)

                async def all_seen(followers: list[Follower] = followers) -> bool:
                    return all(len(follower.late_ms) >= count for follower in followers)

                await wait_for(all_begun, processes, _SEEN_SEC)
                await asyncio.sleep(_SETTLE_SEC)
                idle = await server.idle(scale.seconds(10, 4), {"the API": pid})
                used = cpu_seconds(pid)
                await hand_in(platform, count)
                await wait_for(all_seen, processes, _SEEN_SEC)
                used = cpu_seconds(pid) - used
                late = [each for follower in followers for each in follower.late_ms]
                lines.add(
                    size,
                    {
                        ("API CPU for an event", "µs"): used / count * 1e6,
                        ("API CPU for a message", "µs"): used / count / size * 1e6,
                        ("event to last byte, p50", "ms"): percentile(late, 0.5),
                        ("event to last byte, p99", "ms"): percentile(late, 0.99),
                        ("memory of the API", "MB"): resident_mb(pid),
                        **idle,
                    },
                )
                for follower in followers:
                    follower.close()
                await client.close()
