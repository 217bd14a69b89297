"""MAX_QUEUE_DEPTH over three shards: it is one limit of the deployment."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence

import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.errors import QueueFull
from app.core.queue import Queue, open_queue
from app.core.queue.producer import EnqueueResult
from app.core.storage.link import RedisLink
from app.core.storage.shards import shard_of_job
from tests.support.queue.queue_driver import QueueDriver
from tests.support.shards import QueueOfAll

MOST = 300
JOBS = [next(f"job-{n}" for n in range(100) if shard_of_job(f"job-{n}", 3) == shard) for shard in range(3)]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"max_queue_depth": MOST})


@pytest.fixture
def driver(queue: Queue) -> QueueDriver:
    return QueueDriver(queue)


async def found(queue: Queue, driver: QueueDriver, jobs: Sequence[str]) -> Counter[str]:
    """Submit a run of each of these jobs at once; return the words, FULL for a refusal."""
    asked = [queue.enqueue(driver.new_run(job)) for job in jobs]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert all(isinstance(each, EnqueueResult | QueueFull) for each in answers), answers
    return Counter(each.word if isinstance(each, EnqueueResult) else "FULL" for each in answers)


async def waiting(driver: QueueDriver) -> int:
    return (await driver.queue.stats()).waiting_for_keys + sum(
        lane.waiting for lane in (await driver.queue.stats()).lanes.values()
    )


async def test_one_shard_may_use_the_whole_limit(queue: QueueOfAll, driver: QueueDriver) -> None:
    """All room goes to one job if nothing else waits; then every shard refuses, until a run starts."""
    assert await found(queue, driver, [JOBS[1]] * (MOST + 40)) == {"OK": MOST, "FULL": 40}
    assert await found(queue, driver, JOBS) == {"FULL": 3}
    await queue.each()[1].claim("w1", 1, "worker-w1", 2, {"high": 2, "normal": 2, "low": 2}, [], "")
    assert await found(queue, driver, [JOBS[0], JOBS[2], JOBS[0]]) == {"OK": 2, "FULL": 1}
    assert await waiting(driver) == MOST


async def test_producers_of_all_shards_share_the_limit(
    link: RedisLink, clock: SystemClock, settings: Settings, queue: Queue, driver: QueueDriver
) -> None:
    """Three processes that submit at once, to all shards, pass it by little, and fill it."""
    del queue
    producers = [open_queue(link, clock, settings) for _ in range(3)]
    for turn in range(12):
        jobs = [JOBS[(turn + at) % 3] for at in range(MOST // 20)]
        await asyncio.gather(*(found(each, driver, jobs) for each in producers))
    assert MOST <= await waiting(driver) <= MOST * 1.01 + len(producers) * 3


async def test_without_a_limit_no_shard_is_asked(
    link: RedisLink, clock: SystemClock, settings: Settings, queue: Queue, driver: QueueDriver
) -> None:
    """0 lifts it: a submission is one round trip."""
    del queue
    free = open_queue(link, clock, settings.model_copy(update={"max_queue_depth": 0}))
    await found(free, driver, [JOBS[0]])
    before = link.round_trips
    assert await found(free, driver, [JOBS[0]]) == {"OK": 1}
    assert link.round_trips - before == 1
