"""Dead letters: listed by error, run again, discarded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import orjson
from fastapi import Query

from app.core.clock import to_ms
from app.core.errors import AdminRequired, RunNotFound
from app.core.fields import Change
from app.core.files.exports import EXPORT_TYPE, exports_secrets
from app.core.ids import is_run_id
from app.core.records import Page
from app.core.runs.dead_letters import DeadLetter, DeadLetterFilter, DeadLetterGroup, DecisionResult, Rejected
from app.core.runs.search import RunFilter
from app.core.specs.scoped import ids_in_scope
from app.core.specs.search import JobFilter
from app.services.api.http.body import StrictBody
from app.services.api.http.conditions import IdempotencyKey, record_of
from app.services.api.http.router import ContextDep, PagingDep, Router, ServicesDep
from app.services.api.schemas.dead_letters import (
    DeadGroupBody,
    DiscardRequest,
    LetterRefused,
    LettersCounted,
    LettersDiscarded,
    LettersRedriven,
    RedriveRequest,
)
from app.services.api.schemas.runs import RunBody

if TYPE_CHECKING:
    from app.core.access.scope import JobScope
    from app.core.records import RunRecord
    from app.services.api.http.router import Paging, RequestContext
    from app.services.api.services import Services

router = Router("dead letters")
REDRIVE = "POST /dead-letters/redrive"
TARGET = "dead-letters"
NAMED = 10
"""Runs that the audit names."""
_AT_ONCE = 500
MOST_JOBS = 10_000
"""Jobs of a scope whose dead letters are listed."""


@router.get("/dead-letters", scope="filter")
async def list_dead_letters(
    services: ServicesDep,
    context: ContextDep,
    paging: PagingDep,
    job_id: Annotated[str | None, Query(max_length=64)] = None,
    fingerprint: Annotated[str | None, Query(min_length=1, max_length=64)] = None,
) -> list[DeadGroupBody]:
    """Return dead letters by error, that of the newest first; `X-Total-Count` counts letters."""
    if context.scope is not None:
        jobs = await _jobs_in_scope(services, context.scope, job_id)
        groups = await services.dead_letters.groups_of_jobs(jobs, fingerprint)
        page = _page_of(groups, paging.cursor or 0, paging.limit)
    elif job_id is None:
        page = await services.dead_letters.groups(fingerprint, paging.cursor, paging.limit)
    else:
        groups = await services.dead_letters.groups_of_job(job_id, fingerprint)
        page = _page_of(groups, paging.cursor or 0, paging.limit)
    return paging.show(page, DeadGroupBody.of)


def _page_of(groups: list[DeadLetterGroup], start: int, limit: int) -> Page[DeadLetterGroup]:
    """Return a part of a job's groups: few, so the cursor is the place in their list."""
    following = start + limit if start + limit < len(groups) else None
    return Page(groups[start : start + limit], following, sum(group.count for group in groups))


@router.get("/dead-letters/{fingerprint}/runs", scope="filter")
async def list_dead_letter_runs(
    services: ServicesDep, context: ContextDep, paging: PagingDep, fingerprint: str
) -> list[RunBody]:
    """Return the runs of one group, newest first; none if no letter has the error any more."""
    if context.scope is None:
        page = await services.runs.list(RunFilter(dead_group=fingerprint), paging.cursor, paging.limit)
    else:
        page = await _runs_in_scope(services, context.scope, paging, fingerprint)
    return paging.show(page, RunBody.model_validate)


async def _runs_in_scope(
    services: Services, scope: JobScope, paging: Paging, fingerprint: str
) -> Page[RunRecord]:
    jobs = await _jobs_in_scope(services, scope, None)
    ids, start = await services.dead_letters.runs_of_jobs(jobs, fingerprint), paging.cursor or 0
    following = start + paging.limit if start + paging.limit < len(ids) else None
    shown = ids[start : start + paging.limit]
    return Page(await services.runs.some(shown, RunFilter()), following, len(ids))


async def _jobs_in_scope(services: Services, scope: JobScope, job_id: str | None) -> list[str]:
    """Return the jobs of a scope, or the one that is asked for if it is in scope; no deleted ones."""
    if job_id is not None:
        return list(await ids_in_scope(services.jobs, scope, [job_id]))
    found = await services.jobs.scoped(JobFilter(scope=scope), MOST_JOBS)
    return [record.spec.job_id for record in found]


