"""Records as they are read from Redis: pauses, jobs, runs, logs, queue.

Frozen dataclasses; every instant in epoch milliseconds, every JSON value already parsed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any, Generic, NamedTuple, TypeVar

import orjson

from app.core.i18n.stored import read_error
from app.core.ids import DEFAULT_QUEUE
from app.core.models import JobSpec, Priority, RetryPolicy, RunStatus


class ScopeKind(StrEnum):
    """The extent of a pause."""

    ALL = "all"
    QUEUE = "queue"
    TYPE = "type"
    JOB = "job"


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything, one queue, the jobs of one type, or one job; `name` is empty for everything."""

    kind: ScopeKind
    name: str = ""

    @property
    def text(self) -> str:
        """Return its name in scripts and keys: `all`, `queue:<queue>`, `type:<type>`, `job:<id>`."""
        return f"{self.kind}:{self.name}" if self.name else self.kind.value

    @classmethod
    def parse(cls, text: str) -> Scope:
        """Return the scope of such a text."""
        kind, _, name = text.partition(":")
        return cls(ScopeKind(kind), name)


EVERYTHING = Scope(ScopeKind.ALL)


class LaneName(NamedTuple):
    """The parts of a ready lane's name, `[queue:]priority[@type]`.

    The lanes of the queue `default` have no prefix. `suspect` counts as a priority: isolated runs wait there.
    A lane with a type holds runs that a worker without the type has put aside; workers with the type read it.
    """

    queue: str
    priority: str
    type: str = ""

    @classmethod
    def parse(cls, lane: str) -> LaneName:
        """Return the parts of a name."""
        base, _, job_type = lane.partition("@")
        queue, _, priority = base.rpartition(":")
        return cls(queue or DEFAULT_QUEUE, priority, job_type)


def lane_of(queue: str, priority: str) -> str:
    """Return the name of a queue's lane."""
    return priority if queue == DEFAULT_QUEUE else f"{queue}:{priority}"


@dataclass(frozen=True, slots=True)
class PauseRecord:
    """A pause: its start (epoch ms), its author, the reason, how many runs it holds, perhaps its end."""

    scope: Scope
    since_ms: int
    actor: str
    reason: str
    held: int
    until_ms: int | None = None
    is_new: bool = False
    """True in the response to the call that created it."""
    is_changed: bool = False
    """True in the response to the call that created it or changed its end."""

    def lasts(self, at_ms: int) -> bool:
        """Return whether it has effect at an instant."""
        return self.until_ms is None or at_ms < self.until_ms


@dataclass(frozen=True, slots=True)
class ResumeResult:
    """The pause that a resume ended, None if there was none, and how many runs it released."""

    scope: Scope
    ended: PauseRecord | None
    released: int


# Pages and records of searches.

T = TypeVar("T")
DEFAULT_MAX_RETRY = RetryPolicy().max_retry


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a search, in records."""

    searched: int
    """Records that this call has read."""
    total: int
    """Records from this call's cursor to the end, those that it has read included."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A part of a list; `next_cursor` is the `seq` to go on from, None at the end."""

    items: list[T]
    next_cursor: int | None
    total: int | None = None
    """The length of the whole list, if one index answers it."""
    progress: Progress | None = None
    """The progress of the search with this page; None for a list that one index answers."""


@dataclass(frozen=True, slots=True)
class RunBrief:
    """One square of a run strip."""

    run_id: str
    status: RunStatus
    duration_ms: int | None


