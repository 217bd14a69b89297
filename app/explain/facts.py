"""The facts and causes of an explanation; instants in epoch milliseconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson

from app.core.models import TERMINAL, RetryPolicy, RunStatus

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.core.records import EventRecord, JobRecord, LedgerRange
    from app.core.scheduling.next_fire import HistoryWindow, SlotOutcome
    from app.core.scheduling.schedule import CompiledSchedule


@dataclass(frozen=True, slots=True)
class RunFact:
    """One run, without inputs and output."""

    run_id: str
    status: RunStatus
    seq: int
    source: str
    type: str
    slot_ms: int | None
    created_at: int
    due_at: int | None
    queued_at: int | None
    started_at: int | None
    ended_at: int | None
    attempt: int
    failures: int
    max_retry: int
    worker: str
    waiting_for: str
    """The key or pause that the run waits for: `user:<key>`, `job:<id>`, `paused:<scope>`; empty if none."""
    dead_letter: bool
    parent: str = ""
    """The run whose end started this one."""
    error: dict[str, Any] | None = None

    @property
    def is_active(self) -> bool:
        """True if it has not ended."""
        return self.status not in TERMINAL

    def overlaps(self, instant_ms: int) -> bool:
        """True if it existed and had not ended at an instant."""
        return self.created_at <= instant_ms and (self.ended_at is None or self.ended_at >= instant_ms)


@dataclass(frozen=True, slots=True)
class PauseFact:
    """A pause that holds this job; the scope is `all`, `type:<type>` or `job:<id>`."""

    scope: str
    since_ms: int
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class WorkerFact:
    """A live worker."""

    instance: str
    concurrency: int
    running: int
    draining: bool
    types: frozenset[str] | None
    """The job types that it has; None if it does not report them."""


@dataclass(frozen=True, slots=True)
class QueueFact:
    """The queue before the waiting run."""

    older_waiting: int = 0
    holders: tuple[str, ...] = ()
    """Runs that hold the key it waits for; some of them if there are many."""
    held: int = 0
    limit: int = 1


@dataclass(frozen=True, slots=True)
class JobFacts:
    """All facts for an explanation."""

    now_ms: int
    window: HistoryWindow
    record: JobRecord
    compiled: CompiledSchedule | None
    zone: str
    """The name of the zone in which this job's times are shown."""
    dead_after_ms: int
    """A process without a heartbeat for this time is removed from the list."""
    scheduler_beats: tuple[int, ...]
    """The last heartbeat of each live scheduler."""
    workers: tuple[WorkerFact, ...]
    pauses: tuple[PauseFact, ...] = ()
    runs: tuple[RunFact, ...] = ()
    """Newest first: those of slots within the window, and the newest of all."""
    ledger: tuple[LedgerRange, ...] = ()
    """Ranges that overlap the window, newest first."""
    events: tuple[EventRecord, ...] = ()
    """Events around the ranges, oldest first."""
    line: QueueFact = field(default_factory=QueueFact)
    feeders: tuple[str, ...] = ()
    """Jobs whose end starts this one."""

    @property
    def active(self) -> RunFact | None:
        """Return the newest run that has not ended."""
        return next((run for run in self.runs if run.is_active), None)


@dataclass(frozen=True, slots=True)
class InstantValue:
    """An instant, shown in the job's zone."""

    ms: int


@dataclass(frozen=True, slots=True)
class TimeRange:
    """First and last instant of a range."""

    first_ms: int
    last_ms: int


@dataclass(frozen=True, slots=True)
class DurationValue:
    """A length of time."""

    ms: int


@dataclass(frozen=True, slots=True)
class SlotCount:
    """How many slots."""

    count: int


@dataclass(frozen=True, slots=True)
class RunCount:
    """How many runs."""

    count: int


Value = str | int | InstantValue | TimeRange | DurationValue | SlotCount | RunCount


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause, not yet rendered: `words` selects the messages, `values` fill their placeholders."""

    reason: str
    words: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class SlotCause:
    """The cause for a range of slots."""

    outcome: SlotOutcome
    first_ms: int
    last_ms: int
    slots: int
    cause: Cause
    run_id: str | None = None
    status: RunStatus | None = None


@dataclass(frozen=True, slots=True)
class NextCause:
    """The next fire of the job, and the obstacle if there is one."""

    at_ms: int | None
    cause: Cause


@dataclass(frozen=True, slots=True)
class Explanation:
    """The complete explanation, not yet rendered; occurrences newest first."""

    next: NextCause
    occurrences: tuple[SlotCause, ...]
    run: tuple[RunFact, Cause] | None


# Conversion of stored values to facts.

RUN_FIELDS = (
    *("status", "seq", "source", "type", "slot", "created", "due", "queued", "started", "ended"),
    *("attempt", "failures", "retry", "worker", "waiting", "dead", "chain"),
)
"""Neither inputs nor output: they may be large, and are not needed here."""


def run_fact(run_id: str, values: Sequence[str | None] | None) -> RunFact | None:
    """Return a run from its RUN_FIELDS; None if it is damaged, or retention has removed it meanwhile."""
    h = dict(zip(RUN_FIELDS, values or [None] * len(RUN_FIELDS), strict=True))
    if h["status"] is None:
        return None
    return RunFact(
        run_id=run_id,
        status=RunStatus(h["status"]),
        seq=int(h["seq"] or 0),
        source=h["source"] or "",
        type=h["type"] or "",
        slot_ms=_integer(h["slot"]),
        created_at=int(h["created"] or 0),
        due_at=_integer(h["due"]),
        queued_at=_integer(h["queued"]),
        started_at=_integer(h["started"]),
        ended_at=_integer(h["ended"]),
        attempt=int(h["attempt"] or 0),
        failures=int(h["failures"] or 0),
        max_retry=_max_retry(h["retry"] or ""),
        worker=h["worker"] or "",
        waiting_for=h["waiting"] or "",
        dead_letter=h["dead"] is not None,
        parent=parent_of(h["chain"]),
    )


def worker_fact(instance: str, h: Mapping[str, str]) -> WorkerFact | None:
    """Return a worker from its hash; None if that has expired."""
    if "state" not in h:
        return None
    state: dict[str, Any] = orjson.loads(h["state"])
    types = state.get("types")
    return WorkerFact(
        instance=instance,
        concurrency=int(state.get("concurrency", 0)),
        running=len(state.get("running", ())),
        draining=bool(state.get("draining")),
        types=None if types is None else frozenset(types),
    )


def pause_fact(scope: str, text: str) -> PauseFact:
    """Return a pause from its stored form."""
    stored: dict[str, Any] = orjson.loads(text)
    return PauseFact(scope, int(stored["since"]), str(stored["actor"]), str(stored.get("reason") or ""))


def parent_of(chain: str | None) -> str:
    """Return the run whose end started this one; empty if there is none."""
    return str(orjson.loads(chain).get("p", "")) if chain else ""


def error_of(text: str | None) -> dict[str, Any] | None:
    """Return an error in its stored form."""
    return orjson.loads(text) if text else None


@lru_cache(maxsize=256)
def _max_retry(retry: str) -> int:
    return RetryPolicy.model_validate_json(retry).max_retry if retry else RetryPolicy().max_retry


def _integer(text: str | None) -> int | None:
    return int(text) if text else None
