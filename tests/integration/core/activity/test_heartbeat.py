from __future__ import annotations

import asyncio
import os
from typing import Any

import pytest

from app.core.activity.events import Events
from app.core.activity.heartbeat import Heartbeat, Heartbeats
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.redis_client import RedisLink
from app.core.storage.connection import time_ms
from app.core.storage.scripts import Scripts
from app.core.system import PREVIOUS_END
from tests.support.waiting import wait_until_async

SERVICE = "worker"


class Bench:
    """Heartbeats by name, and what came of them."""

    def __init__(self, link: RedisLink, scripts: Scripts, clock: SystemClock, settings: Settings) -> None:
        self.link, self.scripts, self.keys, self.clock = link, scripts, scripts.keys, clock
        self.settings = settings.model_copy(update={"heartbeat_sec": 2.0})
        self.reader = Heartbeats(link, self.keys, self.settings)

    def beat_of(self, instance: str, state: dict[str, Any] | None = None) -> Heartbeat:
        return Heartbeat(
            self.scripts,
            self.clock,
            self.settings,
            service=instance.split("-", maxsplit=1)[0],
            instance=instance,
            state=lambda: state or {},
        )

    async def now_ms(self) -> int:
        return time_ms(await self.link.call("TIME"))

    async def age(self, instance: str, seconds: float) -> None:
        """Let an instance's last heartbeat be so many seconds ago (negative: ahead)."""
        await self.link.call(
            "ZADD", self.keys.instances, await self.now_ms() - round(seconds * 1000), instance
        )

    async def reported(self) -> list[tuple[str, str, str]]:
        events = (await Events(self.link, self.keys).find(100)).items
        return [(event.type, event.data["instance"], event.data["reason"]) for event in events]


@pytest.fixture
def bench(link: RedisLink, scripts: Scripts, clock: SystemClock, settings: Settings) -> Bench:
    return Bench(link, scripts, clock, settings)


async def test_heartbeat_says_who_lives_and_what_it_does(bench: Bench) -> None:
    """What a process says of itself is what is read back."""
    before = bench.clock.now_ms()
    await bench.beat_of("worker-h-1-aaaa", {"running": ["r1"], "draining": False}).beat()
    (info,) = await bench.reader.instances()
    assert (info.instance, info.service, info.pid) == ("worker-h-1-aaaa", "worker", os.getpid())
    assert info.state == {"running": ["r1"], "draining": False}
    assert before <= info.started_at <= bench.clock.now_ms()
    assert 0 <= info.age_ms < 60_000


async def test_instances_are_read_in_two_round_trips_and_by_service(bench: Bench) -> None:
    """However many processes there are, reading them costs the same."""
    for name in ("worker-h-1-aaaa", "worker-h-2-bbbb", "api-h-3-cccc"):
        await bench.beat_of(name).beat()
    before = bench.link.round_trips
    workers = await bench.reader.instances("worker")
    assert bench.link.round_trips - before <= 2
    assert [info.instance for info in workers] == ["worker-h-1-aaaa", "worker-h-2-bbbb"]


async def test_service_up_is_reported_once(bench: Bench) -> None:
    """Later heartbeats are no news."""
    beat = bench.beat_of("api-h-1-aaaa")
    for _ in range(3):
        await beat.beat()
    assert await bench.reported() == [("service.up", "api-h-1-aaaa", "started")]


