"""Why a run has not ended well, or not yet: each reason by what really causes it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.core.config import Settings
from app.core.redis_client import RedisLink
from tests.support.why_world import WhyWorld, why_settings, why_world

LONG = {"duration_ms": 600_000}
ONCE = {"max_retry": 0}


@pytest.fixture
async def world(settings: Settings, link: RedisLink, tmp_path: Path) -> AsyncIterator[WhyWorld]:
    async with why_world(why_settings(settings, tmp_path), link) as world:
        yield world


async def test_success_is_told_with_its_time(world: WhyWorld) -> None:
    """Slots that ran are one range, with how to look at them."""
    await world.start("scheduler")
    await world.start("worker")
    await world.create(interval=1)
    told = await world.until_told("ran", slots=2)
    assert (told["outcome"], told["status"]) == ("ran", "success")
    assert "runs of" in told["text"]
    assert "multi-job runs --job job" in told["next_step"]


async def test_next_fire_is_told_in_the_zone_of_the_schedule(world: WhyWorld) -> None:
    """With a scheduler alive nothing stands in the way of the next slot."""
    await world.start("scheduler")
    await world.create(schedule={"cron": "0 7 * * *", "timezone": "Europe/Berlin"})
    answer = await world.why()
    assert answer["next"]["reason"] is None
    assert "07:00:00 (Europe/Berlin)" in answer["next"]["text"]
    assert 0 < answer["next"]["in_sec"] <= 90_000
    assert (answer["timezone"], answer["occurrences"], answer["run"]) == ("Europe/Berlin", [], None)


async def test_failure_is_told_with_its_error_and_dead_letter(world: WhyWorld) -> None:
    """A slot whose last try failed says what went wrong, in one line, and where it waits."""
    await world.start("scheduler")
    await world.start("worker")
    inputs = {"message": "the cable\nis out"}
    await world.create(type="test.fail", inputs=inputs, retry_policy=ONCE, interval=1)
    answer = await world.until(lambda told: any(each["status"] == "failed" for each in told["occurrences"]))
    told = next(each for each in answer["occurrences"] if each["status"] == "failed")
    assert (told["outcome"], told["reason"]) == ("ran", "ran")
    assert "the cable is out" in told["text"]
    assert "dead letter" in told["text"]
    assert "POST /dead-letters/redrive" in told["next_step"]


async def test_retry_is_told_with_its_next_try(world: WhyWorld) -> None:
    """A run that failed and will be tried again says when."""
    await world.start("worker")
    policy = {"max_retry": 3, "backoff_sec": [3600]}
    await world.create(type="test.fail", retry_policy=policy)
    run_id = await world.run()
    await world.until_status(run_id, "retrying")
    told = (await world.why())["run"]
    assert (told["run_id"], told["reason"]) == (run_id, "retrying")
    assert "try 1 of 4" in told["text"]
    assert "it failed" in told["text"]
    assert "(Asia/Jakarta)" in told["text"]


async def test_delayed_run_is_told_with_its_time(world: WhyWorld) -> None:
    """A run that was ordered for later says when it is due."""
    await world.create()
    run_id = await world.run(delay_sec=3600)
    told = (await world.why())["run"]
    assert told["reason"] == "delayed"
    assert f"multi-job cancel {run_id}" in told["next_step"]


async def test_refused_tool_names_the_line_to_add(world: WhyWorld) -> None:
    """A call to a host that no policy allows: the answer has the very line for POLICIES_FILE."""
    await world.start("scheduler")
    await world.start("worker")
    await world.create(type="fetch", inputs={"url": "http://refused.example/"}, interval=1)
    told = await world.until_told("policy")
    assert told["status"] == "failed"
    assert "types: {fetch: {allow: {http: {hosts: ['refused.example']}}}}" in told["next_step"]


async def test_unknown_type_is_told(world: WhyWorld) -> None:
    """A worker without the handler refuses the run; one that is busy says beforehand that it would."""
    await world.start("worker", handler_modules=[], worker_concurrency=1)
    await world.create()
    run_id = await world.run()
    await world.until_status(run_id, "failed")
    await world.create("load", type="simulation.load", inputs=LONG)
    busy = await world.run("load")
    await world.until_status(busy, "running")
    await world.run()
    told = (await world.why())["run"]
    assert told["reason"] == "unknown_type"
    assert "1 worker(s) live, and none knows the job type test.noop" in told["text"]
    assert "HANDLER_MODULES" in told["next_step"]


async def test_slot_of_an_unknown_type_is_told(world: WhyWorld) -> None:
    """A slot that a worker could not run names the type."""
    await world.start("scheduler")
    await world.start("worker", handler_modules=[])
    await world.create(interval=1)
    told = await world.until_told("unknown_type")
    assert "test.noop" in told["text"]
    assert "GET /job-types" in told["next_step"]


async def test_run_without_a_worker_is_told(world: WhyWorld) -> None:
    """The worker left, so the next run waits: since when, and how to start one."""
    await world.start("scheduler")
    await world.start("worker")
    await world.stop("worker")
    await world.create(interval=1)
    told = await world.until_told("no_worker")
    assert (told["outcome"], told["status"]) == ("waiting", "queued")
    assert "no worker is alive" in told["text"]
    assert "app.services.worker.main" in told["next_step"]


async def test_full_key_is_told_with_its_holders(world: WhyWorld) -> None:
    """A run that waits for a concurrency key names the key and who holds it."""
    await world.start("worker")
    key = {"key": "printer", "limit": 1}
    await world.create("holder", type="test.sleep", inputs=LONG, timeout_ms=900_000, concurrency=key)
    holder = await world.run("holder")
    await world.until_status(holder, "running")
    await world.create(concurrency=key)
    run_id = await world.run()
    answer = await world.until(lambda told: told["run"]["reason"] == "key_full")
    told = answer["run"]
    assert told["run_id"] == run_id
    assert "concurrency key printer lets 1 run at once" in told["text"]
    assert holder in told["text"]
    assert "concurrency.limit" in told["next_step"]


async def test_run_behind_an_earlier_one_of_its_job_is_told(world: WhyWorld) -> None:
    """With overlap: queue the second run waits for the first, by name."""
    await world.start("worker")
    await world.create(type="test.sleep", inputs=LONG, timeout_ms=900_000, overlap="queue")
    first = await world.run()
    await world.until_status(first, "running")
    second = await world.run()
    answer = await world.until(lambda told: first in told["run"]["text"])
    assert (answer["run"]["run_id"], answer["run"]["reason"]) == (second, "queued_behind")
    assert "overlap: allow" in answer["run"]["next_step"]


async def test_run_behind_others_is_told_with_their_number(world: WhyWorld) -> None:
    """All slots of the only worker are taken, and two runs wait before ours."""
    await world.start("worker", worker_concurrency=1)
    await world.create("busy", type="test.sleep", inputs=LONG, timeout_ms=900_000)
    holder = await world.run("busy")
    await world.until_status(holder, "running")
    for _ in range(2):
        await world.run("busy")
    await world.create()
    await world.run()
    told = (await world.why())["run"]
    assert told["reason"] == "queued_behind"
    assert "2 older runs wait as well" in told["text"]
    assert "multi-job status" in told["next_step"]


def _is_busy(told: dict[str, Any]) -> bool:
    # Between two looks a slot is due, and not in anybody's way.
    return bool(told["run"]) and told["run"]["status"] == "running" and told["next"]["reason"] == "overlap"


async def test_running_run_is_told(world: WhyWorld) -> None:
    """A slot that is being worked on says since when and where."""
    await world.start("scheduler")
    await world.start("worker")
    await world.create(type="test.sleep", inputs=LONG, timeout_ms=900_000, interval=1)
    answer = await world.until(_is_busy)
    run_id = answer["run"]["run_id"]
    assert f"multi-job logs {run_id} --follow" in answer["run"]["next_step"]
    assert run_id in answer["next"]["text"]
    await world.ask("POST", f"/runs/{run_id}/cancel")
    await world.until_status(run_id, "cancelled")
    cancelled = await world.until(lambda told: "cancelled" in told["occurrences"][-1]["text"])
    assert cancelled["occurrences"][-1]["run_id"] == run_id
