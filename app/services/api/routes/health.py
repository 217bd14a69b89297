"""Alive, ready, and the figures of the deployment."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app import __version__
from app.core.activity.readiness import Status, away
from app.core.errors import ConfigurationError, Unavailable
from app.core.statistics.prometheus import render_metrics
from app.services.api.dependencies import services_of
from app.services.api.http.responses import json_reply
from app.services.api.openapi.document import operation_id, problems
from app.services.api.schemas.platform import Health
from app.services.api.schemas.platform import Readiness as ReadinessBody

if TYPE_CHECKING:
    from app.core.activity.readiness_rules import ReadinessCheck

router = APIRouter(tags=["platform"], generate_unique_id_function=operation_id)
# A probe has to be answered before its own time is over.
READY_TIMEOUT_SEC = 1.0


@router.get("/healthz", response_model=Health, responses={**problems(), 503: {"model": Health}})
async def healthz(request: Request) -> Response:
    """Report whether this process could do its work within the last minute; no I/O."""
    reason = request.app.state.services.health.problem()
    body = {"status": "unhealthy" if reason else "healthy", "version": __version__, "reason": reason}
    return json_reply(body, 503, {"Retry-After": "5"}) if reason else json_reply(body)


@router.get("/readyz", response_model=ReadinessBody, responses={**problems(), 503: {"model": ReadinessBody}})
async def readyz(request: Request) -> Response:
    """Report whether work gets done: Redis accepts new work, runs start, slots fire, messages are sent."""
    try:
        async with asyncio.timeout(READY_TIMEOUT_SEC):
            services = services_of(request)
            report = await services.readiness.check(services.settings)
    except (Unavailable, TimeoutError, ConfigurationError) as error:
        report = away(error)
    checks = {name: _body(check) for name, check in report.checks.items()}
    answer = {"status": report.status.value, "checks": checks}
    if report.status is Status.UNREADY:
        return json_reply(answer, 503, {"Retry-After": "2"})
    return json_reply(answer)


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **problems()},
)
async def metrics(request: Request) -> Response:
    """Return the figures of the whole deployment as Prometheus text."""
    services = services_of(request)
    text = await render_metrics(services.link, services.keys, services.clock, services.settings)
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


def _body(check: ReadinessCheck) -> dict[str, Any]:
    body = asdict(check)
    del body["blocks"]
    return body
