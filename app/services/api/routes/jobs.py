"""Jobs: preview and check a spec, create, list, read, replace, delete, enable, disable; their versions."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Query
from starlette.responses import Response

from app.core.clock import to_ms
from app.core.errors import (
    Conflict,
    FieldProblem,
    IdempotencyMismatch,
    InvalidInput,
    InvalidSpec,
    JobExists,
    JobNotFound,
    UnknownJobType,
    UrlRefused,
    VersionConflict,
    VersionNotFound,
)
from app.core.fields import json_diff
from app.core.i18n import _
from app.core.models import JobSpec
from app.core.monitors.models import is_monitor
from app.core.net.urls import Url, parse_url
from app.core.policies import Destination
from app.core.records import JobRecord, JobVersion
from app.core.scheduling.preview import preview
from app.core.secrets.hosts import CODE, denial, fits
from app.core.specs.search import JobFilter
from app.core.specs.secret_refs import TOOL, named_secrets
from app.core.specs.validation import check_spec, destinations_of
from app.services.api.http.body import SpecBody, StrictBody, documented_body, read_object
from app.services.api.http.conditions import (
    IdempotencyKey,
    IfMatch,
    body_hash,
    changed,
    expected_version,
    scope_of,
)
from app.services.api.http.responses import etag, json_reply
from app.services.api.http.router import (
    LOCATION,
    VERSION_TAG,
    ContextDep,
    JobId,
    PagingDep,
    Router,
    Search,
    ServicesDep,
)
from app.services.api.http.scope import require_save_in_scope
from app.services.api.schemas.common import spec_view
from app.services.api.schemas.jobs import (
    CheckRequest,
    FieldChange,
    JobBody,
    JobCreated,
    JobDeleted,
    JobSwitched,
    JobVersionBody,
    PreviewBody,
    PreviewRequest,
    SpecCheckBody,
    VersionComparison,
    job_view,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.core.monitors.models import MonitorBrief
    from app.core.secrets.store import SecretInfo
    from app.services.api.http.router import RequestContext
    from app.services.api.services import Services

router = Router("jobs")
ORIGIN = "api"
CREATE = "POST /jobs"
# Not a model: `check_spec` reads it, so that each problem has its place and its advice.
RawSpec = Annotated[dict[str, Any], documented_body(JobSpec, read_object)]
SPEC_ERRORS = (InvalidSpec, UnknownJobType, InvalidInput)


@router.post("/schedules/preview", raises=(InvalidSpec,), scope="open")
async def preview_schedule(services: ServicesDep, body: SpecBody[PreviewRequest]) -> PreviewBody:
    """Return a schedule in words, its next fires, and what changes of the clocks do to them."""
    now_ms = services.clock.now_ms() if body.now is None else to_ms(body.now)
    # In a thread, because rare fires take long to find.
    found = await asyncio.to_thread(
        preview,
        body.schedule,
        services.settings.timezone,
        now_ms,
        body.count,
        jitter_sec=body.jitter_sec,
        calendars=await services.calendars.of(body.schedule),
    )
    return PreviewBody.of(found)


# Check of the secrets that a spec names, at its save.
#
# Unknown secrets, and secrets that the URL of the spec may not get, are refused.


async def require_secrets(services: Services, spec: JobSpec) -> None:
    """Raise InvalidSpec with one problem for each place that names a secret which the job can't use."""
    handler = services.registry.get(spec.type)
    places = named_secrets(handler, spec.inputs)
    if not places:
        return
    known = await services.secrets.infos(name for name, _ in places)
    urls = _urls(destinations_of(handler, spec.inputs))
    found = (_problem(services, known.get(name), name, pointer, urls) for name, pointer in places)
    problems = tuple(problem for problem in found if problem is not None)
    if problems:
        raise InvalidSpec(f"{problems[0].pointer}: {problems[0].message}", problems)


