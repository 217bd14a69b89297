"""Stops runs that hold a key before their lease ends.

Mutual exclusion is promised for keys only. A run without a key goes on: its worker cannot distinguish a
broken network from a Redis that hangs for all workers, and the fence refuses an end that comes too late.
"""

from __future__ import annotations

import asyncio
import os
import threading
from typing import TYPE_CHECKING, NoReturn

from app.core.observability import get_logger
from app.core.run_execution import GRACE_SEC, StopReason

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.runner import Execution
    from app.services.worker.hands import Hands

log = get_logger(__name__)

STOP_BEFORE_SEC = 2.0
"""Time before the lease ends at which a handler is stopped: a second for the cancellation, one in reserve."""
STOP_BEFORE_PART = 6
"""At most a sixth of a short lease, so that a renewal and its repeat still fit into the lease."""
KILL_SEC = 0.25
"""A child is killed after the grace; then the process exits, within a second of the lease's end."""
STEP_SEC = 0.1
EXIT_CUT_OFF = 71


class LeaseDeadlines:
    """Checks, in the lease thread, the age of the last certain renewal of each keyed run."""

    def __init__(
        self,
        hands: Hands,
        clock: Clock,
        settings: Settings,
        main: asyncio.AbstractEventLoop,
        before_leaving: Callable[[], None],
    ) -> None:
        lease = settings.lease_sec
        self._hands = hands
        self._clock = clock
        self._main = main
        self._before_leaving = before_leaving
        self._stop_after_sec = lease - min(STOP_BEFORE_SEC, lease / STOP_BEFORE_PART)
        self._asked_to_stop: dict[str, float] = {}

    async def run(self, over: threading.Event) -> None:
        """Check every tenth of a second until `over`."""
        while not over.is_set():
            self.check()
            await asyncio.sleep(STEP_SEC)

    def check(self) -> None:
        """Stop each keyed run whose lease may end soon; exit if one of them does not end."""
        now = self._clock.boottime()
        late = [e for e, sent_at in self._hands.kept_until_now() if now - sent_at > self._stop_after_sec]
        # The grace counts from the order to stop, so a process that slept past its leases has it as well.
        since = self._clock.monotonic()
        self._asked_to_stop = {e.run.lease_id: self._asked_to_stop.get(e.run.lease_id, since) for e in late}
        for execution in late:
            if self._asked_to_stop[execution.run.lease_id] == since:
                self._stop(execution)
            elif since - self._asked_to_stop[execution.run.lease_id] > GRACE_SEC + KILL_SEC:
                self._before_leaving()
                leave_cut_off(execution.run.run_id)

    def _stop(self, execution: Execution) -> None:
        log.warning(
            "a run with a key is stopped: its lease could not be renewed",
            run_id=execution.run.run_id,
            job_id=execution.run.job_id,
        )
        self._main.call_soon_threadsafe(execution.stop, StopReason.CUT_OFF)


def leave_cut_off(run_id: str) -> NoReturn:
    """End this process at once, so that a handler with a key never overlaps the next holder of the key."""
    log.error("a handler that holds a key does not end and its lease is over; leaving", run_id=run_id)
    os._exit(EXIT_CUT_OFF)
