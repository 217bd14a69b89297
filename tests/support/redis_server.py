"""One real server for a whole test run, a namespace for each test."""

from __future__ import annotations

import itertools
import os
from typing import TYPE_CHECKING, Any

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.storage.keys import Keys

if TYPE_CHECKING:
    from pathlib import Path

    from app.core.redis_client import RedisLink

_numbers = itertools.count(1)
# Keys that one round trip asks about.
_PAGE = 1000


def fresh_settings(url: str, home: Path, **changes: Any) -> Settings:
    """Return settings of a namespace that no other test uses."""
    namespace = f"t{os.getpid()}-{next(_numbers)}"
    values: dict[str, Any] = {"redis_url": url, "namespace": namespace, "multi_job_home": home, **changes}
    return Settings(_env_file=None, **values)  # pyright: ignore[reportCallIssue]


async def leaked_keys(link: RedisLink, keys: Keys) -> list[str]:
    """Return what is wrong with the keys of a namespace: undeclared, of another type, without a lifetime."""
    problems: list[str] = []
    found = await all_keys(link, keys)
    kinds: list[str] = []
    lifetimes: list[int] = []
    for start in range(0, len(found), _PAGE):
        page = found[start : start + _PAGE]
        kinds += await link.calls([("TYPE", key) for key in page])
        lifetimes += await link.calls([("TTL", key) for key in page])
    for key, kind, lifetime in zip(found, kinds, lifetimes, strict=True):
        spec = keys.declaration(key)
        if spec is None:
            problems.append(f"{key}: not declared in keys.py")
        elif kind not in {spec.type, "none"}:
            problems.append(f"{key}: is a {kind}, declared as {spec.type}")
        elif spec.expires and lifetime == -1:
            problems.append(f"{key}: has no lifetime, declared: {spec.lifetime}")
    return problems


async def all_keys(link: RedisLink, keys: Keys) -> list[str]:
    """Return every key of a namespace."""
    found: list[str] = []
    cursor = "0"
    while True:
        cursor, page = await link.call("SCAN", cursor, "MATCH", f"{keys.prefix}*", "COUNT", 1000)
        found += page
        if cursor == "0":
            return found


async def remove_all(link: RedisLink, keys: Keys) -> None:
    """Remove every key of a namespace."""
    found = await all_keys(link, keys)
    for start in range(0, len(found), 500):
        await link.call("UNLINK", *found[start : start + 500])


def system_clock() -> SystemClock:
    """Return the machine's clock."""
    return SystemClock()
