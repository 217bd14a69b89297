"""Runs of one job: run it by hand, its runs and occurrences, and why it did or did not run."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any, Final

import orjson
from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from app.core.clock import to_ms
from app.core.errors import FieldProblem, InvalidInput, InvalidSpec, JobNotFound, QueueFull
from app.core.fields import Rfc3339
from app.core.i18n import _, reader_language
from app.core.ids import new_id
from app.core.models import RunStatus
from app.core.monitors.models import is_monitor
from app.core.runs.search import RunFilter
from app.core.scheduling.schedule import (
    DAY_MS,
    HistoryWindow,
    compile_schedule,
    left_out_as,
    next_fires,
    unrecorded_skips,
)
from app.core.scheduling.skip_rules import SkipReason
from app.core.scheduling.skip_words import reason_words
from app.core.scheduling.skipping import SkippedSlots, SkippingSchedule
from app.core.scheduling.slots import CompiledSchedule
from app.core.specs.runs import run_of
from app.core.specs.scoped import ids_in_scope
from app.core.specs.validation import check_inputs
from app.explain.facts import QueueFact
from app.explain.reader import Explainer
from app.services.api.http.body import documented_body, read_model
from app.services.api.http.conditions import IDEMPOTENCY_HEADER, IDEMPOTENCY_KEY, key_of, record_of
from app.services.api.http.problems import HttpProblem
from app.services.api.http.responses import in_language
from app.services.api.http.router import (
    LOCATION,
    ContextDep,
    DirectRoute,
    JobId,
    PagingDep,
    Router,
    ServicesDep,
    context_of,
    header_parameter,
    services_of,
    valid_job_id,
)
from app.services.api.routes.runs import NO_RUNS, reply_with_runs
from app.services.api.schemas.common import WordsBody
from app.services.api.schemas.runs import Occurrence, Outcome, RunAccepted, RunBody, RunRequest, WhyBody

if TYPE_CHECKING:
    from datetime import datetime

    from app.core.access.scope import JobScope
    from app.core.models import NewRun
    from app.core.records import JobRecord, LedgerRange, RunRecord
    from app.explain.facts import JobFacts
    from app.services.api.http.router import RequestContext
    from app.services.api.services import Services

# Runs by hand are between those of slots; 1,000 is also what retention keeps of a job.
_RUN_PAGE, _RUN_PAGES = 200, 5
_LEDGER_RANGES = 1_000


async def occurrences(services: Services, record: JobRecord, window: HistoryWindow) -> list[Occurrence]:
    """Return the occurrences of a job within a window, in order of time."""
    job_id = record.spec.job_id
    past = [_item(slot, slot, 1, "ran", "", run) for run, slot in await _slot_runs(services, job_id, window)]
    ledger = await services.jobs.ledger(job_id, _LEDGER_RANGES)
    past += [_of_ledger(entry) for entry in ledger if window.holds(entry.first, entry.last)]
    spec, now_ms = record.spec, services.clock.now_ms()
    if spec.schedule is None or not spec.enabled:
        past.sort(key=lambda item: item.from_)
        return past[-window.limit :]
    calendars = await services.calendars.of(spec.schedule)
    compiled = compile_schedule(spec.schedule, services.settings.timezone, calendars)
    unrecorded = unrecorded_skips(compiled, record.next_run_at, record.updated_at, now_ms)
    past += [_of_skip(each) for each in unrecorded if window.holds(each.first, each.last)]
    past.sort(key=lambda item: item.from_)
    return past[-window.limit :] + _upcoming(record, compiled, now_ms, window)


async def _slot_runs(services: Services, job_id: str, window: HistoryWindow) -> list[tuple[RunRecord, int]]:
    found: list[tuple[RunRecord, int]] = []
    cursor: int | None = None
    for _turn in range(_RUN_PAGES):
        page = await services.runs.list(RunFilter(job_id=job_id), cursor, _RUN_PAGE)
        found += [
            (run, run.slot_ms)
            for run in page.items
            if run.slot_ms is not None and window.holds(run.slot_ms, run.slot_ms)
        ]
        cursor = page.next_cursor
        oldest = page.items[-1].created_at if page.items else 0
        if cursor is None or oldest < window.from_ms or len(found) >= window.limit:
            break
    return found


def _upcoming(
    record: JobRecord, compiled: CompiledSchedule, now_ms: int, window: HistoryWindow
) -> list[Occurrence]:
    since = max(now_ms + 1, window.from_ms)
    skipped = compiled.skipped(since, window.to_ms) if isinstance(compiled, SkippingSchedule) else iter(())
    items = [_of_skip(each) for each in islice(skipped, window.limit)]
    if record.next_run_at is not None:
        items += _overdue(compiled, record.next_run_at, now_ms)
        ahead = next_fires(compiled, max(since - 1, record.next_run_at - 1), window.limit)
        items += [_item(slot, slot, 1, "upcoming", "") for slot in ahead if slot <= window.to_ms]
    items.sort(key=lambda item: item.from_)
    return [item for item in items if item.to >= window.from_ms][: window.limit]


def _overdue(compiled: CompiledSchedule, next_slot: int, now_ms: int) -> list[Occurrence]:
    """Return the slots that are due and that no scheduler has decided about yet, as one range."""
    due = compiled.due(next_slot, now_ms, keep=0)
    if due.first is None or due.last is None:
        return []
    return [_item(due.first, due.last, due.count, "upcoming", "due, no scheduler has taken it up yet")]


def _of_ledger(entry: LedgerRange) -> Occurrence:
    skip = SkipReason.parse(entry.reason)
    if skip is not None:
        return _of_skip(SkippedSlots(entry.first, entry.last, entry.slots, skip))
    return _item(entry.first, entry.last, entry.slots, left_out_as(entry.reason), entry.reason)


def _of_skip(skipped: SkippedSlots) -> Occurrence:
    found = _item(skipped.first, skipped.last, skipped.slots, "skipped", "skip")
    return found.model_copy(update={"words": WordsBody.of(reason_words(skipped.reason))})


def _item(
    first_ms: int, last_ms: int, slots: int, outcome: Outcome, reason: str, run: RunRecord | None = None
) -> Occurrence:
    return Occurrence(
        words=None,
        from_=first_ms,
        to=last_ms,
        slots=slots,
        outcome=outcome,
        reason=reason,
        run_id=run and run.run_id,
        status=run and run.status,
    )


# The window of a job's history that a query asks for.

# From 1970 to the year 9000: no schedule has a slot before, and calendars end soon after.
_FIRST_MS: Final = 0
_LAST_MS: Final = 221_845_392_000_000


def window_of(
    now_ms: int, since: datetime | None, until: datetime | None, limit: int, *, ahead_ms: int
) -> HistoryWindow:
    """Return the window that a query asks for: by default the last day and `ahead_ms` from now on."""
    from_ms = now_ms - DAY_MS if since is None else to_ms(since)
    to = now_ms + ahead_ms if until is None else to_ms(until)
    if from_ms > to:
        message = _("`from` must not be later than `to`")
        raise HttpProblem(
            "invalid_request", message, [FieldProblem("/query/from", message, "invalid_window")]
        )
    return HistoryWindow(_within(from_ms), _within(to), limit)


def _within(instant_ms: int) -> int:
    return min(max(instant_ms, _FIRST_MS), _LAST_MS)


# The routes.

router = Router("jobs")
# The one route that programs call many times a second.
by_hand = Router("jobs", route_class=DirectRoute)
SOURCE = "api"
RUN = "POST /jobs/{job_id}/run"
_AS_SAVED = RunRequest()


@by_hand.post(
    "/jobs/{job_id}/run",
    status_code=202,
    response_model=RunAccepted,
    raises=(JobNotFound, InvalidSpec, InvalidInput, QueueFull),
    headers=LOCATION,
    scope="filter",
    documents=(documented_body(RunRequest, required=False).operation, IDEMPOTENCY_KEY.operation),
)
async def run_job(request: Request, job_id: str) -> Response:
    """Run a job now or after `delay_sec`; `inputs` replace those of the spec."""
    services, context = services_of(request), context_of(request)
    body = read_model(RunRequest, context.body, optional=True) if context.body else _AS_SAVED
    key = key_of(request) if IDEMPOTENCY_HEADER in context.headers else None
    asked = {"job_id": valid_job_id(job_id), "inputs": body.inputs, "delay_sec": body.delay_sec}
    once = None if key is None else record_of(context.actor, RUN, key, asked)
    make = partial(new_run, services, context, inputs=body.inputs, delay_sec=body.delay_sec)
    result = await services.spec_cache.enqueue(job_id, make, once)
    answer = {"run_id": result.run_id, "job_id": job_id, "status": result.status}
    headers = {"Location": f"/runs/{result.run_id}"}
    return Response(orjson.dumps(answer), 202, headers, "application/json")


def new_run(
    services: Services,
    context: RequestContext,
    record: JobRecord,
    inputs: dict[str, Any] | None,
    *,
    stored: bool = False,
    delay_sec: float = 0,
    run_id: str | None = None,
    trace_id: str | None = None,
) -> NewRun:
    """Return a run of a job for this caller; without `inputs` it has those of the spec.

    `stored` inputs are those of a run that is repeated.
    """
    spec = record.spec
    context.require_scope(spec)
    # In a rolling deploy of a new type this process may not have it yet; the worker checks the inputs.
    if inputs is not None and not (stored and services.registry.find(spec.type) is None):
        check_inputs(services.registry.get(spec.type), inputs, stored=stored)
    context.require_run_right(spec.type, spec.inputs if inputs is None else inputs)
    return run_of(
        record.spec,
        record.version,
        run_id=run_id or new_id(services.clock),
        source=SOURCE,
        actor=context.actor.name,
        trace_id=trace_id or context.trace_id,
        inputs=inputs,
        delay_ms=round(delay_sec * 1000),
    )


@router.get("/jobs/{job_id}/runs", response_model=list[RunBody], raises=(JobNotFound,), scope="job")
async def list_job_runs(
    services: ServicesDep,
    context: ContextDep,
    paging: PagingDep,
    job_id: JobId,
    status: RunStatus | None = None,
) -> Response:
    """Return the runs of a job, newest first; they stay when the job is deleted."""
    response = await reply_with_runs(
        services, paging, RunFilter(job_id=job_id, status=status, scope=context.scope)
    )
    if response.body == NO_RUNS and paging.cursor is None:
        await services.jobs.find(job_id)
    return response


@router.get("/jobs/{job_id}/occurrences", raises=(JobNotFound,), scope="job")
async def list_occurrences(
    services: ServicesDep,
    job_id: JobId,
    since: Annotated[Rfc3339 | None, Query(alias="from", description="Default: a day ago.")] = None,
    until: Annotated[Rfc3339 | None, Query(alias="to", description="Default: in a day.")] = None,
    limit: Annotated[int, Query(ge=1, le=500, description="At most so many on each side of now.")] = 100,
) -> list[Occurrence]:
    """Return what became of the slots of a schedule and which come next, in order of time."""
    window = window_of(services.clock.now_ms(), since, until, limit, ahead_ms=DAY_MS)
    return await occurrences(services, await services.jobs.find(job_id), window)


# Explains why a job did or did not run.


_LANGUAGE = header_parameter("Accept-Language", "`id` for Indonesian, else English; q-values are respected.")
From = Annotated[Rfc3339 | None, Query(alias="from", description="Default: a day ago.")]
Until = Annotated[Rfc3339 | None, Query(alias="to", description="Default: now.")]
Ranges = Annotated[int, Query(ge=1, le=100, description="At most so many ranges.")]


@router.get(
    "/jobs/{job_id}/why",
    raises=(JobNotFound,),
    scope="job",
    headers={name: {"schema": {"type": "string"}} for name in ("Content-Language", "Vary")},
    documents=({"parameters": [_LANGUAGE]},),
)
async def explain_job(
    services: ServicesDep,
    context: ContextDep,
    response: Response,
    job_id: JobId,
    since: From = None,
    until: Until = None,
    limit: Ranges = 20,
) -> WhyBody:
    """Say what the next fire is, and why the last expected ones did or did not run."""
    window = window_of(services.clock.now_ms(), since, until, limit, ahead_ms=0)
    facts = await Explainer(services.link, services.keys, services.settings).facts(job_id, window)
    if context.scope is not None:
        facts = await _without_others(services, context.scope, facts)
    language = reader_language.get()
    response.headers.update(in_language(language))
    is_watching = is_monitor(facts.record.spec.type)
    brief = (await services.monitors.briefs([job_id])).get(job_id) if is_watching else None
    return WhyBody.of(facts, language, brief)


async def _without_others(services: Services, scope: JobScope, facts: JobFacts) -> JobFacts:
    """Return facts that name no job and no run outside the scope of the caller's key."""
    mine = await ids_in_scope(services.jobs, scope, facts.feeders)
    feeders = tuple(name for name in facts.feeders if name in mine)
    return replace(facts, feeders=feeders, line=QueueFact(place=facts.line.place))
