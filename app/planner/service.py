"""Previews and executes plans; an idempotency key or an id executes one plan only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.errors import FieldProblem, InvalidInput
from app.core.specs.literal_credentials import text_problem
from app.planner.execute import ExecutionRequest

if TYPE_CHECKING:
    from app.core.queue import Idempotency
    from app.planner.execute import PlanExecutor, PlanResult
    from app.planner.models import Plan
    from app.planner.plan_store import PlanStore
    from app.planner.planner import Planner, PlanRequest


@dataclass(frozen=True, slots=True)
class ExecutionOptions:
    """How a plan is executed, and for which caller."""

    actor: str
    trace_id: str
    run_immediately: bool
    wait_sec: float
    is_admin: bool = False
    """True if jobs that export secrets may be saved and run."""


@dataclass(frozen=True, slots=True)
class _SelectedPlan:
    """The plan to execute; `fresh` and `repeated` as in ExecutionRequest."""

    plan: Plan
    scope: str
    fresh: bool
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class PlanService:
    """Previews and executes plans."""

    planner: Planner
    store: PlanStore
    executor: PlanExecutor

    async def preview(self, plan_request: PlanRequest) -> Plan:
        """Return the plan of a prompt; it is stored for an hour under its id."""
        _refuse_credentials(plan_request)
        plan = await self.planner.plan(plan_request)
        await self.store.keep(plan)
        return plan

    async def execute(
        self,
        plan_request: PlanRequest | None,
        plan_id: str | None,
        options: ExecutionOptions,
        once: Idempotency | None,
    ) -> PlanResult:
        """Execute the plan with an id, else that of a prompt. Raises PlanNotFound, PlanOutdated."""
        _refuse_credentials(plan_request)
        chosen = await self._select(plan_request, plan_id, once)
        request = ExecutionRequest(
            scope=chosen.scope,
            actor=options.actor,
            trace_id=options.trace_id,
            run_immediately=options.run_immediately,
            wait_sec=options.wait_sec,
            fresh=chosen.fresh,
            repeated=chosen.repeated,
            is_admin=options.is_admin,
        )
        return await self.executor.execute(chosen.plan, request)

    async def _select(
        self, plan_request: PlanRequest | None, plan_id: str | None, once: Idempotency | None
    ) -> _SelectedPlan:
        if once is None:
            plan = await self._plan(plan_request, plan_id)
            return _SelectedPlan(plan, plan.plan_id, fresh=plan_id is None)
        bound = await self.store.bound(once.scope, once.body_hash)
        if bound is not None:
            return _SelectedPlan(bound, once.scope, fresh=False, repeated=True)
        plan = await self._plan(plan_request, plan_id)
        bound = await self.store.bind(once.scope, once.body_hash, plan)
        return _SelectedPlan(bound, once.scope, fresh=plan_id is None and bound.plan_id == plan.plan_id)

    async def _plan(self, plan_request: PlanRequest | None, plan_id: str | None) -> Plan:
        if plan_id is None:
            if plan_request is None:
                raise _refused("a prompt or a plan_id is needed / isi prompt atau plan_id", "required")
            return await self.planner.plan(plan_request)
        plan = await self.store.get(plan_id)
        if plan_request is not None and plan_request.prompt != plan.prompt:
            raise _refused(
                "the plan is of another prompt: plan this one / rencana ini untuk prompt lain", "other_prompt"
            )
        return plan


def _refuse_credentials(plan_request: PlanRequest | None) -> None:
    """Raise InvalidInput if a prompt holds a credential. Plans, logs and language models must not get it."""
    problem = None if plan_request is None else text_problem(plan_request.prompt, "/prompt")
    if problem is not None:
        raise InvalidInput(f"/prompt: {problem.message}", (problem,))


def _refused(message: str, code: str) -> InvalidInput:
    return InvalidInput(f"/prompt: {message}", (FieldProblem("/prompt", message, code),))