def _problem(
    services: Services, info: SecretInfo | None, name: str, pointer: str, urls: Sequence[tuple[str, Url]]
) -> FieldProblem | None:
    host = urls[0][1].authority if urls else "HOST"
    if info is None:
        message = _(
            "there is no secret {name!r}: `multi-job secrets set {name} --host {host}` sets it",
            name=name,
            host=host,
        )
        return FieldProblem(pointer, message, "unknown_secret")
    # A secret within a URL goes there; of several URLs it is not known which one gets a header or a body.
    aimed = [url for place, url in urls if place == pointer] or [url for _, url in urls]
    opened = services.policies.opened
    if not aimed or any(fits(info.hosts, url, opened) for url in aimed):
        return None
    return FieldProblem(pointer, denial(name, info.hosts, aimed[0], opened), CODE)


def _urls(reaches: Sequence[Destination]) -> list[tuple[str, Url]]:
    """Return the URLs that a job calls, each with its pointer; malformed ones are refused elsewhere."""
    urls: list[tuple[str, Url]] = []
    for reach in reaches:
        if reach.tool != TOOL or reach.places != "hosts":
            continue
        try:
            urls.append((f"/inputs{reach.pointer}", parse_url(reach.value)))
        except UrlRefused:
            continue
    return urls


async def _require_right(services: Services, context: RequestContext, spec: JobSpec) -> None:
    """Raise AdminRequired if this caller may not save a spec, or what its end would start."""
    context.require_run_right(spec.type, spec.inputs)
    chained = [*spec.on_success, *spec.on_failure]
    if chained and not context.actor.is_admin:
        for record in (await services.jobs.find_some(chained)).values():
            context.require_run_right(record.spec.type, record.spec.inputs)


async def _checked_spec(services: Services, context: RequestContext, raw: dict[str, Any]) -> JobSpec:
    """Return a spec that this caller may save now: types, policies, secrets and rights allow it."""
    spec = check_spec(raw, services.registry, services.policies, services.settings.timezone)
    if context.scope is not None:
        await require_save_in_scope(services, context.scope, spec)
    await require_secrets(services, spec)
    await _require_right(services, context, spec)
    return spec


@router.post("/jobs/check", raises=(*SPEC_ERRORS, JobExists), scope="filter")
async def check_job(
    services: ServicesDep, context: ContextDep, body: StrictBody[CheckRequest]
) -> SpecCheckBody:
    """Return what saving a spec would change, or refuse it as the save would; nothing is changed."""
    spec = await _checked_spec(services, context, body.spec)
    return SpecCheckBody.of(spec, await services.jobs.check_save(spec, body.assume))


@router.post(
    "/jobs",
    status_code=201,
    response_model=JobCreated,
    raises=(*SPEC_ERRORS, JobExists, Conflict),
    headers=LOCATION | VERSION_TAG,
    scope="filter",
)
async def create_job(
    services: ServicesDep, context: ContextDep, key: IdempotencyKey, body: RawSpec
) -> Response:
    """Store a new job; sent again with the same `Idempotency-Key` and spec, the answer is the same."""
    spec = await _checked_spec(services, context, body)
    context.note(target=f"job:{spec.job_id}", diff=json_diff({}, _plain(spec)))
    scope = None if key is None else scope_of(context.actor, CREATE, key)
    record = await _create(services, spec, body, context.actor.name, scope)
    answer = {**job_view(record, services.settings.timezone), "status": "created"}
    return json_reply(answer, 201, {"Location": f"/jobs/{spec.job_id}", "ETag": etag(record.version)})


async def _create(
    services: Services, spec: JobSpec, raw: dict[str, Any], actor: str, scope: str | None
) -> JobRecord:
    if scope is None:
        return await services.jobs.create(spec, actor=actor, origin=ORIGIN)
    origin = f"{ORIGIN}:{scope}"
    try:
        # The save id makes a repeat of the newest save the same save, in the script itself.
        save_id = f"{scope}{body_hash(raw)[:32]}"
        return await services.jobs.create(spec, actor=actor, origin=origin, save_id=save_id)
    except (JobExists, InvalidSpec) as refusal:
        # The job was saved again since, or its only fire has passed: the first version still knows the key.
        first = await _saved_with(services, spec.job_id, origin)
        if first is None:
            raise
        if first != spec:
            raise IdempotencyMismatch(
                _("This Idempotency-Key created the job with another spec.")
            ) from refusal
        return await services.jobs.get(spec.job_id)


