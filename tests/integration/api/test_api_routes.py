"""The API on the real stores: written records are read back."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from app.core.redis_client import RedisLink
from app.core.storage.keys import Keys
from app.services.api.schemas.jobs import JobBody
from app.services.api.schemas.platform import EventBody, Readiness
from app.services.api.schemas.queues import QueueBody
from app.services.api.schemas.runs import RunAccepted, RunDetail

SPEC: dict[str, Any] = {"job_id": "a", "type": "test.load", "schedule": {"interval_sec": 3600}, "tags": ["x"]}


async def test_job_lives_from_creation_to_deletion(client: httpx.AsyncClient) -> None:
    """Create, read, edit, switch, list, delete: each sees what the one before has written."""
    created = await client.post("/jobs", json=SPEC)
    assert created.status_code == 201, created.text
    read = await client.get("/jobs/a")
    JobBody.model_validate_json(read.text)
    edited = {**read.json(), "description": "edited"}
    saved = await client.put("/jobs/a", json=edited, headers={"If-Match": read.headers["etag"]})
    assert (saved.status_code, saved.json()["version"]) == (200, 2)
    stale = await client.put("/jobs/a", json=edited, headers={"If-Match": read.headers["etag"]})
    assert (stale.status_code, stale.headers["etag"]) == (412, '"v2"')
    assert (await client.put("/jobs/a/disable")).status_code == 200
    assert [job["enabled"] for job in (await client.get("/jobs", params={"tag": "x"})).json()] == [False]
    versions = (await client.get("/jobs/a/versions")).json()
    assert [(each["version"], each["spec"]["description"]) for each in versions] == [(2, "edited"), (1, "")]
    assert (await client.delete("/jobs/a")).status_code == 200
    assert (await client.get("/jobs/a")).status_code == 404


async def test_create_with_a_key_makes_one_job(client: httpx.AsyncClient) -> None:
    """Sent again, also after a later save, it answers 201; with another spec it is a mismatch."""
    key = {"Idempotency-Key": "once"}
    first = await client.post("/jobs", json=SPEC, headers=key)
    again = await client.post("/jobs", json=SPEC, headers=key)
    assert (again.status_code, again.json()) == (201, first.json())
    await client.put("/jobs/a", json={**SPEC, "description": "later"})
    assert (await client.post("/jobs", json=SPEC, headers=key)).status_code == 201
    other = await client.post("/jobs", json={**SPEC, "timeout_ms": 9}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
    assert len((await client.get("/jobs/a/versions")).json()) == 2


async def test_run_with_a_key_makes_one_run(client: httpx.AsyncClient) -> None:
    """The same key and body answer the same run; another body is refused."""
    await client.post("/jobs", json=SPEC)
    key = {"Idempotency-Key": "once"}
    first = await client.post("/jobs/a/run", json={"delay_sec": 600}, headers=key)
    again = await client.post("/jobs/a/run", json={"delay_sec": 600}, headers=key)
    other = await client.post("/jobs/a/run", headers=key)
    assert (again.status_code, again.json()) == (202, first.json())
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
    assert len((await client.get("/jobs/a/runs")).json()) == 1


async def test_run_with_a_key_of_a_purged_run_says_so(
    client: httpx.AsyncClient, link: RedisLink, keys: Keys
) -> None:
    """The key stays used: the answer names the run that retention has removed, and makes no other."""
    await client.post("/jobs", json=SPEC)
    key = {"Idempotency-Key": "once"}
    first = (await client.post("/jobs/a/run", headers=key)).json()
    await link.call("DEL", keys.run(first["run_id"]))
    again = await client.post("/jobs/a/run", headers=key)
    assert (again.status_code, again.json()) == (202, {**first, "status": "purged"})
    RunAccepted.model_validate(again.json())
    assert await link.call("ZCARD", keys.runs) == 1


async def test_search_of_runs_says_how_far_it_has_come(client: httpx.AsyncClient) -> None:
    """Every filter by its name; progress in headers, and none if one index has the list."""
    await client.post("/jobs", json={**SPEC, "tags": ["ops"]})
    body = {"inputs": {"duration_ms": 4711}}
    run = (await client.post("/jobs/a/run", json=body)).json()
    detail = (await client.get(f"/runs/{run['run_id']}")).json()
    wanted = {
        "q": "4711",
        "job_id": "a*",
        "status": ["queued", "running"],
        "type": detail["type"],
        "tag": "ops",
        "trace_id": detail["trace_id"],
        "since": detail["created_at"],
        "until": "2100-01-01T00:00:00Z",
    }
    found = await client.get("/runs", params=wanted)
    assert [each["run_id"] for each in found.json()] == [run["run_id"]]
    assert (found.headers["x-searched-count"], found.headers["x-search-total"]) == ("1", "1")
    for name, other in (
        ("q", "4712"),
        ("job_id", "b*"),
        ("status", "failed"),
        ("type", "none.such"),
        ("tag", "none"),
        ("trace_id", "0" * 32),
        ("since", "2100-01-01T00:00:00Z"),
        ("until", detail["created_at"]),
    ):
        assert (await client.get("/runs", params={**wanted, name: other})).json() == [], name
    assert "x-searched-count" not in (await client.get("/runs?status=queued")).headers


async def test_run_by_hand_is_seen_everywhere(client: httpx.AsyncClient) -> None:
    """A run is on its own page, in lists, in the queue and in the events, until it is cancelled."""
    await client.post("/jobs", json=SPEC)
    accepted = (await client.post("/jobs/a/run", json={"inputs": {"duration_ms": 7}})).json()
    run_id = accepted["run_id"]
    detail = await client.get(f"/runs/{run_id}")
    # What a monitor has found is computed from the result.
    RunDetail.model_validate_json(json.dumps({k: v for k, v in detail.json().items() if k != "found"}))
    assert (detail.json()["inputs"], detail.json()["status"]) == ({"duration_ms": 7}, "queued")
    for path in ("/runs?status=queued", f"/runs?q={run_id[:12]}", "/runs?job_id=a", "/jobs/a/runs"):
        assert [run["run_id"] for run in (await client.get(path)).json()] == [run_id], path
    queue = await client.get("/queue")
    QueueBody.model_validate_json(queue.text)
    assert queue.json()["lanes"]["normal"]["waiting"] == 1
    assert (await client.get(f"/runs/{run_id}/logs")).json() == []
    assert (await client.post(f"/runs/{run_id}/cancel")).json()["status"] == "cancelled"
    assert (await client.post(f"/runs/{run_id}/cancel")).status_code == 200
    events = (await client.get("/events")).json()
    for event in events:
        EventBody.model_validate(event)
    assert {(event["type"], event["run_id"]) for event in events} >= {("run.cancelled", run_id)}
    behind = (await client.get("/events", params={"after": events[0]["id"]})).json()
    assert behind == events[1:]


async def test_events_are_read_by_job_and_by_run(client: httpx.AsyncClient) -> None:
    """What happened to a run belongs to it and to its job; links lead back to the oldest."""
    await client.post("/jobs", json=SPEC)
    await client.post("/jobs", json={**SPEC, "job_id": "other"})
    runs = [(await client.post("/jobs/a/run", json={"delay_sec": 600})).json()["run_id"] for _ in range(3)]
    await client.post("/jobs/other/run")
    await client.post(f"/runs/{runs[0]}/cancel")
    of_run = (await client.get("/events", params={"topics": f"run:{runs[0]}"})).json()
    assert [event["type"] for event in of_run] == ["run.scheduled", "run.cancelled"]
    of_job = (await client.get("/events", params={"topics": "job:a"})).json()
    assert {event["job_id"] for event in of_job} == {"a"}
    assert {event["run_id"] for event in of_job if event["run_id"]} == set(runs)
    assert [event for event in of_job if event["run_id"] == runs[0]] == of_run
    met: list[str] = []
    address: str | None = "/events?topics=job:a&limit=2"
    while address is not None:
        page = await client.get(address)
        met = [event["id"] for event in page.json()] + met
        address = page.links.get("next", {}).get("url")
    assert met == [event["id"] for event in of_job]
    forward = await client.get("/events", params={"after": met[0], "topics": "job:a", "limit": 1})
    assert [event["id"] for event in forward.json()] == [met[1]]
    assert f"after={met[1]}" in forward.links["next"]["url"]


@pytest.mark.parametrize("query", ["before=x", "before=", "after=%D9%A3", "topics=job:", "topics=A"])
async def test_events_refuse_what_is_no_id_and_no_topic(client: httpx.AsyncClient, query: str) -> None:
    """A 422 that names the parameter."""
    answer = await client.get(f"/events?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert answer.json()["errors"][0]["pointer"] == f"/query/{query.partition('=')[0]}"


async def test_lists_page_to_their_end(client: httpx.AsyncClient) -> None:
    """Following the links meets every job and every run once."""
    await client.post("/jobs", json=SPEC)
    for number in range(4):
        await client.post("/jobs", json={"job_id": f"j{number}", "type": "test.load"})
        await client.post("/jobs/a/run", json={"delay_sec": 600})
    for path, field, expected in [("/jobs?limit=2", "job_id", 5), ("/jobs/a/runs?limit=2", "run_id", 4)]:
        found: list[str] = []
        address: str | None = path
        while address is not None:
            page = await client.get(address)
            assert page.headers["x-total-count"] == str(expected)
            found += [item[field] for item in page.json()]
            address = page.links.get("next", {}).get("url")
        assert len(found) == len(set(found)) == expected


async def test_occurrences_of_a_new_job_are_ahead(client: httpx.AsyncClient) -> None:
    """A job that was just made has upcoming slots only."""
    await client.post("/jobs", json=SPEC)
    found = (await client.get("/jobs/a/occurrences", params={"limit": 3})).json()
    assert [item["outcome"] for item in found] == ["upcoming"] * 3


async def test_run_of_a_known_job_costs_one_round_trip(client: httpx.AsyncClient, link: RedisLink) -> None:
    """A run by hand enqueues and asks nothing else: the script tells whether the spec is still the one."""
    await client.post("/jobs", json=SPEC)
    await client.post("/jobs/a/run")
    before = link.round_trips
    assert (await client.post("/jobs/a/run", headers={"Idempotency-Key": "k"})).status_code == 202
    assert link.round_trips - before == 1


async def test_platform_routes_answer_on_an_empty_deployment(client: httpx.AsyncClient) -> None:
    """Before anything has run, every figure is there and zero."""
    ready = await client.get("/readyz")
    Readiness.model_validate_json(ready.text)
    assert ready.status_code == 200
    assert (await client.get("/workers")).json() == []
    QueueBody.model_validate_json((await client.get("/queue")).text)
    metrics = await client.get("/metrics")
    assert metrics.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert "# TYPE multi_job_" in metrics.text


async def test_unknown_run_is_not_found(client: httpx.AsyncClient) -> None:
    """Ids that no run has, and ids that none can have."""
    for run_id in ("01J00000000000000000000000", "a@5", "nonsense", "%F0%9F%98%80"):
        for method, rest in [("GET", ""), ("GET", "/logs"), ("POST", "/cancel")]:
            answer = await client.request(method, f"/runs/{run_id}{rest}")
            assert (answer.status_code, answer.json()["code"]) == (404, "run_not_found"), (run_id, rest)
