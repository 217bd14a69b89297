"""Why a job did or did not run, in words."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.core.fields import Rfc3339
from app.explain.reader import Explainer
from app.services.api.dependencies import services_of, valid_job_id
from app.services.api.http.negotiation import preferred_language
from app.services.api.http.responses import json_reply
from app.services.api.openapi.document import operation_id, parameters_of, problems
from app.services.api.routes.job_runs import window_of
from app.services.api.schemas.explain import WhyBody, why_view

router = APIRouter(tags=["jobs"], generate_unique_id_function=operation_id)

ACCEPT_LANGUAGE: dict[str, Any] = {
    "name": "Accept-Language",
    "in": "header",
    "required": False,
    "description": "`id` for Indonesian, else English; q-values are respected.",
    "schema": {"type": "string"},
}
From = Annotated[Rfc3339 | None, Query(alias="from", description="Default: a day ago.")]
Until = Annotated[Rfc3339 | None, Query(alias="to", description="Default: now.")]
Ranges = Annotated[int, Query(ge=1, le=100, description="At most so many ranges.")]


@router.get(
    "/jobs/{job_id}/why",
    response_model=WhyBody,
    responses={
        200: {"headers": {name: {"schema": {"type": "string"}} for name in ("Content-Language", "Vary")}},
        **problems(404, 422),
    },
    openapi_extra=parameters_of(ACCEPT_LANGUAGE),
)
async def explain_job(
    request: Request, job_id: str, since: From = None, until: Until = None, limit: Ranges = 20
) -> Response:
    """Say what the next fire is, and why the last expected ones did or did not run."""
    services = services_of(request)
    window = window_of(services.clock.now_ms(), since, until, limit, ahead_ms=0)
    facts = await Explainer(services.link, services.keys, services.settings).facts(
        valid_job_id(job_id), window
    )
    language = preferred_language(request.headers.get("accept-language"))
    headers = {"Content-Language": language, "Vary": "Accept-Language"}
    return json_reply(why_view(facts, language), headers=headers)