async def _saved_with(services: Services, job_id: str, origin: str) -> JobSpec | None:
    try:
        versions = await services.jobs.versions(job_id)
    except JobNotFound:
        return None
    return next((version.spec for version in versions if version.origin == origin), None)


@router.get("/jobs", response_model=list[JobBody], scope="filter")
async def list_jobs(
    services: ServicesDep,
    context: ContextDep,
    paging: PagingDep,
    *,
    job_type: Annotated[str | None, Query(alias="type", max_length=64)] = None,
    enabled: bool | None = None,
    tag: Annotated[str | None, Query(max_length=64)] = None,
    q: Search = None,
    trouble: bool = False,
) -> Response:
    """Return jobs, newest first; `q` is a part of an id or a description."""
    job_filter = JobFilter(type=job_type, enabled=enabled, tag=tag, q=q, trouble=trouble, scope=context.scope)
    page = await services.jobs.list(job_filter, paging.cursor, paging.limit)
    briefs = await monitor_briefs(services, page.items)
    zone = services.settings.timezone
    jobs = paging.show(page, lambda record: job_view(record, zone, briefs.get(record.spec.job_id)))
    return json_reply(jobs, headers=paging.headers)


@router.get("/jobs/{job_id}", response_model=JobBody, raises=(JobNotFound,), headers=VERSION_TAG, scope="job")
async def get_job(services: ServicesDep, job_id: JobId) -> Response:
    """Return a job; its `ETag` is what `If-Match` of a PUT takes."""
    return await _job_reply(services, await services.jobs.get(job_id))


@router.put(
    "/jobs/{job_id}",
    response_model=JobBody,
    raises=(*SPEC_ERRORS, JobNotFound, VersionConflict, Conflict),
    headers=VERSION_TAG,
    scope="job",
)
async def replace_job(
    services: ServicesDep,
    context: ContextDep,
    body: RawSpec,
    if_match: IfMatch,
    job_id: JobId,
) -> Response:
    """Store a new version; read-only fields of a GET may stay in the body and are ignored."""
    spec = await _checked_spec(services, context, _with_id(body, job_id))
    stored = await services.jobs.find(job_id)
    context.note(diff=json_diff(_plain(stored.spec), _plain(spec)))
    record = await _replace(services, context, spec, if_match, stored, origin=ORIGIN)
    return await _job_reply(services, record)


async def _replace(
    services: Services,
    context: RequestContext,
    spec: JobSpec,
    if_match: str | None,
    stored: JobRecord,
    **how: Any,
) -> JobRecord:
    """Store a spec, over the version that `If-Match` names."""
    context.require_scope(stored.spec)
    expected = await expected_version(services.jobs, spec.job_id, if_match)
    if context.scope is not None and expected is None:
        # A save in between may have taken the job out of the scope.
        expected = stored.version
    try:
        return await services.jobs.replace(spec, expected_version=expected, actor=context.actor.name, **how)
    except VersionConflict as conflict:
        if if_match is None:
            raise
        raise changed(conflict.stored) from conflict


async def _job_reply(services: Services, record: JobRecord) -> Response:
    """Return a job with its `ETag`."""
    brief = (await monitor_briefs(services, [record])).get(record.spec.job_id)
    headers = {"ETag": etag(record.version)}
    return json_reply(job_view(record, services.settings.timezone, brief), headers=headers)


