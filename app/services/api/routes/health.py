"""Alive, ready, and the figures of the deployment."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app import __version__
from app.core.errors import ConfigurationError, Unavailable
from app.core.metrics_text import render_metrics
from app.services.api.deps import Platform, platform_of
from app.services.api.openapi import operation_id, problems
from app.services.api.reply import json_reply
from app.services.api.schemas_platform import Health, Readiness

if TYPE_CHECKING:
    from app.core.records import InstanceInfo

router = APIRouter(tags=["platform"], generate_unique_id_function=operation_id)
# A probe has to be answered before its own time is over.
READY_TIMEOUT_SEC = 1.0
# Two beats may be lost or slow before anyone should worry.
LATE_AFTER_BEATS = 3
SERVICES = ("scheduler", "worker", "connector")
_MISSING: dict[str, Any] = {"status": "missing", "age_ms": None, "instances": 0}


@router.get("/healthz", response_model=Health, responses=problems())
async def healthz() -> Response:
    """Tell that the process answers, whatever the rest does."""
    return json_reply({"status": "healthy", "version": __version__})


@router.get("/readyz", response_model=Readiness, responses={**problems(), 503: {"model": Readiness}})
async def readyz(request: Request) -> Response:
    """Tell whether requests can be served (Redis answers), and who else is there."""
    try:
        async with asyncio.timeout(READY_TIMEOUT_SEC):
            checks = await _checks(platform_of(request))
    except (Unavailable, TimeoutError, ConfigurationError):
        checks = dict.fromkeys(("redis", *SERVICES), _MISSING)
        return json_reply({"status": "unready", "checks": checks}, 503, {"Retry-After": "2"})
    return json_reply({"status": "ready", "checks": checks})


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **problems()},
)
async def metrics(request: Request) -> Response:
    """Return the figures of the whole deployment as Prometheus text."""
    at = platform_of(request)
    text = await render_metrics(at.link, at.keys, at.clock, at.settings)
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


async def _checks(at: Platform) -> dict[str, Any]:
    asked = at.clock.monotonic()
    instances = await at.heartbeats.instances()
    took_ms = round((at.clock.monotonic() - asked) * 1000)
    late_ms = round(at.settings.heartbeat_sec * 1000 * LATE_AFTER_BEATS)
    checks: dict[str, Any] = {"redis": {"status": "ok", "age_ms": took_ms, "instances": 1}}
    for service in SERVICES:
        checks[service] = _check([each for each in instances if each.service == service], late_ms)
    return checks


def _check(instances: list[InstanceInfo], late_ms: int) -> dict[str, Any]:
    if not instances:
        return _MISSING
    age_ms = min(each.age_ms for each in instances)
    return {
        "status": "ok" if age_ms <= late_ms else "late",
        "age_ms": age_ms,
        "instances": len(instances),
    }
