"""Answers to complaints and questions about stored jobs, on a real server."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.errors import InvalidInput
from app.core.models import JobSpec
from app.core.queue import Queue
from app.core.specs.store import JobStore
from app.planner.models import MAX_PROMPT_CHARS, NoteKind, Plan, PlanRequest
from tests.support.planner.planner_fixture import PlannerFixture, open_planner
from tests.support.planner.planning import plan_text

WHO: dict[str, Any] = {"actor": "ana", "origin": "test"}


@pytest.fixture
def fixture(settings: Settings, clock: SystemClock, queue: Queue) -> PlannerFixture:
    return open_planner(settings, clock, queue, read=plan_text)


def report(job_id: str, cron: str, **fields: Any) -> JobSpec:
    return JobSpec.model_validate(
        {"job_id": job_id, "type": "report.daily", "schedule": {"cron": cron, "timezone": "UTC"}, **fields}
    )


async def ask(fixture: PlannerFixture, prompt: str) -> Plan:
    return await fixture.desk.preview(PlanRequest(prompt, "UTC"))


def replies(plan: Plan) -> str:
    return " ".join(note.text for note in plan.notes if note.kind is NoteKind.REFUSAL)


async def test_complaint_names_the_job_and_its_explanation(fixture: PlannerFixture, jobs: JobStore) -> None:
    """Of two reports the one at the named hour is meant; the text has the command that explains it."""
    await jobs.create(report("early", "0 7 * * *"), **WHO)
    await jobs.create(report("late", "0 19 1 * *"), **WHO)
    plan = await ask(fixture, "the report at 7 didn't arrive")
    assert plan.jobs == ()
    assert "`multi-job why early`" in replies(plan)
    await jobs.create(report("noon", "30 12 * * *"), **WHO)
    found = replies(await ask(fixture, "kok laporan jam 12.30 gak masuk?"))
    assert "`multi-job why noon`" in found
    assert "early" not in found


async def test_complaint_about_no_stored_job_says_so(fixture: PlannerFixture) -> None:
    """Without such a job the answer names the list of its type."""
    plan = await ask(fixture, "the backup at 2am failed again")
    assert "GET /jobs?type=backup.export" in replies(plan)


async def test_complaint_about_a_disabled_job_says_that_it_is_disabled(
    fixture: PlannerFixture, jobs: JobStore
) -> None:
    """The reason is in the answer already."""
    await jobs.create(report("early", "0 7 * * *", enabled=False), **WHO)
    assert "early is disabled" in replies(await ask(fixture, "why didn't my report arrive?"))


async def test_question_for_all_is_answered_with_their_state(fixture: PlannerFixture, jobs: JobStore) -> None:
    """The answer has the number of enabled jobs, those that failed, and the next fire."""
    assert "No job is enabled" in replies(await ask(fixture, "what's running?"))
    await jobs.create(report("early", "0 7 * * *"), **WHO)
    await jobs.create(report("off", "0 8 * * *", enabled=False), **WHO)
    found = replies(await ask(fixture, "what's running?"))
    assert "1 job is enabled. No last run has failed. Next: early at " in found
    assert found.rstrip(".").endswith(" 07:00")


async def test_sentence_of_a_chat_has_the_same_limit(fixture: PlannerFixture) -> None:
    """A preview that does not come through the API is refused too."""
    with pytest.raises(InvalidInput, match="over 2,000 characters"):
        await ask(fixture, "x" * (MAX_PROMPT_CHARS + 1))


async def test_reason_of_an_action_is_in_the_language_of_the_prompt(
    fixture: PlannerFixture, jobs: JobStore
) -> None:
    """The card of a job to stop quotes the words that ask for it."""
    await jobs.create(report("report-daily", "0 7 * * *"), **WHO)
    (job,) = (await ask(fixture, "matikan laporan harian")).jobs
    assert job.reason.startswith("Dari kata")
    (job,) = (await ask(fixture, "stop the daily report")).jobs
    assert job.reason.startswith("From the words")
