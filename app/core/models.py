"""Core models: job specs, schedules, retry policies, run states.

Specs come from people, so they are pydantic models; the internal types are frozen dataclasses. All instants
are epoch milliseconds, except in `Schedule`, which is written by people.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, NamedTuple, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from app.core.ids import DEFAULT_QUEUE, QUEUE_PATTERN, TAG_PATTERN

JOB_ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
JOB_TYPE_PATTERN = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$"
KEY_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._:@+-]{0,127}$"
RESERVED_JOB_IDS = frozenset({"new"})
GROUP_BY_PATTERN = r"^inputs(\.[A-Za-z_][A-Za-z0-9_-]{0,63}){1,5}$"
MAX_PER_MINUTE = 60_000
MAX_INTERVAL_SEC = 366 * 86_400
MAX_BACKOFF_SEC = 86_400
DEFAULT_TIMEOUT_MS = 60_000
DEFAULT_MISFIRE_GRACE_SEC = 10
MAX_COOLDOWN_SEC = 86_400
CALENDAR_PATTERN = r"^[a-z0-9][a-z0-9._-]{0,63}$"
ANY_YEAR: Final = 2000
"""A leap year: `02-29` of each year is a date."""


class RunStatus(StrEnum):
    """The states of a run. Each comment names the transitions out of the state."""

    SCHEDULED = "scheduled"
    """Waits for its time in the delayed set. Promotion moves it to queued; cancel ends it."""
    QUEUED = "queued"
    """Ready in a lane, held by a pause, or waiting for a key or a rate. A claim moves it; cancel ends it."""
    RUNNING = "running"
    """Owned by one attempt through a lease. Finish, release, or reclaim moves it on."""
    RETRYING = "retrying"
    """Waits for its next try in the delayed set. Promotion moves it to queued; cancel ends it."""
    SUCCESS = "success"
    """Terminal."""
    FAILED = "failed"
    """Terminal, but a redrive may queue it again, at once or later."""
    CANCELLED = "cancelled"
    """Terminal."""


TERMINAL = frozenset({RunStatus.SUCCESS, RunStatus.FAILED, RunStatus.CANCELLED})

TRANSITIONS: dict[RunStatus, frozenset[RunStatus]] = {
    RunStatus.SCHEDULED: frozenset({RunStatus.QUEUED, RunStatus.CANCELLED}),
    RunStatus.QUEUED: frozenset({RunStatus.RUNNING, RunStatus.CANCELLED}),
    RunStatus.RUNNING: frozenset(
        {
            RunStatus.SUCCESS,
            RunStatus.FAILED,
            RunStatus.CANCELLED,
            RunStatus.RETRYING,
            RunStatus.QUEUED,
        }
    ),
    RunStatus.RETRYING: frozenset({RunStatus.QUEUED, RunStatus.CANCELLED}),
    RunStatus.SUCCESS: frozenset(),
    RunStatus.FAILED: frozenset({RunStatus.QUEUED, RunStatus.SCHEDULED}),
    RunStatus.CANCELLED: frozenset(),
}


class Priority(StrEnum):
    """The lane of the ready queue."""

    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class Overlap(StrEnum):
    """The effect of a slot while an earlier run of its job is active."""

    SKIP = "skip"
    QUEUE = "queue"
    CANCEL_RUNNING = "cancel_running"
    ALLOW = "allow"


class Misfire(StrEnum):
    """The treatment of slots that passed while no scheduler was running."""

    RUN_ONCE = "run_once"
    SKIP = "skip"
    RUN_ALL = "run_all"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class OnSkip(StrEnum):
    """What becomes of a skipped slot: nothing, or a fire on the nearest day that is not skipped."""

    DROP = "drop"
    BEFORE = "before"
    AFTER = "after"


def _is_absent(value: object) -> bool:
    return not value


def _is(default: object) -> Callable[[object], bool]:
    return lambda value: value == default


def _date(text: str) -> str:
    """Check a date of one year (`2026-12-25`) or of each (`12-25`)."""
    try:
        found = date.fromisoformat(text if len(text) > len("12-25") else f"{ANY_YEAR}-{text}")
    except ValueError:
        found = None
    if found is None or f"{found}"[-len(text) :] != text:
        raise ValueError(f"{text!r} is no date: write 2026-12-25, or 12-25 for each year")
    return text


def _window(text: str) -> str:
    if (match := _WINDOW.fullmatch(text)) is None:
        raise ValueError(f"{text!r} is no window of a day: write 22:00-06:00 (start in, end out)")
    if match[1] == match[2]:
        raise ValueError(f"the window {text!r} has no length; `weekdays` and `dates` skip whole days")
    return text


_WINDOW: Final = re.compile(r"((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d|24:00)")


class SkipRules(_Strict):
    """Days and times of day at which nothing fires. Each field leaves out more."""

    dates: Annotated[list[Annotated[str, AfterValidator(_date)]], Field(max_length=400)] = Field(
        default_factory=list[str],
        exclude_if=_is_absent,
        description="Days: `2026-12-25`, or `12-25` for each year.",
    )
    weekdays: Annotated[list[Annotated[int, Field(ge=0, le=6, strict=True)]], Field(max_length=7)] = Field(
        default_factory=list[int], exclude_if=_is_absent, description="Days of the week; 0 is Sunday."
    )
    days_of_month: Annotated[list[Annotated[int, Field(ge=1, le=31, strict=True)]], Field(max_length=31)] = (
        Field(default_factory=list[int], exclude_if=_is_absent)
    )
    windows: Annotated[list[Annotated[str, AfterValidator(_window)]], Field(max_length=24)] = Field(
        default_factory=list[str],
        exclude_if=_is_absent,
        description="Times of day: `22:00-06:00`, start in, end out; a window may pass midnight.",
    )
    holidays: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = Field(
        default=None,
        exclude_if=_is_absent,
        description="The public holidays of a country, by its ISO 3166 code: `ID`.",
    )
    cuti_bersama: bool = Field(
        default=False, exclude_if=_is_absent, description="With Indonesia's joint leave days too."
    )
    names: Annotated[list[Annotated[str, Field(min_length=1, max_length=60)]], Field(max_length=20)] = Field(
        default_factory=list[str],
        exclude_if=_is_absent,
        description="Only the holidays whose name contains one of these texts; Indonesia's are Indonesian.",
    )

    @field_validator("dates", "weekdays", "days_of_month", "windows", "names")
    @classmethod
    def _once_each(cls, values: list[Any]) -> list[Any]:
        return list(dict.fromkeys(values))

    @model_validator(mode="after")
    def _holidays_first(self) -> Self:
        if self.names and self.holidays is None:
            raise ValueError("names choose among holidays: add `holidays`, for example ID")
        if self.cuti_bersama and self.holidays != "ID":
            raise ValueError("cuti_bersama belongs to holidays: ID")
        return self


CalendarName = Annotated[str, Field(pattern=CALENDAR_PATTERN)]


class Skip(SkipRules):
    """The days and times that a schedule leaves out: its own, and those of the deployment's calendars."""

    calendars: Annotated[list[CalendarName], Field(max_length=10)] = Field(
        default_factory=list[str], exclude_if=_is_absent, description="Names of calendars; they must exist."
    )

    @field_validator("calendars")
    @classmethod
    def _distinct(cls, names: list[str]) -> list[str]:
        return list(dict.fromkeys(names))


