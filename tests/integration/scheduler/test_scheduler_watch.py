from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from app.core.activity.events import Events
from app.core.clock import SystemClock, from_ms
from app.core.incidents.store import IncidentStore
from app.core.redis_client import RedisLink
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from app.services.scheduler.self_monitor import SelfMonitor
from tests.support.fake_clock import FakeClock

NOON = 1_740_830_400_000


@dataclass
class FakeServer:
    """Returns a prepared TIME: a real server's clock cannot be changed in a test."""

    now_ms: int = NOON

    async def call(self, *command: Any) -> Any:
        assert command == ("TIME",)
        return [str(self.now_ms // 1000), str(self.now_ms % 1000 * 1000)]


class Bench:
    def __init__(self, link: RedisLink, scripts: Scripts) -> None:
        self.server, self.clock = FakeServer(), FakeClock(from_ms(NOON))
        self.turned_back = 0
        self.events = Events(link, scripts.keys)
        incidents = IncidentStore(link, scripts, scripts.keys, SystemClock())
        self.watch = SelfMonitor(
            self.server,  # pyright: ignore[reportArgumentType]
            incidents,
            self.clock,
            "host",
            went_back=self._went_back,
        )

    async def _went_back(self, redis_ms: int, back_ms: int) -> None:
        assert redis_ms == self.server.now_ms
        self.turned_back += 1

    async def look(self, seconds: float = 10.0, redis_seconds: float | None = None) -> None:
        """Let time pass, Redis' clock by another amount if so said, and look."""
        self.clock.advance(seconds)
        self.server.now_ms += round((seconds if redis_seconds is None else redis_seconds) * 1000)
        await self.watch.check()

    def set_own_clock(self, by_ms: int) -> None:
        """Turn this machine's wall clock, as its administrator would."""
        self.clock.jump(by_ms / 1000)

    async def reported(self) -> list[tuple[str, str]]:
        events = (await self.events.find(100)).items
        return [(event.data["subject"], event.type) for event in events]


@pytest.fixture
def bench(link: RedisLink, scripts: Scripts) -> Bench:
    return Bench(link, scripts)


async def test_clocks_that_agree_raise_nothing(bench: Bench) -> None:
    """An ordinary day has no incidents, and neither has a skew below two seconds."""
    bench.server.now_ms += 1_900
    for _ in range(5):
        await bench.look()
    assert await bench.reported() == []


@pytest.mark.parametrize("skew_ms", [-2_500, 2_500])
async def test_skew_opens_an_incident_and_closes_it(bench: Bench, skew_ms: int) -> None:
    """More than two seconds, seen twice: one incident; it ends once they agree."""
    bench.set_own_clock(skew_ms)
    for _ in range(4):
        await bench.look()
    assert await bench.reported() == [("host", "incident.opened")]
    bench.set_own_clock(-skew_ms)
    await bench.look()
    assert (await bench.reported())[1:] == [("host", "incident.closed")]


async def test_one_odd_reading_is_no_incident(bench: Bench) -> None:
    """A process that was stopped between its two clocks reads nonsense once."""
    await bench.look()
    bench.set_own_clock(5_000)
    await bench.look()
    bench.set_own_clock(-5_000)
    await bench.look()
    assert await bench.reported() == []


async def test_clock_that_went_back_is_reported_and_acted_on(bench: Bench) -> None:
    """An hour back: an incident at once, and the next fires are checked."""
    await bench.look()
    await bench.look(redis_seconds=10 - 3600)
    assert bench.turned_back == 1
    assert ("Redis", "incident.opened") in await bench.reported()
    await bench.look()
    assert bench.turned_back == 1
    assert ("Redis", "incident.closed") in await bench.reported()


async def test_clock_that_leaps_ahead_is_no_step_back(bench: Bench) -> None:
    """A jump forward is a misfire at most; a sleeping laptop looks like this too."""
    await bench.look()
    await bench.look(redis_seconds=3600)
    assert bench.turned_back == 0


async def test_watch_reads_a_real_server(link: RedisLink, scripts: Scripts, keys: Keys) -> None:
    """The figures have the names that self-monitoring reads."""

    async def went_back(_redis_ms: int, _back_ms: int) -> None:
        pytest.fail("the clock of a real server does not go back")

    clock = SystemClock()
    incidents = IncidentStore(link, scripts, keys, clock)
    watch = SelfMonitor(link, incidents, clock, "host", went_back=went_back)
    await watch.check()
    await watch.check()
    assert (await Events(link, keys).find(10)).items == []
