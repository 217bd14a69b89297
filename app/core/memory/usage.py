"""Redis memory: figures, rules for early removal, and the gate for new runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from app.core.errors import RedisFull
from app.core.i18n import Message, _, concat, number
from app.core.redis_client import ServerMemory
from app.core.storage.connection import info_fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys

KINDS = ("jobs", "queue", "history", "rollups", "logs", "messages", "artifacts", "other")
"""jobs: specs, versions, ledgers, values of handlers. queue: runs that have not ended, streams and indexes.
history: ended runs with attempts, packed logs, index entries. rollups: statistics. logs: lines of running
runs, events, audit. messages: outbox, inbox, updates. artifacts: contents of reports and
exports. other: idempotency keys, plans, accounts, processes."""
MEGABYTE = 1_048_576
MAKE_ROOM = _(
    "Raise maxmemory (embedded Redis and containers: REDIS_MAXMEMORY_MB, then restart), lower "
    "RETENTION_MAX_MB or RETENTION_DAYS, or use a separate Redis"
)
"""The steps that make room: the alarm, the refusal and the doctor say the same."""


@dataclass(frozen=True, slots=True)
class MemoryUsage:
    """An estimate of this deployment's bytes; one scheduler makes it every few seconds."""

    at_ms: int
    kinds: Mapping[str, int]
    removable_bytes: int
    """Ended runs that the memory rule may remove: no dead letters, and older than an hour."""
    removable_now_bytes: int
    """Ended runs older than two minutes, without dead letters."""
    ended_runs: int

    @property
    def total_bytes(self) -> int:
        """Return the sum over all kinds."""
        return sum(self.kinds.values())

    @property
    def ended_run_bytes(self) -> int:
        """Return the average size of an ended run, at least 1."""
        return max(1, self.kinds["history"] // max(1, self.ended_runs))


def parse_server_memory(info: str) -> ServerMemory:
    """Return the figures of an `INFO memory` answer."""
    return ServerMemory.of(info_fields(info))


def usage_fields(usage: MemoryUsage) -> list[str | int]:
    """Return an estimate as fields of the hash that keeps it."""
    named: dict[str, int] = {
        "at": usage.at_ms,
        **usage.kinds,
        "removable": usage.removable_bytes,
        "removable_now": usage.removable_now_bytes,
        "ended": usage.ended_runs,
    }
    return [part for item in named.items() for part in item]


def usage_of(fields: Mapping[str, str]) -> MemoryUsage | None:
    """Return the estimate that a stored hash holds; None if nothing has been measured yet."""
    if "at" not in fields:
        return None
    return MemoryUsage(
        at_ms=int(fields["at"]),
        kinds={kind: int(fields.get(kind, 0)) for kind in KINDS},
        removable_bytes=int(fields.get("removable", 0)),
        removable_now_bytes=int(fields.get("removable_now", 0)),
        ended_runs=int(fields.get("ended", 0)),
    )


async def read_memory_usage(link: RedisLink, keys: Keys) -> MemoryUsage | None:
    """Return the last estimate; None if nothing has been measured yet."""
    return usage_of(await link.hash(keys.memory))


def describe_usage(server: ServerMemory, usage: MemoryUsage | None) -> Message:
    """Return the figures as text: server, this deployment by kind, and the rest."""
    if usage is None:
        return _of(server)
    largest = sorted(usage.kinds.items(), key=lambda item: -item[1])[:3]
    kinds = ", ".join(f"{kind} {_mb(size)}" for kind, size in largest if size >= MEGABYTE // 10)
    ours, other = _mb(usage.total_bytes), _mb(max(0, server.used_bytes - usage.total_bytes))
    detail = f" ({kinds})" if kinds else ""
    return _(
        "{server}; this deployment uses {ours}{detail}, everything else {other}",
        server=_of(server),
        ours=ours,
        detail=detail,
        other=other,
    )


def _of(server: ServerMemory) -> Message:
    used = _mb(server.used_bytes)
    return (
        _("{used} of {limit}", used=used, limit=_mb(server.limit_bytes))
        if server.limit_bytes
        else concat(used)
    )


def _mb(size: int) -> Message:
    megabytes = size / MEGABYTE
    return concat(number(megabytes, ",.0f" if megabytes >= 10 else ".1f"), " MB")  # noqa: PLR2004


# Rules for removing history early to free memory. No I/O.

FULL_SHARE = 0.9
"""New runs are refused from here on. The rest is for runs that exist: their results, logs and alarms."""
SHORT_SHARE, GOAL_SHARE = 0.75, 0.72
"""Above the first share the server is short of memory; history is removed down to the second, so that each
removal is large enough to be worth a round."""
FULL_GOAL_SHARE = 0.88
CAP_GOAL = 0.95
"""Part of RETENTION_MAX_MB down to which history is removed once it was exceeded."""
LEAST_SHARE = 0.25
"""Part of RETENTION_MAX_MB that runs keep even if dead letters and logs alone exceed it."""
HOUR_MS = 3_600_000
HISTORY_FLOOR_MS = HOUR_MS
"""History of the last hour is kept while new runs are accepted: operators need it to find a fault."""
RESEND_FLOOR_MS = 120_000
"""Always kept: a client may still repeat its request (`lua/runs/purge.lua` has the same floor)."""


@dataclass(frozen=True, slots=True)
class EarlyPurge:
    """History to remove before its time: how much, how old it must be, and by which rule."""

    remove_bytes: int
    floor_ms: int
    reason: Literal["cap", "server"]


def plan_early_purge(server: ServerMemory, usage: MemoryUsage, cap_bytes: int) -> EarlyPurge | None:
    """Return the removal; None if none is needed or if it would not help.

    The cap is compared with this deployment's own history and logs. If the server is short of memory, history
    is removed only if that brings the server below the line.
    """
    return _beyond_cap(usage, cap_bytes) or _short_server(server, usage)


def _beyond_cap(usage: MemoryUsage, cap_bytes: int) -> EarlyPurge | None:
    kept = usage.kinds["history"] + usage.kinds["logs"]
    over, removable = kept - cap_bytes, usage.removable_now_bytes
    if over <= 0:
        return None
    if over <= removable:
        wanted = kept - round(cap_bytes * CAP_GOAL)
    else:
        # If dead letters and logs alone exceed the cap, the rest must still not grow without bound.
        wanted = removable - round(cap_bytes * LEAST_SHARE * CAP_GOAL)
        if removable <= cap_bytes * LEAST_SHARE:
            return None
    return EarlyPurge(min(wanted, removable), RESEND_FLOOR_MS, "cap")


def _short_server(server: ServerMemory, usage: MemoryUsage) -> EarlyPurge | None:
    if server.limit_bytes is None or server.used_bytes <= server.limit_bytes * SHORT_SHARE:
        return None
    over = server.used_bytes - server.limit_bytes * SHORT_SHARE
    if over <= usage.removable_bytes:
        wanted = server.used_bytes - round(server.limit_bytes * GOAL_SHARE)
        return EarlyPurge(min(wanted, usage.removable_bytes), HISTORY_FLOOR_MS, "server")
    # New runs are refused at this point. Accepting them matters more than the last hour's history.
    over = server.used_bytes - server.limit_bytes * FULL_SHARE
    if 0 < over <= usage.removable_now_bytes:
        wanted = server.used_bytes - round(server.limit_bytes * FULL_GOAL_SHARE)
        return EarlyPurge(min(wanted, usage.removable_now_bytes), RESEND_FLOOR_MS, "server")
    return None


def is_stuck(server: ServerMemory, usage: MemoryUsage | None, cap_bytes: int) -> bool:
    """Return whether memory is short and removing this deployment's history would not help."""
    if usage is None:
        return False
    if server.limit_bytes is None:
        return _foreign_bytes(server, usage) > max(cap_bytes, usage.total_bytes)
    return server.used_bytes > server.limit_bytes * SHORT_SHARE and _short_server(server, usage) is None


def has_room(server: ServerMemory, usage: MemoryUsage | None, cap_bytes: int, room_share: float) -> bool:
    """Return whether an alarm about memory may end: usage is below the threshold by a margin."""
    if server.limit_bytes is None:
        return usage is None or _foreign_bytes(server, usage) < CAP_GOAL * max(cap_bytes, usage.total_bytes)
    if server.used_bytes >= server.limit_bytes * room_share:
        return False
    over_goal = server.used_bytes - server.limit_bytes * GOAL_SHARE
    return usage is None or over_goal <= usage.removable_bytes


def _foreign_bytes(server: ServerMemory, usage: MemoryUsage) -> int:
    return server.used_bytes - usage.total_bytes


def is_full(server: ServerMemory) -> bool:
    """Return whether new runs are refused."""
    return server.limit_bytes is not None and server.used_bytes >= server.limit_bytes * FULL_SHARE


def full_error(server: ServerMemory) -> RedisFull:
    """Return the error: the figures, and the remedy."""
    share, line = f"{server.share:.0%}", f"{FULL_SHARE:.0%}"
    return RedisFull(
        _(
            "Redis is {share} full ({usage}); new runs are refused from {line} on, existing runs go on. "
            "{steps}.",
            share=share,
            usage=describe_usage(server, None),
            line=line,
            steps=MAKE_ROOM,
        )
    )
