"""Versions of a job: every save, the differences between two of them, and the way back to one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from fastapi import Query
from starlette.responses import Response

from app.core.errors import Conflict, IdempotencyMismatch, JobNotFound, VersionConflict, VersionNotFound
from app.core.fields import json_diff
from app.core.i18n import _
from app.core.models import JobSpec
from app.core.records import JobVersion
from app.services.api.dependencies import ContextDep, JobId, ServicesDep
from app.services.api.http.conditions import IdempotencyKey, IfMatch, changed, expected_version, scope_of
from app.services.api.http.router import VERSION_TAG, Router
from app.services.api.routes.jobs import SPEC_ERRORS, checked_spec, job_reply
from app.services.api.schemas.common import spec_view
from app.services.api.schemas.jobs import FieldChange, JobBody, JobVersionBody, VersionComparison

if TYPE_CHECKING:
    from app.services.api.dependencies import Services

router = Router("jobs")
ROLLBACK = "POST /jobs/{job_id}/rollback/{version}"
ORIGIN = "rollback"
MAX_VERSION = 2**31
VersionNumber = Annotated[int | None, Query(ge=1, lt=MAX_VERSION)]


@router.get("/jobs/{job_id}/versions", raises=(JobNotFound, VersionNotFound))
async def list_versions(
    services: ServicesDep,
    job_id: JobId,
    before: Annotated[
        VersionNumber, Query(alias="from", description="Compare this version; default: the one before `to`.")
    ] = None,
    after: Annotated[
        VersionNumber, Query(alias="to", description="With this one; default: the newest.")
    ] = None,
) -> list[JobVersionBody] | VersionComparison:
    """Return every save of a job, newest first; with `from` or `to`, what differs between the two."""
    versions = await services.jobs.versions(job_id)
    if before is None and after is None:
        return [JobVersionBody.of(version) for version in versions]
    return _comparison(job_id, versions, before, after)


def _comparison(
    job_id: str, versions: Sequence[JobVersion], before: int | None, after: int | None
) -> VersionComparison:
    numbers = [version.version for version in versions]
    after = numbers[0] if after is None else after
    if before is None:
        # The predecessor of a first version would be 0, which no job has.
        before = max((number for number in numbers if number < after), default=0)
    old, new = _version(job_id, versions, before), _version(job_id, versions, after)
    changes = json_diff(spec_view(old.spec), spec_view(new.spec))
    return VersionComparison(
        from_=before, to=after, changes=[FieldChange.model_validate(change) for change in changes]
    )


def _version(job_id: str, versions: Sequence[JobVersion], number: int) -> JobVersion:
    found = next((version for version in versions if version.version == number), None)
    if found is None:
        raise VersionNotFound(job_id, number)
    return found


@router.post(
    "/jobs/{job_id}/rollback/{version}",
    response_model=JobBody,
    raises=(*SPEC_ERRORS, JobNotFound, VersionNotFound, VersionConflict, Conflict),
    headers=VERSION_TAG,
)
async def roll_back(
    services: ServicesDep,
    context: ContextDep,
    key: IdempotencyKey,
    if_match: IfMatch,
    job_id: JobId,
    version: int,
) -> Response:
    """Store the spec of an earlier version as a new one; whether the job fires stays as it is now.

    A one-off whose time is past is kept and fires no more.
    """
    stored = await services.jobs.find(job_id)
    versions = await services.jobs.versions(job_id)
    wanted = _version(job_id, versions, version)
    scope = None if key is None else scope_of(context.actor, ROLLBACK, key)
    if scope is None or not _is_repeat(versions, scope, version):
        # Checked as of now, because types and policies change.
        raw = {**spec_view(wanted.spec), "enabled": stored.spec.enabled}
        spec = await checked_spec(services, context, raw)
        context.note(diff=json_diff(spec_view(stored.spec), spec_view(spec)))
        await _save(services, context.actor.name, spec, version, scope, if_match)
    return job_reply(services, await services.jobs.get(job_id))


def _is_repeat(versions: Sequence[JobVersion], scope: str, version: int) -> bool:
    """Return True if this key has rolled the job back already; IdempotencyMismatch if to another version."""
    made = next((each.origin for each in versions if each.origin.endswith(f":{scope}")), None)
    if made is None or made == _origin(version, scope):
        return made is not None
    raise IdempotencyMismatch(_("This Idempotency-Key rolled the job back to another version."))


async def _save(
    services: Services, actor: str, spec: JobSpec, version: int, scope: str | None, if_match: str | None
) -> None:
    expected = await expected_version(services.jobs, spec.job_id, if_match)
    try:
        await services.jobs.replace(
            spec,
            expected_version=expected,
            actor=actor,
            origin=_origin(version, scope),
            # Of two requests with one key that come at once, the script makes one save.
            save_id=None if scope is None else f"{scope}v{version}",
            keeps_past=True,
        )
    except VersionConflict as conflict:
        if if_match is None:
            raise
        raise changed(conflict.stored) from conflict


def _origin(version: int, scope: str | None) -> str:
    return f"{ORIGIN}:v{version}" + ("" if scope is None else f":{scope}")
