"""The deployment itself: job types, workers, the queue, recent events."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.core.memory.usage import read_memory_usage
from app.core.redis_client import read_server_info
from app.core.statistics.minutes import MAX_MINUTES, MinuteStats
from app.services.api.dependencies import DEFAULT_LIMIT, Limit, services_of
from app.services.api.events.frames import TopicsQuery, parse_topics
from app.services.api.http.responses import instant, json_reply, list_reply
from app.services.api.openapi.document import lists, operation_id, problems
from app.services.api.schemas.platform import EventBody, JobTypeBody, PlatformBody, QueueBody, WorkerBody
from app.services.api.schemas.runs import event_view, platform_view, queue_view, type_view, worker_view
from app.services.api.schemas.statistics import StatsBody

if TYPE_CHECKING:
    from app.core.statistics.minutes import LastMinutes

router = APIRouter(tags=["platform"], generate_unique_id_function=operation_id)
# Not \d, which would take the digits of every script.
_EVENT_ID = r"^[0-9]{1,15}(-[0-9]{1,15})?$"


@router.get("/platform", response_model=PlatformBody, responses=problems())
async def get_platform(request: Request) -> Response:
    """Return what the deployment is and how its Redis does, measured by the one call that this takes."""
    services = services_of(request)
    server, memory = await asyncio.gather(
        read_server_info(services.link, services.clock), read_memory_usage(services.link, services.queue.keys)
    )
    return json_reply(platform_view(services.settings, server, memory))


@router.get("/job-types", response_model=list[JobTypeBody], responses=problems())
async def list_job_types(request: Request) -> Response:
    """Return the job types with the JSON Schema of their inputs, their tools and defaults."""
    return json_reply([type_view(handler) for handler in services_of(request).registry.specs()])


@router.get("/workers", response_model=list[WorkerBody], responses=problems())
async def list_workers(request: Request) -> Response:
    """Return the workers that were heard of lately and what they run."""
    instances = await services_of(request).heartbeats.instances("worker")
    return json_reply([worker_view(instance) for instance in instances])


@router.get("/queue", response_model=QueueBody, responses=problems())
async def get_queue(request: Request) -> Response:
    """Return what waits and runs, lane by lane."""
    return json_reply(queue_view(await services_of(request).queue.stats()))


@router.get("/events", response_model=list[EventBody], responses={**problems(422), **lists(EventBody)})
async def list_events(
    request: Request,
    after: Annotated[str | None, Query(pattern=_EVENT_ID, description="Behind this event's id.")] = None,
    before: Annotated[str | None, Query(pattern=_EVENT_ID, description="Ahead of this event's id.")] = None,
    topics: TopicsQuery = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Response:
    """Return the newest events, those just ahead of `before`, or the first ones behind `after`; oldest first.

    `Link` leads to older ones, or with `after` alone to newer ones. With `topics` a call looks at 5,000
    events at most, so a page may be short or empty; its `Link` goes on. Some 100,000 events are kept.
    """
    wanted = parse_topics(topics)
    found = await services_of(request).events.find(limit, after=after, before=before, topics=wanted)
    parameter = "after" if after is not None and before is None else "before"
    return list_reply(request, [event_view(each) for each in found.items], found.next_id, parameter=parameter)


# The figures of the last minutes.


Minutes = Annotated[int, Query(ge=1, le=MAX_MINUTES, description="How many, the running one included.")]


@router.get("/stats", response_model=StatsBody, responses=problems(422))
async def get_stats(request: Request, minutes: Minutes = 60) -> Response:
    """Return what started and ended in each of the last minutes, and how long it waited and took."""
    services = services_of(request)
    found = await MinuteStats(services.link, services.keys).last(minutes, services.clock.now_ms())
    return json_reply(_view(found))


def _view(found: LastMinutes) -> dict[str, Any]:
    return {
        "since": instant(found.since_ms),
        "until": instant(found.until_ms),
        "minutes": [{"at": instant(at), **asdict(figures)} for at, figures in found.minutes],
        "totals": asdict(found.totals),
    }
