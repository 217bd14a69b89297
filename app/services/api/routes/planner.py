"""The planner: a sentence becomes a plan, and a plan becomes jobs."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from app.core.errors import Conflict, InvalidInput, PlannerBusy, PlanNotFound, PlanOutdated
from app.planner.execute import ExecutionOptions
from app.planner.models import AiOptions, PlanRequest
from app.services.api.http.body import StrictBody, documented_body, read_model
from app.services.api.http.conditions import IdempotencyKey, record_of
from app.services.api.http.responses import in_language
from app.services.api.http.router import (
    ContextDep,
    DirectRoute,
    Router,
    ServicesDep,
    context_of,
    services_of,
)
from app.services.api.schemas.plan_json import plan_json
from app.services.api.schemas.planner import (
    PLAN_ID_PATTERN,
    ExecuteRequestBody,
    ExecutionBody,
    PlanAiRequestBody,
    PlanBody,
    PlanRequestBody,
    PlanStepBody,
)

router = Router("planner")
# The gate calls it itself, so it costs no solving of parameters.
by_rules = Router("planner", route_class=DirectRoute)
EXECUTE = "POST /planner/execute"
_PLAN_ID = re.compile(PLAN_ID_PATTERN)


@by_rules.post(
    "/planner/plan",
    response_model=PlanBody,
    raises=(InvalidInput, PlannerBusy, PlanNotFound),
    documents=(documented_body(PlanStepBody).operation,),
)
async def plan_prompt(request: Request) -> Response:
    """Plan a prompt by the rules; nothing is changed, and `plan_id` executes exactly this for an hour.

    With a `plan_id` it goes on from that plan: an answer to its question, a change in words, or edits.
    """
    planning, body = services_of(request).planning, read_model(PlanStepBody, context_of(request).body)
    body.require_one_step()
    if body.plan_id is not None and body.answer is not None:
        plan = await planning.answer(body.plan_id, body.answer, body.now)
    elif body.plan_id is not None:
        edits = [each.edit() for each in body.edits or []]
        plan = await planning.edit(body.plan_id, edits, body.now)
    else:
        plan = await planning.preview(_ask(body, body.prompt or "", None))
    return Response(plan_json(plan), 200, in_language(plan.language), "application/json")


@router.post("/planner/plan-ai", raises=(InvalidInput, PlannerBusy))
async def plan_prompt_ai(
    services: ServicesDep, body: StrictBody[PlanAiRequestBody], response: Response
) -> PlanBody:
    """Plan a prompt with a language model; if that fails, the rules plan, and a warning says why."""
    plan = await services.planning.preview(_ask(body, body.prompt, _ai(body)))
    response.headers.update(in_language(plan.language))
    return PlanBody.model_validate(plan)


@router.get("/planner/plans/{plan_id}", raises=(PlanNotFound,))
async def get_plan(services: ServicesDep, plan_id: str, response: Response) -> PlanBody:
    """Return a stored plan as it was previewed; it is stored for an hour."""
    if not _PLAN_ID.match(plan_id):
        raise PlanNotFound(plan_id)
    plan = await services.planning.store.get(plan_id)
    response.headers.update(in_language(plan.language))
    return PlanBody.model_validate(plan)


@router.post("/planner/execute", raises=(InvalidInput, PlannerBusy, PlanNotFound, PlanOutdated, Conflict))
async def execute_plan(
    services: ServicesDep, context: ContextDep, body: StrictBody[ExecuteRequestBody], key: IdempotencyKey
) -> ExecutionBody:
    """Create the jobs of a prompt or of a previewed plan, run them at once if asked, and wait for them."""
    once = None if key is None else record_of(context.actor, EXECUTE, key, body.model_dump(mode="json"))
    ai = _ai(body) if body.use_ai else None
    plan_request = None if body.prompt is None else _ask(body, body.prompt, ai)
    options = ExecutionOptions(
        context.actor.name,
        context.trace_id,
        body.run_immediately,
        body.wait_seconds,
        only_certain=body.only_certain,
        is_admin=context.actor.is_admin,
    )
    done = await services.planning.execute(plan_request, body.plan_id, options, once)
    context.note(
        diff=[
            {"path": f"/jobs/{result.job_id}", "from": None, "to": result.create_status}
            for result in done.results
        ]
    )
    return ExecutionBody.of(done)


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
