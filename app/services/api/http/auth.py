"""Authentication and role checks; routes only see an `Actor`.

A deployment without keys serves the owner of this machine: direct requests whose connection belongs to the
API's own user, as the kernel reports it. Once there is a key, every request needs one. `AUTH=off` lifts both,
`AUTH=key` serves no connection for its user alone. The dashboard checks addresses and headers by the same
rules (`ui/src/server/access/exposure.ts`); one table of cases tests both.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, Self

from app.core.access.api_keys import Role
from app.core.access.local_owner import LOCAL_NAME, LOCAL_TOKEN_PREFIX, why_no_connection_counts
from app.core.access.sessions import session_id_of
from app.core.i18n import Message, _
from app.core.net.credentials import RefusedCredential, read_credential
from app.services.api.http.problems import HttpProblem

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.core.access.keyring import Keyring
    from app.core.config import Settings

OPEN_PATHS = frozenset({"/healthz", "/readyz", "/sign-in"})
METRICS_PATH = "/metrics"
# Remote services call these; the route checks their signature or token.
PING_PREFIX = "/ping/"
OPEN_PREFIXES = ("/webhooks/", PING_PREFIX)
# The route checks the code of a sign-in link. The others let only our dashboard begin and end a sign-in.
SIGN_IN_PATHS = frozenset({"/sessions/link", "/sessions/oidc", "/sessions/oidc/start"})
# Readers without a key; the route shows published pages only.
PUBLIC_PREFIX = "/status/"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

# The roles to read and to write, by the first part of a path. Viewers read, operators work; connections to
# the outside and access to the platform are for admins. A path that is not listed is for admins too, so that
# a forgotten route is not open.
AREAS: Mapping[str, tuple[Role, Role]] = {
    **dict.fromkeys(
        (
            *("jobs", "runs", "planner", "schedules", "calendars", "job-types", "workers", "queue", "queues"),
            *("stats", "events"),
            *("messages", "dead-letters", "pause", "resume", "reports", "openapi.json"),
            *("platform", "monitors", "incidents", "fires", "maintenance"),
        ),
        (Role.VIEWER, Role.OPERATOR),
    ),
    **dict.fromkeys(("metrics", "me"), (Role.METRICS, Role.OPERATOR)),
    # They show ping URLs.
    "pings": (Role.OPERATOR, Role.OPERATOR),
    # They contain inputs of runs.
    "exports": (Role.OPERATOR, Role.OPERATOR),
    **dict.fromkeys(
        ("connectors", "contacts", "policies", "settings", "status-pages", "notification-rules"),
        (Role.VIEWER, Role.ADMIN),
    ),
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
    principal: str = ""
    """The id that the key shares with its successors; empty for requests that need no key."""
    scope: tuple[str, ...] = ()
    """Entries of the key's scope; empty for all jobs."""
    addresses: tuple[str, ...] = ()
    """Networks from which the key is accepted; empty for all."""

    @property
    def is_admin(self) -> bool:
        """Return whether the caller has every right."""
        return self.role is Role.ADMIN


LOCAL = Actor(LOCAL_NAME, Role.ADMIN)
WEBHOOK = Actor("webhook", Role.VIEWER)
SIGNING_IN = Actor("sign-in", Role.VIEWER)
"""A person who is about to sign in."""
READER = Actor("reader", Role.VIEWER)
"""A reader of a status page, or of the metrics if METRICS_OPEN is set."""


class RequestInfo(NamedTuple):
    """The facts of a request before its route is known."""

    method: str
    path: str
    peer: str | None
    """The address of the socket's other end; None when unknown."""
    server: str | None
    """The local address of the socket, not what the client says."""
    host: str
    """The `Host` header in lower case, with or without a port."""
    headers: Headers
    """All headers by their names in lower case."""
    why_not_ours: Callable[[], str | None]
    """Returns why the caller is not proved to be the API's own user; None if it is proved."""


def is_open(path: str) -> bool:
    """Return True if a path is open to all: probes, status pages, requests with a proof of their own."""
    return path in OPEN_PATHS | SIGN_IN_PATHS or path.startswith((*OPEN_PREFIXES, PUBLIC_PREFIX))


def required_role(method: str, path: str) -> Role:
    """Return the least role that may do this; also for a path with `{parameters}`."""
    read, write = AREAS.get(path[1:].partition("/")[0], _FORGOTTEN)
    return read if method in SAFE_METHODS else write


def require_role(actor: Actor, request_info: RequestInfo) -> None:
    """Raise HttpProblem 403 if the actor's role is too low."""
    if actor.is_admin:
        return
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


