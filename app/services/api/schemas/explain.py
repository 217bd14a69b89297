"""What the answer to "why did it not run?" looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import ConfigDict, Field

from app.core.models import RunStatus
from app.core.scheduling.next_fire import SlotOutcome
from app.explain import explain
from app.explain.render import in_words
from app.services.api.http.responses import instant
from app.services.api.schemas.common import Answer, Instant

if TYPE_CHECKING:
    from app.explain.facts import Cause, Explanation, JobFacts
    from app.explain.render import Language

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
    outcome: SlotOutcome
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


# An explanation as the API shows it: plain values of the shapes in `schemas_why.py`.


def why_view(facts: JobFacts, language: Language) -> dict[str, Any]:
    """Return the answer in words."""
    job_id, told = facts.record.spec.job_id, explain(facts)

    def words(finding: Cause) -> dict[str, Any]:
        text, next_step = in_words(finding, language, facts.zone, job_id)
        return {"reason": finding.reason, "text": text, "next_step": next_step}

    return {
        "job_id": job_id,
        "language": language,
        "timezone": facts.zone,
        "next": _next(facts, told, words(told.next.cause)),
        "occurrences": [
            {
                "from": instant(item.first_ms),
                "to": instant(item.last_ms),
                "slots": item.slots,
                "outcome": item.outcome,
                **words(item.cause),
                "run_id": item.run_id,
                "status": item.status,
            }
            for item in told.occurrences
        ],
        "run": told.run
        and {"run_id": told.run[0].run_id, "status": told.run[0].status, **words(told.run[1])},
    }


def _next(facts: JobFacts, told: Explanation, words: dict[str, Any]) -> dict[str, Any]:
    at_ms = told.next.at_ms
    return {
        "at": instant(at_ms),
        "in_sec": None if at_ms is None else (at_ms - facts.now_ms) / 1000,
        **words,
        "reason": words["reason"] or None,
    }