class Calendar(SkipRules):
    """Days and times that several jobs leave out, under one name: opening hours, leave."""

    description: Annotated[str, Field(max_length=500)] = Field(default="", exclude_if=_is_absent)


class Schedule(_Strict):
    """When a job fires: one of `interval_sec`, `cron`, `rrule`, `at`, within `start_at` and `end_at`."""

    interval_sec: Annotated[int, Field(ge=1, le=MAX_INTERVAL_SEC, strict=True)] | None = None
    cron: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    rrule: Annotated[str, Field(min_length=1, max_length=300)] | None = None
    timezone: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    at: AwareDatetime | None = None
    start_at: AwareDatetime | None = None
    end_at: AwareDatetime | None = None
    skip: Skip | None = Field(
        default=None, exclude_if=_is_absent, description="Slots that make no run; not for `at`."
    )
    on_skip: OnSkip = Field(
        default=OnSkip.DROP,
        exclude_if=_is(OnSkip.DROP),
        description="What becomes of a skipped slot. `before` and `after`: it fires on the nearest day that "
        "is not skipped, at the same time, less than 60 days away.",
    )

    @field_validator("skip")
    @classmethod
    def _said(cls, skip: Skip | None) -> Skip | None:
        return None if skip == Skip() else skip

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = [name for name in ("interval_sec", "cron", "rrule", "at") if getattr(self, name) is not None]
        if len(kinds) != 1:
            found = " and ".join(kinds) or "none"
            raise ValueError(f"give exactly one of interval_sec, cron, rrule, at (found: {found})")
        if self.timezone is not None and self.cron is None and self.rrule is None and self.skip is None:
            raise ValueError("timezone belongs to cron and rrule, and to an interval with skip")
        if self.start_at and self.end_at and self.start_at >= self.end_at:
            raise ValueError("end_at must be later than start_at")
        if self.at is not None and self.skip is not None:
            raise ValueError("skip belongs to interval_sec, cron and rrule; `at` names the one time itself")
        if self.on_skip is not OnSkip.DROP and self.skip is None:
            raise ValueError("on_skip needs a skip")
        return self


