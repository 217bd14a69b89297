"""The deployment itself: probes, metrics, job types, workers, the queue, pauses, events, statistics."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from app import __version__
from app.core.activity.events import ID_PATTERN
from app.core.activity.readiness import Status, away
from app.core.activity.shard_states import shard_states
from app.core.clock import rfc3339, to_ms
from app.core.errors import (
    ConfigurationError,
    Conflict,
    FieldProblem,
    JobNotFound,
    NotFound,
    Unavailable,
)
from app.core.fields import json_diff
from app.core.i18n import _, reader_language
from app.core.ids import QUEUE_PATTERN
from app.core.memory.usage import read_memory_usage
from app.core.models import JOB_ID_PATTERN, JOB_TYPE_PATTERN
from app.core.records import PauseRecord, Scope, ScopeKind, queues_of
from app.core.redis_client import read_server_info
from app.core.specs.scoped import ids_in_scope
from app.core.statistics.minutes import MAX_MINUTES, MinuteStats
from app.core.statistics.prometheus import render_metrics
from app.core.statistics.ranges import RangeStats, StatsRange
from app.services.api.events.frames import TopicsQuery, parse_topics
from app.services.api.events.stream import MEDIA_TYPE, EventStreamResponse
from app.services.api.events.view import ScopedEvents
from app.services.api.http.body import StrictBody
from app.services.api.http.problems import HttpProblem
from app.services.api.http.responses import link_next
from app.services.api.http.router import (
    DEFAULT_LIMIT,
    LIST_HEADERS,
    ContextDep,
    Limit,
    Router,
    ServicesDep,
    header_parameter,
    services_of,
)
from app.services.api.http.scope import out_of_scope
from app.services.api.schemas.platform import (
    EventBody,
    Health,
    JobTypeBody,
    PlatformBody,
    Readiness,
    StatsBody,
    WorkerBody,
)
from app.services.api.schemas.queues import PauseAnswer, PauseRequest, QueueBody, QueueItem, ResumeRequest

if TYPE_CHECKING:
    from app.services.api.http.router import RequestContext
    from app.services.api.services import Services

router = Router("platform")
# A probe must be answered before its own time is over.
READY_TIMEOUT_SEC = 1.0
# What is left of it is for the other shards.
SHARD_READY_SEC = 0.5
_JOB_ID, _JOB_TYPE, _QUEUE = map(re.compile, (JOB_ID_PATTERN, JOB_TYPE_PATTERN, QUEUE_PATTERN))
LAST_EVENT_ID = "Last-Event-ID"
_LAST_EVENT_ID = header_parameter(LAST_EVENT_ID, "Go on behind this event; it goes before `last_event_id`.")
_STREAM = {
    200: {
        "description": "Messages of `id`, `event` (the type) and `data` (as in `GET /events`). "
        "`event: reset` says that some were left out: load again. `degraded` and `recovered` tell of Redis.",
        "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
    }
}

Minutes = Annotated[
    int | None, Query(ge=1, le=MAX_MINUTES, description="How many, the running one included.")
]
RangeQuery = Annotated[
    StatsRange | None, Query(alias="range", description="A range that ends now, instead of `minutes`.")
]


@router.get("/platform")
async def get_platform(services: ServicesDep) -> PlatformBody:
    """Return what the deployment is, its processes, and how its Redis does, measured by one call."""
    server, memory, schema, processes, shards = await asyncio.gather(
        read_server_info(services.link, services.clock),
        read_memory_usage(services.link, services.queue.keys),
        services.link.call("HGET", services.keys.schema, "version"),
        services.heartbeats.instances(),
        shard_states(services.link.parts, services.clock),
    )
    version = None if schema is None else int(schema)
    return PlatformBody.of(services.settings, server, memory, version, processes, shards=shards)


@router.get("/job-types", scope="open")
async def list_job_types(services: ServicesDep) -> list[JobTypeBody]:
    """Return the job types with the JSON Schema of their inputs, their tools and defaults."""
    return [JobTypeBody.of(handler) for handler in services.registry.specs()]


@router.get("/workers")
async def list_workers(services: ServicesDep) -> list[WorkerBody]:
    """Return the workers with a recent heartbeat and what they run."""
    return [WorkerBody.of(instance) for instance in await services.heartbeats.instances("worker")]


@router.get("/queue")
async def get_queue(services: ServicesDep) -> QueueBody:
    """Return what waits and runs in all queues, lane by lane."""
    return QueueBody.of(await services.queue.stats())


@router.get("/queues")
async def list_queues(services: ServicesDep) -> list[QueueItem]:
    """Return each queue with its depth, its pause and its live workers; `default` first."""
    stats, workers = await asyncio.gather(services.queue.stats(), services.heartbeats.instances("worker"))
    served = [queue for worker in workers for queue in queues_of(worker)]
    names = [each.queue for each in stats.queues]
    jobs = await services.link.calls([("ZCARD", services.keys.jobs_queue(name)) for name in names])
    pauses = {pause.scope.name: pause for pause in stats.paused if pause.scope.kind is ScopeKind.QUEUE}
    return [
        QueueItem.of(depth, count, served.count(depth.queue), pauses.get(depth.queue))
        for depth, count in zip(stats.queues, jobs, strict=True)
    ]


@router.get("/stats")
async def get_stats(services: ServicesDep, minutes: Minutes = None, span: RangeQuery = None) -> StatsBody:
    """Return what started and ended in each interval of a range, and how long it waited and took.

    `minutes` has intervals of a minute (60 of them if neither is given); `range` has 60 minutes (`1h`), 96
    quarter hours (`24h`) or 168 hours (`7d`). A week begins at its first hour with a run, or a day ago.
    """
    now_ms = services.clock.now_ms()
    if span is None:
        stats = MinuteStats(services.link, services.keys)
        return StatsBody.of(await stats.last(minutes or 60, now_ms))
    if minutes is not None:
        message = _("Give `minutes` or `range`, not both")
        raise HttpProblem("invalid_request", message, [FieldProblem("/query/minutes", message, "conflict")])
    return StatsBody.of(await RangeStats(services.link, services.keys).last(span, now_ms))


@router.get("/events", headers=LIST_HEADERS, scope="filter")
async def list_events(
    services: ServicesDep,
    context: ContextDep,
    request: Request,
    response: Response,
    after: Annotated[str | None, Query(pattern=ID_PATTERN, description="Behind this event's id.")] = None,
    before: Annotated[str | None, Query(pattern=ID_PATTERN, description="Ahead of this event's id.")] = None,
    topics: TopicsQuery = None,
    limit: Limit = DEFAULT_LIMIT,
) -> list[EventBody]:
    """Return the newest events, those just ahead of `before`, or the first ones behind `after`; oldest first.

    `Link` leads to older ones, or with `after` alone to newer ones. With `topics` a call looks at 5,000
    events at most, so a page may be short or empty; its `Link` goes on. At least the newest 100,000 are kept.
    """
    wanted = parse_topics(topics)
    if context.scope is None:
        found = await services.events.find(limit, after=after, before=before, topics=wanted)
    else:
        view = ScopedEvents(context.scope, services.jobs)
        found = await view.find(services.events, limit, after, before, wanted)
    parameter = "after" if after is not None and before is None else "before"
    link_next(request, response, found.next_id, parameter)
    return [EventBody.of(event, reader_language.get()) for event in found.items]


@router.get(
    "/events/stream",
    response_class=Response,
    responses=_STREAM,
    raises=("too_many_streams", "too_many_streams_of_key"),
    scope="filter",
    documents=({"parameters": [_LAST_EVENT_ID]},),
)
async def stream_events(
    services: ServicesDep,
    context: ContextDep,
    request: Request,
    topics: TopicsQuery = None,
    last_event_id: Annotated[
        str | None, Query(max_length=4_096, description="For clients that cannot send the header.")
    ] = None,
) -> Response:
    """Follow events as they happen (Server-Sent Events)."""
    last_id = request.headers.get(LAST_EVENT_ID, last_event_id or "").strip()
    view = None if context.scope is None else ScopedEvents(context.scope, services.jobs)
    return EventStreamResponse(services.hub, parse_topics(topics), context.actor, last_id or None, view)


# Pauses of everything, of a job type or of a job.


@router.post("/pause", raises=(JobNotFound, NotFound, Conflict), scope="filter")
async def pause(services: ServicesDep, context: ContextDep, body: StrictBody[PauseRequest]) -> PauseAnswer:
    """Stop firing and starting; what runs goes on. A scope that is paused already keeps its first pause.

    With `until` the pause ends then, without it it lasts until it is resumed; the last call says which.
    """
    scope, until_ms = _scope_of(body), _end_of(body, services.clock.now_ms())
    await _require_scope(services, context, scope)
    known = _knows(services, scope)
    done = await services.pauses.pause(scope, context.actor.name, body.reason, known=known, until_ms=until_ms)
    context.note(target=scope.text, diff=json_diff({}, _audited(done) if done.is_changed else {}))
    return PauseAnswer.paused(done)


@router.post("/resume", raises=(JobNotFound, NotFound), scope="filter")
async def resume(services: ServicesDep, context: ContextDep, body: StrictBody[ResumeRequest]) -> PauseAnswer:
    """Fire and start again; what was held goes on in its order, unless another pause holds it too."""
    scope = _scope_of(body)
    await _require_scope(services, context, scope)
    done = await services.pauses.resume(scope, context.actor.name, known=_knows(services, scope))
    context.note(target=scope.text, diff=json_diff(_audited(done.ended), {}))
    return PauseAnswer.resumed(done)


async def _require_scope(services: Services, context: RequestContext, scope: Scope) -> None:
    """Raise unless the caller's key may pause this: with a scope, only its own jobs."""
    if context.scope is None:
        return
    if scope.kind is not ScopeKind.JOB:
        raise out_of_scope(_("A key that is limited to some jobs pauses and resumes single jobs only."))
    if not await ids_in_scope(services.jobs, context.scope, [scope.name]):
        raise JobNotFound(scope.name)


