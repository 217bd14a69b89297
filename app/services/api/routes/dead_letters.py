"""Dead letters: by error, run again, discarded."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.core.clock import to_ms
from app.core.fields import Change
from app.core.records import Page
from app.core.runs.dead_letters import DeadLetter, DeadLetterFilter, DeadLetterGroup, DecisionResult, Rejected
from app.core.runs.search import RunFilter
from app.services.api.dependencies import DEFAULT_LIMIT, Cursor, Limit, Services, context_of, services_of
from app.services.api.export_rights import split_letters
from app.services.api.http.body import read_model
from app.services.api.http.conditions import key_of, record_of
from app.services.api.http.responses import instant, json_reply, list_reply
from app.services.api.openapi.document import IDEMPOTENCY_KEY, lists, operation_id, problems, takes
from app.services.api.schemas.common import RunBody
from app.services.api.schemas.dead_letters import (
    DeadGroupBody,
    DiscardRequest,
    LettersCounted,
    LettersDiscarded,
    LettersRedriven,
    RedriveRequest,
    counted_view,
    group_view,
    refused_view,
)
from app.services.api.schemas.runs import run_view

router = APIRouter(tags=["dead letters"], generate_unique_id_function=operation_id)
REDRIVE = "POST /dead-letters/redrive"
TARGET = "dead-letters"
NAMED = 10
"""Runs that the audit names."""


@router.get(
    "/dead-letters",
    response_model=list[DeadGroupBody],
    responses={**problems(422), **lists(DeadGroupBody)},
)
async def list_dead_letters(
    request: Request,
    job_id: Annotated[str | None, Query(max_length=64)] = None,
    fingerprint: Annotated[str | None, Query(min_length=1, max_length=64)] = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Response:
    """Return dead letters by error, that of the newest first; `X-Total-Count` counts letters."""
    services = services_of(request)
    if job_id is None:
        page = await services.dead_letters.groups(fingerprint, cursor, limit)
    else:
        page = _page_of(await services.dead_letters.groups_of_job(job_id, fingerprint), cursor or 0, limit)
    return list_reply(request, [group_view(group) for group in page.items], page.next_cursor, page.total)


def _page_of(groups: list[DeadLetterGroup], start: int, limit: int) -> Page[DeadLetterGroup]:
    """Return a part of a job's groups: few, so the cursor is the place in their list."""
    following = start + limit if start + limit < len(groups) else None
    return Page(groups[start : start + limit], following, sum(group.count for group in groups))


@router.get(
    "/dead-letters/{fingerprint}/runs",
    response_model=list[RunBody],
    responses={**problems(422), **lists(RunBody)},
)
async def list_dead_letter_runs(
    request: Request, fingerprint: str, cursor: Cursor = None, limit: Limit = DEFAULT_LIMIT
) -> Response:
    """Return the runs of one group, newest first; none where no letter has the error any more."""
    run_filter = RunFilter(dead_group=fingerprint)
    page = await services_of(request).runs.list(run_filter, cursor, limit)
    return list_reply(request, [run_view(run) for run in page.items], page.next_cursor, page.total)


@router.post(
    "/dead-letters/redrive",
    response_model=LettersCounted | LettersRedriven,
    responses=problems(400, 422, write=True),
    openapi_extra=takes(RedriveRequest, IDEMPOTENCY_KEY),
)
async def redrive_dead_letters(request: Request) -> Response:
    """Run dead letters again, oldest first, each once; with a rate they fall due one after the other.

    With an `Idempotency-Key` a repeat leaves alone what has failed again since the first call.
    """
    services, context = services_of(request), context_of(request)
    body = read_model(RedriveRequest, context.body)
    key, until = key_of(request), None
    if key is not None and not body.dry_run:
        asked = body.model_dump(mode="json")
        until = (await services.idempotency.begin(record_of(context.actor, REDRIVE, key, asked))).first_at
    letters, refused = await _chosen(services, body, until)
    if body.dry_run:
        return json_reply(counted_view(letters))
    letters, forbidden = await split_letters(services, context, letters)
    decided = await services.dead_letters.redrive(letters, body.rate_per_sec)
    context.note(target=TARGET, diff=_moved(body, "redriven", decided))
    return json_reply(
        {
            "redriven": decided.done,
            "failed": refused_view([*refused, *forbidden, *decided.failed]),
            "last_due_at": instant(decided.last_due_at),
        }
    )


@router.post(
    "/dead-letters/discard",
    response_model=LettersCounted | LettersDiscarded,
    responses=problems(400, 422, write=True),
    openapi_extra=takes(DiscardRequest),
)
async def discard_dead_letters(request: Request) -> Response:
    """Take dead letters off the list; their runs stay in history until retention removes them."""
    services, context = services_of(request), context_of(request)
    body = read_model(DiscardRequest, context.body)
    letters, refused = await _chosen(services, body, None)
    if body.dry_run:
        return json_reply(counted_view(letters))
    decided = await services.dead_letters.discard(letters)
    context.note(target=TARGET, diff=_moved(body, "discarded", decided))
    answer: dict[str, Any] = {"discarded": decided.done}
    return json_reply({**answer, "failed": refused_view([*refused, *decided.failed])})


def _moved(body: DiscardRequest, how: str, decided: DecisionResult) -> list[Change]:
    """Return what the audit keeps: which letters were meant, and how many it were."""
    meant = body.model_dump(mode="json", exclude_none=True, exclude={"dry_run", "run_ids"})
    named = {} if body.run_ids is None else {"run_ids": body.run_ids[:NAMED]}
    return [{"path": f"/{how}", "from": None, "to": {"letters": decided.done, **meant, **named}}]


async def _chosen(
    services: Services, body: DiscardRequest, until_ms: int | None
) -> tuple[list[DeadLetter], list[Rejected]]:
    fits = body.filter
    criteria = DeadLetterFilter(run_ids=body.run_ids, fingerprint=body.fingerprint)
    if fits is not None:
        criteria = DeadLetterFilter(
            job_id=fits.job_id,
            type=fits.type,
            since_ms=None if fits.since is None else to_ms(fits.since),
            until_ms=None if fits.until is None else to_ms(fits.until),
        )
    return await services.dead_letters.letters(criteria, until_ms)
