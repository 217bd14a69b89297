"""Reasons of unfinished and failed runs, each with its real cause."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.core.config import Settings
from app.core.redis_client import RedisLink
from tests.support.explain.explain_fixture import ExplainFixture, explain_fixture, why_settings

LONG = {"duration_ms": 600_000}
ONCE = {"max_retry": 0}


@pytest.fixture
async def deployment(settings: Settings, link: RedisLink, tmp_path: Path) -> AsyncIterator[ExplainFixture]:
    async with explain_fixture(why_settings(settings, tmp_path), link) as deployment:
        yield deployment


async def test_success_is_explained_with_its_time(deployment: ExplainFixture) -> None:
    """Slots that ran are one range, with how to look at them."""
    await deployment.start("scheduler")
    await deployment.start("worker")
    await deployment.create(interval=1)
    explained = await deployment.until_explained("ran", slots=2)
    assert (explained["outcome"], explained["status"]) == ("ran", "success")
    assert "runs of" in explained["text"]
    assert "multi-job runs --job job" in explained["next_step"]


async def test_next_fire_is_shown_in_the_zone_of_the_schedule(deployment: ExplainFixture) -> None:
    """With a scheduler alive nothing blocks the next slot."""
    await deployment.start("scheduler")
    await deployment.create(schedule={"cron": "0 7 * * *", "timezone": "Europe/Berlin"})
    answer = await deployment.why()
    assert answer["next"]["reason"] is None
    assert "07:00:00 (Europe/Berlin)" in answer["next"]["text"]
    assert 0 < answer["next"]["in_sec"] <= 90_000
    assert (answer["timezone"], answer["occurrences"], answer["run"]) == ("Europe/Berlin", [], None)


async def test_failure_is_explained_with_its_error_and_dead_letter(deployment: ExplainFixture) -> None:
    """A slot whose last try failed has the error in one line, and its place in the queue."""
    await deployment.start("scheduler")
    await deployment.start("worker")
    inputs = {"message": "the cable\nis out"}
    await deployment.create(type="test.fail", inputs=inputs, retry_policy=ONCE, interval=1)
    answer = await deployment.until(
        lambda explained: any(each["status"] == "failed" for each in explained["occurrences"])
    )
    explained = next(each for each in answer["occurrences"] if each["status"] == "failed")
    assert (explained["outcome"], explained["reason"]) == ("ran", "ran")
    assert "the cable is out" in explained["text"]
    assert "dead letter" in explained["text"]
    assert "POST /dead-letters/redrive" in explained["next_step"]


async def test_retry_is_explained_with_its_next_try(deployment: ExplainFixture) -> None:
    """A run that failed and will be tried again says when."""
    await deployment.start("worker")
    policy = {"max_retry": 3, "backoff_sec": [3600]}
    await deployment.create(type="test.fail", retry_policy=policy)
    run_id = await deployment.run()
    await deployment.until_status(run_id, "retrying")
    explained = (await deployment.why())["run"]
    assert (explained["run_id"], explained["reason"]) == (run_id, "retrying")
    assert "try 1 of 4" in explained["text"]
    assert "it failed" in explained["text"]
    assert "(Asia/Jakarta)" in explained["text"]


async def test_delayed_run_is_explained_with_its_time(deployment: ExplainFixture) -> None:
    """A run that was ordered for later says when it is due."""
    await deployment.create()
    run_id = await deployment.run(delay_sec=3600)
    explained = (await deployment.why())["run"]
    assert explained["reason"] == "delayed"
    assert f"multi-job cancel {run_id}" in explained["next_step"]


async def test_refused_tool_names_the_line_to_add(deployment: ExplainFixture) -> None:
    """A call to a host that no policy allows: the answer has the very line for POLICIES_FILE."""
    await deployment.start("scheduler")
    await deployment.start("worker")
    await deployment.create(type="fetch", inputs={"url": "http://refused.example/"}, interval=1)
    explained = await deployment.until_explained("policy")
    assert explained["status"] == "failed"
    assert "types: {fetch: {allow: {http: {hosts: ['refused.example']}}}}" in explained["next_step"]


async def test_unknown_type_is_explained(deployment: ExplainFixture) -> None:
    """A worker without the handler leaves the run waiting, and the next step is a worker that has it."""
    await deployment.start("worker", handler_modules=[], worker_concurrency=1)
    await deployment.create()
    run_id = await deployment.run()
    explained = (await deployment.why())["run"]
    assert (explained["run_id"], explained["reason"]) == (run_id, "unknown_type")
    assert "it waits for a worker with the job type test.noop" in explained["text"]
    assert "HANDLER_MODULES=MODULE multi-job restart" in explained["next_step"]
    await deployment.start("worker")
    await deployment.until_status(run_id, "success")


async def test_queue_without_a_worker_is_explained(deployment: ExplainFixture) -> None:
    """A live worker serves another queue; the next step is one that serves this one."""
    await deployment.start("worker")
    await deployment.create(queue="gpu")
    await deployment.run()
    explained = (await deployment.why())["run"]
    assert explained["reason"] == "no_worker"
    assert "no live worker serves the queue gpu" in explained["text"]
    assert "WORKER_QUEUES=default,gpu multi-job restart" in explained["next_step"]


async def test_slot_of_an_unknown_type_is_explained(deployment: ExplainFixture) -> None:
    """A slot that waits for a worker with its type names the type."""
    await deployment.start("scheduler")
    await deployment.start("worker", handler_modules=[])
    await deployment.create(interval=1)
    explained = await deployment.until_explained("unknown_type")
    assert "test.noop" in explained["text"]
    assert "HANDLER_MODULES" in explained["next_step"]


async def test_run_without_a_worker_is_explained(deployment: ExplainFixture) -> None:
    """The worker left, so the next run waits: since when, and how to start one."""
    await deployment.start("scheduler")
    await deployment.start("worker")
    await deployment.stop("worker")
    await deployment.create(interval=1)
    explained = await deployment.until_explained("no_worker")
    assert (explained["outcome"], explained["status"]) == ("waiting", "queued")
    assert "no worker is alive" in explained["text"]
    assert "app.services.worker.main" in explained["next_step"]


async def test_full_key_is_explained_with_its_holders(deployment: ExplainFixture) -> None:
    """A run that waits for a concurrency key names the key and who holds it."""
    await deployment.start("worker")
    key = {"key": "printer", "limit": 1}
    await deployment.create("holder", type="test.sleep", inputs=LONG, timeout_ms=900_000, concurrency=key)
    holder = await deployment.run("holder")
    await deployment.until_status(holder, "running")
    await deployment.create(concurrency=key)
    run_id = await deployment.run()
    answer = await deployment.until(lambda explained: explained["run"]["reason"] == "key_full")
    explained = answer["run"]
    assert explained["run_id"] == run_id
    assert "concurrency key printer lets 1 run at once" in explained["text"]
    assert holder in explained["text"]
    assert "concurrency.limit" in explained["next_step"]


async def test_run_behind_an_earlier_one_of_its_job_is_explained(deployment: ExplainFixture) -> None:
    """With overlap: queue the second run waits for the first, by name."""
    await deployment.start("worker")
    await deployment.create(type="test.sleep", inputs=LONG, timeout_ms=900_000, overlap="queue")
    first = await deployment.run()
    await deployment.until_status(first, "running")
    second = await deployment.run()
    answer = await deployment.until(lambda explained: first in explained["run"]["text"])
    assert (answer["run"]["run_id"], answer["run"]["reason"]) == (second, "queued_behind")
    assert "overlap: allow" in answer["run"]["next_step"]


async def test_run_behind_others_is_explained_with_their_number(deployment: ExplainFixture) -> None:
    """All slots of the only worker are taken, and two runs wait before ours."""
    await deployment.start("worker", worker_concurrency=1)
    await deployment.create("busy", type="test.sleep", inputs=LONG, timeout_ms=900_000)
    holder = await deployment.run("busy")
    await deployment.until_status(holder, "running")
    for _ in range(2):
        await deployment.run("busy")
    await deployment.create()
    await deployment.run()
    explained = (await deployment.why())["run"]
    assert explained["reason"] == "queued_behind"
    assert "2 older runs wait as well" in explained["text"]
    assert "multi-job status" in explained["next_step"]


def _is_busy(explained: dict[str, Any]) -> bool:
    # Between two looks a slot is due, and not in anybody's way.
    return (
        bool(explained["run"])
        and explained["run"]["status"] == "running"
        and explained["next"]["reason"] == "overlap"
    )


async def test_running_run_is_explained(deployment: ExplainFixture) -> None:
    """A slot in work has its start and its worker."""
    await deployment.start("scheduler")
    await deployment.start("worker")
    await deployment.create(type="test.sleep", inputs=LONG, timeout_ms=900_000, interval=1)
    answer = await deployment.until(_is_busy)
    run_id = answer["run"]["run_id"]
    assert f"multi-job logs {run_id} --follow" in answer["run"]["next_step"]
    assert run_id in answer["next"]["text"]
    await deployment.ask("POST", f"/runs/{run_id}/cancel")
    await deployment.until_status(run_id, "cancelled")
    cancelled = await deployment.until(lambda explained: "cancelled" in explained["occurrences"][-1]["text"])
    assert cancelled["occurrences"][-1]["run_id"] == run_id


async def test_run_of_a_full_group_is_explained_with_its_place(deployment: ExplainFixture) -> None:
    """The group, the slots of all groups, and how many of the group come first."""
    await deployment.start("worker")
    key = {"key": "shop", "limit": 1, "group_by": "inputs.duration_ms", "strategy": "group_round_robin"}
    await deployment.create(type="test.sleep", inputs=LONG, timeout_ms=900_000, concurrency=key)
    holder = await deployment.run()
    await deployment.until_status(holder, "running")
    await deployment.run()
    run_id = await deployment.run()
    answer = await deployment.until(lambda explained: explained["run"]["reason"] == "key_full")
    assert answer["run"]["run_id"] == run_id
    assert "1 run at once, and 1 hold a slot" in answer["run"]["text"]
    assert "1 of the group come before it" in answer["run"]["text"]
    run = await deployment.ask("GET", f"/runs/{run_id}")
    name = f"user:shop/{LONG['duration_ms']}"
    assert run["waiting_for"] == name
    assert run["place"] == {"name": name, "ahead": 1, "held": 1, "limit": 1, "starts_at": None}


async def test_run_over_its_rate_is_explained_with_its_earliest_start(deployment: ExplainFixture) -> None:
    """The rate, who comes first, and the instant at which a start leaves the window."""
    await deployment.start("worker")
    await deployment.create(rate={"key": "api", "per_minute": 1})
    first = await deployment.run()
    await deployment.until_status(first, "success")
    run_id = await deployment.run()
    answer = await deployment.until(lambda explained: explained["run"]["reason"] == "rate_full")
    assert answer["run"]["run_id"] == run_id
    assert "The rate api lets 1 start in any 60 seconds; 0 come before it" in answer["run"]["text"]
    run, began = [await deployment.ask("GET", f"/runs/{each}") for each in (run_id, first)]
    assert run["place"]["starts_at"] > began["started_at"]
    assert began["place"] is None
