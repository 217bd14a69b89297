"""Bodies of pauses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field

from app.core.fields import Line
from app.core.records import ScopeKind
from app.services.api.schemas.common import Answer, Instant, Request

if TYPE_CHECKING:
    from app.core.records import PauseRecord, ResumeResult

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

    @classmethod
    def of(cls, pause: PauseRecord) -> Self:
        """Return a pause."""
        return cls.from_record(
            pause, scope=pause.scope.kind, name=pause.scope.name or None, since=pause.since_ms
        )


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

    @classmethod
    def paused(cls, pause: PauseRecord) -> Self:
        """Return the scope of a pause that was made, or was there."""
        return cls(status="paused", **dict(PausedScope.of(pause)))

    @classmethod
    def resumed(cls, resumed: ResumeResult) -> Self:
        """Return the scope of a resume, with the pause that it ended."""
        ended = resumed.ended
        return cls(
            scope=resumed.scope.kind,
            name=resumed.scope.name or None,
            status="resumed",
            since=ended and ended.since_ms,
            actor=ended and ended.actor,
            reason=ended and ended.reason,
            held=resumed.released,
        )
