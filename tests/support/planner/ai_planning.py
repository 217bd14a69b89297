"""A planner with a scripted model, without a server."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from app.core.config import Settings
from app.planner.ai.grounding import Grounding
from app.planner.ai.planner import AiPlanner
from app.planner.models import (
    AiOptions,
    Draft,
    Note,
    NoteKind,
    Plan,
    PlannedJob,
    PlanRequest,
    PromptSpan,
)
from app.planner.planner import Planner
from tests.support.channels.outbox_fixture import fixed_default
from tests.support.fake_clock import FakeClock
from tests.support.planner.hostile_answers import PROMPT
from tests.support.planner.planner_fakes import (
    CHECKS,
    NOW,
    ZONE,
    FakeRules,
    FreeBudget,
    NothingMissing,
    NothingStored,
    ScriptedChat,
    draft_of,
    empty_directory,
    no_calendars,
    no_jobs,
)
from tests.support.planner.planning import plan_text

UNREAD = Note(NoteKind.UNREAD, "not read", PromptSpan(43, len(PROMPT)))
"""A doubt about the second half of the prompt."""
WHOLE = Note(NoteKind.CONFLICT, "the whole is in doubt")
BASE = "http://127.0.0.1:9/v1"


def settings(**changes: Any) -> Settings:
    return Settings(_env_file=None, **changes)  # pyright: ignore[reportCallIssue]


async def plan_with(
    chat: ScriptedChat,
    *read: PlannedJob,
    prompt: str = PROMPT,
    draft: Draft | None = None,
    doubt: Note | None = UNREAD,
) -> Plan:
    """Plan a prompt that the rules read as these jobs, with a doubt, and with a model."""
    noted = () if doubt is None or not read else (doubt,)
    drafts = {prompt: draft or replace(draft_of(*read, prompt=prompt), notes=noted)}
    return await planner_of(chat, FakeRules(drafts, plan_text)).plan(PlanRequest(prompt, ai=AiOptions()))


def planner_of(chat: ScriptedChat, rules: FakeRules) -> Planner:
    with_model = settings(planner_ai_model="x", planner_ai_base=BASE)
    return Planner(
        read=rules,
        ai=AiPlanner(with_model, {}, FreeBudget(), client=chat),
        checks=CHECKS,
        index=NothingStored(),
        advisor=NothingMissing(),
        clock=FakeClock(NOW),
        find_default=fixed_default(None),
        list_jobs=no_jobs,
        find_calendars=no_calendars,
        find_directory=empty_directory,
    )


async def plan(answer: str, *read: PlannedJob, **how: Any) -> Plan:
    """Plan with a model that gives one answer; it must have been asked."""
    chat = ScriptedChat([answer])
    found = await plan_with(chat, *read, **how)
    assert chat.asked
    return found


async def plan_by_rules_and(answer: str, prompt: str) -> Plan:
    """Plan a prompt with the rules as they are, and a model that answers this."""
    rules = FakeRules({}, plan_text)
    return await planner_of(ScriptedChat([answer]), rules).plan(PlanRequest(prompt, ai=AiOptions()))


def proposing(plain: str | None, *types: str, question: Any = None) -> str:
    return json.dumps({"types": types, "plain": plain, "question": question})


def notes_of(plan: Plan, *kinds: NoteKind) -> str:
    return "\n".join(note.text for note in plan.notes if note.kind in kinds)


def grounding(prompt: str = PROMPT, draft: Draft | None = None, **fields: Any) -> Grounding:
    request = PlanRequest(prompt, ZONE, NOW, deployment_timezone=ZONE, **fields)
    return Grounding(CHECKS, plan_text, request, draft or draft_of(prompt=prompt))
