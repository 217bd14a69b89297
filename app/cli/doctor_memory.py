"""Doctor check for the Redis memory of this deployment's own data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.findings import Finding, Verdict, ok
from app.core.memory_policy import is_stuck
from app.core.memory_usage import MEGABYTE, parse_server_memory, usage_of

if TYPE_CHECKING:
    from app.cli.direct import Deployment
    from app.core.memory_usage import MemoryUsage

LATE_MS = 120_000
CLOSE_SHARE = 0.9


async def look_at_own_data(at: Deployment) -> list[Finding]:
    """Check the last estimate against RETENTION_MAX_MB and the server's limit."""
    flat, info = await at.link.calls([("HGETALL", at.keys.memory), ("INFO", "memory")])
    usage = usage_of(flat)
    if usage is None:
        return [ok("own data", "not measured yet: a scheduler measures it every 10 s")]
    if at.clock.now_ms() - usage.at_ms > LATE_MS:
        seen = f"{_kinds(usage)}; measured more than two minutes ago"
        return [Finding("own data", Verdict.WARN, seen, "start a scheduler, which measures it")]
    cap_mb, kept = at.settings.retention_max_mb, usage.kinds["history"] + usage.kinds["logs"]
    if is_stuck(parse_server_memory(info), usage, at.settings.retention_max_bytes):
        remedy = "other applications fill this Redis: raise maxmemory, or use a separate Redis"
        return [Finding("own data", Verdict.WARN, _kinds(usage), remedy)]
    if kept > CLOSE_SHARE * at.settings.retention_max_bytes:
        remedy = f"history is removed early at {cap_mb:,} MB: raise RETENTION_MAX_MB, or lower RETENTION_DAYS"
        return [Finding("own data", Verdict.WARN, _kinds(usage), remedy)]
    return [ok("own data", _kinds(usage))]


def _kinds(usage: MemoryUsage) -> str:
    largest = sorted(usage.kinds.items(), key=lambda item: -item[1])
    parts = ", ".join(f"{kind} {size / MEGABYTE:,.1f}" for kind, size in largest)
    return f"{usage.total_bytes / MEGABYTE:,.1f} MB: {parts}"
