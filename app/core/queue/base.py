"""What the three sides of the queue share."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.core.storage.scripts import script_row

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.models import NewRun
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts

MAX_BATCH = 256
"""Runs a script treats at once: `unpack` in Lua ends near 8,000 values."""


@script_row("lib/create", "RUN")
class RunRow(NamedTuple):
    """A run to create, as scripts take it."""

    run: str
    job: str
    type: str
    version: int | str
    inputs: str
    source: str
    trace: str
    priority: str
    timeout_ms: int | str
    delay_ms: int | str
    retry: str
    overlap: str
    key: str
    actor: str
    chain: str


NO_RUN = RunRow(*[""] * len(RunRow._fields))
"""In place of a run if none is to be created."""


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


def run_row(run: NewRun) -> RunRow:
    """Return the values from which `lua/lib/create.lua` creates a run."""
    return RunRow(
        run=run.run_id,
        job=run.job_id,
        type=run.type,
        version=run.version,
        inputs=run.inputs,
        source=run.source,
        trace=run.trace_id,
        priority=run.priority,
        timeout_ms=run.timeout_ms,
        delay_ms=run.delay_ms,
        retry=run.retry,
        overlap="1" if run.overlap_key else "",
        key=run.key,
        actor=run.actor,
        chain=run.chain,
    )
