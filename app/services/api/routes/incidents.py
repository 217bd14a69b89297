"""Incidents: what is wrong, and what people do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import Query

from app.core.errors import IncidentNotFound, StateConflict
from app.core.incidents.models import IncidentKind, IncidentState
from app.core.records import Page
from app.services.api.http.body import StrictBody
from app.services.api.http.router import ContextDep, PagingDep, Router, ServicesDep
from app.services.api.http.scope import incidents_in_scope
from app.services.api.schemas.incidents import (
    CommentRequest,
    IncidentBody,
    IncidentSummaryBody,
    RemediedRequest,
    SilenceRequest,
)

if TYPE_CHECKING:
    from app.services.api.http.router import RequestContext

router = Router("incidents")
INCIDENT = "/incidents/{incident_id}"
MINUTE_MS = 60_000


@router.get("/incidents", scope="filter")
async def list_incidents(
    services: ServicesDep,
    context: ContextDep,
    paging: PagingDep,
    state: IncidentState | None = None,
    job_id: Annotated[str | None, Query(max_length=64)] = None,
    kind: IncidentKind | None = None,
) -> list[IncidentBody]:
    """Return incidents, newest first; closed ones are kept for 90 days."""
    page = await services.incidents.list(
        state, job_id=job_id, kind=kind, cursor=paging.cursor, limit=paging.limit
    )
    if context.scope is not None:
        # A page may be short while its `Link` goes on.
        page = Page(await incidents_in_scope(services, context.scope, page.items), page.next_cursor)
    return paging.show(page, IncidentBody.of)


@router.get("/incidents/summary")
async def summarize_incidents(services: ServicesDep) -> IncidentSummaryBody:
    """Return how many incidents are open, and when one closed last."""
    return IncidentSummaryBody.from_record(await services.incidents.summary())


@router.get(INCIDENT, raises=(IncidentNotFound,), scope="incident")
async def get_incident(services: ServicesDep, incident_id: str) -> IncidentBody:
    """Return one incident."""
    return IncidentBody.of(await services.incidents.get(incident_id))


@router.post(f"{INCIDENT}/acknowledge", raises=(IncidentNotFound, StateConflict), scope="incident")
async def acknowledge_incident(services: ServicesDep, context: ContextDep, incident_id: str) -> IncidentBody:
    """Say that you deal with it: nothing more is escalated."""
    _note(context, incident_id)
    return IncidentBody.of(await services.incidents.acknowledge(incident_id, context.actor.name))


@router.post(f"{INCIDENT}/silence", raises=(IncidentNotFound, StateConflict), scope="incident")
async def silence_incident(
    services: ServicesDep, context: ContextDep, body: StrictBody[SilenceRequest], incident_id: str
) -> IncidentBody:
    """Send nothing more about it for some minutes."""
    _note(context, incident_id)
    until_ms = services.clock.now_ms() + body.minutes * MINUTE_MS
    return IncidentBody.of(await services.incidents.silence(incident_id, context.actor.name, until_ms))


@router.post(f"{INCIDENT}/comment", raises=(IncidentNotFound,), scope="incident")
async def comment_incident(
    services: ServicesDep, context: ContextDep, body: StrictBody[CommentRequest], incident_id: str
) -> IncidentBody:
    """Add your words to the timeline."""
    _note(context, incident_id)
    return IncidentBody.of(await services.incidents.comment(incident_id, context.actor.name, body.text))


@router.post(f"{INCIDENT}/remedied", raises=(IncidentNotFound,), scope="incident")
async def note_remedy(
    services: ServicesDep, context: ContextDep, body: StrictBody[RemediedRequest], incident_id: str
) -> IncidentBody:
    """Note in the timeline that you have used a remedy; this performs none."""
    _note(context, incident_id)
    record = await services.incidents.remedied(incident_id, context.actor.name, body.action, body.target)
    return IncidentBody.of(record)


def _note(context: RequestContext, incident_id: str) -> None:
    context.note(target=f"incident:{incident_id}")
