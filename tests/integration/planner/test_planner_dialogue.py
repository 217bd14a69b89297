"""Plans that go on: answers, edits, and what is held back until it is confirmed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.errors import InvalidInput, JobNotFound, PlanNotFound
from app.core.queue import Queue
from app.core.specs.store import JobStore
from app.planner.models import Certainty, Change, JobEdit, Note, NoteKind, Plan, PlannedJob, PlanRequest
from tests.support.planner.planner_fakes import ZONE, draft_of, monitor, planned
from tests.support.planner.planner_fixture import PROMPT, TERMS, PlannerFixture, open_planner
from tests.support.planner.planning import plan_text

BOT, REPORT = monitor("bot_a01"), planned()
UNSURE = replace(REPORT, certainty=Certainty.ASK)
BOT_ID = "monitor-telegram-bot_a01"
UNREAD = Note(NoteKind.UNREAD, "words")


@pytest.fixture
def fixture(settings: Settings, clock: SystemClock, queue: Queue) -> PlannerFixture:
    return open_planner(settings, clock, queue)


@pytest.fixture
def rules(settings: Settings, clock: SystemClock, queue: Queue) -> PlannerFixture:
    return open_planner(settings, clock, queue, read=plan_text)


def shown(plan: Plan) -> list[tuple[str, str]]:
    return [(job.spec.job_id, job.change.value) for job in plan.jobs]


async def edited(
    fixture: PlannerFixture, *edits: JobEdit, jobs: tuple[PlannedJob, ...] = (BOT, REPORT)
) -> Plan:
    plan = await fixture.preview(*jobs)
    return await fixture.desk.edit(plan.plan_id, edits, None)


async def executed(fixture: PlannerFixture, *jobs: PlannedJob, notes: tuple[Note, ...] = ()) -> Any:
    draft = draft_of(*jobs, prompt=PROMPT)
    fixture.rules.drafts[PROMPT] = replace(draft, notes=notes)
    return await fixture.desk.execute(PlanRequest(PROMPT), None, TERMS, None)


async def test_change_in_words_makes_a_new_plan(rules: PlannerFixture) -> None:
    """It has an id of its own, and the plan before it stays."""
    first = await rules.desk.preview(PlanRequest("laporan tiap hari jam 6"))
    second = await rules.desk.answer(first.plan_id, "yang tadi jadiin jam 8 ya", None)
    (job,) = second.jobs
    assert job.spec.schedule is not None
    assert job.spec.schedule.cron == "0 8 * * *"
    assert second.plan_id != first.plan_id
    assert await rules.desk.store.get(first.plan_id) == first


async def test_answer_to_a_plan_that_is_gone(rules: PlannerFixture) -> None:
    """After its hour a plan cannot go on."""
    with pytest.raises(PlanNotFound):
        await rules.desk.answer("0" * 26, "jam 8", None)


async def test_answers_have_no_endless_prompt(rules: PlannerFixture) -> None:
    """A sentence that grows with each answer ends at the limit of every prompt."""
    plan = await rules.desk.preview(PlanRequest("laporan jam 6 " + "x" * 1_900))
    with pytest.raises(InvalidInput, match="/answer"):
        await rules.desk.answer(plan.plan_id, "y" * 9_000, None)


async def test_edited_plan_is_checked_and_executed(fixture: PlannerFixture, jobs: JobStore) -> None:
    """A job is left out, another one gets a name, a schedule and an input."""
    fields = {
        "description": "pagi",
        "schedule": {"interval_sec": 60},
        "inputs": {"notify": {"channel": "email"}},
    }
    plan = await edited(fixture, JobEdit(BOT_ID, fields=fields), JobEdit("report-daily", leave_out=True))
    assert shown(plan) == [(BOT_ID, "create")]
    await fixture.desk.execute(None, plan.plan_id, TERMS, None)
    spec = (await jobs.get(BOT_ID)).spec
    assert (spec.description, spec.inputs["notify"]) == ("pagi", {"channel": "email"})
    assert spec.schedule is not None
    assert spec.schedule.interval_sec == 60


async def test_invalid_edit_is_refused_and_the_plan_stays(fixture: PlannerFixture) -> None:
    """A job does not vanish because its edit was wrong."""
    with pytest.raises(InvalidInput, match="cron"):
        await edited(fixture, JobEdit(BOT_ID, fields={"schedule": {"cron": "99 * * * *"}}))
    with pytest.raises(InvalidInput, match="no job nothing"):
        await edited(fixture, JobEdit("nothing", leave_out=True))


async def test_update_can_be_made_a_new_job(fixture: PlannerFixture) -> None:
    """The stored job stays as it is, and the new one has another id."""
    await fixture.execute(REPORT)
    later = planned(schedule={"cron": "0 9 * * *", "timezone": ZONE}, slot="0900")
    plan = await fixture.preview(later)
    assert shown(plan) == [("report-daily", "update")]
    new = await fixture.desk.edit(plan.plan_id, [JobEdit("report-daily", make_new=True)], None)
    (job,) = new.jobs
    assert (job.change, job.spec.job_id == "report-daily") == (Change.CREATE, False)


async def test_edits_hold_in_the_next_answer(rules: PlannerFixture) -> None:
    """What a person has edited stays edited if the sentence is changed; what no longer fits gives a note."""
    plan = await rules.desk.preview(PlanRequest("laporan tiap hari jam 6 dan backup jam 3"))
    edits = [
        JobEdit("report-daily", fields={"description": "pagi"}),
        JobEdit("backup-export", leave_out=True),
    ]
    second = await rules.desk.edit(plan.plan_id, edits, None)
    third = await rules.desk.answer(second.plan_id, "eh laporannya jam 8", None)
    assert [(job.spec.job_id, job.spec.description) for job in third.jobs] == [("report-daily", "pagi")]


async def test_unsure_job_of_a_prompt_needs_a_confirmation(fixture: PlannerFixture, jobs: JobStore) -> None:
    """The certain job is created at once, the other one when it is confirmed; a repeat changes nothing."""
    done = await executed(fixture, BOT, UNSURE)
    assert [result.create_status for result in done.results] == ["created", "needs_confirmation"]
    assert done.confirm_id is not None
    for _turn in range(2):
        confirmed = await fixture.desk.execute(None, done.confirm_id, TERMS, None)
        assert [(each.job_id, each.create_status) for each in confirmed.results] == [
            ("report-daily", "created")
        ]
    assert len(await jobs.versions("report-daily")) == 1


async def test_doubt_about_the_sentence_holds_all_of_it(fixture: PlannerFixture, jobs: JobStore) -> None:
    """Words that no rule used may change the meaning of every job."""
    done = await executed(fixture, BOT, REPORT, notes=(UNREAD,))
    assert {result.create_status for result in done.results} == {"needs_confirmation"}
    with pytest.raises(JobNotFound):
        await jobs.find(BOT_ID)


async def test_question_alone_can_be_answered(fixture: PlannerFixture) -> None:
    """Nothing is planned, and the plan that asks is stored."""
    asked = Note(NoteKind.QUESTION, "which?", choices=("a", "b"))
    done = await executed(fixture, notes=(asked,))
    assert done.results == ()
    assert (await fixture.desk.store.get(str(done.confirm_id))).question == asked


async def test_certain_plan_is_applied_in_one_call(fixture: PlannerFixture) -> None:
    """Refusals and assumptions hold nothing back."""
    notes = (
        Note(NoteKind.REFUSAL, "no"),
        Note(NoteKind.ASSUMPTION, "so"),
        Note(NoteKind.ENVIRONMENT, "set up"),
    )
    done = await executed(fixture, BOT, notes=notes)
    assert ([result.create_status for result in done.results], done.confirm_id) == (["created"], None)


async def test_deletion_by_a_prompt_needs_a_confirmation(rules: PlannerFixture) -> None:
    """It cannot be undone, so no single call does it."""
    await rules.desk.execute(PlanRequest("backup tiap hari jam 3"), None, TERMS, None)
    done = await rules.desk.execute(PlanRequest("hapus backup"), None, TERMS, None)
    assert [result.create_status for result in done.results] == ["needs_confirmation"]
    assert (await rules.jobs.find("backup-export")).spec.enabled
    confirmed = await rules.desk.execute(None, done.confirm_id, TERMS, None)
    assert [result.create_status for result in confirmed.results] == ["deleted"]
    with pytest.raises(JobNotFound):
        await rules.jobs.find("backup-export")
