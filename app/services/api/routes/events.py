"""Events as they happen."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.services.api.dependencies import context_of, services_of
from app.services.api.events.frames import TopicsQuery, parse_topics
from app.services.api.events.stream import MEDIA_TYPE, EventStreamResponse
from app.services.api.openapi.document import operation_id, parameters_of, problems

router = APIRouter(tags=["platform"], generate_unique_id_function=operation_id)
LAST_EVENT_ID = "Last-Event-ID"
_HEADER: dict[str, Any] = {
    "name": LAST_EVENT_ID,
    "in": "header",
    "required": False,
    "description": "Go on behind this event; it goes before `last_event_id`.",
    "schema": {"type": "string"},
}
_STREAM = {
    200: {
        "description": "Messages of `id`, `event` (the type) and `data` (as in `GET /events`). "
        "`event: reset` says that some were left out: load anew. `degraded` and `recovered` tell of Redis.",
        "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
    }
}


@router.get(
    "/events/stream",
    response_class=Response,
    responses={**_STREAM, **problems(422)},
    openapi_extra=parameters_of(_HEADER),
)
async def stream_events(
    request: Request,
    topics: TopicsQuery = None,
    last_event_id: Annotated[
        str | None, Query(max_length=200, description="For clients that cannot send the header.")
    ] = None,
) -> Response:
    """Follow events as they happen (Server-Sent Events)."""
    last_id = request.headers.get(LAST_EVENT_ID, last_event_id or "").strip()
    hub, actor = services_of(request).hub, context_of(request).actor
    return EventStreamResponse(hub, parse_topics(topics), actor, last_id or None)
