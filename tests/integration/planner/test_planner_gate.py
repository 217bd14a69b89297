"""A plan that the gate doubts is not executed without a person's answer or confirmation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.queue import Idempotency, Queue
from app.core.specs.search import JobFilter
from app.planner.language.gate import gated
from app.planner.models import Certainty, PlanRequest
from tests.support.planner.planner_fixture import TERMS, PlannerFixture, open_planner

DOUBTED = "pantau telegram akun bot_a atau bot_b tiap menit"
PLAIN = "pantau telegram akun bot_a tiap menit"
DEFAULTED = "laporan"
ONCE = Idempotency("scope-of-a-key", "hash-of-a-body")


@pytest.fixture
def fixture(settings: Settings, clock: SystemClock, queue: Queue) -> PlannerFixture:
    return open_planner(settings, clock, queue, read=gated)


async def stored(fixture: PlannerFixture) -> list[str]:
    page = await fixture.jobs.list(JobFilter(), None, 9)
    return [record.spec.job_id for record in page.items]


@pytest.mark.parametrize("once", [None, ONCE])
async def test_doubted_sentence_is_not_executed(fixture: PlannerFixture, once: Idempotency | None) -> None:
    """Its jobs need a confirmation, with the plan's id and with a key; a repeat finds the same."""
    for _ in range(2):
        done = await fixture.desk.execute(PlanRequest(DOUBTED), None, TERMS, once)
        assert {result.create_status for result in done.results} == {"needs_confirmation"}
        assert done.confirm_id is not None
    assert await stored(fixture) == []


async def test_doubted_plan_is_not_executed_unseen(fixture: PlannerFixture) -> None:
    """`--yes` executes a plan by its id with `only_certain`."""
    plan = await fixture.desk.preview(PlanRequest(DOUBTED))
    assert {job.certainty for job in plan.jobs} == {Certainty.ASK}
    done = await fixture.desk.execute(None, plan.plan_id, replace(TERMS, only_certain=True), None)
    assert {result.create_status for result in done.results} == {"needs_confirmation"}
    assert await stored(fixture) == []


async def test_confirmation_does_not_answer_a_question(fixture: PlannerFixture) -> None:
    """A plan that a person has seen waits for the answer as well."""
    plan = await fixture.desk.preview(PlanRequest(DOUBTED))
    done = await fixture.desk.execute(None, plan.plan_id, TERMS, None)
    assert {result.create_status for result in done.results} == {"needs_confirmation"}
    assert (done.confirm_id, await stored(fixture)) == (plan.plan_id, [])
    chosen = await fixture.desk.answer(plan.plan_id, "bot_b", None)
    done = await fixture.desk.execute(None, chosen.plan_id, TERMS, None)
    assert [result.create_status for result in done.results] == ["created"]


async def test_answer_to_a_doubt_is_executed(fixture: PlannerFixture) -> None:
    """A choice is one reading of the sentence, in which nothing is doubted."""
    plan = await fixture.desk.preview(PlanRequest(DOUBTED))
    assert plan.question is not None
    assert plan.question.choices == ("bot_a", "bot_b", "bot_a, bot_b")
    chosen = await fixture.desk.answer(plan.plan_id, "bot_b", None)
    assert (chosen.question, [job.certainty for job in chosen.jobs]) == (None, [Certainty.CERTAIN])
    both = await fixture.desk.answer(plan.plan_id, "bot_a, bot_b", None)
    assert len(both.jobs) == 2
    done = await fixture.desk.execute(None, chosen.plan_id, replace(TERMS, only_certain=True), None)
    assert [result.create_status for result in done.results] == ["created"]
    assert await stored(fixture) == ["monitor-telegram-bot_b"]


@pytest.mark.parametrize("prompt", [PLAIN, DEFAULTED])
async def test_plain_sentence_is_executed_at_once(fixture: PlannerFixture, prompt: str) -> None:
    """One of which all is said, and one with defaults that a person may check."""
    done = await fixture.desk.execute(PlanRequest(prompt), None, TERMS, None)
    assert [result.create_status for result in done.results] == ["created"]
    assert done.confirm_id is None
