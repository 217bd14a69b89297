"""A claim behind a blocking read: a run that arrives is started without a further round trip."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

import pytest
from redis.exceptions import ResponseError

from app.core.errors import RedisFull, Unavailable
from app.core.storage.keys import GROUP, LANES, SUSPECT_LANE
from tests.support.waiting import wait_until_async

if TYPE_CHECKING:
    from app.core.models import ClaimedRun
    from app.core.queue import Claim, StreamEntry
    from app.core.redis_client import BlockingLink
    from tests.support.queue.queue_driver import QueueDriver

LONG_MS, SHORT_MS = 20_000, 1
QUOTAS = {**dict.fromkeys(LANES, 2), SUSPECT_LANE: 2}


class Waiter:
    """A worker whose claims wait for work."""

    def __init__(self, driver: QueueDriver, blocking: BlockingLink) -> None:
        self._driver = driver
        self._blocking = blocking
        self._number = 0

    async def claim(self, block_ms: int = LONG_MS) -> tuple[list[StreamEntry], Claim | None]:
        self._number += 1
        return await self._driver.queue.wait_and_claim(
            self._blocking, "w1", self._number, "worker", 6, QUOTAS, "", block_ms
        )

    async def adopt(self, entries: list[StreamEntry]) -> list[ClaimedRun]:
        self._number += 1
        return (await self._driver.queue.claim("w1", self._number, "worker", 6, QUOTAS, entries)).runs

    async def waiting(self) -> asyncio.Task[tuple[list[StreamEntry], Claim | None]]:
        """Start a claim, and return once it waits in Redis."""
        task = asyncio.create_task(self.claim())

        async def is_blocked() -> bool:
            return "blocked_clients:1" in await self._driver.link.call("INFO", "clients")

        await wait_until_async(is_blocked)
        return task


@pytest.fixture
async def waiter(driver: QueueDriver, blocking: BlockingLink) -> Waiter:
    waiter = Waiter(driver, blocking)
    # As a worker's first claim, this loads the script.
    await waiter.adopt([])
    return waiter


class _Refusing:
    """A connection to a server that refuses all writes."""

    async def commands(self, commands: list[Any], *, timeout_sec: float) -> list[Any]:
        return [ResponseError("MISCONF Errors writing to the AOF file: No space left on device")] * 2


def _ids(claim: Claim | None) -> list[str]:
    assert claim is not None
    return [run.run_id for run in claim.runs]


async def test_a_waiting_claim_that_is_refused_may_be_sent_again(driver: QueueDriver) -> None:
    """A full disk of Redis passes: the worker waits for its end."""
    refused = Waiter(driver, cast("BlockingLink", _Refusing()))
    with pytest.raises(RedisFull, match="No space left"):
        await refused.claim()
    assert issubclass(RedisFull, Unavailable)


async def test_a_claim_after_a_blocking_read_starts_its_run(driver: QueueDriver, waiter: Waiter) -> None:
    """The run that ends the wait is started by the claim behind it; those that run already are left out."""
    running = await driver.enqueue()
    assert _ids((await waiter.claim(SHORT_MS))[1]) == [running]
    for _ in range(2):
        waiting = await waiter.waiting()
        run_id = await driver.enqueue()
        arrived, claim = await waiting
        assert [entry.run_id for entry in arrived] == _ids(claim) == [run_id]
        assert (await driver.hash(run_id))["status"] == "running"


async def test_a_claim_after_a_wait_without_work_is_empty(waiter: Waiter) -> None:
    """If no run arrives in time, the claim finds nothing."""
    arrived, claim = await waiter.claim(SHORT_MS)
    assert (arrived, _ids(claim)) == ([], [])


async def test_a_waiting_claim_takes_all_that_it_has_slots_for(driver: QueueDriver, waiter: Waiter) -> None:
    """Runs that are there already do not wait; further ones than the slots stay in their lane."""
    runs = await driver.enqueue_some(3)
    runs += await driver.enqueue_some(5, lane="high")
    arrived, claim = await waiter.claim()
    assert len(arrived) == 2
    assert len(_ids(claim)) == 6
    assert len(_ids((await waiter.claim())[1])) == 2
    assert {run["status"] for run in [await driver.hash(run_id) for run_id in runs]} == {"running"}


async def test_an_entry_of_a_waiting_claim_without_its_script_is_adopted(
    driver: QueueDriver, waiter: Waiter
) -> None:
    """If the server has forgotten the script, the next claim takes what has arrived."""
    run_id = await driver.enqueue()
    await driver.link.call("SCRIPT", "FLUSH")
    await driver.link.call("FUNCTION", "FLUSH")
    arrived, claim = await waiter.claim()
    assert claim is None
    assert [run.run_id for run in await waiter.adopt(arrived)] == [run_id]


async def test_an_entry_with_an_id_below_the_last_one_is_adopted(driver: QueueDriver, waiter: Waiter) -> None:
    """After Redis' clock went back, the claim does not find the entry that has arrived; the next one does."""
    await driver.enqueue()
    await waiter.claim(SHORT_MS)
    run_id, stream = await driver.enqueue(), driver.keys.ready("normal")
    await driver.link.call("DEL", stream)
    await driver.link.call("XADD", stream, "5-1", "r", run_id)
    await driver.link.call("XGROUP", "CREATE", stream, GROUP, "0")
    await driver.link.call("HSET", driver.keys.run(run_id), "entry", "5-1")
    arrived, claim = await waiter.claim()
    assert ([entry.run_id for entry in arrived], _ids(claim)) == ([run_id], [])
    assert [run.run_id for run in await waiter.adopt(arrived)] == [run_id]


async def test_a_group_that_is_lost_during_the_wait_is_made_again(
    driver: QueueDriver, waiter: Waiter
) -> None:
    """The claim makes the group, and its answer counts."""
    waiting = await waiter.waiting()
    await driver.link.call("XGROUP", "DESTROY", driver.keys.ready("normal"), GROUP)
    assert _ids((await waiting)[1]) == []
    run_id = await driver.enqueue()
    assert _ids((await waiter.claim())[1]) == [run_id]
