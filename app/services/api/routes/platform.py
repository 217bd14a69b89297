"""The deployment itself: job types, workers, the queue, recent events."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.core.server_info import read_server_info
from app.services.api.deps import DEFAULT_LIMIT, Limit, platform_of
from app.services.api.openapi import operation_id, problems
from app.services.api.reply import json_reply
from app.services.api.schemas_platform import EventBody, JobTypeBody, PlatformBody, QueueBody, WorkerBody
from app.services.api.views import event_view, platform_view, queue_view, type_view, worker_view

router = APIRouter(tags=["platform"], generate_unique_id_function=operation_id)


@router.get("/platform", response_model=PlatformBody, responses=problems())
async def get_platform(request: Request) -> Response:
    """Return what the deployment is and how its Redis does, measured by the one call that this takes."""
    at = platform_of(request)
    return json_reply(platform_view(at.settings, await read_server_info(at.link, at.clock)))


@router.get("/job-types", response_model=list[JobTypeBody], responses=problems())
async def list_job_types(request: Request) -> Response:
    """Return the job types with the JSON Schema of their inputs, their tools and defaults."""
    return json_reply([type_view(handler) for handler in platform_of(request).registry.specs()])


@router.get("/workers", response_model=list[WorkerBody], responses=problems())
async def list_workers(request: Request) -> Response:
    """Return the workers that were heard of lately and what they run."""
    instances = await platform_of(request).heartbeats.instances("worker")
    return json_reply([worker_view(instance) for instance in instances])


@router.get("/queue", response_model=QueueBody, responses=problems())
async def get_queue(request: Request) -> Response:
    """Return what waits and runs, lane by lane."""
    return json_reply(queue_view(await platform_of(request).queue.stats()))


@router.get("/events", response_model=list[EventBody], responses=problems(422))
async def list_events(
    request: Request,
    after: Annotated[
        str | None, Query(pattern=r"^\d{1,15}(-\d{1,15})?$", description="An event's id.")
    ] = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Response:
    """Return the first events behind `after`, or the newest ones; oldest first."""
    events = await platform_of(request).events.recent(after, limit)
    return json_reply([event_view(event) for event in events])
