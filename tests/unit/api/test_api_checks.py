"""Validation of a spec over HTTP, on fakes."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from app.services.api.schemas.jobs import SpecCheckBody
from tests.support.api.api_fakes import FakePlatform, fake_platform

SPEC: dict[str, Any] = {"job_id": "a", "type": "test.load", "schedule": {"interval_sec": 30}}


@pytest.fixture
def platform() -> FakePlatform:
    return fake_platform()


async def check(client: httpx.AsyncClient, spec: dict[str, Any], **assume: list[str]) -> httpx.Response:
    return await client.post("/jobs/check", json={"spec": spec, "assume": assume})


async def test_check_says_what_a_save_would_do(platform: FakePlatform) -> None:
    """Created, unchanged and updated as the server fills a spec in; nothing is stored or audited by it."""
    async with platform.client() as client:
        new = SpecCheckBody.model_validate_json((await check(client, SPEC)).text)
        assert (new.change, new.version, platform.jobs.stored) == ("created", None, {})
        await client.post("/jobs", json=SPEC)
        same = SpecCheckBody.model_validate_json((await check(client, SPEC)).text)
        assert (same.change, same.version, same.changes, same.spec.timeout_ms) == ("unchanged", 1, [], 1234)
        other = (await check(client, {**SPEC, "schedule": {"interval_sec": 60}})).json()
    assert other["change"] == "updated"
    assert other["changes"] == [{"path": "/schedule/interval_sec", "from": 30, "to": 60}]
    assert [act.action for act in platform.audit.acts] == ["create_job"]


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"inputs": {"duration_ms": -1}}, "/inputs/duration_ms", "greater_than_equal"),
        ({"schedule": {"at": "2020-01-01T00:00:00Z"}}, "/schedule/at", "no_future_fire"),
        ({"on_success": ["nobody"]}, "/on_success/0", "unknown_job"),
    ],
)
async def test_check_refuses_what_a_save_refuses(
    platform: FakePlatform, changes: dict[str, Any], pointer: str, code: str
) -> None:
    """Pointers are those of the spec, whatever it is wrapped in."""
    async with platform.client() as client:
        answer = await check(client, {**SPEC, **changes})
    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [(pointer, code)]


async def test_check_takes_chains_as_if_they_were_saved(platform: FakePlatform) -> None:
    """A target that will be there counts; a circle closes by what will be saved, not by what is."""
    async with platform.client() as client:
        await client.post("/jobs", json={**SPEC, "job_id": "b"})
        assert (await check(client, {**SPEC, "on_success": ["new"]}, new=[])).status_code == 200
        chained = {**SPEC, "on_success": ["b"]}
        assert (await check(client, chained)).status_code == 200
        circle = await check(client, chained, b=["c"], c=["a"])
    assert [each["code"] for each in circle.json()["errors"]] == ["chain_cycle"]
