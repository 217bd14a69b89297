"""The planner: a sentence becomes a plan, and a plan becomes jobs."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.planner.ai.planner import AiOptions
from app.planner.planner import PlanRequest
from app.planner.service import ExecutionOptions
from app.services.api.dependencies import context_of, services_of
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
    body = read_model(PlanRequestBody, context_of(request).body)
    plan = await services_of(request).planning.preview(_ask(body, body.prompt, None))
    return json_reply(plan_view(plan))


@router.post(
    "/planner/plan-ai",
    response_model=PlanBody,
    responses=problems(400, 422, write=True),
    openapi_extra=takes(PlanAiRequestBody),
)
async def plan_prompt_ai(request: Request) -> Response:
    """Plan a prompt with a language model; where that fails, the rules plan, and a warning says why."""
    body = read_model(PlanAiRequestBody, context_of(request).body)
    plan = await services_of(request).planning.preview(_ask(body, body.prompt, _ai(body)))
    return json_reply(plan_view(plan))


@router.post(
    "/planner/execute",
    response_model=ExecutionBody,
    responses=problems(400, 404, 409, 422, write=True),
    openapi_extra=takes(ExecuteRequestBody, IDEMPOTENCY_KEY),
)
async def execute_plan(request: Request) -> Response:
    """Make the jobs of a prompt or of a previewed plan, run them at once where asked, and wait for them."""
    services, context = services_of(request), context_of(request)
    body = read_model(ExecuteRequestBody, context.body)
    key = key_of(request)
    once = None if key is None else record_of(context.actor, EXECUTE, key, body.model_dump(mode="json"))
    ai = _ai(body) if body.use_ai else None
    plan_request = None if body.prompt is None else _ask(body, body.prompt, ai)
    options = ExecutionOptions(
        context.actor.name,
        context.trace_id,
        body.run_immediately,
        body.wait_seconds,
        is_admin=is_admin(context),
    )
    done = execution_view(await services.planning.execute(plan_request, body.plan_id, options, once))
    context.note(diff=[execution_change(result) for result in done["results"]])
    return json_reply(done)


def _ask(body: PlanRequestBody | ExecuteRequestBody, prompt: str, ai: AiOptions | None) -> PlanRequest:
    return PlanRequest(
        prompt=prompt,
        timezone=body.timezone,
        now=body.now,
        default_channel=body.default_channel,
        default_account_id=body.default_account_id,
        ai=ai,
    )


def _ai(body: PlanAiRequestBody) -> AiOptions | None:
    return None if body.force_rule_based else AiOptions(body.model_id, body.max_steps)
