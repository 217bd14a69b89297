"""The limit of waiting runs over several shards, as one process of several keeps it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.core.errors import RedisUnavailable
from app.core.queue.depth_limit import DepthLimit
from app.core.storage.keys import Keys
from tests.support.fake_clock import FakeClock

FULL = ["FULL", "run", 0, ""]


class Shards:
    """Three shards whose runs are counts."""

    def __init__(self) -> None:
        self.waiting = [0, 0, 0]
        self.away = set[int]()
        self.silent = set[int]()
        self.readings = 0

    def producer(self) -> DepthLimit:
        parts = [
            SimpleNamespace(
                index=index, keys=Keys("mj", index, 3), link=SimpleNamespace(calls=self._read_of(index))
            )
            for index in range(3)
        ]
        return DepthLimit(cast("Any", parts), FakeClock())

    def _read_of(self, index: int) -> Any:
        async def calls(_commands: object) -> list[int]:
            self.readings += 1
            if index in self.silent:
                await asyncio.Event().wait()
            if index in self.away:
                raise RedisUnavailable("away")
            await asyncio.sleep(0)
            return [self.waiting[index], 0]

        return calls

    async def submit(self, producer: DepthLimit, shard: int, most: int, count: int = 1) -> int:
        """Submit runs; return how many were created."""

        async def send(rows: Sequence[Any], bound: int) -> list[Any]:
            await asyncio.sleep(0)
            answers: list[Any] = []
            for _ in rows:
                is_full = self.waiting[shard] >= bound
                self.waiting[shard] += not is_full
                answers.append(FULL if is_full else 7)
            return answers

        answers = await producer.send(shard, most, ["run"] * count, count, send)
        return answers.count(7)


@pytest.fixture
def shards() -> Shards:
    return Shards()


async def test_room_in_other_shards_is_used(shards: Shards) -> None:
    """A shard is not refused while there is room in any, and is if there is none."""
    producer = shards.producer()
    assert await shards.submit(producer, 2, 1_000, 256) == 256
    assert await shards.submit(producer, 2, 1_000, 512) == 512
    assert await shards.submit(producer, 0, 1_000, 512) == 232
    assert await shards.submit(producer, 1, 1_000) == 0
    shards.waiting[2] -= 5
    assert [await shards.submit(producer, 1, 1_000, 3) for _ in range(3)] == [3, 2, 0]


async def test_producers_at_once_pass_the_limit_by_one_percent(shards: Shards) -> None:
    """Whatever the order of five processes' submissions: at most 1 % and those under way at once pass it."""
    dice = random.Random(7)
    producers = [shards.producer() for _ in range(5)]
    most, at_once = 3_000, 8

    async def keep_on(producer: DepthLimit) -> None:
        for _ in range(120):
            await shards.submit(producer, dice.randrange(3), most, dice.randint(1, at_once))
            for _turn in range(dice.randrange(4)):
                await asyncio.sleep(0)

    await asyncio.gather(*map(keep_on, producers))
    total = sum(shards.waiting)
    await asyncio.gather(*map(keep_on, producers))
    assert total > 2_000
    assert most <= sum(shards.waiting) <= most * 1.01 + len(producers) * at_once


async def test_few_submissions_share_a_reading(shards: Shards) -> None:
    """Far from the limit a reading serves a hundredth of it, also if no second has passed."""
    producer = shards.producer()
    for _ in range(300):
        assert await shards.submit(producer, 0, 90_000) == 1
    assert shards.readings == 3


async def test_a_shard_that_is_away_counts_as_before(shards: Shards) -> None:
    """Its runs wait there, and the other shards go on; one that does not answer delays them once."""
    producer = shards.producer()
    assert await shards.submit(producer, 1, 100, 60) == 60
    assert await shards.submit(producer, 0, 100, 10) == 10
    shards.away.add(1)
    assert await shards.submit(producer, 0, 100, 40) == 30
    shards.silent.add(2)
    shards.waiting[0] -= 20
    assert await shards.submit(producer, 0, 100, 20) == 20
    assert await shards.submit(producer, 0, 100) == 0
