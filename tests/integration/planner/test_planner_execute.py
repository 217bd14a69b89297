"""Executing plans on a real server: whole jobs, once, and back as soon as their runs have ended."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.errors import IdempotencyMismatch, InvalidInput, PlanNotFound, PlanOutdated, RedisUnavailable
from app.core.models import AttemptOutcome
from app.core.queue import Idempotency, Queue
from app.core.records import JobRecord
from app.core.specs.store import JobStore
from app.planner.execute import ExecutionOptions, PlanResult
from app.planner.models import Certainty, ChainLink, PlannedJob, PlanRequest
from tests.support.planner.planner_fakes import ZONE, draft_of, monitor, planned
from tests.support.planner.planner_fixture import PROMPT, TERMS, PlannerFixture, open_planner
from tests.support.queue.queue_driver import QueueDriver
from tests.support.waiting import wait_until_async

BOT, REPORT = monitor("bot_a01"), planned()
IDS = ["monitor-telegram-bot_a01", "report-daily"]
AT_ONCE = ExecutionOptions("ana", "0" * 32, run_immediately=True, wait_sec=0)
AT_NINE = {"cron": "0 9 * * *", "timezone": ZONE}
ONCE = Idempotency("scope-of-a-key", "hash-of-a-body")
_TEXT = {"channel": "sandbox", "to": "inbox", "text": "halo"}
NOW_MESSAGE = PlannedJob("message.send", None, _TEXT, "now", (), Certainty.CERTAIN, (), "")


@pytest.fixture
def fixture(settings: Settings, clock: SystemClock, queue: Queue) -> PlannerFixture:
    return open_planner(settings, clock, queue)


def waiting(seconds: float) -> ExecutionOptions:
    return ExecutionOptions("ana", "0" * 32, run_immediately=True, wait_sec=seconds)


def statuses(execution: PlanResult) -> list[str]:
    return [result.create_status for result in execution.results]


async def keyed(
    fixture: PlannerFixture, *jobs: PlannedJob, options: ExecutionOptions = AT_ONCE
) -> PlanResult:
    """Execute a prompt under the one key of these tests."""
    fixture.rules.drafts[PROMPT] = draft_of(*jobs, prompt=PROMPT)
    return await fixture.desk.execute(PlanRequest(PROMPT), None, options, ONCE)


async def work_off(
    driver: QueueDriver, count: int, outcome: AttemptOutcome = AttemptOutcome.SUCCESS, **end: Any
) -> None:
    """Be the worker of some runs."""
    done = 0
    while done < count:
        for run in (await driver.claim()).runs:
            await driver.finish(run, outcome, **end)
            done += 1
        await asyncio.sleep(0)


async def test_prompt_becomes_jobs(fixture: PlannerFixture, jobs: JobStore) -> None:
    """Each planned job is stored with its author and origin; a repeat changes nothing."""
    execution = await fixture.execute(BOT, REPORT)
    assert [result.job_id for result in execution.results] == IDS
    assert statuses(execution) == ["created", "created"]
    assert all(result.run_id is None and result.run_status is None for result in execution.results)
    (version,) = await jobs.versions(IDS[0])
    assert (version.actor, version.origin.partition(":")[0]) == ("ana", "planner")
    assert statuses(await fixture.execute(BOT, monitor("bot_a02"))) == ["unchanged", "created"]
    assert statuses(await fixture.execute(monitor("bot_a01", 60))) == ["updated"]
    assert len(await jobs.versions(IDS[0])) == 2


async def test_execute_answers_as_soon_as_all_runs_have_ended(
    fixture: PlannerFixture, driver: QueueDriver
) -> None:
    """It waits for the events of the runs, not for the time-out."""
    working = asyncio.create_task(work_off(driver, 2))
    async with asyncio.timeout(30):
        execution = await fixture.execute(BOT, REPORT, options=waiting(60))
    await working
    for result in execution.results:
        assert (result.queue_status, result.run_status, result.result_success) == ("queued", "success", True)
        assert result.result_error is None


async def test_execute_tells_why_a_run_failed(fixture: PlannerFixture, driver: QueueDriver) -> None:
    """A failed run is an end as well, with its own words."""
    working = asyncio.create_task(work_off(driver, 1, AttemptOutcome.FAILED, error='{"message": "no way"}'))
    (result,) = (await fixture.execute(BOT, options=waiting(30))).results
    await working
    assert (result.create_status, result.run_status) == ("created", "failed")
    assert (result.result_success, result.result_error) == (False, "no way")


async def test_execute_answers_when_its_time_is_over(fixture: PlannerFixture) -> None:
    """A run that has not ended by then is returned in its current state."""
    (result,) = (await fixture.execute(BOT, options=waiting(0.05))).results
    assert (result.queue_status, result.run_status) == ("queued", "queued")
    assert (result.result_success, result.result_error) == (None, None)


async def test_message_for_now_is_sent_without_a_run_request(fixture: PlannerFixture) -> None:
    """A job without a schedule was asked for once, now."""
    message, bot = (await fixture.execute(NOW_MESSAGE, BOT)).results
    assert (message.queue_status, bot.queue_status) == ("queued", None)


async def test_repeat_with_a_key_changes_nothing_more(
    fixture: PlannerFixture, jobs: JobStore, driver: QueueDriver
) -> None:
    """The same key answers the same jobs and runs, also after the runs have ended."""
    first = await keyed(fixture, BOT, REPORT)
    await work_off(driver, 2)
    again = await keyed(fixture, BOT, REPORT)
    assert statuses(first) == statuses(again) == ["created", "created"]
    assert [r.run_id for r in first.results] == [r.run_id for r in again.results]
    assert [r.run_status for r in again.results] == ["success", "success"]
    assert [len(await jobs.versions(job_id)) for job_id in IDS] == [1, 1]
    assert await driver.link.call("ZCARD", driver.keys.runs) == 2


async def test_repeat_with_a_key_outlives_later_saves(fixture: PlannerFixture, jobs: JobStore) -> None:
    """What the key has done stays done, whatever people save afterwards."""
    await keyed(fixture, BOT)
    record = await jobs.get(IDS[0])
    changed = record.spec.model_copy(update={"description": "by hand"})
    await jobs.replace(changed, expected_version=None, actor="bo", origin="api")
    again = await keyed(fixture, BOT)
    assert statuses(again) == ["created"]
    assert (await jobs.get(IDS[0])).spec.description == "by hand"


async def test_repeat_with_a_key_finds_unchanged_jobs_whatever_became_of_them(
    fixture: PlannerFixture, jobs: JobStore
) -> None:
    """A job that the first request left alone may have been edited since; the answer is the same."""
    await fixture.execute(BOT)
    first = await keyed(fixture, BOT)
    record = await jobs.get(IDS[0])
    changed = record.spec.model_copy(update={"description": "by hand"})
    await jobs.replace(changed, expected_version=None, actor="bo", origin="api")
    again = await keyed(fixture, BOT)
    assert statuses(first) == statuses(again) == ["unchanged"]
    assert [r.run_id for r in first.results] == [r.run_id for r in again.results]


async def test_repeat_with_a_key_does_not_bring_a_deleted_job_back(
    fixture: PlannerFixture, jobs: JobStore
) -> None:
    """Who deleted the job meanwhile meant it."""
    await keyed(fixture, BOT)
    await jobs.delete(IDS[0], actor="bo")
    with pytest.raises(PlanOutdated):
        await keyed(fixture, BOT)


async def test_key_with_another_body_is_refused(fixture: PlannerFixture) -> None:
    """A key means one request."""
    await keyed(fixture, BOT)
    with pytest.raises(IdempotencyMismatch):
        await fixture.desk.execute(PlanRequest(PROMPT), None, AT_ONCE, Idempotency(ONCE.scope, "another"))


@pytest.mark.parametrize("at", ["save", "run"])
async def test_repeat_completes_what_a_crash_left(
    fixture: PlannerFixture, driver: QueueDriver, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    """A crash between two saves, or before the runs, leaves whole jobs; the repeat makes the rest."""
    real, enqueue = JobStore.create, Queue.enqueue

    async def create(self: JobStore, spec: Any, **who: Any) -> JobRecord:
        if spec.job_id == IDS[1]:
            raise RedisUnavailable("gone")
        return await real(self, spec, **who)

    async def refuse(*_: Any) -> None:
        raise RedisUnavailable("gone")

    target, name, broken = (JobStore, "create", create) if at == "save" else (Queue, "enqueue", refuse)
    monkeypatch.setattr(target, name, broken)
    with pytest.raises(RedisUnavailable):
        await keyed(fixture, BOT, REPORT)
    monkeypatch.setattr(JobStore, "create", real)
    monkeypatch.setattr(Queue, "enqueue", enqueue)
    execution = await keyed(fixture, BOT, REPORT)
    assert statuses(execution) == ["created", "created"]
    assert [result.run_status for result in execution.results] == ["queued", "queued"]
    assert await driver.link.call("ZCARD", driver.keys.runs) == 2
    assert [record.version for record in [await fixture.jobs.get(job_id) for job_id in IDS]] == [1, 1]


async def test_plan_id_applies_what_was_previewed(fixture: PlannerFixture, jobs: JobStore) -> None:
    """The stored specs count, whatever the rules would read by now; a second time nothing more happens."""
    plan = await fixture.preview(BOT, REPORT)
    fixture.rules.drafts[PROMPT] = draft_of(prompt=PROMPT)
    first = await fixture.desk.execute(None, plan.plan_id, AT_ONCE, None)
    again = await fixture.desk.execute(PlanRequest(PROMPT), plan.plan_id, AT_ONCE, None)
    assert statuses(first) == statuses(again) == ["created", "created"]
    assert [r.run_id for r in first.results] == [r.run_id for r in again.results]
    assert len(await jobs.versions(IDS[0])) == 1


async def test_plan_is_outdated_if_its_job_was_saved(fixture: PlannerFixture, jobs: JobStore) -> None:
    """Of a plan that no longer fits nothing is applied, and the answer names the job."""
    await fixture.execute(REPORT)
    plan = await fixture.preview(BOT, planned(schedule=AT_NINE))
    record = await jobs.get("report-daily")
    changed = record.spec.model_copy(update={"description": "by hand"})
    await jobs.replace(changed, expected_version=None, actor="bo", origin="api")
    with pytest.raises(PlanOutdated, match="report-daily is at version 2, not 1"):
        await fixture.desk.execute(None, plan.plan_id, TERMS, None)
    assert (await jobs.get("report-daily")).version == 2
    assert statuses(await fixture.execute(BOT)) == ["created"]


@pytest.mark.parametrize(("made", "word"), [(True, "exists by now"), (False, "is gone")])
async def test_plan_is_outdated_if_its_job_was_created_or_deleted(
    fixture: PlannerFixture, jobs: JobStore, *, made: bool, word: str
) -> None:
    """A job that was made or deleted since the preview makes a plan of it a conflict."""
    if not made:
        await fixture.execute(REPORT)
    plan = await fixture.preview(planned(schedule=AT_NINE))
    if made:
        await fixture.execute(REPORT)
    else:
        await jobs.delete("report-daily", actor="bo")
    with pytest.raises(PlanOutdated, match=word):
        await fixture.desk.execute(None, plan.plan_id, TERMS, None)


async def test_plan_is_not_outdated_by_other_jobs(fixture: PlannerFixture) -> None:
    """What the plan does not touch may change as it likes."""
    await fixture.execute(REPORT)
    plan = await fixture.preview(BOT)
    await fixture.execute(planned(schedule=AT_NINE), monitor("bot_b"))
    assert statuses(await fixture.desk.execute(None, plan.plan_id, TERMS, None)) == ["created"]


async def test_plan_is_outdated_once_its_only_fire_has_passed(fixture: PlannerFixture) -> None:
    """A one-off in the past is reported, not created."""
    then = datetime.now(UTC) - timedelta(hours=2)
    once = planned(schedule={"at": (then + timedelta(hours=1)).isoformat()})
    fixture.rules.drafts[PROMPT] = draft_of(once, prompt=PROMPT)
    plan = await fixture.desk.preview(PlanRequest(PROMPT, now=then))
    assert len(plan.jobs) == 1
    with pytest.raises(PlanOutdated, match="has passed"):
        await fixture.desk.execute(None, plan.plan_id, TERMS, None)
    (result,) = (await fixture.desk.execute(PlanRequest(PROMPT, now=then), None, TERMS, None)).results
    assert result.create_status == "error"
    assert "never fires again" in (result.result_error or "")


async def test_plan_of_another_prompt_is_refused(fixture: PlannerFixture) -> None:
    """A prompt that was edited after its preview is not what the plan says."""
    plan = await fixture.preview(BOT)
    with pytest.raises(InvalidInput, match="another prompt"):
        await fixture.desk.execute(PlanRequest("edited"), plan.plan_id, TERMS, None)


async def test_execute_needs_a_prompt_or_a_plan(fixture: PlannerFixture) -> None:
    """With neither, or with a plan that is not kept, nothing is executed."""
    with pytest.raises(InvalidInput, match="prompt"):
        await fixture.desk.execute(None, None, TERMS, None)
    with pytest.raises(PlanNotFound):
        await fixture.desk.execute(None, "0" * 26, TERMS, None)


async def test_same_prompt_twice_at_once_makes_one_job(fixture: PlannerFixture, jobs: JobStore) -> None:
    """Of two that come at the same time one makes the job, and the other finds it."""
    first, second = await asyncio.gather(fixture.execute(BOT), fixture.execute(BOT))
    assert sorted(statuses(first) + statuses(second)) == ["created", "unchanged"]
    assert len(await jobs.versions(IDS[0])) == 1


async def test_somebody_elses_save_in_between_is_an_error_of_that_job(
    fixture: PlannerFixture, jobs: JobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A race that the plan could not see costs the one job, not the others."""
    real = JobStore.create

    async def create(self: JobStore, spec: Any, **who: Any) -> JobRecord:
        if spec.job_id == IDS[0]:
            await real(self, spec.model_copy(update={"description": "mine"}), actor="bo", origin="api")
        return await real(self, spec, **who)

    monkeypatch.setattr(JobStore, "create", create)
    bot, report = (await fixture.execute(BOT, REPORT, options=AT_ONCE)).results
    assert (bot.create_status, bot.run_id) == ("error", None)
    assert "exists already" in (bot.result_error or "")
    assert (report.create_status, report.queue_status) == ("created", "queued")
    assert (await jobs.get(IDS[0])).spec.description == "mine"


