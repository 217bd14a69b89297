"""Who the caller is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.core.access.api_keys import Role, fixed_keys, made_diff
from app.core.access.audit import AuditFilter
from app.core.access.sessions import DAY_MS, HOUR_MS
from app.core.errors import Conflict, KeyNotFound, SessionNotFound
from app.core.fields import Change, json_diff
from app.core.secrets.sealing import MASKED
from app.core.secrets.store import SecretDraft, SecretSaved
from app.services.api.dependencies import DEFAULT_LIMIT, Cursor, Limit, context_of, services_of
from app.services.api.http.body import model_of, read_model, read_object
from app.services.api.http.conditions import key_of, record_of
from app.services.api.http.responses import json_reply, list_reply
from app.services.api.openapi.document import IDEMPOTENCY_KEY, lists, operation_id, problems, takes
from app.services.api.schemas.access import (
    AuditBody,
    KeyBody,
    KeyCreated,
    KeyRequest,
    KeyRevoked,
    KeyRotation,
    MeBody,
    SecretBody,
    SecretDeleted,
    SecretRequest,
    SessionBody,
    SessionCreated,
    SessionEnded,
    audit_view,
    key_view,
    me_view,
    secret_view,
    session_view,
)

if TYPE_CHECKING:
    from app.core.access.api_keys import ApiKey
    from app.core.access.sessions import Session
    from app.services.api.dependencies import Services
    from app.services.api.http.auth import Actor

router = APIRouter(tags=["access"], generate_unique_id_function=operation_id)


@router.get("/me", response_model=MeBody, responses=problems())
async def get_me(request: Request) -> Response:
    """Return who the caller is and what its role allows; nothing is asked of Redis for it."""
    return json_reply(me_view(context_of(request).actor))


# API keys: make, list, rotate and revoke them.
#
# A key's text is shown once and not stored.

CREATE = "POST /keys"


@router.get("/keys", response_model=list[KeyBody], responses=problems())
async def list_keys(request: Request) -> Response:
    """Return all keys, oldest first, behind those of API_KEYS; never their text."""
    services = services_of(request)
    used = await services.api_keys.last_used()
    now_ms = services.clock.now_ms()
    views = [key_view(key, used.get(key.key_id), now_ms, fixed=True) for key in fixed_keys(services.settings)]
    views += [key_view(key, used.get(key.key_id), now_ms) for key in await services.api_keys.list()]
    return json_reply(views)


@router.post(
    "/keys",
    status_code=201,
    response_model=KeyCreated,
    responses={
        200: {"model": KeyCreated, "description": "Made before by this request; `key` is null."},
        **problems(400, 409, 422, write=True),
    },
    openapi_extra=takes(KeyRequest, IDEMPOTENCY_KEY),
)
async def create_key(request: Request) -> Response:
    """Make a key and show it, once; the first one must be an admin's.

    Sent again it is not made again, and its text is gone: revoke it then.
    """
    services, context = services_of(request), context_of(request)
    key, raw = key_of(request), read_object(context.body)
    body = model_of(KeyRequest, raw)
    once = None if key is None else record_of(context.actor, CREATE, key, raw)
    made, token = await services.api_keys.create(
        *(body.name, Role(body.role), context.actor.name, once),
        expires_in_ms=_days_ms(body.expires_in_days),
    )
    await services.key_cache.refresh()
    context.note(target=f"key:{made.key_id}", diff=[] if token is None else made_diff(made))
    return json_reply(_created(services, made, token), 200 if token is None else 201)


@router.post(
    "/keys/{key_id}/rotate",
    status_code=201,
    response_model=KeyCreated,
    responses={
        200: {"model": KeyCreated, "description": "Made before by this request; `key` is null."},
        **problems(400, 404, 409, 422, write=True),
    },
    openapi_extra=takes(KeyRotation, IDEMPOTENCY_KEY, required=False),
)
async def rotate_key(request: Request, key_id: str) -> Response:
    """Make a successor of the same name and role, shown once; the old key is refused after the overlap."""
    services, context = services_of(request), context_of(request)
    key, raw = key_of(request), read_object(context.body, optional=True)
    body = model_of(KeyRotation, raw)
    once = None if key is None else record_of(context.actor, f"POST /keys/{key_id}/rotate", key, raw)
    made, token = await services.api_keys.rotate(
        *(key_id, context.actor.name, round(body.overlap_hours * HOUR_MS), once),
        expires_in_ms=_days_ms(body.expires_in_days),
    )
    await services.key_cache.refresh()
    context.note(diff=[] if token is None else [{"path": "/successor", "from": None, "to": made.key_id}])
    return json_reply(_created(services, made, token), 200 if token is None else 201)


@router.delete("/keys/{key_id}", response_model=KeyRevoked, responses=problems(404, 409, write=True))
async def revoke_key(request: Request, key_id: str) -> Response:
    """Revoke a key: refused here at once, by every replica within two seconds; not the last admin's.

    Its sessions and event streams end with it.
    """
    services = services_of(request)
    gone = await services.api_keys.revoke(key_id)
    await services.key_cache.refresh()
    context_of(request).note(diff=[{"path": "/name", "from": gone.name, "to": None}])
    return json_reply({"id": key_id, "status": "revoked"})


def _days_ms(days: float | None) -> int:
    return 0 if days is None else max(1, round(days * DAY_MS))


def _created(services: Services, made: ApiKey, token: str | None) -> dict[str, Any]:
    return {**key_view(made, None, services.clock.now_ms()), "key": token}


# Secrets that jobs name as `secret:NAME`: they go in and never come out.

SECRET = "/secrets/{secret_name}"  # noqa: S105  a path


@router.get("/secrets", response_model=list[SecretBody], responses=problems())
async def list_secrets(request: Request) -> Response:
    """Return the names of all secrets, who set them and when."""
    return json_reply([secret_view(info) for info in await services_of(request).secrets.list()])


@router.get(SECRET, response_model=SecretBody, responses=problems(404))
async def get_secret(request: Request, secret_name: str) -> Response:
    """Return whether a secret is there, never its value."""
    return json_reply(secret_view(await services_of(request).secrets.info(secret_name)))


@router.put(
    SECRET,
    response_model=SecretBody,
    responses=problems(400, 409, 422, write=True),
    openapi_extra=takes(SecretRequest),
)
async def put_secret(request: Request, secret_name: str) -> Response:
    """Set a secret or its hosts; calls that are made from now on use them."""
    context = context_of(request)
    body = read_model(SecretRequest, context.body)
    draft = SecretDraft(secret_name, body.value, body.hosts)
    saved = await services_of(request).secrets.put(draft, context.actor.name)
    context.note(diff=_changes(saved, value_given=body.value is not None))
    return json_reply(secret_view(saved.info))


def _changes(saved: SecretSaved, *, value_given: bool) -> list[Change]:
    """Return the changes for the audit: the hosts as they are, of the value only that it was given."""
    before = None if saved.before is None else list(saved.before.hosts)
    changes = json_diff({"hosts": before}, {"hosts": list(saved.info.hosts)})
    if value_given:
        changes.append({"path": "/value", "from": None if saved.before is None else MASKED, "to": MASKED})
    return changes


@router.delete(SECRET, response_model=SecretDeleted, responses=problems(404, write=True))
async def delete_secret(request: Request, secret_name: str) -> Response:
    """Forget a secret; a run that names it fails, and is not tried again."""
    await services_of(request).secrets.delete(secret_name)
    context_of(request).note(diff=[{"path": "/value", "from": MASKED, "to": None}])
    return json_reply({"name": secret_name, "status": "deleted"})


# Sessions: sign in, list signed-in browsers, sign one out.

CURRENT = "current"


@router.get("/sessions", response_model=list[SessionBody], responses=problems())
async def list_sessions(request: Request) -> Response:
    """Return the sessions of the caller's key, an admin's of all keys; the last used first."""
    services, actor = services_of(request), context_of(request).actor
    keyring = await services.key_cache.current()
    views = [
        session_view(session, owner, services.sessions.limits, current=session.session_id == actor.session_id)
        for session in await services.sessions.live()
        if _may(actor, session) and (owner := keyring.owner(session.key_id)) is not None
    ]
    return json_reply(views)


@router.post(
    "/sessions", status_code=201, response_model=SessionCreated, responses=problems(404, 409, write=True)
)
async def create_session(request: Request) -> Response:
    """Sign in: make a session for the API key that was sent; its token is sent like a key from then on."""
    services, context = services_of(request), context_of(request)
    actor = context.actor
    if not actor.key_id or actor.session_id:
        raise Conflict(
            "A session is made with an API key: send one as `Authorization: Bearer KEY`. / "
            "Sesi dibuat dengan kunci API: kirim kuncinya."
        )
    origin = services.audit.origins.of(request.scope)
    is_fixed = any(key.key_id == actor.key_id for key in fixed_keys(services.settings))
    made, token = await services.sessions.create(
        actor.key_id, origin, request.headers.get("User-Agent", ""), fixed=is_fixed
    )
    owner = (await services.key_cache.refresh()).owner(actor.key_id)
    if owner is None:
        raise KeyNotFound(actor.key_id)
    context.note(target=f"session:{made.session_id}")
    view = session_view(made, owner, services.sessions.limits, current=False)
    return json_reply({**view, "token": token}, 201)


@router.delete("/sessions/{session_id}", response_model=SessionEnded, responses=problems(404, write=True))
async def end_session(request: Request, session_id: str) -> Response:
    """Sign out a session, `current` for the one of this request; an admin any, others those of their key.

    It is refused here at once, and by every replica within two seconds; its event streams end too.
    """
    services, context = services_of(request), context_of(request)
    wanted = context.actor.session_id if session_id == CURRENT else session_id
    known = (await services.key_cache.current()).sessions.get(wanted)
    if known is None or not _may(context.actor, known):
        raise SessionNotFound(session_id)
    context.note(target=f"session:{wanted}")
    await services.sessions.end(wanted)
    await services.key_cache.refresh()
    return json_reply({"id": wanted, "status": "ended"})


def _may(actor: Actor, session: Session) -> bool:
    return actor.role is Role.ADMIN or session.key_id == actor.key_id


# The audit: who changed what, and who was refused.


@router.get("/audit", response_model=list[AuditBody], responses={**problems(422), **lists(AuditBody)})
async def list_audit(
    request: Request,
    actor: Annotated[str | None, Query(max_length=200)] = None,
    target: Annotated[
        str | None, Query(max_length=200, description="`job:a`; `job:` stands for all jobs.")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Response:
    """Return acts, newest first: every write but submissions, which carry their actor in the run."""
    page = await services_of(request).audit.log.list(AuditFilter(actor, target), cursor, limit)
    return list_reply(request, [audit_view(record) for record in page.items], page.next_cursor)
