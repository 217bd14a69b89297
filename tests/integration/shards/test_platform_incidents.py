"""One cause that hits several shards is one incident and one message, in the first shard."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.alerting.platform_incidents import PlatformIncidents
from app.core.alerting.routes import NO_RECIPIENT, UNDELIVERED
from app.core.alerting.self_watch import SelfWatch
from app.core.alerting.shards_away import ANSWER_SEC, LASTING_SEC, ShardsAway
from app.core.config import Settings
from app.core.incidents.models import IncidentKind, IncidentRecord, TimelineKind
from app.core.incidents.titles import record_title
from app.core.messaging.outbox import Outbox, OutboxState, Settlement
from app.core.models import JobSpec
from app.core.queue import Queue
from app.core.redis_client import RedisLink
from app.core.storage.discovery import parse_target
from app.core.storage.scripts import Scripts
from app.core.storage.shards import Shard, ShardSet, shard_of_job
from tests.support.alerting import OPS, AlarmDesk, beat
from tests.support.fake_clock import FakeClock
from tests.support.queue.queue_driver import QueueDriver

SERVICES = ("scheduler", "worker", "connector")
STATE = '{"types": ["test.noop"], "concurrency": 2, "running": []}'
JOBS = [next(f"job-{n}" for n in range(100) if shard_of_job(f"job-{n}", 3) == shard) for shard in range(3)]


class Watched:
    """The self-watch and the sender of alarms of each shard, with the time of the test."""

    def __init__(self, shards: ShardSet, desk: AlarmDesk, settings: Settings) -> None:
        self.shards, self.desk = shards, desk
        self.clock = FakeClock(desk.clock.now())
        self.watches = [
            SelfWatch(each.link, each.scripts, self.clock, settings, "api-1-1-aa", shards) for each in shards
        ]
        self.senders = [desk.new_sender(each, shards) for each in shards]

    async def passes(self, seconds: float) -> None:
        """Let time pass in which all services beat; look, and send what is due."""
        for _ in range(round(seconds / 2.5)):
            self.clock.advance(2.5)
            for shard, watch in zip(self.shards, self.watches, strict=True):
                await beat(shard.scripts, *SERVICES, state=STATE)
                await watch.look()
        for watch in self.watches:
            await watch.watch_services()
        await self.alarms()

    async def alarms(self) -> None:
        for _turn in range(2):
            for sender in self.senders:
                await sender.work()
            self.desk.ahead_ms += 1_100

    async def settle(self, state: Settlement = OutboxState.DELIVERED) -> None:
        """Let the channel treat the messages of all shards."""
        whole = self.desk.outbox
        for each in self.shards:
            self.desk.outbox = Outbox(each.link, each.scripts, each.keys, self.desk.clock)
            await self.desk.settle(state)
        self.desk.outbox = whole

    async def incidents(self) -> list[IncidentRecord]:
        return (await self.desk.incidents.list()).items

    async def texts(self) -> list[str]:
        return await self.desk.texts(OPS.account)


@pytest.fixture
async def watched(
    shards: ShardSet, link: RedisLink, scripts: Scripts, settings: Settings, queue: Queue
) -> Watched:
    del queue
    english = settings.model_copy(update={"message_language": "en"})
    desk = AlarmDesk(link, scripts, english)
    await desk.account()
    await desk.default.put(OPS, "test")
    return Watched(shards, desk, english)


async def back_up(shard: Shard, run_id: str, since_ms: int) -> None:
    """Let a run wait since an instant, as if no worker took it."""
    [[entry, _fields]] = await shard.link.call("XRANGE", shard.keys.ready("normal"), "-", "+")
    await shard.link.call("XDEL", shard.keys.ready("normal"), entry)
    await shard.link.call("HSET", shard.keys.run(run_id), "queued", since_ms, "entry", f"{since_ms}-0")


async def test_queues_of_all_shards_are_one_incident(watched: Watched, queue: Queue) -> None:
    """It names the shards, is sent once, and ends once, with the last of them."""
    driver = QueueDriver(queue)
    runs = [await driver.enqueue(job) for job in JOBS]
    ago = await driver.now_ms() - 180_000
    for shard, run_id in zip(watched.shards, runs, strict=True):
        await back_up(shard, run_id, ago)
    for _ in range(3):
        await watched.passes(5)
    [incident] = await watched.incidents()
    assert (incident.key, incident.closed_at) == ("queue_stuck", None)
    assert incident.cause.startswith("Shard 0, 1, 2: Slots are free")
    for run_id in runs[:2]:
        await queue.cancel(run_id)
    await watched.settle()
    await watched.passes(5)
    await watched.passes(5)
    [incident] = await watched.incidents()
    assert (incident.closed_at, incident.cause[:9]) == (None, "Shard 2: ")
    await queue.cancel(runs[2])
    for _ in range(2):
        await watched.passes(5)
        await watched.settle()
    [incident] = await watched.incidents()
    assert [each.what for each in incident.timeline].count(TimelineKind.CLOSED) == 1
    assert [each.phase for each in incident.deliveries] == ["opened", "recovered"]
    assert len(await watched.texts()) == 2


async def test_a_type_that_no_worker_has_is_one_incident(watched: Watched, queue: Queue) -> None:
    """It names a job of each shard, and the page of each of these jobs shows it."""
    driver = QueueDriver(queue)
    for job_id in JOBS:
        await watched.desk.jobs.create(JobSpec(job_id=job_id, type="shop.sync"), actor="ana", origin="test")
        await driver.enqueue(job_id, type="shop.sync")
    await watched.passes(2.5)
    await watched.passes(20)
    await watched.passes(5)
    [incident] = await watched.incidents()
    assert (incident.key, sorted(incident.jobs)) == ("no_worker:shop.sync", sorted(JOBS))
    for job_id in JOBS:
        assert [each.id for each in (await watched.desk.incidents.list(job_id=job_id)).items] == [incident.id]
    assert len(await watched.texts()) == 1


async def test_a_redis_that_is_away_is_one_incident(watched: Watched, settings: Settings) -> None:
    """After a while it opens, names the shards while more go, and ends when all answer again."""
    home = watched.shards.home
    gone = [
        replace(shard, link=RedisLink(parse_target("redis://127.0.0.1:1/0", "k"), shard.keys, settings, 0.05))
        for shard in watched.shards.shards[1:]
    ]
    clock = FakeClock(watched.desk.clock.now())
    incidents = PlatformIncidents(home, watched.desk.clock, 0, 3)
    away = ShardsAway(incidents, watched.shards, clock.monotonic)

    async def look(*now: Shard) -> None:
        away._shards = ShardSet(now)
        await away.check()
        clock.advance(LASTING_SEC)
        await away.check()
        await watched.alarms()

    one, two = watched.shards[1], watched.shards[2]
    away._shards = ShardSet([home, gone[0], two])
    await away.check()
    assert await watched.incidents() == []
    await look(home, gone[0], two)
    await look(home, gone[0], gone[1])
    [incident] = await watched.incidents()
    assert (incident.kind, incident.closed_at) == (IncidentKind.SHARD_AWAY, None)
    assert incident.cause == "Redis of shard 1, 2 does not answer: its jobs wait."
    assert str(record_title(incident)) == "A Redis does not answer: the jobs of its shard wait"
    await watched.settle()
    await look(home, one, gone[1])
    assert (await watched.incidents())[0].closed_at is None
    for _ in range(2):
        await look(home, one, two)
        await watched.settle()
    [incident] = await watched.incidents()
    assert incident.closed_at is not None
    assert (len(await watched.texts()), ANSWER_SEC < LASTING_SEC) == (2, True)


async def test_messages_of_all_shards_count_for_their_recipient(watched: Watched) -> None:
    """After five messages within a minute the sixth waits, whatever the shards of their incidents."""
    for number in range(6):
        job_id = f"shop-{number}"
        await watched.desk.job(job_id)
        await watched.desk.open(f"monitor:{job_id}", job_id=job_id)
        for sender in watched.senders:
            await sender.work()
    assert len({shard_of_job(f"shop-{number}", 3) for number in range(5)}) > 1
    assert len(await watched.texts()) == 5
    watched.desk.ahead_ms += 11_000
    await watched.alarms()
    assert len(await watched.texts()) == 6


async def test_alarms_that_reach_no_person_are_one_incident(watched: Watched) -> None:
    """Alarms of all shards without a recipient open one incident, which ends for all once there is one."""
    await watched.desk.default.clear()
    for job_id in JOBS:
        await watched.desk.job(job_id)
        await watched.desk.open(f"monitor:{job_id}", job_id=job_id)
    await watched.alarms()
    of_alarms = [each for each in await watched.incidents() if each.key == NO_RECIPIENT]
    assert [each.closed_at for each in of_alarms] == [None]
    await watched.desk.default.put(OPS, "test")
    await watched.desk.incidents.close(f"monitor:{JOBS[2]}")
    await watched.alarms()
    of_alarms = [each for each in await watched.incidents() if each.key == NO_RECIPIENT]
    assert [each.closed_at is None for each in of_alarms] == [False]


async def test_alarms_that_fail_in_several_shards_are_one_incident(watched: Watched) -> None:
    """Alarms of two shards that no recipient got open one incident, and one that arrives ends it."""
    for job_id in JOBS[1:]:
        await watched.desk.job(job_id)
        await watched.desk.open(f"monitor:{job_id}", job_id=job_id)
    await watched.alarms()
    await watched.settle(OutboxState.FAILED)
    await watched.alarms()
    of_alarms = [each for each in await watched.incidents() if each.key == UNDELIVERED]
    assert [each.closed_at for each in of_alarms] == [None]
    await watched.desk.job(JOBS[0])
    await watched.desk.open(f"monitor:{JOBS[0]}", job_id=JOBS[0])
    await watched.alarms()
    await watched.settle()
    await watched.alarms()
    of_alarms = [each for each in await watched.incidents() if each.key == UNDELIVERED]
    assert [each.closed_at is None for each in of_alarms] == [False]
