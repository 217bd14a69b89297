"""The event stream of a key with a scope: the events of its jobs, by their present tags."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from app.core.secret_keys import new_key
from tests.support.api.api_process import Api, running_api
from tests.support.api.event_client import EventClient, following
from tests.support.embedded_redis import EmbeddedRedis
from tests.support.waiting import wait_until, wait_until_async

LONG = 60
ROOT = "root-key-of-the-tests-0123456789abcdef"
OWN, OTHER = {"kiosk", "shop-a"}, "bakery"


@pytest.fixture
def api(redis_server: EmbeddedRedis, tmp_path: Any) -> Iterator[Api]:
    names = {"NAMESPACE": f"ss{os.getpid()}", "SECRET_KEY": new_key(), "API_KEYS": f"root:admin:{ROOT}"}
    with running_api(redis_server.url, tmp_path, **names) as api:
        wait_until(lambda: api.status("/readyz") == 200, LONG, "ready")
        api.client.headers["X-API-Key"] = ROOT
        yield api


def save(api: Api, method: str, job_id: str, *tags: str) -> None:
    path = "/jobs" if method == "POST" else f"/jobs/{job_id}"
    spec = {"job_id": job_id, "type": "simulation.load", "tags": list(tags)}
    answer = api.client.request(method, path, json=spec)
    assert answer.is_success, answer.text


async def until(client: EventClient, kind: str, job_id: str) -> None:
    await wait_until_async(
        lambda: any(each.event == kind and each.data.get("job_id") == job_id for each in client.received),
        LONG,
        f"{kind} of {job_id}",
    )


def jobs_of(client: EventClient) -> set[str | None]:
    return {each.data.get("job_id") for each in client.received if "." in each.event}


async def test_stream_has_the_events_of_the_scope(api: Api) -> None:
    """Live and after a resumption, also if topics ask for others; nothing without a job, no incident."""
    body = {"name": "shop", "role": "viewer", "scope": ["tag:shop", "job:shop-"]}
    key = api.client.post("/keys", json=body).json()["key"]
    save(api, "POST", "bakery-a", "bakery")
    save(api, "POST", "kiosk", "shop")
    asked = "?topics=job,run,queue,incident,job:bakery-a"
    async with (
        following(api.port, key=key) as live,
        following(api.port, asked, key=key) as by_topics,
        following(api.port, key=key, last_id="0-1") as resumed,
        following(api.port, key=ROOT) as everything,
    ):
        for job_id in ("bakery-b", "shop-a"):
            save(api, "POST", job_id)
        api.client.post("/pause", json={"scope": "all"})
        api.client.post("/resume", json={"scope": "all"})
        for job_id in ("bakery-a", "kiosk"):
            assert api.client.post(f"/jobs/{job_id}/run", json={"delay_sec": 60}).is_success
        for client in (live, by_topics, resumed):
            await until(client, "run.scheduled", "kiosk")
        # The tag goes: what comes later is of another job.
        save(api, "PUT", "kiosk", "bakery")
        save(api, "PUT", "bakery-b", "shop")
        save(api, "PUT", "shop-a", "last")
        for client in (live, by_topics, everything):
            await until(client, "job.updated", "shop-a")
        assert {"bakery-a", "bakery-b", None} <= jobs_of(everything)
        for client in (live, by_topics):
            assert jobs_of(client) == {"kiosk", "shop-a", "bakery-b"}
            kinds = [(each.event, each.data["job_id"]) for each in client.received]
            assert ("run.scheduled", "kiosk") in kinds
            assert ("job.updated", "kiosk") not in kinds
            assert ("job.created", "bakery-b") not in kinds
        assert "bakery-a" not in jobs_of(resumed)
        assert None not in jobs_of(resumed)
    async with following(api.port, key=key, last_id=live.ids()[0]) as again:
        await until(again, "job.updated", "shop-a")
        # By the tags of now: all of the kiosk's events are gone, all of the new job's are there.
        assert jobs_of(again) == {"shop-a", "bakery-b"}
