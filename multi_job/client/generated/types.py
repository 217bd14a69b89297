"""The bodies of the API: generated from docs/openapi.json by `python -m tools.generate_docs`; do not edit."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

ArtifactPlace: TypeAlias = Literal["redis", "s3", "folder", "host"]
"""The place of a record's content. The files of every record are also below its host's FILES_ROOT."""

AuditOutcome: TypeAlias = Literal["ok", "refused", "failed"]
"""The outcome of an action."""

BatchRequest: TypeAlias = "list[BatchItem]"
"""Up to 1,000 runs; each succeeds or fails alone."""

DiscardDeadLettersAnswer: TypeAlias = "LettersCounted | LettersDiscarded"

GetReportAnswer: TypeAlias = "dict[str, Any]"

IncidentKind: TypeAlias = Literal[
    "monitor_down",
    "heartbeat_silent",
    "account_down",
    "job_failing",
    "job_alarm",
    "job_overdue",
    "slots_missed",
    "queue_stuck",
    "no_worker",
    "scheduler_silent",
    "outbox_stuck",
    "redis_memory",
    "shard_away",
    "disk_space",
    "history_purged",
    "clock_skew",
    "message_undelivered",
    "alarm_undelivered",
    "no_recipient",
    "backup_old",
    "certificate_ends",
]
"""The kind of a cause."""

ListVersionsAnswer: TypeAlias = "list[JobVersionBody] | VersionComparison"

Misfire: TypeAlias = Literal["run_once", "skip", "run_all"]
"""The treatment of slots that passed while no scheduler was running."""

OnSkip: TypeAlias = Literal["drop", "before", "after"]
"""What becomes of a skipped slot: nothing, or a fire on the nearest day that is not skipped."""

OutboxState: TypeAlias = Literal["pending", "sending", "delivered", "failed", "unknown"]
"""The state of a message."""

Overlap: TypeAlias = Literal["skip", "queue", "cancel_running", "allow"]
"""The effect of a slot while an earlier run of its job is active."""

Priority: TypeAlias = Literal["high", "normal", "low"]
"""The lane of the ready queue."""

ProblemCode: TypeAlias = Literal[
    "account_not_found",
    "address_denied",
    "admin_key_needed",
    "admin_required",
    "bad_request",
    "body_too_large",
    "calendar_in_use",
    "calendar_not_found",
    "chat_user_not_found",
    "chats_unavailable",
    "check_unavailable",
    "configuration",
    "conflict",
    "contact_not_found",
    "disk_full",
    "error",
    "export_damaged",
    "failed",
    "file_missing",
    "files_unavailable",
    "foreign_origin",
    "gone",
    "http_too_large",
    "http_unreachable",
    "idempotency_mismatch",
    "incident_not_found",
    "internal",
    "invalid_input",
    "invalid_json",
    "invalid_request",
    "invalid_spec",
    "job_exists",
    "job_not_found",
    "key_not_found",
    "last_admin_key",
    "lease_lost",
    "limit_exceeded",
    "maintenance_not_found",
    "malformed_json",
    "message_not_found",
    "method_not_allowed",
    "monitor_not_found",
    "name_taken",
    "non_retryable",
    "not_acceptable",
    "not_durable",
    "not_found",
    "out_of_scope",
    "outbox_mismatch",
    "path_not_found",
    "path_refused",
    "ping_not_found",
    "plan_not_found",
    "plan_outdated",
    "planner_busy",
    "policy_denied",
    "precondition_failed",
    "provider_unavailable",
    "queue_full",
    "rate_limited",
    "record_missing",
    "redis_full",
    "redis_unavailable",
    "refused",
    "restore_refused",
    "retryable",
    "role_too_low",
    "run_not_found",
    "secret_not_found",
    "secret_unreadable",
    "session_not_found",
    "set_by_environment",
    "sign_in_refused",
    "state_conflict",
    "status_page_not_found",
    "too_many_streams",
    "too_many_streams_of_key",
    "too_many_wrong_keys",
    "unauthorized",
    "unavailable",
    "unknown_job_type",
    "unsupported_media_type",
    "url_refused",
    "version_conflict",
    "version_not_found",
    "wrong_host",
    "wrong_signature",
]
"""docs/errors.md has each."""

ProviderState: TypeAlias = Literal["sent", "delivered", "read", "failed"]
"""The progress of a message, as the remote side reports it."""

RedriveDeadLettersAnswer: TypeAlias = "LettersCounted | LettersRedriven"

RemedyAction: TypeAlias = Literal[
    "enable",
    "resume",
    "redrive",
    "set_up_account",
    "let_queue",
    "raise_timeout",
    "run_now",
    "free_space",
    "set_recipient",
    "start_service",
]
"""What a person can do about a cause."""

Role: TypeAlias = Literal["metrics", "viewer", "operator", "admin"]
"""The role of a key; each role includes those before it."""

RunStatus: TypeAlias = Literal["scheduled", "queued", "running", "retrying", "success", "failed", "cancelled"]
"""The states of a run. Each comment names the transitions out of the state."""

ScopeKind: TypeAlias = Literal["all", "queue", "type", "job"]
"""The extent of a pause."""

StatsRange: TypeAlias = Literal["1h", "24h", "7d"]
"""A range that ends now, and the length of its intervals."""

TimelineKind: TypeAlias = Literal[
    "opened",
    "repeated",
    "recovered",
    "notified",
    "delivered",
    "undelivered",
    "acknowledged",
    "silenced",
    "comment",
    "remedied",
    "maintenance",
    "closed",
]
"""What an entry of a timeline is about."""


class AccountBody(TypedDict):
    """An account as it is stored; of its secrets only whether each is there; `masked` is the same for all."""

    account_id: str
    allow_chats: list[str]
    channel: str
    chat_users: list[ChatUserBody] | None
    """The persons who may act in groups; other members of an allowed group only read. Null if groups of
    the channel give no commands.
    """
    commands: bool
    created_at: str | None
    default_to: str | None
    enabled: bool
    has_secret: dict[str, bool]
    health: CheckBody | None
    masked: dict[str, str]
    name: str
    rate_limited_until: str | None
    """Until when the channel has asked that nothing is sent; null if it has not."""
    revision: int
    saved_by: str
    settings: dict[str, Any]
    updated_at: str | None


class AccountDeleted(TypedDict):
    """The account is gone."""

    account_id: str
    channel: str
    status: Literal["deleted"]


class AccountRequest(TypedDict):
    """An account of a channel. A secret that is left out keeps its stored value, an empty one removes it."""

    allow_chats: NotRequired[list[str]]
    chat_users: NotRequired[list[NamedChatUser] | None]
    """The persons who may act in groups. Left out, the stored ones stay."""
    commands: NotRequired[bool]
    default_to: NotRequired[str | None]
    enabled: NotRequired[bool]
    secrets: NotRequired[dict[str, str]]
    settings: NotRequired[dict[str, Any]]


class AlarmRecipient(TypedDict):
    """A recipient of alarms; what is left out comes from the account, as for other messages."""

    account_id: NotRequired[str | None]
    channel: Literal["telegram", "whatsapp", "email", "slack", "discord", "ntfy", "webhook", "sandbox"]
    language: NotRequired[Literal["en", "id"] | None]
    """else that of the contact, of the default recipient, or of all"""
    to: NotRequired[str | None]


class AlarmRecipientInput(TypedDict):
    """A recipient of alarms; what is left out comes from the account, as for other messages."""

    account_id: NotRequired[str | None]
    channel: Literal["telegram", "whatsapp", "email", "slack", "discord", "ntfy", "webhook", "sandbox"]
    language: NotRequired[Literal["en", "id"] | None]
    """else that of the contact, of the default recipient, or of all"""
    to: NotRequired[str | None]


class AttemptBody(TypedDict):
    """One start of a run."""

    attempt: int
    calls: list[ToolCallBody]
    """The first 200."""
    ended_at: str | None
    error: RunErrorBody | None
    outcome: Literal["running", "success", "failed", "cancelled", "retrying", "released", "crashed"]
    started_at: str | None
    worker: str


class AuditBody(TypedDict):
    """An act: who did or tried what."""

    action: str
    """The operation, as this document calls it."""
    actor: str
    at: str
    diff: list[ChangeBody]
    id: str
    key_id: str
    """The id of the actor's API key; empty without one."""
    origin: str
    """The address that it came from; `cli` for the command line."""
    outcome: AuditOutcome
    role: str
    """Empty if the caller was not known, and for the command line."""
    session_id: str
    """The session that acted for the key; empty for the key itself."""
    skipped: int
    """How many refusals before this one were too many to be written."""
    status: int | None
    """The status of the answer; null for the command line."""
    target: str
    trace_id: str


class AvailabilityBody(TypedDict):
    """The availability of an account, by the jobs that watch it; all lists are empty if none does."""

    account_id: str
    channel: str
    job_ids: list[str]
    """The `monitor.channel` jobs that it comes from."""
    outages: list[OutageBody]
    """Those of the period, newest first, 50 at most."""
    quarters: list[QuarterBody]
    """All quarter hours of the period, oldest first; the last one is still running."""
    since: str
    until: str


class BatchError(TypedDict):
    """Why an item made no run; codes are those of problems."""

    code: str
    detail: str


class BatchItem(TypedDict):
    """One run of a batch."""

    delay_sec: NotRequired[float]
    inputs: NotRequired[dict[str, Any] | None]
    job_id: str


class BatchItemBody(TypedDict):
    """The result of an item: a run, or an error."""

    error: BatchError | None
    index: int
    run_id: str | None
    status: RunStatus | None


class BulkRefused(TypedDict):
    """Runs about which nothing could be done, for one reason."""

    code: str
    """`job_not_found` (the job was deleted), `invalid_spec` (the job takes other inputs now),
    `state_conflict` (it has ended meanwhile), `run_not_found`, `damaged_record`, `admin_required` (an
    export with secrets).
    """
    count: int
    sample_run_ids: list[str]
    """The first five."""