async def test_end_of_the_replaced_process_is_reported_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exit report of the parent becomes an event of the next process, with our exit codes explained."""
    monkeypatch.setenv(PREVIOUS_END, "exit code 70")
    beat = bench.beat_of("worker-h-1-aaaa")
    await beat.beat()
    await beat.leave()
    await beat.beat()
    reported = [event for event in await bench.reported() if event[0] == "service.restarted"]
    assert reported == [
        ("service.restarted", "worker-h-1-aaaa", "exit code 70: a handler blocked the event loop")
    ]


async def test_reconnects_of_a_heartbeat_sent_again_count_once(bench: Bench) -> None:
    """Processes add up; a lost answer or an expired hash adds none."""
    field = f"reconnects|{SERVICE}"

    async def counted(total: int, before: int, instance: str = f"{SERVICE}-h-1") -> int:
        await bench.scripts.run(
            "deployment/heartbeat",
            *("service", SERVICE),
            action="beat",
            instance=instance,
            period_ms=2_000,
            lease_ms=0,
            reconnects=total,
            counted=before,
        )
        return int(await bench.link.call("HGET", bench.keys.metrics, field) or 0)

    assert await counted(0, 0) == 0
    assert [await counted(3, 0) for _ in range(2)] == [3, 3]
    assert await counted(5, 0) == 5
    await bench.link.call("DEL", bench.keys.instance(f"{SERVICE}-h-1"))
    assert await counted(6, 5) == 6
    assert await counted(1, 0, f"{SERVICE}-h-2") == 7


async def test_a_lost_connection_is_counted_by_the_next_heartbeat(bench: Bench) -> None:
    """Redis ends the connection; the link connects again, and the process reports it once."""
    beat = bench.beat_of(f"{SERVICE}-h-1")
    await beat.beat()
    own = await bench.link.call("CLIENT", "ID")
    await bench.link.call("CLIENT", "KILL", "ID", own, "SKIPME", "no")
    for _ in range(3):
        await beat.beat()
    assert bench.link.reconnects >= 1
    assert (
        int(await bench.link.call("HGET", bench.keys.metrics, f"reconnects|{SERVICE}"))
        == bench.link.reconnects
    )


async def test_leave_sent_again_tells_once(bench: Bench) -> None:
    """A clean stop takes the process off the list, and a repeat changes nothing."""
    beat = bench.beat_of("api-h-1-aaaa")
    await beat.beat()
    await beat.leave()
    await beat.leave()
    assert await bench.reader.instances() == []
    assert (await bench.reported())[1:] == [("service.down", "api-h-1-aaaa", "stopped")]


async def test_heartbeat_drops_the_silent(bench: Bench) -> None:
    """Who said nothing for six heartbeats is taken off by another, once, with an event."""
    await bench.beat_of("worker-h-1-dead").beat()
    living = bench.beat_of("api-h-2-live")
    await living.beat()
    await bench.age("worker-h-1-dead", 12.5)
    await living.beat()
    await living.beat()
    assert [info.instance for info in await bench.reader.instances()] == ["api-h-2-live"]
    assert (await bench.reported())[2:] == [("service.down", "worker-h-1-dead", "silent")]


async def test_heartbeat_keeps_who_is_late(bench: Bench) -> None:
    """Five missed heartbeats are a pause, not a death."""
    await bench.beat_of("worker-h-1-slow").beat()
    living = bench.beat_of("api-h-2-live")
    await living.beat()
    await bench.age("worker-h-1-slow", 10)
    await living.beat()
    assert len(await bench.reader.instances()) == 2


async def test_the_silent_are_not_shown_before_they_are_dropped(bench: Bench) -> None:
    """The list has only living services, even before a clean-up."""
    await bench.beat_of("worker-h-1-dead").beat()
    await bench.age("worker-h-1-dead", 13)
    assert await bench.reader.instances() == []


async def test_heartbeat_after_a_common_silence_drops_no_process(bench: Bench) -> None:
    """A laptop that slept: the first to wake does not bury the others, nor does the second."""
    names = ["worker-h-1-aaaa", "api-h-2-bbbb", "scheduler-h-3-cccc"]
    for name in names:
        await bench.beat_of(name).beat()
    for name in names:
        await bench.age(name, 3600)
    await bench.beat_of(names[0]).beat()
    await bench.beat_of(names[1]).beat()
    assert {kind for kind, _, _ in await bench.reported()} == {"service.up"}
    assert await bench.link.call("ZCARD", bench.keys.instances) == 3


async def test_heartbeat_from_the_future_is_brought_back(bench: Bench) -> None:
    """After the clock went back, a dead process does not live on until the clock has caught up."""
    await bench.beat_of("worker-h-1-dead").beat()
    await bench.age("worker-h-1-dead", -3600)
    await bench.beat_of("api-h-2-live").beat()
    score = await bench.link.call("ZSCORE", bench.keys.instances, "worker-h-1-dead")
    assert float(score) <= await bench.now_ms()


async def test_instance_forgets_itself(bench: Bench) -> None:
    """The hash has a lifetime of six heartbeats, so nothing stays of a deployment that was killed."""
    await bench.beat_of("api-h-1-aaaa").beat()
    left_ms = await bench.link.call("PTTL", bench.keys.instance("api-h-1-aaaa"))
    assert 6_000 < left_ms <= 12_000


@pytest.mark.parametrize(("instance", "kept"), [("scheduler-h-1-aaaa", 1), ("worker-h-1-aaaa", 0)])
async def test_only_a_scheduler_keeps_the_lease_clock(bench: Bench, instance: str, kept: int) -> None:
    """A worker that heartbeats without renewing leases must not hide the interruption of renewals."""
    await bench.beat_of(instance).beat()
    assert await bench.link.call("EXISTS", bench.keys.lease_clock) == kept


async def test_lease_clock_gets_its_grace_from_a_heartbeat(bench: Bench) -> None:
    """The heartbeat reads the clock before it writes it: a gap gives grace."""
    await bench.beat_of("scheduler-h-1-aaaa").beat()
    now = await bench.now_ms()
    await bench.link.call("HSET", bench.keys.lease_clock, "at", now - 60_000, "grace_until", 0)
    await bench.beat_of("scheduler-h-1-aaaa").beat()
    grace = int(await bench.link.call("HGET", bench.keys.lease_clock, "grace_until"))
    assert grace >= now + bench.settings.lease_ms


async def test_run_beats_until_stopped_and_leaves(bench: Bench) -> None:
    """The loop's whole life: on the list while it runs, off it afterwards."""
    stop = asyncio.Event()
    running = asyncio.create_task(bench.beat_of("api-h-1-aaaa").run(stop))
    await wait_until_async(lambda: bench.reader.instances("api"))
    stop.set()
    await running
    assert await bench.reader.instances() == []
