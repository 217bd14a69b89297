"""What Redis says of itself, for people: its version, its memory, and how long it takes to answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.redis_client import RedisLink


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """One look at the server; `max_memory_bytes` is None where it has no limit of its own."""

    version: str
    used_memory_bytes: int
    max_memory_bytes: int | None
    latency_ms: float


async def read_server_info(link: RedisLink, clock: Clock) -> ServerInfo:
    """Ask once, and measure that."""
    asked = clock.monotonic()
    # Two sections in one INFO are known from Redis 7 on only.
    answers = await link.calls([("INFO", "server"), ("INFO", "memory")])
    took_ms = (clock.monotonic() - asked) * 1000
    told = {name: value for text in answers for name, value in _fields(text)}
    return ServerInfo(
        # Valkey calls itself Redis 7.2 as well, for old clients.
        version=told.get("valkey_version") or told["redis_version"],
        used_memory_bytes=int(told["used_memory"]),
        max_memory_bytes=int(told.get("maxmemory", 0)) or None,
        latency_ms=round(took_ms, 2),
    )


def _fields(text: str) -> list[tuple[str, str]]:
    pairs = (line.strip().partition(":") for line in text.splitlines())
    return [(name, value) for name, colon, value in pairs if colon]