class BulkRequest(TypedDict):
    """One step of a bulk action. All steps have the same `action`, `filter` and `bulk_id`."""

    action: Literal["cancel", "rerun"]
    """`cancel` is for runs that have not ended, `rerun` for ended ones."""
    bulk_id: NotRequired[str | None]
    """Names the bulk action. It is about the runs that existed at its first step, dry or not, and each is
    run again once however often a step is sent. Made here if none is given.
    """
    cursor: NotRequired[int | None]
    """`next_cursor` of the step before."""
    dry_run: NotRequired[bool]
    """Count the runs that match, and change nothing."""
    filter: RunFilterBody
    limit: NotRequired[int]
    """Runs that a step decides about."""


class BulkStep(TypedDict):
    """The result of a step, and the cursor of the next one."""

    bulk_id: str
    done: int
    """Runs that were cancelled, asked to end, or run again."""
    matched: int
    next_cursor: int | None
    """Null at the end."""
    refused: list[BulkRefused]
    searched: int
    """Records that this step has looked at."""
    started_at: str
    """Runs created later are left alone."""
    stopped: BulkStopped | None
    total: int
    """Records from this step's cursor on, those it has looked at included."""
    trace_id: str
    """The trace of all runs that this bulk action makes."""


class BulkStopped(TypedDict):
    """Why a step ended early; send the next one later."""

    code: str
    """`queue_full`, or that of an outage."""
    detail: str


class Calendar(TypedDict):
    """Days and times that several jobs leave out, under one name: opening hours, leave."""

    cuti_bersama: NotRequired[bool]
    """With Indonesia's joint leave days too."""
    dates: NotRequired[list[str]]
    """Days: `2026-12-25`, or `12-25` for each year."""
    days_of_month: NotRequired[list[int]]
    description: NotRequired[str]
    holidays: NotRequired[str | None]
    """The public holidays of a country, by its ISO 3166 code: `ID`."""
    names: NotRequired[list[str]]
    """Only the holidays whose name contains one of these texts; Indonesia's are Indonesian."""
    weekdays: NotRequired[list[int]]
    """Days of the week; 0 is Sunday."""
    windows: NotRequired[list[str]]
    """Times of day: `22:00-06:00`, start in, end out; a window may pass midnight."""


class CalendarBody(TypedDict):
    """A stored calendar: its rules, and what the platform knows of it (read-only)."""

    cuti_bersama: NotRequired[bool]
    """With Indonesia's joint leave days too."""
    dates: NotRequired[list[str]]
    """Days: `2026-12-25`, or `12-25` for each year."""
    days_of_month: NotRequired[list[int]]
    description: NotRequired[str]
    holidays: NotRequired[str | None]
    """The public holidays of a country, by its ISO 3166 code: `ID`."""
    jobs: list[str]
    """The jobs whose schedules name it, oldest first."""
    name: str
    names: NotRequired[list[str]]
    """Only the holidays whose name contains one of these texts; Indonesia's are Indonesian."""
    updated_at: str
    updated_by: str
    weekdays: NotRequired[list[int]]
    """Days of the week; 0 is Sunday."""
    windows: NotRequired[list[str]]
    """Times of day: `22:00-06:00`, start in, end out; a window may pass midnight."""
    words: WordsBody
    """Its rules as people say them; empty if it has none."""


class CalendarDeleted(TypedDict):
    """A calendar that is gone."""

    name: str
    status: Literal["deleted"]


ChangeBody = TypedDict("ChangeBody", {"from": "Any", "path": "str", "to": "Any"})
"""One field that changed; a secret's value is masked, a long one is cut."""


class ChatBody(TypedDict):
    """A chat that a message can go to."""

    chat_id: str
    """What `to` takes."""
    kind: Literal["private", "group", "channel", "sandbox"]
    """`sandbox`: a recipient of the sandbox's inbox, which receives only."""
    last_text_at: str | None
    """When it last wrote; in the sandbox, when something was last sent to it."""
    title: str
    """What people call it, as they chose it themselves; else its id or number."""


class ChatUserBody(TypedDict):
    """A person who may act in groups."""

    id: str
    """As the channel names the person."""
    name: str
    """For readers; empty if none was given."""


class ChatUserDeleted(TypedDict):
    """The person may act in groups no longer."""

    id: str
    status: Literal["deleted"]


class ChatUserRequest(TypedDict):
    """The name of a person, for readers."""

    name: NotRequired[str]


class Check(TypedDict):
    """One part of the deployment.

    `missing`: no heartbeat. `late`: the last heartbeat is too old. `busy`: all slots are taken and
    ready runs wait too long. `stalled`: the service is alive, but does not take waiting work.
    `refusing`: Redis answers and refuses new work.
    """

    age_ms: int | None
    """Age of the newest heartbeat; for Redis, the latency."""
    instances: int
    next_step: str | None
    """A command that helps or shows more."""
    reason: str | None
    """The reason; null if the status is ok."""
    status: Literal["ok", "late", "missing", "busy", "stalled", "refusing"]


class CheckBody(TypedDict):
    """What a check found. `command` is what a person can type to mend it."""

    checked_at: str
    command: str | None
    detail: str
    latency_ms: int | None
    reason: str | None
    state: Literal["up", "degraded", "down", "not_configured"]


class CheckRequest(TypedDict):
    """A spec that is about to be saved."""

    assume: NotRequired[dict[str, Any]]
    """Jobs and those that their chains start, as if saved so: what is saved before."""
    spec: dict[str, Any]


class Checks(TypedDict):
    """All parts."""

    connector: Check
    redis: Check
    scheduler: Check
    worker: Check


class ClockChangeBody(TypedDict):
    """A change of the clocks that fires fall into, within a year."""

    at: str
    kind: Literal["gap", "overlap"]
    text_en: str
    text_id: str


class CollisionBody(TypedDict):
    """A minute in which several jobs fire; jobs that fire more than 100 times do not count."""

    at: str
    jobs: list[str]


class CommentRequest(TypedDict):
    """A person's words for the timeline."""

    text: str


class Concurrency(TypedDict):
    """At most `limit` runs that carry `key` run at once, over all jobs; with `group_by`, in each group."""

    group_by: NotRequired[str | None]
    key: str
    limit: int
    strategy: NotRequired[Literal["group_round_robin"] | None]
    """`group_round_robin`: free slots go to the groups in turn. Default: to the oldest run."""
    total: NotRequired[int | None]
    """At most so many runs of all groups at once. Default: no bound; with `group_round_robin` the slots of
    the live workers.
    """


class ConcurrencyInput(TypedDict):
    """At most `limit` runs that carry `key` run at once, over all jobs; with `group_by`, in each group."""

    group_by: NotRequired[str | None]
    key: str
    limit: int
    strategy: NotRequired[Literal["group_round_robin"] | None]
    """`group_round_robin`: free slots go to the groups in turn. Default: to the oldest run."""
    total: NotRequired[int | None]
    """At most so many runs of all groups at once. Default: no bound; with `group_round_robin` the slots of
    the live workers.
    """


class ConnectorBody(TypedDict):
    """A channel: what an account of it is made of, as JSON Schema, and the accounts that are there."""

    accounts: list[AccountBody]
    channel: str
    commands: bool
    """People can send commands through its accounts."""
    secrets_schema: dict[str, Any]
    settings_schema: dict[str, Any]
    sole_recipient: bool
    """An account's address leads to one recipient, so messages need no `to`."""


class ContactBody(TypedDict):
    """A person or group of the address book, whose name a sentence may use."""

    account_id: str | None
    channel: Literal["telegram", "whatsapp", "email", "slack", "discord", "ntfy", "webhook", "sandbox"]
    language: Literal["en", "id"] | None
    name: str
    to: str
    updated_at: str
    updated_by: str


class ContactDeleted(TypedDict):
    """The contact is gone; jobs that were planned with it keep their recipient."""

    name: str
    status: Literal["deleted"]


class ContactRequest(TypedDict):
    """The address of a person or group."""

    account_id: NotRequired[str | None]
    """The account that sends; without one it is the only account of the channel."""
    channel: Literal["telegram", "whatsapp", "email", "slack", "discord", "ntfy", "webhook", "sandbox"]
    language: NotRequired[Literal["en", "id"] | None]
    """Of the alarms that it gets; else that of the deployment."""
    to: str
    """A chat or a number, as the channel names it; printable characters."""


class DeadGroupBody(TypedDict):
    """Dead letters of one error."""

    actions: list[RemedyBody]
    """What can be done about it at once, the best first."""
    count: int
    error: RunErrorBody | None
    """Of the newest letter."""
    fingerprint: str
    """`none` if the error has no fingerprint."""
    first_at: str | None
    """End of the oldest run of the group."""
    jobs: list[str]
    """At most five, of the 20 newest letters."""
    last_at: str | None
    """End of the newest run of the group."""
    latest_run_id: str | None
    sample_run_ids: list[str]
    """The five newest."""


class DefaultNotifyBody(TypedDict):
    """The default recipient of messages, mainly of reports and alarms."""

    account_id: str | None
    channel: str | None
    language: Literal["en", "id"]
    """Of the alarms that it gets."""
    sandbox: bool
    """No person is reached: reports and alarms are in the sandbox's inbox."""
    source: Literal["environment", "stored", "none"]
    """`environment`: DEFAULT_NOTIFY, which wins over what is stored; not set here."""
    to: str | None
    updated_at: str | None
    """When it was stored."""
    updated_by: str | None
    """Who stored it."""
    usable: bool
    """Its account is there and enabled; true if there is no recipient."""
    value: str | None
    """`channel:account:to`; null for none."""


class DefaultNotifyRequest(TypedDict):
    """The default recipient of messages: an existing account, and a chat or a number."""

    account_id: str
    channel: str
    language: NotRequired[Literal["en", "id"] | None]
    """Of the alarms that it gets; else that of the deployment."""
    to: str
    """A chat or a number, as the channel names it; printable characters."""


class DeliveryBody(TypedDict):
    """One message about an incident; `state` is that of the message."""

    account_id: str
    at: str
    channel: str
    error: str | None
    message_id: str
    phase: Literal["opened", "escalated", "recovered"]
    state: str
    to: str


