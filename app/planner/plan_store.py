"""Stores previewed plans, and binds them to idempotency keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from app.core.errors import IdempotencyMismatch, PlanNotFound
from app.core.i18n import _
from app.planner.models import KEPT_SEC, Plan

if TYPE_CHECKING:
    from app.core.redis_client import RedisLink
    from app.core.storage.scripts import Scripts

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
    return _PLANS.dump_json(plan)


def _of_key(word: str, text: str) -> Plan:
    if word == "MISMATCH":
        raise IdempotencyMismatch(_("This Idempotency-Key came with another body before."))
    return _PLANS.validate_json(text)
