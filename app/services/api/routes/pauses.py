"""Pauses of everything, of a job type or of a job."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.core.errors import Conflict, FieldProblem, JobNotFound, NotFound
from app.core.fields import json_diff
from app.core.i18n import _
from app.core.models import JOB_ID_PATTERN, JOB_TYPE_PATTERN
from app.core.records import PauseRecord, Scope, ScopeKind
from app.services.api.dependencies import ContextDep, ServicesDep
from app.services.api.http.body import StrictBody
from app.services.api.http.problems import HttpProblem
from app.services.api.http.router import Router
from app.services.api.schemas.pauses import PauseAnswer, PauseRequest, ResumeRequest

if TYPE_CHECKING:
    from app.services.api.dependencies import Services

router = Router("platform")
_JOB_ID, _JOB_TYPE = re.compile(JOB_ID_PATTERN), re.compile(JOB_TYPE_PATTERN)


@router.post("/pause", raises=(JobNotFound, NotFound, Conflict))
async def pause(services: ServicesDep, context: ContextDep, body: StrictBody[PauseRequest]) -> PauseAnswer:
    """Stop firing and starting; what runs goes on. A scope that is paused already keeps its first pause."""
    scope = _scope_of(body)
    done = await services.pauses.pause(scope, context.actor.name, body.reason, known=_knows(services, scope))
    context.note(target=scope.text, diff=json_diff({}, _audited(done) if done.is_new else {}))
    return PauseAnswer.paused(done)


@router.post("/resume", raises=(JobNotFound, NotFound))
async def resume(services: ServicesDep, context: ContextDep, body: StrictBody[ResumeRequest]) -> PauseAnswer:
    """Fire and start again; what was held goes on in its order, unless another pause holds it too."""
    scope = _scope_of(body)
    done = await services.pauses.resume(scope, context.actor.name, known=_knows(services, scope))
    context.note(target=scope.text, diff=json_diff(_audited(done.ended), {}))
    return PauseAnswer.resumed(done)


def _scope_of(body: ResumeRequest) -> Scope:
    kind, name = ScopeKind(body.scope), body.name or ""
    if (kind is ScopeKind.ALL) == bool(name):
        message = _("`all` has no name") if name else _("the {kind} to be named is missing", kind=kind)
        problem = FieldProblem("/name", message, "unexpected" if name else "missing")
        raise HttpProblem("invalid_request", "The body does not fit.", [problem])
    # What no job and no type can be called is not asked for: such a text could be part of another key.
    if kind is ScopeKind.JOB and _JOB_ID.fullmatch(name) is None:
        raise JobNotFound(name)
    if kind is ScopeKind.TYPE and _JOB_TYPE.fullmatch(name) is None:
        raise NotFound(_("{name!r} is no job type.", name=name))
    return Scope(kind, name)


def _audited(pause: PauseRecord | None) -> dict[str, object]:
    return {} if pause is None else {"paused": {"actor": pause.actor, "reason": pause.reason}}


def _knows(services: Services, scope: Scope) -> bool:
    """Return True if a type has a handler here; no job needs to have it yet."""
    return scope.kind is ScopeKind.TYPE and scope.name in services.registry.types()
