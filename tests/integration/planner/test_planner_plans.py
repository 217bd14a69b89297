"""Plans against stored jobs on a real server: matched by target, kept for an hour, tied to a key."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.clock import SystemClock, from_ms
from app.core.config import Settings
from app.core.errors import IdempotencyMismatch, PlanNotFound
from app.core.messaging.accounts import AccountDraft
from app.core.models import Calendar, JobSpec
from app.core.queue import Queue
from app.core.redis_client import RedisLink
from app.core.specs.store import JobStore
from app.planner.models import Change, JobQuery, ManageRequest, PlanRequest, PlanSource
from tests.support.planner.planner_fakes import draft_of, monitor, planned
from tests.support.planner.planner_fixture import PROMPT, PlannerFixture, open_planner
from tests.support.queue.queue_driver import QueueDriver

TOKEN = {"token": "123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}
WHO: dict[str, Any] = {"actor": "ana", "origin": "test"}
REPORT = planned()
BOT = monitor("bot_a01")


@pytest.fixture
def fixture(settings: Settings, clock: SystemClock, queue: Queue) -> PlannerFixture:
    return open_planner(settings, clock, queue)


def spec(job_id: str, account_id: str = "bot_a01", interval_sec: int = 30) -> JobSpec:
    return JobSpec.model_validate(
        {
            "job_id": job_id,
            "type": "monitor.channel",
            "schedule": {"interval_sec": interval_sec},
            "inputs": {"channel": "telegram", "account_id": account_id},
        }
    )


async def test_plan_is_kept_as_it_was_previewed(fixture: PlannerFixture, link: RedisLink) -> None:
    """Under its id the very same plan is found again, for an hour."""
    plan = await fixture.preview(BOT, REPORT)
    assert await fixture.desk.store.get(plan.plan_id) == plan
    lifetime = await link.call("TTL", fixture.desk.store._keys.plan(plan.plan_id))
    assert 3500 < lifetime <= 3600


async def test_plan_under_the_older_name_of_a_model_is_read(fixture: PlannerFixture, link: RedisLink) -> None:
    """A plan that an earlier release has stored is of a model as well."""
    plan = await fixture.preview(REPORT)
    key = fixture.desk.store._keys.plan(plan.plan_id)
    stored = (await link.call("GET", key)).replace('"rule_based"', '"smolagents"')
    await link.call("SET", key, stored, "EX", 60)
    assert (await fixture.desk.store.get(plan.plan_id)).source is PlanSource.MODEL


async def test_unknown_plan_is_not_found(fixture: PlannerFixture) -> None:
    """A plan whose hour is over, or that never was, says so."""
    with pytest.raises(PlanNotFound):
        await fixture.desk.store.get("0" * 26)


async def test_plan_costs_one_round_trip_and_one_to_be_kept(fixture: PlannerFixture, link: RedisLink) -> None:
    """The difference and the look at accounts travel together, however many jobs are planned."""
    jobs = [monitor(f"bot_{number}") for number in range(50)]
    await fixture.preview(*jobs)
    before = link.round_trips
    await fixture.preview(*jobs)
    assert link.round_trips - before == 2


async def test_calendar_of_a_stored_job_holds_for_its_plan(fixture: PlannerFixture, jobs: JobStore) -> None:
    """The fires of a change leave out what the calendars of the stored schedule do."""
    await jobs.calendars.put("sundays-only", Calendar(weekdays=[1, 2, 3, 4, 5, 6]), "ana")
    every = {"cron": "0 7 * * *", "timezone": "UTC", "skip": {"calendars": ["sundays-only"]}}
    await jobs.create(
        JobSpec.model_validate({"job_id": "mine", "type": "report.daily", "schedule": every}), **WHO
    )
    (found,) = (await fixture.preview(planned(schedule={"cron": "0 9 * * *", "timezone": "UTC"}))).jobs
    assert (found.spec.job_id, found.change) == ("mine", Change.UPDATE)
    assert [from_ms(fire.at_ms).isoweekday() for fire in found.next_runs] == [7, 7, 7]


async def test_stored_job_is_found_by_its_target(fixture: PlannerFixture, jobs: JobStore) -> None:
    """Its id may be anything; a save that changes what it is about takes it off the target."""
    await jobs.create(spec("mine"), **WHO)
    (found,) = (await fixture.preview(BOT)).jobs
    assert (found.spec.job_id, found.change, found.base_version) == ("mine", Change.UNCHANGED, 1)
    await jobs.replace(spec("mine", account_id="bot_b"), expected_version=None, **WHO)
    assert (await fixture.preview(BOT)).jobs[0].change is Change.CREATE
    assert (await fixture.preview(monitor("bot_b"))).jobs[0].spec.job_id == "mine"


async def test_deleted_job_matches_nothing(fixture: PlannerFixture, jobs: JobStore) -> None:
    """A deleted job is created again."""
    await jobs.create(spec("mine"), **WHO)
    await jobs.delete("mine", actor="ana")
    (found,) = (await fixture.preview(BOT)).jobs
    assert (found.spec.job_id, found.change) == ("monitor-telegram-bot_a01", Change.CREATE)


async def test_damaged_job_matches_nothing(
    fixture: PlannerFixture, jobs: JobStore, driver: QueueDriver
) -> None:
    """A record that cannot be read disturbs no plan, and its id stays taken."""
    await jobs.create(spec("monitor-telegram-bot_a01"), **WHO)
    await driver.damage(driver.keys.job("monitor-telegram-bot_a01"))
    (found,) = (await fixture.preview(BOT)).jobs
    assert found.change is Change.CREATE
    assert found.spec.job_id != "monitor-telegram-bot_a01"
    await driver.link.call("DEL", driver.keys.job("monitor-telegram-bot_a01"))


async def test_oldest_of_several_is_changed(fixture: PlannerFixture, jobs: JobStore) -> None:
    """Of several jobs about one target the oldest is meant, and the others are named."""
    await jobs.create(spec("z-first", interval_sec=60), **WHO)
    await jobs.create(spec("a-second", interval_sec=90), **WHO)
    plan = await fixture.preview(BOT)
    assert (plan.jobs[0].spec.job_id, plan.jobs[0].change) == ("z-first", Change.UPDATE)
    assert any("a-second" in warning for warning in plan.assumptions)


async def test_stop_is_an_action_on_the_stored_job(fixture: PlannerFixture, jobs: JobStore) -> None:
    """The job that is meant is disabled; a request that means none is refused."""
    await jobs.create(spec("mine"), **WHO)
    requests = tuple(
        ManageRequest(Change.DISABLE, JobQuery(names=(account,)), f"stop {account}")
        for account in ("bot_a01", "bot_x")
    )
    fixture.rules.drafts[PROMPT] = draft_of(prompt=PROMPT, requests=requests)
    plan = await fixture.desk.preview(PlanRequest(PROMPT))
    assert [(job.spec.job_id, job.change) for job in plan.jobs] == [("mine", Change.DISABLE)]
    assert "stop bot_x" in plan.warnings[0]
    assert "no stored job" in plan.warnings[0]


async def test_missing_account_is_a_warning_with_its_command(fixture: PlannerFixture) -> None:
    """A missing account is reported with the one command that sets it up; after that, no longer."""
    command = "multi-job connect telegram bot_a01"
    plan = await fixture.preview(BOT)
    assert any(command in warning for warning in plan.warnings)
    assert any(command in warning for warning in plan.jobs[0].warnings)
    await fixture.accounts.put(AccountDraft("telegram", "bot_a01", secrets=TOKEN), "ana")
    assert not any(command in warning for warning in (await fixture.preview(BOT)).warnings)


async def test_channel_without_a_connector_is_a_warning(fixture: PlannerFixture) -> None:
    """A monitor that can only say not_configured is planned, and the plan says so."""
    plan = await fixture.preview(monitor("devops", channel="slack"))
    assert len(plan.jobs) == 1
    assert any("slack" in warning for warning in plan.warnings)


async def test_fallback_to_the_sandbox_is_a_warning(
    fixture: PlannerFixture, settings: Settings, clock: SystemClock, queue: Queue
) -> None:
    """Without DEFAULT_NOTIFY reports and messages go to the sandbox, and the plan says so."""
    message = planned("message.send", text="halo")
    plan = await fixture.preview(REPORT, message)
    assert all(any("DEFAULT_NOTIFY" in warning for warning in job.warnings) for job in plan.jobs)
    configured = open_planner(
        settings.model_copy(update={"default_notify": "sandbox:default:inbox"}), clock, queue
    )
    assert (await configured.preview(message)).warnings == ()


async def test_message_through_one_of_several_accounts_is_a_question(fixture: PlannerFixture) -> None:
    """One account that fits is chosen; of two the plan asks which, by their names."""
    message = planned("message.send", channel="telegram", text="halo", to="42")
    await fixture.accounts.put(AccountDraft("telegram", "bot_a01", secrets=TOKEN), "ana")
    assert (await fixture.preview(message)).warnings == ()
    await fixture.accounts.put(AccountDraft("telegram", "bot_b02", secrets=TOKEN), "ana")
    (question,) = (await fixture.preview(message)).warnings
    assert question.startswith("Which account of telegram sends this message: bot_a01, bot_b02?")
    (question,) = (await fixture.preview(planned("message.send", channel="telegram", text="halo"))).warnings
    assert question.startswith("Which account of telegram is meant: bot_a01, bot_b02?")
    assert "the sandbox inbox gets the message" in question


async def test_message_through_an_account_without_a_recipient_names_the_command(
    fixture: PlannerFixture,
) -> None:
    """The default recipient is another account's business."""
    await fixture.accounts.put(AccountDraft("telegram", "bot_a01", secrets=TOKEN), "ana")
    (warning,) = (await fixture.preview(planned("message.send", channel="telegram", text="halo"))).warnings
    assert "the sandbox inbox (GET /connectors/sandbox/messages) gets the message" in warning
    assert "multi-job connect telegram bot_a01 --to RECIPIENT" in warning


