"""The planner: a sentence becomes a plan, and a plan becomes jobs."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.planner.ai.planner import AiOptions
from app.planner.planner import PlanRequest
from app.planner.service import ExecutionOptions
from app.services.api.dependencies import call_of, platform_of
from app.services.api.export_rights import is_admin
from app.services.api.http.body import read_model
from app.services.api.http.conditions import key_of, record_of
from app.services.api.http.responses import json_reply
from app.services.api.openapi.document import IDEMPOTENCY_KEY, operation_id, problems, takes
from app.services.api.schemas.planner import (
    ExecuteRequestBody,
    ExecutionBody,
    PlanAiRequestBody,
    PlanBody,
    PlanRequestBody,
    execution_change,
    execution_view,
    plan_view,
)

router = APIRouter(tags=["planner"], generate_unique_id_function=operation_id)
EXECUTE = "POST /planner/execute"


@router.post(
    "/planner/plan",
    response_model=PlanBody,
    responses=problems(400, 422, write=True),
    openapi_extra=takes(PlanRequestBody),
)
async def plan_prompt(request: Request) -> Response:
    """Plan a prompt by the rules; nothing is changed, and `plan_id` executes exactly this for an hour."""
    wanted = read_model(PlanRequestBody, call_of(request).body)
    plan = await platform_of(request).planning.preview(_ask(wanted, wanted.prompt, None))
    return json_reply(plan_view(plan))


@router.post(
    "/planner/plan-ai",
    response_model=PlanBody,
    responses=problems(400, 422, write=True),
    openapi_extra=takes(PlanAiRequestBody),
)
async def plan_prompt_ai(request: Request) -> Response:
    """Plan a prompt with a language model; where that fails, the rules plan, and a warning says why."""
    wanted = read_model(PlanAiRequestBody, call_of(request).body)
    plan = await platform_of(request).planning.preview(_ask(wanted, wanted.prompt, _ai(wanted)))
    return json_reply(plan_view(plan))


@router.post(
    "/planner/execute",
    response_model=ExecutionBody,
    responses=problems(400, 404, 409, 422, write=True),
    openapi_extra=takes(ExecuteRequestBody, IDEMPOTENCY_KEY),
)
async def execute_plan(request: Request) -> Response:
    """Make the jobs of a prompt or of a previewed plan, run them at once where asked, and wait for them."""
    at, call = platform_of(request), call_of(request)
    wanted = read_model(ExecuteRequestBody, call.body)
    key = key_of(request)
    once = None if key is None else record_of(call.actor, EXECUTE, key, wanted.model_dump(mode="json"))
    ai = _ai(wanted) if wanted.use_ai else None
    ask = None if wanted.prompt is None else _ask(wanted, wanted.prompt, ai)
    terms = ExecutionOptions(
        call.actor.name,
        call.trace_id,
        wanted.run_immediately,
        wanted.wait_seconds,
        is_admin=is_admin(call),
    )
    done = execution_view(await at.planning.execute(ask, wanted.plan_id, terms, once))
    call.note(diff=[execution_change(result) for result in done["results"]])
    return json_reply(done)


def _ask(wanted: PlanRequestBody | ExecuteRequestBody, prompt: str, ai: AiOptions | None) -> PlanRequest:
    return PlanRequest(
        prompt=prompt,
        timezone=wanted.timezone,
        now=wanted.now,
        default_channel=wanted.default_channel,
        default_account_id=wanted.default_account_id,
        ai=ai,
    )


def _ai(wanted: PlanAiRequestBody) -> AiOptions | None:
    return None if wanted.force_rule_based else AiOptions(wanted.model_id, wanted.max_steps)
