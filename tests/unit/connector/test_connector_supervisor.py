"""One task an account: started, replaced and ended as accounts change, and none waits for another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping

import pytest

from app.core.errors import RedisUnavailable
from app.services.connector.supervisor import AccountSupervisor
from tests.support.waiting import wait_until_async


class Account:
    """An account's loop that a test can hold, break and look at."""

    def __init__(self, name: str, source: Source) -> None:
        self.name = name
        self.source = source

    async def run(self, stop: asyncio.Event) -> None:
        self.source.began.append(self.name)
        if self.source.broken.get(self.name, 0) > 0:
            self.source.broken[self.name] -= 1
            raise ValueError("broken")
        await stop.wait()
        if self.name in self.source.deaf:
            await asyncio.Event().wait()
        if self.name in self.source.held:
            await self.source.held[self.name].wait()
        self.source.ended.append(self.name)


class Source:
    """Accounts as a test wants them."""

    def __init__(self) -> None:
        self.wanted: dict[str, int] = {}
        self.began: list[str] = []
        self.ended: list[str] = []
        self.broken: dict[str, int] = {}
        self.held: dict[str, asyncio.Event] = {}
        self.deaf: set[str] = set()
        self.outages = 0

    async def revisions(self) -> Mapping[str, int]:
        if self.outages:
            self.outages -= 1
            raise RedisUnavailable("away")
        return dict(self.wanted)

    def open(self, name: str) -> Account:
        return Account(name, self)


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
async def stop(source: Source) -> AsyncIterator[asyncio.Event]:
    """Run a supervisor until the test is over."""
    stop = asyncio.Event()
    supervisor = AccountSupervisor(source.revisions, source.open, each_sec=0.02, end_sec=0.3)
    running = asyncio.create_task(supervisor.run(stop))
    yield stop
    stop.set()
    async with asyncio.timeout(30):
        await running


async def test_account_added_removed_and_changed(source: Source, stop: asyncio.Event) -> None:
    """Another revision means another task."""
    source.wanted = {"a": 1, "b": 1}
    await wait_until_async(lambda: sorted(source.began) == ["a", "b"])
    source.wanted = {"a": 2}
    await wait_until_async(lambda: source.began.count("a") == 2)
    await wait_until_async(lambda: sorted(source.ended) == ["a", "b"])
    assert source.began.count("b") == 1


async def test_account_that_takes_its_time_to_end_holds_up_no_other(
    source: Source, stop: asyncio.Event
) -> None:
    """Its successor begins when it has ended; others are picked up meanwhile."""
    source.held["slow"] = asyncio.Event()
    source.wanted = {"slow": 1}
    await wait_until_async(lambda: source.began == ["slow"])
    source.wanted = {"slow": 2, "new": 1}
    await wait_until_async(lambda: "new" in source.began)
    assert source.began.count("slow") == 1
    source.held["slow"].set()
    await wait_until_async(lambda: source.began.count("slow") == 2)


async def test_account_that_does_not_end_is_cancelled(source: Source, stop: asyncio.Event) -> None:
    """An account's place is free again after a while, whatever its task does."""
    source.deaf.add("deaf")
    source.wanted = {"deaf": 1}
    await wait_until_async(lambda: source.began == ["deaf"])
    source.wanted = {"deaf": 2}
    await wait_until_async(lambda: source.began.count("deaf") == 2)
    assert source.ended == []


async def test_account_that_fails_is_tried_again(source: Source, stop: asyncio.Event) -> None:
    """Its failure is its own: neighbours go on."""
    source.broken["bad"] = 2
    source.wanted = {"bad": 1, "good": 1}
    await wait_until_async(lambda: source.began.count("bad") == 3)
    assert source.began.count("good") == 1


async def test_outage_of_the_store_ends_no_account(source: Source, stop: asyncio.Event) -> None:
    """Accounts stay served while the list of wanted ones cannot be read."""
    source.wanted = {"a": 1}
    await wait_until_async(lambda: source.began == ["a"])
    source.outages = 3
    source.wanted = {"a": 1, "b": 1}
    await wait_until_async(lambda: "b" in source.began)
    assert source.ended == []