class DifferenceBody(TypedDict):
    """One field that changes: a JSON pointer into the spec, its value before and after."""

    after: Any
    before: Any
    pointer: str


class DiscardRequest(TypedDict):
    """Letters by id, by group or by filter: exactly one of them."""

    dry_run: NotRequired[bool]
    """Say how many it would be, and change nothing."""
    filter: NotRequired[LetterFilter | None]
    fingerprint: NotRequired[str | None]
    run_ids: NotRequired[list[str] | None]


class EventBody(TypedDict):
    """Something that happened; a lower `rev` of the same run is stale."""

    at: str
    data: dict[str, Any]
    id: str
    job_id: str | None
    rev: int | None
    run_id: str | None
    seq: int | None
    status: str | None
    type: str


class ExecuteRequestBody(TypedDict):
    """A prompt to plan and execute at once, or the id of a plan to execute as it was previewed."""

    default_account_id: NotRequired[str | None]
    default_channel: NotRequired[
        Literal["telegram", "whatsapp", "email", "slack", "discord", "ntfy", "webhook", "sandbox"] | None
    ]
    force_rule_based: NotRequired[bool]
    max_steps: NotRequired[int]
    """How often the model may be asked."""
    model_id: NotRequired[str | None]
    now: NotRequired[str | None]
    only_certain: NotRequired[bool]
    """With `plan_id`: apply only what needs no confirmation, as with a prompt."""
    plan_id: NotRequired[str | None]
    prompt: NotRequired[str | None]
    run_immediately: NotRequired[bool]
    timezone: NotRequired[str | None]
    use_ai: NotRequired[bool]
    wait_seconds: NotRequired[float]


class ExecutionBody(TypedDict):
    """What became of a plan."""

    assumptions: list[str]
    notes: list[NoteBody]
    plan_id: str | None
    """The plan to confirm with `plan_id`, or to answer, if something was not applied."""
    planner_source: Literal["rule_based", "model", "smolagents"]
    results: list[JobResultBody]
    summary: str
    warnings: list[str]


class ExponentialBackoff(TypedDict):
    """Delay before try n (from 0): base × factor^n seconds, at most `max`."""

    base: NotRequired[float]
    factor: NotRequired[float]
    max: NotRequired[float]


FieldChange = TypedDict("FieldChange", {"from": "Any", "path": "str", "to": "Any"})
"""One field that differs; null for an absent field."""


class FieldProblemBody(TypedDict):
    """One refused field."""

    code: str
    message: str
    pointer: str


class FireBody(TypedDict):
    """A fire to come."""

    local: str
    offset: str
    utc: str


class FormatBody(TypedDict):
    """One form in which it can be had: ask for its media type by `Accept`."""

    bytes: int
    media_type: str
    sha256: str


class FoundBody(TypedDict):
    """What a monitor's run has found: the run succeeds also if its target is down."""

    detail: str
    """The reason for people."""
    reason: str | None
    """A short code; null if all is well."""
    state: Literal["up", "degraded", "down", "not_configured"]


class Health(TypedDict):
    """The process alone: `unhealthy` if it could not work for a minute."""

    reason: str | None
    """Why it could not work."""
    status: Literal["healthy", "unhealthy"]
    version: str


class HourBody(TypedDict):
    """One hour: the worst state that was seen in it."""

    at: str
    state: Literal["up", "degraded", "down", "unknown", "paused", "not_configured"]
    uptime: float | None


class InboxMessageBody(TypedDict):
    """A message that the sandbox has received."""

    account_id: str
    at: str
    id: str
    job_id: str | None
    message_id: str
    run_id: str | None
    text: str
    to: str


class IncidentBody(TypedDict):
    """What is wrong, since when, which jobs, and who got a message."""

    acknowledged_at: str | None
    acknowledged_by: str | None
    actions: list[RemedyBody]
    """The best first; none if it is closed."""
    cause: str
    closed_at: str | None
    count: int
    """How many times the cause was reported."""
    deliveries: list[DeliveryBody]
    id: str
    jobs: list[str]
    kind: IncidentKind
    last_at: str
    maintenance: bool
    """It opened during a maintenance window."""
    opened_at: str
    severity: Literal["critical", "warning", "info"]
    silenced_until: str | None
    since: str
    """When the cause began; `opened_at` is when the incident opened."""
    subject: str
    timeline: list[TimelineBody]
    """Oldest first."""
    title: str


class IncidentSummaryBody(TypedDict):
    """How many incidents are open, and when one closed last; null if none ever did."""

    last_closed_at: str | None
    open: int


class JobBody(TypedDict):
    """A stored job: its spec, and what the platform knows of it (read-only)."""

    concurrency: Concurrency | None
    cooling_down_until: str | None
    """Until then a failure holds its slots back."""
    created_at: str
    description: str
    enabled: bool
    failure_cooldown_sec: int
    inputs: dict[str, Any]
    jitter_sec: float
    job_id: str
    last_run: RunBriefBody | None
    misfire: Misfire
    misfire_grace_sec: int
    monitor: MonitorBriefBody | None
    """What it watches; null if it has reported no check."""
    next_run_at: str | None
    on_failure: list[str]
    """Jobs to run once a run of this one has ended so; they must exist."""
    on_success: list[str]
    """Jobs to run once a run of this one has ended so; they must exist."""
    overlap: Overlap
    priority: Priority
    queue: NotRequired[str]
    """In `WORKER_QUEUES` of workers."""
    rate: NotRequired[Rate | None]
    recent: list[RunBriefBody]
    """The 40 newest runs, newest first."""
    retry_policy: RetryPolicy
    schedule: Schedule | None
    schedule_words: WordsBody | None
    """Its schedule as people say it; null if it has none."""
    stats: JobStatsBody
    tags: list[str]
    timeout_ms: int
    type: str
    updated_at: str
    version: int


class JobCreated(TypedDict):
    """A job as it was just created."""

    concurrency: Concurrency | None
    cooling_down_until: str | None
    """Until then a failure holds its slots back."""
    created_at: str
    description: str
    enabled: bool
    failure_cooldown_sec: int
    inputs: dict[str, Any]
    jitter_sec: float
    job_id: str
    last_run: RunBriefBody | None
    misfire: Misfire
    misfire_grace_sec: int
    monitor: MonitorBriefBody | None
    """What it watches; null if it has reported no check."""
    next_run_at: str | None
    on_failure: list[str]
    """Jobs to run once a run of this one has ended so; they must exist."""
    on_success: list[str]
    """Jobs to run once a run of this one has ended so; they must exist."""
    overlap: Overlap
    priority: Priority
    queue: NotRequired[str]
    """In `WORKER_QUEUES` of workers."""
    rate: NotRequired[Rate | None]
    recent: list[RunBriefBody]
    """The 40 newest runs, newest first."""
    retry_policy: RetryPolicy
    schedule: Schedule | None
    schedule_words: WordsBody | None
    """Its schedule as people say it; null if it has none."""
    stats: JobStatsBody
    status: Literal["created"]
    tags: list[str]
    timeout_ms: int
    type: str
    updated_at: str
    version: int


class JobDeleted(TypedDict):
    """A job that is gone; its history stays."""

    job_id: str
    status: Literal["deleted"]


class JobEditBody(TypedDict):
    """What a person changes in one job of a plan: of the inputs only those that are named; null removes."""

    description: NotRequired[str | None]
    inputs: NotRequired[dict[str, Any] | None]
    job_id: str
    leave_out: NotRequired[bool]
    make_new: NotRequired[bool]
    """Create a job, although a stored one has this target."""
    schedule: NotRequired[dict[str, Any] | None]


class JobResultBody(TypedDict):
    """What became of one job of a plan; without a run at once the fields of the run are null."""

    create_status: Literal[
        "created",
        "updated",
        "unchanged",
        "disabled",
        "paused",
        "resumed",
        "run",
        "deleted",
        "needs_confirmation",
        "error",
    ]
    job_id: str
    queue_status: RunStatus | None
    result_error: str | None
    result_success: bool | None
    run_id: str | None
    run_status: RunStatus | None
    type: str


class JobSpec(TypedDict):
    """What a person asks for: a type, its inputs, when, and how failures are met."""

    concurrency: NotRequired[Concurrency | None]
    description: NotRequired[str]
    enabled: NotRequired[bool]
    failure_cooldown_sec: NotRequired[int]
    inputs: NotRequired[dict[str, Any]]
    jitter_sec: NotRequired[float]
    job_id: str
    misfire: NotRequired[Misfire]
    misfire_grace_sec: NotRequired[int]
    on_failure: NotRequired[list[str]]
    """Jobs to run once a run of this one has ended so; they must exist."""
    on_success: NotRequired[list[str]]
    """Jobs to run once a run of this one has ended so; they must exist."""
    overlap: NotRequired[Overlap]
    priority: NotRequired[Priority]
    queue: NotRequired[str]
    """In `WORKER_QUEUES` of workers."""
    rate: NotRequired[Rate | None]
    retry_policy: NotRequired[RetryPolicy]
    schedule: NotRequired[Schedule | None]
    tags: NotRequired[list[str]]
    timeout_ms: NotRequired[int]
    type: str


class JobSpecInput(TypedDict):
    """What a person asks for: a type, its inputs, when, and how failures are met."""

    concurrency: NotRequired[ConcurrencyInput | None]
    description: NotRequired[str]
    enabled: NotRequired[bool]
    failure_cooldown_sec: NotRequired[int]
    inputs: NotRequired[dict[str, Any]]
    jitter_sec: NotRequired[float]
    job_id: str
    misfire: NotRequired[Misfire]
    misfire_grace_sec: NotRequired[int]
    on_failure: NotRequired[list[str]]
    """Jobs to run once a run of this one has ended so; they must exist."""
    on_success: NotRequired[list[str]]
    """Jobs to run once a run of this one has ended so; they must exist."""
    overlap: NotRequired[Overlap]
    priority: NotRequired[Priority]
    queue: NotRequired[str]
    """In `WORKER_QUEUES` of workers."""
    rate: NotRequired[RateInput | None]
    retry_policy: NotRequired[RetryPolicyInput]
    schedule: NotRequired[ScheduleInput | None]
    tags: NotRequired[list[str]]
    timeout_ms: NotRequired[int]
    type: str


