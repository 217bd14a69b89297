"""Reasons of slots without a run, each with its real cause."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.models import NewRun
from app.core.redis_client import RedisLink
from app.core.storage.keys import Keys
from tests.support.explain.explain_fixture import ExplainFixture, explain_fixture, local, why_settings
from tests.support.queue.queue_driver import QueueDriver

LONG = {"duration_ms": 600_000}


@pytest.fixture
async def deployment(settings: Settings, link: RedisLink, tmp_path: Path) -> AsyncIterator[ExplainFixture]:
    async with explain_fixture(why_settings(settings, tmp_path), link) as deployment:
        yield deployment


async def test_disabled_job_says_since_when_and_by_whom(deployment: ExplainFixture) -> None:
    """While it is disabled, and after it was enabled again."""
    await deployment.start("scheduler")
    await deployment.create(interval=1)
    await deployment.ask("PUT", "/jobs/job/disable")
    explained = await deployment.until_explained("disabled")
    assert "disabled since" in explained["text"]
    assert "by local" in explained["text"]
    assert "multi-job enable job" in explained["next_step"]
    answer = await deployment.why()
    assert (answer["next"]["at"], answer["next"]["reason"]) == (None, "disabled")
    await deployment.ask("PUT", "/jobs/job/enable")
    past = await deployment.until_explained("disabled", slots=explained["slots"])
    assert "was disabled, until" in past["text"]
    assert past["from"] == explained["from"]


async def test_job_before_its_start_says_so(deployment: ExplainFixture) -> None:
    """The schedule begins tomorrow: the slots of today are outside, and the next fire is the first."""
    await deployment.start("scheduler")
    start = SystemClock().now() + timedelta(days=1)
    await deployment.create(schedule={"interval_sec": 1, "start_at": start.isoformat()})
    explained = await deployment.until_explained("outside_window")
    assert local(start.isoformat()) in explained["text"]
    answer = await deployment.why()
    assert answer["next"]["reason"] == "outside_window"
    assert "PUT /jobs/job" in answer["next"]["next_step"]


async def test_job_after_its_end_says_so(deployment: ExplainFixture) -> None:
    """The schedule has ended: no slot any more, and why."""
    await deployment.start("scheduler")
    end = SystemClock().now() + timedelta(seconds=2.5)
    await deployment.create(schedule={"interval_sec": 1, "end_at": end.isoformat()})
    explained = await deployment.until_explained("outside_window")
    assert "end_at" in explained["next_step"]
    answer = await deployment.until(lambda explained: explained["next"]["at"] is None)
    assert answer["next"]["reason"] == "outside_window"
    assert local(end.isoformat()) in answer["next"]["text"]


async def test_one_off_that_has_fired_is_done(deployment: ExplainFixture) -> None:
    """It says when it fired, and how to run it again."""
    await deployment.start("scheduler")
    await deployment.start("worker")
    at = SystemClock().now() + timedelta(seconds=0.5)
    await deployment.create(schedule={"at": at.isoformat()})
    answer = await deployment.until(lambda explained: explained["next"]["reason"] == "done")
    assert local(at.isoformat()) in answer["next"]["text"]
    assert "multi-job run job" in answer["next"]["next_step"]
    await deployment.until_explained("ran")


async def test_job_without_a_schedule_names_what_starts_it(deployment: ExplainFixture) -> None:
    """By hand at first; once a chain has started it, the job at its head."""
    await deployment.start("scheduler")
    await deployment.start("worker")
    await deployment.create()
    assert (await deployment.why())["next"]["reason"] == "no_schedule"
    await deployment.create("head", on_success=["job"])
    await deployment.run("head")
    answer = await deployment.until(lambda explained: "head" in explained["next"]["text"])
    assert answer["next"]["reason"] == "no_schedule"


async def test_overlap_names_the_run_that_was_active(deployment: ExplainFixture) -> None:
    """A slow run: the slots meanwhile are skipped because of it, also in the past tense."""
    await deployment.start("scheduler")
    await deployment.start("worker")
    await deployment.create(type="test.sleep", inputs=LONG, timeout_ms=900_000, interval=1)
    explained = await deployment.until_explained("overlap", slots=2)
    run_id = (await deployment.why())["run"]["run_id"]
    assert (explained["outcome"], run_id in explained["text"]) == ("skipped", True)
    assert f"multi-job cancel {run_id}" in explained["next_step"]
    await deployment.ask("POST", f"/runs/{run_id}/cancel")
    await deployment.until_status(run_id, "cancelled")
    past = [each for each in (await deployment.why())["occurrences"] if each["from"] == explained["from"]]
    assert f"{run_id} was active from" in past[0]["text"]


async def test_backlog_is_explained(deployment: ExplainFixture, driver: QueueDriver) -> None:
    """A hundred runs of the job wait with overlap: queue, and one more: the slot is skipped."""
    await deployment.create(overlap="queue")
    waiting: list[NewRun] = [driver.new_run("job", overlap_key=True) for _ in range(101)]
    await driver.queue.enqueue_many(waiting)
    await deployment.start("scheduler")
    job = await deployment.ask("GET", "/jobs/job")
    await deployment.ask("PUT", "/jobs/job", {**job, "schedule": {"interval_sec": 1}})
    explained = await deployment.until_explained("backlog")
    assert "100 runs of this job were waiting" in explained["text"]
    assert "multi-job status" in explained["next_step"]


async def test_paused_job_says_by_whom_and_since_when(deployment: ExplainFixture) -> None:
    """Slots and runs of a paused job, its next fire, and the answer after it is resumed."""
    await deployment.start("scheduler")
    await deployment.start("worker")
    await deployment.create(interval=1)
    await deployment.ask("POST", "/pause", {"scope": "job", "name": "job", "reason": "the move"})
    explained = await deployment.until_explained("paused")
    assert "job:job is paused since" in explained["text"]
    assert "by local (the move)" in explained["text"]
    assert "multi-job resume --job job" in explained["next_step"]
    run_id = await deployment.run()
    answer = await deployment.until(
        lambda explained: explained["run"] and explained["run"]["reason"] == "paused"
    )
    assert answer["run"]["run_id"] == run_id
    assert answer["next"]["reason"] == "paused"
    await deployment.ask("POST", "/resume", {"scope": "job", "name": "job"})
    past = [each for each in (await deployment.why())["occurrences"] if each["from"] == explained["from"]]
    assert "was paused since" in past[0]["text"]
    assert "by local" in past[0]["text"]


async def test_cooldown_names_the_failure(deployment: ExplainFixture) -> None:
    """After a final failure the slots of the cooldown make no run, and say until when."""
    await deployment.start("scheduler")
    await deployment.start("worker")
    await deployment.create(
        type="test.fail", retry_policy={"max_retry": 0}, interval=1, failure_cooldown_sec=3600
    )
    explained = await deployment.until_explained("cooling_down")
    answer = await deployment.until(lambda explained: explained["next"]["reason"] == "cooling_down")
    failed = next(each for each in answer["occurrences"] if each["status"] == "failed")
    assert failed["run_id"] in explained["text"]
    assert "it failed" in explained["text"]
    assert "a success ends the cooldown" in explained["next_step"]
    assert failed["run_id"] in answer["next"]["text"]


async def test_slots_of_a_clock_that_went_back_are_explained(
    deployment: ExplainFixture, link: RedisLink, keys: Keys
) -> None:
    """The schedule comes by its slots once more, as it does after such a step, and they do not fire again."""
    await deployment.start("scheduler")
    await deployment.create(interval=1, overlap="allow")
    answer = await deployment.until(lambda explained: explained["run"])
    first = int(answer["run"]["run_id"].rpartition("@")[2])
    await link.calls([("ZADD", keys.schedule, first, "job"), ("HSET", keys.job("job"), "slot", first)])
    explained = await deployment.until_explained("clock_went_back")
    assert explained["outcome"] == "missed"
    assert "NTP" in explained["next_step"]


async def test_spec_that_cannot_be_read_is_reported(
    deployment: ExplainFixture, link: RedisLink, keys: Keys
) -> None:
    """A damaged version of a spec: its slot is written off, and the next step is to save the job again."""
    await deployment.create(interval=1)
    await link.call("HSET", keys.versions("job"), 1, '{"spec": "{]"}')
    await deployment.start("scheduler")
    explained = await deployment.until_explained("invalid")
    assert "PUT /jobs/job" in explained["next_step"]
