"""Every Redis key of a deployment: its name, type, lifetime and purpose.

No other module holds a key literal. All keys carry the hash tag `{namespace}`, so every script is
legal in Redis Cluster. `docs/redis-schema.md` is generated from this file, and Lua scripts get the
same names as the table `K` (`K.run .. id`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.core.key_specs import GROUP, KEY_SPECS, LANES, SUSPECT_LANE, KeySpec, KeyType

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
    head = "# Redis schema\n\nGenerated from `app/core/keys.py`; do not edit.\n\n"
    return head + "| key | type | lifetime | purpose |\n| --- | --- | --- | --- |\n" + "\n".join(rows) + "\n"


def lua_names(source: str) -> set[str]:
    """Return the key families that a script's text names."""
    return set(re.findall(r"\bK\.([a-z_]+)", source))
