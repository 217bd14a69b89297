"""Probes, and the figures of the deployment as Prometheus text."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from app import __version__
from app.core.activity.readiness import Status, away
from app.core.errors import ConfigurationError, Unavailable
from app.core.statistics.prometheus import render_metrics
from app.services.api.dependencies import ServicesDep, services_of
from app.services.api.http.router import Router
from app.services.api.schemas.platform import Health, Readiness

router = Router("platform")
# A probe must be answered before its own time is over.
READY_TIMEOUT_SEC = 1.0


@router.get("/healthz", responses={503: {"model": Health}})
async def healthz(request: Request, response: Response) -> Health:
    """Report whether this process could do its work within the last minute; no I/O."""
    reason = request.app.state.services.health.problem()
    if reason:
        response.status_code = 503
        response.headers["Retry-After"] = "5"
    return Health(status="unhealthy" if reason else "healthy", version=__version__, reason=reason)


@router.get("/readyz", responses={503: {"model": Readiness}})
async def readyz(request: Request, response: Response) -> Readiness:
    """Report whether work gets done: Redis accepts new work, runs start, slots fire, messages are sent."""
    try:
        async with asyncio.timeout(READY_TIMEOUT_SEC):
            services = services_of(request)
            report = await services.readiness.check(services.settings)
    except (Unavailable, TimeoutError, ConfigurationError) as error:
        report = away(error)
    if report.status is Status.UNREADY:
        response.status_code = 503
        response.headers["Retry-After"] = "2"
    return Readiness.model_validate(report)


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def metrics(services: ServicesDep) -> Response:
    """Return the figures of the whole deployment as Prometheus text."""
    text = await render_metrics(services.link, services.keys, services.clock, services.settings)
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")
