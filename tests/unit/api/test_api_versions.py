"""Versions and previews over HTTP, on stand-ins."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from app.services.api.schemas.jobs import JobBody, JobVersionBody, PreviewBody, VersionComparison
from tests.support.api.api_fakes import FakePlatform, fake_platform

SPEC: dict[str, Any] = {"job_id": "a", "type": "test.load", "schedule": {"interval_sec": 30}}
CRON = {"cron": "0 7 * * *", "timezone": "Europe/Berlin"}


@pytest.fixture
def platform() -> FakePlatform:
    return fake_platform()


async def saved(client: httpx.AsyncClient) -> None:
    """Store three versions."""
    await client.post("/jobs", json=SPEC)
    inputs = {"place": {"city": "Solo"}}
    await client.put("/jobs/a", json={**SPEC, "schedule": CRON, "inputs": inputs, "tags": ["x"]})
    await client.put("/jobs/a", json={**SPEC, "schedule": CRON, "inputs": inputs, "priority": "high"})


async def test_versions_are_compared_field_by_field(platform: FakePlatform) -> None:
    """Each field has its pointer; what is not there is null; lists are compared whole."""
    async with platform.client() as client:
        await saved(client)
        answer = await client.get("/jobs/a/versions", params={"from": 1, "to": 2})
        back = await client.get("/jobs/a/versions", params={"from": 2, "to": 1})
    body = VersionComparison.model_validate_json(answer.text)
    assert (body.from_, body.to) == (1, 2)
    found = {each.path: (each.from_, each.to) for each in body.changes}
    assert found == {
        "/schedule/interval_sec": (30, None),
        "/schedule/cron": (None, "0 7 * * *"),
        "/schedule/timezone": (None, "Europe/Berlin"),
        "/inputs/place": (None, {"city": "Solo"}),
        "/tags": ([], ["x"]),
    }
    assert {each["path"]: (each["to"], each["from"]) for each in back.json()["changes"]} == found


@pytest.mark.parametrize(
    ("query", "compared"), [("from=1", (1, 3)), ("from=3", (3, 3)), ("to=3", (2, 3)), ("to=2", (1, 2))]
)
async def test_one_version_is_compared_with_its_natural_other(
    platform: FakePlatform, query: str, compared: tuple[int, int]
) -> None:
    """`from` alone goes to the newest, `to` alone comes from the one before."""
    async with platform.client() as client:
        await saved(client)
        body = (await client.get(f"/jobs/a/versions?{query}")).json()
    assert (body["from"], body["to"]) == compared


@pytest.mark.parametrize(
    ("query", "status"), [("from=9", 404), ("to=9", 404), ("to=1", 404), ("from=0", 422), ("to=x", 422)]
)
async def test_versions_that_are_not_there_are_not_found(
    platform: FakePlatform, query: str, status: int
) -> None:
    """The first version has nothing before it."""
    async with platform.client() as client:
        await saved(client)
        answer = await client.get(f"/jobs/a/versions?{query}")
    assert answer.status_code == status


async def test_versions_without_a_query_are_the_list(platform: FakePlatform) -> None:
    """Newest first, each with its author and origin."""
    async with platform.client() as client:
        await saved(client)
        listed = (await client.get("/jobs/a/versions")).json()
    assert [JobVersionBody.model_validate(each).version for each in listed] == [3, 2, 1]
    assert {(each["actor"], each["origin"]) for each in listed} == {("local", "api")}


async def test_rollback_answers_the_job_as_it_is_then(platform: FakePlatform) -> None:
    """A new version with the old spec, marked by its origin."""
    async with platform.client() as client:
        await saved(client)
        answer = await client.post("/jobs/a/rollback/1")
        listed = (await client.get("/jobs/a/versions")).json()
    assert (answer.status_code, answer.headers["etag"]) == (200, '"v4"')
    assert JobBody.model_validate_json(answer.text).schedule is not None
    assert answer.json()["schedule"] == {"interval_sec": 30}
    assert listed[0]["origin"] == "rollback:v1"


@pytest.mark.parametrize(("path", "code"), [("/jobs/a/rollback/9", 404), ("/jobs/nope/rollback/1", 404)])
async def test_rollback_to_nothing_is_not_found(platform: FakePlatform, path: str, code: int) -> None:
    """No such job, no such version."""
    async with platform.client() as client:
        await saved(client)
        assert (await client.post(path)).status_code == code


async def test_preview_tells_words_fires_and_zone(platform: FakePlatform) -> None:
    """In the schedule's zone and in UTC."""
    async with platform.client() as client:
        body = {"schedule": CRON, "count": 2, "now": "2026-03-28T00:00:00Z"}
        answer = await client.post("/schedules/preview", json=body)
    PreviewBody.model_validate_json(answer.text)
    found = answer.json()
    assert (answer.status_code, found["timezone"], found["ends"]) == (200, "Europe/Berlin", False)
    assert found["words"]["en"] == "every day at 07:00 (Europe/Berlin)"
    assert found["words"]["id"] == "setiap hari pukul 07:00 (Europe/Berlin)"
    assert found["next"] == [
        {"local": "2026-03-28T07:00:00+01:00", "utc": "2026-03-28T06:00:00.000Z", "offset": "+01:00"},
        {"local": "2026-03-29T07:00:00+02:00", "utc": "2026-03-29T05:00:00.000Z", "offset": "+02:00"},
    ]
    assert found["dst_notes"] == []


