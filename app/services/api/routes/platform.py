"""The deployment itself: job types, workers, the queue, events, statistics."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from app.core.i18n import reader_language
from app.core.memory.usage import read_memory_usage
from app.core.redis_client import read_server_info
from app.core.statistics.minutes import MAX_MINUTES, MinuteStats
from app.services.api.dependencies import DEFAULT_LIMIT, LIST_HEADERS, ContextDep, Limit, ServicesDep
from app.services.api.events.frames import TopicsQuery, parse_topics
from app.services.api.events.stream import MEDIA_TYPE, EventStreamResponse
from app.services.api.http.responses import link_next
from app.services.api.http.router import Documented, Router, header_parameter
from app.services.api.schemas.platform import EventBody, JobTypeBody, PlatformBody, QueueBody, WorkerBody
from app.services.api.schemas.statistics import StatsBody

router = Router("platform")
# Not \d, which would take the digits of every script.
_EVENT_ID = r"^[0-9]{1,15}(-[0-9]{1,15})?$"
LAST_EVENT_ID = "Last-Event-ID"
_LAST_EVENT_ID = header_parameter(LAST_EVENT_ID, "Go on behind this event; it goes before `last_event_id`.")
_STREAM = {
    200: {
        "description": "Messages of `id`, `event` (the type) and `data` (as in `GET /events`). "
        "`event: reset` says that some were left out: load anew. `degraded` and `recovered` tell of Redis.",
        "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
    }
}

Minutes = Annotated[int, Query(ge=1, le=MAX_MINUTES, description="How many, the running one included.")]


@router.get("/platform")
async def get_platform(services: ServicesDep) -> PlatformBody:
    """Return what the deployment is and how its Redis does, measured by the one call that this takes."""
    server, memory = await asyncio.gather(
        read_server_info(services.link, services.clock),
        read_memory_usage(services.link, services.queue.keys),
    )
    return PlatformBody.of(services.settings, server, memory)


@router.get("/job-types")
async def list_job_types(services: ServicesDep) -> list[JobTypeBody]:
    """Return the job types with the JSON Schema of their inputs, their tools and defaults."""
    return [JobTypeBody.of(handler) for handler in services.registry.specs()]


@router.get("/workers")
async def list_workers(services: ServicesDep) -> list[WorkerBody]:
    """Return the workers that were heard of lately and what they run."""
    return [WorkerBody.of(instance) for instance in await services.heartbeats.instances("worker")]


@router.get("/queue")
async def get_queue(services: ServicesDep) -> QueueBody:
    """Return what waits and runs, lane by lane."""
    return QueueBody.of(await services.queue.stats())


@router.get("/stats")
async def get_stats(services: ServicesDep, minutes: Minutes = 60) -> StatsBody:
    """Return what started and ended in each of the last minutes, and how long it waited and took."""
    stats = MinuteStats(services.link, services.keys)
    return StatsBody.of(await stats.last(minutes, services.clock.now_ms()))


@router.get("/events", headers=LIST_HEADERS)
async def list_events(
    services: ServicesDep,
    request: Request,
    response: Response,
    after: Annotated[str | None, Query(pattern=_EVENT_ID, description="Behind this event's id.")] = None,
    before: Annotated[str | None, Query(pattern=_EVENT_ID, description="Ahead of this event's id.")] = None,
    topics: TopicsQuery = None,
    limit: Limit = DEFAULT_LIMIT,
) -> list[EventBody]:
    """Return the newest events, those just ahead of `before`, or the first ones behind `after`; oldest first.

    `Link` leads to older ones, or with `after` alone to newer ones. With `topics` a call looks at 5,000
    events at most, so a page may be short or empty; its `Link` goes on. Some 100,000 events are kept.
    """
    found = await services.events.find(limit, after=after, before=before, topics=parse_topics(topics))
    parameter = "after" if after is not None and before is None else "before"
    link_next(request, response, found.next_id, parameter)
    return [EventBody.of(event, reader_language.get()) for event in found.items]


@router.get(
    "/events/stream",
    response_class=Response,
    responses=_STREAM,
    raises=("too_many_streams", "too_many_streams_of_key"),
    documents=(Documented(operation={"parameters": [_LAST_EVENT_ID]}),),
)
async def stream_events(
    services: ServicesDep,
    context: ContextDep,
    request: Request,
    topics: TopicsQuery = None,
    last_event_id: Annotated[
        str | None, Query(max_length=200, description="For clients that cannot send the header.")
    ] = None,
) -> Response:
    """Follow events as they happen (Server-Sent Events)."""
    last_id = request.headers.get(LAST_EVENT_ID, last_event_id or "").strip()
    return EventStreamResponse(services.hub, parse_topics(topics), context.actor, last_id or None)