class JobStatsBody(TypedDict):
    """A job's last 24 hours; percentiles are within 5 %."""

    failed: int
    p50_ms: int | None
    p95_ms: int | None
    runs: int
    success: int
    success_rate: float | None
    """Of a monitor: its uptime of the last 24 hours."""


class JobSwitched(TypedDict):
    """A job that was enabled or disabled."""

    job_id: str
    status: Literal["enabled", "disabled"]


class JobTypeBody(TypedDict):
    """A job type that this deployment knows."""

    defaults: JobTypeDefaults
    description: str
    inputs: dict[str, Any]
    phrases: PhrasesBody | None
    runs_in: Literal["loop", "thread", "process", "by inputs"]
    tools: list[str]
    type: str


class JobTypeDefaults(TypedDict):
    """The defaults of a spec of this type."""

    retry_policy: RetryPolicy
    timeout_ms: int


class JobVersionBody(TypedDict):
    """One save of a spec."""

    actor: str
    at: str
    origin: str
    spec: JobSpec
    version: int


class KeptBody(TypedDict):
    """How long ended runs are kept; the first limit that is reached counts. Dead letters stay."""

    days: float
    """Succeeded and cancelled runs (RETENTION_DAYS)."""
    failed_days: float
    """Failed runs (RETENTION_FAILED_DAYS)."""
    max_mb: int
    """Megabytes of history and logs (RETENTION_MAX_MB)."""
    runs_per_job: int
    """The newest runs of a job (RETENTION_RUNS_PER_JOB)."""


class KeyBody(TypedDict):
    """An API key or a user; the text of a key is kept nowhere."""

    addresses: list[str]
    """Addresses and networks (CIDR) from which it is accepted; empty: all."""
    created_at: str | None
    created_by: str
    expires_at: str | None
    """From then on it is refused; null: never."""
    id: str
    kind: Literal["key", "user"]
    """`user`: a person who signs in without a key of their own, by a link or at a provider."""
    last_used_at: str | None
    """To five minutes."""
    name: str
    provider: str | None
    """The issuer at which a user signs in, whose groups decide about the role; else null."""
    role: Role
    scope: list[str]
    """`tag:NAME` or `job:PREFIX`: the only jobs that it reaches; empty: all."""
    source: Literal["stored", "env"]
    """`env`: from API_KEYS; not to be deleted here."""
    state: Literal["active", "expired", "not_valid"]
    """`not_valid`: this deployment did not make the record; it is no key."""


class KeyCreated(TypedDict):
    """A key that was just made."""

    addresses: list[str]
    """Addresses and networks (CIDR) from which it is accepted; empty: all."""
    created_at: str | None
    created_by: str
    expires_at: str | None
    """From then on it is refused; null: never."""
    id: str
    key: str | None
    """Its text, shown this once; null if the same request was sent again."""
    kind: Literal["key", "user"]
    """`user`: a person who signs in without a key of their own, by a link or at a provider."""
    last_used_at: str | None
    """To five minutes."""
    name: str
    provider: str | None
    """The issuer at which a user signs in, whose groups decide about the role; else null."""
    role: Role
    scope: list[str]
    """`tag:NAME` or `job:PREFIX`: the only jobs that it reaches; empty: all."""
    source: Literal["stored", "env"]
    """`env`: from API_KEYS; not to be deleted here."""
    state: Literal["active", "expired", "not_valid"]
    """`not_valid`: this deployment did not make the record; it is no key."""


class KeyRequest(TypedDict):
    """A key to be made: who or what will use it, and how much it may."""

    addresses: NotRequired[list[str]]
    """Addresses and networks (CIDR) from which it is accepted; empty: all."""
    expires_in_days: NotRequired[float | None]
    """It is refused after so many days; null: it does not expire."""
    name: str
    """1 to 64 letters, digits, `.`, `_`, `@` or `-`."""
    role: Literal["metrics", "viewer", "operator", "admin"]
    scope: NotRequired[list[str]]
    """`tag:NAME` or `job:PREFIX`: the only jobs that it reaches; empty: all. A key with a scope is a
    viewer or an operator.
    """


class KeyRevoked(TypedDict):
    """The key is refused from now on."""

    id: str
    status: Literal["revoked"]


class KeyRotation(TypedDict):
    """How the successor of a key takes over."""

    expires_in_days: NotRequired[float | None]
    """How long the new key is served; null: as long as the old one was made for."""
    overlap_hours: NotRequired[float]
    """How long the old key is still served."""


class LaneBody(TypedDict):
    """One priority lane."""

    oldest_ms: int | None
    running: int
    waiting: int


class Lanes(TypedDict):
    """The three lanes."""

    high: LaneBody
    low: LaneBody
    normal: LaneBody


class LatencyBody(TypedDict):
    """Percentiles of the last 24 hours, within 5 %; null if nothing was measured."""

    p50_ms: int | None
    p95_ms: int | None


class LetterFilter(TypedDict):
    """Letters that fit in all given parts; `{}` fits all. `since` and `until` are about the run's end."""

    job_id: NotRequired[str | None]
    since: NotRequired[str | None]
    type: NotRequired[str | None]
    until: NotRequired[str | None]


class LetterRefused(TypedDict):
    """A run about which nothing was decided."""

    code: str
    """`run_not_found`, `no_dead_letter`, `changed` (it failed again since), `damaged_record`, or why the
    rest was given up, such as `redis_unavailable`: send it again.
    """
    run_id: str


class LettersCounted(TypedDict):
    """What a dry run found."""

    count: int
    sample_run_ids: list[str]
    """The five oldest."""


class LettersDiscarded(TypedDict):
    """What a discard has done."""

    discarded: int
    failed: list[LetterRefused]


class LettersRedriven(TypedDict):
    """What a redrive has done."""

    failed: list[LetterRefused]
    last_due_at: str | None
    """When the last one falls due; null if all are queued."""
    redriven: int
    run_ids: list[str]
    """The first 100 of them, oldest first."""


class LinkRequest(TypedDict):
    """The code of a sign-in link."""

    code: str
    """The part of the link behind `#`. It works once."""


class LogLineBody(TypedDict):
    """One captured line."""

    at: str
    attempt: int
    cursor: str
    """Its position: its attempt and its number in it."""
    fields: dict[str, Any]
    level: str
    message: str


class MaintenanceBody(TypedDict):
    """A time in which incidents of some jobs, or of all, send nothing."""

    active_until: str | None
    """The end of the window that is open; null if none is."""
    created_at: str
    created_by: str
    duration_min: int | None
    ends_at: str | None
    id: str
    next_start: str | None
    """When it opens next; null if it does not any more."""
    reason: str
    rrule: str | None
    scope: str
    """`all`, `tag:TAG` or `job:JOB`."""
    starts_at: str | None
    timezone: str | None


class MaintenanceDeleted(TypedDict):
    """A window that is gone."""

    id: str
    status: Literal["deleted"]


class MaintenanceDraft(TypedDict):
    """A window to be saved: once, from `starts_at` to `ends_at`, or again and again by `rrule`."""

    duration_min: NotRequired[int | None]
    """How long each window of an `rrule` is."""
    ends_at: NotRequired[str | None]
    reason: NotRequired[str]
    rrule: NotRequired[str | None]
    scope: str
    """`all`, `tag:TAG` or `job:JOB`."""
    starts_at: NotRequired[str | None]
    """Its start; of an `rrule`, the first start that counts."""
    timezone: NotRequired[str | None]
    """Of an `rrule`; else the deployment's."""


class MeBody(TypedDict):
    """Who the caller is."""

    addresses: list[str]
    """Addresses and networks (CIDR) from which it is accepted; empty: all."""
    key_id: str | None
    """The id of the key that was sent; null if none was."""
    keyless: bool
    """No key was needed: there is none yet and the caller is the user who runs the API, on this machine,
    or AUTH=off.
    """
    name: str
    """The name of the key; `local` if none is needed. Runs carry it."""
    role: Role
    scope: list[str]
    """`tag:NAME` or `job:PREFIX`: the only jobs that it reaches; empty: all."""
    timezone: str
    """The zone of the deployment."""


class MemoryKindsBody(TypedDict):
    """Bytes by kind."""

    artifacts: int
    """Contents of reports and exports."""
    history: int
    """Ended runs with attempts, logs and index entries."""
    jobs: int
    """Specs, versions, ledgers, and values that handlers keep."""
    logs: int
    """Log lines of running runs, events, the audit."""
    messages: int
    """Outbox, inbox, and updates of channels."""
    other: int
    """Idempotency keys, plans, accounts, processes."""
    queue: int
    """Runs that have not ended, their streams and indexes."""
    rollups: int
    """Statistics."""


class MemoryUsageBody(TypedDict):
    """Redis memory of this deployment, estimated from samples."""

    kinds: MemoryKindsBody
    measured_at: str
    total_bytes: int


class MessageBody(TypedDict):
    """A message and what became of it; `provider_id` is the receipt."""

    account_id: str
    attempts: int
    channel: str
    created_at: str
    due_at: str | None
    """When it should be sent; null if no time was given."""
    error: str | None
    error_code: str | None
    expires_at: str | None
    """From when on it is not sent any more: it fails with the code `expired`."""
    id: str
    is_late: bool
    """It was sent five minutes after `due_at` or later, and says so."""
    job_id: str | None
    not_before: str | None
    provider_id: str | None
    provider_state: ProviderState | None
    """What the channel has said of it since it took it."""
    provider_state_at: str | None
    run_id: str | None
    state: OutboxState
    text: str
    to: str
    updated_at: str


class MissingType(TypedDict):
    """A job type that runs wait for: the workers that have read them do not have it."""

    type: str
    waiting: int


