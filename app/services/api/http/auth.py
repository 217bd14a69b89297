"""Authentication and role checks; routes only see an `Actor`.

A deployment without keys serves the owner of this machine: direct requests whose connection belongs to the
API's own user, as the kernel reports it. Once there is a key, every request needs one. `AUTH=off` lifts both,
`AUTH=key` serves no connection for its user alone. The dashboard checks addresses and headers by the same
rules (`ui/src/server/exposure.ts`); one table of cases tests both.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from app.core.access.api_keys import Role
from app.core.access.local_owner import LOCAL_NAME, LOCAL_TOKEN_PREFIX, why_no_connection_counts
from app.core.access.sessions import session_id_of
from app.core.background import run_forever, sleep_or_stop
from app.core.i18n import Message, _
from app.services.api.http.problems import HttpProblem

if TYPE_CHECKING:
    import asyncio

    from app.core.access.keyring import Keyring
    from app.core.access.sessions import Session
    from app.core.clock import Clock
    from app.core.config import Settings

OPEN_PATHS = frozenset({"/healthz", "/readyz"})
OPEN_ON_LOOPBACK = frozenset({"/metrics"})
# Remote services call these; the route checks their signature or token.
PING_PREFIX = "/ping/"
OPEN_PREFIXES = ("/webhooks/", PING_PREFIX)
# The route checks the code of a sign-in link.
SIGN_IN_PATHS = frozenset({"/sessions/link"})
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
            *("messages", "dead-letters", "pause", "resume", "reports", "metrics", "openapi.json"),
            *("me", "platform", "monitors", "incidents", "fires", "maintenance"),
        ),
        (Role.VIEWER, Role.OPERATOR),
    ),
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

    @property
    def is_admin(self) -> bool:
        """Return whether the caller has every right."""
        return self.role is Role.ADMIN


LOCAL = Actor(LOCAL_NAME, Role.ADMIN)
WEBHOOK = Actor("webhook", Role.VIEWER)
SIGNING_IN = Actor("sign-in", Role.VIEWER)
"""A person who is about to sign in."""
READER = Actor("reader", Role.VIEWER)
"""A reader of a status page."""


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
    token = _token_of(request_info.headers)
    if token is not None:
        found = keyring.find(token)
        if found is None:
            refusal = KEYS_GONE if keyring.keys_gone else _UNKNOWN
            if token.startswith(LOCAL_TOKEN_PREFIX):
                # Commands on this machine send it, whether or not keys are required by now.
                raise _unauthorized(_KEY_NEEDED if keyring.keys_required else refusal)
            # A browser whose session has ended repeats its request a few times; these are not guesses at a
            # key.
            raise _unauthorized(refusal) if session_id_of(token) else UnknownKey(refusal)
        return Actor(found.name, found.role, found.key_id, found.session_id)
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
    exposed = why_exposed(request_info)
    if exposed is None and keys_required and request_info.path in OPEN_ON_LOOPBACK:
        return None
    if keys_required:
        return _KEY_NEEDED
    reason = exposed or keyless.closed or request_info.why_not_ours()
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


# The API's keys and sessions, compared every second.
#
# They are read again after a change. Their last use is written at the same time, at most once in five minutes
# for a key or session.

# A new or revoked key counts on every replica within two seconds; reading takes a part of them.
REFRESH_SEC = 1.0
# Whatever the version says: another process keeps when a session was used, and that raises no version.
READ_ANYWAY_MS = 60_000
USE_MS = 300_000
MAX_MARKED = 10_000


class ApiKeyCache:
    """Holds the keyring of now; with Redis away the last one goes on being used."""

    def __init__(
        self,
        load: Callable[[], Awaitable[Keyring]],
        *,
        clock: Clock,
        stamp: Callable[[], Awaitable[Any]],
        mark_used: Callable[[Iterable[str], int], Awaitable[None]],
        touch: Callable[[Iterable[Session], int], Awaitable[None]],
        looked: Callable[[Keyring], None],
    ) -> None:
        self._load = load
        self._clock = clock
        self._stamp = stamp
        self._mark_used = mark_used
        self._touch = touch
        self._looked = looked
        self._keyring: Keyring | None = None
        self._seen: Any = None
        self._read_at_ms = 0
        self._marked: dict[str, int] = {}
        self.used: set[str] = set()
        """Ids of the keys that came since the last look; the guard adds them."""
        self.used_sessions: set[str] = set()

    async def current(self) -> Keyring:
        """Return the keyring; raises Unavailable as long as none could ever be read."""
        # No request is accepted on the assumption that there are no keys.
        return await self.refresh() if self._keyring is None else self._keyring

    def note(self, actor: Actor) -> None:
        """Remember that a request of this actor came."""
        self.used.add(actor.key_id)
        if actor.session_id:
            self.used_sessions.add(actor.session_id)

    async def refresh(self) -> Keyring:
        """Read the keys now, and end the streams of keys that are refused now."""
        self._keyring = await self._load()
        self._read_at_ms = self._clock.now_ms()
        self._looked(self._keyring)
        return self._keyring

    async def run(self, stop: asyncio.Event) -> None:
        """Look again and again until `stop`."""
        await run_forever("keys", self._step, stop)

    async def _step(self, stop: asyncio.Event) -> None:
        await self.mark()
        await sleep_or_stop(stop, REFRESH_SEC)

    async def mark(self) -> None:
        """Read the keys if they changed, and keep which keys and sessions were used."""
        keyring = await self._look()
        now_ms = self._clock.now_ms()
        used, self.used = self.used, set()
        sessions, self.used_sessions = self.used_sessions, set()
        # Not those that were revoked meanwhile: their last use was forgotten with them.
        keys = self._due((key_id for key_id in used if key_id in keyring), now_ms)
        if keys:
            await self._mark_used(keys, now_ms // USE_MS * USE_MS)
        for session_id in sessions & keyring.sessions.keys():
            keyring.sessions[session_id].last_seen = now_ms
        due = self._due(sessions & keyring.sessions.keys(), now_ms)
        if due:
            await self._touch([keyring.sessions[session_id] for session_id in due], now_ms)
        if len(self._marked) > MAX_MARKED:
            self._marked.clear()
        self._marked.update(dict.fromkeys((*keys, *due), now_ms))

    async def _look(self) -> Keyring:
        if self._keyring is not None:
            # A key or session may have expired since the last look, also while Redis is away.
            self._looked(self._keyring)
        # The stamp is read before the keys: a later change is seen at the next look.
        stamp = await self._stamp()
        late = self._clock.now_ms() - self._read_at_ms >= READ_ANYWAY_MS
        if self._keyring is None or stamp != self._seen or late:
            await self.refresh()
            self._seen = stamp
        return await self.current()

    def _due(self, ids: Iterable[str], now_ms: int) -> list[str]:
        return [each for each in ids if now_ms - self._marked.get(each, -USE_MS) >= USE_MS]
