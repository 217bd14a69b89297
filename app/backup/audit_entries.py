"""Reads the audit log for a full backup, entry by entry, as it is stored."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from app.core.access.audit import KEPT

if TYPE_CHECKING:
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys

ENTRIES_AT_ONCE = 500


async def audit_entries(link: RedisLink, keys: Keys) -> AsyncIterator[list[tuple[str, str]]]:
    """Yield pages of `<log> <seq>` with the stored text, each log from its beginning."""
    for log in KEPT:
        start = "-inf"
        limits = ("BYSCORE", "LIMIT", 0, ENTRIES_AT_ONCE, "WITHSCORES")
        while flat := await link.call("ZRANGE", keys.audit(log), start, "+inf", *limits):
            entries = list(zip(flat[::2], flat[1::2], strict=True))
            yield [(f"{log} {int(float(seq))}", text) for text, seq in entries]
            start = f"({flat[-1]}"