async def monitor_briefs(services: Services, records: Sequence[JobRecord]) -> dict[str, MonitorBrief]:
    """Return the states of those jobs that watch something; no round trip if none does."""
    ids = [record.spec.job_id for record in records if is_monitor(record.spec.type)]
    return await services.monitors.briefs(ids) if ids else {}


def _plain(spec: JobSpec) -> dict[str, Any]:
    return spec.model_dump(mode="json", exclude_defaults=True)


def _with_id(raw: dict[str, Any], job_id: str) -> dict[str, Any]:
    if raw.setdefault("job_id", job_id) == job_id:
        return raw
    message = _("the path says {job_id!r}; a job keeps its id", job_id=job_id)
    raise InvalidSpec(f"/job_id: {message}", (FieldProblem("/job_id", message, "id_mismatch"),))


@router.delete("/jobs/{job_id}", raises=(JobNotFound,), scope="job")
async def delete_job(services: ServicesDep, context: ContextDep, job_id: JobId) -> JobDeleted:
    """Forget a job: what waits is cancelled, what runs ends, its history stays."""
    spec = (await services.jobs.find(job_id)).spec
    context.require_scope(spec)
    context.note(diff=[{"path": "", "from": _plain(spec), "to": None}])
    await services.jobs.delete(job_id, actor=context.actor.name)
    return JobDeleted(job_id=job_id, status="deleted")


@router.put("/jobs/{job_id}/enable", raises=(JobNotFound,), scope="job")
async def enable_job(services: ServicesDep, context: ContextDep, job_id: JobId) -> JobSwitched:
    """Let a job fire again, from now on."""
    await _switch(services, context, job_id, enabled=True)
    return JobSwitched(job_id=job_id, status="enabled")


@router.put("/jobs/{job_id}/disable", raises=(JobNotFound,), scope="job")
async def disable_job(services: ServicesDep, context: ContextDep, job_id: JobId) -> JobSwitched:
    """Stop a job from firing; runs that exist go on, and it can still be run by hand."""
    await _switch(services, context, job_id, enabled=False)
    return JobSwitched(job_id=job_id, status="disabled")


async def _switch(services: Services, context: RequestContext, job_id: str, *, enabled: bool) -> None:
    spec = (await services.jobs.find(job_id)).spec
    context.require_scope(spec)
    if enabled:
        context.require_run_right(spec.type, spec.inputs)
    await services.jobs.set_enabled(job_id, enabled, context.actor.name)
    context.note(diff=json_diff({"enabled": spec.enabled}, {"enabled": enabled}))


# Versions of a job: every save, the differences between two of them, and the way back to one.


ROLLBACK = "POST /jobs/{job_id}/rollback/{version}"
_ROLLED_BACK = "rollback"
MAX_VERSION = 2**31
VersionNumber = Annotated[int | None, Query(ge=1, lt=MAX_VERSION)]


@router.get("/jobs/{job_id}/versions", raises=(JobNotFound, VersionNotFound), scope="job")
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
    scope="job",
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
        spec = await _checked_spec(services, context, raw)
        context.note(diff=json_diff(spec_view(stored.spec), spec_view(spec)))
        # Of two requests with one key that come at once, the script makes one save.
        save_id = None if scope is None else f"{scope}v{version}"
        origin = _origin(version, scope)
        how = {"origin": origin, "save_id": save_id, "keeps_past": True}
        await _replace(services, context, spec, if_match, stored, **how)
    return await _job_reply(services, await services.jobs.get(job_id))


def _is_repeat(versions: Sequence[JobVersion], scope: str, version: int) -> bool:
    """Return True if this key has rolled the job back already; IdempotencyMismatch if to another version."""
    made = next((each.origin for each in versions if each.origin.endswith(f":{scope}")), None)
    if made is None or made == _origin(version, scope):
        return made is not None
    raise IdempotencyMismatch(_("This Idempotency-Key rolled the job back to another version."))


def _origin(version: int, scope: str | None) -> str:
    return f"{_ROLLED_BACK}:v{version}" + ("" if scope is None else f":{scope}")
