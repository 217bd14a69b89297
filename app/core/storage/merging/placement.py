"""Which shard has a key: by its job or its run, in the first one, or a part of it in each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from app.core.storage.keys import KEY_SPECS

if TYPE_CHECKING:
    from app.core.storage.key_families import KeySpec


class Place(Enum):
    """How the keys of a family are spread."""

    HOME = "home"
    """In the first shard."""
    JOB = "job"
    """In the shard of the job that the key names."""
    RUN = "run"
    """In the shard of the run that the key names."""
    ANY = "any"
    """Whole in one shard, which the key does not name."""
    EACH = "each"
    """A part in each shard."""
    COPY = "copy"
    """The same in each shard, because scripts of each read it."""


# A family with a parameter `job` or `run` is placed by it.
_PLACES = {
    Place.ANY: (
        *("incident", "incident_members", "incident_jobs", "incident_timeline", "incident_deliveries"),
        *("outbox", "published", "artifact", "receipts", "pause_over", "idempotency"),
    ),
    Place.EACH: (
        *("memory", "seq", "jobs", "jobs_type", "jobs_tag", "jobs_enabled", "jobs_target", "jobs_queue"),
        *("jobs_calendar", "schedule", "successes", "success_due", "limits", "limit_jobs", "limit_shares"),
        *("runs", "runs_status", "ready", "queues", "typed_lanes", "chains", "delayed", "holders"),
        *("waiting", "waiting_lines", "waiting_keys", "starts", "rate_wakes", "pauses", "paused"),
        *("pause_ends", "dead", "dead_groups", "dead_group", "quarantine", "isolated", "lost_workers"),
        *("outbox_due", "outbox_sending", "outbox_state", "inbox", "monitors", "pings_due", "ping_jobs"),
        *("ping_tokens", "incidents", "incidents_open", "incidents_ended", "incidents_due"),
        *("alarm_recent", "events", "event_marks", "metrics", "rollup_minute", "rollup_jobs", "rollup_day"),
        *("rollup_all", "tool_metrics_jobs", "published_all", "artifacts", "artifacts_doomed"),
    ),
    Place.COPY: ("secret_key", "calendars", "restore_lock"),
    Place.HOME: (
        *(
            "meta",
            "schema",
            "shard_layout",
            "claim",
            "lease_clock",
            "awake",
            "heal",
            "chore",
            "fence",
            "account",
        ),
        *("api_keys", "api_keys_used", "api_keys_pepper", "access_version", "session", "sessions"),
        *("sign_in_code", "sessions_key", "oidc_used", "secrets", "settings", "status_pages"),
        *("accounts", "contacts", "audit", "audit_log", "audit_heads", "audit_keys"),
        *("checks", "check", "health", "answer_text", "plan", "planner_tokens", "maintenance"),
        *("limit_grants", "instance", "instances", "account_lease", "account_state", "account_hold"),
        *(
            "chained",
            "updates",
            "updates_seen",
            "updates_begun",
            "updates_fetched",
            "chats",
            "plan_asker",
            "plan_last",
            "control",
            "notify",
            "wake",
        ),
    ),
}
_NAMED = {name: place for place, names in _PLACES.items() for name in names}
SUMMED = frozenset({"metrics", "memory", "rollup_minute", "rollup_day", "rollup_all", "rollup_jobs"})
"""Hashes of counts: what each shard has counted adds up."""


@dataclass(frozen=True, slots=True)
class PlacedFamily:
    """A key family and its place; `at` is the parameter that names the job or the run."""

    name: str
    place: Place
    at: int = 0
    parameters: int = 0

    def owner(self, rest: str) -> str:
        """Return the job or the run that a key names; `rest` is the key behind the family's stem."""
        if self.parameters == 1:
            return rest
        # An id has no colon; the other parameter may have one (`kv`), if it comes last.
        return rest.rpartition(":")[2] if self.at else rest.partition(":")[0]


def _family(spec: KeySpec) -> PlacedFamily:
    names = spec.suffix.split(":")
    for place in (Place.JOB, Place.RUN):
        if spec.name not in _NAMED and place.value in names:
            return PlacedFamily(spec.name, place, names.index(place.value), spec.parameters)
    return PlacedFamily(spec.name, _NAMED[spec.name], 0, spec.parameters)


FAMILIES = {spec.stem: _family(spec) for spec in KEY_SPECS}


def family_of(key: str) -> tuple[PlacedFamily, str]:
    """Return the family of a key below its tag, and the rest of the key; KeyError if it is not declared."""
    head, _, rest = key.partition(":")
    middle, _, tail = rest.partition(":")
    # The longest stem that fits: `runs:job:a` before `runs`; but `monitor:days` is the monitor of `days`.
    found = FAMILIES.get(f"{head}:{middle}")
    if found is not None and bool(tail) == bool(found.parameters):
        return found, tail
    return FAMILIES[head], rest
