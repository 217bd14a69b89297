"""The base of the queue's sides: batches, run rows and helpers."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from app.core.storage.scripts import script_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.models import NewRun
    from app.core.redis_client import Arg, RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts

MAX_BATCH = 256
"""The most runs per script call: `unpack` in Lua fails near 8,000 values."""


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
"""The placeholder for a run that is not created."""


class QueueBase:
    """Keys, scripts and clock of one namespace's queue."""

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
    return RunRow._make(_attributes(run))


# One attribute getter: with a keyword for each field, an enqueue would cost a microsecond more.
_ATTRIBUTES = RunRow(
    run="run_id",
    job="job_id",
    type="type",
    version="version",
    inputs="inputs",
    source="source",
    trace="trace_id",
    priority="priority",
    timeout_ms="timeout_ms",
    delay_ms="delay_ms",
    retry="retry",
    overlap="overlap",
    key="key",
    actor="actor",
    chain="chain",
)
_attributes: Callable[[NewRun], tuple[Arg, ...]] = attrgetter(*map(str, _ATTRIBUTES))