@dataclass(frozen=True, slots=True)
class JobStats:
    """A job's last 24 hours, from roll-ups. Percentiles are within 5 %."""

    runs: int = 0
    success: int = 0
    failed: int = 0
    success_rate: float | None = None
    p50_ms: int | None = None
    p95_ms: int | None = None


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A stored job: its spec and its present state."""

    spec: JobSpec
    version: int
    seq: int
    created_at: int
    updated_at: int
    next_run_at: int | None
    """Next slot; None if nothing is scheduled or the job is disabled."""
    cooling_until: int | None = None
    """The time until which a failure holds its slots back; None if there is none."""
    off_at: int | None = None
    """The time at which it was disabled."""
    off_by: str = ""
    """The actor who disabled it."""
    save: str = ""
    """The version and the id of the save that stored this spec; unique within the job."""
    recent: list[RunBrief] = field(default_factory=list[RunBrief])
    stats: JobStats = field(default_factory=JobStats)

    @property
    def last_run(self) -> RunBrief | None:
        """Return the newest run."""
        return self.recent[0] if self.recent else None


@dataclass(frozen=True, slots=True)
class JobVersion:
    """One save of a spec: its spec, time, author and origin."""

    version: int
    spec: JobSpec
    at: int
    actor: str
    origin: str


@dataclass(frozen=True, slots=True)
class AttemptRecord:
    """One start of a run."""

    attempt: int
    worker: str
    started_at: int | None
    ended_at: int | None
    outcome: str
    """success, failed, cancelled, retrying, released, crashed, running."""
    error: dict[str, Any] | None = None
    calls: list[Any] = field(default_factory=list[Any])


@dataclass(frozen=True, slots=True)
class Stored:
    """The name of a field in the hash of its record, and its value if the hash has none."""

    name: str
    absent: Any = ...
    """`...` if the hash of every record has the field."""
    read: Callable[[str], Any] | None = None
    """Reads the text; by default the type of the field does."""


def _max_retry(policy: str) -> int:
    return orjson.loads(policy).get("max_retry", DEFAULT_MAX_RETRY)


# A page of runs has few lanes.
@lru_cache(maxsize=256)
def _priority_of(lane: str) -> Priority:
    return Priority(LaneName.parse(lane).priority)


@lru_cache(maxsize=256)
def _queue_of(lane: str) -> str:
    return LaneName.parse(lane).queue


def _chain_parent(chain: str) -> str | None:
    return orjson.loads(chain).get("p")


def _chain_depth(chain: str) -> int:
    return orjson.loads(chain).get("d", 0)


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run as it was read. Fields without `Stored` are derived from others."""

    run_id: str
    seq: Annotated[int, Stored("seq")]
    rev: Annotated[int, Stored("rev")]
    job_id: Annotated[str, Stored("job")]
    type: Annotated[str, Stored("type")]
    version: Annotated[int, Stored("version")]
    status: Annotated[RunStatus, Stored("status")]
    source: Annotated[str, Stored("source")]
    trace_id: Annotated[str, Stored("trace")]
    priority: Annotated[Priority, Stored("pri", ..., _priority_of)]
    inputs: Annotated[Any, Stored("inputs")]
    timeout_ms: Annotated[int, Stored("timeout")]
    max_retry: Annotated[int, Stored("retry", DEFAULT_MAX_RETRY, _max_retry)]
    slot_ms: Annotated[int | None, Stored("slot", None)]
    created_at: Annotated[int, Stored("created")]
    queued_at: Annotated[int | None, Stored("queued", None)]
    due_at: Annotated[int | None, Stored("due", None)]
    """For scheduled and retrying runs: when it will be queued."""
    started_at: Annotated[int | None, Stored("started", None)]
    ended_at: Annotated[int | None, Stored("ended", None)]
    duration_ms: int | None
    worker: Annotated[str, Stored("worker", "")]
    attempt: Annotated[int, Stored("attempt", 0)]
    failures: Annotated[int, Stored("failures", 0)]
    crashes: Annotated[int, Stored("crashes", 0)]
    releases: Annotated[int, Stored("releases", 0)]
    progress: Annotated[Any, Stored("progress", None)]
    output: Annotated[Any, Stored("output", None)]
    error: Annotated[dict[str, Any] | None, Stored("error", None, read_error)]
    """`{kind, code, message, traceback?, retryable}` of the last failed attempt."""
    dead_letter: Annotated[bool, Stored("dead", False)]
    cancel_requested: Annotated[bool, Stored("cancel", False)]
    waiting_for: Annotated[str, Stored("waiting", "")]
    """What the run waits for: a concurrency key, `paused:<scope>`, `type:<type>`; empty if nothing."""
    actor: Annotated[str, Stored("actor", "")]
    attempts: list[AttemptRecord] = field(default_factory=list[AttemptRecord])
    queue: Annotated[str, Stored("pri", ..., _queue_of)] = DEFAULT_QUEUE
    rerun_of: Annotated[str | None, Stored("rerun_of", None)] = None
    """The run that this one repeats."""
    moved: Annotated[dict[str, Any] | None, Stored("moved", None)] = None
    """The skipped slot in whose place it ran: `{from, reason}`, epoch ms and the ledger's code."""
    parent_run_id: Annotated[str | None, Stored("chain", None, _chain_parent)] = None
    """The run whose end started this one; None if a chain did not start it."""
    chain_depth: Annotated[int, Stored("chain", 0, _chain_depth)] = 0
    """How many runs precede it in its chain."""
    result: dict[str, Any] | None = None
    """How it ended: success, output, error, duration_ms; None until it has."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One captured line."""

    at: int
    level: str
    message: str
    fields: dict[str, Any] = field(default_factory=dict[str, Any])
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class LedgerRange:
    """Slots that did not run, first and last inclusive.

    The reason is missed, overlap, backlog, clock_went_back, paused, cooling_down, disabled, invalid, or the
    code of a skip (`scheduling/skip_rules.py`).
    """

    first: int
    last: int
    slots: int
    reason: str
    recorded_at: int


