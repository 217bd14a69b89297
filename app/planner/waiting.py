"""Waits until runs have ended: the events stream tells, on a connection of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from app.core.errors import Gone, RunNotFound
from app.core.models import TERMINAL
from app.core.redis_client import open_blocking

if TYPE_CHECKING:
    from app.core.config import Settings
    from app.core.keys import Keys
    from app.core.records import RunRecord
    from app.core.redis_client import BlockingLink, RedisLink
    from app.core.run_store import RunStore

_ENDINGS: Final = frozenset(f"run.{status}" for status in TERMINAL)
_AT_ONCE: Final = 1000
# An answer may be a little late; the client's own clock must not give up before Redis does.
_MARGIN_SEC: Final = 5.0


class RunWaiter:
    """Tells what has become of runs, as soon as all of them have ended."""

    def __init__(self, settings: Settings, keys: Keys, link: RedisLink, runs: RunStore) -> None:
        self._settings = settings
        self._keys = keys
        self._link = link
        self._runs = runs

    async def ended(self, run_ids: Sequence[str], wait_sec: float) -> dict[str, RunRecord]:
        """Return the runs as they stand when all have ended, or when the time is over."""
        if not run_ids:
            return {}
        # Read before the runs are: what ends in between is told behind this id.
        last_id = await self._newest_event()
        found = await self._read(run_ids)
        open_ids = {run_id for run_id, run in found.items() if run.status not in TERMINAL}
        if not open_ids or wait_sec <= 0:
            return found
        await self._until_told(set(open_ids), last_id, wait_sec)
        return {**found, **await self._read(sorted(open_ids))}

    async def _newest_event(self) -> str:
        newest = await self._link.call("XREVRANGE", self._keys.events, "+", "-", "COUNT", 1)
        return newest[0][0] if newest else "0-0"

    async def _read(self, run_ids: Sequence[str]) -> dict[str, RunRecord]:
        answers = await asyncio.gather(*(self._find(run_id) for run_id in run_ids))
        return {run.run_id: run for run in answers if run is not None}

    async def _find(self, run_id: str) -> RunRecord | None:
        try:
            return await self._runs.get(run_id)
        except (RunNotFound, Gone):
            return None

    async def _until_told(self, open_ids: set[str], last_id: str, wait_sec: float) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + wait_sec
        blocking = await open_blocking(self._settings)
        try:
            while open_ids and (left := deadline - loop.time()) > 0:
                entries = await self._next_events(blocking, last_id, left)
                last_id = entries[-1][0] if entries else last_id
                open_ids -= {run_id for _, flat in entries if (run_id := _ended_run(flat[1]))}
        finally:
            await blocking.close()

    async def _next_events(self, blocking: BlockingLink, last_id: str, left_sec: float) -> list[Any]:
        block_ms = max(1, round(left_sec * 1000))
        command = ("XREAD", "COUNT", _AT_ONCE, "BLOCK", block_ms, "STREAMS", self._keys.events, last_id)
        answer = await blocking.command(*command, timeout_sec=left_sec + _MARGIN_SEC)
        return answer[0][1] if answer else []


def _ended_run(event: str) -> str:
    """Return the run of an event that says that a run has ended, else an empty text."""
    # `type|job|run|…`, cut without reading the rest: a busy deployment tells thousands a second.
    kind, _, run_id, _ = event.split("|", 3)
    return run_id if kind in _ENDINGS else ""
