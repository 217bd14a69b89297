"""A hundred sentences beyond the rules, with a model that knows what they mean.

The model is a server on loopback with one written answer for each sentence: the words that ask for a job, and
the words of its time.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from app.core.config import Settings
from app.planner.ai.planner import AiPlanner
from app.planner.models import AiOptions, Plan, PlanRequest, PlanSource
from app.planner.planner import Planner
from tests.support.channels.outbox_fixture import fixed_default
from tests.support.fake_clock import FakeClock
from tests.support.planner.fake_openai import FakeOpenAi, fake_openai, says
from tests.support.planner.model_scoring import is_right
from tests.support.planner.planner_fakes import (
    CHECKS,
    FreeBudget,
    NothingMissing,
    NothingStored,
    empty_directory,
    no_calendars,
    no_jobs,
)
from tests.support.planner.planning import plan_text

FILE = Path(__file__).parents[2] / "planner_cases" / "model_answers.jsonl"
CASES: list[dict[str, Any]] = [json.loads(row) for row in FILE.read_text("utf-8").splitlines()]
ANSWERS = {case["prompt"]: json.dumps(case["answer"]) for case in CASES}


def good_model(request: dict[str, Any]) -> Any:
    """Answer the last request of a conversation as it is written."""
    asked = [message for message in request["messages"] if message["role"] == "user"]
    facts = next(json.loads(each["content"]) for each in reversed(asked) if each["content"][0] == "{")
    return says(ANSWERS[facts["request"]])(request)


@pytest.fixture
async def provider() -> AsyncIterator[FakeOpenAi]:
    with fake_openai() as fake:
        fake.script(good_model)
        yield fake


async def plan(case: dict[str, Any], provider: FakeOpenAi, *, with_model: bool) -> Plan:
    now = datetime.fromisoformat(case["now"])
    fields: dict[str, Any] = {"planner_ai_base": provider.base, "planner_ai_model": "good"}
    settings = Settings(_env_file=None, **fields)  # pyright: ignore[reportCallIssue]
    planner = Planner(
        read=plan_text,
        ai=AiPlanner(settings, {}, FreeBudget()),
        checks=CHECKS,
        index=NothingStored(),
        advisor=NothingMissing(),
        clock=FakeClock(now),
        find_default=fixed_default(None),
        find_directory=empty_directory,
        list_jobs=no_jobs,
        find_calendars=no_calendars,
    )
    ai = AiOptions() if with_model else None
    return await planner.plan(PlanRequest(case["prompt"], case["timezone"], now, ai=ai))


async def test_good_model_plans_what_the_rules_get_wrong(provider: FakeOpenAi) -> None:
    """At least 80 of the hundred sentences are right, and the model has made many of these plans."""
    plans = {case["id"]: await plan(case, provider, with_model=True) for case in CASES}
    wrong = [case["id"] for case in CASES if not is_right(case, plans[case["id"]])]
    by_model = [each for each in plans.values() if each.source is PlanSource.MODEL]
    assert len(CASES) == 100
    assert len(wrong) <= 20, wrong
    assert len(by_model) >= 40


async def test_no_plan_gets_worse_with_a_good_model(provider: FakeOpenAi) -> None:
    """What the rules plan right alone is right with the model, too."""
    worse: list[str] = []
    for case in CASES:
        alone = is_right(case, await plan(case, provider, with_model=False))
        if alone and not is_right(case, await plan(case, provider, with_model=True)):
            worse.append(case["id"])
    assert worse == []
