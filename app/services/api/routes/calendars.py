"""Calendars of the deployment: opening hours, leave; schedules that name them leave these times out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import Path, Query

from app.core.errors import CalendarInUse, CalendarNotFound, InvalidInput, LimitExceeded
from app.core.fields import json_diff
from app.core.models import CALENDAR_PATTERN, Calendar
from app.core.specs.scoped import ids_in_scope
from app.core.specs.upcoming import upcoming_fires
from app.services.api.http.body import StrictBody
from app.services.api.http.router import ContextDep, Router, ServicesDep
from app.services.api.schemas.calendars import CalendarBody, CalendarDeleted
from app.services.api.schemas.upcoming import UpcomingFiresBody

if TYPE_CHECKING:
    from app.core.specs.calendars import CalendarRecord
    from app.services.api.http.router import RequestContext
    from app.services.api.services import Services

router = Router("jobs")
HOUR_MS, MAX_HOURS = 3_600_000, 7 * 24
Name = Annotated[str, Path(pattern=CALENDAR_PATTERN, examples=["opening-hours"])]


@router.get("/fires", scope="filter")
async def list_fires(
    services: ServicesDep,
    context: ContextDep,
    hours: Annotated[int, Query(ge=1, le=MAX_HOURS, description="The length of the window.")] = 24,
) -> UpcomingFiresBody:
    """Return the next fires of enabled jobs, and the minutes in which several fire."""
    now_ms = services.clock.now_ms()
    pauses, timezone = await services.pauses.list(), services.settings.timezone
    found = await upcoming_fires(
        services.jobs, pauses, timezone, now_ms, now_ms + hours * HOUR_MS, scope=context.scope
    )
    return UpcomingFiresBody.of(found)


@router.get("/calendars", scope="filter")
async def list_calendars(services: ServicesDep, context: ContextDep) -> list[CalendarBody]:
    """Return the calendars by name, each with the jobs whose schedules name it."""
    records = await services.calendars.all()
    jobs = await services.calendars.jobs_of([record.name for record in records])
    if context.scope is not None:
        mine = await ids_in_scope(services.jobs, context.scope, (name for names in jobs for name in names))
        jobs = [[name for name in names if name in mine] for names in jobs]
    return [CalendarBody.of(record, names) for record, names in zip(records, jobs, strict=True)]


@router.get("/calendars/{calendar_name}", raises=(CalendarNotFound,), scope="filter")
async def get_calendar(services: ServicesDep, context: ContextDep, calendar_name: str) -> CalendarBody:
    """Return a calendar."""
    return await _body(services, context, await services.calendars.get(calendar_name))


@router.put("/calendars/{calendar_name}", raises=(InvalidInput, LimitExceeded))
async def put_calendar(
    services: ServicesDep, context: ContextDep, calendar_name: Name, body: StrictBody[Calendar]
) -> CalendarBody:
    """Store a calendar, new or in place of an older one; its jobs' next fires follow at once."""
    before = (await services.calendars.some([calendar_name])).get(calendar_name)
    record = await services.calendars.put(calendar_name, body, context.actor.name)
    await services.jobs.refire(await services.calendars.jobs(calendar_name))
    old = {} if before is None else before.model_dump(mode="json")
    context.note(diff=json_diff(old, body.model_dump(mode="json")))
    return await _body(services, context, record)


@router.delete("/calendars/{calendar_name}", raises=(CalendarNotFound, CalendarInUse))
async def delete_calendar(services: ServicesDep, context: ContextDep, calendar_name: str) -> CalendarDeleted:
    """Delete a calendar that no job names; 409 names the jobs that do."""
    before = await services.calendars.get(calendar_name)
    await services.calendars.delete(calendar_name)
    diff = json_diff(before.calendar.model_dump(mode="json"), {})
    context.note(diff=diff)
    return CalendarDeleted(name=calendar_name, status="deleted")


async def _body(services: Services, context: RequestContext, record: CalendarRecord) -> CalendarBody:
    jobs = await services.calendars.jobs(record.name)
    if context.scope is not None:
        mine = await ids_in_scope(services.jobs, context.scope, jobs)
        jobs = [name for name in jobs if name in mine]
    return CalendarBody.of(record, jobs)
