"""Queues over HTTP on the real stores."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from app.core.activity.heartbeat import Heartbeat
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.policies import Policies
from app.core.queue import Queue
from app.core.redis_client import RedisLink
from app.services.api.app import create_app
from app.services.api.schemas.queues import QueueItem
from app.services.api.services import Services
from tests.support.api.api_fakes import BASE_URL, JSON, fake_registry
from tests.support.api.in_process import in_process
from tests.support.queue.queue_driver import QueueDriver


@pytest.fixture
async def client(settings: Settings, link: RedisLink, queue: Queue) -> AsyncIterator[httpx.AsyncClient]:
    platform = Services(settings, SystemClock(), link, fake_registry(), Policies())
    state = {"queues": ["default"], "types": ["test.load"], "concurrency": 2, "running": []}
    beat = Heartbeat(
        *(queue.scripts, queue.clock, settings), service="worker", instance="worker-h-1", state=lambda: state
    )
    await beat.beat()
    transport = in_process(create_app(platform))
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=JSON) as client:
        yield client


async def test_queues_show_depth_jobs_workers_and_what_their_runs_wait_for(
    client: httpx.AsyncClient, driver: QueueDriver
) -> None:
    """`default` first; a job that names a queue makes it; a run of the queue says so."""
    job = {"job_id": "render", "type": "test.load", "queue": "gpu"}
    assert (await client.post("/jobs", json=job)).status_code == 201
    run_id = (await client.post("/jobs/render/run")).json()["run_id"]
    await driver.enqueue(type="test.new")
    await driver.claim(types=" test.load ")
    answer = await client.get("/queues")
    default, gpu = [QueueItem.model_validate(each) for each in answer.json()]
    assert (default.name, default.waiting, default.workers, default.jobs) == ("default", 1, 1, 0)
    assert [(each.type, each.waiting) for each in default.missing_types] == [("test.new", 1)]
    assert (gpu.name, gpu.waiting, gpu.workers, gpu.jobs, gpu.paused) == ("gpu", 1, 0, 1, None)
    assert gpu.oldest_ms is not None
    assert (await client.get(f"/runs/{run_id}")).json()["queue"] == "gpu"
    (worker,) = (await client.get("/workers")).json()
    assert (worker["queues"], worker["types"]) == (["default"], ["test.load"])


async def test_a_queue_of_a_job_survives_get_edit_put(client: httpx.AsyncClient) -> None:
    """The body of GET, changed and sent back, keeps the queue; a body without it is of `default`."""
    await client.post("/jobs", json={"job_id": "a", "type": "test.load", "queue": "gpu"})
    stored = (await client.get("/jobs/a")).json()
    saved = await client.put("/jobs/a", json={**stored, "description": "x"}, headers={"If-Match": '"v1"'})
    assert (saved.status_code, saved.json()["queue"]) == (200, "gpu")
    plain = {name: value for name, value in saved.json().items() if name != "queue"}
    back = await client.put("/jobs/a", json=plain, headers={"If-Match": '"v2"'})
    assert back.json().get("queue", "default") == "default"


async def test_a_queue_is_paused_and_resumed(client: httpx.AsyncClient, driver: QueueDriver) -> None:
    """The pause is shown with the queue; a queue that does not exist is not found."""
    scope = {"scope": "queue", "name": "gpu"}
    assert (await client.post("/pause", json=scope)).status_code == 404
    run_id = await driver.enqueue(lane="gpu:normal")
    assert (await client.post("/pause", json={**scope, "reason": "moving"})).status_code == 200
    assert (await driver.claim(quotas={"gpu:normal": 1})).runs == []
    (_, gpu) = (await client.get("/queues")).json()
    assert (gpu["paused"]["reason"], gpu["paused"]["held"], gpu["waiting"]) == ("moving", 1, 0)
    assert (await client.post("/resume", json=scope)).json()["held"] == 1
    assert [run.run_id for run in (await driver.claim(quotas={"gpu:normal": 1})).runs] == [run_id]
