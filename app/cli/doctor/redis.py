"""Doctor checks for DURABILITY: replicas and `min-replicas-to-write`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.doctor.findings import Finding, failed, ok, warning
from app.core.config import Durability
from app.core.i18n import _, concat, number, pgettext
from app.core.memory.usage import MEGABYTE, is_stuck, parse_server_memory, usage_of
from app.core.storage.connection import pairs
from app.core.storage.discovery import INFO, read_replication

if TYPE_CHECKING:
    from app.cli.direct import Deployment
    from app.core.memory.usage import MemoryUsage
    from app.core.storage.discovery import Replication

_ADD_REPLICA = _("start a replica (replicaof HOST PORT in its redis.conf), or lower DURABILITY")
_MIN_REPLICAS = _("min-replicas-to-write 1 and min-replicas-max-lag 10 in redis.conf of every node")


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
    seen = _("{durability}, {online} replicas online", durability=durability.value, online=online)
    if durability is not Durability.REPLICATED:
        if durability is Durability.FSYNCED and online:
            state = _("{replicas}: covers a power loss, not a failover", replicas=seen)
            remedy = _("set DURABILITY=replicated, and appendfsync always in Redis")
            return warning("durability", state, remedy)
        return ok("durability", seen)
    if online < max(1, wanted):
        state = _(
            "{replicas}, {needed} needed: no write is acknowledged", replicas=seen, needed=max(1, wanted)
        )
        return failed("durability", state, _ADD_REPLICA)
    if 0 < wanted < online:
        state = _(
            "{replicas}, {count} confirm a write: a failover may promote one of the others",
            replicas=seen,
            count=wanted,
        )
        return warning("durability", state, _("DURABILITY_REPLICAS=0 (all), or {count}", count=online))
    return ok(
        "durability",
        _("{replicas}, {count} confirm a write", replicas=seen, count=wanted or pgettext("replicas", "all")),
    )


def _min_replicas(found: Replication) -> Finding:
    if found.good_replicas is not None:
        return ok("min-replicas-to-write", _("set, {count} replicas in time", count=found.good_replicas))
    seen = _("not set: a master that is cut off accepts writes that a failover discards")
    return warning("min-replicas-to-write", seen, _MIN_REPLICAS)


# Doctor check for the Redis memory of this deployment's own data.

LATE_MS = 120_000
CLOSE_SHARE = 0.9


async def diagnose_own_data(deployment: Deployment) -> list[Finding]:
    """Check the last estimate against RETENTION_MAX_MB and the server's limit."""
    flat, info = await deployment.link.calls([("HGETALL", deployment.keys.memory), ("INFO", "memory")])
    usage = usage_of(pairs(flat))
    if usage is None:
        return [ok("own data", _("not measured yet: a scheduler measures it every 10 s"))]
    if deployment.clock.now_ms() - usage.at_ms > LATE_MS:
        seen = _("{sizes}; measured more than two minutes ago", sizes=_kinds(usage))
        return [warning("own data", seen, _("start a scheduler, which measures it"))]
    cap_mb, kept = deployment.settings.retention_max_mb, usage.kinds["history"] + usage.kinds["logs"]
    if is_stuck(parse_server_memory(info), usage, deployment.settings.retention_max_bytes):
        remedy = _("other applications fill this Redis: raise maxmemory, or use a separate Redis")
        return [warning("own data", _kinds(usage), remedy)]
    if kept > CLOSE_SHARE * deployment.settings.retention_max_bytes:
        remedy = _(
            "history is removed early at {megabytes:,} MB: raise RETENTION_MAX_MB, or lower RETENTION_DAYS",
            megabytes=cap_mb,
        )
        return [warning("own data", _kinds(usage), remedy)]
    return [ok("own data", _kinds(usage))]


def _kinds(usage: MemoryUsage) -> str:
    largest = sorted(usage.kinds.items(), key=lambda item: -item[1])
    parts = [concat(f"{kind} ", number(size / MEGABYTE, ",.1f")) for kind, size in largest]
    total = number(usage.total_bytes / MEGABYTE, ",.1f")
    return concat(total, " MB: ", concat(*parts, separator=", "))
