"""Pause and resume over HTTP on the real stores."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.policies import Policies
from app.core.queue import Queue
from app.core.redis_client import RedisLink
from app.services.api.app import create_app
from app.services.api.schemas.platform import EventBody
from app.services.api.schemas.queues import PauseAnswer, QueueBody
from app.services.api.services import Services
from tests.support.api.api_fakes import BASE_URL, JSON, fake_registry
from tests.support.api.in_process import in_process
from tests.support.queue.queue_driver import QueueDriver


@pytest.fixture
async def client(settings: Settings, link: RedisLink, queue: Queue) -> AsyncIterator[httpx.AsyncClient]:
    platform = Services(settings, SystemClock(), link, fake_registry(), Policies())
    transport = in_process(create_app(platform))
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=JSON) as client:
        await client.post("/jobs", json={"job_id": "a", "type": "test.load"})
        yield client


async def test_a_paused_job_takes_runs_by_hand_and_holds_them(
    client: httpx.AsyncClient, driver: QueueDriver
) -> None:
    """The run is accepted, held, shown as such everywhere, and starts after the resume."""
    scope = {"scope": "job", "name": "a"}
    first = await client.post("/pause", json={**scope, "reason": "moving"})
    PauseAnswer.model_validate_json(first.text)
    accepted = await client.post("/jobs/a/run")
    assert accepted.status_code == 202
    run_id = accepted.json()["run_id"]
    assert (await driver.claim()).runs == []
    run = (await client.get(f"/runs/{run_id}")).json()
    assert (run["status"], run["waiting_for"]) == ("queued", "paused:job:a")
    queue = await client.get("/queue")
    QueueBody.model_validate_json(queue.text)
    assert queue.json()["paused"] == [
        {
            **scope,
            "since": first.json()["since"],
            "until": None,
            "actor": "local",
            "reason": "moving",
            "held": 1,
        }
    ]
    assert queue.json()["waiting_for_keys"] == 0
    again = await client.post("/pause", json=scope)
    assert again.json() == {**first.json(), "held": 1}
    resumed = await client.post("/resume", json=scope)
    assert (resumed.status_code, resumed.json()) == (200, {**again.json(), "status": "resumed"})
    assert [run.run_id for run in (await driver.claim()).runs] == [run_id]
    assert (await client.get("/queue")).json()["paused"] == []


async def test_pauses_stand_among_the_events(client: httpx.AsyncClient) -> None:
    """`queue.paused` and `queue.resumed`, with the job that they are about."""
    for path in ("/pause", "/resume"):
        await client.post(path, json={"scope": "job", "name": "a"})
    events = (await client.get("/events")).json()
    for event in events:
        EventBody.model_validate(event)
    reported = [(event["type"], event["job_id"]) for event in events if event["type"].startswith("queue.")]
    assert reported == [("queue.paused", "a"), ("queue.resumed", "a")]


async def test_unknown_names_are_not_found(client: httpx.AsyncClient) -> None:
    """A job that is not stored and an unknown type are refused; a known type needs no job."""
    for path in ("/pause", "/resume"):
        job = await client.post(path, json={"scope": "job", "name": "nobody"})
        kind = await client.post(path, json={"scope": "type", "name": "no.such"})
        assert (job.status_code, job.json()["code"]) == (404, "job_not_found")
        assert (kind.status_code, kind.json()["code"]) == (404, "not_found")
        assert "no.such" in kind.json()["detail"]
        assert (await client.post(path, json={"scope": "type", "name": "test.tool"})).status_code == 200
