"""Versions of a job: every save, what two of them differ in, and going back to one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.core.errors import IdempotencyMismatch, VersionConflict, VersionNotFound
from app.core.fields import json_diff
from app.core.models import JobSpec
from app.core.records import JobVersion
from app.core.specs.validation import check_spec
from app.services.api.dependencies import Services, context_of, services_of, valid_job_id
from app.services.api.export_rights import require_spec_right
from app.services.api.http.conditions import changed, expected_version, key_of, scope_of
from app.services.api.http.responses import etag, json_reply
from app.services.api.openapi.document import IDEMPOTENCY_KEY, IF_MATCH, operation_id, parameters_of, problems
from app.services.api.routes.jobs import require_secrets
from app.services.api.schemas.common import JobBody, JobVersionBody
from app.services.api.schemas.jobs import VersionComparison
from app.services.api.schemas.runs import job_view, spec_view, version_view

router = APIRouter(tags=["jobs"], generate_unique_id_function=operation_id)
ROLLBACK = "POST /jobs/{job_id}/rollback/{version}"
ORIGIN = "rollback"
MAX_VERSION = 2**31
VersionNumber = Annotated[int | None, Query(ge=1, lt=MAX_VERSION)]


@router.get(
    "/jobs/{job_id}/versions",
    response_model=list[JobVersionBody] | VersionComparison,
    responses=problems(404, 422),
)
async def list_versions(
    request: Request,
    job_id: str,
    before: Annotated[
        VersionNumber, Query(alias="from", description="Compare this version; default: the one before `to`.")
    ] = None,
    after: Annotated[
        VersionNumber, Query(alias="to", description="With this one; default: the newest.")
    ] = None,
) -> Response:
    """Return every save of a job, newest first; with `from` or `to`, what differs between the two."""
    versions = await services_of(request).jobs.versions(valid_job_id(job_id))
    if before is None and after is None:
        return json_reply([version_view(version) for version in versions])
    return json_reply(_comparison(job_id, versions, before, after))


def _comparison(
    job_id: str, versions: Sequence[JobVersion], before: int | None, after: int | None
) -> dict[str, Any]:
    numbers = [version.version for version in versions]
    after = numbers[0] if after is None else after
    if before is None:
        # The predecessor of a first version would be 0, which no job has.
        before = max((number for number in numbers if number < after), default=0)
    old, new = _version(job_id, versions, before), _version(job_id, versions, after)
    return {
        "from": before,
        "to": after,
        "changes": json_diff(spec_view(old.spec), spec_view(new.spec)),
    }


def _version(job_id: str, versions: Sequence[JobVersion], number: int) -> JobVersion:
    found = next((version for version in versions if version.version == number), None)
    if found is None:
        raise VersionNotFound(job_id, number)
    return found


@router.post(
    "/jobs/{job_id}/rollback/{version}",
    response_model=JobBody,
    responses=problems(404, 409, 412, 422, write=True),
    openapi_extra=parameters_of(IDEMPOTENCY_KEY, IF_MATCH),
)
async def roll_back(request: Request, job_id: str, version: int) -> Response:
    """Store the spec of an earlier version as a new one; whether the job fires stays as it is now.

    A one-off whose time is past is kept and fires no more.
    """
    services, context = services_of(request), context_of(request)
    key = key_of(request)
    stored = await services.jobs.find(valid_job_id(job_id))
    versions = await services.jobs.versions(job_id)
    wanted = _version(job_id, versions, version)
    scope = None if key is None else scope_of(context.actor, ROLLBACK, key)
    if scope is None or not _is_repeat(versions, scope, version):
        spec = await _checked(services, {**spec_view(wanted.spec), "enabled": stored.spec.enabled})
        await require_spec_right(services, context, spec)
        context.note(diff=json_diff(spec_view(stored.spec), spec_view(spec)))
        await _save(services, request, spec, version, scope)
    record = await services.jobs.get(job_id)
    return json_reply(job_view(record, services.settings.timezone), headers={"ETag": etag(record.version)})


def _is_repeat(versions: Sequence[JobVersion], scope: str, version: int) -> bool:
    """Tell whether this key has rolled the job back already; IdempotencyMismatch where to another version."""
    made = next((each.origin for each in versions if each.origin.endswith(f":{scope}")), None)
    if made is None or made == _origin(version, scope):
        return made is not None
    raise IdempotencyMismatch(
        "This Idempotency-Key rolled the job back to another version. / "
        "Idempotency-Key ini sudah dipakai untuk versi lain."
    )


async def _checked(services: Services, raw: dict[str, Any]) -> JobSpec:
    """Return the spec; it is checked as of now, for types and policies change."""
    spec = check_spec(raw, services.registry, services.policies, services.settings.timezone)
    await require_secrets(services, spec)
    return spec


async def _save(services: Services, request: Request, spec: JobSpec, version: int, scope: str | None) -> None:
    if_match = request.headers.get("if-match")
    expected = await expected_version(services, spec.job_id, if_match)
    try:
        await services.jobs.replace(
            spec,
            expected_version=expected,
            actor=context_of(request).actor.name,
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
