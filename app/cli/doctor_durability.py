"""Doctor checks for DURABILITY: replicas and `min-replicas-to-write`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.findings import Finding, Verdict, ok
from app.core.config import Durability
from app.core.redis_replication import INFO, read_replication

if TYPE_CHECKING:
    from app.cli.direct import Deployment
    from app.core.redis_replication import Replication

_ADD_REPLICA = "start a replica (replicaof HOST PORT in its redis.conf), or lower DURABILITY"
_MIN_REPLICAS = "min-replicas-to-write 1 and min-replicas-max-lag 10 in redis.conf of every node"


async def look_at_durability(at: Deployment) -> list[Finding]:
    """Check the replicas against DURABILITY, and `min-replicas-to-write` if there are any."""
    # INFO, not CONFIG GET: managed services block CONFIG.
    found = read_replication(await at.link.call(*INFO))
    durability, wanted = at.settings.durability, at.settings.durability_replicas
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
            return Finding("durability", Verdict.WARN, state, remedy)
        return ok("durability", seen)
    if online < max(1, wanted):
        state = f"{seen}, {max(1, wanted)} needed: no write is acknowledged"
        return Finding("durability", Verdict.FAILED, state, _ADD_REPLICA)
    if 0 < wanted < online:
        state = f"{seen}, {wanted} confirm a write: a failover may promote one of the others"
        return Finding("durability", Verdict.WARN, state, f"DURABILITY_REPLICAS=0 (all), or {online}")
    return ok("durability", f"{seen}, {wanted or 'all'} confirm a write")


def _min_replicas(found: Replication) -> Finding:
    if found.good_replicas is not None:
        return ok("min-replicas-to-write", f"set, {found.good_replicas} replicas in time")
    seen = "not set: a master that is cut off accepts writes that a failover discards"
    return Finding("min-replicas-to-write", Verdict.WARN, seen, _MIN_REPLICAS)