class MonitorBody(TypedDict):
    """A monitor, and its state at this moment."""

    command: str | None
    """The command that sets it up, if it is not configured."""
    fails_in_a_row: int
    hours: list[HourBody]
    """The last 24 hours, oldest first."""
    incident_id: str | None
    """The open incident that it is a part of."""
    job_id: str
    last_check_at: str | None
    last_error: str | None
    latency: LatencyBody
    latency_ms: int | None
    reason: str | None
    """A short code of the reason."""
    since: str
    state: Literal["up", "degraded", "down", "unknown", "paused", "not_configured"]
    """`unknown`: its checks stay away, or the last one failed; `paused`: it is switched off."""
    target: str
    type: str
    uptime: UptimeBody


class MonitorBriefBody(TypedDict):
    """The state of what a job watches, at this moment."""

    incident_id: str | None
    """The open incident that it is a part of."""
    last_error: str | None
    since: str
    state: Literal["up", "degraded", "down", "unknown", "paused", "not_configured"]


class MonitorDetailBody(TypedDict):
    """A monitor with its history."""

    command: str | None
    """The command that sets it up, if it is not configured."""
    fails_in_a_row: int
    history: list[StateRangeBody]
    """Up to 1,000 newest, oldest first."""
    hours: list[HourBody]
    """The last 24 hours, oldest first."""
    incident_id: str | None
    """The open incident that it is a part of."""
    job_id: str
    last_check_at: str | None
    last_error: str | None
    latency: LatencyBody
    latency_ms: int | None
    ping: PingBody | None
    """Of a `monitor.heartbeat`: what its program reported last."""
    quarters: list[MonitorQuarterBody]
    """The last 24 hours, oldest first."""
    reason: str | None
    """A short code of the reason."""
    since: str
    state: Literal["up", "degraded", "down", "unknown", "paused", "not_configured"]
    """`unknown`: its checks stay away, or the last one failed; `paused`: it is switched off."""
    target: str
    type: str
    uptime: UptimeBody


class MonitorQuarterBody(TypedDict):
    """A quarter hour in which something was seen."""

    at: str
    checks: int
    """Checks with a latency."""
    p50_ms: int | None
    p95_ms: int | None
    uptime: float | None


MovedBody = TypedDict("MovedBody", {"from": "str", "reason": "WordsBody"})
"""The slot in whose place a run fired, because its schedule skips it."""


class NamedChatUser(TypedDict):
    """A person who may act in groups."""

    id: str
    name: NotRequired[str]


class NextFireBody(TypedDict):
    """The next fire of a job."""

    at: str
    job_id: str


class NoteBody(TypedDict):
    """What a plan says about itself: what it assumes, did not read, refuses or asks, and about which job."""

    actions: list[RemedyBody]
    """What can be done about it at once."""
    choices: list[str]
    """Answers to a question; empty if any text is one."""
    job: str | None
    """The id of the job that it is about."""
    kind: Literal["environment", "assumption", "unread", "conflict", "refusal", "question"]
    span: PromptSpanBody | None
    text: str


class NotificationRule(TypedDict):
    """Which incidents go to whom. Empty `kinds` and `tags` are all."""

    digest_min: NotRequired[int | None]
    """minutes between two messages; what comes meanwhile is one digest"""
    escalate_after_min: NotRequired[int | None]
    """minutes until the next gets it, if no person has acknowledged it"""
    hours: NotRequired[Skip | None]
    """when the rule is off, as `skip` of a schedule has it; another rule may fit then"""
    kinds: NotRequired[list[IncidentKind]]
    min_severity: NotRequired[Literal["critical", "warning", "info"]]
    name: str
    tags: NotRequired[list[str]]
    """one of the incident's jobs has one of these"""
    to: list[AlarmRecipient]
    """the first gets the alarm; the others follow"""


class NotificationRuleInput(TypedDict):
    """Which incidents go to whom. Empty `kinds` and `tags` are all."""

    digest_min: NotRequired[int | None]
    """minutes between two messages; what comes meanwhile is one digest"""
    escalate_after_min: NotRequired[int | None]
    """minutes until the next gets it, if no person has acknowledged it"""
    hours: NotRequired[SkipInput | None]
    """when the rule is off, as `skip` of a schedule has it; another rule may fit then"""
    kinds: NotRequired[list[IncidentKind]]
    min_severity: NotRequired[Literal["critical", "warning", "info"]]
    name: str
    tags: NotRequired[list[str]]
    """one of the incident's jobs has one of these"""
    to: list[AlarmRecipientInput]
    """the first gets the alarm; the others follow"""


class NotificationRules(TypedDict):
    """The rules of a deployment, in order: the first that fits, and is not off, decides."""

    rules: NotRequired[list[NotificationRuleInput]]


class NotificationRulesBody(TypedDict):
    """The rules in order: the first that fits an incident, and is not off, decides who gets its alarm."""

    rules: list[NotificationRule]
    updated_at: str | None
    """When they were stored; null if they never were."""
    updated_by: str | None


Occurrence = TypedDict(
    "Occurrence",
    {
        "from": "str",
        "outcome": "Literal['ran', 'missed', 'skipped', 'upcoming']",
        "reason": "str",
        "run_id": "str | None",
        "slots": "int",
        "status": "RunStatus | None",
        "to": "str",
        "words": "WordsBody | None",
    },
)
"""Slots of a schedule: one that ran or is to come, or a range that did not run, with the reason."""


class OidcAnswer(TypedDict):
    """What the browser brought back from the provider, and what it kept."""

    code: str
    iss: NotRequired[str]
    """`iss` of the answer; empty if none came."""
    state: str
    transaction: str


class OidcStart(TypedDict):
    """The beginning of a sign-in, as the dashboard sends it."""

    host: str
    """Name and port of the dashboard as the browser knows it; PUBLIC_URL goes before it."""


class OidcStarted(TypedDict):
    """The way to the provider."""

    authorization_url: str
    """The address that the browser goes to."""
    redirect_uri: str
    """The address that the provider sends it back to."""
    transaction: str
    """Sealed: the browser keeps it, and brings it back with the code."""


class OidcWay(TypedDict):
    """Sign-in at a provider."""

    label: str
    """The text of the button."""


OutageBody = TypedDict("OutageBody", {"from": "str", "job_id": "str", "reason": "str", "to": "str | None"})
"""From the first check that found it down to the first that did not."""


class PauseAnswer(TypedDict):
    """A scope as it was left. `held` counts the runs that it holds, or that the resume gave back.

    `since`, `until`, `actor` and `reason` are those of the pause, also of an ended one; null if there
    was none.
    """

    actor: str | None
    held: int
    name: str | None
    reason: str | None
    scope: ScopeKind
    since: str | None
    status: Literal["paused", "resumed"]
    until: str | None


class PauseRequest(TypedDict):
    """What to hold, and why."""

    name: NotRequired[str | None]
    reason: NotRequired[str]
    scope: Literal["all", "queue", "type", "job"]
    until: NotRequired[str | None]
    """When the pause ends; without it, at a resume."""


class PausedScope(TypedDict):
    """A scope that is paused, until when if that is known, and how many runs it holds."""

    actor: str
    held: int
    name: str | None
    reason: str
    scope: ScopeKind
    since: str
    until: str | None


class PhrasesBody(TypedDict):
    """The words that ask for a job type in a sentence, and the schedule if it says no time."""

    nouns: list[str]
    schedule: dict[str, Any] | None
    slots: list[SlotBody]
    verbs: list[str]


class PingBody(TypedDict):
    """The last success or failure that a program has reported."""

    at: str
    exit_code: int | None
    kind: Literal["success", "fail"]
    output: str
    """The beginning of what it sent along."""
    started_at: str | None
    """A start that has no end yet."""
    took_ms: int | None
    """From its start to its end, if it has reported both."""


class PingUrlBody(TypedDict):
    """The URL that an outside program calls, with `/start`, `/fail` or an exit code behind it."""

    job_id: str
    last: PingBody | None
    path: str
    """The path alone, if the API has other names for outside programs."""
    url: str


class PlacesBody(TypedDict):
    """Patterns of places; empty for none."""

    channels: list[str]
    hosts: list[str]
    paths: list[str]
    secrets: list[str]


class PlanAiRequestBody(TypedDict):
    """A prompt to plan with a language model."""

    default_account_id: NotRequired[str | None]
    default_channel: NotRequired[
        Literal["telegram", "whatsapp", "email", "slack", "discord", "ntfy", "webhook", "sandbox"] | None
    ]
    force_rule_based: NotRequired[bool]
    max_steps: NotRequired[int]
    """How often the model may be asked."""
    model_id: NotRequired[str | None]
    now: NotRequired[str | None]
    prompt: str
    """What shall be done, in Indonesian or English."""
    timezone: NotRequired[str | None]


class PlanBody(TypedDict):
    """What a prompt becomes; `notes` hold those of the jobs too, `assumptions` and `warnings` their texts."""

    assumptions: list[str]
    explain: list[SpanBody]
    jobs: list[PlannedJobBody]
    language: Literal["en", "id"]
    normalized_prompt: str
    notes: list[NoteBody]
    plan_id: str
    planner_source: Literal["rule_based", "model", "smolagents"]
    prompt: str
    summary: str
    warnings: list[str]


class PlanStepBody(TypedDict):
    """A prompt to plan; or a plan with an answer to its question, a change in words, or edits of its jobs."""

    answer: NotRequired[str | None]
    default_account_id: NotRequired[str | None]
    default_channel: NotRequired[
        Literal["telegram", "whatsapp", "email", "slack", "discord", "ntfy", "webhook", "sandbox"] | None
    ]
    edits: NotRequired[list[JobEditBody] | None]
    now: NotRequired[str | None]
    plan_id: NotRequired[str | None]
    prompt: NotRequired[str | None]
    timezone: NotRequired[str | None]


class PlannedFireBody(TypedDict):
    """A fire to come, on the clock of its zone and in UTC."""

    local: str
    timezone: str
    utc: str


class PlannedJobBody(TypedDict):
    """One job of a plan: its whole spec as it will be, and what that changes."""

    assumptions: list[str]
    certainty: Literal["certain", "check", "ask"]
    """`check`: a person should look at the fields in `check`. `ask`: it needs an answer or a confirmation
    before it is applied.
    """
    change: Literal["create", "update", "unchanged", "disable", "pause", "resume", "run", "delete"]
    check: list[Literal["schedule", "to", "channel", "account_id", "text", "url", "period", "job"]]
    confidence: float
    """The share of right jobs among those of this certainty."""
    diff: list[DifferenceBody]
    job_spec: JobSpec
    next_runs: list[PlannedFireBody]
    notes: list[NoteBody]
    reason: str
    until: str | None
    """When a pause ends; null if it does not."""
    warnings: list[str]


