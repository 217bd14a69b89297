"""Bodies of explanations of missing runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field

from app.core.models import RunStatus
from app.core.scheduling.next_fire import SlotOutcome
from app.explain import explain
from app.explain.render import in_words
from app.services.api.schemas.common import Answer, Instant

if TYPE_CHECKING:
    from app.core.i18n import Language
    from app.explain.facts import Cause, JobFacts

Text = Annotated[
    str, Field(description="For people, in the language of the answer; times in the job's zone.")
]
NextStep = Annotated[str, Field(description="What to do about it: a command or a route.")]
Reason = Annotated[
    str,
    Field(description="For programs; a word such as `missed`, `overlap`, `no_worker`.", examples=["overlap"]),
]


class WhyNext(Answer):
    """The next fire, and the obstacle if there is one."""

    at: Annotated[Instant | None, Field(description="null where there is none.")]
    in_sec: Annotated[float | None, Field(description="Negative where it is late.")]
    reason: Annotated[str | None, Field(description="What stands in its way; null where nothing does.")]
    text: Text
    next_step: NextStep


class WhyOccurrence(Answer):
    """What became of a range of slots."""

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

    @classmethod
    def of(cls, facts: JobFacts, language: Language) -> Self:
        """Return the explanation in a language."""
        job_id, found = facts.record.spec.job_id, explain(facts)

        def words(cause: Cause) -> dict[str, str]:
            text, next_step = in_words(cause, language, facts.zone, job_id)
            return {"text": text, "next_step": next_step}

        at_ms, cause = found.next.at_ms, found.next.cause
        return cls(
            job_id=job_id,
            language=language,
            timezone=facts.zone,
            next=WhyNext(
                at=at_ms,
                in_sec=None if at_ms is None else (at_ms - facts.now_ms) / 1000,
                reason=cause.reason or None,
                **words(cause),
            ),
            occurrences=[
                WhyOccurrence(
                    from_=item.first_ms,
                    to=item.last_ms,
                    slots=item.slots,
                    outcome=item.outcome,
                    reason=item.cause.reason,
                    run_id=item.run_id,
                    status=item.status,
                    **words(item.cause),
                )
                for item in found.occurrences
            ],
            run=found.run
            and WhyRun(
                run_id=found.run[0].run_id,
                status=found.run[0].status,
                reason=found.run[1].reason,
                **words(found.run[1]),
            ),
        )
