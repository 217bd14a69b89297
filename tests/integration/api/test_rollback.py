"""Going back to an earlier version, on the real stores."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.models import JobSpec, Schedule
from app.core.policies import Policies
from app.core.queue import Queue
from app.core.redis_client import RedisLink
from app.core.specs.store import JobStore
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from app.services.api.app import create_app
from app.services.api.services import Services
from tests.support.api.api_fakes import BASE_URL, JSON, fake_registry
from tests.support.api.in_process import in_process
from tests.support.fake_clock import FakeClock

SPEC: dict[str, Any] = {"job_id": "a", "type": "test.load", "schedule": {"interval_sec": 3600}}
BACK = "/jobs/a/rollback/1"


@pytest.fixture
async def client(settings: Settings, link: RedisLink, queue: Queue) -> AsyncIterator[httpx.AsyncClient]:
    del queue
    platform = Services(settings, SystemClock(), link, fake_registry(), Policies())
    transport = in_process(create_app(platform))
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=JSON) as client:
        await client.post("/jobs", json=SPEC)
        await client.put("/jobs/a", json={**SPEC, "schedule": {"interval_sec": 60}, "description": "edited"})
        yield client


async def versions(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    return (await client.get("/jobs/a/versions")).json()


async def test_rollback_is_a_new_version(client: httpx.AsyncClient) -> None:
    """The old spec under a new number; the save in between stays, and each says whose it is."""
    answer = await client.post(BACK)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["version"], answer.json()["schedule"]) == (3, {"interval_sec": 3600})
    assert answer.json()["next_run_at"] is not None
    found = [(each["version"], each["origin"], each["actor"]) for each in await versions(client)]
    assert found == [(3, "rollback:v1", "local"), (2, "api", "local"), (1, "api", "local")]
    compared = (await client.get("/jobs/a/versions", params={"from": 1, "to": 3})).json()
    assert compared == {"from": 1, "to": 3, "changes": []}


async def test_rollback_of_a_disabled_job_lets_it_rest(client: httpx.AsyncClient) -> None:
    """Going back must not let a job fire that a person has switched off, nor the reverse."""
    await client.put("/jobs/a/disable")
    answer = (await client.post(BACK)).json()
    assert (answer["enabled"], answer["next_run_at"]) == (False, None)
    assert (await client.put("/jobs/a", json={**SPEC, "enabled": False})).status_code == 200
    await client.put("/jobs/a/enable")
    assert (await client.post("/jobs/a/rollback/4")).json()["enabled"] is True


async def test_rollback_keeps_a_past_instant(
    client: httpx.AsyncClient, scripts: Scripts, link: RedisLink, keys: Keys
) -> None:
    """The one-off is shown as done and is not scheduled; a PUT of the same spec is still refused."""
    then = JobStore(link, scripts, FakeClock(datetime(2020, 1, 1, tzinfo=UTC)), "UTC")
    once = Schedule(at=datetime(2020, 1, 2, tzinfo=UTC))
    await then.create(JobSpec(job_id="once", type="test.load", schedule=once), actor="t", origin="t")
    later = {"job_id": "once", "type": "test.load", "schedule": {"interval_sec": 60}}
    assert (await client.put("/jobs/once", json=later)).status_code == 200
    old = {**later, "schedule": {"at": "2020-01-02T00:00:00Z"}}
    assert (await client.put("/jobs/once", json=old)).status_code == 422
    answer = await client.post("/jobs/once/rollback/1")
    assert (answer.status_code, answer.json()["next_run_at"]) == (200, None)
    assert answer.json()["schedule"] == {"at": "2020-01-02T00:00:00Z"}
    assert await link.call("ZSCORE", keys.schedule, "once") is None


async def test_rollback_obeys_if_match(client: httpx.AsyncClient) -> None:
    """Another version than the one that was read is a 412 with the tag of the stored one."""
    stale = await client.post(BACK, headers={"If-Match": '"v1"'})
    assert (stale.status_code, stale.headers["etag"]) == (412, '"v2"')
    assert len(await versions(client)) == 2
    assert (await client.post(BACK, headers={"If-Match": '"v2"'})).status_code == 200


async def test_rollback_sent_again_makes_one_version(client: httpx.AsyncClient) -> None:
    """At once, later, and after another save; the key with another version is a mismatch."""
    key = {"Idempotency-Key": "once", "If-Match": '"v2"'}
    first, same = await asyncio.gather(client.post(BACK, headers=key), client.post(BACK, headers=key))
    assert (first.status_code, same.status_code) == (200, 200)
    assert first.json()["version"] == same.json()["version"] == 3
    await client.put("/jobs/a", json={**SPEC, "description": "later"})
    again = await client.post(BACK, headers=key)
    assert (again.status_code, again.json()["version"]) == (200, 4)
    assert [each["origin"] for each in await versions(client)] == ["api", "rollback:v1", "api", "api"]
    other = await client.post("/jobs/a/rollback/2", headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")


async def test_rollback_to_what_no_longer_holds_is_refused(client: httpx.AsyncClient, jobs: JobStore) -> None:
    """A version of a type that is gone, or that the type's model refuses by now, is a 422."""
    gone = JobSpec(job_id="b", type="test.gone")
    await jobs.create(gone, actor="t", origin="t")
    refused = JobSpec(job_id="b", type="test.load", inputs={"duration_ms": -1})
    await jobs.replace(refused, expected_version=None, actor="t", origin="t")
    codes = {1: "unknown_job_type", 2: "invalid_spec"}
    for version, code in codes.items():
        answer = await client.post(f"/jobs/b/rollback/{version}")
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert len((await client.get("/jobs/b/versions")).json()) == 2


async def test_rollback_of_a_deleted_job_is_not_found(client: httpx.AsyncClient) -> None:
    """Its history stays, but there is nothing to go back."""
    await client.delete("/jobs/a")
    assert (await client.post(BACK)).status_code == 404