class PlatformBody(TypedDict):
    """The deployment as a whole."""

    auth: Literal["auto", "key", "off"]
    """AUTH of the process that answers. `off`: everybody who reaches its port is an admin."""
    memory: MemoryUsageBody | None
    """Measured by a scheduler each 10 s; null until one has measured it."""
    namespace: str
    """NAMESPACE: what all its keys begin with."""
    processes: list[ProcessBody]
    """All live processes. Different versions are normal during an upgrade only."""
    redis: RedisBody
    schema_version: int | None
    """The schema of the data in Redis; null before the first."""
    shards: list[ShardBody]
    """Each shard with SHARDS above 1; empty with one."""
    timezone: str
    """TIMEZONE: that of every schedule which names none itself."""
    version: str
    """Of the process that answers."""


class PolicyBody(TypedDict):
    """What one job type may do. A tool that its handler names and that is not here is denied."""

    denied_tools: list[str]
    """Tools of the handler that no rule allows."""
    pattern: str | None
    """The rule that counts; null if none matches."""
    source: str | None
    """The name of the file that has the rule."""
    tools: dict[str, ToolPolicyBody]
    type: str


class PreviewBody(TypedDict):
    """What a schedule would do."""

    dst_notes: list[ClockChangeBody]
    ends: bool
    """Whether there is a last fire."""
    holiday_notes: list[WordsBody]
    """What is not sure about the holidays of this time: not published yet, estimated dates."""
    next: list[FireBody]
    skipped: list[SkippedBody]
    """The next slots that are skipped, within a year or up to the last of `next`; 12 at most."""
    timezone: str
    """The zone of `local` and of the words."""
    words: WordsBody


class PreviewRequest(TypedDict):
    """A schedule as a spec has it; `now` is the moment that it is looked at from."""

    count: NotRequired[int]
    jitter_sec: NotRequired[float]
    now: NotRequired[str | None]
    schedule: ScheduleInput


class Problem(TypedDict):
    """Problem details (RFC 9457); `errors` on 422."""

    code: ProblemCode
    detail: str
    errors: NotRequired[list[FieldProblemBody] | None]
    instance: str
    status: int
    title: str
    trace_id: str
    type: str


class ProcessBody(TypedDict):
    """A process with a recent heartbeat, on any machine."""

    host: str
    instance: str
    schema_version: int
    """The schema of data that it writes; 0 for a release before 1.0.0."""
    service: str
    version: str
    """The release that it runs."""


class PromptSpanBody(TypedDict):
    """A stretch of the prompt, in Unicode code points: its start, and the end before which it ends."""

    end: int
    start: int


class PublicDay(TypedDict):
    """A UTC day of a monitor."""

    date: str
    state: Literal["up", "degraded", "down", "unknown"]
    uptime: float | None


class PublicIncident(TypedDict):
    """An open incident of a monitor."""

    name: str
    since: str
    state: Literal["down", "degraded"]


class PublicMaintenance(TypedDict):
    """A maintenance window that is open or planned, and the monitors that it covers."""

    active: bool
    ends_at: str
    names: list[str]
    starts_at: str


class PublicMonitor(TypedDict):
    """A monitor as readers see it."""

    days: list[PublicDay]
    """The last 90 UTC days, oldest first."""
    name: str
    since: str | None
    state: Literal["up", "degraded", "down", "maintenance", "unknown"]
    uptime: PublicUptime


class PublicStatus(TypedDict):
    """The public data of a page: no ids of jobs, targets, accounts or errors."""

    age_sec: NotRequired[int]
    """The age of the data."""
    generated_at: str
    incidents: list[PublicIncident]
    language: Literal["en", "id"] | None
    maintenance: list[PublicMaintenance]
    monitors: list[PublicMonitor]
    slug: str
    stale: NotRequired[bool]
    """Redis is away: this is the last known state."""
    state: Literal["up", "degraded", "down", "maintenance", "unknown"]
    """The worst state of the monitors."""
    timezone: str
    title: str
    uptime: float | None
    """The mean of the monitors over 30 days."""


class PublicUptime(TypedDict):
    """Shares of the time that was watched, 0 to 1, cut after 4 decimals; null if nothing was."""

    d30: float | None
    d7: float | None
    d90: float | None
    h24: float | None


class PublishedBody(TypedDict):
    """A report or an export; `bytes` and `sha256` are those of its first form."""

    bytes: int
    created_at: str
    formats: list[FormatBody]
    host: str
    """The machine that wrote it."""
    id: str
    job_id: str
    place: ArtifactPlace
    """Place of its files. `host`: on that machine alone; each API reaches the other places."""
    run_id: str
    secrets: bool | None
    """Of an export: it has secrets in it, and only an admin may download it."""
    sha256: str


class QuarterBody(TypedDict):
    """A quarter hour: the time in each state. Time that is missing was not observed."""

    at: str
    """When it began."""
    degraded_ms: int
    down_ms: int
    not_configured_ms: int
    up_ms: int


class QueueBody(TypedDict):
    """All queues together."""

    dead_letters: int
    delayed: int
    lanes: Lanes
    next_due_at: str | None
    next_fires: list[NextFireBody]
    """The first three, jitter included."""
    paused: list[PausedScope]
    suspects: int
    waiting_for_keys: int


class QueueItem(TypedDict):
    """One queue. `waiting` and `running` are of all its lanes, without suspects."""

    jobs: int
    """Jobs that name the queue; 0 for `default`."""
    lanes: Lanes
    missing_types: list[MissingType]
    """Types of runs that wait for a worker with the type."""
    name: str
    oldest_ms: int | None
    """How long the oldest run has waited."""
    paused: PausedScope | None
    running: int
    suspects: int
    waiting: int
    workers: int
    """Live workers that serve it."""


class Rate(TypedDict):
    """At most `per_minute` runs that carry `key` start in any 60 seconds, over all jobs and workers."""

    group_by: NotRequired[str | None]
    key: str
    per_minute: int


class RateInput(TypedDict):
    """At most `per_minute` runs that carry `key` start in any 60 seconds, over all jobs and workers."""

    group_by: NotRequired[str | None]
    key: str
    per_minute: int


class Readiness(TypedDict):
    """Whether work gets done.

    `degraded` (200): a service is missing or late, and nothing waits for it. `unready` (503): Redis is
    out of reach or refuses new work, or waiting work makes no progress.
    """

    checks: Checks
    schema_version: int | None
    """The schema of the data in Redis; null if that is unknown."""
    status: Literal["ready", "degraded", "unready"]
    version: str
    """The release of the process that answers."""


class RedisBody(TypedDict):
    """The server that keeps everything, as it was when it was asked."""

    allocator: str
    """The allocator that the server was built with; a preloaded one is not shown."""
    fragmentation: float
    """Resident memory divided by used memory."""
    latency_ms: float
    """How long the one call took that this answer is made of."""
    max_memory_bytes: int | None
    """The server's own limit (`maxmemory`); null if it has none."""
    resident_memory_bytes: int
    """Physical memory of the server's process, in bytes."""
    used_memory_bytes: int
    """Bytes that the server has allocated."""
    version: str
    """Of Redis, or of Valkey."""


class RedriveRequest(TypedDict):
    """Letters to run again, all at once or spread by a rate."""

    dry_run: NotRequired[bool]
    """Say how many it would be, and change nothing."""
    filter: NotRequired[LetterFilter | None]
    fingerprint: NotRequired[str | None]
    rate_per_sec: NotRequired[float | None]
    run_ids: NotRequired[list[str] | None]


class RemediedRequest(TypedDict):
    """A remedy that a person has used."""

    action: RemedyAction
    target: str
    """As the remedy has it."""


class RemedyBody(TypedDict):
    """What a person can do about a cause; `command` is the same on the command line."""

    action: RemedyAction
    command: str
    label: str
    role: Literal["viewer", "operator", "admin"]
    """The role that it needs."""
    target: str
    """A job, an account (`channel:account`, or a channel), a scope (`all`, `type:T`, `job:J`), a service,
    or for dead letters the fingerprint of an error or a run.
    """


class RerunRequest(TypedDict):
    """A re-run; if there are `inputs`, they replace all of the first run's."""

    delay_sec: NotRequired[float]
    inputs: NotRequired[dict[str, Any] | None]


class ResumeRequest(TypedDict):
    """What to let go on: everything, one queue, the jobs of one type, or one job."""

    name: NotRequired[str | None]
    scope: Literal["all", "queue", "type", "job"]


class RetryPolicy(TypedDict):
    """How often and after which delay a failed attempt is tried again."""

    backoff_sec: NotRequired[list[float] | ExponentialBackoff]
    jitter: NotRequired[float]
    max_retry: NotRequired[int]
    non_retryable: NotRequired[list[str]]


class RetryPolicyInput(TypedDict):
    """How often and after which delay a failed attempt is tried again."""

    backoff_sec: NotRequired[list[float] | ExponentialBackoff]
    jitter: NotRequired[float]
    max_retry: NotRequired[int]
    non_retryable: NotRequired[list[str]]


class RoleRequest(TypedDict):
    """Another role for a user."""

    role: Literal["metrics", "viewer", "operator", "admin"]


class RunAccepted(TypedDict):
    """A run that was taken on."""

    job_id: str
    run_id: str
    status: RunStatus | Literal["purged"]
    """`purged`: retention has removed the run of a repeated Idempotency-Key."""


