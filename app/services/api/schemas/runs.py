"""Runs, their attempts, logs and occurrences."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self, cast, get_args

from pydantic import AliasChoices, BaseModel, BeforeValidator, Field, computed_field

from app.core.i18n import Language, for_reader
from app.core.i18n.stored import BESIDE, cut, decoded
from app.core.models import ErrorKind, Priority, RunStatus
from app.core.monitors.models import CheckState, is_monitor
from app.core.scheduling.schedule import SlotOutcome
from app.core.scheduling.skip_rules import SkipReason
from app.core.scheduling.skip_words import reason_words
from app.explain import explain
from app.explain.remedies import cause_remedies
from app.explain.render import in_words
from app.services.api.schemas.common import (
    AS_STORED,
    MAX_DELAY_SEC,
    Answer,
    AsStored,
    Instant,
    Request,
    WordsBody,
)
from app.services.api.schemas.monitors import MonitorBriefBody
from app.services.api.schemas.remedies import RemedyBody

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.config import Settings
    from app.core.log_lines import NumberedLine
    from app.core.monitors.models import MonitorBrief
    from app.core.runs.waiting import WaitPlace
    from app.explain.facts import Cause, JobFacts

Outcome = Literal["ran", "missed", "skipped", "upcoming"]
AttemptOutcome = Literal["running", "success", "failed", "cancelled", "retrying", "released", "crashed"]


MAX_FOUND_CHARS = 300


class RunRequest(Request):
    """A run by hand; if there are `inputs`, they replace all of the spec's."""

    inputs: dict[str, Any] | None = None
    delay_sec: float = Field(default=0, ge=0, le=MAX_DELAY_SEC)


class RunAccepted(Answer):
    """A run that was taken on."""

    run_id: str
    job_id: str
    status: RunStatus | Literal["purged"] = Field(
        description="`purged`: retention has removed the run of a repeated Idempotency-Key."
    )


class RunCancelled(Answer):
    """The result of a cancellation; a running handler is notified and ends soon."""

    run_id: str
    status: RunStatus
    cancel_requested: bool


class RunErrorBody(BaseModel):
    """Why an attempt failed; texts are masked and cut."""

    kind: ErrorKind
    code: str
    message: str
    retryable: bool
    at: int = Field(description="Epoch milliseconds.")
    type: str | None = Field(default=None, description="The exception's class, if there was one.")
    traceback: str | None = None


def shown_error(error: Any) -> Any:
    """Return a run's error as JSON, its message in the reader's language."""
    if not isinstance(error, dict):
        return error
    shown = cast("dict[str, Any]", error)
    return {**shown, "message": for_reader(shown.get("message", ""))}


def _shown_result(result: Any) -> Any:
    return {**result, "error": shown_error(result["error"])} if result and result.get("error") else result


ERROR: Final = AsStored(shown_error)
"""A run's error: as it is stored, in the reader's language."""


class RunResult(Answer):
    """How a run ended."""

    success: bool
    output: Any
    error: Annotated[RunErrorBody | None, ERROR]
    duration_ms: int | None


class FoundBody(BaseModel):
    """What a monitor's run has found: the run succeeds also if its target is down."""

    state: CheckState
    reason: str | None = Field(description="A short code; null if all is well.", examples=["status"])
    detail: str = Field(description="The reason for people.", examples=["503 Service Unavailable"])

    @classmethod
    def of(cls, output: Any) -> Self | None:
        """Return the finding of an output in the reader's language; None if it has none."""
        if not isinstance(output, dict):
            return None
        found = cast("dict[str, Any]", output)
        if found.get("state") not in get_args(CheckState):
            return None
        detail = decoded(str(found.get("detail") or ""), found.get("detail" + BESIDE))
        return cls(
            state=found["state"], reason=found.get("reason"), detail=for_reader(cut(detail, MAX_FOUND_CHARS))
        )


class ToolCallBody(BaseModel):
    """One call of a tool."""

    n: int = Field(description="Its number in the attempt, from 1.")
    tool: str
    op: str
    at: int = Field(description="Epoch milliseconds.")
    duration_ms: int
    target: str | None = Field(default=None, description="What it was about, masked.")
    ok: bool
    error: str | None = Field(default=None, description="Why it failed; absent if it did not.")


