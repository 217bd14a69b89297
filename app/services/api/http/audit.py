"""Audits write requests, between the route's answer and the response.

So an acknowledged change is in the audit. If Redis is out of reach then, the change has still happened: the
response is sent unchanged, the entry is logged as an error, and the number of such entries is stored with the
next one that is written.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from starlette.routing import Match

from app.core.access.audit import AuditedAction, AuditOutcome
from app.core.access.records import Role
from app.core.observability import get_logger
from app.core.proxies import origin_of, plain_address
from app.services.api.http.auth import required_role
from app.services.api.http.limits import TokenBucket

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI
    from starlette.types import Scope

    from app.core.access.audit import Audit
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.fields import Change
    from app.services.api.http.auth import Actor

# The kinds of targets, by the parameters of a path.
_KINDS = {
    "job_id": "job",
    "run_id": "run",
    "message_id": "message",
    "key_id": "key",
    "secret_name": "secret",
    "contact_name": "contact",
    "calendar_name": "calendar",
    "maintenance_id": "maintenance",
    "session_id": "session",
    "export_id": "export",
}
UNKNOWN_ACTOR = "unknown"
# Anyone can cause refusals: this many a second are written, the others are counted.
REFUSALS_PER_SEC, REFUSALS_AT_ONCE = 5.0, 100.0
_SERVER_ERROR, _CLIENT_ERROR, _METHOD_NOT_ALLOWED = 500, 400, 405
_NOT_MODIFIED = 304

log = get_logger(__name__)


class AuditWriter:
    """The state that the audit drafts of a process share."""

    def __init__(self, audit: Audit, clock: Clock, origins: OriginReader) -> None:
        self.log = audit
        self.origins = origins
        self._clock = clock
        self._refusals = TokenBucket(REFUSALS_PER_SEC, REFUSALS_AT_ONCE, clock.monotonic())
        self._skipped = 0
        self.lost = 0

    async def write(self, act: AuditedAction) -> None:
        """Write an action; an error does not reach the caller."""
        if act.outcome is AuditOutcome.REFUSED and self._refusals.take(self._clock.monotonic()):
            self._skipped += 1
            return
        skipped, self._skipped = (
            (self._skipped, 0) if act.outcome is AuditOutcome.REFUSED else (0, self._skipped)
        )
        lost, self.lost = self.lost, 0
        try:
            await self.log.write(replace(act, skipped=skipped), lost)
        except Exception:
            self.lost += lost + 1
            self._skipped += skipped
            logged = ("actor", "key_id", "role", "action", "target", "outcome", "trace_id", "diff")
            log.exception("not audited", **{name: getattr(act, name) for name in logged})


class AuditDraft:
    """The facts of one write, collected during the request."""

    __slots__ = ("_scope", "_trace_id", "_writer", "actor", "diff", "is_left_out", "target")

    def __init__(self, writer: AuditWriter, scope: Scope, trace_id: str) -> None:
        self._writer = writer
        self._scope = scope
        self._trace_id = trace_id
        self.actor: Actor | None = None
        self.target: str | None = None
        self.diff: Sequence[Change] = ()
        self.is_left_out = False

    async def write(self, status: int) -> None:
        """Store the action, once the status of its response is known."""
        # A 304 sends nothing: the caller has the file already.
        if status == _NOT_MODIFIED or (self.is_left_out and _outcome_of(status) is AuditOutcome.OK):
            return
        action, parameters = _route_of(self._scope)
        if status == _METHOD_NOT_ALLOWED:
            # The framework's route belongs to another method.
            action = self._scope["method"]
        await self._writer.write(
            AuditedAction(
                actor=UNKNOWN_ACTOR if self.actor is None else self.actor.name,
                role="" if self.actor is None else self.actor.role,
                action=action,
                target=self.target or _target_of(parameters, self._scope["path"]),
                outcome=_outcome_of(status),
                origin=self._writer.origins.of(self._scope),
                status=status,
                trace_id=self._trace_id,
                diff=self.diff,
                key_id="" if self.actor is None else self.actor.key_id,
                session_id="" if self.actor is None else self.actor.session_id,
                is_admins_only=required_role(self._scope["method"], self._scope["path"]) is Role.ADMIN,
            )
        )


def _outcome_of(status: int) -> AuditOutcome:
    if status >= _SERVER_ERROR:
        return AuditOutcome.FAILED
    return AuditOutcome.REFUSED if status >= _CLIENT_ERROR else AuditOutcome.OK


def _route_of(scope: Scope) -> tuple[str, dict[str, str]]:
    """Return the name of the operation and its path's parameters, even if the route was not reached."""
    if "route" in scope:
        return scope["route"].name, scope["path_params"]
    app = cast("FastAPI", scope["app"])
    for route in app.router.routes:
        match, found = route.matches(scope)
        if match is Match.FULL:
            name: str = getattr(route, "name", "")
            return name, cast("dict[str, Any]", found).get("path_params", {})
    return scope["method"], {}