async def test_waiting_goes_on_over_a_lot_of_other_events(
    fixture: PlannerFixture, driver: QueueDriver
) -> None:
    """Thousands of runs of others end meanwhile, and ours is still heard."""
    waited = asyncio.create_task(fixture.execute(BOT, options=waiting(120)))
    await wait_until_async(lambda: driver.link.call("EXISTS", driver.keys.runs_job(IDS[0])))
    await driver.enqueue_some(1500, "other")
    await work_off(driver, 1501)
    async with asyncio.timeout(60):
        (result,) = (await waited).results
    assert result.run_status == "success"


async def test_chained_job_is_saved_first_and_started_by_no_plan(
    fixture: PlannerFixture, jobs: JobStore
) -> None:
    """A job must exist before another one names it, and it waits for that one."""
    first = replace(REPORT, key="first", chains=(ChainLink("on_success", "second"),))
    second = replace(NOW_MESSAGE, key="second")
    execution = await fixture.execute(first, second)
    assert statuses(execution) == ["created", "created"]
    report, message = [await jobs.find(result.job_id) for result in execution.results]
    assert report.spec.on_success == [message.spec.job_id]
    assert [result.run_id is None for result in execution.results] == [True, True]
    again = await keyed(fixture, first, second)
    assert statuses(again) == ["unchanged", "unchanged"]
    assert [result.run_id is None for result in again.results] == [False, True]
