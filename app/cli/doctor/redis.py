"""Doctor checks for DURABILITY: replicas and `min-replicas-to-write`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.doctor.findings import Finding, failed, ok, warning
from app.core.config import Durability
from app.core.memory.usage import MEGABYTE, is_stuck, parse_server_memory, usage_of
from app.core.storage.connection import pairs
from app.core.storage.discovery import INFO, read_replication

if TYPE_CHECKING:
    from app.cli.direct import Deployment
    from app.core.memory.usage import MemoryUsage
    from app.core.storage.discovery import Replication

_ADD_REPLICA = "start a replica (replicaof HOST PORT in its redis.conf), or lower DURABILITY"
_MIN_REPLICAS = "min-replicas-to-write 1 and min-replicas-max-lag 10 in redis.conf of every node"


async def diagnose_durability(deployment: Deployment) -> list[Finding]:
    """Check the replicas against DURABILITY, and `min-replicas-to-write` if there are any."""
    # INFO, not CONFIG GET: managed services block CONFIG.
    found = read_replication(await deployment.link.call(*INFO))
    durability, wanted = deployment.settings.durability, deployment.settings.durability_replicas
    findings = [_replicas(durability, wanted, len(found.online))]
    if found.online or durability is Durability.REPLICATED:
        findings.append(_min_replicas(found))
    return findings


def _replicas(durability: Durability, wanted: int, online: int) -> Finding:
    seen = f"{durability}, {online} replicas online"
    if durability is not Durability.REPLICATED:
        if durability is Durability.FSYNCED and online:
            state = f"{seen}: covers a power loss, not a failover"
            remedy = "set DURABILITY=replicated, and appendfsync always in Redis"
            return warning("durability", state, remedy)
        return ok("durability", seen)
    if online < max(1, wanted):
        state = f"{seen}, {max(1, wanted)} needed: no write is acknowledged"
        return failed("durability", state, _ADD_REPLICA)
    if 0 < wanted < online:
        state = f"{seen}, {wanted} confirm a write: a failover may promote one of the others"
        return warning("durability", state, f"DURABILITY_REPLICAS=0 (all), or {online}")
    return ok("durability", f"{seen}, {wanted or 'all'} confirm a write")


def _min_replicas(found: Replication) -> Finding:
    if found.good_replicas is not None:
        return ok("min-replicas-to-write", f"set, {found.good_replicas} replicas in time")
    seen = "not set: a master that is cut off accepts writes that a failover discards"
    return warning("min-replicas-to-write", seen, _MIN_REPLICAS)


# Doctor check for the Redis memory of this deployment's own data.

LATE_MS = 120_000
CLOSE_SHARE = 0.9


async def diagnose_own_data(deployment: Deployment) -> list[Finding]:
    """Check the last estimate against RETENTION_MAX_MB and the server's limit."""
    flat, info = await deployment.link.calls([("HGETALL", deployment.keys.memory), ("INFO", "memory")])
    usage = usage_of(pairs(flat))
    if usage is None:
        return [ok("own data", "not measured yet: a scheduler measures it every 10 s")]
    if deployment.clock.now_ms() - usage.at_ms > LATE_MS:
        seen = f"{_kinds(usage)}; measured more than two minutes ago"
        return [warning("own data", seen, "start a scheduler, which measures it")]
    cap_mb, kept = deployment.settings.retention_max_mb, usage.kinds["history"] + usage.kinds["logs"]
    if is_stuck(parse_server_memory(info), usage, deployment.settings.retention_max_bytes):
        remedy = "other applications fill this Redis: raise maxmemory, or use a separate Redis"
        return [warning("own data", _kinds(usage), remedy)]
    if kept > CLOSE_SHARE * deployment.settings.retention_max_bytes:
        remedy = f"history is removed early at {cap_mb:,} MB: raise RETENTION_MAX_MB, or lower RETENTION_DAYS"
        return [warning("own data", _kinds(usage), remedy)]
    return [ok("own data", _kinds(usage))]


def _kinds(usage: MemoryUsage) -> str:
    largest = sorted(usage.kinds.items(), key=lambda item: -item[1])
    parts = ", ".join(f"{kind} {size / MEGABYTE:,.1f}" for kind, size in largest)
    return f"{usage.total_bytes / MEGABYTE:,.1f} MB: {parts}"
