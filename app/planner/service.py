"""Previews and executes plans, at most once per key or id."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.core.errors import FieldProblem, InvalidInput
from app.core.i18n import _
from app.core.specs.literal_credentials import text_problem

if TYPE_CHECKING:
    from app.core.queue import Idempotency
    from app.planner.execute import ExecutionOptions, PlanExecutor, PlanResult
    from app.planner.models import Plan, PlanRequest
    from app.planner.plan_store import PlanStore
    from app.planner.planner import Planner


@dataclass(frozen=True, slots=True)
class PlanService:
    """Previews and executes plans."""

    planner: Planner
    store: PlanStore
    executor: PlanExecutor

    async def preview(self, request: PlanRequest) -> Plan:
        """Return the plan of a prompt; it is stored for an hour under its id."""
        _refuse_credentials(request)
        plan = await self.planner.plan(request)
        await self.store.keep(plan)
        return plan

    async def execute(
        self,
        request: PlanRequest | None,
        plan_id: str | None,
        options: ExecutionOptions,
        once: Idempotency | None,
    ) -> PlanResult:
        """Execute the plan with an id, else that of a prompt. Raises PlanNotFound, PlanOutdated."""
        _refuse_credentials(request)
        plan, chosen = await self._select(request, plan_id, options, once)
        return await self.executor.execute(plan, chosen)

    async def _select(
        self,
        request: PlanRequest | None,
        plan_id: str | None,
        options: ExecutionOptions,
        once: Idempotency | None,
    ) -> tuple[Plan, ExecutionOptions]:
        """Return the plan to execute, and the options with its scope."""
        if once is None:
            plan = await self._plan(request, plan_id)
            return plan, replace(options, scope=plan.plan_id, fresh=plan_id is None)
        bound = await self.store.bound(once.scope, once.body_hash)
        if bound is not None:
            return bound, replace(options, scope=once.scope, repeated=True)
        plan = await self._plan(request, plan_id)
        bound = await self.store.bind(once.scope, once.body_hash, plan)
        fresh = plan_id is None and bound.plan_id == plan.plan_id
        return bound, replace(options, scope=once.scope, fresh=fresh)

    async def _plan(self, request: PlanRequest | None, plan_id: str | None) -> Plan:
        if plan_id is None:
            if request is None:
                raise _refused(_("a prompt or a plan_id is needed"), "required")
            return await self.planner.plan(request)
        plan = await self.store.get(plan_id)
        if request is not None and request.prompt != plan.prompt:
            raise _refused(_("the plan is of another prompt: plan this one"), "other_prompt")
        return plan


def _refuse_credentials(request: PlanRequest | None) -> None:
    """Raise InvalidInput if a prompt holds a credential. Plans, logs and language models must not get it."""
    problem = None if request is None else text_problem(request.prompt, "/prompt")
    if problem is not None:
        raise InvalidInput(f"/prompt: {problem.message}", (problem,))


def _refused(message: str, code: str) -> InvalidInput:
    return InvalidInput(f"/prompt: {message}", (FieldProblem("/prompt", message, code),))
