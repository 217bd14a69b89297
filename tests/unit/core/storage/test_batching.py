"""Many small calls become few large ones."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.core.errors import RedisUnavailable
from app.core.storage.batching import Batcher


class Calls:
    """A call that takes as long as the test wants, and remembers its batches."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.error: BaseException | None = None

    async def send(self, batch: list[int]) -> list[int]:
        self.batches.append(batch)
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return [item * 10 for item in batch]


async def test_an_idle_call_goes_alone_and_at_once() -> None:
    """A call does not wait for others to batch with."""
    calls = Calls()
    batcher = Batcher(calls.send)
    assert await batcher.submit(1) == 10
    assert await batcher.submit(2) == 20
    assert calls.batches == [[1], [2]]


async def test_what_arrives_meanwhile_travels_together() -> None:
    """While a call is under way the next batch gathers, in order."""
    calls = Calls()
    calls.gate.clear()
    batcher = Batcher(calls.send)
    first = batcher.submit(0)
    await asyncio.sleep(0)
    rest = [batcher.submit(number) for number in range(1, 6)]
    await asyncio.sleep(0)
    calls.gate.set()
    assert await asyncio.gather(first, *rest) == [0, 10, 20, 30, 40, 50]
    assert calls.batches == [[0], [1, 2, 3, 4, 5]]


async def test_a_batch_has_a_size() -> None:
    """More than that is split, and every item gets its own answer."""
    calls = Calls()
    batcher = Batcher(calls.send, most=3)
    answers = await asyncio.gather(*(batcher.submit(number) for number in range(8)))
    assert answers == [number * 10 for number in range(8)]
    assert [len(batch) for batch in calls.batches] == [3, 3, 2]


async def test_an_error_is_its_batchs_alone() -> None:
    """Those of the next batch are served."""
    calls = Calls()
    calls.error = ValueError("broken")
    batcher = Batcher(calls.send, most=2)
    futures = [batcher.submit(number) for number in range(2)]
    results = await asyncio.gather(*futures, return_exceptions=True)
    assert [str(result) for result in results] == ["broken", "broken"]
    calls.error = None
    assert await batcher.submit(7) == 70


async def test_a_caller_that_gave_up_is_passed_over() -> None:
    """Its item was sent all the same, and the others get their answers."""
    calls = Calls()
    calls.gate.clear()
    batcher = Batcher(calls.send)
    given_up, kept = batcher.submit(1), batcher.submit(2)
    await asyncio.sleep(0)
    given_up.cancel()
    calls.gate.set()
    assert await kept == 20
    assert calls.batches == [[1, 2]]


async def test_an_error_after_a_caller_gave_up_reaches_the_others() -> None:
    """A cancelled future takes no exception."""
    calls = Calls()
    calls.gate.clear()
    calls.error = ValueError("broken")
    batcher = Batcher(calls.send)
    given_up, kept = batcher.submit(1), batcher.submit(2)
    await asyncio.sleep(0)
    given_up.cancel()
    calls.gate.set()
    with pytest.raises(ValueError, match="broken"):
        await kept


async def test_an_item_whose_caller_gave_up_early_is_not_sent() -> None:
    """Its batch goes without it."""
    calls = Calls()
    batcher = Batcher(calls.send)
    given_up, kept = batcher.submit(1), batcher.submit(2)
    given_up.cancel()
    assert await kept == 20
    assert calls.batches == [[2]]


async def test_an_answer_that_is_an_error_is_raised_to_its_caller() -> None:
    """The other callers of the batch get their answers."""

    async def send(batch: list[int]) -> list[Any]:
        return [ValueError("odd") if item % 2 else item for item in batch]

    results = await asyncio.gather(*map(Batcher(send).submit, range(3)), return_exceptions=True)
    assert results[::2] == [0, 2]
    assert isinstance(results[1], ValueError)


async def test_unanswered_are_the_items_under_way_and_those_that_wait() -> None:
    """In the order in which they came, until each has its answer."""
    calls = Calls()
    calls.gate.clear()
    batcher = Batcher(calls.send, most=2)
    futures = [batcher.submit(number) for number in range(4)]
    await asyncio.sleep(0)
    futures[1].cancel()
    assert batcher.unanswered() == [(number, futures[number]) for number in (0, 2, 3)]
    calls.gate.set()
    await batcher.drained()
    assert batcher.unanswered() == []


async def test_a_cancelled_sender_answers_its_callers() -> None:
    """No caller waits for ever, and the next item starts another sender."""
    calls = Calls()
    calls.error = asyncio.CancelledError()
    batcher = Batcher(calls.send)
    with pytest.raises(RedisUnavailable, match="closed"):
        await batcher.submit(1)
    await batcher.drained()
    calls.error = None
    assert await batcher.submit(2) == 20


async def test_drained_waits_for_what_is_under_way() -> None:
    """All answers are there afterwards; without work it returns at once."""
    calls = Calls()
    batcher = Batcher(calls.send, most=1)
    await batcher.drained()
    futures = [batcher.submit(number) for number in range(3)]
    await batcher.drained()
    assert all(future.done() for future in futures)


async def test_a_call_at_once_does_not_wait_for_a_turn_of_the_loop() -> None:
    """The caller's task sends it; those that come meanwhile are the next batch."""
    calls = Calls()
    calls.gate.clear()
    batcher = Batcher(calls.send)
    first = asyncio.create_task(batcher.submit_at_once(0))
    await asyncio.sleep(0)
    assert calls.batches == [[0]]
    rest = [batcher.submit(1), asyncio.create_task(batcher.submit_at_once(2))]
    await asyncio.sleep(0)
    calls.gate.set()
    assert await asyncio.gather(first, *rest) == [0, 10, 20]
    assert calls.batches == [[0], [1, 2]]
    await batcher.drained()


async def test_an_error_of_a_call_at_once_is_its_own() -> None:
    """The next call goes on."""
    calls = Calls()
    calls.error = RedisUnavailable("away")
    batcher = Batcher(calls.send)
    with pytest.raises(RedisUnavailable):
        await batcher.submit_at_once(1)
    calls.error = None
    assert await batcher.submit_at_once(2) == 20