@router.post("/dead-letters/redrive", scope="filter")
async def redrive_dead_letters(
    services: ServicesDep, context: ContextDep, body: StrictBody[RedriveRequest], key: IdempotencyKey
) -> LettersCounted | LettersRedriven:
    """Run dead letters again, oldest first, each once; with a rate they fall due one after the other.

    With an `Idempotency-Key` a repeat leaves alone what has failed again since the first call.
    """
    until = None
    if key is not None and not body.dry_run:
        asked = body.model_dump(mode="json")
        until = (await services.idempotency.begin(record_of(context.actor, REDRIVE, key, asked))).first_at
    letters, refused = await _chosen(services, context, body, until)
    if body.dry_run:
        return LettersCounted.of(letters)
    letters, forbidden = await _split(services, context, letters)
    decided = await services.dead_letters.redrive(letters, body.rate_per_sec)
    context.note(target=TARGET, diff=_moved(body, "redriven", decided))
    failed = _failed(*refused, *forbidden, *decided.failed)
    return LettersRedriven(
        redriven=decided.done, run_ids=decided.run_ids, failed=failed, last_due_at=decided.last_due_at
    )


@router.post("/dead-letters/discard", scope="filter")
async def discard_dead_letters(
    services: ServicesDep, context: ContextDep, body: StrictBody[DiscardRequest]
) -> LettersCounted | LettersDiscarded:
    """Take dead letters off the list; their runs stay in history until retention removes them."""
    letters, refused = await _chosen(services, context, body, None)
    if body.dry_run:
        return LettersCounted.of(letters)
    decided = await services.dead_letters.discard(letters)
    context.note(target=TARGET, diff=_moved(body, "discarded", decided))
    return LettersDiscarded(discarded=decided.done, failed=_failed(*refused, *decided.failed))


async def _split(
    services: Services, context: RequestContext, letters: list[DeadLetter]
) -> tuple[list[DeadLetter], list[Rejected]]:
    """Return the dead letters that this caller may run again, and those that need an admin."""
    if context.actor.is_admin:
        return letters, []
    allowed: list[DeadLetter] = []
    refused: list[Rejected] = []
    for start in range(0, len(letters), _AT_ONCE):
        some = letters[start : start + _AT_ONCE]
        found = await services.link.calls(
            [("HMGET", services.keys.run(letter.run_id), "type", "inputs") for letter in some]
        )
        for letter, (job_type, inputs) in zip(some, found, strict=True):
            if job_type == EXPORT_TYPE and exports_secrets(job_type, orjson.loads(inputs or "{}")):
                refused.append(Rejected(letter.run_id, AdminRequired.code))
            else:
                allowed.append(letter)
    return allowed, refused


def _failed(*refused: Rejected) -> list[LetterRefused]:
    return [LetterRefused.model_validate(each) for each in refused]


def _moved(body: DiscardRequest, how: str, decided: DecisionResult) -> list[Change]:
    """Return what the audit keeps: which letters were meant, and how many it were."""
    meant = body.model_dump(mode="json", exclude_none=True, exclude={"dry_run", "run_ids"})
    named = {} if body.run_ids is None else {"run_ids": body.run_ids[:NAMED]}
    return [{"path": f"/{how}", "from": None, "to": {"letters": decided.done, **meant, **named}}]


async def _chosen(
    services: Services, context: RequestContext, body: DiscardRequest, until_ms: int | None
) -> tuple[list[DeadLetter], list[Rejected]]:
    fits = body.filter
    if context.scope is not None and body.run_ids is not None:
        return await _named_in_scope(services, context.scope, body.run_ids, until_ms)
    choice = DeadLetterFilter(run_ids=body.run_ids, fingerprint=body.fingerprint)
    if fits is not None:
        choice = DeadLetterFilter(
            job_id=fits.job_id,
            type=fits.type,
            since_ms=None if fits.since is None else to_ms(fits.since),
            until_ms=None if fits.until is None else to_ms(fits.until),
        )
    letters, refused = await services.dead_letters.letters(choice, until_ms)
    if context.scope is not None:
        mine = await ids_in_scope(services.jobs, context.scope, (letter.job_id for letter in letters))
        letters = [letter for letter in letters if letter.job_id in mine]
    return letters, refused


async def _named_in_scope(
    services: Services, scope: JobScope, run_ids: list[str], until_ms: int | None
) -> tuple[list[DeadLetter], list[Rejected]]:
    """Return named letters as `_chosen` does; runs of other jobs are refused as unknown ones."""
    possible = [run_id for run_id in dict.fromkeys(run_ids) if is_run_id(run_id)]
    runs = await services.runs.some(possible, RunFilter())
    mine = await ids_in_scope(services.jobs, scope, (run.job_id for run in runs))
    known = {run.run_id for run in runs if run.job_id in mine and run.type not in scope.closed_types}
    named = [run_id for run_id in run_ids if run_id in known]
    letters, refused = await services.dead_letters.letters(DeadLetterFilter(run_ids=named), until_ms)
    others = [Rejected(run_id, RunNotFound.code) for run_id in dict.fromkeys(run_ids) if run_id not in known]
    return letters, [*others, *refused]
