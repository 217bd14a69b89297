from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from app.core.config import Settings
from app.core.models import NewRun
from app.core.queue import Queue
from app.core.redis_client import RedisLink
from app.core.runs.store import RunStore
from app.core.storage.keys import Keys
from app.services.scheduler.maintenance import MaintenanceTask
from app.services.scheduler.promotion import Promotion
from tests.support.queue.scheduler_loops import scheduler_loops
from tests.support.waiting import wait_until_async

StartPromotion = Callable[[int], Awaitable[list[Promotion]]]


@pytest.fixture
async def start(settings: Settings) -> AsyncIterator[StartPromotion]:
    async with scheduler_loops(settings, Promotion) as begin:
        yield begin


def run_id(number: int) -> str:
    return f"{number:026}"


def delayed(number: int, delay_ms: int) -> NewRun:
    return NewRun(
        run_id=run_id(number),
        job_id="job",
        type="a.b",
        version=1,
        inputs="{}",
        source="api",
        trace_id="0" * 32,
        delay_ms=delay_ms,
    )


async def is_promoted(queue: Queue) -> bool:
    return (await queue.stats()).delayed == 0


async def test_a_delayed_run_becomes_ready_on_time(
    queue: Queue, runs: RunStore, start: StartPromotion
) -> None:
    """Never early, and within some ms, even if it was unknown when the loop went to sleep."""
    await start(1)
    await queue.enqueue(delayed(1, 150))
    await wait_until_async(lambda: is_promoted(queue))
    run = await runs.get(run_id(1))
    assert run.status == "queued"
    assert run.queued_at is not None
    assert 150 <= run.queued_at - run.created_at < 400


async def test_an_earlier_run_wakes_the_sleeper(queue: Queue, runs: RunStore, start: StartPromotion) -> None:
    """The loop sleeps for a later run; one that comes before it is not kept waiting."""
    await start(1)
    await queue.enqueue(delayed(1, 60_000))
    await queue.enqueue(delayed(2, 50))

    async def is_ready() -> bool:
        return (await runs.get(run_id(2))).status == "queued"

    await wait_until_async(is_ready)
    run = await runs.get(run_id(2))
    assert run.queued_at is not None
    assert run.queued_at - run.created_at < 300
    assert (await runs.get(run_id(1))).status == "scheduled"


async def test_several_promoters_make_each_run_ready_once(
    queue: Queue, start: StartPromotion, link: RedisLink, keys: Keys
) -> None:
    """Three replicas, 500 runs due at about the same time: 500 entries, none twice."""
    loops = await start(3)
    await queue.enqueue_many([delayed(number, 100 + number % 7) for number in range(500)])
    await wait_until_async(lambda: is_promoted(queue))
    entries = await link.call("XRANGE", keys.ready("normal"), "-", "+")
    assert len({fields[1] for _, fields in entries}) == len(entries) == 500
    await wait_until_async(lambda: sum(loop.promoted for loop in loops) == 500)


async def test_chore_goes_on_at_once_while_its_rounds_are_full() -> None:
    """A backlog is worked off in rounds that follow each other, then the chore rests."""
    stop, left = asyncio.Event(), [10, 10, 3]

    async def work() -> int:
        done = left.pop(0)
        if not left:
            stop.set()
        return done

    chore = MaintenanceTask("x", work, each_sec=0.2, full=10)
    await asyncio.wait_for(chore.run(stop), timeout=30)
    assert left == []
