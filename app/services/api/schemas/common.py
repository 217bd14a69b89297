"""What requests and answers look like; OpenAPI is made from these models.

Answers are built as plain values in `views.py` and not validated again on their way out: the tests hold
them against these models.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.core.models import ErrorKind, JobSpec, Priority, RunStatus

Instant = Annotated[AwareDatetime, Field(examples=["2026-01-31T07:00:00.000Z"])]
CheckStatus = Literal["ok", "late", "missing", "busy", "stalled", "refusing"]
Outcome = Literal["ran", "missed", "skipped", "upcoming"]
AttemptOutcome = Literal["running", "success", "failed", "cancelled", "retrying", "released", "crashed"]
MAX_DELAY_SEC = 366 * 86_400


class Request(BaseModel):
    """A body that a caller sends: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Answer(BaseModel):
    """A body that the API sends: every field is there."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


class RunRequest(Request):
    """A run by hand: `inputs`, where given, stand in for all of the spec's."""

    inputs: dict[str, Any] | None = None
    delay_sec: Annotated[float, Field(ge=0, le=MAX_DELAY_SEC)] = 0


class FieldProblemBody(Answer):
    """One refused field."""

    pointer: str
    message: str
    code: str


class Problem(BaseModel):
    """Problem details (RFC 9457); `errors` on 422."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    trace_id: str
    errors: list[FieldProblemBody] | None = None


class WordsBody(Answer):
    """The same in Indonesian and English."""

    id: Annotated[str, Field(examples=["setiap hari pukul 07:00 (Asia/Jakarta)"])]
    en: Annotated[str, Field(examples=["every day at 07:00 (Asia/Jakarta)"])]


class RunBriefBody(Answer):
    """One square of a run strip."""

    run_id: str
    status: RunStatus
    duration_ms: int | None


class JobStatsBody(Answer):
    """A job's last 24 hours; percentiles are within 5 %."""

    runs: int
    success: int
    failed: int
    success_rate: float | None
    p50_ms: int | None
    p95_ms: int | None


class JobBody(JobSpec):
    """A stored job: its spec, and what the platform knows of it (read-only)."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)

    version: int
    schedule_words: Annotated[
        WordsBody | None, Field(description="Its schedule as people say it; null where it has none.")
    ]
    next_run_at: Instant | None
    cooling_down_until: Annotated[
        Instant | None, Field(description="Until then a failure holds its slots back.")
    ]
    last_run: RunBriefBody | None
    recent: Annotated[list[RunBriefBody], Field(description="The 40 newest runs, newest first.")]
    stats: JobStatsBody
    created_at: Instant
    updated_at: Instant


class JobCreated(JobBody):
    """A job as it was just created."""

    status: Literal["created"]


class JobSwitched(Answer):
    """A job that was enabled or disabled."""

    job_id: str
    status: Literal["enabled", "disabled"]


class JobDeleted(Answer):
    """A job that is gone; its history stays."""

    job_id: str
    status: Literal["deleted"]


class JobVersionBody(Answer):
    """One save of a spec."""

    version: int
    at: Instant
    actor: str
    origin: str
    spec: JobSpec


class Occurrence(Answer):
    """Slots of a schedule: one that ran or is to come, or a range that did not run, with the reason."""

    model_config = ConfigDict(extra="forbid", validate_by_alias=True, validate_by_name=True)

    from_: Annotated[Instant, Field(alias="from")]
    to: Instant
    slots: int
    outcome: Outcome
    reason: str
    run_id: str | None
    status: RunStatus | None


class RunAccepted(Answer):
    """A run that was taken on."""

    run_id: str
    job_id: str
    status: Annotated[
        RunStatus | Literal["purged"],
        Field(description="`purged`: retention has removed the run of a repeated Idempotency-Key."),
    ]


class RunCancelled(Answer):
    """What a cancel has come to; a running handler is told and ends soon."""

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
    error: RunErrorBody | None
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
    outcome: AttemptOutcome
    error: RunErrorBody | None
    calls: Annotated[list[ToolCallBody], Field(description="The first 200.")]


class RunBody(Answer):
    """A run as it stands; `result` is null until it has ended."""

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
    slot_at: Instant | None
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
    result: RunResult | None
    error: Annotated[RunErrorBody | None, Field(description="Of the last failed attempt.")]
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
