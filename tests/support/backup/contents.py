"""All records of a namespace, and those that a backup restores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.core.storage.connection import pairs
from tests.support.redis_server import all_keys

if TYPE_CHECKING:
    from app.core.redis_client import Command, RedisLink
    from app.core.storage.keys import Keys

PAGE = 500
LEFT_OUT = frozenset(
    {
        *("events", "metrics", "ready", "delayed", "active", "holders", "waiting", "waiting_lines"),
        *("waiting_keys", "starts", "rate_wakes", "schedule", "meta", "instances", "instance", "claim"),
        *("lease_clock", "awake", "tool_calls", "inbox", "idempotency", "quarantine", "fence", "isolated"),
        *("lost_workers", "restore_lock", "log", "seq", "outbox_due", "outbox_sending", "success_due"),
        *(
            "audit_log",
            "audit_heads",
            "audit_keys",
            "incidents_due",
            "alarm_recent",
            "monitor_latency",
            "event_marks",
        ),
    }
)
"""Families of keys that an export leaves out, or that are rebuilt automatically."""
_READ: dict[str, tuple[str, ...]] = {
    "hash": ("HGETALL",),
    "zset": ("ZRANGE", "0", "-1", "WITHSCORES"),
    "set": ("SMEMBERS",),
    "list": ("LRANGE", "0", "-1"),
    "string": ("GET",),
}


async def contents(link: RedisLink, keys: Keys) -> dict[str, Any]:
    """Return the content of every key that a backup is to bring back, next fires left out."""
    names = [name for name in await all_keys(link, keys) if _family(keys, name) not in LEFT_OUT]
    found: dict[str, Any] = {}
    for start in range(0, len(names), PAGE):
        some = names[start : start + PAGE]
        kinds = await link.calls([("TYPE", name) for name in some])
        answers = await link.calls([_command(kind, name) for kind, name in zip(kinds, some, strict=True)])
        found |= {name: _plain(kind, value) for name, kind, value in zip(some, kinds, answers, strict=True)}
    for name, content in found.items():
        if _family(keys, name) == "job":
            content.pop("slot", None)
    return found


def difference(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return the keys whose content is another one, ten at most."""
    changed = [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]
    return [f"{name}: {before.get(name)!r} -> {after.get(name)!r}" for name in sorted(changed)[:10]]


def _family(keys: Keys, name: str) -> str:
    declared = keys.declaration(name)
    return declared.name if declared else ""


def _command(kind: str, name: str) -> Command:
    verb, *rest = _READ[kind]
    return (verb, name, *rest)


def _plain(kind: str, value: Any) -> Any:
    match kind:
        case "hash" | "zset":
            return pairs(value)
        case "set":
            return set(value)
        case _:
            return value
