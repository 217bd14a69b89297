"""What the answers about the platform itself look like."""

from __future__ import annotations

from typing import Any, Literal

from app.core.models import RetryPolicy
from app.services.api.schemas import Answer, CheckStatus, Instant
from app.services.api.schemas_pauses import PausedScope


class Health(Answer):
    """The process alone."""

    status: Literal["healthy"]
    version: str


class Check(Answer):
    """One part of the deployment: `late` has not been heard of for a while, `missing` not at all."""

    status: CheckStatus
    age_ms: int | None
    instances: int


class Checks(Answer):
    """All parts."""

    redis: Check
    scheduler: Check
    worker: Check
    connector: Check


class Readiness(Answer):
    """Ready while Redis can be reached; the other checks tell who is missing."""

    status: Literal["ready", "unready"]
    checks: Checks


class JobTypeDefaults(Answer):
    """What a spec of this type gets where it says nothing."""

    timeout_ms: int
    retry_policy: RetryPolicy


class JobTypeBody(Answer):
    """A job type that this deployment knows."""

    type: str
    description: str
    inputs: dict[str, Any]
    tools: list[str]
    runs_in: Literal["loop", "thread", "process", "by inputs"]
    defaults: JobTypeDefaults


class WorkerBody(Answer):
    """A worker that was heard of lately."""

    instance: str
    pid: int
    host: str
    version: str
    started_at: Instant
    heartbeat_at: Instant
    age_ms: int
    concurrency: int
    running: list[str]
    draining: bool


class LaneBody(Answer):
    """One priority lane."""

    waiting: int
    running: int
    oldest_ms: int | None


class Lanes(Answer):
    """The three lanes."""

    high: LaneBody
    normal: LaneBody
    low: LaneBody


class QueueBody(Answer):
    """The queue as a whole."""

    lanes: Lanes
    delayed: int
    next_due_at: Instant | None
    dead_letters: int
    suspects: int
    waiting_for_keys: int
    paused: list[PausedScope]


class EventBody(Answer):
    """Something that happened; a lower `rev` of the same run is stale."""

    id: str
    type: str
    at: Instant
    job_id: str | None
    run_id: str | None
    status: str | None
    seq: int | None
    rev: int | None
    data: dict[str, Any]