class ExponentialBackoff(_Strict):
    """Delay before try n (from 0): base × factor^n seconds, at most `max`."""

    base: Annotated[float, Field(ge=0, le=MAX_BACKOFF_SEC)] = 1.0
    factor: Annotated[float, Field(ge=1, le=100)] = 2.0
    max: Annotated[float, Field(ge=0, le=MAX_BACKOFF_SEC)] = 300.0


BackoffSeconds = Annotated[float, Field(ge=0, le=MAX_BACKOFF_SEC)]


class RetryPolicy(_Strict):
    """How often and after which delay a failed attempt is tried again."""

    max_retry: Annotated[int, Field(ge=0, le=100, strict=True)] = 3
    backoff_sec: Annotated[list[BackoffSeconds], Field(min_length=1, max_length=100)] | ExponentialBackoff = (
        Field(default_factory=ExponentialBackoff)
    )
    jitter: Annotated[float, Field(ge=0, le=1)] = 0.0
    non_retryable: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=20)] = Field(
        default_factory=list[str]
    )

    def delay_sec(self, failures: int, spread: float) -> float:
        """Return the seconds to wait after the n-th failure (from 1); `spread` in [0, 1) is random."""
        index = max(0, failures - 1)
        if isinstance(self.backoff_sec, list):
            delay = self.backoff_sec[min(index, len(self.backoff_sec) - 1)]
        else:
            rule = self.backoff_sec
            # factor ** 1000 overflows; beyond 2 ** 64 the maximum applies anyway.
            exponent = min(index, 64 / max(math.log2(rule.factor), 1e-9)) if rule.factor > 1 else 0
            delay = min(rule.base * rule.factor**exponent, rule.max)
        return delay * (1 + self.jitter * (2 * spread - 1))


GROUP_ROUND_ROBIN: Final = "group_round_robin"
LimitKey = Annotated[str, Field(pattern=KEY_PATTERN)]
GroupBy = Annotated[
    str,
    Field(
        pattern=GROUP_BY_PATTERN,
        max_length=200,
        description="An input of the type, `inputs.customer_id`: runs with the same value are one group. "
        "Runs without a value are one group too.",
    ),
]


class Concurrency(_Strict):
    """At most `limit` runs that carry `key` run at once, over all jobs; with `group_by`, in each group."""

    key: LimitKey
    limit: Annotated[int, Field(ge=1, le=10_000, strict=True)]
    group_by: GroupBy | None = Field(default=None, exclude_if=_is_absent)
    total: Annotated[int, Field(ge=1, le=10_000, strict=True)] | None = Field(
        default=None,
        exclude_if=_is_absent,
        description="At most so many runs of all groups at once. Default: no bound; with "
        "`group_round_robin` the slots of the live workers.",
    )
    strategy: Literal["group_round_robin"] | None = Field(
        default=None,
        exclude_if=_is_absent,
        description="`group_round_robin`: free slots go to the groups in turn. Default: to the oldest run.",
    )

    @model_validator(mode="after")
    def _groups_first(self) -> Self:
        if self.group_by is None and self.total is not None:
            raise ValueError("total counts the runs of all groups: add group_by, or use limit alone")
        if self.group_by is None and self.strategy is not None:
            raise ValueError("group_round_robin needs groups: add group_by, for example inputs.customer_id")
        if self.total is not None and self.total < self.limit:
            raise ValueError("total must not be less than limit, the limit of one group")
        return self


class Rate(_Strict):
    """At most `per_minute` runs that carry `key` start in any 60 seconds, over all jobs and workers."""

    key: LimitKey
    per_minute: Annotated[int, Field(ge=1, le=MAX_PER_MINUTE, strict=True)]
    group_by: GroupBy | None = Field(default=None, exclude_if=_is_absent)


JobId = Annotated[str, Field(pattern=JOB_ID_PATTERN)]
Chained = Annotated[
    list[JobId],
    Field(max_length=10, description="Jobs to run once a run of this one has ended so; they must exist."),
]
Tag = Annotated[str, Field(pattern=TAG_PATTERN)]


