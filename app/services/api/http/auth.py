"""Authentication and role checks; routes only see an `Actor`.

A deployment without keys serves direct requests from this machine (`exposure.py`). Once there is a key, every
request needs one. `AUTH=off` lifts both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from app.core.access.api_keys import Role
from app.core.access.sessions import session_id_of
from app.core.i18n import _
from app.services.api.http.exposure import ConnectionInfo, refuse_keyless
from app.services.api.http.problems import HttpProblem

if TYPE_CHECKING:
    from app.core.access.api_keys import Keyring

OPEN_PATHS = frozenset({"/healthz", "/readyz"})
OPEN_ON_LOOPBACK = frozenset({"/metrics"})
# Remote services call these; the route checks their signature.
OPEN_PREFIX = "/webhooks/"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

# The roles to read and to write, by the first part of a path. Viewers read, operators work; connections to
# the outside and access to the platform are for admins. A path that is not listed is for admins too, so that
# a forgotten route is not open.
AREAS: Mapping[str, tuple[Role, Role]] = {
    **dict.fromkeys(
        (
            *("jobs", "runs", "planner", "schedules", "job-types", "workers", "queue", "stats", "events"),
            *("messages", "dead-letters", "pause", "resume", "reports", "metrics", "openapi.json"),
            *("me", "platform"),
        ),
        (Role.VIEWER, Role.OPERATOR),
    ),
    # They contain inputs of runs.
    "exports": (Role.OPERATOR, Role.OPERATOR),
    **dict.fromkeys(("connectors", "policies", "settings"), (Role.VIEWER, Role.ADMIN)),
    **dict.fromkeys(("keys", "secrets", "audit"), (Role.ADMIN, Role.ADMIN)),
    # Every user signs in and out; the routes show and end the sessions of others for an admin only.
    "sessions": (Role.VIEWER, Role.VIEWER),
}
_FORGOTTEN = (Role.ADMIN, Role.ADMIN)

Headers = Mapping[bytes, list[bytes]]


@dataclass(frozen=True, slots=True)
class Actor:
    """The actor of a request: the name goes into versions and runs, the role decides what is allowed."""

    name: str
    role: Role
    key_id: str = ""
    """The id of the key in the request; empty for requests that need none."""
    session_id: str = ""
    """The session that was sent in place of its key."""


LOCAL = Actor("local", Role.ADMIN)
WEBHOOK = Actor("webhook", Role.VIEWER)


class RequestInfo(NamedTuple):
    """The facts of a request before its route is known."""

    method: str
    path: str
    peer: str | None
    """The address of the socket's other end."""
    server: str | None
    """The local address of the socket, not what the client says."""
    host: str
    """The `Host` header in lower case."""
    headers: Headers


def is_open(path: str) -> bool:
    """Return True if a path is open to all: probes, and requests that carry their own signature."""
    return path in OPEN_PATHS or path.startswith(OPEN_PREFIX)


def required_role(method: str, path: str) -> Role:
    """Return the least role that may do this; also for a path with `{parameters}`."""
    read, write = AREAS.get(path[1:].partition("/")[0], _FORGOTTEN)
    return read if method in SAFE_METHODS else write


def require_role(actor: Actor, request_info: RequestInfo) -> None:
    """Raise HttpProblem 403 if the actor's role is too low."""
    needed = required_role(request_info.method, request_info.path)
    if not actor.role.covers(needed):
        raise HttpProblem(
            "role_too_low",
            _(
                "This needs the role {needed}; {name!r} is {role}.",
                needed=needed,
                name=actor.name,
                role=actor.role,
            ),
        )


def identify(request_info: RequestInfo, keyring: Keyring, *, keyless_anywhere: bool) -> Actor:
    """Return the actor of a request; HttpProblem 401 if there is no valid key."""
    token = _token_of(request_info.headers)
    if token is not None:
        found = keyring.find(token)
        if found is None:
            refusal = KEYS_GONE if keyring.keys_gone else _UNKNOWN
            # A browser whose session has ended repeats its request a few times; these are not guesses at a
            # key.
            raise _unauthorized(refusal) if session_id_of(token) else UnknownKey(refusal)
        return Actor(found.name, found.role, found.key_id, found.session_id)
    refusal = refuse_keyless(
        ConnectionInfo(request_info.peer, request_info.server, request_info.host, request_info.headers),
        auth_off=keyless_anywhere,
        keys_required=keyring.keys_required,
        open_on_loopback=request_info.path in OPEN_ON_LOOPBACK,
    )
    if refusal is not None:
        raise _unauthorized(KEYS_GONE if keyring.keys_gone else refusal)
    return LOCAL


_UNKNOWN = _("This key is not known here, was revoked or has expired.")
KEYS_GONE = _(
    "This deployment needs a key, and its keys are gone: Redis has none that it made. On the "
    "machine, `multi-job keys create NAME --role admin` makes one; `multi-job doctor` says "
    "more."
)


class UnknownKey(HttpProblem):
    """401: the request has a key that does not exist."""

    def __init__(self, detail: str) -> None:
        super().__init__("unauthorized", detail, headers=_CHALLENGE)


_CHALLENGE: Mapping[str, str] = {"WWW-Authenticate": "Bearer"}


def _unauthorized(detail: str) -> HttpProblem:
    return HttpProblem("unauthorized", detail, headers=_CHALLENGE)


def _token_of(headers: Headers) -> str | None:
    """Return the key of a request; 401 if several contradict each other or none can be read."""
    sent = {value.decode("latin-1").strip() for value in headers.get(b"x-api-key", [])}
    for value in headers.get(b"authorization", []):
        scheme, _space, token = value.decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            raise _unauthorized(_("Only `Authorization: Bearer KEY` is known."))
        sent.add(token.strip())
    if len(sent) > 1:
        raise _unauthorized(_("Several keys were sent."))
    return sent.pop() if sent else None
