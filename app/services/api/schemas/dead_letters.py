"""Bodies of dead letters: runs that failed finally."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, model_validator

from app.core.fields import Rfc3339
from app.core.i18n import _
from app.services.api.schemas.common import Answer, Instant, Request
from app.services.api.schemas.remedies import RemedyBody
from app.services.api.schemas.runs import ERROR, RunErrorBody

if TYPE_CHECKING:
    from app.core.runs.dead_letters import DeadLetter, DeadLetterGroup

Fingerprint = Annotated[str, Field(min_length=1, max_length=64)]
RunId = Annotated[str, Field(min_length=1, max_length=100)]
SAMPLES = 5
Rate = Annotated[float, Field(ge=0.01, le=1000, description="How many fall due a second.")]


class LetterFilter(Request):
    """Letters that fit in all given parts; `{}` fits all. `since` and `until` are about the run's end."""

    job_id: Annotated[str, Field(max_length=64)] | None = None
    type: Annotated[str, Field(max_length=64)] | None = None
    since: Rfc3339 | None = None
    until: Rfc3339 | None = None


class DiscardRequest(Request):
    """Letters by id, by group or by filter: exactly one of them."""

    run_ids: Annotated[list[RunId], Field(min_length=1, max_length=1000)] | None = None
    fingerprint: Fingerprint | None = None
    filter: LetterFilter | None = None
    dry_run: bool = Field(default=False, description="Say how many it would be, and change nothing.")

    @model_validator(mode="after")
    def _one_choice(self) -> Self:
        given = [name for name in ("run_ids", "fingerprint", "filter") if getattr(self, name) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none"
            raise ValueError(
                _("give exactly one of run_ids, fingerprint, filter (found: {found})", found=found)
            )
        return self


class RedriveRequest(DiscardRequest):
    """Letters to run again, all at once or spread by a rate."""

    rate_per_sec: Rate | None = None


class DeadGroupBody(Answer):
    """Dead letters of one error."""

    fingerprint: str = Field(description="`none` if the error has no fingerprint.")
    error: Annotated[RunErrorBody | None, ERROR, Field(description="Of the newest letter.")]
    count: int
    jobs: list[str] = Field(description="At most five, of the 20 newest letters.")
    first_at: Instant | None = Field(description="End of the oldest run of the group.")
    last_at: Instant | None = Field(description="End of the newest run of the group.")
    latest_run_id: str | None
    sample_run_ids: list[str] = Field(description="The five newest.")
    actions: list[RemedyBody] = Field(description="What can be done about it at once, the best first.")

    @classmethod
    def of(cls, group: DeadLetterGroup) -> Self:
        """Return a group, its actions in the reader's language."""
        latest = group.run_ids[0] if group.run_ids else None
        actions = [RemedyBody.model_validate(each) for each in group.remedies]
        return cls.from_record(group, latest_run_id=latest, sample_run_ids=group.run_ids, actions=actions)


class LettersCounted(Answer):
    """What a dry run found."""

    count: int
    sample_run_ids: list[str] = Field(description="The five oldest.")

    @classmethod
    def of(cls, letters: list[DeadLetter]) -> Self:
        """Return the number of letters, and the first of them."""
        return cls(count=len(letters), sample_run_ids=[letter.run_id for letter in letters[:SAMPLES]])


class LetterRefused(Answer):
    """A run about which nothing was decided."""

    run_id: str
    code: str = Field(
        description="`run_not_found`, `no_dead_letter`, `changed` (it failed again since), "
        "`damaged_record`, or why the rest was given up, such as `redis_unavailable`: send it again."
    )


class LettersRedriven(Answer):
    """What a redrive has done."""

    redriven: int
    run_ids: list[str] = Field(description="The first 100 of them, oldest first.")
    failed: list[LetterRefused]
    last_due_at: Instant | None = Field(description="When the last one falls due; null if all are queued.")


class LettersDiscarded(Answer):
    """What a discard has done."""

    discarded: int
    failed: list[LetterRefused]
