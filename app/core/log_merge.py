"""A run's log over several attempts, packed into one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.core.log_lines import pack_placed, placed_entries, unpack_placed

if TYPE_CHECKING:
    from app.core.keys import Keys
    from app.core.models import Finish
    from app.core.redis_client import RedisLink

MAX_OLD_LINES = 2_000
"""Kept of what attempts before a redrive have logged, the newest."""


async def with_earlier_lines(link: RedisLink, keys: Keys, end: Finish) -> Finish:
    """Return a finish whose log begins with what earlier attempts of the run have written."""
    packed, stream = await link.calls(
        [("GET", keys.log_packed(end.run_id)), ("XRANGE", keys.log(end.run_id), "-", "+")]
    )
    before = list(unpack_placed(packed or ""))[-MAX_OLD_LINES:]
    earlier = [*before, *(each for each in placed_entries(stream) if each.line.attempt < end.attempt)]
    return replace(end, log=pack_placed([*earlier, *unpack_placed(end.log)])) if earlier else end
