"""Names of keys over HTTP, and idempotency keys of a principal whose name another had before."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.policies import Policies, TypePolicy
from app.core.redis_client import RedisLink
from app.core.registry import HandlerSpec, Registry
from app.services.api.app import create_app
from app.services.api.services import Services
from tests.support.api.api_fakes import BASE_URL, JSON, LoadInputs
from tests.support.api.in_process import in_process

JOB = {"job_id": "a", "type": "test.load"}


async def _noop(_context: object, _inputs: object) -> None: ...


@pytest.fixture
async def client(settings: Settings, link: RedisLink) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a client of an API with one admin key, which it sends unless a test sends another."""
    registry = Registry([HandlerSpec("test.load", _noop, LoadInputs)])
    services = Services(
        settings, SystemClock(), link, registry, Policies({"test.*": TypePolicy()}, sources={})
    )
    transport = in_process(create_app(services))
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=JSON) as client:
        client.headers["X-API-Key"] = await made(client, "root", "admin")
        assert (await client.post("/jobs", json=JOB)).status_code == 201
        yield client


async def made(client: httpx.AsyncClient, name: str, role: str = "operator") -> str:
    answer = await client.post("/keys", json={"name": name, "role": role})
    assert answer.status_code == 201, answer.text
    return answer.json()["key"]


async def run_of(client: httpx.AsyncClient, key: str) -> str:
    headers = {"X-API-Key": key, "Idempotency-Key": "the same"}
    answer = await client.post("/jobs/a/run", json={}, headers=headers)
    assert answer.status_code in {200, 202}, answer.text
    return answer.json()["run_id"]


async def test_a_taken_name_is_a_conflict_that_names_the_next_step(client: httpx.AsyncClient) -> None:
    """In any case of letters; a name of the platform is refused as input."""
    await made(client, "ci")
    answer = await client.post("/keys", json={"name": "CI", "role": "viewer"})
    assert (answer.status_code, answer.json()["code"]) == (409, "name_taken")
    assert "multi-job keys rotate" in answer.json()["detail"]
    answer = await client.post("/keys", json={"name": "local", "role": "viewer"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_who_gets_a_name_again_meets_no_record_of_another(client: httpx.AsyncClient) -> None:
    """The same idempotency key of another key with that name makes another run."""
    key = await made(client, "ci")
    first = await run_of(client, key)
    assert await run_of(client, key) == first
    assert (await client.delete(f"/keys/{key[3:11]}")).status_code == 200
    assert await run_of(client, await made(client, "ci")) != first


async def test_a_successor_meets_the_records_of_its_predecessor(client: httpx.AsyncClient) -> None:
    """A request that is repeated with the new key changes nothing more; so for the sessions of both."""
    key = await made(client, "ci")
    first = await run_of(client, key)
    answer = await client.post(f"/keys/{key[3:11]}/rotate", json={})
    successor: dict[str, Any] = answer.json()
    assert await run_of(client, successor["key"]) == first
    session = await client.post("/sessions", headers={"X-API-Key": successor["key"]})
    assert await run_of(client, session.json()["token"]) == first
