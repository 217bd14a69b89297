"""Jobs with groups and a rate over the API: kept by edits, checked at each save, and the groups of runs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.policies import Policies
from app.core.queue import Queue
from app.core.redis_client import RedisLink
from app.services.api.app import create_app
from app.services.api.services import Services
from tests.support.api.api_fakes import BASE_URL, JSON, fake_registry
from tests.support.api.in_process import in_process

SLOTS = {"key": "shop", "limit": 1, "total": 3, "group_by": "inputs.mode", "strategy": "group_round_robin"}
RATE = {"key": "api", "per_minute": 2, "group_by": "inputs.duration_ms"}
SPEC: dict[str, Any] = {"job_id": "a", "type": "test.load", "concurrency": SLOTS, "rate": RATE}


@pytest.fixture
async def client(settings: Settings, link: RedisLink, queue: Queue) -> AsyncIterator[httpx.AsyncClient]:
    del queue
    platform = Services(settings, SystemClock(), link, fake_registry(), Policies())
    transport = in_process(create_app(platform))
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=JSON) as client:
        created = await client.post("/jobs", json=SPEC)
        assert created.status_code == 201, created.text
        yield client


async def test_limits_survive_an_edit(client: httpx.AsyncClient) -> None:
    """What GET shows may be sent back with a change."""
    shown = (await client.get("/jobs/a")).json()
    assert (shown["concurrency"], shown["rate"]) == (SLOTS, RATE)
    edited = await client.put("/jobs/a", json={**shown, "description": "edited"})
    assert edited.status_code == 200, edited.text
    assert (edited.json()["concurrency"], edited.json()["rate"]) == (SLOTS, RATE)


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"rate": {**RATE, "per_minute": 3}}, "/rate/per_minute", "limit_conflict"),
        ({"concurrency": {**SLOTS, "total": 4}}, "/concurrency/limit", "limit_conflict"),
        ({"concurrency": {"key": "shop", "limit": 1}}, "/concurrency/limit", "limit_conflict"),
        ({"rate": {**RATE, "group_by": "inputs.shop"}}, "/rate/group_by", "unknown_input"),
    ],
)
async def test_limits_of_another_job_hold(
    client: httpx.AsyncClient, changes: dict[str, Any], pointer: str, code: str
) -> None:
    """A second job with the key has the same limit, or is refused; a dry run says so as well."""
    other = {**SPEC, "job_id": "b", **changes}
    for path, body in (("/jobs/check", {"spec": other}), ("/jobs", other)):
        answer = (await client.post(path, json=body)).json()
        assert [(each["pointer"], each["code"]) for each in answer["errors"]] == [(pointer, code)]
    assert (await client.post("/jobs", json={**SPEC, "job_id": "b"})).status_code == 201


async def test_runs_are_in_the_group_of_their_own_inputs(client: httpx.AsyncClient) -> None:
    """Inputs of the call count before those of the spec; the run names its group and its place."""
    made = [
        (await client.post("/jobs/a/run", json={"inputs": {"mode": mode, "duration_ms": 5}})).json()
        for mode in ("even", "odd", "even", "even")
    ]
    runs = [(await client.get(f"/runs/{each['run_id']}")).json() for each in made]
    waits = [run["waiting_for"] for run in runs]
    assert waits == ["", "", "user:shop/even", "user:shop/even"]
    place = {"name": "user:shop/even", "ahead": 1, "held": 1, "limit": 1, "starts_at": None}
    assert [run["place"] for run in runs[2:]] == [{**place, "ahead": 0}, place]
