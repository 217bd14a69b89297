"""Bodies of probes, workers, events, and memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, cast

from pydantic import Field

from app import __version__
from app.core.i18n import Language, render
from app.core.i18n.stored import take_message
from app.core.incidents.models import IncidentKind
from app.core.incidents.titles import incident_title
from app.core.models import RetryPolicy, RunStatus
from app.core.records import queues_of
from app.services.api.schemas.common import Answer, Instant, Shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.core.activity.shard_states import ShardState
    from app.core.config import Settings
    from app.core.memory.usage import MemoryUsage
    from app.core.records import EventRecord, InstanceInfo
    from app.core.redis_client import ServerInfo
    from app.core.registry import HandlerSpec
    from app.core.statistics.minutes import LastMinutes

Auth = Literal["auto", "key", "off"]
CheckStatus = Literal["ok", "late", "missing", "busy", "stalled", "refusing"]
_STATUSES = frozenset(status.value for status in RunStatus)


class Health(Answer):
    """The process alone: `unhealthy` if it could not work for a minute."""

    status: Literal["healthy", "unhealthy"]
    version: str
    reason: Shown | None = Field(default=None, description="Why it could not work.")


class Check(Answer):
    """One part of the deployment.

    `missing`: no heartbeat. `late`: the last heartbeat is too old. `busy`: all slots are taken and ready runs
    wait too long. `stalled`: the service is alive, but does not take waiting work. `refusing`: Redis answers
    and refuses new work.
    """

    status: CheckStatus
    age_ms: int | None = Field(description="Age of the newest heartbeat; for Redis, the latency.")
    instances: int
    reason: Shown | None = Field(
        default=None,
        examples=["No worker runs; no run waits."],
        description="The reason; null if the status is ok.",
    )
    next_step: str | None = Field(
        default=None, examples=["multi-job up"], description="A command that helps or shows more."
    )


class Checks(Answer):
    """All parts."""

    redis: Check
    scheduler: Check
    worker: Check
    connector: Check


class Readiness(Answer):
    """Whether work gets done.

    `degraded` (200): a service is missing or late, and nothing waits for it. `unready` (503): Redis is out
    of reach or refuses new work, or waiting work makes no progress.
    """

    status: Literal["ready", "degraded", "unready"]
    version: str = Field(default=__version__, description="The release of the process that answers.")
    schema_version: int | None = Field(
        default=None, description="The schema of the data in Redis; null if that is unknown."
    )
    checks: Checks


class RedisBody(Answer):
    """The server that keeps everything, as it was when it was asked."""

    latency_ms: float = Field(ge=0, description="How long the one call took that this answer is made of.")
    used_memory_bytes: int = Field(description="Bytes that the server has allocated.")
    resident_memory_bytes: int = Field(description="Physical memory of the server's process, in bytes.")
    max_memory_bytes: int | None = Field(
        description="The server's own limit (`maxmemory`); null if it has none."
    )
    fragmentation: float = Field(ge=0, description="Resident memory divided by used memory.")
    allocator: str = Field(
        examples=["jemalloc-5.3.0"],
        description="The allocator that the server was built with; a preloaded one is not shown.",
    )
    version: str = Field(examples=["7.4.2"], description="Of Redis, or of Valkey.")


class MemoryKindsBody(Answer):
    """Bytes by kind."""

    jobs: int = Field(description="Specs, versions, ledgers, and values that handlers keep.")
    queue: int = Field(description="Runs that have not ended, their streams and indexes.")
    history: int = Field(description="Ended runs with attempts, logs and index entries.")
    rollups: int = Field(description="Statistics.")
    logs: int = Field(description="Log lines of running runs, events, the audit.")
    artifacts: int = Field(description="Contents of reports and exports.")
    messages: int = Field(description="Outbox, inbox, and updates of channels.")
    other: int = Field(description="Idempotency keys, plans, accounts, processes.")


class MemoryUsageBody(Answer):
    """Redis memory of this deployment, estimated from samples."""

    measured_at: Instant
    total_bytes: int
    kinds: MemoryKindsBody


class ProcessBody(Answer):
    """A process with a recent heartbeat, on any machine."""

    instance: str
    service: str = Field(examples=["worker"])
    host: str
    version: str = Field(description="The release that it runs.")
    schema_version: int = Field(
        description="The schema of data that it writes; 0 for a release before 1.0.0."
    )


class ShardBody(Answer):
    """One shard of jobs and runs."""

    shard: int = Field(ge=0, description="Its number, from 0.")
    status: Literal["ok", "down"] = Field(description="`down`: its Redis does not answer; its jobs wait.")
    jobs: int | None = Field(description="How many jobs it has; null if it is down.")
    latency_ms: float | None
    used_memory_bytes: int | None
    reason: Shown | None = Field(description="Why it is down.")

    @classmethod
    def of(cls, state: ShardState) -> Self:
        """Return a shard."""
        return cls(
            shard=state.shard,
            status="ok" if state.is_up else "down",
            jobs=state.jobs,
            latency_ms=state.latency_ms,
            used_memory_bytes=None if state.memory is None else state.memory.used_bytes,
            reason=state.reason or None,
        )


class PlatformBody(Answer):
    """The deployment as a whole."""

    version: str = Field(description="Of the process that answers.")
    schema_version: int | None = Field(description="The schema of the data in Redis; null before the first.")
    processes: list[ProcessBody] = Field(
        description="All live processes. Different versions are normal during an upgrade only."
    )
    namespace: str = Field(examples=["mj"], description="NAMESPACE: what all its keys begin with.")
    timezone: str = Field(
        examples=["Asia/Jakarta"], description="TIMEZONE: that of every schedule which names none itself."
    )
    auth: Auth = Field(
        description="AUTH of the process that answers. `off`: everybody who reaches its port is an admin."
    )
    redis: RedisBody
    shards: list[ShardBody] = Field(description="Each shard with SHARDS above 1; empty with one.")
    memory: MemoryUsageBody | None = Field(
        description="Measured by a scheduler each 10 s; null until one has measured it."
    )

    @classmethod
    def of(
        cls,
        settings: Settings,
        redis: ServerInfo,
        usage: MemoryUsage | None,
        schema: int | None,
        processes: Sequence[InstanceInfo],
        *,
        shards: Sequence[ShardState] = (),
    ) -> Self:
        """Return the deployment."""
        memory = redis.memory
        return cls(
            version=__version__,
            schema_version=schema,
            processes=[ProcessBody.from_record(each, schema_version=each.schema) for each in processes],
            namespace=settings.namespace,
            timezone=settings.timezone,
            auth=cast("Auth", settings.auth),
            shards=[ShardBody.of(each) for each in shards],
            redis=RedisBody(
                latency_ms=redis.latency_ms,
                used_memory_bytes=memory.used_bytes,
                resident_memory_bytes=memory.resident_bytes,
                max_memory_bytes=memory.limit_bytes,
                fragmentation=memory.fragmentation,
                allocator=memory.allocator,
                version=redis.version,
            ),
            memory=usage and MemoryUsageBody.from_record(usage, measured_at=usage.at_ms),
        )


class JobTypeDefaults(Answer):
    """The defaults of a spec of this type."""

    timeout_ms: int
    retry_policy: RetryPolicy


class SlotBody(Answer):
    """An input field that a sentence can set, and the words before its value."""

    field: str
    words: list[str]


class PhrasesBody(Answer):
    """The words that ask for a job type in a sentence, and the schedule if it says no time."""

    nouns: list[str]
    verbs: list[str]
    slots: list[SlotBody]
    schedule: dict[str, Any] | None


class JobTypeBody(Answer):
    """A job type that this deployment knows."""

    type: str
    description: str
    inputs: dict[str, Any]
    tools: list[str]
    runs_in: Literal["loop", "thread", "process", "by inputs"]
    defaults: JobTypeDefaults
    phrases: PhrasesBody | None

    @classmethod
    def of(cls, handler: HandlerSpec) -> Self:
        """Return the type of a handler."""
        runs_in = "by inputs" if callable(handler.runs_in) else handler.runs_in
        return cls.from_record(handler, inputs=handler.input_schema(), runs_in=runs_in, defaults=handler)


class WorkerBody(Answer):
    """A worker with a recent heartbeat."""

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
    queues: list[str]
    types: list[str]

    @classmethod
    def of(cls, instance: InstanceInfo) -> Self:
        """Return a worker."""
        state = instance.state
        return cls.from_record(
            instance,
            concurrency=state.get("concurrency", 0),
            running=state.get("running", []),
            draining=state.get("draining", False),
            queues=list(queues_of(instance)),
            types=list(state.get("types", ())),
        )


OF_INCIDENTS = frozenset({"incident.opened", "incident.updated", "incident.closed"})
WITH_TEXT = frozenset({"history.purged"}) | OF_INCIDENTS
"""Types of events whose data has a text for people; the text of an incident is its title."""


def _event_text(event: EventRecord, data: dict[str, Any]) -> str | None:
    if event.type in OF_INCIDENTS and data.get("kind") in set(IncidentKind):
        return incident_title(IncidentKind(data["kind"]), str(data.get("subject", "")))
    text = data.get("text")
    return text if event.type in WITH_TEXT and isinstance(text, str) else None


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

    @classmethod
    def of(cls, event: EventRecord, language: Language = "en") -> Self:
        """Return an event; the type of a run's event names its status."""
        family, _, rest = event.type.partition(".")
        status = rest if family == "run" and rest in _STATUSES else event.data.get("status")
        data = dict(event.data)
        take_message(data, "text")
        if (text := _event_text(event, data)) is not None:
            data["text"] = render(text, language)
        return cls(
            id=event.id,
            type=event.type,
            at=event.at,
            job_id=event.job_id or None,
            run_id=event.run_id or None,
            status=status if isinstance(status, str) else None,
            seq=event.seq,
            rev=event.rev,
            data=data,
        )


