"""Monitors: what jobs watch, and in which state it is."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from app.core.errors import MonitorNotFound
from app.core.monitors.pings import HEARTBEAT_TYPE
from app.services.api.http.router import Router, ServicesDep
from app.services.api.schemas.monitors import MonitorBody, MonitorDetailBody

router = Router("monitors")


@router.get("/monitors")
async def list_monitors(
    services: ServicesDep, response: Response, worst: Annotated[int | None, Query(ge=1, le=1_000)] = None
) -> list[MonitorBody]:
    """Return all monitors by creation, 1,000 at most, or so many, the worst first."""
    response.headers["X-Total-Count"] = str(await services.monitors.count())
    return [MonitorBody.of(each) for each in await services.monitors.list(worst=worst)]


@router.get("/monitors/{job_id}", raises=(MonitorNotFound,))
async def get_monitor(services: ServicesDep, job_id: str) -> MonitorDetailBody:
    """Return a monitor with its past states and its quarter hours."""
    detail = await services.monitors.get(job_id)
    if detail is None:
        raise MonitorNotFound(job_id)
    is_heartbeat = detail.record.type == HEARTBEAT_TYPE
    return MonitorDetailBody.of_detail(detail, await services.pings.last(job_id) if is_heartbeat else None)
