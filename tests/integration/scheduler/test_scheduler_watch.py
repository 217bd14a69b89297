from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from app.core.activity.events import Alarms, Events
from app.core.clock import SystemClock, from_ms
from app.core.i18n import render
from app.core.memory.usage import KINDS, MEGABYTE, MemoryUsage, usage_fields
from app.core.redis_client import RedisLink
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from app.services.scheduler.self_monitor import MemoryAlarm, SelfMonitor
from tests.support.fake_clock import FakeClock

NOON = 1_740_830_400_000


@dataclass
class FakeServer:
    """Returns prepared TIME and INFO: a real server's clock and memory cannot be changed in a test."""

    now_ms: int = NOON
    used: int = 10
    limit: int = 0
    extra: dict[str, Any] = field(default_factory=dict[str, Any])

    async def calls(self, commands: list[tuple[Any, ...]]) -> list[Any]:
        assert commands == [("TIME",), ("INFO", "memory")]
        memory = f"# Memory\r\nused_memory:{self.used}\r\nmaxmemory:{self.limit}\r\n"
        return [[str(self.now_ms // 1000), str(self.now_ms % 1000 * 1000)], memory]


class Bench:
    def __init__(self, link: RedisLink, scripts: Scripts) -> None:
        self.server, self.clock = FakeServer(), FakeClock(from_ms(NOON))
        self.turned_back = 0
        self.events = Events(link, scripts.keys)
        alarms = Alarms(scripts)
        self.scripts = scripts
        self.memory = MemoryAlarm(link, scripts.keys, alarms, 512 * MEGABYTE)
        self.watch = SelfMonitor(
            self.server,  # pyright: ignore[reportArgumentType]
            alarms,
            self.clock,
            "host",
            went_back=self._went_back,
            memory=self.memory,
        )

    async def _went_back(self, redis_ms: int) -> None:
        assert redis_ms == self.server.now_ms
        self.turned_back += 1

    async def look(self, seconds: float = 10.0, redis_seconds: float | None = None) -> None:
        """Let time pass, Redis' clock by another amount if so said, and look."""
        self.clock.advance(seconds)
        self.server.now_ms += round((seconds if redis_seconds is None else redis_seconds) * 1000)
        await self.watch.check()

    def set_own_clock(self, by_ms: int) -> None:
        """Turn this machine's wall clock, as its administrator would."""
        self.clock._now_ms += by_ms

    async def store_usage(self, history_mb: int) -> None:
        """Let the estimate say that history, older than an hour, is all that this deployment has."""
        size = history_mb * MEGABYTE
        kinds = {**dict.fromkeys(KINDS, 0), "history": size}
        fields = usage_fields(MemoryUsage(NOON, kinds, size, size, 1_000))
        await self.scripts.run("deployment/store_memory", *fields)

    async def reported(self) -> list[tuple[str, str]]:
        events = (await self.events.find(100)).items
        return [(event.data["name"], event.data["state"]) for event in events]


@pytest.fixture
def bench(link: RedisLink, scripts: Scripts) -> Bench:
    return Bench(link, scripts)


async def test_clocks_that_agree_raise_nothing(bench: Bench) -> None:
    """An ordinary day has no alarms, and neither has a skew below two seconds."""
    bench.server.now_ms += 1_900
    for _ in range(5):
        await bench.look()
    assert await bench.reported() == []


@pytest.mark.parametrize("skew_ms", [-2_500, 2_500])
async def test_skew_raises_an_alarm_and_clears_it(bench: Bench, skew_ms: int) -> None:
    """More than two seconds, seen twice: one alarm; and its end once they agree."""
    bench.set_own_clock(skew_ms)
    for _ in range(4):
        await bench.look()
    assert await bench.reported() == [("clock_skew:host", "raised")]
    bench.set_own_clock(-skew_ms)
    await bench.look()
    assert (await bench.reported())[1:] == [("clock_skew:host", "cleared")]


async def test_one_odd_reading_is_no_alarm(bench: Bench) -> None:
    """A process that was stopped between its two clocks reads nonsense once."""
    await bench.look()
    bench.set_own_clock(5_000)
    await bench.look()
    bench.set_own_clock(-5_000)
    await bench.look()
    assert await bench.reported() == []


async def test_clock_that_went_back_is_reported_and_acted_on(bench: Bench) -> None:
    """An hour back: an alarm at once, and the next fires are checked."""
    await bench.look()
    await bench.look(redis_seconds=10 - 3600)
    assert bench.turned_back == 1
    assert ("clock_went_back", "raised") in await bench.reported()
    await bench.look()
    assert bench.turned_back == 1
    assert ("clock_went_back", "cleared") in await bench.reported()


async def test_clock_that_leaps_ahead_is_no_step_back(bench: Bench) -> None:
    """A jump forward is a misfire at most; a sleeping laptop looks like this too."""
    await bench.look()
    await bench.look(redis_seconds=3600)
    assert bench.turned_back == 0


async def test_nearly_full_memory_raises_an_alarm_before_runs_are_refused(bench: Bench) -> None:
    """Above 80 % twice: one alarm with figures and steps; none at 95 %, and it ends with a margin."""
    bench.server.limit, bench.server.used = 1_000 * MEGABYTE, 810 * MEGABYTE
    await bench.look()
    assert await bench.reported() == []
    await bench.look()
    text = str((await bench.events.find(10)).items[0].data["text"])
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
    assert await bench.reported() == [("redis_memory", "raised")]
    bench.server.used = 700 * MEGABYTE
    await bench.look()
    assert (await bench.reported())[1:] == [("redis_memory", "cleared")]


async def test_redis_without_a_limit_is_never_full(bench: Bench) -> None:
    """Maxmemory 0 means none."""
    bench.server.used = 10**12
    await bench.look()
    await bench.look()
    assert await bench.reported() == []


async def test_memory_that_others_fill_is_one_alarm_with_figures(bench: Bench) -> None:
    """At 80 % with 12 MB of ours: one alarm that names both; it stays one at 95 %, and ends with a margin."""
    await bench.store_usage(history_mb=12)
    bench.server.limit, bench.server.used = 1_000 * MEGABYTE, 800 * MEGABYTE
    await bench.look()
    await bench.look()
    bench.server.used = 950 * MEGABYTE
    await bench.look()
    bench.server.used = 740 * MEGABYTE
    await bench.look()
    assert await bench.reported() == [("redis_memory", "raised")]
    text = (await bench.events.find(10)).items[0].data["text"]
    assert "Redis is 80% full (800 MB of 1,000 MB; this deployment uses 12 MB (history 12 MB)" in text
    assert "everything else 788 MB" in text
    bench.server.used = 700 * MEGABYTE
    await bench.look()
    assert (await bench.reported())[1:] == [("redis_memory", "cleared")]


async def test_memory_that_old_history_fills_is_no_alarm(bench: Bench) -> None:
    """Removing history makes room; the alarm `history_purged` reports it."""
    await bench.store_usage(history_mb=400)
    bench.server.limit, bench.server.used = 1_000 * MEGABYTE, 800 * MEGABYTE
    await bench.look()
    await bench.look()
    assert await bench.reported() == []


async def test_large_neighbour_without_a_limit_is_one_alarm(bench: Bench) -> None:
    """600 MB of another application in a server without `maxmemory`."""
    await bench.store_usage(history_mb=12)
    bench.server.used = 612 * MEGABYTE
    for _ in range(3):
        await bench.look()
    assert await bench.reported() == [("redis_memory", "raised")]


async def test_watch_reads_a_real_server(link: RedisLink, scripts: Scripts, keys: Keys) -> None:
    """The figures have the names that self-monitoring reads."""

    async def went_back(_redis_ms: int) -> None:
        pytest.fail("the clock of a real server does not go back")

    memory = MemoryAlarm(link, keys, Alarms(scripts), 512 * MEGABYTE)
    watch = SelfMonitor(link, Alarms(scripts), SystemClock(), "host", went_back=went_back, memory=memory)
    await watch.check()
    await watch.check()
    assert (await Events(link, keys).find(10)).items == []
