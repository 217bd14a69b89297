"""Runs, their attempts, logs and occurrences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import AliasChoices, BaseModel, Field

from app.core.models import ErrorKind, Priority, RunStatus
from app.services.api.schemas.common import AS_STORED, MAX_DELAY_SEC, Answer, Instant, Request

if TYPE_CHECKING:
    from app.core.log_lines import NumberedLine

Outcome = Literal["ran", "missed", "skipped", "upcoming"]
AttemptOutcome = Literal["running", "success", "failed", "cancelled", "retrying", "released", "crashed"]


class RunRequest(Request):
    """A run by hand; if there are `inputs`, they replace all of the spec's."""

    inputs: dict[str, Any] | None = None
    delay_sec: Annotated[float, Field(ge=0, le=MAX_DELAY_SEC)] = 0


class RunAccepted(Answer):
    """A run that was taken on."""

    run_id: str
    job_id: str
    status: Annotated[
        RunStatus | Literal["purged"],
        Field(description="`purged`: retention has removed the run of a repeated Idempotency-Key."),
    ]


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
    at: Annotated[int, Field(description="Epoch milliseconds.")]
    type: Annotated[str | None, Field(description="The exception's class, where there was one.")] = None
    traceback: str | None = None


class RunResult(Answer):
    """How a run ended."""

    success: bool
    output: Any
    error: Annotated[RunErrorBody | None, AS_STORED]
    duration_ms: int | None


class ToolCallBody(BaseModel):
    """One call of a tool."""

    n: Annotated[int, Field(description="Its number in the attempt, from 1.")]
    tool: str
    op: str
    at: Annotated[int, Field(description="Epoch milliseconds.")]
    duration_ms: int
    target: Annotated[str | None, Field(description="What it was about, masked.")] = None
    ok: bool
    error: Annotated[str | None, Field(description="Why it failed; absent where it did not.")] = None


class AttemptBody(Answer):
    """One start of a run."""

    attempt: int
    worker: str
    started_at: Instant | None
    ended_at: Instant | None
    outcome: Annotated[AttemptOutcome, AS_STORED]
    error: Annotated[RunErrorBody | None, AS_STORED]
    calls: Annotated[list[ToolCallBody], AS_STORED, Field(description="The first 200.")]


class RunBody(Answer):
    """A run in its present state; `result` is null until it has ended."""

    run_id: str
    job_id: str
    type: str
    version: int
    status: RunStatus
    source: Annotated[
        str, Field(description="What made it.", examples=["schedule", "api", "planner", "chain", "telegram"])
    ]
    actor: str
    trace_id: str
    priority: Priority
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
    result: Annotated[RunResult | None, AS_STORED]
    error: Annotated[RunErrorBody | None, AS_STORED, Field(description="Of the last failed attempt.")]
    dead_letter: bool
    cancel_requested: bool
    waiting_for: Annotated[str, Field(description="The key that it waits for, or `paused:<scope>`.")]
    rerun_of: Annotated[str | None, Field(description="The run that it repeats.")]
    parent_run_id: Annotated[str | None, Field(description="The run whose end has started it (chains).")]
    chain_depth: Annotated[int, Field(description="How many runs came before it in its chain.")]
    seq: int
    rev: int


class RunDetail(RunBody):
    """A run with every attempt."""

    attempts: list[AttemptBody]


class LogLineBody(Answer):
    """One captured line."""

    at: Instant
    level: str
    message: str
    fields: dict[str, Any]
    attempt: int
    cursor: Annotated[str, Field(description="Where it stands: its attempt and its number in it.")]

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
    reason: str
    run_id: str | None
    status: RunStatus | None