class AttemptBody(Answer):
    """One start of a run."""

    attempt: int
    worker: str
    started_at: Instant | None
    ended_at: Instant | None
    outcome: Annotated[AttemptOutcome, AS_STORED]
    error: Annotated[RunErrorBody | None, ERROR]
    calls: Annotated[list[ToolCallBody], AS_STORED, Field(description="The first 200.")]


class MovedBody(Answer):
    """The slot in whose place a run fired, because its schedule skips it."""

    from_: Annotated[Instant, Field(alias="from")]
    reason: WordsBody

    @classmethod
    def of(cls, stored: dict[str, Any] | None) -> Self | None:
        """Return the slot as the run's record has it."""
        found = None if stored is None else SkipReason.parse(stored["reason"])
        if stored is None or found is None:
            return None
        return cls(from_=stored["from"], reason=WordsBody.of(reason_words(replace(found, moved_to=""))))


class RunBody(Answer):
    """A run in its present state; `result` is null until it has ended."""

    monitor: MonitorBriefBody | None = Field(
        None, description="The present state of what its job watches; null if the job is no monitor."
    )
    run_id: str
    job_id: str
    type: str
    version: int
    status: RunStatus
    source: str = Field(
        description="What made it.", examples=["schedule", "api", "planner", "chain", "telegram"]
    )
    actor: str
    trace_id: str
    priority: Priority
    queue: str
    inputs: Any
    timeout_ms: int
    max_retry: int
    slot_at: Annotated[Instant | None, Field(validation_alias=AliasChoices("slot_at", "slot_ms"))]
    created_at: Instant
    queued_at: Instant | None
    due_at: Instant | None
    started_at: Instant | None
    ended_at: Instant | None
    duration_ms: int | None
    worker: str
    attempt: int
    failures: int
    crashes: int
    releases: int
    progress: Any
    result: Annotated[RunResult | None, AsStored(_shown_result)]
    error: Annotated[RunErrorBody | None, ERROR, Field(description="Of the last failed attempt.")]
    dead_letter: bool
    cancel_requested: bool
    waiting_for: str = Field(
        description="What it waits for: `user:<key>`, `user:<key>/<group>`, `job:<id>` (an earlier run of "
        "its job), `rate:<key>`, `paused:<scope>` or `type:<type>`."
    )
    rerun_of: str | None = Field(description="The run that it repeats.")
    moved: Annotated[MovedBody | None, BeforeValidator(MovedBody.of)] = Field(
        description="The slot in whose place it ran, because the schedule skips that one (`on_skip`)."
    )
    parent_run_id: str | None = Field(description="The run whose end has started it (chains).")
    chain_depth: int = Field(description="How many runs came before it in its chain.")
    seq: int
    rev: int

    @computed_field(
        description="What a monitor's run has found at its time; null for other jobs, and until it has ended."
    )
    @property
    def found(self) -> FoundBody | None:
        """Return the finding of a monitor's run."""
        stored = cast("dict[str, Any] | None", self.result)
        return FoundBody.of(stored["output"]) if stored and is_monitor(self.type) else None


class WaitPlaceBody(Answer):
    """The place of a run before a concurrency key, a group or a rate."""

    name: str = Field(description="As `waiting_for`.")
    ahead: int = Field(description="Runs of the same group and the same keys that come before it.")
    held: int = Field(description="Slots that are taken; for a rate, starts in the last 60 seconds.")
    limit: int | None
    starts_at: Instant | None = Field(description="For a rate: when the run starts at the earliest.")

    @classmethod
    def of(cls, place: WaitPlace) -> Self:
        """Return the body of a place."""
        return cls.from_record(place)


class RunDetail(RunBody):
    """A run with every attempt."""

    attempts: list[AttemptBody]
    place: WaitPlaceBody | None = Field(
        default=None, description="Its place while it waits for a key or a rate; null otherwise."
    )


class LogLineBody(Answer):
    """One captured line."""

    at: Instant
    level: str
    message: str
    fields: dict[str, Any]
    attempt: int
    cursor: str = Field(description="Its position: its attempt and its number in it.")

    @classmethod
    def of(cls, placed: NumberedLine) -> Self:
        """Return a line and its position."""
        return cls.from_record(placed.line, cursor=str(placed.position))


