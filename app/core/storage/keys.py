"""The Redis keys of a deployment, each declared once: name, type, lifetime, purpose.

No other module holds a key literal. All keys carry the hash tag `{namespace}`, so every script is legal in
Redis Cluster; with several shards each has a tag of its own. `docs/redis-schema.md` is generated from this
file, and Lua scripts get the same names as the table `K` (`key_rendering.py`).
"""

from __future__ import annotations

from app.core.storage.key_families import Family, Key, KeySpace, KeySpec, KeyType, Ttl

GROUP = "workers"
"""The consumer group of every ready stream."""
LANES = ("high", "normal", "low")
SUSPECT_LANE = "suspect"

STRING, HASH, LIST, ZSET, STREAM = KeyType.STRING, KeyType.HASH, KeyType.LIST, KeyType.ZSET, KeyType.STREAM
SET, CHANNEL = KeyType.SET, KeyType.CHANNEL
_RUN = "as long as its run (retention)"
_JOB = "as long as its job"
_EVER = "permanent"


class Keys(KeySpace):
    """The keys of one namespace, or of one shard of it."""

    meta = Key(
        "meta",
        HASH,
        _EVER,
        "id of this data, retention watermark, `seq` up to which runs are not in the order of time, "
        "cursors of house-keeping, alarms, state of durability",
    )
    shard_layout = Key(
        "shards",
        HASH,
        _EVER,
        "number of shards and id of this data; only if it is or was divided, also below `{ns}` itself",
    )
    schema = Key("schema", HASH, _EVER, "version of this data's schema, who can read it, and who has set it")
    memory = Key("memory", HASH, _EVER, "last estimate of this deployment's bytes by kind")
    seq = Key("seq", STRING, _EVER, "counter: `seq` of every run and job, the cursor of every list")
    job = Family[str]("job:{job}", HASH, _JOB, "one job: spec as JSON, version, enabled, next slot")
    versions = Family[str]("versions:{job}", HASH, "as long as the job has runs", "every version of a spec")
    jobs = Key("jobs", ZSET, _EVER, "all jobs by seq")
    jobs_type = Family[str]("jobs:type:{type}", ZSET, _JOB, "jobs of one type by seq")
    jobs_tag = Family[str]("jobs:tag:{tag}", ZSET, _JOB, "jobs with one tag by seq")
    jobs_enabled = Key("jobs:enabled", ZSET, _EVER, "enabled jobs by seq")
    jobs_target = Family[str]("jobs:target:{target}", ZSET, _JOB, "jobs about one target by seq")
    jobs_queue = Family[str](
        "jobs:queue:{queue}", ZSET, _JOB, "jobs of one queue, `default` excepted, by seq"
    )
    jobs_calendar = Family[str](
        "jobs:calendar:{calendar}", ZSET, _JOB, "jobs whose schedules name one calendar by seq"
    )
    schedule = Key("schedule", ZSET, _EVER, "job by the instant of its next fire, jitter included, ms")
    successes = Key("successes", ZSET, _EVER, "jobs by their last success, ms")
    success_due = Key(
        "success_due",
        ZSET,
        "until the next success",
        "jobs that have fired since their last success by the instant from which they are overdue, ms",
    )
    fired = Family[str]("fired:{job}", STRING, Ttl("40 days after the last"), "slots that fired, as ranges")
    ledger = Family[str](
        "ledger:{job}", LIST, "as long as its job, 1,000 newest", "slots that did not run, as ranges"
    )
    limits = Key("limits", HASH, _EVER, "limit of each concurrency key and rate")
    limit_jobs = Family[str]("limit:jobs:{key}", SET, _JOB, "jobs that name the concurrency key or the rate")
    limit_shares = Key(
        "limit:shares",
        HASH,
        "while a job of several shards names the key",
        "with several shards: this shard's part of each limit, `number|version`",
    )
    limit_grants = Family[str](
        "limit:grants:{key}",
        HASH,
        "while a job names the key",
        "with several shards, in the first one: the part of the limit that each may use, `number|version`",
    )
    run = Family[str](
        "run:{run}", HASH, "retention: 7 days, failures 30 days", "one run: its record and its state"
    )
    attempts = Family[str]("attempts:{run}", LIST, _RUN, "ended attempts except the last, JSON, oldest first")
    log = Family[str]("log:{run}", STREAM, Ttl("until the run ends, 31 days at most"), "captured log lines")
    log_packed = Family[str]("log:packed:{run}", STRING, _RUN, "whole log of an ended run, zlib in base 64")
    runs = Key("runs", ZSET, _EVER, "all runs by seq")
    runs_job = Family[str]("runs:job:{job}", ZSET, _RUN, "runs of one job by seq")
    runs_status = Family[str]("runs:status:{status}", ZSET, _EVER, "runs in one status by seq")
    ready = Family[str](
        "ready:{lane}", STREAM, _EVER, "the ready queue: a stream for each lane, `[queue:]priority[@type]`"
    )
    queues = Key("queues", SET, "while they are used", "all queues except `default`")
    typed_lanes = Key(
        "typed_lanes", SET, "while runs wait", "lanes of runs that wait for a worker with their type"
    )
    chains = Key("chains", STREAM, "until a scheduler has read them", "jobs to run because a run has ended")
    chained = Key(
        "chained",
        ZSET,
        "an hour after their entry is gone, 40 days at most",
        "with several shards: runs that chains of other shards have made here",
    )
    delayed = Key("delayed", ZSET, _EVER, "scheduled and retrying runs by due instant, ms")
    active = Family[str]("active:{job}", SET, "while the job has active runs", "runs that are not terminal")
    holders = Family[str]("holders:{key}", SET, "while the key is held", "runs that hold a place of the key")
    waiting = Family[str](
        "waiting:{keys}", ZSET, "while runs wait", "a line: runs that need the same keys, by seq"
    )
    waiting_lines = Family[str](
        "waiting:lines:{key}",
        ZSET,
        "while runs wait",
        "lines whose head waits for the key, by seq of their heads or by turn",
    )
    waiting_keys = Key("waiting:keys", SET, "while runs wait", "keys that runs wait for")
    starts = Family[str](
        "starts:{key}", LIST, Ttl("2 minutes after the last"), "starts of a rate in the last minute, ms"
    )
    rate_wakes = Key(
        "rates:wakes",
        ZSET,
        "while runs wait for a rate",
        "rates that runs wait for, by when one may start, ms",
    )
    pauses = Key("pauses", HASH, "until they are resumed", "paused scopes, each with author and time")
    paused = Family[str]("paused:{scope}", ZSET, "while runs are held", "runs that a pause holds, by seq")
    pause_ends = Key("pauses:ends", ZSET, "until they are over", "scopes of pauses with an end, by that end")
    pause_over = Family[str]("pause:over:{pause}", STRING, Ttl("10 minutes"), "a pause that has ended")
    dead = Key("dead", ZSET, _EVER, "dead letters by seq, 10,000 newest")
    dead_job = Family[str](
        "dead:job:{job}", ZSET, "while the job has dead letters", "dead letters of a job by seq"
    )
    dead_groups = Key("dead:groups", ZSET, _EVER, "errors of dead letters by seq of their newest one")
    dead_group = Family[str](
        "dead:group:{fingerprint}", ZSET, "while there are any", "dead letters of one error by seq"
    )
    quarantine = Key("quarantine", STREAM, "1,000 newest", "entries and runs that a script could not process")
    claim = Family[str]("claim:{consumer}", STRING, Ttl("1 h"), "the last claim of a worker, for its repeats")
    lease_clock = Key(
        "lease:clock",
        HASH,
        _EVER,
        "last lease maintenance, last gap, grace period after it, last step back of the clock",
    )
    heal = Key("heal", HASH, _EVER, "the search for lost ready entries: cursors, last result")
    chore = Family[str]("chore:{chore}", STRING, Ttl("1.5 periods"), "the process that does a chore")
    lost_workers = Key("lost:workers", ZSET, Ttl("a day"), "workers that lost their leases, by instant, ms")
    fence = Key("fence", STRING, _EVER, "the last fencing token of a claim")
    isolated = Key(
        "isolated", HASH, _EVER, "isolated jobs, each with the instant of the crash that caused it, ms"
    )
    account = Family[str](
        "account:{account}", HASH, "until it is deleted", "an account of a channel; secrets are sealed"
    )
    api_keys = Key("apikeys", HASH, _EVER, "API keys by id: name, role, digest, end, MAC")
    api_keys_used = Key("apikeys:used", HASH, _EVER, "last use of each API key, to five minutes, ms")
    api_keys_pepper = Key("apikeys:pepper", STRING, _EVER, "the secret behind all digests, sealed")
    access_version = Key("access:version", STRING, _EVER, "counter: changes of API keys and sessions")
    sign_in_code = Family[str](
        "signin:{digest}",
        STRING,
        Ttl("1 day at most"),
        "a sign-in link that is not used: whom it signs in, MAC",
    )
    session = Family[str](
        "session:{session}",
        STRING,
        Ttl("12 h after its last use, 30 days at most"),
        "a signed-in browser: API key, digest, address, device, MAC",
    )
    sessions = Key("sessions", ZSET, Ttl("30 days after the last"), "`key:session` by last use, ms")
    sessions_key = Family[str](
        "sessions:key:{key}", ZSET, Ttl("30 days after the last"), "sessions of an API key"
    )
    oidc_used = Family[str](
        "oidc:used:{state}", STRING, Ttl("12 minutes"), "a sign-in at a provider that was used, by its state"
    )
    secrets = Key("secrets", HASH, _EVER, "secrets of jobs by name, sealed, with author and time")
    secret_key = Key(
        "secret:key",
        HASH,
        _EVER,
        "fingerprint of the key that seals, of the previous one during a rotation; end of the last rotation",
    )
    settings = Key(
        "settings",
        HASH,
        _EVER,
        "settings made over the API, JSON: `default_notify`, `notification_rules`",
    )
    calendars = Key("calendars", HASH, _EVER, "calendars by name, JSON, with author and time")
    status_pages = Key("status_pages", HASH, _EVER, "status pages by slug, JSON, with author and time")
    audit_log = Family[str](
        "audit:log:{log}",
        STREAM,
        "AUDIT_DAYS, or until AUDIT_MAX_MB is reached; acts on keys, roles, secrets and settings AUDIT_DAYS",
        "actions of people, JSON, each with the MAC of the one before",
    )
    audit_heads = Key(
        "audit:heads", HASH, _EVER, "the signed head of each audit log; the last failure of AUDIT_SINK"
    )
    audit_keys = Key("audit:keys", HASH, _EVER, "keys of the audit's MACs before a rotation, sealed")
    audit = Family[str](
        "audit:{log}", ZSET, "AUDIT_DAYS", "actions of people that an earlier version stored, JSON, by seq"
    )
    accounts = Key("accounts", HASH, _EVER, "all accounts: the revision of each")
    contacts = Key("contacts", HASH, _EVER, "the address book: contacts by folded name, JSON, 1,000 at most")
    outbox = Family[str](
        "outbox:{message}", HASH, "7 days or as long as its run", "one message: its record and its state"
    )
    outbox_due = Family[str](
        "outbox:due:{account}", ZSET, "while messages wait", "pending messages by due instant, ms"
    )
    outbox_sending = Family[str](
        "outbox:sending:{account}", ZSET, "while one is sent", "messages being sent, by start, ms"
    )
    outbox_state = Family[str]("outbox:state:{state}", ZSET, _EVER, "messages in one state by seq")
    inbox = Key("inbox", STREAM, "1,000 newest", "messages that the sandbox has received")
    checks = Family[str](
        "checks:{account}", ZSET, Ttl("2 minutes"), "checks that wait for a connector, by deadline, ms"
    )
    check = Family[str]("check:{check}", STRING, Ttl("2 minutes"), "the answer to one check")
    health = Family[str](
        "health:{account}", STRING, Ttl("a day after the last check"), "result of the last check"
    )
    answer_text = Family[str](
        "answer_text:{of}",
        STRING,
        Ttl("as its answer"),
        "id and fields of the reason in the answer to a check, or in the last one of an account",
    )
    idempotency = Family[str]("idem:{scope}", HASH, Ttl("24 h"), "answer to an idempotency key")
    plan = Family[str]("plan:{plan}", STRING, Ttl("1 h; a day if executed with a key"), "a plan as previewed")
    planner_tokens = Family[str](
        "planner_tokens:{day}", HASH, Ttl("2 days"), "tokens of the planner's model: `total`, and each call"
    )
    awake = Key("awake", LIST, _EVER, "intervals in which processes ran, `from|at|until`, 1,000 newest")
    monitors = Key("monitors", ZSET, _EVER, "jobs that monitor something by seq")
    monitor = Family[str]("monitor:{job}", HASH, _JOB, "a monitor: its state, last check, open incident")
    monitor_ranges = Family[str](
        "monitor:ranges:{job}",
        LIST,
        "as long as its job, 1,000 newest",
        "past states of a monitor, `state|from|to|reason`",
    )
    monitor_days = Family[str](
        "monitor:days:{job}", HASH, "as long as its job, 92 days", "time by state of each UTC day"
    )
    monitor_quarters = Family[str, int](
        "monitor:quarters:{job}:{day}", HASH, Ttl("9 days"), "time by state of each quarter hour of a UTC day"
    )
    monitor_latency = Family[str, int](
        "monitor:latency:{job}:{day}",
        HASH,
        Ttl("3 days"),
        "histogram of latencies of each quarter hour of a UTC day",
    )
    ping = Family[str]("ping:{job}", HASH, _JOB, "the last ping of a job, and the digest of its ping token")
    pings_due = Key(
        "pings:due", ZSET, "as long as its jobs", "jobs that expect a ping, by when it is late, ms"
    )
    ping_jobs = Key("pings:jobs", HASH, "as long as its jobs", "jobs by the digest of their ping token")
    ping_tokens = Key("pings:tokens", HASH, "as long as its jobs", "sealed ping tokens by job")
    incident = Family[str]("incident:{incident}", HASH, "90 days after its end", "one incident")
    incident_members = Family[str](
        "incident:members:{incident}", SET, "while it is open", "what is still bad: the incident ends with it"
    )
    incident_jobs = Family[str](
        "incident:jobs:{incident}",
        ZSET,
        "as long as the incident",
        "jobs of an incident by first failure, ms",
    )
    incident_timeline = Family[str](
        "incident:timeline:{incident}",
        LIST,
        "as long as the incident, 200 newest",
        "what happened in an incident, JSON, oldest first",
    )
    incident_deliveries = Family[str](
        "incident:deliveries:{incident}",
        HASH,
        "as long as the incident",
        "messages about an incident by phase and step, JSON",
    )
    incidents = Family[str](
        "incidents:{state}", ZSET, "90 days after their end", "open or closed incidents by seq"
    )
    incidents_open = Key("incidents:causes", HASH, "while they are open", "open incidents by cause")
    incidents_ended = Key("incidents:ended", STRING, _EVER, "when an incident closed last, ms")
    incidents_job = Family[str](
        "incidents:job:{job}", ZSET, "as long as its incidents", "incidents of a job by seq"
    )
    incidents_due = Key(
        "incidents:due", ZSET, "until it is done", "incidents that may need a message, by due instant, ms"
    )
    alarm_recent = Family[str](
        "alarm:recent:{recipient}",
        ZSET,
        Ttl("a day after the last"),
        "messages about incidents to one recipient (digest of account and address) by instant, ms",
    )
    maintenance = Key("maintenance", HASH, _EVER, "maintenance windows by id, JSON, 200 at most")
    events = Key(
        "events", STREAM, "the newest 100,000 or more", "events of the deployment, up to 10 an entry"
    )
    event_marks = Key(
        "events:marks",
        HASH,
        _EVER,
        "how many events batches made, and the entry of each 10,000th of the last",
    )
    metrics = Key("metrics", HASH, _EVER, "counters and histogram buckets of the deployment")
    rollup_minute = Family[int]("rollup:minute:{minute}", HASH, Ttl("25 h"), "one minute of the deployment")
    rollup_quarter = Family[str, int](
        "rollup:quarter:{job}:{day}", HASH, Ttl("41 days"), "a job's quarter hours of a day; old ones by hour"
    )
    rollup_durations = Family[str, int](
        "rollup:durations:{job}:{day}",
        HASH,
        Ttl("41 days"),
        "histograms of a job's durations by two hours; old ones by eight",
    )
    rollup_jobs = Family[int]("rollup:jobs:{day}", HASH, Ttl("41 days"), "ended runs of a day by job")
    rollup_day = Family[int]("rollup:day:{day}", HASH, Ttl("401 days"), "one day of the deployment")
    rollup_all = Family[int](
        "rollup:all:{day}", HASH, Ttl("9 days"), "quarter hours of the deployment in a day"
    )
    instance = Family[str]("instance:{instance}", HASH, Ttl("6 heartbeats"), "last heartbeat of a process")
    instances = Key("instances", ZSET, _EVER, "processes by last heartbeat, ms")
    kv = Family[str, str]("kv:{job}:{key}", STRING, "as set", "a value stored by a handler")
    kv_index = Family[str]("kvindex:{job}", ZSET, _JOB, "keys stored by a job's handlers, by expiry, ms")
    tool_metrics = Family[str]("tool:metrics:{job}", HASH, _JOB, "metrics that a job's handlers report")
    tool_metrics_jobs = Key("tool:metrics_jobs", ZSET, _EVER, "jobs that have reported metrics, by seq")
    tool_calls = Family[str](
        "tool:calls:{run}", HASH, Ttl("10 minutes"), "answers of the last tool writes of an attempt"
    )
    account_lease = Family[str](
        "account:lease:{channel:account}",
        STRING,
        Ttl("10 s, renewed"),
        "the connector process that serves the account",
    )
    account_state = Family[str](
        "account:state:{channel:account}", STRING, Ttl("a day"), "whether the account is up"
    )
    account_hold = Family[str](
        "account:hold:{channel:account}",
        STRING,
        Ttl("as long as the channel asked to wait"),
        "instant until which nothing is sent over the account, ms",
    )
    restore_lock = Key(
        "restore:lock", STRING, Ttl("a minute, renewed"), "the restore under way; meanwhile no schedule fires"
    )
    published = Family[str, str](
        "published:{kind}:{record}",
        HASH,
        "as long as its files, 1,000 a job",
        "a report or an export: its files, sums and host",
    )
    published_all = Family[str]("published:all:{kind}", ZSET, _EVER, "all reports or exports by seq")
    published_job = Family[str, str](
        "published:job:{kind}:{job}", ZSET, "while it has any", "those of one job by seq"
    )
    artifact = Family[str](
        "artifact:{content}",
        HASH,
        "ARTIFACTS_DAYS, or until ARTIFACTS_TOTAL_MB is reached; an hour if nothing is published",
        "files of a report or an export, in compressed pieces",
    )
    artifacts = Key("artifacts", ZSET, _EVER, "contents of reports and exports by publication, ms")
    artifacts_doomed = Key(
        "artifacts:doomed",
        ZSET,
        "until they are removed",
        "paths of contents outside of Redis that no record names, by when they may be removed, ms",
    )
    updates = Family[str](
        "updates:{account}",
        STREAM,
        Ttl("until processed, 8 days at most, 1,000 newest"),
        "messages received over an account",
    )
    updates_seen = Family[str](
        "updates:seen:{account}",
        ZSET,
        Ttl("8 days after the last, 10,000 newest and all of 12 minutes"),
        "ids of received messages by arrival, ms: a replay is dropped",
    )
    updates_begun = Family[str](
        "updates:begun:{account}",
        STRING,
        Ttl("8 days"),
        "the entry of the last command that an account began to execute",
    )
    updates_fetched = Family[str](
        "updates:fetched:{account}",
        STRING,
        Ttl("8 days"),
        "when the messages of an account were fetched last, ms: a press is not older",
    )
    chats = Family[str](
        "chats:{account}",
        HASH,
        Ttl("8 days after the last text, 50 newest"),
        "chats that wrote to an account: last time, kind and title",
    )
    receipts = Family[str, str](
        "receipts:{account}:{receipt}",
        HASH,
        Ttl("8 days; 10 minutes if the message is unknown"),
        "the message of a provider's id, or a receipt that came before the id was known",
    )
    plan_asker = Family[str](
        "plan:asker:{plan}",
        STRING,
        Ttl("1 h"),
        "the user who asked for a plan in a chat and alone may confirm it",
    )
    plan_last = Family[str](
        "plan:last:{asker}",
        STRING,
        Ttl("1 h"),
        "the last plan of a user in a chat, the update that made it, and the plan that it went on from",
    )
    control = Key("control", CHANNEL, "–", "pub/sub: `cancel <run>`, for workers")
    notify = Key(
        "notify",
        CHANNEL,
        "–",
        "pub/sub: `mail <account>`, `receipt <message>`, `checked <check>`, `updates <account>`, `accounts`, "
        "`access`",
    )
    wake = Key("wake", CHANNEL, "–", "pub/sub: something is due earlier than the schedulers expected")

    def declaration(self, key: str) -> KeySpec | None:
        """Return the family that a key belongs to; None if it is not declared."""
        if not key.startswith(self.prefix):
            return None
        rest = key[len(self.prefix) :]
        fits = [s for s in KEY_SPECS if rest == s.stem or (s.suffix and rest.startswith(f"{s.stem}:"))]
        return max(fits, key=lambda s: len(s.stem), default=None)


KEY_SPECS = tuple(spec for spec in vars(Keys).values() if isinstance(spec, KeySpec))
