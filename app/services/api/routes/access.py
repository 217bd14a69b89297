"""Access: the caller, API keys, secrets, sessions, tool policies, and the audit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from app.core.access.api_keys import Role, creation_diff, fixed_keys
from app.core.access.audit import AuditFilter
from app.core.access.errors import AdminKeyNeeded, KeyNotFound, LastAdminKey, NameTaken, SessionNotFound
from app.core.access.local_owner import LOCAL_ID
from app.core.access.sessions import DAY_MS, HOUR_MS
from app.core.errors import Conflict, InvalidInput, SecretNotFound, StateConflict
from app.core.fields import Change, json_diff
from app.core.i18n import _
from app.core.secrets.sealing import MASKED
from app.core.secrets.store import SecretDraft, SecretSaved
from app.services.api.http.auth import Actor
from app.services.api.http.body import OptionalBody, StrictBody, read_object
from app.services.api.http.conditions import IdempotencyKey, record_of
from app.services.api.http.problems import HttpProblem
from app.services.api.http.router import ContextDep, PagingDep, Router, ServicesDep
from app.services.api.http.scope import require_address
from app.services.api.schemas.access import (
    AuditBody,
    KeyBody,
    KeyCreated,
    KeyRequest,
    KeyRevoked,
    KeyRotation,
    LinkRequest,
    MeBody,
    PolicyBody,
    RoleRequest,
    SecretBody,
    SecretDeleted,
    SecretRequest,
    SessionBody,
    SessionCreated,
    SessionEnded,
)

if TYPE_CHECKING:
    from app.core.access.api_keys import ApiKey
    from app.core.access.sessions import Session, Way
    from app.services.api.services import Services

router = Router("access")


@router.get("/me", scope="open")
async def get_me(request: Request, context: ContextDep) -> MeBody:
    """Return who the caller is and what its role allows; nothing is asked of Redis for it."""
    return MeBody.of(context.actor, request.app.state.services.settings.timezone)


# API keys. A key's text is shown once and not stored.

CREATE = "POST /keys"
_MADE_BEFORE = {200: {"model": KeyCreated, "description": "Made before by this request; `key` is null."}}


@router.get("/keys")
async def list_keys(services: ServicesDep) -> list[KeyBody]:
    """Return all keys and users, oldest first, behind the keys of API_KEYS; never a key's text."""
    used = await services.api_keys.last_used()
    now_ms = services.clock.now_ms()
    fixed, stored = fixed_keys(services.settings), await services.api_keys.list()
    return [
        *(KeyBody.of(key, used.get(key.key_id), now_ms, fixed=True) for key in fixed),
        *(KeyBody.of(key, used.get(key.key_id), now_ms) for key in stored),
    ]


@router.post(
    "/keys",
    status_code=201,
    responses=_MADE_BEFORE,
    raises=(InvalidInput, Conflict, NameTaken, AdminKeyNeeded),
)
async def create_key(
    services: ServicesDep,
    context: ContextDep,
    key: IdempotencyKey,
    body: StrictBody[KeyRequest],
    response: Response,
) -> KeyCreated:
    """Make a key and show it, once; the first one must be an admin's, and no key in use has its name.

    Sent again it is not made again, and its text is gone: revoke it then.
    """
    once = None if key is None else record_of(context.actor, CREATE, key, read_object(context.body))
    made, token = await services.api_keys.create(
        *(body.name, Role(body.role), context.actor.name, once),
        expires_in_ms=_days_ms(body.expires_in_days),
        scope=body.scope,
        addresses=body.addresses,
    )
    context.note(target=f"key:{made.key_id}", diff=[] if token is None else creation_diff(made))
    return await _created(services, response, made, token)


@router.post(
    "/keys/{key_id}/rotate",
    status_code=201,
    responses=_MADE_BEFORE,
    raises=(KeyNotFound, Conflict, AdminKeyNeeded),
)
async def rotate_key(
    services: ServicesDep,
    context: ContextDep,
    key: IdempotencyKey,
    body: OptionalBody[KeyRotation],
    response: Response,
    key_id: str,
) -> KeyCreated:
    """Make a successor of the same name, role and limits, shown once; the old key ends after the overlap."""
    raw = read_object(context.body, optional=True)
    once = None if key is None else record_of(context.actor, f"POST /keys/{key_id}/rotate", key, raw)
    made, token = await services.api_keys.rotate(
        *(key_id, context.actor.name, round(body.overlap_hours * HOUR_MS), once),
        expires_in_ms=_days_ms(body.expires_in_days),
    )
    context.note(diff=[] if token is None else [{"path": "/successor", "from": None, "to": made.key_id}])
    return await _created(services, response, made, token)