def _target_of(parameters: dict[str, str], path: str) -> str:
    if "account_id" in parameters:
        return f"account:{parameters.get('channel', '')}:{parameters['account_id']}"
    return next((f"{kind}:{parameters[name]}" for name, kind in _KINDS.items() if name in parameters), path)


# The origin address of a request, for the audit, sessions and wrong keys.
#
# It is the socket's peer. Behind a proxy of TRUSTED_PROXIES it is the address that this proxy saw. For
# requests of our dashboard it is the address of its user, which the dashboard proves with a shared secret.


ORIGIN_HEADER = b"x-multi-job-origin"
_INFO = b"multi-job origin v1"
# The dashboard signs each request; clocks of two containers may differ a little.
MAX_AGE_SEC = 60
_PARTS = 3
_LOOK_EACH_SEC = 1.0


class OriginReader:
    """Finds the origin address of a request; trusts no header that any client can send."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._trusted = settings.trusted_proxies
        self._clock = clock
        self._secret = _DashboardSecret(settings, clock)

    def of(self, scope: Mapping[str, Any]) -> str:
        """Return the address; empty if the server does not know its peer."""
        client = scope.get("client")
        peer = str(client[0]) if client else ""
        sent: dict[bytes, list[str]] = {}
        for name, value in scope["headers"]:
            if name in {ORIGIN_HEADER, b"x-forwarded-for", b"forwarded"}:
                sent.setdefault(name, []).append(value.decode("latin-1"))
        if not sent:
            return peer
        proven = self._proven(sent.get(ORIGIN_HEADER, []), scope["method"])
        if proven is not None:
            return proven
        return origin_of(peer, self._trusted, sent.get(b"x-forwarded-for", []), sent.get(b"forwarded", []))

    def _proven(self, values: list[str], method: str) -> str | None:
        parts = values[0].split(";") if len(values) == 1 else []
        secret = self._secret.read() if len(parts) == _PARTS else None
        if secret is None:
            return None
        address, seconds, mac = parts
        plain = plain_address(address)
        if plain is None or not seconds.isdigit() or not mac.isascii():
            return None
        if abs(self._clock.now_ms() / 1000 - int(seconds[:15])) > MAX_AGE_SEC:
            return None
        return plain if hmac.compare_digest(proof(secret, method, seconds, address), mac) else None


def proof(secret: str, method: str, seconds: str, address: str) -> str:
    """Return the MAC of an origin, as the dashboard makes it (`ui/src/server/origin.ts`)."""
    key = hmac.digest(secret.encode(), _INFO, "sha256")
    return hmac.digest(key, f"{method}\n{seconds}\n{address}".encode(), "sha256").hex()


class _DashboardSecret:
    """UI_SESSION_SECRET, or the file that the dashboard makes; read again if it changes."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._clock = clock
        self._given = settings.ui_session_secret.get_secret_value()
        self._file = settings.ui_session_secret_file or settings.data_dir / "ui-session.key"
        self._kept: str | None = None
        self._looked_at = float("-inf")

    def read(self) -> str | None:
        """Return the secret; None if there is none, at most one look at the disk a second."""
        now = self._clock.monotonic()
        if not self._given and now - self._looked_at >= _LOOK_EACH_SEC:
            self._looked_at = now
            try:
                self._kept = self._file.read_text("utf-8").strip() or None
            except (OSError, UnicodeDecodeError):
                self._kept = None
        return self._given or self._kept
