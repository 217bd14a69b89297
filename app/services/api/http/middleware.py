"""The ASGI middleware that every request passes before its route.

In order: Host (421), Origin and Sec-Fetch-Site (403), authentication (401), the key's addresses (403), rate
limit (429), role (403), the key's scope (403, 404), size (413), Content-Type of writes (415). The
body of a write is read here, with a limit, so that no route can forget one. Every response gets the trace id,
and an unexpected error becomes a 500 without details. A write is in the audit before its response is sent.
"""

from __future__ import annotations

import os
import re
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from app.core.errors import MultiJobError
from app.core.i18n import Language, _, reader_language
from app.core.ids import new_trace_id
from app.core.monitors.pings import MAX_OUTPUT_BYTES
from app.core.observability import get_logger
from app.core.tracing.spans import parse_traceparent
from app.services.api.http.audit import AuditDraft
from app.services.api.http.auth import (
    LOCAL,
    LOOPBACK_HOSTS,
    METRICS_PATH,
    OPEN_PATHS,
    OPEN_PREFIXES,
    PING_PREFIX,
    PUBLIC_PREFIX,
    READER,
    SAFE_METHODS,
    SIGN_IN_PATHS,
    SIGNING_IN,
    WEBHOOK,
    Actor,
    Headers,
    KeylessRules,
    RequestInfo,
    UnknownToken,
    identify,
    name_of,
    require_role,
)
from app.services.api.http.problems import HttpProblem, log_and_render, render_crash, render_http
from app.services.api.http.responses import in_language, preferred_language
from app.services.api.http.router import CONTEXT_KEY, RequestContext
from app.services.api.http.scope import admitted_scope, require_address

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from app.core.config import Settings
    from app.services.api.http.router import DirectRoute
    from app.services.api.services import Services

log = get_logger(__name__)


# Requests that make runs have their actor in the run; preview requests change nothing.
_SUBMISSIONS = re.compile(
    r"/connectors/[^/]+/accounts/[^/]+/chats|"
    r"/jobs/[^/]+/run|/runs/batch|/runs/[^/]+/rerun|/planner/plan(-ai)?|/schedules/preview|/jobs/check"
)
# An export holds the whole deployment, so its downloads are in the audit as well.
_DOWNLOADS = "/exports/"


class RequestRules:
    """The settings that the gate goes by. Loopback names are always served: no other page can have them."""

    def __init__(self, settings: Settings) -> None:
        self.hosts = LOOPBACK_HOSTS | {host.lower() for host in settings.allowed_hosts}
        self.origins = frozenset(origin.lower().rstrip("/") for origin in settings.allowed_origins)
        self.keyless = KeylessRules.of(settings)
        self.metrics_open = settings.metrics_open
        self.max_body_bytes = settings.max_body_bytes

    def check_host(self, hosts: list[bytes]) -> str:
        """Return the Host header in lower case; 421 unless exactly one came and it is served."""
        host = hosts[0].decode("latin-1").lower() if len(hosts) == 1 else ""
        # An entry without a port serves the name on every port.
        if host in self.hosts or name_of(host) in self.hosts or "*" in self.hosts:
            return host
        raise HttpProblem(
            "wrong_host",
            _("Host {host!r} is not served here; ALLOWED_HOSTS names those that are.", host=host[:100]),
        )