@router.delete("/keys/{key_id}", raises=(KeyNotFound, Conflict, LastAdminKey))
async def revoke_key(services: ServicesDep, context: ContextDep, key_id: str) -> KeyRevoked:
    """Revoke a key or remove a user: refused at once by every API process.

    Not the last admin key: users do not count as one.

    Its sessions and event streams end with it.
    """
    gone = await services.api_keys.revoke(key_id)
    await services.key_cache.refresh()
    context.note(diff=[{"path": "/name", "from": gone.name, "to": None}])
    return KeyRevoked(id=key_id, status="revoked")


@router.put("/keys/{key_id}/role", raises=(KeyNotFound, Conflict))
async def set_user_role(
    services: ServicesDep, context: ContextDep, body: StrictBody[RoleRequest], key_id: str
) -> KeyBody:
    """Give a user of sign-in links another role, also in open sessions. A key keeps its role.

    The role of a provider's user follows from the groups there.
    """
    change = await services.people.users.set_role(key_id, Role(body.role))
    context.note(diff=json_diff({"role": change.role_before}, {"role": change.user.role}))
    await services.key_cache.refresh()
    used = await services.api_keys.last_used()
    return KeyBody.of(change.user, used.get(key_id), services.clock.now_ms())


def _days_ms(days: float | None) -> int:
    return 0 if days is None else max(1, round(days * DAY_MS))


async def _created(services: Services, response: Response, made: ApiKey, token: str | None) -> KeyCreated:
    await services.key_cache.refresh()
    if token is None:
        response.status_code = 200
    return KeyCreated.of(made, None, services.clock.now_ms(), key=token)


# Secrets that jobs name as `secret:NAME`. No route shows their values.

SECRET = "/secrets/{secret_name}"  # noqa: S105  a path


@router.get("/secrets")
async def list_secrets(services: ServicesDep) -> list[SecretBody]:
    """Return the names of all secrets, who set them and when."""
    return [SecretBody.model_validate(info) for info in await services.secrets.list()]


@router.get(SECRET, raises=(SecretNotFound,))
async def get_secret(services: ServicesDep, secret_name: str) -> SecretBody:
    """Return whether a secret is there, never its value."""
    return SecretBody.model_validate(await services.secrets.info(secret_name))


@router.put(SECRET, raises=(InvalidInput, StateConflict))
async def put_secret(
    services: ServicesDep, context: ContextDep, body: StrictBody[SecretRequest], secret_name: str
) -> SecretBody:
    """Set a secret or its hosts; calls that are made from now on use them."""
    draft = SecretDraft(secret_name, body.value, body.hosts)
    saved = await services.secrets.put(draft, context.actor.name)
    context.note(diff=_changes(saved, value_given=body.value is not None))
    return SecretBody.model_validate(saved.info)


def _changes(saved: SecretSaved, *, value_given: bool) -> list[Change]:
    """Return the changes for the audit: the hosts as they are, of the value only that it was given."""
    before = None if saved.before is None else list(saved.before.hosts)
    changes = json_diff({"hosts": before}, {"hosts": list(saved.info.hosts)})
    if value_given:
        changes.append({"path": "/value", "from": None if saved.before is None else MASKED, "to": MASKED})
    return changes


@router.delete(SECRET, raises=(SecretNotFound,))
async def delete_secret(services: ServicesDep, context: ContextDep, secret_name: str) -> SecretDeleted:
    """Forget a secret; a run that names it fails, and is not tried again."""
    await services.secrets.delete(secret_name)
    context.note(diff=[{"path": "/value", "from": MASKED, "to": None}])
    return SecretDeleted(name=secret_name, status="deleted")


# Sessions: sign in, list signed-in browsers, sign one out.

CURRENT = "current"


@router.get("/sessions", scope="open")
async def list_sessions(services: ServicesDep, context: ContextDep) -> list[SessionBody]:
    """Return the sessions of the caller's key, an admin's of all keys; the last used first."""
    actor, limits = context.actor, services.sessions.limits
    keyring = await services.key_cache.current()
    return [
        SessionBody.of(session, owner, limits, current=session.session_id == actor.session_id)
        for session in await services.sessions.live()
        if _may(actor, session) and (owner := keyring.owner(session.key_id)) is not None
    ]


