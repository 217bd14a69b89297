"""Many small calls become few large ones."""

from __future__ import annotations

import asyncio

import pytest

from app.core.storage.batching import Coalescer


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
    """Nobody waits for company."""
    calls = Calls()
    coalescer = Coalescer(calls.send)
    assert await coalescer.submit(1) == 10
    assert await coalescer.submit(2) == 20
    assert calls.batches == [[1], [2]]


async def test_what_arrives_meanwhile_travels_together() -> None:
    """While a call is under way the next batch gathers, in order."""
    calls = Calls()
    calls.gate.clear()
    coalescer = Coalescer(calls.send)
    first = coalescer.submit(0)
    await asyncio.sleep(0)
    rest = [coalescer.submit(number) for number in range(1, 6)]
    await asyncio.sleep(0)
    calls.gate.set()
    assert await asyncio.gather(first, *rest) == [0, 10, 20, 30, 40, 50]
    assert calls.batches == [[0], [1, 2, 3, 4, 5]]


async def test_a_batch_has_a_size() -> None:
    """More than that is split, and every item gets its own answer."""
    calls = Calls()
    coalescer = Coalescer(calls.send, most=3)
    answers = await asyncio.gather(*(coalescer.submit(number) for number in range(8)))
    assert answers == [number * 10 for number in range(8)]
    assert [len(batch) for batch in calls.batches] == [3, 3, 2]


async def test_an_error_is_its_batchs_alone() -> None:
    """Those of the next batch are served."""
    calls = Calls()
    calls.error = ValueError("broken")
    coalescer = Coalescer(calls.send, most=2)
    futures = [coalescer.submit(number) for number in range(2)]
    results = await asyncio.gather(*futures, return_exceptions=True)
    assert [str(result) for result in results] == ["broken", "broken"]
    calls.error = None
    assert await coalescer.submit(7) == 70


async def test_a_caller_that_gave_up_is_passed_over() -> None:
    """Its item was sent all the same, and the others get their answers."""
    calls = Calls()
    calls.gate.clear()
    coalescer = Coalescer(calls.send)
    given_up, kept = coalescer.submit(1), coalescer.submit(2)
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
    coalescer = Coalescer(calls.send)
    given_up, kept = coalescer.submit(1), coalescer.submit(2)
    await asyncio.sleep(0)
    given_up.cancel()
    calls.gate.set()
    with pytest.raises(ValueError, match="broken"):
        await kept


async def test_drained_waits_for_what_is_under_way() -> None:
    """All answers are there afterwards; without work it returns at once."""
    calls = Calls()
    coalescer = Coalescer(calls.send, most=1)
    await coalescer.drained()
    futures = [coalescer.submit(number) for number in range(3)]
    await coalescer.drained()
    assert all(future.done() for future in futures)