def _scope_of(body: ResumeRequest) -> Scope:
    kind, name = ScopeKind(body.scope), body.name or ""
    if (kind is ScopeKind.ALL) == bool(name):
        message = _("`all` has no name") if name else _("the {kind} to be named is missing", kind=kind)
        problem = FieldProblem("/name", message, "unexpected" if name else "missing")
        raise HttpProblem("invalid_request", _("The body does not fit."), [problem])
    # What no job and no type can be called is not asked for: such a text could be part of another key.
    if kind is ScopeKind.JOB and _JOB_ID.fullmatch(name) is None:
        raise JobNotFound(name)
    if kind is ScopeKind.QUEUE and _QUEUE.fullmatch(name) is None:
        raise NotFound(_("There is no queue {name!r}; `GET /queues` lists them.", name=name))
    if kind is ScopeKind.TYPE and _JOB_TYPE.fullmatch(name) is None:
        raise NotFound(_("{name!r} is no job type.", name=name))
    return Scope(kind, name)


def _end_of(body: PauseRequest, now_ms: int) -> int | None:
    until_ms = None if body.until is None else to_ms(body.until)
    if until_ms is not None and until_ms <= now_ms:
        problem = FieldProblem("/until", _("a pause ends in the future"), "past")
        raise HttpProblem("invalid_request", _("The body does not fit."), [problem])
    return until_ms


def _audited(pause: PauseRecord | None) -> dict[str, object]:
    if pause is None:
        return {}
    until = {} if pause.until_ms is None else {"until": rfc3339(pause.until_ms)}
    return {"paused": {"actor": pause.actor, "reason": pause.reason, **until}}


def _knows(services: Services, scope: Scope) -> bool:
    """Return True if a type has a handler here; no job needs to have it yet."""
    return scope.kind is ScopeKind.TYPE and scope.name in services.registry.types()


# Probes, and the figures of the deployment as Prometheus text.


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
            report = await services.readiness.check(services.settings, SHARD_READY_SEC)
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
    text = await render_metrics(services.link, services.keys)
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")
