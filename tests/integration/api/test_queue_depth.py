"""The queue limit: it holds for submissions, not for internal runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.errors import QueueFull
from app.core.models import AttemptOutcome, Concurrency
from app.core.policies import Policies
from app.core.queue import Idempotency, Queue, open_queue
from app.core.redis_client import RedisLink
from app.core.specs.store import JobStore
from app.planner.execute import ExecutionOptions
from app.services.api.app import create_app
from app.services.api.services import Services
from tests.support.api.api_fakes import BASE_URL, JSON, fake_registry
from tests.support.api.in_process import in_process
from tests.support.planner.planner_fakes import monitor, planned
from tests.support.planner.planner_fixture import open_planner
from tests.support.queue.chain_driver import ChainDriver
from tests.support.queue.queue_driver import QueueDriver

MOST = 3


@pytest.fixture
def limited(settings: Settings) -> Settings:
    return settings.model_copy(update={"max_queue_depth": MOST})


@pytest.fixture
async def full(link: RedisLink, clock: SystemClock, limited: Settings, queue: Queue) -> QueueDriver:
    """A queue in which as many runs wait as may."""
    del queue  # it makes the groups
    driver = QueueDriver(open_queue(link, clock, limited))
    await driver.enqueue_some(MOST)
    return driver


@pytest.fixture
async def client(limited: Settings, link: RedisLink, full: QueueDriver) -> AsyncIterator[httpx.AsyncClient]:
    del full
    platform = Services(limited, SystemClock(), link, fake_registry(), Policies())
    transport = in_process(create_app(platform))
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=JSON) as client:
        yield client


async def test_a_submission_beyond_the_limit_is_refused(full: QueueDriver) -> None:
    """Nothing is made of it; as soon as one has started there is room for one."""
    before = await full.snapshot()
    with pytest.raises(QueueFull):
        await full.enqueue()
    assert await full.snapshot() == before
    await full.claim(1)
    await full.enqueue()
    with pytest.raises(QueueFull):
        await full.enqueue()


async def test_delayed_and_waiting_runs_count(full: QueueDriver) -> None:
    """What waits for its time or for a key waits as well."""
    for _ in range(MOST):
        await full.claim(1)
    key = Concurrency(key="k", limit=1).key
    await full.enqueue(delay_ms=60_000)
    await full.enqueue_some(2, key=key)
    await full.claim()
    await full.enqueue()
    with pytest.raises(QueueFull):
        await full.enqueue()


async def test_a_repeat_is_answered_though_the_queue_is_full(full: QueueDriver) -> None:
    """A run that exists is a DUPLICATE and a key that was used a REPLAY: a repeat adds nothing."""
    await full.claim(1)
    run, key = full.new_run(), Idempotency("ana:k", "hash")
    await full.queue.enqueue(run, key)
    with pytest.raises(QueueFull):
        await full.enqueue()
    assert (await full.queue.enqueue(run)).word == "DUPLICATE"
    assert (await full.queue.enqueue(full.new_run(), key)).word == "REPLAY"


async def test_one_batch_does_not_pass_the_limit(full: QueueDriver) -> None:
    """Each run of a batch is decided separately: runs with room are created, the others are refused."""
    await full.claim(2)
    asked = [full.queue.enqueue(full.new_run()) for _ in range(5)]
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(each, QueueFull) for each in found) == 3
    assert [each.word for each in found if not isinstance(each, BaseException)] == ["OK", "OK"]


async def test_no_limit_if_it_is_zero(
    full: QueueDriver, link: RedisLink, clock: SystemClock, settings: Settings
) -> None:
    """0 lifts it."""
    free = QueueDriver(open_queue(link, clock, settings.model_copy(update={"max_queue_depth": 0})))
    assert len(await free.enqueue_some(10)) == 10


async def test_retries_and_chains_are_never_refused(full: QueueDriver, jobs: JobStore) -> None:
    """A full queue delays what was promised already, and loses nothing of it."""
    chain = ChainDriver(full, jobs)
    await chain.job("after")
    await chain.job("parent", on_success=["after"])
    await full.claim()
    run = await chain.run("parent")
    await full.enqueue_some(MOST)
    await full.finish(run, AttemptOutcome.RETRY, delay_ms=1)
    await full.make_due()
    await full.queue.promote()
    again = next(each for each in await chain.claimed() if each.run_id == run.run_id)
    await full.enqueue_some(MOST)
    await full.finish(again)
    assert await chain.dispatch() == ["OK"]
    assert await full.link.call("ZCARD", full.keys.runs_status("queued")) == MOST + 1


async def test_a_plan_names_the_jobs_that_found_no_room(
    full: QueueDriver, limited: Settings, clock: SystemClock
) -> None:
    """Each job of a plan is decided separately: all are saved, and those without a run say why."""
    fixture = open_planner(limited, clock, full.queue)
    await full.claim(1)
    at_once = ExecutionOptions("ana", "0" * 32, run_immediately=True, wait_sec=0)
    results = (await fixture.execute(monitor("bot_a01"), planned(), options=at_once)).results
    assert [each.create_status for each in results] == ["created", "created"]
    assert sorted(each.queue_status or "" for each in results) == ["", "queued"]
    (refused,) = [each for each in results if each.run_id is None]
    assert "MAX_QUEUE_DEPTH" in (refused.result_error or "")


async def test_a_full_queue_answers_429(client: httpx.AsyncClient, full: QueueDriver) -> None:
    """The refusal has a Retry-After; a key that was used before gets the earlier answer."""
    await client.post("/jobs", json={"job_id": "a", "type": "test.load"})
    refused = await client.post("/jobs/a/run", headers={"Idempotency-Key": "k"})
    assert (refused.status_code, refused.json()["code"]) == (429, "queue_full")
    assert int(refused.headers["retry-after"]) > 0
    await full.claim(1)
    taken = await client.post("/jobs/a/run", headers={"Idempotency-Key": "k"})
    assert taken.status_code == 202
    again = await client.post("/jobs/a/run", headers={"Idempotency-Key": "k"})
    assert (again.status_code, again.json()) == (202, taken.json())