async def test_preview_of_a_rule_counts_from_its_start(platform: FakePlatform) -> None:
    """Every second Monday, three times, then no more."""
    schedule = {
        "rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;BYHOUR=9;BYMINUTE=0;COUNT=3",
        "timezone": "Asia/Jakarta",
        "start_at": "2026-11-24T00:00:00+07:00",
    }
    async with platform.client() as client:
        answer = await client.post(
            "/schedules/preview", json={"schedule": schedule, "count": 5, "now": "2026-11-24T00:00:00Z"}
        )
        refused = await client.post("/schedules/preview", json={"schedule": {**schedule, "start_at": None}})
    found = answer.json()
    assert [fire["local"] for fire in found["next"]] == [
        "2026-12-07T09:00:00+07:00",
        "2026-12-21T09:00:00+07:00",
        "2027-01-04T09:00:00+07:00",
    ]
    assert found["ends"] is True
    assert found["words"]["id"].startswith("setiap 2 minggu pada Senin pukul 09:00, 3 kali (Asia/Jakarta)")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/schedule/rrule"


async def test_preview_notes_a_night_without_the_hour(platform: FakePlatform) -> None:
    """When, which kind, and what becomes of the fires, in both languages."""
    async with platform.client() as client:
        schedule = {"cron": "30 2 * * *", "timezone": "Europe/Berlin"}
        found = (await client.post("/schedules/preview", json={"schedule": schedule})).json()
    gap, overlap = found["dst_notes"]
    assert (gap["at"], gap["kind"]) == ("2026-03-29T01:00:00.000Z", "gap")
    assert "go forward from 02:00 to 03:00" in gap["text_en"]
    assert "maju dari 02:00 ke 03:00" in gap["text_id"]
    assert overlap["kind"] == "overlap"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/schedule"),
        ({"schedule": {}}, "/schedule"),
        ({"schedule": {"cron": "61 * * * *"}}, "/schedule/cron"),
        ({"schedule": {"cron": "* * * * *", "timezone": "../../etc"}}, "/schedule/timezone"),
        ({"schedule": {"at": "2020-01-01T00:00:00Z"}}, "/schedule/at"),
        ({"schedule": {"at": 5}}, "/schedule/at"),
        ({"schedule": {"interval_sec": 0.5}}, "/schedule/interval_sec"),
        ({"schedule": {"interval_sec": 30}, "count": 51}, "/count"),
        ({"schedule": {"interval_sec": 30}, "count": True}, "/count"),
        ({"schedule": {"interval_sec": 30}, "jitter_sec": -1}, "/jitter_sec"),
        ({"schedule": {"interval_sec": 30}, "now": 5}, "/now"),
        ({"schedule": {"interval_sec": 30}, "times": 1}, "/times"),
    ],
)
async def test_preview_refuses_as_creation_does(
    platform: FakePlatform, body: dict[str, Any], pointer: str
) -> None:
    """A 422 that points at what is wrong."""
    async with platform.client() as client:
        answer = await client.post("/schedules/preview", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer
