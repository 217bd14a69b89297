"""Explains why a job did or did not run."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from app.core.errors import JobNotFound
from app.core.fields import Rfc3339
from app.core.i18n import reader_language
from app.explain.reader import Explainer
from app.services.api.dependencies import JobId, ServicesDep
from app.services.api.http.responses import in_language
from app.services.api.http.router import Documented, Router, header_parameter
from app.services.api.routes.job_runs import window_of
from app.services.api.schemas.explain import WhyBody

router = Router("jobs")

_LANGUAGE = header_parameter("Accept-Language", "`id` for Indonesian, else English; q-values are respected.")
From = Annotated[Rfc3339 | None, Query(alias="from", description="Default: a day ago.")]
Until = Annotated[Rfc3339 | None, Query(alias="to", description="Default: now.")]
Ranges = Annotated[int, Query(ge=1, le=100, description="At most so many ranges.")]


@router.get(
    "/jobs/{job_id}/why",
    raises=(JobNotFound,),
    headers={name: {"schema": {"type": "string"}} for name in ("Content-Language", "Vary")},
    documents=(Documented(operation={"parameters": [_LANGUAGE]}),),
)
async def explain_job(
    services: ServicesDep,
    response: Response,
    job_id: JobId,
    since: From = None,
    until: Until = None,
    limit: Ranges = 20,
) -> WhyBody:
    """Say what the next fire is, and why the last expected ones did or did not run."""
    window = window_of(services.clock.now_ms(), since, until, limit, ahead_ms=0)
    facts = await Explainer(services.link, services.keys, services.settings).facts(job_id, window)
    language = reader_language.get()
    response.headers.update(in_language(language))
    return WhyBody.of(facts, language)