class JobSpec(_Strict):
    """What a person asks for: a type, its inputs, when, and how failures are met."""

    job_id: JobId
    type: Annotated[str, Field(pattern=JOB_TYPE_PATTERN, max_length=64)]
    description: Annotated[str, Field(max_length=500)] = ""
    enabled: bool = True
    schedule: Schedule | None = None
    inputs: dict[str, Any] = Field(default_factory=dict[str, Any])
    timeout_ms: Annotated[int, Field(ge=1, le=86_400_000, strict=True)] = DEFAULT_TIMEOUT_MS
    retry_policy: RetryPolicy = Field(default_factory=RetryPolicy)
    tags: Annotated[list[Tag], Field(max_length=20)] = Field(default_factory=list[str])
    priority: Priority = Priority.NORMAL
    queue: Annotated[str, Field(pattern=QUEUE_PATTERN, description="In `WORKER_QUEUES` of workers.")] = Field(
        default=DEFAULT_QUEUE, exclude_if=_is(DEFAULT_QUEUE)
    )
    concurrency: Concurrency | None = None
    rate: Rate | None = Field(default=None, exclude_if=_is_absent)
    overlap: Overlap = Overlap.SKIP
    misfire: Misfire = Misfire.RUN_ONCE
    misfire_grace_sec: Annotated[int, Field(ge=0, le=86_400, strict=True)] = DEFAULT_MISFIRE_GRACE_SEC
    jitter_sec: Annotated[float, Field(ge=0, le=3600)] = 0.0
    on_success: Chained = Field(default_factory=list[str])
    on_failure: Chained = Field(default_factory=list[str])
    failure_cooldown_sec: Annotated[int, Field(ge=0, le=MAX_COOLDOWN_SEC, strict=True)] = 0

    @field_validator("job_id")
    @classmethod
    def _not_reserved(cls, job_id: str) -> str:
        if job_id in RESERVED_JOB_IDS:
            raise ValueError(f"{job_id!r} is reserved")
        return job_id

    @field_validator("tags", "on_success", "on_failure")
    @classmethod
    def _distinct(cls, names: list[str]) -> list[str]:
        return list(dict.fromkeys(names))


ErrorKind = Literal["exception", "timeout", "crash", "lease_lost", "cancelled", "invalid", "unknown_type"]


class NewRun(NamedTuple):
    """A run to create, in the order in which scripts take it. `inputs` is JSON text.

    The fields from `job_id` on (`kind`) are the same for many runs.
    """

    run_id: str
    inputs: str
    trace_id: str
    job_id: str
    type: str
    version: int
    source: str
    lane: str = Priority.NORMAL
    """Its queue and priority as a lane's name (`records.LaneName`)."""
    timeout_ms: int = DEFAULT_TIMEOUT_MS
    delay_ms: int = 0
    retry: str = ""
    """The retry policy as JSON text; empty means the default policy."""
    overlap_key: str = ""
    """`1` if the job's overlap rule is a key of limit 1 (`queue`, `cancel_running`); else empty."""
    key: str = ""
    actor: str = ""
    chain: str = ""
    """The jobs that its end starts, and its hold on slots, as JSON text (`runs/chains.py`); empty if none."""
    rerun_of: str = ""
    """The run that this one repeats; empty if none."""
    seen: str = ""
    """The save of the job that the run was made from; the script refuses it if another is stored by then."""

    @property
    def kind(self) -> tuple[Any, ...]:
        """Return what it has in common with other runs of its job."""
        return self[3:]


class ClaimedRun(NamedTuple):
    """A run that this process owns through `lease_id`, with all data needed to execute it.

    The fields are in the order in which a claim returns them.
    """

    run_id: str
    lease_id: str
    attempt: int
    job_id: str
    type: str
    version: int
    inputs: str
    source: str
    trace_id: str
    timeout_ms: int
    queued_at_ms: int
    started_at_ms: int
    retry: str = ""
    failures: int = 0
    crashes: int = 0
    slot_ms: int | None = None
    logged: bool = False
    """True if an earlier attempt left log lines."""
    alone: bool = False
    """True for a suspect: it runs in a child process, in a slot for suspects."""
    keyed: bool = False
    """True if the run holds a place of a concurrency key or of its job's overlap key."""

    @property
    def fencing_token(self) -> int:
        """Return the last part of the lease: a number that rises with every claim of the deployment."""
        return int(self.lease_id.rpartition(":")[2])


class AttemptOutcome(StrEnum):
    """The outcome of an attempt, as the runner reports it."""

    SUCCESS = "success"
    FAILED = "failed"
    RETRY = "retry"
    CANCELLED = "cancelled"
    CRASHED = "crashed"
    """The child process of an isolated run crashed: the run ends as failed, without a retry."""


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """The end of one attempt. `output`, `error` and `calls` are JSON texts, empty if there is none."""

    run_id: str
    lease_id: str
    attempt: int
    outcome: AttemptOutcome
    output: str = ""
    error: str = ""
    fingerprint: str = ""
    """Groups equal errors; empty unless the attempt failed."""
    delay_ms: int = 0
    """For RETRY: how long to wait."""
    calls: str = ""
    log: str = ""
    """The whole log, compressed, as text; empty if nothing was logged."""
    check: str = ""
    """What a monitor found, JSON (`MonitorReport`); empty if the run is no monitor's."""
    duration_ms: int = 0
