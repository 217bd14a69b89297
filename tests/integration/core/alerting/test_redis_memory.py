"""The incident of Redis' memory: when it opens, what it says, when it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from app.core.alerting.redis_memory import RedisMemoryWatch
from app.core.i18n import render
from app.core.incidents.store import IncidentStore
from app.core.memory.usage import KINDS, MEGABYTE, MemoryUsage, parse_server_memory, usage_fields

if TYPE_CHECKING:
    from app.core.clock import SystemClock
    from app.core.redis_client import RedisLink
    from app.core.storage.scripts import Scripts


@dataclass
class FakeServer:
    """The memory of a server, which cannot be chosen on a real one."""

    used: int = 10
    limit: int = 0


class Bench:
    def __init__(self, link: RedisLink, scripts: Scripts, clock: SystemClock) -> None:
        self.server, self.scripts = FakeServer(), scripts
        self.incidents = IncidentStore(link, scripts, scripts.keys, clock)
        self._watch = RedisMemoryWatch(link, scripts.keys, self.incidents, 512 * MEGABYTE)

    async def look(self) -> None:
        info = f"# Memory\r\nused_memory:{self.server.used}\r\nmaxmemory:{self.server.limit}\r\n"
        await self._watch.check(parse_server_memory(info))

    async def store_usage(self, history_mb: int) -> None:
        """Let the estimate say that history, older than an hour, is all that this deployment has."""
        size = history_mb * MEGABYTE
        kinds = {**dict.fromkeys(KINDS, 0), "history": size}
        await self.scripts.run(
            "deployment/store_memory", *usage_fields(MemoryUsage(1, kinds, size, size, 1_000))
        )

    async def reported(self) -> list[tuple[str, bool]]:
        """Return the keys of all incidents, each with whether it is open."""
        return [(each.key, each.is_open) for each in (await self.incidents.list()).items]

    async def cause(self) -> str:
        [incident] = (await self.incidents.list("open")).items
        return incident.cause


@pytest.fixture
def bench(link: RedisLink, scripts: Scripts, clock: SystemClock) -> Bench:
    return Bench(link, scripts, clock)


async def test_nearly_full_memory_opens_an_incident_before_runs_are_refused(bench: Bench) -> None:
    """Above 80 % twice: one incident with figures and steps; none at 95 %, and it ends with a margin."""
    bench.server.limit, bench.server.used = 1_000 * MEGABYTE, 810 * MEGABYTE
    await bench.look()
    assert await bench.reported() == []
    await bench.look()
    text = await bench.cause()
    for words in (
        "Redis is 81% full (810 MB of 1,000 MB)",
        "refused from 90% on",
        "REDIS_MAXMEMORY_MB, then",
    ):
        assert words in text
    for kata in ("Redis terisi 81%", "lalu mulai ulang", "RETENTION_MAX_MB atau RETENTION_DAYS"):
        assert kata in render(text, "id")
    for used in (950, 790):
        bench.server.used = used * MEGABYTE
        await bench.look()
    assert await bench.reported() == [("redis_memory", True)]
    bench.server.used = 700 * MEGABYTE
    await bench.look()
    assert await bench.reported() == [("redis_memory", False)]


async def test_redis_without_a_limit_is_never_full(bench: Bench) -> None:
    """Maxmemory 0 means none."""
    bench.server.used = 10**12
    await bench.look()
    await bench.look()
    assert await bench.reported() == []


async def test_memory_that_others_fill_is_one_incident_with_figures(bench: Bench) -> None:
    """At 80 % with 12 MB of ours: one incident names both; it stays one at 95 %, and ends with a margin."""
    await bench.store_usage(history_mb=12)
    bench.server.limit, bench.server.used = 1_000 * MEGABYTE, 800 * MEGABYTE
    await bench.look()
    await bench.look()
    bench.server.used = 950 * MEGABYTE
    await bench.look()
    bench.server.used = 740 * MEGABYTE
    await bench.look()
    assert await bench.reported() == [("redis_memory", True)]
    text = await bench.cause()
    assert "Redis is 80% full (800 MB of 1,000 MB; this deployment uses 12 MB (history 12 MB)" in text
    assert "everything else 788 MB" in text
    bench.server.used = 700 * MEGABYTE
    await bench.look()
    assert await bench.reported() == [("redis_memory", False)]


async def test_memory_that_old_history_fills_is_no_incident(bench: Bench) -> None:
    """Removing history makes room; the incident `history_purged` reports it."""
    await bench.store_usage(history_mb=400)
    bench.server.limit, bench.server.used = 1_000 * MEGABYTE, 800 * MEGABYTE
    await bench.look()
    await bench.look()
    assert await bench.reported() == []


async def test_large_neighbour_without_a_limit_is_one_incident(bench: Bench) -> None:
    """600 MB of another application in a server without `maxmemory`."""
    await bench.store_usage(history_mb=12)
    bench.server.used = 612 * MEGABYTE
    for _ in range(3):
        await bench.look()
    assert await bench.reported() == [("redis_memory", True)]
