"""Previews and executes plans, at most once per key or id."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, cast

import orjson
from pydantic import BaseModel, TypeAdapter

from app.core.errors import FieldProblem, IdempotencyMismatch, InvalidInput, PlanNotFound
from app.core.i18n import _, render
from app.core.specs.literal_credentials import text_problem
from app.planner.certainty import asked_jobs, held_jobs
from app.planner.language.dialogue import answered, changed, new_text, place_of_changes, refers_back
from app.planner.models import (
    KEPT_SEC,
    MAX_PROMPT_CHARS,
    PROMPT_TOO_LONG,
    Note,
    NoteKind,
    Plan,
    PlanRequest,
    distinct,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from app.core.queue import Idempotency
    from app.core.redis_client import RedisLink
    from app.core.storage.scripts import Scripts
    from app.planner.execute import ExecutionOptions, PlanExecutor, PlanResult
    from app.planner.models import JobEdit
    from app.planner.planner import Planner


MESSAGE: Final = "message.send"


@dataclass(frozen=True, slots=True)
class PlanService:
    """Previews and executes plans."""

    planner: Planner
    store: PlanStore
    executor: PlanExecutor

    async def preview(self, request: PlanRequest) -> Plan:
        """Return the plan of a prompt; it is stored for an hour under its id."""
        _check(request)
        plan = await self.planner.plan(request)
        await self.store.keep(plan)
        return plan

    async def stored(self, plan_id: str) -> Plan:
        """Return a plan that was previewed within the last hour; raises PlanNotFound."""
        return await self.store.get(plan_id)

    async def answer(self, plan_id: str, answer: str, now: datetime | None) -> Plan:
        """Go on from a plan with the answer to its question, or with a change of it; it is a new plan.

        Raises PlanNotFound, PlannerBusy, and InvalidInput if there is no room for it in the prompt.
        """
        plan = await self.store.get(plan_id)
        prompt, text, question = plan.prompt, new_text(answer), plan.question
        texts = [str(job.spec.inputs["text"]) for job in plan.jobs if job.spec.type == MESSAGE]
        if question is not None and not refers_back(answer):
            prompt = answered(prompt, answer, question)
        elif text and len(texts) == 1 and texts[0] in prompt:
            prompt = text.join(prompt.rsplit(texts[0], 1))
        else:
            times = [span for span in plan.explain if span.role == "time"]
            prompt = changed(prompt, answer, place_of_changes(prompt, texts, times))
        if len(prompt) > MAX_PROMPT_CHARS:
            message = _("the sentence and its answers are over {most} characters", most=MAX_PROMPT_CHARS)
            raise _refused(message, "too_long", "/answer")
        request = replace(plan.request or PlanRequest(prompt), prompt=prompt, now=now)
        made = await self.preview(request)
        return made if not plan.edits else await self._edited_again(made, request, plan.edits)

    async def _edited_again(self, made: Plan, request: PlanRequest, edits: Sequence[JobEdit]) -> Plan:
        """Return a plan with the edits of the plan before it; one whose job is gone gives a note."""
        job_ids = {job.spec.job_id for job in made.jobs}
        edited = await self.planner.edited(made, request, [each for each in edits if each.job_id in job_ids])
        lost = _("The change of {job_id} no longer fits this plan and is dropped.")
        notes = [
            Note(NoteKind.CONFLICT, render(lost.fill(job_id=each.job_id), made.language))
            for each in edits
            if each.job_id not in job_ids
        ]
        edited = replace(edited, notes=distinct(edited.notes, notes))
        await self.store.keep(edited)
        return edited

    async def edit(self, plan_id: str, edits: Sequence[JobEdit], now: datetime | None) -> Plan:
        """Return a plan with the edits of a person, under a new id. Raises PlanNotFound, InvalidInput."""
        plan = await self.store.get(plan_id)
        request = replace(plan.request or PlanRequest(plan.prompt), now=now)
        made = await self.planner.edited(plan, request, edits)
        await self.store.keep(made)
        return made

    async def execute(
        self,
        request: PlanRequest | None,
        plan_id: str | None,
        options: ExecutionOptions,
        once: Idempotency | None,
    ) -> PlanResult:
        """Execute the plan with an id, else that of a prompt. Raises PlanNotFound, PlanOutdated.

        Of a prompt only what is certain is applied; the rest is stored as a plan that can be confirmed. A
        confirmation answers no question: a job that is asked about waits for the answer.
        """
        _check(request)
        plan, chosen = await self._select(request, plan_id, options, once)
        is_confirmed = plan_id is not None and not options.only_certain
        held = asked_jobs(plan) if is_confirmed else held_jobs(plan)
        done = await self.executor.execute(plan, chosen, held)
        if not held and (is_confirmed or plan.question is None):
            return done
        if not is_confirmed:
            rest = tuple(job for job in plan.jobs if job.spec.job_id in held)
            await self.store.keep(replace(plan, jobs=rest))
        return replace(done, confirm_id=plan.plan_id)

    async def close(self) -> None:
        """End the processes that models are asked in."""
        await self.planner.ai.close()

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


def _check(request: PlanRequest | None) -> None:
    """Raise InvalidInput if a prompt is too long, as one of a chat may be, or holds a credential.

    Plans, logs and language models must not get it.
    """
    if request is None:
        return
    if len(request.prompt) > MAX_PROMPT_CHARS:
        raise _refused(PROMPT_TOO_LONG, "too_long")
    problem = text_problem(request.prompt, "/prompt")
    if problem is not None:
        raise InvalidInput(f"/prompt: {problem.message}", (problem,))


def _refused(message: str, code: str, pointer: str = "/prompt") -> InvalidInput:
    return InvalidInput(f"{pointer}: {message}", (FieldProblem(pointer, message, code),))


# Previewed plans, and the plans that idempotency keys are bound to.

_PLANS: TypeAdapter[Plan] = TypeAdapter(Plan)


class PlanStore:
    """Stores previewed plans."""

    def __init__(self, link: RedisLink, scripts: Scripts) -> None:
        self._link = link
        self._scripts = scripts
        self._keys = scripts.keys

    async def keep(self, plan: Plan) -> None:
        """Store a plan for an hour."""
        await self._link.call("SET", self._keys.plan(plan.plan_id), _dump(plan), "EX", KEPT_SEC)

    async def get(self, plan_id: str) -> Plan:
        """Return a previewed plan; raises PlanNotFound."""
        text = await self._link.call("GET", self._keys.plan(plan_id))
        if text is None:
            raise PlanNotFound(plan_id)
        return _PLANS.validate_json(text)

    async def bound(self, scope: str, body_hash: str) -> Plan | None:
        """Return the plan that an idempotency key executes; None if the key is new."""
        word, text = await self._scripts.run(
            "idempotency/bind_plan", scope=scope, body_hash=body_hash, plan_id="", plan=""
        )
        return None if word == "UNKNOWN" else _of_key(word, text)

    async def bind(self, scope: str, body_hash: str, plan: Plan) -> Plan:
        """Bind a key to a plan for a day, and return the plan it is bound to: an earlier request's wins."""
        word, text = await self._scripts.run(
            "idempotency/bind_plan", scope=scope, body_hash=body_hash, plan_id=plan.plan_id, plan=_dump(plan)
        )
        return _of_key(word, text)


def _dump(plan: Plan) -> bytes:
    # Not the adapter's own: orjson takes a fifth of its time for dataclasses.
    return orjson.dumps(plan, default=_part)


def _part(value: object) -> object:
    """Return a part of a plan that orjson does not know, as JSON."""
    if isinstance(value, tuple | frozenset):
        return list(cast("Iterable[Any]", value))
    if isinstance(value, BaseModel):
        return orjson.Fragment(value.model_dump_json())
    return dict(cast("Mapping[str, Any]", value))


def _of_key(word: str, text: str) -> Plan:
    if word == "MISMATCH":
        raise IdempotencyMismatch(_("This Idempotency-Key came with another body before."))
    return _PLANS.validate_json(text)