class RequestGate:
    """The middleware; it finds its `RequestRules` in `app.state.rules`.

    It calls the functions of `direct` routes itself. All other requests go to `app`.
    """

    def __init__(self, app: ASGIApp, direct: tuple[DirectRoute, ...] = ()) -> None:
        self._app = app
        self._direct = direct

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = _collect(scope["headers"])
        trace_id = _trace_of(headers.get(b"traceparent"))
        audit_draft = None
        if is_audited(scope["method"], scope["path"]):
            audit_draft = AuditDraft(scope["app"].state.services.audit, scope, trace_id)
        accept = headers.get(b"accept-language")
        language = preferred_language(b",".join(accept).decode("latin-1")) if accept else "en"
        reader = reader_language.set(language) if accept else None
        answer = _Answer(send, trace_id, audit_draft, language)
        try:
            scope[CONTEXT_KEY] = await self._admit(scope, headers, receive, trace_id, audit_draft)
            await self._route_of(scope)(scope, receive, answer.send)
        except HttpProblem as problem:
            await render_http(problem, scope, trace_id)(scope, receive, answer.send)
        except MultiJobError as error:
            # From here and direct routes: what others raise is rendered inside the application.
            await log_and_render(error, scope, trace_id)(scope, receive, answer.send)
        except Exception as error:
            if _is_closed_socket(error):
                # uvicorn learns of the disconnect later; it logs an earlier return as an unfinished answer.
                while (await receive())["type"] != "http.disconnect":
                    pass
                return
            log.exception("request failed", trace_id=trace_id, method=scope["method"], path=scope["path"])
            if answer.started:
                raise
            await render_crash(scope, trace_id)(scope, receive, answer.send)
        finally:
            if reader is not None:
                reader_language.reset(reader)

    def _route_of(self, scope: Scope) -> ASGIApp:
        for route in self._direct:
            if route.takes(scope):
                return route.serve
        return self._app

    async def _admit(
        self,
        scope: Scope,
        headers: Headers,
        receive: Receive,
        trace_id: str,
        audit_draft: AuditDraft | None,
    ) -> RequestContext:
        state = scope["app"].state
        rules: RequestRules = state.rules
        services: Services = state.services
        host = rules.check_host(headers.get(b"host", []))
        is_write = scope["method"] not in SAFE_METHODS
        if b"origin" in headers or b"sec-fetch-site" in headers:
            check_origin(headers, host, rules.origins, is_write=is_write)
        peer, server = scope.get("client"), scope.get("server")
        request_info = RequestInfo(
            scope["method"],
            scope["path"],
            peer[0] if peer else None,
            server[0] if server else None,
            host,
            headers,
            partial(services.audit.origins.why_not_ours, scope, headers),
        )
        actor = await _actor_of(request_info, scope, services, rules, audit_draft)
        limits = await admitted_scope(actor, scope, services) if actor.scope else None
        if not is_write:
            return RequestContext(trace_id, actor, headers, scope=limits)
        is_ping = request_info.path.startswith(PING_PREFIX)
        most = MAX_PING_BODY_BYTES if is_ping else rules.max_body_bytes
        _check_length(headers.get(b"content-length"), most)
        if actor is not WEBHOOK:
            check_media_type(headers)
        body = await _read_body(receive, most, MAX_OUTPUT_BYTES if is_ping else most)
        if body and b"content-type" not in headers and actor is not WEBHOOK:
            # A server may pass on a body that the head did not announce.
            raise unsupported(is_empty=False)
        return RequestContext(trace_id, actor, headers, body, audit_draft, limits)


async def _actor_of(
    request_info: RequestInfo,
    scope: Scope,
    services: Services,
    rules: RequestRules,
    audit_draft: AuditDraft | None,
) -> Actor:
    if request_info.path in OPEN_PATHS:
        # Probes are answered while Redis, and so the keys, are out of reach.
        return LOCAL
    if request_info.path.startswith(OPEN_PREFIXES):
        # Pings have a limit for each token, so that none hides another.
        if not request_info.path.startswith(PING_PREFIX):
            services.limits.check(WEBHOOK)
        return WEBHOOK
    if request_info.path.startswith(PUBLIC_PREFIX) and request_info.method in SAFE_METHODS:
        services.limits.check(READER)
        return READER
    if request_info.path in SIGN_IN_PATHS and request_info.method == "POST":
        services.limits.check(SIGNING_IN)
        return SIGNING_IN
    if rules.metrics_open and request_info.path == METRICS_PATH and request_info.method in SAFE_METHODS:
        services.limits.check(READER)
        return READER
    keyring = await services.key_cache.current()
    try:
        actor = identify(request_info, keyring, rules.keyless)
    except UnknownToken as unknown:
        actor = await _looked_up(unknown, request_info, scope, services, rules)
    if audit_draft is not None:
        audit_draft.actor = actor
    if actor.addresses:
        require_address(actor, services.audit.origins.of(scope))
    services.key_cache.note(actor)
    services.limits.check(actor)
    require_role(actor, request_info)
    return actor


