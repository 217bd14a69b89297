"""The outbox's house-keeping: old messages go, those that a crash left in the middle are told of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.outbox import Outbox
from app.core.outbox_records import OutboxState

if TYPE_CHECKING:
    from app.core.queue import Queue

KEEP_MS = 7 * 86_400_000
PAGE = 200
PAGES_A_ROUND = 10
# Unknown outcomes wait for a person, however long.
_ENDED = (OutboxState.DELIVERED, OutboxState.FAILED)


class OutboxRetention:
    """Removes messages that are over for 7 days and whose run is gone, page by page through the index."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._outbox = Outbox(queue.link, queue.scripts, queue.keys, queue.clock)

    async def purge(self) -> int:
        """Look at the next 2,000 messages of each state; return how many went."""
        return sum([await self._purge_state(state) for state in _ENDED])

    async def sweep(self) -> int:
        """Turn messages whose sender is gone into `unknown`; return how many."""
        return await self._outbox.sweep()

    async def _purge_state(self, state: OutboxState) -> int:
        # Messages of kept runs stay, so a round goes on where the one before it ended.
        link, meta, field = self._queue.link, self._queue.keys.meta, f"outbox_cursor|{state}"
        start = await link.call("HGET", meta, field) or "0"
        before = self._queue.clock.now_ms() - KEEP_MS
        removed = 0
        for _ in range(PAGES_A_ROUND):
            count, following = await self._queue.scripts.run("outbox/purge", state.value, start, PAGE, before)
            removed += count
            start = following or "0"
            if not following:
                break
        await self._queue.scripts.run("deployment/store_cursor", field, start)
        return removed
