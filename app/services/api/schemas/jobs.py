"""What a check of a spec is asked with, and what it answers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field

from app.core.models import JobId, JobSpec, Schedule
from app.services.api.schemas.common import Answer, Instant, Request, WordsBody
from app.services.api.schemas.planner import near

# What a preview of a schedule is asked with, and what it answers.

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


# What the comparison of two versions looks like.


class FieldChange(Answer):
    """One field that differs; null stands for a field that is not there."""

    model_config = ConfigDict(extra="forbid", validate_by_alias=True, validate_by_name=True)

    path: Annotated[str, Field(description="A JSON Pointer.", examples=["/schedule/interval_sec"])]
    from_: Annotated[Any, Field(alias="from")]
    to: Any


class VersionComparison(Answer):
    """What changed from one version of a job to another."""

    model_config = ConfigDict(extra="forbid", validate_by_alias=True, validate_by_name=True)

    from_: Annotated[int, Field(alias="from")]
    to: int
    changes: list[FieldChange]


MAX_ASSUMED = 1_000
MAX_TARGETS = 20


class CheckRequest(Request):
    """A spec that is about to be saved."""

    spec: dict[str, Any]
    assume: Annotated[
        dict[JobId, Annotated[list[JobId], Field(max_length=MAX_TARGETS)]],
        Field(
            max_length=MAX_ASSUMED,
            description="Jobs and those that their chains start, as if saved so: what is saved before.",
            examples=[{"load": ["report"], "report": []}],
        ),
    ] = Field(default_factory=dict[str, list[str]])


class SpecCheckBody(Answer):
    """What a save would do. `spec` is what would be stored; `version` the stored one, null where none is."""

    change: Literal["created", "updated", "unchanged"]
    version: int | None
    changes: list[FieldChange]
    spec: JobSpec