class RunBody(TypedDict):
    """A run in its present state; `result` is null until it has ended."""

    actor: str
    attempt: int
    cancel_requested: bool
    chain_depth: int
    """How many runs came before it in its chain."""
    crashes: int
    created_at: str
    dead_letter: bool
    due_at: str | None
    duration_ms: int | None
    ended_at: str | None
    error: RunErrorBody | None
    """Of the last failed attempt."""
    failures: int
    found: FoundBody | None
    """What a monitor's run has found at its time; null for other jobs, and until it has ended."""
    inputs: Any
    job_id: str
    max_retry: int
    monitor: MonitorBriefBody | None
    """The present state of what its job watches; null if the job is no monitor."""
    moved: MovedBody | None
    """The slot in whose place it ran, because the schedule skips that one (`on_skip`)."""
    parent_run_id: str | None
    """The run whose end has started it (chains)."""
    priority: Priority
    progress: Any
    queue: str
    queued_at: str | None
    releases: int
    rerun_of: str | None
    """The run that it repeats."""
    result: RunResult | None
    rev: int
    run_id: str
    seq: int
    slot_at: str | None
    source: str
    """What made it."""
    started_at: str | None
    status: RunStatus
    timeout_ms: int
    trace_id: str
    type: str
    version: int
    waiting_for: str
    """What it waits for: `user:<key>`, `user:<key>/<group>`, `job:<id>` (an earlier run of its job),
    `rate:<key>`, `paused:<scope>` or `type:<type>`.
    """
    worker: str


class RunBriefBody(TypedDict):
    """One square of a run strip."""

    duration_ms: int | None
    run_id: str
    status: RunStatus


class RunCancelled(TypedDict):
    """The result of a cancellation; a running handler is notified and ends soon."""

    cancel_requested: bool
    run_id: str
    status: RunStatus


class RunCounts(TypedDict):
    """How many runs are kept in each state."""

    cancelled: int
    dead_letters: int
    """Failed runs that wait for a decision."""
    failed: int
    kept: KeptBody
    queued: int
    removed_until: str | None
    """Runs created up to then may have been removed; null if none has been."""
    retrying: int
    running: int
    scheduled: int
    success: int


class RunDetail(TypedDict):
    """A run with every attempt."""

    actor: str
    attempt: int
    attempts: list[AttemptBody]
    cancel_requested: bool
    chain_depth: int
    """How many runs came before it in its chain."""
    crashes: int
    created_at: str
    dead_letter: bool
    due_at: str | None
    duration_ms: int | None
    ended_at: str | None
    error: RunErrorBody | None
    """Of the last failed attempt."""
    failures: int
    found: FoundBody | None
    """What a monitor's run has found at its time; null for other jobs, and until it has ended."""
    inputs: Any
    job_id: str
    max_retry: int
    monitor: MonitorBriefBody | None
    """The present state of what its job watches; null if the job is no monitor."""
    moved: MovedBody | None
    """The slot in whose place it ran, because the schedule skips that one (`on_skip`)."""
    parent_run_id: str | None
    """The run whose end has started it (chains)."""
    place: WaitPlaceBody | None
    """Its place while it waits for a key or a rate; null otherwise."""
    priority: Priority
    progress: Any
    queue: str
    queued_at: str | None
    releases: int
    rerun_of: str | None
    """The run that it repeats."""
    result: RunResult | None
    rev: int
    run_id: str
    seq: int
    slot_at: str | None
    source: str
    """What made it."""
    started_at: str | None
    status: RunStatus
    timeout_ms: int
    trace_id: str
    type: str
    version: int
    waiting_for: str
    """What it waits for: `user:<key>`, `user:<key>/<group>`, `job:<id>` (an earlier run of its job),
    `rate:<key>`, `paused:<scope>` or `type:<type>`.
    """
    worker: str


class RunErrorBody(TypedDict):
    """Why an attempt failed; texts are masked and cut."""

    at: int
    """Epoch milliseconds."""
    code: str
    kind: Literal["exception", "timeout", "crash", "lease_lost", "cancelled", "invalid", "unknown_type"]
    message: str
    retryable: bool
    traceback: NotRequired[str | None]
    type: NotRequired[str | None]
    """The exception's class, if there was one."""


class RunFilterBody(TypedDict):
    """Runs that fit in all given parts, as `GET /runs` takes them; `{}` fits all."""

    job_id: NotRequired[str | None]
    q: NotRequired[str | None]
    since: NotRequired[str | None]
    status: NotRequired[list[RunStatus] | None]
    tag: NotRequired[str | None]
    trace_id: NotRequired[str | None]
    type: NotRequired[str | None]
    until: NotRequired[str | None]


class RunRepeated(TypedDict):
    """A run that repeats another one."""

    job_id: str
    rerun_of: str
    run_id: str
    status: RunStatus | Literal["purged"]
    """`purged`: retention has removed the run of a repeated Idempotency-Key."""


class RunRequest(TypedDict):
    """A run by hand; if there are `inputs`, they replace all of the spec's."""

    delay_sec: NotRequired[float]
    inputs: NotRequired[dict[str, Any] | None]


class RunResult(TypedDict):
    """How a run ended."""

    duration_ms: int | None
    error: RunErrorBody | None
    output: Any
    success: bool


class Schedule(TypedDict):
    """When a job fires: one of `interval_sec`, `cron`, `rrule`, `at`, within `start_at` and `end_at`."""

    at: NotRequired[str | None]
    cron: NotRequired[str | None]
    end_at: NotRequired[str | None]
    interval_sec: NotRequired[int | None]
    on_skip: NotRequired[OnSkip]
    """What becomes of a skipped slot. `before` and `after`: it fires on the nearest day that is not
    skipped, at the same time, less than 60 days away.
    """
    rrule: NotRequired[str | None]
    skip: NotRequired[Skip | None]
    """Slots that make no run; not for `at`."""
    start_at: NotRequired[str | None]
    timezone: NotRequired[str | None]


class ScheduleInput(TypedDict):
    """When a job fires: one of `interval_sec`, `cron`, `rrule`, `at`, within `start_at` and `end_at`."""

    at: NotRequired[str | None]
    cron: NotRequired[str | None]
    end_at: NotRequired[str | None]
    interval_sec: NotRequired[int | None]
    on_skip: NotRequired[OnSkip]
    """What becomes of a skipped slot. `before` and `after`: it fires on the nearest day that is not
    skipped, at the same time, less than 60 days away.
    """
    rrule: NotRequired[str | None]
    skip: NotRequired[SkipInput | None]
    """Slots that make no run; not for `at`."""
    start_at: NotRequired[str | None]
    timezone: NotRequired[str | None]


class SecretBody(TypedDict):
    """A secret as it may be seen; `masked` is the same for all."""

    has_secret: Literal[True]
    hosts: list[str]
    """Hosts that may get it. Empty (saved by an earlier version): none."""
    masked: str
    name: str
    updated_at: str
    updated_by: str


class SecretDeleted(TypedDict):
    """The secret is forgotten."""

    name: str
    status: Literal["deleted"]


class SecretRequest(TypedDict):
    """The value of a secret and the hosts that may get it; omitted fields stay as they are stored."""

    hosts: NotRequired[list[str] | None]
    """Hosts that may get it, over https: `shop.example`, `shop.example:8443`, `*.shop.example`. Needed
    unless it has hosts.
    """
    value: NotRequired[str | None]
    """4 to 8192 printable characters. Needed for a new secret."""


class SendRequest(TypedDict):
    """A text that is sent as any message is; without `to` it goes to the account's `default_to`."""

    text: str
    to: NotRequired[str | None]
    """A chat or a number, as the channel names it; printable characters."""


class SessionBody(TypedDict):
    """A signed-in browser, which acts for an API key or a user."""

    address: str
    """The address that it was made from."""
    created_at: str
    current: bool
    """It is the session of this request."""
    device: str
    """The `User-Agent` of the browser; empty if none was sent."""
    expires_at: str
    """When it ends if it is not used again."""
    id: str
    key_id: str
    last_seen_at: str
    """To five minutes."""
    name: str
    """The name of its key or user."""
    role: Role
    way: Literal["key", "link", "oidc"]
    """How its owner signed in: with a key, by a link, or at an OpenID Connect provider."""


class SessionCreated(TypedDict):
    """A session that was just made."""

    address: str
    """The address that it was made from."""
    created_at: str
    current: bool
    """It is the session of this request."""
    device: str
    """The `User-Agent` of the browser; empty if none was sent."""
    expires_at: str
    """When it ends if it is not used again."""
    id: str
    key_id: str
    last_seen_at: str
    """To five minutes."""
    name: str
    """The name of its key or user."""
    role: Role
    token: str
    """Its text, sent like a key; shown this once."""
    way: Literal["key", "link", "oidc"]
    """How its owner signed in: with a key, by a link, or at an OpenID Connect provider."""


class SessionEnded(TypedDict):
    """The session is refused from now on."""

    id: str
    status: Literal["ended"]


class ShardBody(TypedDict):
    """One shard of jobs and runs."""

    jobs: int | None
    """How many jobs it has; null if it is down."""
    latency_ms: float | None
    reason: str | None
    """Why it is down."""
    shard: int
    """Its number, from 0."""
    status: Literal["ok", "down"]
    """`down`: its Redis does not answer; its jobs wait."""
    used_memory_bytes: int | None


class SignInWays(TypedDict):
    """How people can sign in here besides with a key."""

    oidc: OidcWay | None
    """Null if no provider is set (OIDC_ISSUER)."""


class SilenceRequest(TypedDict):
    """How long nothing more is sent about it."""

    minutes: int


class Skip(TypedDict):
    """The days and times that a schedule leaves out: its own, and those of the deployment's calendars."""

    calendars: NotRequired[list[str]]
    """Names of calendars; they must exist."""
    cuti_bersama: NotRequired[bool]
    """With Indonesia's joint leave days too."""
    dates: NotRequired[list[str]]
    """Days: `2026-12-25`, or `12-25` for each year."""
    days_of_month: NotRequired[list[int]]
    holidays: NotRequired[str | None]
    """The public holidays of a country, by its ISO 3166 code: `ID`."""
    names: NotRequired[list[str]]
    """Only the holidays whose name contains one of these texts; Indonesia's are Indonesian."""
    weekdays: NotRequired[list[int]]
    """Days of the week; 0 is Sunday."""
    windows: NotRequired[list[str]]
    """Times of day: `22:00-06:00`, start in, end out; a window may pass midnight."""