def identify(request_info: RequestInfo, keyring: Keyring, keyless: KeylessRules) -> Actor:
    """Return the actor of a request; HttpProblem 401 if there is no valid key."""
    token = read_credential(request_info.headers)
    if isinstance(token, RefusedCredential):
        raise _unauthorized(token.reason)
    if token is not None:
        found = keyring.find(token)
        if found is None:
            refusal = KEYS_GONE if keyring.keys_gone else _UNKNOWN
            if token.startswith(LOCAL_TOKEN_PREFIX):
                # Commands on this machine send it, whether or not keys are required by now.
                raise _unauthorized(_KEY_NEEDED if keyring.keys_required else refusal)
            raise UnknownToken(refusal, token)
        return Actor(
            *(found.name, found.role, found.key_id, found.session_id, found.principal_id),
            scope=found.scope,
            addresses=found.addresses,
        )
    refusal = refuse_keyless(request_info, keyless, keys_required=keyring.keys_required)
    if refusal is not None:
        raise _unauthorized(KEYS_GONE if keyring.keys_gone else refusal)
    return LOCAL


_UNKNOWN = _("This key is not known here, was revoked or has expired.")
KEYS_GONE = _(
    "This deployment needs a key, and its keys are gone: Redis has none that it made. On the "
    "machine, `multi-job keys create NAME --role admin` makes one; `multi-job doctor` says "
    "more."
)


class UnknownToken(HttpProblem):
    """401: the request has a key or a session that the keyring does not have."""

    def __init__(self, detail: str, token: str) -> None:
        super().__init__("unauthorized", detail, headers=_CHALLENGE)
        self.token = token

    @property
    def is_guess(self) -> bool:
        """Return whether it may be a guess at a key."""
        # A browser whose session has ended repeats its request a few times; that is no guess.
        return not session_id_of(self.token)


_CHALLENGE: Mapping[str, str] = {"WWW-Authenticate": "Bearer"}


def _unauthorized(detail: str) -> HttpProblem:
    return HttpProblem("unauthorized", detail, headers=_CHALLENGE)


# Requests without a key.

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
# Proxies, tunnels and CDNs add at least one of these to a request that they pass on. Lower case.
FORWARDING_HEADERS = frozenset(
    {
        *(b"forwarded", b"via", b"cdn-loop", b"client-ip", b"true-client-ip", b"fastly-client-ip"),
        *(b"x-client-ip", b"x-cluster-client-ip", b"x-real-ip", b"x-real-port", b"x-remote-ip"),
        *(b"x-proxyuser-ip", b"x-envoy-external-address", b"x-azure-clientip"),
    }
)
FORWARDING_PREFIXES = (b"x-forwarded", b"x-original-", b"cf-")
_NEXT_STEP = f"multi-job keys create NAME --role {Role.ADMIN}"
_KEY_NEEDED = _(
    "A key is needed: `Authorization: Bearer KEY` or `X-API-Key: KEY`. `{next_step}` "
    "on the machine makes one.",
    next_step=_NEXT_STEP,
)


def why_exposed(request_info: RequestInfo) -> str | None:
    """Return the condition that a request from this machine meets and this one does not; else None."""
    if request_info.peer is None or not is_loopback(request_info.peer):
        return f"the peer {request_info.peer or 'without an address'} is not loopback"
    if request_info.server is None or not is_loopback(request_info.server):
        return f"the server's socket {request_info.server or 'without an address'} is not loopback"
    if not _is_loopback_name(request_info.host):
        return f"Host {request_info.host[:100]!r} is not a loopback name"
    names = request_info.headers
    # Every request without a key passes here: two look-ups in C, and the name is found only for a refusal.
    if FORWARDING_HEADERS.isdisjoint(names) and not [n for n in names if n.startswith(FORWARDING_PREFIXES)]:
        return None
    found = next(name for name in names if name in FORWARDING_HEADERS or name.startswith(FORWARDING_PREFIXES))
    return f"the header {found[:100].decode('latin-1')!r} says that a proxy passed it on"


class KeylessRules(NamedTuple):
    """What the settings say about requests without a key."""

    auth_off: bool
    """Everybody is served."""
    closed: Message | None
    """Why no connection is served for its user alone; None if its user is asked for."""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Read the settings, and whether this is a container."""
        return cls(settings.auth == "off", why_no_connection_counts(settings))


def refuse_keyless(
    request_info: RequestInfo, keyless: KeylessRules, *, keys_required: bool
) -> Message | str | None:
    """Return why a request without a key is refused, in both languages; None if it is served."""
    if keyless.auth_off:
        return None
    if keys_required:
        return _KEY_NEEDED
    reason = why_exposed(request_info) or keyless.closed or request_info.why_not_ours()
    if reason is None:
        return None
    return _(
        "Without a key only the user who runs the API is served, directly from this machine: {reason}. "
        "On the machine, `multi-job open` gives a link to sign in, `multi-job key` a key for programs, "
        "and `{next_step}` makes a lasting key.",
        reason=reason,
        next_step=_NEXT_STEP,
    )


def name_of(host: str) -> str:
    """Return a `Host` header without its port."""
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host


@lru_cache(maxsize=64)
def _is_loopback_name(host: str) -> bool:
    return name_of(host) in LOOPBACK_HOSTS


@lru_cache(maxsize=64)
def is_loopback(address: str) -> bool:
    """Return whether an IP address is loopback; an IPv4 address inside IPv6 counts as that IPv4 address."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return (mapped or parsed).is_loopback
