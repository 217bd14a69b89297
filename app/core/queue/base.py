"""What the three sides of the queue share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.models import NewRun
    from app.core.redis_client import Arg, RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts

MAX_BATCH = 256
"""Runs a script treats at once: `unpack` in Lua ends near 8,000 values."""

NO_RUN: list[Arg] = [""] * 15
"""What stands in a run's place where none is asked for."""


class QueueBase:
    """The tools of one namespace's queue."""

    def __init__(
        self, link: RedisLink, scripts: Scripts, keys: Keys, clock: Clock, settings: Settings
    ) -> None:
        self.link = link
        self.scripts = scripts
        self.keys = keys
        self.clock = clock
        self.settings = settings


def run_arguments(run: NewRun) -> list[Arg]:
    """Return the 15 values that `lua/lib/create.lua` makes a run from."""
    return [
        run.run_id,
        run.job_id,
        run.type,
        run.version,
        run.inputs,
        run.source,
        run.trace_id,
        run.priority,
        run.timeout_ms,
        run.delay_ms,
        run.retry,
        "1" if run.overlap_key else "",
        run.key,
        run.actor,
        run.chain,
    ]
