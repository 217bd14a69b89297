"""Oracle for the memory estimate: `MEMORY USAGE` of every key by kind."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from app.core.models import TERMINAL
from tests.support.redis_server import all_keys

if TYPE_CHECKING:
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys

_FAMILIES = {
    "jobs": "job versions jobs jobs_type jobs_tag jobs_enabled jobs_target jobs_calendar schedule fired"
    " ledger limits limit_jobs kv kv_index tool_metrics",
    "history": "dead dead_job dead_groups dead_group",
    "rollups": "metrics rollup_minute rollup_quarter rollup_durations rollup_jobs rollup_day rollup_all",
    "logs": "log events audit quarantine",
    "artifacts": "artifact artifacts artifacts_doomed",
    "messages": "outbox outbox_due outbox_sending outbox_state inbox updates updates_seen chats receipts",
    "queue": "ready chains delayed active holders waiting waiting_lines waiting_keys pauses paused"
    " lease_clock",
}
_KIND_OF = {family: kind for kind, families in _FAMILIES.items() for family in families.split()}
_OF_A_RUN = {"run": "run:", "attempts": "attempts:", "log_packed": "log:packed:", "tool_calls": "tool:calls:"}


async def measured_by_kind(link: RedisLink, keys: Keys) -> Counter[str]:
    """Return the bytes of all keys by kind, each measured whole."""
    names = await all_keys(link, keys)
    sizes = await link.calls([("MEMORY", "USAGE", name, "SAMPLES", 0) for name in names])
    found: Counter[str] = Counter()
    for name, size in zip(names, sizes, strict=True):
        spec = keys.declaration(name)
        if spec is not None and spec.name in {"runs", "runs_job"}:
            ended = await _ended_share(link, keys, name)
            found["history"] += round(ended * (size or 0))
            found["queue"] += round((1 - ended) * (size or 0))
        else:
            found[await _kind_of(link, keys, name)] += size or 0
    return found


async def _ended_share(link: RedisLink, keys: Keys, index: str) -> float:
    """Return which part of an index's runs has ended."""
    runs: list[str] = await link.call("ZRANGE", index, 0, -1)
    statuses = await link.calls([("HGET", keys.run(run_id), "status") for run_id in runs])
    return sum(status in TERMINAL for status in statuses) / len(runs)


async def _kind_of(link: RedisLink, keys: Keys, name: str) -> str:
    spec = keys.declaration(name)
    assert spec is not None
    if spec.name == "runs_status":
        return "history" if name.rpartition(":")[2] in TERMINAL else "queue"
    if spec.name not in _OF_A_RUN:
        return _KIND_OF.get(spec.name, "other")
    run_id = name.removeprefix(keys.prefix + _OF_A_RUN[spec.name])
    return "history" if await link.call("HGET", keys.run(run_id), "status") in TERMINAL else "queue"
