"""Writes ends to disk that Redis does not acknowledge in time."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.core.observability import get_logger
from app.services.worker.spool import HeldEnd, size_of

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.services.worker.finisher import Finisher
    from app.services.worker.leases import InFlight
    from app.services.worker.spool import Spool

log = get_logger(__name__)

SPOOL_AFTER_SEC = 1.0
"""An end that is unanswered for so long is written to disk. An answer takes milliseconds. A shorter time
would cause a write each time that a handler blocks the event loop for a moment."""
LOOK_EACH_SEC = 0.5
KEPT_ENDS = 4_096
KEPT_BYTES = 67_108_864
"""Ends beyond this number, or beyond these bytes of results, errors and logs, are kept only on disk. Claims
stop at five ends for each slot, so results of up to 256 KB reach the limit in bytes first."""


@dataclass(frozen=True, slots=True)
class SpoolCheck:
    """The result of one look at the unanswered ends."""

    late: int = 0
    """Ends that are unanswered for longer than `SPOOL_AFTER_SEC`."""
    problem: str = ""
    """The error of writing them to disk; empty if there is none."""
    surplus: list[HeldEnd] = field(default_factory=list[HeldEnd])
    """Ends on disk whose memory has to be freed."""


class Spooler:
    """Spools ends in a separate thread, independent of a slow disk and of a busy event loop."""

    def __init__(self, spool: Spool, finisher: Finisher, in_flight: InFlight, clock: Clock) -> None:
        self._spool = spool
        self._finisher = finisher
        self._in_flight = in_flight
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._last = SpoolCheck()
        self._outage_since: float | None = None
        self._unread = threading.Event()
        self._over = threading.Event()
        self._at_work = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="spooler", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    async def close(self) -> None:
        """Put every unanswered end on disk and end the thread; log the rest."""
        self._over.set()
        look, ends = await asyncio.to_thread(self._close)
        if look.problem:
            log.error("ends are lost: neither Redis nor the disk took them", ends=ends, reason=look.problem)
        elif ends:
            log.warning(
                "exits with ends that Redis has not answered: the next worker on this machine sends them",
                ends=ends,
                spool=str(self._spool.folder),
            )

    def check(self, after_sec: float = SPOOL_AFTER_SEC) -> SpoolCheck:
        """Put ends on disk that are unanswered for longer than `after_sec`; any thread may call."""
        with self._at_work:
            ends = self._finisher.held()
            until = self._clock.monotonic() - after_sec
            late = [end for end in ends if end.since <= until]
            crowded = is_crowded(ends)
            problem = self._write(ends if crowded else late)
            return SpoolCheck(len(late), problem, surplus_of(ends) if crowded else [])

    def _run(self) -> None:
        while not self._over.wait(LOOK_EACH_SEC):
            look = self.check()
            # A loop that was blocked gets one look afterwards, not all of them.
            if not self._unread.is_set():
                self._unread.set()
                with contextlib.suppress(RuntimeError):
                    self._loop.call_soon_threadsafe(self._read, look)

    def _write(self, ends: list[HeldEnd]) -> str:
        try:
            self._spool.add([end for end in ends if end.segment is None and not end.answered])
            self._spool.sweep()
        except Exception as error:  # noqa: BLE001 - no error of a disk may end this thread
            return str(error) or repr(error)
        return ""

    def _close(self) -> tuple[SpoolCheck, int]:
        look = self.check(after_sec=0)
        with self._at_work:
            self._spool.close()
        return look, len(self._finisher.held())

    # In the event loop.

    def _read(self, look: SpoolCheck) -> None:
        self._unread.clear()
        last, self._last = self._last, look
        for end in look.surplus:
            self._finisher.to_disk(end)
        self._log_disk(last.problem, look.problem)
        # Two looks in a row: after a handler has blocked the loop, the answers are there but not yet read.
        if last.late and look.late and self._outage_since is None:
            self._outage_begins(look)
        elif not look.late and self._outage_since is not None:
            self._outage_ends()

    def _log_disk(self, before: str, now: str) -> None:
        self._in_flight.closed = bool(now)
        if now and not before:
            log.error("ends cannot be written to disk: no more runs are claimed", reason=now)
        elif before and not now:
            log.info("ends can be written to disk again")

    def _outage_begins(self, look: SpoolCheck) -> None:
        self._outage_since = self._clock.monotonic()
        self._finisher.spooled_words.clear()
        log.warning(
            "Redis does not record ends: they are kept and sent until it does",
            ends=look.late,
            reason=self._finisher.last_error or "no answer yet",
            spool=str(self._spool.folder),
        )

    def _outage_ends(self) -> None:
        lasted = self._clock.monotonic() - (self._outage_since or 0.0)
        self._outage_since = None
        words = self._finisher.spooled_words
        recorded = words["OK"]
        log.info(
            "Redis records ends again",
            after_sec=round(lasted, 1),
            recorded=recorded,
            too_late=words.total() - recorded,
        )


def is_crowded(ends: list[HeldEnd]) -> bool:
    """Return whether the ends in memory exceed the limit."""
    kept = [end for end in ends if end.finish is not None]
    return len(kept) > KEPT_ENDS or sum(map(size_of, kept)) > KEPT_BYTES


def surplus_of(ends: list[HeldEnd]) -> list[HeldEnd]:
    """Return the ends on disk to drop from memory; the oldest stay, because they are sent first."""
    count = size = 0
    surplus: list[HeldEnd] = []
    for end in ends:
        if end.finish is None:
            continue
        count, size = count + 1, size + size_of(end)
        if end.segment is not None and (count > KEPT_ENDS or size > KEPT_BYTES):
            surplus.append(end)
    return surplus
