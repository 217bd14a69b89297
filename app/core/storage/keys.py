"""The families of Redis keys: name, type, lifetime and purpose of each; `keys.py` makes the keys."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

GROUP = "workers"
"""The consumer group of every ready stream."""
LANES = ("high", "normal", "low")
SUSPECT_LANE = "suspect"


class KeyType(StrEnum):
    """Redis' own names of the types."""

    STRING = "string"
    HASH = "hash"
    LIST = "list"
    SET = "set"
    ZSET = "zset"
    STREAM = "stream"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class KeySpec:
    """One family of keys. `suffix` names what follows the stem, empty where there is one key."""

    name: str
    stem: str
    suffix: str
    type: KeyType
    lifetime: str
    purpose: str
    expires: bool = False

    @property
    def lua_value(self) -> str:
        """Return what Lua puts in front of the suffix."""
        return f"{self.stem}:" if self.suffix else self.stem


_S, _H, _L, _Z, _X = KeyType.STRING, KeyType.HASH, KeyType.LIST, KeyType.ZSET, KeyType.STREAM
_SET, _CH = KeyType.SET, KeyType.CHANNEL
_RUN = "as long as its run (retention)"
_JOB = "as long as its job"
_EVER = "permanent"

KEY_SPECS: tuple[KeySpec, ...] = (
    KeySpec(
        "meta",
        "meta",
        "",
        _H,
        _EVER,
        "id of this data, retention watermark, `seq` up to which runs are not in the order of time, "
        "cursors of house-keeping, alarms, state of durability",
    ),
    KeySpec("memory", "memory", "", _H, _EVER, "last estimate of this deployment's bytes by kind"),
    KeySpec("seq", "seq", "", _S, _EVER, "counter: `seq` of every run and job, the cursor of every list"),
    KeySpec("job", "job", "job", _H, _JOB, "one job: spec as JSON, version, enabled, next slot"),
    KeySpec("versions", "versions", "job", _H, "as long as the job has runs", "every version of a spec"),
    KeySpec("jobs", "jobs", "", _Z, _EVER, "all jobs by seq"),
    KeySpec("jobs_type", "jobs:type", "type", _Z, _JOB, "jobs of one type by seq"),
    KeySpec("jobs_tag", "jobs:tag", "tag", _Z, _JOB, "jobs with one tag by seq"),
    KeySpec("jobs_enabled", "jobs:enabled", "", _Z, _EVER, "enabled jobs by seq"),
    KeySpec("jobs_target", "jobs:target", "target", _Z, _JOB, "jobs about one target by seq"),
    KeySpec(
        "schedule", "schedule", "", _Z, _EVER, "job by the instant of its next fire, jitter included, ms"
    ),
    KeySpec("fired", "fired", "job", _S, "40 days after the last fire", "ranges of slots that fired", True),
    KeySpec(
        "ledger", "ledger", "job", _L, "as long as its job, 1,000 newest", "slots that did not run, as ranges"
    ),
    KeySpec("limits", "limits", "", _H, _EVER, "limit of each concurrency key"),
    KeySpec("limit_jobs", "limit:jobs", "key", _SET, _JOB, "jobs that name the concurrency key"),
    KeySpec(
        "run", "run", "run", _H, "retention: 7 days, failures 30 days", "one run: its record and its state"
    ),
    KeySpec("attempts", "attempts", "run", _L, _RUN, "ended attempts but for the last, JSON, oldest first"),
    KeySpec("log", "log", "run", _X, "until the run ends, 31 days at most", "captured log lines", True),
    KeySpec("log_packed", "log:packed", "run", _S, _RUN, "the whole log of an ended run, zlib in base 64"),
    KeySpec("runs", "runs", "", _Z, _EVER, "all runs by seq"),
    KeySpec("runs_job", "runs:job", "job", _Z, _RUN, "runs of one job by seq"),
    KeySpec("runs_status", "runs:status", "status", _Z, _EVER, "runs in one status by seq"),
    KeySpec("ready", "ready", "lane", _X, _EVER, "the ready queue: one stream a priority lane, and suspects"),
    KeySpec(
        "chains", "chains", "", _X, "until a scheduler has read them", "jobs to run because a run has ended"
    ),
    KeySpec("delayed", "delayed", "", _Z, _EVER, "scheduled and retrying runs by due instant, ms"),
    KeySpec("active", "active", "job", _SET, "while the job has active runs", "runs that are not terminal"),
    KeySpec("holders", "holders", "key", _SET, "while the key is held", "runs that hold a place of the key"),
    KeySpec(
        "waiting", "waiting", "keys", _Z, "while runs wait", "a line: runs that need the same keys, by seq"
    ),
    KeySpec(
        "waiting_lines", "waiting:lines", "key", _Z, "while runs wait", "lines of a key by seq of their heads"
    ),
    KeySpec("waiting_keys", "waiting:keys", "", _SET, "while runs wait", "keys that runs wait for"),
    KeySpec(
        "pauses", "pauses", "", _H, "until they are resumed", "scopes that are paused: by whom, since when"
    ),
    KeySpec("paused", "paused", "scope", _Z, "while runs are held", "runs that a pause holds, by seq"),
    KeySpec("pause_over", "pause:over", "pause", _S, "10 minutes", "a pause that was ended", True),
    KeySpec("dead", "dead", "", _Z, _EVER, "dead letters by seq, 10,000 newest"),
    KeySpec(
        "dead_job", "dead:job", "job", _Z, "while the job has dead letters", "dead letters of a job by seq"
    ),
    KeySpec("dead_groups", "dead:groups", "", _Z, _EVER, "errors of dead letters by seq of their newest one"),
    KeySpec(
        "dead_group",
        "dead:group",
        "fingerprint",
        _Z,
        "while there are any",
        "dead letters of one error by seq",
    ),
    KeySpec(
        "quarantine", "quarantine", "", _X, "1,000 newest", "entries and runs that a script could not treat"
    ),
    KeySpec("claim", "claim", "consumer", _S, "1 h", "the last claim of a worker, for its repeats", True),
    KeySpec("lease_clock", "lease:clock", "", _H, _EVER, "last sign of lease keeping, last gap, its grace"),
    KeySpec("heal", "heal", "", _H, _EVER, "the search for lost ready entries: cursors, last result"),
    KeySpec("chore", "chore", "chore", _S, "1.5 periods", "the scheduler that does a chore", True),
    KeySpec(
        "lost_workers",
        "lost:workers",
        "",
        _Z,
        "a day",
        "workers that lost their leases, by instant, ms",
        True,
    ),
    KeySpec("fence", "fence", "", _S, _EVER, "the last fencing token of a claim"),
    KeySpec(
        "isolated",
        "isolated",
        "",
        _H,
        _EVER,
        "jobs whose runs are isolated, each with the instant (ms) of the crash that caused it",
    ),
    KeySpec(
        "account",
        "account",
        "account",
        _H,
        "until it is deleted",
        "an account of a channel; secrets are sealed",
    ),
    KeySpec("api_keys", "apikeys", "", _H, _EVER, "API keys by id: name, role, digest, end, MAC"),
    KeySpec(
        "api_keys_used", "apikeys:used", "", _H, _EVER, "when each API key was last used, to five minutes, ms"
    ),
    KeySpec("api_keys_pepper", "apikeys:pepper", "", _S, _EVER, "the secret behind all digests, sealed"),
    KeySpec("access_version", "access:version", "", _S, _EVER, "counter: changes of API keys and sessions"),
    KeySpec(
        "session",
        "session",
        "session",
        _S,
        "12 h after its last use, 30 days at most",
        "a signed-in browser: API key, digest, address, device, MAC",
        True,
    ),
    KeySpec("sessions", "sessions", "", _Z, "30 days after the last", "`key:session` by last use, ms", True),
    KeySpec(
        "sessions_key", "sessions:key", "key", _Z, "30 days after the last", "sessions of an API key", True
    ),
    KeySpec("secrets", "secrets", "", _H, _EVER, "secrets of jobs by name, sealed; who set them and when"),
    KeySpec(
        "secret_key",
        "secret:key",
        "",
        _H,
        _EVER,
        "fingerprint of the key that seals, of the previous one during a rotation; end of the last rotation",
    ),
    KeySpec("settings", "settings", "", _H, _EVER, "settings made over the API, JSON: `default_notify`"),
    KeySpec("audit", "audit", "log", _Z, "10,000 newest done, 2,000 refused", "acts of people, JSON, by seq"),
    KeySpec("accounts", "accounts", "", _H, _EVER, "all accounts: the revision of each"),
    KeySpec(
        "outbox", "outbox", "message", _H, "7 days or as long as its run", "one message and what became of it"
    ),
    KeySpec(
        "outbox_due",
        "outbox:due",
        "account",
        _Z,
        "while messages wait",
        "pending messages by due instant, ms",
    ),
    KeySpec(
        "outbox_sending",
        "outbox:sending",
        "account",
        _Z,
        "while one is sent",
        "messages being sent, by start, ms",
    ),
    KeySpec("outbox_state", "outbox:state", "state", _Z, _EVER, "messages in one state by seq"),
    KeySpec("inbox", "inbox", "", _X, "1,000 newest", "messages that the sandbox has received"),
    KeySpec(
        "checks",
        "checks",
        "account",
        _Z,
        "2 minutes",
        "checks that wait for a connector, by deadline, ms",
        True,
    ),
    KeySpec("check", "check", "check", _S, "2 minutes", "the answer to one check", True),
    KeySpec(
        "health", "health", "account", _S, "a day after the last check", "what the last check found", True
    ),
    KeySpec("idempotency", "idem", "scope", _H, "24 h", "answer to an idempotency key", True),
    KeySpec("plan", "plan", "plan", _S, "1 h; a day where executed with a key", "a plan as previewed", True),
    KeySpec("events", "events", "", _X, "about 100,000 newest", "what happened, for people and dashboards"),
    KeySpec("metrics", "metrics", "", _H, _EVER, "counters and histogram buckets of the deployment"),
    KeySpec("rollup_minute", "rollup:minute", "minute", _H, "25 h", "one minute of the deployment", True),
    KeySpec(
        "rollup_quarter",
        "rollup:quarter",
        "job:day",
        _H,
        "41 days",
        "quarter hours of a job in a day; old ones by hour",
        True,
    ),
    KeySpec(
        "rollup_durations",
        "rollup:durations",
        "job:day",
        _H,
        "41 days",
        "histograms of a job's durations by two hours; old ones by eight",
        True,
    ),
    KeySpec(
        "rollup_jobs", "rollup:jobs", "day", _H, "41 days", "jobs that had runs end in a day: how many", True
    ),
    KeySpec("rollup_day", "rollup:day", "day", _H, "401 days", "one day of the deployment", True),
    KeySpec(
        "instance", "instance", "instance", _H, "6 heartbeats", "what a process last said of itself", True
    ),
    KeySpec("instances", "instances", "", _Z, _EVER, "processes by last heartbeat, ms"),
    KeySpec("kv", "kv", "job:key", _S, "as set", "a value that a handler keeps"),
    KeySpec("kv_index", "kvindex", "job", _Z, _JOB, "keys that a job's handlers keep, by expiry, ms"),
    KeySpec("tool_metrics", "tool:metrics", "job", _H, _JOB, "metrics that a job's handlers report"),
    KeySpec(
        "tool_metrics_jobs", "tool:metrics_jobs", "", _Z, _EVER, "jobs that have reported metrics, by seq"
    ),
    KeySpec(
        "tool_calls",
        "tool:calls",
        "run",
        _H,
        "10 minutes",
        "answers of the last tool writes of an attempt",
        True,
    ),
    KeySpec(
        "account_lease",
        "account:lease",
        "channel:account",
        _S,
        "10 s, renewed",
        "the one connector process that serves the account",
        True,
    ),
    KeySpec(
        "account_state", "account:state", "channel:account", _S, "a day", "whether the account is up", True
    ),
    KeySpec(
        "account_hold",
        "account:hold",
        "channel:account",
        _S,
        "as long as the channel asked to wait",
        "until when nothing is sent over the account, ms",
        True,
    ),
    KeySpec(
        "restore_lock",
        "restore:lock",
        "",
        _S,
        "a minute, renewed",
        "the one restore under way; while it is there no schedule fires",
        True,
    ),
    KeySpec(
        "published",
        "published",
        "kind:record",
        _H,
        "as long as its files, 1,000 a job",
        "a report or an export: its files, sums and host",
    ),
    KeySpec("published_all", "published:all", "kind", _Z, _EVER, "all reports or exports by seq"),
    KeySpec("published_job", "published:job", "kind:job", _Z, "while it has any", "those of one job by seq"),
    KeySpec(
        "updates",
        "updates",
        "account",
        _X,
        "until treated, 8 days at most, 1,000 newest",
        "what came in over a channel",
        True,
    ),
    KeySpec(
        "updates_seen",
        "updates:seen",
        "account",
        _Z,
        "8 days after the last, 10,000 newest",
        "ids of what came in, by arrival, ms: a replay is dropped",
        True,
    ),
    KeySpec(
        "chats",
        "chats",
        "account",
        _H,
        "8 days after the last text, 50 newest",
        "chats that wrote to an account: when last, of which kind, what people call it",
        True,
    ),
    KeySpec(
        "receipts",
        "receipts",
        "account:receipt",
        _H,
        "8 days; 10 minutes where the message is not known",
        "the message that a provider's id stands for, or what was said of it early",
        True,
    ),
    KeySpec(
        "plan_asker",
        "plan:asker",
        "plan",
        _S,
        "1 h",
        "who asked for a plan in a chat: nobody else confirms it",
        True,
    ),
    KeySpec("control", "control", "", _CH, "–", "pub/sub: `cancel <run>`, for workers"),
    KeySpec(
        "bell",
        "bell",
        "",
        _CH,
        "–",
        "pub/sub: `mail <account>`, `receipt <message>`, `checked <check>`, `updates <account>`, `accounts`",
    ),
    KeySpec("wake", "wake", "", _CH, "–", "pub/sub: something is due earlier than was known, for schedulers"),
)


