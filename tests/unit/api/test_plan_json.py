"""The text of a plan is that of its model, field by field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import orjson
import pytest

from app.core.i18n import Language, reader_language
from app.core.incidents.remedies import RemedyAction, remedy
from app.planner.models import (
    Certainty,
    Change,
    FieldDifference,
    JobChange,
    Note,
    NoteKind,
    Plan,
    PlanRequest,
    PromptSpan,
)
from app.services.api.schemas.plan_json import plan_json
from app.services.api.schemas.planner import PlanBody
from benchmarks.planner import worked_cases
from tests.support.planner.planner_fakes import empty_planner

NOW = datetime.fromisoformat("2026-01-05T10:00:00+07:00")
QUESTION = Note(NoteKind.QUESTION, 'Which "one"\n—\x01?', PromptSpan(3, 9), "a", ("x", "ÿ"), "ke ")
REMEDIES = (remedy(RemedyAction.SET_RECIPIENT), remedy(RemedyAction.SET_UP_ACCOUNT, "telegram:a b"))


@pytest.fixture(params=["en", "id"])
def language(request: pytest.FixtureRequest) -> Iterator[Language]:
    """The language of the caller."""
    token = reader_language.set(request.param)
    yield request.param
    reader_language.reset(token)


async def planned(prompt: str) -> Plan:
    return await empty_planner().plan(PlanRequest(prompt, now=NOW))


def by_model(plan: Plan) -> bytes:
    return PlanBody.model_validate(plan).model_dump_json(by_alias=True).encode()


async def test_worked_cases_are_written_as_their_models() -> None:
    """Specs, notes, spans and fires of whole sentences."""
    plans = [await planned(prompt) for prompt in worked_cases()[::6]]
    assert [plan_json(each) for each in plans] == [by_model(each) for each in plans]


@pytest.mark.usefixtures("language")
async def test_rarer_parts_are_written_as_their_models() -> None:
    """A pause, differences, remedies in the caller's language, and a place in the prompt."""
    plan = await planned("pantau telegram akun bot_a01 tiap 30 detik")
    changes: list[JobChange] = [
        replace(
            plan.jobs[0],
            change=Change.PAUSE,
            until=1_767_600_000_123,
            certainty=Certainty.CHECK,
            check=("schedule",),
            notes=(QUESTION, Note(NoteKind.ENVIRONMENT, "no recipient", actions=REMEDIES)),
            diff=(FieldDifference("/inputs/a", None, {"b": [1, 2.5, "c"]}), FieldDifference("/x", True, "")),
            next_runs=(),
        )
    ]
    plan = replace(plan, jobs=tuple(changes), notes=changes[0].notes)
    assert plan_json(plan) == by_model(plan)
    assert orjson.loads(plan_json(plan))["jobs"][0]["until"] == "2026-01-05T08:00:00.123Z"
