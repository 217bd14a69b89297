"""What requests and answers about pauses look like."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.core.pause_records import ScopeKind
from app.core.text_types import Line
from app.services.api.schemas import Answer, Instant, Request

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