@router.post("/sessions", status_code=201, raises=(KeyNotFound, Conflict), scope="open")
async def create_session(services: ServicesDep, context: ContextDep, request: Request) -> SessionCreated:
    """Sign in: make a session for the API key that was sent; its token is sent like a key from then on."""
    actor = context.actor
    if not actor.key_id or actor.session_id:
        raise Conflict(_("A session is made with an API key: send one as `Authorization: Bearer KEY`."))
    made, token = await _new_session(services, request, actor.key_id)
    owner = (await services.key_cache.current()).owner(actor.key_id)
    if owner is None:
        raise KeyNotFound(actor.key_id)
    context.note(target=f"session:{made.session_id}")
    return SessionCreated.of(made, owner, services.sessions.limits, current=False, token=token)


@router.post(
    "/sessions/link",
    status_code=201,
    raises=("unauthorized", "too_many_wrong_keys", "address_denied"),
    scope="open",
)
async def create_session_by_link(
    services: ServicesDep, context: ContextDep, request: Request, body: StrictBody[LinkRequest]
) -> SessionCreated:
    """Sign in with the code of a link, instead of a key; the code is used up."""
    key_id = await services.sign_in_codes.redeem(body.code)
    owner = None if key_id is None else (await services.key_cache.refresh()).owner(key_id)
    if key_id is None or owner is None or owner.is_expired(services.clock.now_ms()):
        services.failed_keys.failed(services.audit.origins.of(request.scope))
        # The local owner is gone as soon as there is a key.
        refusal = _KEYS_EXIST if key_id == LOCAL_ID else _LINK_USED
        raise HttpProblem("unauthorized", refusal, headers={"WWW-Authenticate": "Bearer"})
    # Before the session is made: it would be of no use at this address.
    person = Actor(owner.name, owner.role, key_id, addresses=owner.addresses)
    require_address(person, services.audit.origins.of(request.scope))
    made, token = await _new_session(services, request, key_id, way="link")
    context.act_as(replace(person, session_id=made.session_id))
    context.note(target=f"session:{made.session_id}")
    return SessionCreated.of(made, owner, services.sessions.limits, current=False, token=token)


_LINK_USED = _("This link was used, has expired, or is incomplete: make a new one with `multi-job open`.")
_KEYS_EXIST = _(
    "This deployment has keys now: sign in with one, or with a link of `multi-job keys link NAME`."
)


async def _new_session(
    services: Services, request: Request, key_id: str, way: Way = "key"
) -> tuple[Session, str]:
    """Make a session for a key or a user, for the browser of this request."""
    not_stored = {LOCAL_ID, *(key.key_id for key in fixed_keys(services.settings))}
    made = await services.sessions.create(
        key_id,
        services.audit.origins.of(request.scope),
        request.headers.get("User-Agent", ""),
        fixed=key_id in not_stored,
        way=way,
    )
    await services.key_cache.refresh()
    return made


@router.delete("/sessions/{session_id}", raises=(SessionNotFound,), scope="open")
async def end_session(services: ServicesDep, context: ContextDep, session_id: str) -> SessionEnded:
    """Sign out a session, `current` for the one of this request; an admin any, others those of their key.

    It is refused at once by every API process; its event streams end too.
    """
    ended = context.actor.session_id if session_id == CURRENT else session_id
    session = (await services.key_cache.current()).sessions.get(ended)
    if session is None or not _may(context.actor, session):
        raise SessionNotFound(session_id)
    context.note(target=f"session:{ended}")
    await services.sessions.end(ended)
    await services.key_cache.refresh()
    return SessionEnded(id=ended, status="ended")


def _may(actor: Actor, session: Session) -> bool:
    return actor.role is Role.ADMIN or session.key_id == actor.key_id


@router.get("/audit")
async def list_audit(
    services: ServicesDep,
    paging: PagingDep,
    actor: Annotated[str | None, Query(max_length=200)] = None,
    target: Annotated[
        str | None, Query(max_length=200, description="`job:a`; `job:` means all jobs.")
    ] = None,
    key_id: Annotated[
        str | None, Query(max_length=200, description="Acts with this API key, its sessions included.")
    ] = None,
) -> list[AuditBody]:
    """Return acts, newest first: every write but submissions, which carry their actor in the run."""
    page = await services.audit.log.list(AuditFilter(actor, target, key_id), paging.cursor, paging.limit)
    return paging.show(page, AuditBody.of)


@router.get("/policies")
async def list_policies(services: ServicesDep) -> list[PolicyBody]:
    """Return what each job type may do with its tools, and which rule says so."""
    return [PolicyBody.of(handler, services.policies) for handler in services.registry.specs()]