@dataclass(frozen=True, slots=True)
class EventRecord:
    """An event; `id` is its position in the stream."""

    id: str
    type: str
    at: int
    job_id: str = ""
    run_id: str = ""
    seq: int | None = None
    rev: int | None = None
    data: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class DiskSpace:
    """The free space of one disk."""

    folders: str
    """What is on it: `data, logs, files`."""
    path: str
    free_bytes: int
    total_bytes: int

    @property
    def share(self) -> float:
        """Return the free part."""
        return self.free_bytes / self.total_bytes if self.total_bytes else 1.0


@dataclass(frozen=True, slots=True)
class InstanceInfo:
    """The last heartbeat of a process."""

    instance: str
    service: str
    """api, scheduler, worker, connector."""
    pid: int
    host: str
    version: str
    started_at: int
    heartbeat_at: int
    age_ms: int
    state: dict[str, Any] = field(default_factory=dict[str, Any])
    """For workers: concurrency, running (run ids), draining, types, queues."""
    secret_keys: tuple[str, ...] = ()
    """Fingerprints of the secret keys that it has; empty for a process of an earlier version."""
    shared: dict[str, str] = field(default_factory=dict[str, str])
    """Its settings that must be equal on every machine, if they are not the defaults."""
    schema: int = 0
    """The schema of data that it writes; 0 for a release before 1.0.0."""
    disks: tuple[DiskSpace, ...] = ()
    """The disks with its data, logs and files; empty for a process of an earlier version."""


def queues_of(worker: InstanceInfo) -> tuple[str, ...]:
    """Return the queues that a worker serves; one of an earlier version reports none and serves `default`."""
    return tuple(worker.state.get("queues") or (DEFAULT_QUEUE,))


@dataclass(frozen=True, slots=True)
class LaneStats:
    """One priority lane."""

    waiting: int
    running: int
    oldest_ms: int | None


@dataclass(frozen=True, slots=True)
class QueueDepth:
    """One queue: its lanes by priority, with the runs that were put aside."""

    queue: str
    lanes: dict[str, LaneStats]
    suspects: int
    """Suspects that are queued or isolated at the moment."""
    missing_types: dict[str, int]
    """Types of runs that wait for a worker with their type, and how many."""
    startable_oldest_ms: int | None = None
    """How long the oldest run has waited, without those that wait for a worker with their type."""

    @property
    def waiting(self) -> int:
        """Return how many runs wait; suspects do not count."""
        return sum(lane.waiting for lane in self.lanes.values())

    @property
    def running(self) -> int:
        """Return how many runs are in work; suspects do not count."""
        return sum(lane.running for lane in self.lanes.values())

    @property
    def oldest_ms(self) -> int | None:
        """Return how long the oldest run has waited; None if none waits."""
        ages = [lane.oldest_ms for lane in self.lanes.values() if lane.oldest_ms is not None]
        return max(ages, default=None)


@dataclass(frozen=True, slots=True)
class NextFire:
    """The next fire of a job, epoch ms."""

    job_id: str
    at: int


@dataclass(frozen=True, slots=True)
class QueueStats:
    """All queues together, and each of them."""

    lanes: dict[str, LaneStats]
    """By priority, of all queues."""
    delayed: int
    next_due_at: int | None
    dead_letters: int
    suspects: int
    """Suspects that are queued or isolated at the moment."""
    waiting_for_keys: int
    next_fires: list[NextFire] = field(default_factory=list[NextFire])
    """The first three, jitter included."""
    paused: list[PauseRecord] = field(default_factory=list[PauseRecord])
    queues: list[QueueDepth] = field(default_factory=list[QueueDepth])
    """`default` first, the others by name."""

    @property
    def missing_types(self) -> dict[str, int]:
        """Return the types of runs that wait for a worker with their type, and how many."""
        found = Counter[str]()
        for queue in self.queues:
            found.update(queue.missing_types)
        return dict(sorted(found.items()))


class ArtifactKind(StrEnum):
    """The kind of a published file."""

    REPORT = "report"
    EXPORT = "export"
