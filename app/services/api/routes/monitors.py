"""Monitors: what jobs watch, and in which state it is."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import Query, Response

from app.core.errors import MonitorNotFound
from app.core.monitors.pings import HEARTBEAT_TYPE
from app.core.specs.scoped import ids_in_scope
from app.services.api.http.responses import json_reply
from app.services.api.http.router import ContextDep, Router, ServicesDep
from app.services.api.schemas.monitors import MonitorBody, MonitorDetailBody, monitor_view

router = Router("monitors")
MOST = 1_000
"""Monitors in an answer; a limit of 0 is none (`ZRANGE 0 -1`)."""


@router.get("/monitors", response_model=list[MonitorBody], scope="filter")
async def list_monitors(
    services: ServicesDep, context: ContextDep, worst: Annotated[int | None, Query(ge=1, le=1_000)] = None
) -> Response:
    """Return all monitors by creation, 1,000 at most, or so many, the worst first."""
    if context.scope is not None:
        ids = await services.monitors.job_ids()
        mine = await ids_in_scope(services.jobs, context.scope, ids)
        shown = [job_id for job_id in ids if job_id in mine]
        found = await services.monitors.get_many(shown[:MOST], worst=worst, with_days=False)
        return json_reply(list(map(monitor_view, found)), headers={"X-Total-Count": str(len(shown))})
    count, found = await asyncio.gather(services.monitors.count(), services.monitors.list(worst=worst))
    return json_reply(list(map(monitor_view, found)), headers={"X-Total-Count": str(count)})


@router.get("/monitors/{job_id}", raises=(MonitorNotFound,), scope="monitor")
async def get_monitor(services: ServicesDep, job_id: str) -> MonitorDetailBody:
    """Return a monitor with its past states and its quarter hours."""
    detail = await services.monitors.get(job_id)
    if detail is None:
        raise MonitorNotFound(job_id)
    is_heartbeat = detail.record.type == HEARTBEAT_TYPE
    return MonitorDetailBody.of_detail(detail, await services.pings.last(job_id) if is_heartbeat else None)
