"""Batches and reruns on the real stores, through the API."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter

from app.core.errors import RedisUnavailable
from app.core.models import AttemptOutcome
from app.core.queue import EnqueueResult
from app.services.api.schemas.batches import BatchItemBody, RunRepeated
from app.services.api.schemas.dead_letters import DeadGroupBody, LettersDiscarded, LettersRedriven
from app.services.api.services import Services
from tests.support.queue.queue_driver import QueueDriver

SPEC: dict[str, Any] = {"job_id": "a", "type": "test.load", "inputs": {"duration_ms": 1, "mode": "odd"}}
KEY = {"Idempotency-Key": "once"}


@pytest.fixture
async def client(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return the client; the job `a` is stored."""
    assert (await client.post("/jobs", json=SPEC)).status_code == 201
    return client


async def _run_ids(client: httpx.AsyncClient) -> list[str]:
    return [run["run_id"] for run in (await client.get("/runs", params={"limit": 500})).json()]


async def test_a_batch_makes_runs_that_stand_alone(client: httpx.AsyncClient) -> None:
    """Delays, inputs, an unknown job and refused inputs: each item has its own outcome, in order."""
    items = [
        {"job_id": "a"},
        {"job_id": "nobody"},
        {"job_id": "a", "inputs": {"duration_ms": -1}},
        {"job_id": "a", "inputs": {"duration_ms": 7}, "delay_sec": 600},
        {"job_id": "{not an id}"},
    ]
    answer = await client.post("/runs/batch", json=items)
    assert answer.status_code == 200, answer.text
    found = TypeAdapter(list[BatchItemBody]).validate_json(answer.text)
    assert [item.index for item in found] == [0, 1, 2, 3, 4]
    assert [item.status for item in found] == ["queued", None, None, "scheduled", None]
    codes = [None if item.error is None else item.error.code for item in found]
    assert codes == [None, "job_not_found", "invalid_spec", None, "job_not_found"]
    assert set(await _run_ids(client)) == {found[0].run_id, found[3].run_id}
    run = (await client.get(f"/runs/{found[3].run_id}")).json()
    assert (run["inputs"], run["source"], run["actor"]) == ({"duration_ms": 7}, "api", "local")


async def test_a_batch_of_a_thousand_is_made_once_by_its_key(client: httpx.AsyncClient) -> None:
    """Sent again with the key that the answer named, it is the same answer and no run more."""
    items = [{"job_id": "a"}] * 1000
    first = await client.post("/runs/batch", json=items)
    again = await client.post(
        "/runs/batch", json=items, headers={"Idempotency-Key": first.headers["idempotency-key"]}
    )
    assert again.json() == first.json()
    assert len({item["run_id"] for item in first.json()}) == 1000
    assert (await client.get("/jobs/a/runs", params={"limit": 1})).headers["x-total-count"] == "1000"
    other = await client.post("/runs/batch", json=items)
    assert other.headers["idempotency-key"] != first.headers["idempotency-key"]


async def test_a_batch_key_with_another_body_is_refused(client: httpx.AsyncClient) -> None:
    """Nothing of it is made."""
    assert (await client.post("/runs/batch", json=[{"job_id": "a"}], headers=KEY)).status_code == 200
    other = await client.post("/runs/batch", json=[{"job_id": "a"}] * 2, headers=KEY)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
    assert len(await _run_ids(client)) == 1


