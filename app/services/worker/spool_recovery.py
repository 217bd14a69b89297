"""Sends the spooled ends of dead workers on this machine."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

from app.core.background import run_forever, sleep_or_stop
from app.core.errors import Unavailable
from app.core.observability import get_logger
from app.core.runs.logs import with_earlier_lines
from app.services.worker.spool import read_segment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.core.models import AttemptResult
    from app.core.queue import Queue
    from app.services.worker.spool import Orphan, Spool, StoredEnd, StoredSegment

log = get_logger(__name__)

LONGEST_PAUSE_SEC = 5.0
# After an outage of all processes, leases get a grace of one lease. It must last for several looks.
LOOKS_A_LEASE = 6
ENDS_AT_ONCE = 64


class SpoolRecovery:
    """Takes over the segments of dead workers, before the first claim and at intervals."""

    def __init__(self, spool: Spool, queue: Queue) -> None:
        self._spool = spool
        self._queue = queue
        self._left_alone: set[Path] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Look for segments until `stop`."""
        await run_forever("spool", self._step, stop)

    async def recover(self) -> None:
        """Send the segments of dead workers once; Unavailable leaves the rest to the next call."""
        orphans = await asyncio.to_thread(self._spool.orphans)
        try:
            for orphan in orphans:
                for path in orphan.segments:
                    await self._recover(path)
        finally:
            await asyncio.to_thread(_release, orphans)

    async def _step(self, stop: asyncio.Event) -> None:
        await sleep_or_stop(stop, min(LONGEST_PAUSE_SEC, self._queue.settings.lease_sec / LOOKS_A_LEASE))
        if not stop.is_set():
            await self.recover()

    async def _recover(self, path: Path) -> None:
        if path in self._left_alone:
            return
        try:
            segment = await asyncio.to_thread(read_segment, path)
            if not self._is_ours(path, segment):
                return
            words = await self._record(segment)
            await asyncio.to_thread(path.unlink, missing_ok=True)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - one file must hold up neither the others nor this worker
            self._left_alone.add(path)
            log.error("spooled ends cannot be sent", path=str(path), reason=repr(error))  # noqa: TRY400
            return
        self._log(path, segment, words)

    def _is_ours(self, path: Path, segment: StoredSegment) -> bool:
        head = segment.head
        if head is not None and head.is_same_data(self._spool.head):
            return True
        self._left_alone.add(path)
        if head is None:
            log.error("a spool file is damaged and left alone", path=str(path))
        else:
            log.info(
                "spooled ends of another deployment are left alone",
                path=str(path),
                namespace=head.namespace,
                redis=head.redis,
            )
        return False

    async def _record(self, segment: StoredSegment) -> Counter[str]:
        words: Counter[str] = Counter()
        for batch in _batches(segment.ends):
            words.update(await self._queue.finish_many([await self._merged(end) for end in batch]))
        return words

    async def _merged(self, end: StoredEnd) -> AttemptResult:
        if not end.merge:
            return end.finish
        try:
            return await with_earlier_lines(self._queue.link, self._queue.keys, end.finish)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - damaged log lines must not lose the end
            log.warning("earlier log lines not merged", run_id=end.finish.run_id, reason=str(error))
            return end.finish

    def _log(self, path: Path, segment: StoredSegment, words: Counter[str]) -> None:
        recorded = words["OK"]
        tell = log.warning if segment.damaged or recorded < words.total() else log.info
        tell(
            "ends that a dead worker left are sent",
            worker=segment.head.worker if segment.head else "",
            recorded=recorded,
            too_late=words.total() - recorded,
            damaged=segment.damaged,
            path=str(path),
        )


def _batches(ends: list[StoredEnd]) -> Iterator[list[StoredEnd]]:
    for start in range(0, len(ends), ENDS_AT_ONCE):
        yield ends[start : start + ENDS_AT_ONCE]


def _release(orphans: list[Orphan]) -> None:
    for orphan in orphans:
        orphan.release()
