"""The lock of a restore: one at a time, and no schedule fires while it is held."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from app.core.errors import RestoreRefused, Unavailable
from app.core.ids import new_id

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.scripts import Scripts

LOCK_MS = 60_000
"""Also in `lua/lib/restore.lua`: each page of a restore renews it. After a crash firing goes on by itself."""


@asynccontextmanager
async def restore_lock(scripts: Scripts, clock: Clock) -> AsyncGenerator[str]:
    """Hold the lock and yield its owner; RestoreRefused where another restore has it."""
    owner = new_id(clock)
    if await scripts.run("restore/lock", owner, LOCK_MS, "take") != "YES":
        raise RestoreRefused(
            "Another restore is under way, or ended a moment ago without saying so: try again in a minute. / "
            "Pemulihan lain sedang berjalan: coba lagi semenit lagi."
        )
    try:
        yield owner
    finally:
        # Without Redis it lapses by itself.
        with suppress(Unavailable):
            await scripts.run("restore/lock", owner, LOCK_MS, "give")
