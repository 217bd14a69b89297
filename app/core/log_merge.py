"""A run's log over several attempts, packed into one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.core.log_lines import line_from_json, pack_log, unpack_log

if TYPE_CHECKING:
    from app.core.keys import Keys
    from app.core.models import ClaimedRun, Finish
    from app.core.redis_client import RedisLink


async def with_earlier_lines(link: RedisLink, keys: Keys, run: ClaimedRun, end: Finish) -> Finish:
    """Return a finish whose log begins with what earlier attempts of the run have written."""
    stream = await link.call("XRANGE", keys.log(run.run_id), "-", "+")
    written = [line_from_json(fields[1]) for _, fields in stream]
    earlier = [line for line in written if line.attempt < run.attempt]
    return replace(end, log=pack_log([*earlier, *unpack_log(end.log)])) if earlier else end