class SkipInput(TypedDict):
    """The days and times that a schedule leaves out: its own, and those of the deployment's calendars."""

    calendars: NotRequired[list[str]]
    """Names of calendars; they must exist."""
    cuti_bersama: NotRequired[bool]
    """With Indonesia's joint leave days too."""
    dates: NotRequired[list[str]]
    """Days: `2026-12-25`, or `12-25` for each year."""
    days_of_month: NotRequired[list[int]]
    holidays: NotRequired[str | None]
    """The public holidays of a country, by its ISO 3166 code: `ID`."""
    names: NotRequired[list[str]]
    """Only the holidays whose name contains one of these texts; Indonesia's are Indonesian."""
    weekdays: NotRequired[list[int]]
    """Days of the week; 0 is Sunday."""
    windows: NotRequired[list[str]]
    """Times of day: `22:00-06:00`, start in, end out; a window may pass midnight."""


SkippedBody = TypedDict(
    "SkippedBody",
    {"from": "str", "moved_to": "str | None", "reason": "WordsBody", "slots": "int", "to": "str"},
)
"""Neighbouring slots that a schedule skips, for one reason."""


class SlotBody(TypedDict):
    """An input field that a sentence can set, and the words before its value."""

    field: str
    words: list[str]


class SpanBody(TypedDict):
    """A stretch of the prompt, in Unicode code points, and its part in the plan."""

    end: int
    field: str | None
    """The field of the job that it sets."""
    job: str | None
    """The id of the only job that it changes."""
    role: str
    """`unused` if it has no effect."""
    start: int


class SpecCheckBody(TypedDict):
    """The result that a save would have.

    `spec` is the spec to be stored; `version` the stored one, null if there is none.
    """

    change: Literal["created", "updated", "unchanged"]
    changes: list[FieldChange]
    spec: JobSpec
    version: int | None


StateRangeBody = TypedDict(
    "StateRangeBody",
    {
        "from": "str",
        "reason": "str | None",
        "state": "Literal['up', 'degraded', 'down', 'unknown', 'paused', 'not_configured']",
        "to": "str | None",
    },
)
"""A time in one state; `to` is null while it lasts."""


class StatsBody(TypedDict):
    """The last intervals, oldest first, and all together; the last one is still running."""

    minutes: list[StatsMinute]
    """The intervals; each is a minute unless `range` is longer."""
    since: str
    step_sec: int
    """The length of an interval: 60, 900 or 3,600 seconds."""
    totals: StatsFigures
    until: str


class StatsFigures(TypedDict):
    """Counts of runs, by the time of their start or end."""

    cancelled: int
    duration_p50_ms: int | None
    """Within 5 %; null if nothing was measured."""
    duration_p95_ms: int | None
    """Within 5 %; null if nothing was measured."""
    failed: int
    started: int
    success: int
    wait_p50_ms: int | None
    """Within 5 %; null if nothing was measured."""
    wait_p95_ms: int | None
    """Within 5 %; null if nothing was measured."""


class StatsMinute(TypedDict):
    """One interval: a minute, or longer in a longer range."""

    at: str
    """When the interval began."""
    cancelled: int
    duration_p50_ms: int | None
    """Within 5 %; null if nothing was measured."""
    duration_p95_ms: int | None
    """Within 5 %; null if nothing was measured."""
    failed: int
    started: int
    success: int
    wait_p50_ms: int | None
    """Within 5 %; null if nothing was measured."""
    wait_p95_ms: int | None
    """Within 5 %; null if nothing was measured."""


class StatusPage(TypedDict):
    """A page that shows the state of chosen monitors; readers without a key see it if it is published."""

    language: NotRequired[Literal["en", "id"] | None]
    """The language of readers who choose none; else that of their browser."""
    monitors: NotRequired[list[StatusPageMonitor]]
    published: NotRequired[bool]
    title: str


class StatusPageBody(TypedDict):
    """A stored status page, with its author and its last change (read-only)."""

    language: Literal["en", "id"] | None
    """The language of readers who choose none; else that of their browser."""
    monitors: list[StatusPageMonitor]
    path: str
    """The address of the page below that of the dashboard."""
    published: bool
    slug: str
    title: str
    updated_at: str
    updated_by: str


class StatusPageDeleted(TypedDict):
    """A status page that is gone."""

    slug: str
    status: Literal["deleted"]


class StatusPageMonitor(TypedDict):
    """A monitor on a page, under the name that readers see."""

    job_id: str
    name: str


class TimelineBody(TypedDict):
    """One entry of a timeline."""

    at: str
    by: str | None
    text: str
    what: TimelineKind


class ToolCallBody(TypedDict):
    """One call of a tool."""

    at: int
    """Epoch milliseconds."""
    duration_ms: int
    error: NotRequired[str | None]
    """Why it failed; absent if it did not."""
    n: int
    """Its number in the attempt, from 1."""
    ok: bool
    op: str
    target: NotRequired[str | None]
    """What it was about, masked."""
    tool: str


class ToolPolicyBody(TypedDict):
    """What an attempt may do with a tool: so many calls and bytes (null: unlimited), with these places."""

    bytes: int | None
    calls: int | None
    channels: list[str]
    denied: PlacesBody
    """Out of reach, whatever is allowed."""
    hosts: list[str]
    paths: list[str]
    rules: dict[str, Any]
    """Further rules, if the tool is of another package."""
    secrets: list[str]


UpcomingFiresBody = TypedDict(
    "UpcomingFiresBody",
    {"collisions": "list[CollisionBody]", "from": "str", "jobs": "list[UpcomingJobBody]", "to": "str"},
)
"""What fires next, job by job."""


class UpcomingJobBody(TypedDict):
    """The fires of one enabled job within the window."""

    count: int
    """How many times it fires."""
    fires: list[str]
    """All of them if there are at most 100, else none."""
    job_id: str
    next_at: str | None
    paused: bool
    """A pause holds its next fire."""
    paused_until: str | None
    tags: list[str]
    type: str


class UptimeBody(TypedDict):
    """Shares of the time that was watched, 0 to 1; null if nothing was."""

    d30: float | None
    d7: float | None
    d90: float | None
    h24: float | None


VersionComparison = TypedDict(
    "VersionComparison", {"changes": "list[FieldChange]", "from": "int", "to": "int"}
)
"""What changed from one version of a job to another."""


class WaitPlaceBody(TypedDict):
    """The place of a run before a concurrency key, a group or a rate."""

    ahead: int
    """Runs of the same group and the same keys that come before it."""
    held: int
    """Slots that are taken; for a rate, starts in the last 60 seconds."""
    limit: int | None
    name: str
    """As `waiting_for`."""
    starts_at: str | None
    """For a rate: when the run starts at the earliest."""


class WebhookTaken(TypedDict):
    """What the call brought is kept: `stored` updates were new, `reports` were about messages."""

    reports: int
    stored: int


class WhyBody(TypedDict):
    """Why a job did or did not run; occurrences newest first, equal successes as one range."""

    job_id: str
    language: Literal["en", "id"]
    monitor: MonitorBriefBody | None
    """The state of what the job watches."""
    next: WhyNext
    occurrences: list[WhyOccurrence]
    run: WhyRun | None
    timezone: str
    """In which the texts tell times."""


class WhyNext(TypedDict):
    """The next fire, and the obstacle if there is one."""

    actions: list[RemedyBody]
    """What can be done about it at once, the best first; may be empty."""
    at: str | None
    """null if there is none."""
    in_sec: float | None
    """Negative if it is late."""
    next_step: str
    """What to do about it, for people: a command or a route."""
    reason: str | None
    """What prevents it; null if nothing does."""
    text: str
    """For people, in the language of the answer; times in the job's zone."""


WhyOccurrence = TypedDict(
    "WhyOccurrence",
    {
        "actions": "list[RemedyBody]",
        "from": "str",
        "next_step": "str",
        "outcome": "Literal['ran', 'waiting', 'missed', 'skipped', 'upcoming']",
        "reason": "str",
        "run_id": "str | None",
        "slots": "int",
        "status": "RunStatus | None",
        "text": "str",
        "to": "str",
    },
)
"""What became of a range of slots."""


class WhyRun(TypedDict):
    """The newest run that has not ended, and what it waits for."""

    actions: list[RemedyBody]
    """What can be done about it at once, the best first; may be empty."""
    next_step: str
    """What to do about it, for people: a command or a route."""
    reason: str
    """For programs; a word such as `missed`, `overlap`, `no_worker`."""
    run_id: str
    status: RunStatus
    text: str
    """For people, in the language of the answer; times in the job's zone."""


class WordsBody(TypedDict):
    """The same in Indonesian and English."""

    en: str
    id: str


class WorkerBody(TypedDict):
    """A worker with a recent heartbeat."""

    age_ms: int
    concurrency: int
    draining: bool
    heartbeat_at: str
    host: str
    instance: str
    pid: int
    queues: list[str]
    running: list[str]
    started_at: str
    types: list[str]
    version: str


class JobSpecChanges(TypedDict):
    """Fields of a job that change; the others stay."""

    concurrency: NotRequired[ConcurrencyInput | None]
    description: NotRequired[str]
    enabled: NotRequired[bool]
    failure_cooldown_sec: NotRequired[int]
    inputs: NotRequired[dict[str, Any]]
    jitter_sec: NotRequired[float]
    misfire: NotRequired[Misfire]
    misfire_grace_sec: NotRequired[int]
    on_failure: NotRequired[list[str]]
    """Jobs to run once a run of this one has ended so; they must exist."""
    on_success: NotRequired[list[str]]
    """Jobs to run once a run of this one has ended so; they must exist."""
    overlap: NotRequired[Overlap]
    priority: NotRequired[Priority]
    queue: NotRequired[str]
    """In `WORKER_QUEUES` of workers."""
    rate: NotRequired[RateInput | None]
    retry_policy: NotRequired[RetryPolicyInput]
    schedule: NotRequired[ScheduleInput | None]
    tags: NotRequired[list[str]]
    timeout_ms: NotRequired[int]
    type: NotRequired[str]
