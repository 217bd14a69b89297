"""Redis memory: figures of the server, and the last estimate by kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.i18n import Message, _, concat
from app.core.storage.replies import info_fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys

KINDS = ("jobs", "queue", "history", "rollups", "logs", "messages", "other")
"""jobs: specs, versions, ledgers, values of handlers. queue: runs that have not ended, streams and indexes.
history: ended runs with attempts, packed logs, index entries. rollups: statistics. logs: lines of running
runs, events, audit. messages: outbox, inbox, updates. other: idempotency keys, plans, accounts, processes."""
MEGABYTE = 1_048_576
MAKE_ROOM = _(
    "Raise maxmemory (embedded Redis and containers: REDIS_MAXMEMORY_MB, then restart), lower "
    "RETENTION_MAX_MB or RETENTION_DAYS, or use a separate Redis"
)
"""The steps that make room: the alarm, the refusal and the doctor say the same."""


@dataclass(frozen=True, slots=True)
class ServerMemory:
    """The memory of the whole server, including every database and application."""

    used_bytes: int
    limit_bytes: int | None
    """`maxmemory`; None if the server has no limit of its own."""

    @property
    def share(self) -> float | None:
        """Return the used part of the limit."""
        return self.used_bytes / self.limit_bytes if self.limit_bytes else None


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
    fields = info_fields(info)
    return ServerMemory(int(fields["used_memory"]), int(fields.get("maxmemory", 0)) or None)


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


def _mb(size: int) -> str:
    megabytes = size / MEGABYTE
    return f"{megabytes:,.0f} MB" if megabytes >= 10 else f"{megabytes:.1f} MB"  # noqa: PLR2004
