"""Audits write requests, between the route's answer and the response.

So an acknowledged change is in the audit. If Redis is out of reach then, the change has still happened: the
response is sent unchanged, the entry is logged as an error, and the number of such entries is stored with the
next one that is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from starlette.routing import Match

from app.core.access.audit import AuditedAction, AuditOutcome
from app.core.observability import get_logger
from app.services.api.http.limits import TokenBucket

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import Scope

    from app.core.access.audit import Audit
    from app.core.clock import Clock
    from app.core.fields import Change
    from app.services.api.http.auth import Actor
    from app.services.api.http.origin import OriginReader

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
            logged = ("actor", "role", "action", "target", "outcome", "trace_id", "diff")
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