Percentile = Annotated[int | None, Field(description="Within 5 %; null if nothing was measured.")]


class StatsFigures(Answer):
    """Counts of runs, by the time of their start or end."""

    started: int
    success: int
    failed: int
    cancelled: int
    wait_p50_ms: Percentile
    wait_p95_ms: Percentile
    duration_p50_ms: Percentile
    duration_p95_ms: Percentile


class StatsMinute(StatsFigures):
    """One interval: a minute, or longer in a longer range."""

    at: Instant = Field(description="When the interval began.")


class StatsBody(Answer):
    """The last intervals, oldest first, and all together; the last one is still running."""

    since: Instant
    until: Instant
    step_sec: int = Field(description="The length of an interval: 60, 900 or 3,600 seconds.")
    minutes: list[StatsMinute] = Field(
        description="The intervals; each is a minute unless `range` is longer."
    )
    totals: StatsFigures

    @classmethod
    def of(cls, found: LastMinutes) -> Self:
        """Return the figures of some intervals."""
        return cls(
            since=found.since_ms,
            until=found.until_ms,
            step_sec=found.step_sec,
            minutes=[StatsMinute.from_record(figures, at=at_ms) for at_ms, figures in found.minutes],
            totals=StatsFigures.model_validate(found.totals),
        )
