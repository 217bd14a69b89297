"""Where plans are asked for and executed: previews are kept, and a key or an id executes one plan only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.errors import FieldProblem, InvalidInput
from app.core.specs.literal_credentials import text_problem
from app.planner.execute import Order

if TYPE_CHECKING:
    from app.core.queue import Idempotency
    from app.planner.execute import Execution, Executor
    from app.planner.models import Plan
    from app.planner.plan_store import PlanStore
    from app.planner.planner import PlanAsk, Planner


@dataclass(frozen=True, slots=True)
class Terms:
    """How a plan is executed, and for whom."""

    actor: str
    trace_id: str
    run_immediately: bool
    wait_sec: float
    is_admin: bool = False
    """Whether jobs that export secrets may be saved and run."""


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The plan that is executed; `fresh` and `repeated` as in an Order."""

    plan: Plan
    scope: str
    fresh: bool
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class PlanDesk:
    """Previews and executes plans."""

    planner: Planner
    store: PlanStore
    executor: Executor

    async def preview(self, ask: PlanAsk) -> Plan:
        """Return the plan of a prompt; it is kept for an hour under its id."""
        _refuse_credentials(ask)
        plan = await self.planner.plan(ask)
        await self.store.keep(plan)
        return plan

    async def execute(
        self, ask: PlanAsk | None, plan_id: str | None, terms: Terms, once: Idempotency | None
    ) -> Execution:
        """Execute the plan of an id, else that of a prompt. Raises PlanNotFound, PlanOutdated."""
        _refuse_credentials(ask)
        chosen = await self._chosen(ask, plan_id, once)
        order = Order(
            scope=chosen.scope,
            actor=terms.actor,
            trace_id=terms.trace_id,
            run_immediately=terms.run_immediately,
            wait_sec=terms.wait_sec,
            fresh=chosen.fresh,
            repeated=chosen.repeated,
            is_admin=terms.is_admin,
        )
        return await self.executor.execute(chosen.plan, order)

    async def _chosen(self, ask: PlanAsk | None, plan_id: str | None, once: Idempotency | None) -> _Chosen:
        if once is None:
            plan = await self._plan(ask, plan_id)
            return _Chosen(plan, plan.plan_id, fresh=plan_id is None)
        bound = await self.store.bound(once.scope, once.body_hash)
        if bound is not None:
            return _Chosen(bound, once.scope, fresh=False, repeated=True)
        plan = await self._plan(ask, plan_id)
        bound = await self.store.bind(once.scope, once.body_hash, plan)
        return _Chosen(bound, once.scope, fresh=plan_id is None and bound.plan_id == plan.plan_id)

    async def _plan(self, ask: PlanAsk | None, plan_id: str | None) -> Plan:
        if plan_id is None:
            if ask is None:
                raise _refused("a prompt or a plan_id is needed / isi prompt atau plan_id", "required")
            return await self.planner.plan(ask)
        plan = await self.store.get(plan_id)
        if ask is not None and ask.prompt != plan.prompt:
            raise _refused(
                "the plan is of another prompt: plan this one / rencana ini untuk prompt lain", "other_prompt"
            )
        return plan


def _refuse_credentials(ask: PlanAsk | None) -> None:
    """Raise InvalidInput if a prompt holds a credential: no plan, log or language model gets it."""
    problem = None if ask is None else text_problem(ask.prompt, "/prompt")
    if problem is not None:
        raise InvalidInput(f"/prompt: {problem.message}", (problem,))


def _refused(message: str, code: str) -> InvalidInput:
    return InvalidInput(f"/prompt: {message}", (FieldProblem("/prompt", message, code),))
