"""Opens links to the deployment's Redis, and reads facts about the server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.errors import ConfigurationError
from app.core.i18n import _
from app.core.storage.connection import ANSWER_TIMEOUT_SEC, Arg, Command, info_fields
from app.core.storage.discovery import parse_target
from app.core.storage.keys import Keys
from app.core.storage.link import RESEND_SEC, BlockingLink, RedisLink
from app.core.storage.shards import Shard, ShardSet, shard_of_link

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.clock import Clock
    from app.core.config import Settings

__all__ = [
    "Arg",
    "BlockingLink",
    "Command",
    "RedisLink",
    "ServerInfo",
    "ServerMemory",
    "check_server",
    "open_blocking",
    "open_link",
    "open_shards",
    "read_server_info",
    "whole_of",
]


async def open_link(
    settings: Settings,
    patience_sec: float | None = None,
    answer_timeout_sec: float = ANSWER_TIMEOUT_SEC,
    *,
    outage_patience_sec: float = RESEND_SEC,
    shard: int | None = None,
) -> RedisLink:
    """Return a link to a shard, by default the settings' own; it connects at its first call."""
    keys = Keys.of(settings, shard)
    patience_sec = patience_sec or settings.redis_patience_sec
    target = parse_target(settings.shard_url(keys.shard), keys.seq, min(answer_timeout_sec, patience_sec))
    return RedisLink(target, keys, settings, patience_sec, outage_patience_sec)


async def open_blocking(settings: Settings, shard: int | None = None) -> BlockingLink:
    """Return a blocking link to a shard, by default the settings' own; it connects at its first command."""
    keys = Keys.of(settings, shard)
    return BlockingLink(parse_target(settings.shard_url(keys.shard), keys.seq))


async def open_shards(
    settings: Settings, patience_sec: float | None = None, *, outage_patience_sec: float = RESEND_SEC
) -> ShardSet:
    """Return the shards of a deployment, each with a link that connects at its first call."""
    return ShardSet(
        [
            shard_of_link(
                await open_link(
                    settings, patience_sec, outage_patience_sec=outage_patience_sec, shard=number
                ),
                Keys.of(settings, number),
            )
            for number in range(settings.shards)
        ]
    )


def whole_of(shards: ShardSet) -> Shard:
    """Return the view of all shards as one (`merging/`); the one shard itself if there is no other."""
    if len(shards) == 1:
        return shards.home
    # A deployment with one shard does not load it.
    from app.core.storage.merging import whole  # noqa: PLC0415

    return whole(shards)


async def check_server(link: RedisLink) -> None:
    """Raise ConfigurationError if this Redis may evict keys."""
    # INFO, not CONFIG GET: managed services block CONFIG.
    policy = info_fields(await link.call("INFO", "memory")).get("maxmemory_policy")
    if policy != "noeviction":
        raise ConfigurationError(
            _("Redis has maxmemory-policy {policy!r} and may drop jobs: set it to noeviction.", policy=policy)
        )


# A server holds its data, some free room between them, and its code, buffers and caches.
_RESIDENT_FACTOR, _RESIDENT_EXTRA_BYTES = 1.5, 40 * 1_048_576


@dataclass(frozen=True, slots=True)
class ServerMemory:
    """The memory of the whole server, including every database and application, from `INFO memory`."""

    used_bytes: int
    """Bytes that the server has requested from its allocator."""
    limit_bytes: int | None
    """`maxmemory`; None if the server has no limit of its own."""
    resident_bytes: int = 0
    """Bytes of physical memory that the process holds; 0 if the server does not report it."""
    allocator: str = "unknown"
    """The allocator that the server was built with; a preloaded one is not shown."""

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> ServerMemory:
        """Read the fields of `INFO memory`."""
        return cls(
            used_bytes=int(fields["used_memory"]),
            limit_bytes=int(fields.get("maxmemory", 0)) or None,
            resident_bytes=int(fields.get("used_memory_rss", 0)),
            allocator=fields.get("mem_allocator", "unknown"),
        )

    @property
    def share(self) -> float | None:
        """Return the used part of the limit."""
        return self.used_bytes / self.limit_bytes if self.limit_bytes else None

    @property
    def fragmentation(self) -> float:
        """Return resident to used memory."""
        return round(self.resident_bytes / max(1, self.used_bytes), 2)

    @property
    def is_wasteful(self) -> bool:
        """Return whether the process holds much more than it uses."""
        return self.resident_bytes > _RESIDENT_FACTOR * self.used_bytes + _RESIDENT_EXTRA_BYTES


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """Version, memory and latency of the server at one instant."""

    version: str
    memory: ServerMemory
    latency_ms: float


async def read_server_info(link: RedisLink, clock: Clock) -> ServerInfo:
    """Return facts about the server, read in one call, with the latency of that call."""
    asked = clock.monotonic()
    # Redis before 7 takes one section for each INFO.
    answers = await link.calls([("INFO", "server"), ("INFO", "memory")])
    took_ms = (clock.monotonic() - asked) * 1000
    fields = {name: value for text in answers for name, value in info_fields(text).items()}
    return ServerInfo(
        # Valkey calls itself Redis 7.2 as well, for old clients.
        version=fields.get("valkey_version") or fields["redis_version"],
        memory=ServerMemory.of(fields),
        latency_ms=round(took_ms, 2),
    )