async def _looked_up(
    unknown: UnknownToken, request_info: RequestInfo, scope: Scope, services: Services, rules: RequestRules
) -> Actor:
    """Return the actor of a key or session that was made just now; UnknownToken if there is none."""
    origin = services.audit.origins.of(scope)
    newer = await services.key_cache.look_up(unknown.token, origin)
    if newer is not None:
        try:
            return identify(request_info, newer, rules.keyless)
        except UnknownToken as still_unknown:
            unknown = still_unknown
    if unknown.is_guess:
        services.failed_keys.failed(origin)
    raise unknown


class _Answer:
    """Adds the headers that every answer carries and remembers that one has begun."""

    __slots__ = ("_audit_draft", "_language", "_send", "_trace_id", "started")

    def __init__(self, send: Send, trace_id: str, audit_draft: AuditDraft | None, language: Language) -> None:
        self._send = send
        self._language: Language = language
        self._trace_id = trace_id
        self._audit_draft = audit_draft
        self.started = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            raw: list[Any] = message["headers"]
            span = os.urandom(8).hex()
            raw.append((b"traceparent", f"00-{self._trace_id}-{span}-01".encode()))
            raw.append((b"x-trace-id", self._trace_id.encode()))
            raw.append((b"x-content-type-options", b"nosniff"))
            names = dict(raw)
            if b"cache-control" not in names:
                raw.append((b"cache-control", b"no-store"))
            is_json = names.get(b"content-type") == b"application/json"
            if self._language != "en" and is_json and b"content-language" not in names:
                raw += [
                    (name.lower().encode(), text.encode())
                    for name, text in in_language(self._language).items()
                ]
            self.started = True
            if self._audit_draft is not None:
                await self._audit_draft.write(message["status"])
        await self._send(message)


def _is_closed_socket(error: Exception) -> bool:
    """Return whether uvloop refused to write because the client has left."""
    return isinstance(error, RuntimeError) and "the handler is closed" in str(error)


def _collect(raw: list[tuple[bytes, bytes]]) -> Headers:
    headers: dict[bytes, list[bytes]] = {}
    for name, value in raw:
        headers.setdefault(name, []).append(value)
    return headers


def _trace_of(values: list[bytes] | None) -> str:
    # Two of them contradict each other; neither is taken.
    if values is None or len(values) != 1:
        return new_trace_id()
    above = parse_traceparent(values[0].decode("latin-1"))
    return new_trace_id() if above is None else above.trace_id


MAX_PING_BODY_BYTES = 67_108_864
"""A program may send its whole log, of which the beginning is kept: its ping counts."""


def _check_length(values: list[bytes] | None, limit: int) -> None:
    if values and values[0].isdigit() and int(values[0][:20]) > limit:
        raise _too_large(limit)


async def _read_body(receive: Receive, limit: int, kept_bytes: int) -> bytes:
    """Return the first bytes of a body of up to `limit` bytes; HttpProblem if it is larger."""
    chunks: list[bytes] = []
    size, more = 0, True
    while more and size <= limit:
        message = await receive()
        if message["type"] == "http.disconnect":
            # A part of a body must not pass for the whole. Only the audit sees this answer.
            raise HttpProblem("bad_request", _("The connection ended amid the body."))
        chunk: bytes = message.get("body", b"")
        if size < kept_bytes:
            chunks.append(chunk[: kept_bytes - size])
        size += len(chunk)
        more = message.get("more_body", False)
    if size > limit:
        raise _too_large(limit)
    return b"".join(chunks)


