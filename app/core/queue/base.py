"""The base of the queue's sides: link, scripts, keys and clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.models import NewRun
from app.core.storage.scripts import script_row

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts

MAX_BATCH = 256
"""The most runs per script call: `unpack` in Lua fails near 8,000 values."""

script_row("lib/create", "RUN")(NewRun)
NO_RUN = NewRun._make([""] * len(NewRun._fields))
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
