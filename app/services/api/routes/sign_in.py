"""Sign-in without a key, for people at the dashboard.

The dashboard's server calls these routes for a browser that has no session yet. It proves by the signed
origin header that it is the caller; others are refused, so that strangers cannot make the API call the
provider.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request

from app.core.access.audit import AuditedAction, AuditOutcome
from app.core.access.errors import AdminKeyNeeded, KeyNotFound, SignInRefused
from app.core.errors import Conflict, LimitExceeded, ProviderUnavailable
from app.core.fields import json_diff
from app.core.i18n import _
from app.services.api.http.auth import Actor
from app.services.api.http.body import StrictBody
from app.services.api.http.router import ContextDep, RequestContext, Router, ServicesDep
from app.services.api.schemas.access import SessionCreated
from app.services.api.schemas.sign_in import OidcAnswer, OidcStart, OidcStarted, OidcWay, SignInWays

if TYPE_CHECKING:
    from app.core.access.oidc.sign_in import OidcSignIn
    from app.core.access.users import UserChange
    from app.services.api.services import Services

router = Router("access")
_RAISES = (SignInRefused, ProviderUnavailable, "rate_limited")


@router.get("/sign-in")
async def get_sign_in_ways(services: ServicesDep) -> SignInWays:
    """Return how people can sign in besides with a key. Needs no key."""
    oidc = services.people.oidc
    return SignInWays(oidc=None if oidc is None else OidcWay(label=oidc.config.label))


@router.post("/sessions/oidc/start", raises=_RAISES)
async def start_oidc_sign_in(
    services: ServicesDep, context: ContextDep, request: Request, body: StrictBody[OidcStart]
) -> OidcStarted:
    """Begin a sign-in at the provider, for the dashboard alone. Nothing is stored."""
    oidc, _address = _begun(services, request)
    started = await oidc.start(body.host)
    context.leave_out()
    return OidcStarted.model_validate(started)


@router.post(
    "/sessions/oidc",
    status_code=201,
    raises=(*_RAISES, AdminKeyNeeded, Conflict, KeyNotFound, LimitExceeded),
)
async def sign_in_by_oidc(
    services: ServicesDep, context: ContextDep, request: Request, body: StrictBody[OidcAnswer]
) -> SessionCreated:
    """End a sign-in at the provider: make the user at the first one, and a session; for the dashboard alone.

    The role follows from the groups that the provider names, at each sign-in.
    """
    oidc, address = _begun(services, request)
    person = await oidc.finish(body.transaction, body.state, body.code, body.iss)
    change = await services.people.users.signed_in(person)
    user = change.user
    await _audit_user(services, context, change, address)
    made, token = await services.sessions.create(
        user.key_id,
        address,
        request.headers.get("User-Agent", ""),
        fixed=False,
        way="oidc",
        life_ms=oidc.config.session_ms,
    )
    context.act_as(Actor(user.name, user.role, user.key_id, made.session_id))
    context.note(target=f"session:{made.session_id}", diff=json_diff({}, {"provider": person.issuer}))
    owner = (await services.key_cache.refresh()).owner(user.key_id)
    if owner is None:
        raise KeyNotFound(user.key_id)
    return SessionCreated.of(made, owner, services.sessions.limits, current=False, token=token)


def _begun(services: Services, request: Request) -> tuple[OidcSignIn, str]:
    """Return the provider and the person's address; raises SignInRefused and HttpProblem 429."""
    if services.people.oidc is None:
        raise SignInRefused(_("No sign-in provider is set: OIDC_ISSUER names one."))
    address = services.audit.origins.proven(request.scope)
    if address is None:
        raise SignInRefused(
            _(
                "Only the dashboard of this deployment may do this. The API and the dashboard need the same "
                "UI_SESSION_SECRET, or the file that holds it."
            )
        )
    services.people.limits.check(address)
    return services.people.oidc, address


async def _audit_user(services: Services, context: RequestContext, change: UserChange, address: str) -> None:
    """Audit a new user, or another role, as an act of its own beside the sign-in."""
    user = change.user
    if change.role_before == user.role:
        return
    diff = json_diff(
        {} if change.is_new else {"role": change.role_before},
        {"role": user.role, **({"name": user.name, "provider": user.provider} if change.is_new else {})},
    )
    await services.audit.write(
        AuditedAction(
            actor=user.name,
            role=user.role,
            action="create_user" if change.is_new else "set_user_role",
            target=f"key:{user.key_id}",
            outcome=AuditOutcome.OK,
            origin=address,
            trace_id=context.trace_id,
            diff=diff,
            key_id=user.key_id,
            is_admins_only=True,
        )
    )
