"""Bodies of queues and pauses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field

from app.core.fields import Line, Rfc3339
from app.core.records import ScopeKind
from app.services.api.schemas.common import Answer, Instant, Request

if TYPE_CHECKING:
    from app.core.records import PauseRecord, QueueDepth, QueueStats, ResumeResult

MAX_REASON_CHARS = 500
_Kind = Literal["all", "queue", "type", "job"]
_Name = Annotated[
    Line,
    Field(min_length=1, max_length=64, description="The queue, the job type or the job id; none for `all`."),
]


class ResumeRequest(Request):
    """What to let go on: everything, one queue, the jobs of one type, or one job."""

    scope: _Kind
    name: _Name | None = None


class PauseRequest(ResumeRequest):
    """What to hold, and why."""

    reason: Line = Field(default="", max_length=MAX_REASON_CHARS)
    until: Rfc3339 | None = Field(default=None, description="When the pause ends; without it, at a resume.")


class PausedScope(Answer):
    """A scope that is paused, until when if that is known, and how many runs it holds."""

    scope: ScopeKind
    name: str | None
    since: Instant
    until: Instant | None
    actor: str
    reason: str
    held: int

    @classmethod
    def of(cls, pause: PauseRecord) -> Self:
        """Return a pause."""
        return cls.from_record(
            pause,
            scope=pause.scope.kind,
            name=pause.scope.name or None,
            since=pause.since_ms,
            until=pause.until_ms,
        )


class PauseAnswer(Answer):
    """A scope as it was left. `held` counts the runs that it holds, or that the resume gave back.

    `since`, `until`, `actor` and `reason` are those of the pause, also of an ended one; null if there was
    none.
    """

    scope: ScopeKind
    name: str | None
    status: Literal["paused", "resumed"]
    since: Instant | None
    until: Instant | None
    actor: str | None
    reason: str | None
    held: int

    @classmethod
    def paused(cls, pause: PauseRecord) -> Self:
        """Return the scope of a pause that was made, or was there."""
        return cls(status="paused", **dict(PausedScope.of(pause)))

    @classmethod
    def resumed(cls, resumed: ResumeResult) -> Self:
        """Return the scope of a resume, with the pause that it ended."""
        ended = resumed.ended
        return cls(
            scope=resumed.scope.kind,
            name=resumed.scope.name or None,
            status="resumed",
            since=ended and ended.since_ms,
            until=ended and ended.until_ms,
            actor=ended and ended.actor,
            reason=ended and ended.reason,
            held=resumed.released,
        )


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


class MissingType(Answer):
    """A job type that runs wait for: the workers that have read them do not have it."""

    type: str
    waiting: int


class QueueItem(Answer):
    """One queue. `waiting` and `running` are of all its lanes, without suspects."""

    name: str
    waiting: int
    running: int
    oldest_ms: int | None = Field(description="How long the oldest run has waited.")
    lanes: Lanes
    suspects: int
    missing_types: list[MissingType] = Field(
        description="Types of runs that wait for a worker with the type."
    )
    jobs: int = Field(description="Jobs that name the queue; 0 for `default`.")
    workers: int = Field(description="Live workers that serve it.")
    paused: PausedScope | None

    @classmethod
    def of(cls, depth: QueueDepth, jobs: int, workers: int, pause: PauseRecord | None) -> Self:
        """Return a queue."""
        missing = [MissingType(type=name, waiting=count) for name, count in depth.missing_types.items()]
        return cls(
            name=depth.queue,
            waiting=depth.waiting,
            running=depth.running,
            oldest_ms=depth.oldest_ms,
            lanes=Lanes.model_validate(depth.lanes, from_attributes=True),
            suspects=depth.suspects,
            missing_types=missing,
            jobs=jobs,
            workers=workers,
            paused=pause and PausedScope.of(pause),
        )


class NextFireBody(Answer):
    """The next fire of a job."""

    job_id: str
    at: Instant


class QueueBody(Answer):
    """All queues together."""

    lanes: Lanes
    delayed: int
    next_due_at: Instant | None
    dead_letters: int
    suspects: int
    waiting_for_keys: int
    next_fires: list[NextFireBody] = Field(description="The first three, jitter included.")
    paused: list[PausedScope]

    @classmethod
    def of(cls, stats: QueueStats) -> Self:
        """Return the queue."""
        return cls.from_record(
            stats,
            next_fires=[NextFireBody.from_record(fire) for fire in stats.next_fires],
            paused=[PausedScope.of(pause) for pause in stats.paused],
        )
