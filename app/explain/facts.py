"""The facts and causes of an explanation; instants in epoch milliseconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from app.core.ids import DEFAULT_QUEUE
from app.core.models import TERMINAL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.models import RunStatus
    from app.core.records import EventRecord, JobRecord, LedgerRange, PauseRecord, RunRecord
    from app.core.runs.waiting import WaitPlace
    from app.core.scheduling.schedule import HistoryWindow, SlotOutcome
    from app.core.scheduling.slots import CompiledSchedule


@dataclass(frozen=True, slots=True)
class WorkerFact:
    """A live worker."""

    concurrency: int
    running: int
    draining: bool
    types: frozenset[str] | None
    """The job types that it has; None if it does not report them."""
    queues: frozenset[str] = frozenset({DEFAULT_QUEUE})


@dataclass(frozen=True, slots=True)
class QueueFact:
    """The queue before the waiting run."""

    older_waiting: int = 0
    holders: tuple[str, ...] = ()
    """Runs that hold the key it waits for; some of them if there are many."""
    place: WaitPlace | None = None
    """Its place before the key, group or rate that it waits for."""


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
    pauses: tuple[PauseRecord, ...] = ()
    runs: tuple[RunRecord, ...] = ()
    """Without inputs and output. Newest first: those of slots within the window, and the newest of all."""
    ledger: tuple[LedgerRange, ...] = ()
    """Ranges that overlap the window, newest first."""
    events: tuple[EventRecord, ...] = ()
    """Events around the ranges, oldest first."""
    line: QueueFact = field(default_factory=QueueFact)
    feeders: tuple[str, ...] = ()
    """Jobs whose end starts this one."""

    @property
    def active(self) -> RunRecord | None:
        """Return the newest run that has not ended."""
        return next((run for run in self.runs if run.status not in TERMINAL), None)


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
class Count:
    """How many slots or runs."""

    count: int
    noun: Literal["slot", "run"]


Value = str | int | InstantValue | TimeRange | DurationValue | Count


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
    run: tuple[RunRecord, Cause] | None
