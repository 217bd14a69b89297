"""What requests and answers about pauses look like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from app.core.fields import Line
from app.core.records import ScopeKind
from app.services.api.http.responses import instant
from app.services.api.schemas.common import Answer, Instant, Request

if TYPE_CHECKING:
    from app.core.records import PauseRecord, ResumeResult, Scope

MAX_REASON_CHARS = 500
_Kind = Literal["all", "type", "job"]
_Name = Annotated[
    Line, Field(min_length=1, max_length=64, description="The job type or the job id; none for `all`.")
]


class ResumeRequest(Request):
    """What to let go on: everything, the jobs of one type, or one job."""

    scope: _Kind
    name: _Name | None = None


class PauseRequest(ResumeRequest):
    """What to hold, and why."""

    reason: Annotated[Line, Field(max_length=MAX_REASON_CHARS)] = ""


class PausedScope(Answer):
    """A scope that is paused, and how many runs it holds."""

    scope: ScopeKind
    name: str | None
    since: Instant
    actor: str
    reason: str
    held: int


class PauseAnswer(Answer):
    """A scope as it was left. `held` counts the runs that it holds, or that the resume gave back.

    `since`, `actor` and `reason` are those of the pause, also of an ended one; null where there was none.
    """

    scope: ScopeKind
    name: str | None
    status: Literal["paused", "resumed"]
    since: Instant | None
    actor: str | None
    reason: str | None
    held: int


# Pauses as the API shows them.


def pause_view(pause: PauseRecord) -> dict[str, Any]:
    """Return a pause as `GET /queue` lists it."""
    return {**_scope(pause.scope), **_about(pause), "held": pause.held}


def paused_view(pause: PauseRecord) -> dict[str, Any]:
    """Return what a pause came to."""
    return {**pause_view(pause), "status": "paused"}


def resumed_view(resumed: ResumeResult) -> dict[str, Any]:
    """Return what a resume came to."""
    return {
        **_scope(resumed.scope),
        **_about(resumed.ended),
        "held": resumed.released,
        "status": "resumed",
    }


def _scope(scope: Scope) -> dict[str, Any]:
    return {"scope": scope.kind.value, "name": scope.name or None}


def _about(pause: PauseRecord | None) -> dict[str, Any]:
    if pause is None:
        return {"since": None, "actor": None, "reason": None}
    return {"since": instant(pause.since_ms), "actor": pause.actor, "reason": pause.reason}