async def test_a_batch_that_was_cut_off_is_completed_by_a_repeat(
    client: httpx.AsyncClient, platform: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Items that could not be made say so; a repeat makes those and finds the others."""
    items = [{"job_id": "a"} for _ in range(5)]
    real, made = platform.queue.enqueue, list[str]()

    async def three(run: Any, once: Any = None) -> EnqueueResult:
        if len(made) == 3:
            raise RedisUnavailable("away")
        made.append(run.run_id)
        return await real(run, once)

    monkeypatch.setattr(platform.queue, "enqueue", three)
    cut = (await client.post("/runs/batch", json=items, headers=KEY)).json()
    assert [item["run_id"] for item in cut] == [*made, None, None]
    assert [item["error"] and item["error"]["code"] for item in cut[3:]] == ["redis_unavailable"] * 2
    monkeypatch.undo()
    whole = (await client.post("/runs/batch", json=items, headers=KEY)).json()
    assert [item["run_id"] for item in whole[:3]] == made
    assert sorted(await _run_ids(client)) == sorted(item["run_id"] for item in whole)


async def test_a_whole_batch_is_answered_though_its_runs_are_gone(
    client: httpx.AsyncClient, driver: QueueDriver
) -> None:
    """Retention may have removed the runs and a job may exist by now: the answer is still the first one."""
    items = [{"job_id": "a"}, {"job_id": "b"}]
    first = (await client.post("/runs/batch", json=items, headers=KEY)).json()
    await client.post("/jobs", json={**SPEC, "job_id": "b"})
    run_id = first[0]["run_id"]
    await client.post(f"/runs/{run_id}/cancel")
    await driver.link.call("HSET", driver.keys.run(run_id), "ended", 1)
    assert await driver.queue.purge() == 1
    assert (await client.post("/runs/batch", json=items, headers=KEY)).json() == first
    assert await _run_ids(client) == []


async def test_a_batch_beyond_the_queues_depth_is_refused_by_item(
    client: httpx.AsyncClient, platform: Services
) -> None:
    """What still fits is made; a repeat makes the rest once there is room."""
    platform.queue.settings = platform.settings.model_copy(update={"max_queue_depth": 2})
    items = [{"job_id": "a"}] * 3
    found = (await client.post("/runs/batch", json=items, headers=KEY)).json()
    assert [item["error"] and item["error"]["code"] for item in found] == [None, None, "queue_full"]
    await client.post(f"/runs/{found[0]['run_id']}/cancel")
    again = (await client.post("/runs/batch", json=items, headers=KEY)).json()
    assert [item["status"] for item in again] == ["cancelled", "queued", "queued"]


async def test_a_rerun_takes_the_runs_own_inputs(client: httpx.AsyncClient) -> None:
    """Given ones stand in for all of them, whatever the job says by now; it names what it repeats."""
    first = (await client.post("/jobs/a/run", json={"inputs": {"duration_ms": 5, "mode": "odd"}})).json()
    await client.put("/jobs/a", json={**SPEC, "inputs": {}})
    again = await client.post(f"/runs/{first['run_id']}/rerun")
    assert (again.status_code, again.json()["rerun_of"]) == (202, first["run_id"])
    RunRepeated.model_validate_json(again.text)
    other = await client.post(
        f"/runs/{again.json()['run_id']}/rerun", json={"inputs": {"duration_ms": 9}, "delay_sec": 60}
    )
    assert other.json()["status"] == "scheduled"
    runs = [(await client.get(f"/runs/{each.json()['run_id']}")).json() for each in (again, other)]
    assert [run["inputs"] for run in runs] == [
        {"duration_ms": 5, "mode": "odd"},
        {"duration_ms": 9},
    ]
    assert [(run["source"], run["version"]) for run in runs] == [("api", 2)] * 2
    assert (await client.get(f"/runs/{first['run_id']}")).json()["rerun_of"] is None


async def test_a_rerun_is_refused_if_it_makes_no_sense(
    client: httpx.AsyncClient, driver: QueueDriver
) -> None:
    """Refused inputs, a deleted job, a run that retention removed, one that never was."""
    run_id = (await client.post("/jobs/a/run")).json()["run_id"]
    bad = await client.post(f"/runs/{run_id}/rerun", json={"inputs": {"mode": "neither"}})
    assert (bad.status_code, bad.json()["errors"][0]["pointer"]) == (422, "/inputs/mode")
    await client.delete("/jobs/a")
    gone = await client.post(f"/runs/{run_id}/rerun")
    assert (gone.status_code, gone.json()["code"]) == (409, "state_conflict")
    await driver.link.call("HSET", driver.keys.run(run_id), "ended", 1)
    assert await driver.queue.purge() == 1
    assert (await client.post(f"/runs/{run_id}/rerun")).status_code == 410
    assert (await client.post("/runs/nope/rerun")).status_code == 404


async def test_a_rerun_with_a_key_makes_one_run(client: httpx.AsyncClient) -> None:
    """The same key and body answer the same run; another body is refused."""
    run_id = (await client.post("/jobs/a/run")).json()["run_id"]
    first = await client.post(f"/runs/{run_id}/rerun", headers=KEY)
    again = await client.post(f"/runs/{run_id}/rerun", headers=KEY)
    other = await client.post(f"/runs/{run_id}/rerun", json={"delay_sec": 1}, headers=KEY)
    assert again.json() == first.json()
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
    assert len(await _run_ids(client)) == 2


async def test_dead_letters_are_decided_about_over_http(
    client: httpx.AsyncClient, driver: QueueDriver
) -> None:
    """List, dry run, redrive at a rate, discard; ids that are not dead letters are reported."""
    runs = [await driver.fail("a") for _ in range(3)]
    listed = await client.get("/dead-letters", params={"job_id": "a"})
    (group,) = TypeAdapter(list[DeadGroupBody]).validate_json(listed.text)
    assert (group.count, listed.headers["x-total-count"]) == (3, "3")
    members = (await client.get(f"/dead-letters/{group.fingerprint}/runs")).json()
    assert [run["run_id"] for run in members] == [run.run_id for run in reversed(runs)]
    by_group = {"fingerprint": group.fingerprint}
    dry = await client.post("/dead-letters/redrive", json={**by_group, "dry_run": True})
    assert dry.json() == {"count": 3, "sample_run_ids": [run.run_id for run in runs]}
    named = {"run_ids": [runs[0].run_id, "a@1"]}
    discarded = await client.post("/dead-letters/discard", json=named)
    LettersDiscarded.model_validate_json(discarded.text)
    assert discarded.json() == {"discarded": 1, "failed": [{"run_id": "a@1", "code": "run_not_found"}]}
    redriven = await client.post("/dead-letters/redrive", json={**by_group, "rate_per_sec": 0.01})
    LettersRedriven.model_validate_json(redriven.text)
    assert redriven.json()["redriven"] == 2
    assert redriven.json()["run_ids"] == [run.run_id for run in runs[1:]]
    assert [await driver.status(run.run_id) for run in runs] == ["failed", "queued", "scheduled"]
    assert (await client.get("/dead-letters")).json() == []


async def test_a_redrive_with_a_key_leaves_alone_what_failed_again(
    client: httpx.AsyncClient, driver: QueueDriver
) -> None:
    """A repeat decides about the letters of the first call, not about those that came of it."""
    run = await driver.fail("a")
    body = {"run_ids": [run.run_id]}
    first = await client.post("/dead-letters/redrive", json=body, headers=KEY)
    assert first.json()["redriven"] == 1
    again = (await driver.claim()).runs[0]
    await driver.finish(again, AttemptOutcome.FAILED, error="{}", fingerprint="abc")
    await driver.link.call("HINCRBY", driver.keys.run(run.run_id), "ended", 5_000)
    repeat = await client.post("/dead-letters/redrive", json=body, headers=KEY)
    assert repeat.json()["failed"] == [{"run_id": run.run_id, "code": "changed"}]
    assert await driver.status(run.run_id) == "failed"
    assert (await client.post("/dead-letters/redrive", json=body)).json()["redriven"] == 1
