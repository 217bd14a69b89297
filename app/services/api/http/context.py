"""The context of one request: the facts that the gate has established before its route runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, cast

from starlette.requests import Request

from app.services.api.http.auth import Actor

if TYPE_CHECKING:
    from app.core.fields import Change
    from app.services.api.http.audit import AuditDraft

CONTEXT_KEY: Final = "multi_job.context"


# Not frozen: that would double the cost of making one, and each request makes one.
@dataclass(slots=True)
class RequestContext:
    """Trace id, caller and body of a request."""

    trace_id: str
    actor: Actor
    body: bytes
    audit_draft: AuditDraft | None = field(default=None, repr=False)

    def note(self, *, target: str | None = None, diff: Sequence[Change] = ()) -> None:
        """Set the target (`job:a`) and the changes that the audit entry of this request gets."""
        if self.audit_draft is not None:
            self.audit_draft.target = target or self.audit_draft.target
            self.audit_draft.diff = diff or self.audit_draft.diff

    def leave_out(self) -> None:
        """Keep this request out of the audit, unless it is refused."""
        if self.audit_draft is not None:
            self.audit_draft.is_left_out = True


def context_of(request: Request) -> RequestContext:
    """Return the context that the gate has made."""
    return cast("RequestContext", request.scope[CONTEXT_KEY])
