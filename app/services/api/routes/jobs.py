"""Specs before they are saved."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.core.clock import from_ms, to_ms
from app.core.errors import (
    FieldProblem,
    IdempotencyMismatch,
    InvalidSpec,
    JobExists,
    JobNotFound,
    UrlRefused,
    VersionConflict,
)
from app.core.fields import json_diff
from app.core.models import JobSpec
from app.core.net.urls import Url, parse_url
from app.core.policies import Destination
from app.core.records import JobRecord
from app.core.scheduling.preview import SchedulePreview, preview
from app.core.secrets.hosts import CODE, denial, fits
from app.core.specs.dry_run import SaveDryRun
from app.core.specs.search import JobFilter
from app.core.specs.secret_refs import TOOL, named_secrets
from app.core.specs.validation import check_spec, destinations_of
from app.services.api.dependencies import (
    DEFAULT_LIMIT,
    Cursor,
    Limit,
    Search,
    Services,
    context_of,
    services_of,
    valid_job_id,
)
from app.services.api.export_rights import require_run_right, require_spec_right
from app.services.api.http.body import read_model, read_object, read_strict
from app.services.api.http.conditions import body_hash, changed, expected_version, key_of, scope_of
from app.services.api.http.responses import etag, instant, json_reply, list_reply
from app.services.api.openapi.document import IDEMPOTENCY_KEY, IF_MATCH, lists, operation_id, problems, takes
from app.services.api.schemas.common import JobBody, JobCreated, JobDeleted, JobSwitched
from app.services.api.schemas.jobs import CheckRequest, PreviewBody, PreviewRequest, SpecCheckBody
from app.services.api.schemas.runs import job_view, spec_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.core.secrets.store import SecretInfo

# Schedules before a job has them.

router = APIRouter(tags=["jobs"], generate_unique_id_function=operation_id)


@router.post(
    "/schedules/preview",
    response_model=PreviewBody,
    responses=problems(400, 422, write=True),
    openapi_extra=takes(PreviewRequest),
)
async def preview_schedule(request: Request) -> Response:
    """Return a schedule in words, its next fires, and what changes of the clocks do to them."""
    services = services_of(request)
    body = read_strict(PreviewRequest, context_of(request).body)
    now_ms = services.clock.now_ms() if body.now is None else to_ms(body.now)
    # Rare fires take long to find, and others are served meanwhile.
    found = await asyncio.to_thread(
        preview, body.schedule, services.settings.timezone, now_ms, body.count, body.jitter_sec
    )
    return json_reply(_preview_view(found))


def _preview_view(found: SchedulePreview) -> dict[str, Any]:
    zone = ZoneInfo(found.timezone)
    return {
        "words": {"id": found.words.id, "en": found.words.en},
        "timezone": found.timezone,
        "next": [_fire_view(at_ms, zone) for at_ms in found.fires],
        "dst_notes": [
            {
                "at": instant(note.at_ms),
                "kind": note.kind,
                "text_id": note.words.id,
                "text_en": note.words.en,
            }
            for note in found.notes
        ],
        "ends": found.ends,
    }


def _fire_view(at_ms: int, zone: ZoneInfo) -> dict[str, Any]:
    local = from_ms(at_ms).astimezone(zone)
    text = local.isoformat()
    return {"local": text, "utc": instant(at_ms), "offset": text[-6:]}


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
        message = (
            f"there is no secret {name!r}: `multi-job secrets set {name} --host {host}` sets it / "
            f"rahasia {name!r} tidak ada"
        )
        return FieldProblem(pointer, message, "unknown_secret")
    # A secret within a URL goes there; of several URLs it is not known which one gets a header or a body.
    aimed = [url for place, url in urls if place == pointer] or [url for _, url in urls]
    opened = services.policies.opened
    if not aimed or any(fits(info.hosts, url, opened) for url in aimed):
        return None
    return FieldProblem(pointer, denial(name, info.hosts, aimed[0], opened), CODE)


def _urls(destinations: Sequence[Destination]) -> list[tuple[str, Url]]:
    """Return the URLs that a job calls, each with its pointer; malformed ones are refused elsewhere."""
    urls: list[tuple[str, Url]] = []
    for destination in destinations:
        if destination.tool != TOOL or destination.places != "hosts":
            continue
        try:
            urls.append((f"/inputs{destination.pointer}", parse_url(destination.value)))
        except UrlRefused:
            continue
    return urls


@router.post(
    "/jobs/check",
    response_model=SpecCheckBody,
    responses=problems(400, 422, write=True),
    openapi_extra=takes(CheckRequest),
)
async def check_job(request: Request) -> Response:
    """Return what saving a spec would change, or refuse it as the save would; nothing is changed."""
    services, context = services_of(request), context_of(request)
    body = read_model(CheckRequest, context.body)
    spec = check_spec(body.spec, services.registry, services.policies, services.settings.timezone)
    await require_secrets(services, spec)
    await require_spec_right(services, context, spec)
    check = SaveDryRun(
        services.jobs, services.link, services.keys, services.clock, services.settings.timezone
    )
    return json_reply(_view(spec, await check.run(spec, body.assume)))


def _view(spec: JobSpec, stored: JobRecord | None) -> dict[str, Any]:
    after = spec_view(spec)
    if stored is None:
        # Of a new job what it says itself; its defaults are the same for each.
        plain = spec.model_dump(mode="json", exclude_defaults=True)
        return {
            "change": "created",
            "version": None,
            "changes": json_diff({}, plain),
            "spec": after,
        }
    changes = json_diff(spec_view(stored.spec), after)
    return {
        "change": "updated" if changes else "unchanged",
        "version": stored.version,
        "changes": changes,
        "spec": after,
    }


# Jobs: create, list, read, replace, delete, switch.

ORIGIN = "api"
CREATE = "POST /jobs"


@router.post(
    "/jobs",
    status_code=201,
    response_model=JobCreated,
    responses=problems(400, 409, 422, write=True),
    openapi_extra=takes(JobSpec, IDEMPOTENCY_KEY),
)
async def create_job(request: Request) -> Response:
    """Store a new job; sent again with the same `Idempotency-Key` and spec, the answer is the same."""
    services, context = services_of(request), context_of(request)
    key = key_of(request)
    raw = read_object(context.body)
    spec = check_spec(raw, services.registry, services.policies, services.settings.timezone)
    await require_secrets(services, spec)
    await require_spec_right(services, context, spec)
    context.note(target=f"job:{spec.job_id}", diff=json_diff({}, _plain(spec)))
    scope = None if key is None else scope_of(context.actor, CREATE, key)
    record = await _create(services, spec, raw, context.actor.name, scope)
    headers = {"Location": f"/jobs/{spec.job_id}", "ETag": etag(record.version)}
    return json_reply({**job_view(record, services.settings.timezone), "status": "created"}, 201, headers)


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
                "This Idempotency-Key created the job with another spec. / "
                "Idempotency-Key ini sudah dipakai dengan isi lain."
            ) from refusal
        return await services.jobs.get(spec.job_id)


async def _saved_with(services: Services, job_id: str, origin: str) -> JobSpec | None:
    try:
        versions = await services.jobs.versions(job_id)
    except JobNotFound:
        return None
    return next((version.spec for version in versions if version.origin == origin), None)


@router.get("/jobs", response_model=list[JobBody], responses={**problems(422), **lists(JobBody)})
async def list_jobs(
    request: Request,
    *,
    job_type: Annotated[str | None, Query(alias="type", max_length=64)] = None,
    enabled: bool | None = None,
    tag: Annotated[str | None, Query(max_length=64)] = None,
    q: Search = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Response:
    """Return jobs, newest first; `q` is a part of an id or a description."""
    job_filter = JobFilter(type=job_type, enabled=enabled, tag=tag, q=q)
    services = services_of(request)
    page = await services.jobs.list(job_filter, cursor, limit)
    views = [job_view(record, services.settings.timezone) for record in page.items]
    return list_reply(request, views, page.next_cursor, page.total)


@router.get("/jobs/{job_id}", response_model=JobBody, responses=problems(404))
async def get_job(request: Request, job_id: str) -> Response:
    """Return a job; its `ETag` is what `If-Match` of a PUT takes."""
    services = services_of(request)
    record = await services.jobs.get(valid_job_id(job_id))
    return json_reply(job_view(record, services.settings.timezone), headers={"ETag": etag(record.version)})


@router.put(
    "/jobs/{job_id}",
    response_model=JobBody,
    responses=problems(400, 404, 409, 412, 422, write=True),
    openapi_extra=takes(JobSpec, IF_MATCH),
)
async def replace_job(request: Request, job_id: str) -> Response:
    """Store a new version; read-only fields of a GET may stay in the body and are ignored."""
    services, context = services_of(request), context_of(request)
    spec = check_spec(
        _with_id(read_object(context.body), valid_job_id(job_id)),
        services.registry,
        services.policies,
        services.settings.timezone,
    )
    await require_secrets(services, spec)
    await require_spec_right(services, context, spec)
    context.note(diff=json_diff(_plain((await services.jobs.find(job_id)).spec), _plain(spec)))
    if_match = request.headers.get("if-match")
    expected = await expected_version(services, job_id, if_match)
    try:
        record = await services.jobs.replace(
            spec, expected_version=expected, actor=context.actor.name, origin=ORIGIN
        )
    except VersionConflict as conflict:
        if if_match is None:
            raise
        raise changed(conflict.stored) from conflict
    return json_reply(job_view(record, services.settings.timezone), headers={"ETag": etag(record.version)})


def _plain(spec: JobSpec) -> dict[str, Any]:
    return spec.model_dump(mode="json", exclude_defaults=True)


def _with_id(raw: dict[str, Any], job_id: str) -> dict[str, Any]:
    if raw.setdefault("job_id", job_id) == job_id:
        return raw
    message = f"the path says {job_id!r}; a job keeps its id / id job tidak dapat diubah"
    raise InvalidSpec(f"/job_id: {message}", (FieldProblem("/job_id", message, "id_mismatch"),))


@router.delete("/jobs/{job_id}", response_model=JobDeleted, responses=problems(404, write=True))
async def delete_job(request: Request, job_id: str) -> Response:
    """Forget a job: what waits is cancelled, what runs ends, its history stays."""
    services, context = services_of(request), context_of(request)
    context.note(
        diff=[{"path": "", "from": _plain((await services.jobs.find(valid_job_id(job_id))).spec), "to": None}]
    )
    await services.jobs.delete(job_id, actor=context.actor.name)
    return json_reply({"job_id": job_id, "status": "deleted"})


@router.put("/jobs/{job_id}/enable", response_model=JobSwitched, responses=problems(404, write=True))
async def enable_job(request: Request, job_id: str) -> Response:
    """Let a job fire again, from now on."""
    await _switch(request, valid_job_id(job_id), enabled=True)
    return json_reply({"job_id": job_id, "status": "enabled"})


@router.put("/jobs/{job_id}/disable", response_model=JobSwitched, responses=problems(404, write=True))
async def disable_job(request: Request, job_id: str) -> Response:
    """Stop a job from firing; runs that exist go on, and it can still be run by hand."""
    await _switch(request, valid_job_id(job_id), enabled=False)
    return json_reply({"job_id": job_id, "status": "disabled"})


async def _switch(request: Request, job_id: str, *, enabled: bool) -> None:
    services, context = services_of(request), context_of(request)
    spec = (await services.jobs.find(job_id)).spec
    if enabled:
        require_run_right(context, spec.type, spec.inputs)
    await services.jobs.set_enabled(job_id, enabled, context.actor.name)
    context.note(diff=json_diff({"enabled": spec.enabled}, {"enabled": enabled}))
