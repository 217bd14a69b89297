"""Chore claims: one scheduler at a time, with a successor."""

from __future__ import annotations

import asyncio

import pytest

from app.core.activity.claims import TaskClaims
from app.core.redis_client import RedisLink
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from app.services.scheduler.maintenance import MaintenanceTask
from tests.support.waiting import wait_until_async


@pytest.fixture
def first(scripts: Scripts) -> TaskClaims:
    return TaskClaims(scripts, "scheduler-1")


@pytest.fixture
def second(scripts: Scripts) -> TaskClaims:
    return TaskClaims(scripts, "scheduler-2")


async def test_a_chore_has_one_scheduler_at_a_time(first: TaskClaims, second: TaskClaims) -> None:
    """The holder may renew its claim; each chore has a claim of its own."""
    assert await first.take("heal", 60)
    assert not await second.take("heal", 60)
    assert await first.take("heal", 60)
    assert await second.take("purge", 60)


async def test_a_chore_that_is_given_back_is_free_at_once(first: TaskClaims, second: TaskClaims) -> None:
    """Only the holder can release it."""
    assert await first.take("heal", 60)
    await second.release("heal")
    assert not await second.take("heal", 60)
    await first.release("heal")
    assert await second.take("heal", 60)


async def test_a_chore_of_a_dead_scheduler_is_taken_over(first: TaskClaims, second: TaskClaims) -> None:
    """The claim lapses."""
    assert await first.take("heal", 0.05)
    await wait_until_async(lambda: second.take("heal", 60))


async def test_a_chore_is_done_by_one_of_three_schedulers(
    scripts: Scripts, link: RedisLink, keys: Keys
) -> None:
    """The others look whether it is free, and the next one goes on once the first has stopped."""
    done: list[int] = []
    stops = [asyncio.Event() for _ in range(3)]
    tasks = [asyncio.create_task(_chore(scripts, number, done).run(stops[number])) for number in range(3)]
    await wait_until_async(lambda: len(done) >= 5)
    holder = int((await link.call("GET", keys.chore("count")))[-1])
    assert set(done) == {holder}
    stops[holder].set()
    await tasks[holder]
    await wait_until_async(lambda: len(set(done)) == 2)
    for stop in stops:
        stop.set()
    await asyncio.gather(*tasks)


def _chore(scripts: Scripts, number: int, done: list[int]) -> MaintenanceTask:
    async def work() -> int:
        done.append(number)
        return 1

    return MaintenanceTask("count", work, each_sec=0.1, claims=TaskClaims(scripts, f"scheduler-{number}"))
