"""What the answer to "why did it not run?" looks like."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from app.core.models import RunStatus
from app.core.slot_window import Outcome
from app.services.api.schemas import Answer, Instant

Text = Annotated[
    str, Field(description="For people, in the language of the answer; times in the job's zone.")
]
NextStep = Annotated[str, Field(description="What to do about it: a command or a route.")]
Reason = Annotated[
    str,
    Field(description="For programs; a word such as `missed`, `overlap`, `no_worker`.", examples=["overlap"]),
]


class WhyNext(Answer):
    """The next fire, and what stands in its way."""

    at: Annotated[Instant | None, Field(description="null where there is none.")]
    in_sec: Annotated[float | None, Field(description="Negative where it is late.")]
    reason: Annotated[str | None, Field(description="What stands in its way; null where nothing does.")]
    text: Text
    next_step: NextStep


class WhyOccurrence(Answer):
    """What became of a range of slots."""

    model_config = ConfigDict(extra="forbid", validate_by_alias=True, validate_by_name=True)

    from_: Annotated[Instant, Field(alias="from")]
    to: Instant
    slots: int
    outcome: Outcome
    reason: Reason
    text: Text
    next_step: NextStep
    run_id: Annotated[str | None, Field(description="The newest run of the range.")]
    status: RunStatus | None


class WhyRun(Answer):
    """The newest run that has not ended, and what it waits for."""

    run_id: str
    status: RunStatus
    reason: Reason
    text: Text
    next_step: NextStep


class WhyBody(Answer):
    """Why a job did or did not run; occurrences newest first, equal successes as one range."""

    job_id: str
    language: Literal["id", "en"]
    timezone: Annotated[str, Field(description="In which the texts tell times.")]
    next: WhyNext
    occurrences: list[WhyOccurrence]
    run: WhyRun | None
