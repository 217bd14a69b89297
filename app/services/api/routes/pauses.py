"""Holding everything, a job type or a job for a while, and letting it go on."""

from __future__ import annotations

import re

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.core.errors import FieldProblem, JobNotFound, NotFound
from app.core.fields import json_diff
from app.core.models import JOB_ID_PATTERN, JOB_TYPE_PATTERN
from app.core.records import PauseRecord, Scope, ScopeKind
from app.services.api.dependencies import Services, context_of, services_of
from app.services.api.http.body import read_model
from app.services.api.http.problems import HttpProblem
from app.services.api.http.responses import json_reply
from app.services.api.openapi.document import operation_id, problems, takes
from app.services.api.schemas.pauses import (
    PauseAnswer,
    PauseRequest,
    ResumeRequest,
    paused_view,
    resumed_view,
)

router = APIRouter(tags=["platform"], generate_unique_id_function=operation_id)
_JOB_ID, _JOB_TYPE = re.compile(JOB_ID_PATTERN), re.compile(JOB_TYPE_PATTERN)


@router.post(
    "/pause",
    response_model=PauseAnswer,
    responses=problems(400, 404, 409, 422, write=True),
    openapi_extra=takes(PauseRequest),
)
async def pause(request: Request) -> Response:
    """Stop firing and starting; what runs goes on. A scope that is paused already keeps its first pause."""
    services, context = services_of(request), context_of(request)
    body = read_model(PauseRequest, context.body)
    scope = _scope_of(body)
    done = await services.pauses.pause(scope, context.actor.name, body.reason, known=_knows(services, scope))
    context.note(target=scope.text, diff=json_diff({}, _audited(done) if done.is_new else {}))
    return json_reply(paused_view(done))


@router.post(
    "/resume",
    response_model=PauseAnswer,
    responses=problems(400, 404, 422, write=True),
    openapi_extra=takes(ResumeRequest),
)
async def resume(request: Request) -> Response:
    """Fire and start again; what was held goes on in its order, unless another pause holds it too."""
    services, context = services_of(request), context_of(request)
    scope = _scope_of(read_model(ResumeRequest, context.body))
    done = await services.pauses.resume(scope, context.actor.name, known=_knows(services, scope))
    context.note(target=scope.text, diff=json_diff(_audited(done.ended), {}))
    return json_reply(resumed_view(done))


def _scope_of(body: ResumeRequest) -> Scope:
    kind, name = ScopeKind(body.scope), body.name or ""
    if (kind is ScopeKind.ALL) == bool(name):
        message = (
            "`all` has no name / `all` tidak memakai nama"
            if name
            else f"the {kind} to be named is missing / nama {kind} belum diisi"
        )
        problem = FieldProblem("/name", message, "unexpected" if name else "missing")
        raise HttpProblem("invalid_request", "The body does not fit.", [problem])
    # What no job and no type can be called is not asked for: such a text could be part of another key.
    if kind is ScopeKind.JOB and _JOB_ID.fullmatch(name) is None:
        raise JobNotFound(name)
    if kind is ScopeKind.TYPE and _JOB_TYPE.fullmatch(name) is None:
        raise NotFound(f"{name!r} is no job type. / {name!r} bukan tipe job.")
    return Scope(kind, name)


def _audited(pause: PauseRecord | None) -> dict[str, object]:
    return {} if pause is None else {"paused": {"actor": pause.actor, "reason": pause.reason}}


def _knows(services: Services, scope: Scope) -> bool:
    """Tell whether a type has a handler here; no job needs to have it yet."""
    return scope.kind is ScopeKind.TYPE and scope.name in services.registry.types()
