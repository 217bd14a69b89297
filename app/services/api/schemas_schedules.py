"""What a preview of a schedule is asked with, and what it answers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, Field

from app.core.models import Schedule
from app.services.api.schemas import Answer, Instant, Request, WordsBody
from app.services.api.schemas_planner import near

MAX_FIRES = 50
DEFAULT_FIRES = 10


class PreviewRequest(Request):
    """A schedule as a spec has it; `now` is the moment that it is looked at from."""

    schedule: Schedule
    jitter_sec: Annotated[float, Field(ge=0, le=3600)] = 0
    count: Annotated[int, Field(ge=1, le=MAX_FIRES)] = DEFAULT_FIRES
    now: Annotated[AwareDatetime, AfterValidator(near)] | None = None


class FireBody(Answer):
    """A fire to come."""

    local: Annotated[str, Field(examples=["2026-01-31T07:00:00+07:00"])]
    utc: Instant
    offset: Annotated[str, Field(examples=["+07:00"])]


class ClockChangeBody(Answer):
    """A change of the clocks that fires fall into, within a year."""

    at: Instant
    kind: Literal["gap", "overlap"]
    text_id: str
    text_en: str


class PreviewBody(Answer):
    """What a schedule would do."""

    words: WordsBody
    timezone: Annotated[str, Field(description="The zone of `local` and of the words.")]
    next: list[FireBody]
    dst_notes: list[ClockChangeBody]
    ends: Annotated[bool, Field(description="Whether there is a last fire.")]