async def test_bound_plan_stays_the_one_of_the_key(fixture: PlannerFixture) -> None:
    """The first plan under a key is the key's, whatever is planned later."""
    store = fixture.desk.store
    first, later = await fixture.preview(BOT), await fixture.preview(REPORT)
    assert await store.bound("scope", "hash") is None
    assert await store.bind("scope", "hash", first) == first
    assert await store.bind("scope", "hash", later) == first
    assert await store.bound("scope", "hash") == first


async def test_execute_key_with_another_body_is_refused(fixture: PlannerFixture) -> None:
    """A key means one request."""
    plan = await fixture.preview(BOT)
    await fixture.desk.store.bind("scope", "hash", plan)
    with pytest.raises(IdempotencyMismatch):
        await fixture.desk.store.bind("scope", "another", plan)


async def test_many_jobs_are_cut_with_a_warning(fixture: PlannerFixture) -> None:
    """A plan has a hundred jobs at most."""
    plan = await fixture.preview(*(monitor(f"bot_{number}") for number in range(120)))
    assert len(plan.jobs) == 100
    assert any("120 jobs" in warning for warning in plan.warnings)


async def test_impossible_job_is_left_out_with_a_reason(fixture: PlannerFixture) -> None:
    """Of what does not hold together nothing is planned; the rest is."""
    wrong = planned("monitor.http", {"interval_sec": 60}, url="http://a.example/ x")
    past = planned(schedule={"at": "2020-01-01T00:00:00Z"})
    plan = await fixture.preview(wrong, past, planned("no.such_type"), BOT)
    assert [job.spec.type for job in plan.jobs] == ["monitor.channel"]
    assert sum("not planned" in warning for warning in plan.warnings) == 3


async def test_private_url_is_planned_with_a_warning(fixture: PlannerFixture) -> None:
    """A monitor of a private network is reported with the line that allows it."""
    plan = await fixture.preview(
        planned("monitor.http", {"interval_sec": 60}, url="http://10.0.0.8:8080/ready")
    )
    assert len(plan.jobs) == 1
    assert any("HTTP_ALLOW_PRIVATE=10.0.0.8:8080" in warning for warning in plan.warnings)