def _too_large(limit: int) -> HttpProblem:
    return HttpProblem(
        "body_too_large",
        _("The body is larger than {limit} bytes (MAX_BODY_BYTES).", limit=limit),
    )


def is_audited(method: str, path: str) -> bool:
    """Return whether a request is audited: a write that is no submission, or the download of an export."""
    if method in SAFE_METHODS or path.startswith(OPEN_PREFIXES):
        return method == "GET" and path.startswith(_DOWNLOADS)
    return method != "POST" or _SUBMISSIONS.fullmatch(path) is None


# Refuses requests that pages of other sites send.
#
# A write without a body and without `Content-Type` is served, so that `curl -X POST …/run` works. It is safe
# against other sites, because no browser can send one from there that passes these checks:
#
# - A form, and `fetch` or `sendBeacon` with `mode: no-cors`, send `Origin` with every POST: the page's own,
# or `null` if the page hides it. Both are foreign. Browsers have done so since 2020, and also send
# `Sec-Fetch-Site`, which no script can set.
# - A form sends a `Content-Type` also if it has no field, in older browsers too. No form can send JSON.
# - PUT, DELETE and JSON from another site begin with a preflight, `OPTIONS` with that page's `Origin`.
# - A page that reached this machine by DNS rebinding sends its own name as `Host`; the guard checks
#   that first.

MEDIA_TYPE = "application/json"
_OWN_SITE = frozenset({b"same-origin", b"none"})


def check_origin(headers: Headers, host: str, allowed: frozenset[str], *, is_write: bool) -> None:
    """Raise 403 unless the page that sends a request is ours or one of ALLOWED_ORIGINS.

    `host`: the Host header in lower case.
    """
    origins = [raw.decode("latin-1").lower() for raw in headers.get(b"origin", [])]
    for origin in origins:
        if origin not in allowed and not (_is_web(origin) and origin.partition("://")[2] == host):
            raise HttpProblem(
                "foreign_origin",
                _(
                    "Pages of {origin!r} may not use this API; ALLOWED_ORIGINS names those that may.",
                    origin=origin[:100],
                ),
            )
    if not is_write or (origins and allowed.issuperset(origins)):
        return
    if foreign := [site for site in headers.get(b"sec-fetch-site", []) if site not in _OWN_SITE]:
        raise HttpProblem(
            "foreign_origin",
            _(
                "A page of another site sent this (Sec-Fetch-Site: {decode!r}); ALLOWED_ORIGINS "
                "names those that may.",
                decode=foreign[0][:100].decode("latin-1"),
            ),
        )


def _is_web(origin: str) -> bool:
    return urlsplit(origin).scheme in {"http", "https"}


def check_media_type(headers: Headers) -> None:
    """Raise 415 unless a write is JSON, or says neither a type nor a body."""
    values = headers.get(b"content-type", [])
    if not values and not _has_body(headers):
        return
    media_type, _, parameters = (
        values[0].decode("latin-1").lower().partition(";") if len(values) == 1 else ("", "", "")
    )
    charset = parameters.replace('"', "").replace(" ", "")
    if media_type.strip() != MEDIA_TYPE or charset not in {"", "charset=utf-8", "charset=utf8"}:
        raise unsupported(is_empty=not _has_body(headers))


def unsupported(*, is_empty: bool) -> HttpProblem:
    """Return the 415; `is_empty`: the request has a type and no body."""
    hint = (
        _("Leave the type out, or send JSON; curl adds a form's type with `-d`.")
        if is_empty
        else _("Use `Content-Type: application/json`.")
    )
    return HttpProblem("unsupported_media_type", f"A write with a body or a type must be JSON. {hint}")


def _has_body(headers: Headers) -> bool:
    lengths = headers.get(b"content-length", [])
    return b"transfer-encoding" in headers or any(length.strip(b"0") for length in lengths)