class Occurrence(Answer):
    """Slots of a schedule: one that ran or is to come, or a range that did not run, with the reason."""

    from_: Annotated[Instant, Field(alias="from")]
    to: Instant
    slots: int
    outcome: Outcome
    reason: str = Field(description="`skip` if the schedule itself leaves them out; `words` says why.")
    words: WordsBody | None = Field(description="Why the schedule leaves them out; null for other reasons.")
    run_id: str | None
    status: RunStatus | None


Count = Annotated[int, Field(ge=0)]


class KeptBody(Answer):
    """How long ended runs are kept; the first limit that is reached counts. Dead letters stay."""

    days: float = Field(description="Succeeded and cancelled runs (RETENTION_DAYS).")
    failed_days: float = Field(description="Failed runs (RETENTION_FAILED_DAYS).")
    runs_per_job: int = Field(description="The newest runs of a job (RETENTION_RUNS_PER_JOB).")
    max_mb: int = Field(description="Megabytes of history and logs (RETENTION_MAX_MB).")


class RunCounts(Answer):
    """How many runs are kept in each state."""

    scheduled: Count
    queued: Count
    running: Count
    retrying: Count
    success: Count
    failed: Count
    cancelled: Count
    dead_letters: int = Field(ge=0, description="Failed runs that wait for a decision.")
    kept: KeptBody
    removed_until: Instant | None = Field(
        description="Runs created up to then may have been removed; null if none has been."
    )

    @classmethod
    def of(cls, counts: Mapping[str, int], settings: Settings, purged_until_ms: int | None) -> Self:
        """Return the counts with the limits of retention."""
        kept = KeptBody(
            days=settings.retention_days,
            failed_days=settings.retention_failed_days,
            runs_per_job=settings.retention_runs_per_job,
            max_mb=settings.retention_max_mb,
        )
        return cls(**counts, kept=kept, removed_until=purged_until_ms)


# Why a job did or did not run.


Text = Annotated[
    str, Field(description="For people, in the language of the answer; times in the job's zone.")
]
NextStep = Annotated[str, Field(description="What to do about it, for people: a command or a route.")]
Actions = Annotated[
    list[RemedyBody], Field(description="What can be done about it at once, the best first; may be empty.")
]
Reason = Annotated[
    str,
    Field(description="For programs; a word such as `missed`, `overlap`, `no_worker`.", examples=["overlap"]),
]


class WhyNext(Answer):
    """The next fire, and the obstacle if there is one."""

    at: Instant | None = Field(description="null if there is none.")
    in_sec: float | None = Field(description="Negative if it is late.")
    reason: str | None = Field(description="What prevents it; null if nothing does.")
    text: Text
    next_step: NextStep
    actions: Actions


class WhyOccurrence(Answer):
    """What became of a range of slots."""

    from_: Annotated[Instant, Field(alias="from")]
    to: Instant
    slots: int
    outcome: SlotOutcome
    reason: Reason
    text: Text
    next_step: NextStep
    actions: Actions
    run_id: str | None = Field(description="The newest run of the range.")
    status: RunStatus | None


class WhyRun(Answer):
    """The newest run that has not ended, and what it waits for."""

    run_id: str
    status: RunStatus
    reason: Reason
    text: Text
    next_step: NextStep
    actions: Actions


class WhyBody(Answer):
    """Why a job did or did not run; occurrences newest first, equal successes as one range."""

    job_id: str
    language: Language
    timezone: str = Field(description="In which the texts tell times.")
    next: WhyNext
    occurrences: list[WhyOccurrence]
    run: WhyRun | None
    monitor: MonitorBriefBody | None = Field(description="The state of what the job watches.")

    @classmethod
    def of(cls, facts: JobFacts, language: Language, brief: MonitorBrief | None = None) -> Self:
        """Return the explanation in a language."""
        job_id, found = facts.record.spec.job_id, explain(facts)

        def words(cause: Cause) -> dict[str, Any]:
            text, next_step = in_words(cause, language, facts.zone, job_id)
            actions = [RemedyBody.model_validate(each) for each in cause_remedies(cause, job_id)]
            return {"text": text, "next_step": next_step, "actions": actions}

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
                WhyOccurrence.from_record(
                    item,
                    from_=item.first_ms,
                    to=item.last_ms,
                    reason=item.cause.reason,
                    **words(item.cause),
                )
                for item in found.occurrences
            ],
            monitor=None if brief is None else MonitorBriefBody.of(brief),
            run=found.run
            and WhyRun.from_record(found.run[0], reason=found.run[1].reason, **words(found.run[1])),
        )