# Every Redis key of a deployment: its name, type, lifetime and purpose.
#
# No other module holds a key literal. All keys carry the hash tag `{namespace}`, so every script is
# legal in Redis Cluster. `docs/redis-schema.md` is generated from this file, and Lua scripts get the
# same names as the table `K` (`K.run .. id`).

__all__ = [
    "GROUP",
    "KEY_SPECS",
    "LANES",
    "SUSPECT_LANE",
    "KeySpec",
    "KeyType",
    "Keys",
    "lua_names",
    "schema_markdown",
]

_BY_NAME = {spec.name: spec for spec in KEY_SPECS}


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one namespace; each method is documented by its `KeySpec`."""

    namespace: str = "mj"

    @property
    def prefix(self) -> str:
        """Return what every key starts with: the hash tag."""
        return f"{{{self.namespace}}}:"

    def _one(self, name: str) -> str:
        return self.prefix + _BY_NAME[name].stem

    def _of(self, name: str, suffix: str) -> str:
        return f"{self.prefix}{_BY_NAME[name].stem}:{suffix}"

    @property
    def meta(self) -> str:
        return self._one("meta")

    @property
    def memory(self) -> str:
        return self._one("memory")

    @property
    def seq(self) -> str:
        return self._one("seq")

    def job(self, job_id: str) -> str:
        return self._of("job", job_id)

    def versions(self, job_id: str) -> str:
        return self._of("versions", job_id)

    @property
    def jobs(self) -> str:
        return self._one("jobs")

    def jobs_type(self, job_type: str) -> str:
        return self._of("jobs_type", job_type)

    def jobs_tag(self, tag: str) -> str:
        return self._of("jobs_tag", tag)

    @property
    def jobs_enabled(self) -> str:
        return self._one("jobs_enabled")

    def jobs_target(self, target: str) -> str:
        return self._of("jobs_target", target)

    @property
    def schedule(self) -> str:
        return self._one("schedule")

    def fired(self, job_id: str) -> str:
        return self._of("fired", job_id)

    def ledger(self, job_id: str) -> str:
        return self._of("ledger", job_id)

    @property
    def limits(self) -> str:
        return self._one("limits")

    def limit_jobs(self, key: str) -> str:
        return self._of("limit_jobs", key)

    def run(self, run_id: str) -> str:
        return self._of("run", run_id)

    def attempts(self, run_id: str) -> str:
        return self._of("attempts", run_id)

    def log(self, run_id: str) -> str:
        return self._of("log", run_id)

    def log_packed(self, run_id: str) -> str:
        return self._of("log_packed", run_id)

    @property
    def runs(self) -> str:
        return self._one("runs")

    def runs_job(self, job_id: str) -> str:
        return self._of("runs_job", job_id)

    def runs_status(self, status: str) -> str:
        return self._of("runs_status", status)

    def ready(self, lane: str) -> str:
        return self._of("ready", lane)

    @property
    def chains(self) -> str:
        return self._one("chains")

    @property
    def delayed(self) -> str:
        return self._one("delayed")

    def active(self, job_id: str) -> str:
        return self._of("active", job_id)

    def holders(self, key: str) -> str:
        return self._of("holders", key)

    def waiting(self, *keys: str) -> str:
        return self._of("waiting", ",".join(keys))

    def waiting_lines(self, key: str) -> str:
        return self._of("waiting_lines", key)

    @property
    def waiting_keys(self) -> str:
        return self._one("waiting_keys")

    @property
    def pauses(self) -> str:
        return self._one("pauses")

    def paused(self, scope: str) -> str:
        return self._of("paused", scope)

    def pause_over(self, pause_id: str) -> str:
        return self._of("pause_over", pause_id)

    @property
    def dead(self) -> str:
        return self._one("dead")

    def dead_job(self, job_id: str) -> str:
        return self._of("dead_job", job_id)

    @property
    def dead_groups(self) -> str:
        return self._one("dead_groups")

    def dead_group(self, fingerprint: str) -> str:
        return self._of("dead_group", fingerprint)

    @property
    def quarantine(self) -> str:
        return self._one("quarantine")

    def claim(self, consumer: str) -> str:
        return self._of("claim", consumer)

    @property
    def lease_clock(self) -> str:
        return self._one("lease_clock")

    @property
    def heal(self) -> str:
        return self._one("heal")

    def chore(self, name: str) -> str:
        return self._of("chore", name)

    @property
    def lost_workers(self) -> str:
        return self._one("lost_workers")

    @property
    def fence(self) -> str:
        return self._one("fence")

    @property
    def isolated(self) -> str:
        return self._one("isolated")

    def account(self, name: str) -> str:
        return self._of("account", name)

    @property
    def accounts(self) -> str:
        return self._one("accounts")

    def outbox(self, entry_id: str) -> str:
        return self._of("outbox", entry_id)

    def outbox_due(self, account: str) -> str:
        return self._of("outbox_due", account)

    def outbox_sending(self, account: str) -> str:
        return self._of("outbox_sending", account)

    def outbox_state(self, state: str) -> str:
        return self._of("outbox_state", state)

    @property
    def inbox(self) -> str:
        return self._one("inbox")

    def checks(self, account: str) -> str:
        return self._of("checks", account)

    def check(self, check_id: str) -> str:
        return self._of("check", check_id)

    def health(self, account: str) -> str:
        return self._of("health", account)

    def idempotency(self, scope: str) -> str:
        return self._of("idempotency", scope)

    def plan(self, plan_id: str) -> str:
        return self._of("plan", plan_id)

    @property
    def events(self) -> str:
        return self._one("events")

    @property
    def metrics(self) -> str:
        return self._one("metrics")

    def rollup_minute(self, minute: int) -> str:
        return self._of("rollup_minute", str(minute))

    def rollup_quarter(self, job_id: str, day: int) -> str:
        return self._of("rollup_quarter", f"{job_id}:{day}")

    def rollup_durations(self, job_id: str, day: int) -> str:
        return self._of("rollup_durations", f"{job_id}:{day}")

    def rollup_jobs(self, day: int) -> str:
        return self._of("rollup_jobs", str(day))

    def rollup_day(self, day: int) -> str:
        return self._of("rollup_day", str(day))

    def instance(self, instance: str) -> str:
        return self._of("instance", instance)

    @property
    def instances(self) -> str:
        return self._one("instances")

    def kv(self, job_id: str, key: str) -> str:
        return self._of("kv", f"{job_id}:{key}")

    def kv_index(self, job_id: str) -> str:
        return self._of("kv_index", job_id)

    def tool_metrics(self, job_id: str) -> str:
        return self._of("tool_metrics", job_id)

    @property
    def tool_metrics_jobs(self) -> str:
        return self._one("tool_metrics_jobs")

    def tool_calls(self, run_id: str) -> str:
        return self._of("tool_calls", run_id)

    def account_lease(self, account: str) -> str:
        return self._of("account_lease", account)

    def account_state(self, account: str) -> str:
        return self._of("account_state", account)

    def account_hold(self, account: str) -> str:
        return self._of("account_hold", account)

    @property
    def api_keys(self) -> str:
        return self._one("api_keys")

    @property
    def api_keys_used(self) -> str:
        return self._one("api_keys_used")

    @property
    def api_keys_pepper(self) -> str:
        return self._one("api_keys_pepper")

    @property
    def access_version(self) -> str:
        return self._one("access_version")

    def session(self, session_id: str) -> str:
        return self._of("session", session_id)

    @property
    def sessions(self) -> str:
        return self._one("sessions")

    def sessions_key(self, key_id: str) -> str:
        return self._of("sessions_key", key_id)

    @property
    def secrets(self) -> str:
        return self._one("secrets")

    @property
    def secret_key(self) -> str:
        return self._one("secret_key")

    @property
    def settings(self) -> str:
        return self._one("settings")

    def audit(self, log: str) -> str:
        return self._of("audit", log)

    @property
    def restore_lock(self) -> str:
        return self._one("restore_lock")

    def published(self, kind: str, record_id: str) -> str:
        return self._of("published", f"{kind}:{record_id}")

    def published_all(self, kind: str) -> str:
        return self._of("published_all", kind)

    def published_job(self, kind: str, job_id: str) -> str:
        return self._of("published_job", f"{kind}:{job_id}")

    def updates(self, account: str) -> str:
        return self._of("updates", account)

    def updates_seen(self, account: str) -> str:
        return self._of("updates_seen", account)

    def chats(self, account: str) -> str:
        return self._of("chats", account)

    def receipts(self, account: str, provider_id: str) -> str:
        return self._of("receipts", f"{account}:{provider_id}")

    def plan_asker(self, plan_id: str) -> str:
        return self._of("plan_asker", plan_id)

    @property
    def control(self) -> str:
        return self._one("control")

    @property
    def bell(self) -> str:
        return self._one("bell")

    @property
    def wake(self) -> str:
        return self._one("wake")

    def lua_table(self, names: set[str]) -> str:
        """Return the declaration of `K` with these families, which a script starts with."""
        rows = ", ".join(f"{name}='{self.prefix}{_BY_NAME[name].lua_value}'" for name in sorted(names))
        return f"local K = {{{rows}}}"

    def declaration(self, key: str) -> KeySpec | None:
        """Return the family that a key belongs to; None where nobody declared it."""
        if not key.startswith(self.prefix):
            return None
        rest = key[len(self.prefix) :]
        fits = [s for s in KEY_SPECS if rest == s.stem or (s.suffix and rest.startswith(f"{s.stem}:"))]
        return max(fits, key=lambda s: len(s.stem), default=None)


def schema_markdown() -> str:
    """Return `docs/redis-schema.md`."""
    rows = [
        f"| `{{ns}}:{s.stem}{f':<{s.suffix}>' if s.suffix else ''}` | {s.type} | {s.lifetime} | {s.purpose} |"
        for s in KEY_SPECS
    ]
    head = "# Redis schema\n\nGenerated from `app/core/storage/keys.py`; do not edit.\n\n"
    return head + "| key | type | lifetime | purpose |\n| --- | --- | --- | --- |\n" + "\n".join(rows) + "\n"


def lua_names(source: str) -> set[str]:
    """Return the key families that a script's text names."""
    return set(re.findall(r"\bK\.([a-z_]+)", source))
