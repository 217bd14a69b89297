"""The runs this process holds: claimed, running, or ended but unacknowledged."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.core.models import ClaimedRun
    from app.core.runner import Attempt, ChildSlots


ISOLATED_SLOTS = 2
"""Slots for suspects, in addition to those for normal runs. With one slot, a long suspect would hold up all
others. Each is a child process of about 60 MB, so more would cost memory."""


class InFlight:
    """The runs in hand. The lease thread reads them, so methods return copies only."""

    def __init__(self, slots: int, children: ChildSlots | None = None) -> None:
        self.slots = slots
        self._children = children
        self.claiming = 0
        """The number of the claim in flight, 0 if there is none: its runs are held, though unknown."""
        self.closed = False
        """True if nothing may be claimed, because neither Redis nor the disk accepts the held ends."""
        self._claimed: dict[str, ClaimedRun] = {}
        self._running: dict[str, Attempt] = {}
        self._ending: dict[str, ClaimedRun] = {}
        self._alone: set[str] = set()
        self._kept: dict[str, float] = {}
        self._changed = asyncio.Event()

    @property
    def free(self) -> int:
        """Return how many more normal runs may start; unacknowledged ends count as well.

        Runs that wait for a child process do no work, so they hold up no others. Only as many as there are
        slots are left out: each is held in memory, and its lease is renewed.
        """
        if self.closed:
            return 0
        running = len(self._running) - len(self._alone)
        if self._children is not None:
            running -= min(self._children.waiting, self.slots)
        return max(0, self.slots - running - max(0, len(self._ending) - 4 * self.slots))

    @property
    def free_alone(self) -> int:
        """Return how many more suspects may start."""
        return 0 if self.closed else max(0, ISOLATED_SLOTS - len(self._alone))

    @property
    def empty(self) -> bool:
        """True if nothing is held."""
        return not self._claimed and not self._running and not self._ending

    def running(self) -> list[Attempt]:
        """Return the running attempts."""
        return list(self._running.values())

    def attempt(self, run_id: str) -> Attempt | None:
        """Return a run's attempt; None if its handler has ended."""
        return self._running.get(run_id)

    def holds(self, run_id: str) -> bool:
        """True if a run is held in any way."""
        return run_id in self._claimed or run_id in self._running or run_id in self._ending

    def leases(self) -> list[tuple[str, str]]:
        """Return (run, lease) of everything held; safe to call from another thread."""
        # list(dict.items()) runs without giving up the interpreter's lock, so it is a snapshot. A run moves
        # on from one to the next and is there before it has left: read in this order, none is missed.
        claimed = [(run_id, run.lease_id) for run_id, run in list(self._claimed.items())]
        running = [(run_id, attempt.run.lease_id) for run_id, attempt in list(self._running.items())]
        ending = [(run_id, run.lease_id) for run_id, run in list(self._ending.items())]
        return claimed + running + ending

    def claimed(self, runs: list[ClaimedRun], asked_at: float) -> None:
        """Add the runs of a claim that was sent at `asked_at` (boottime, s); no handler has started yet."""
        for run in runs:
            if run.keyed:
                self._kept[run.lease_id] = asked_at
            self._claimed[run.run_id] = run

    def renewed(self, lease_id: str, sent_at: float) -> None:
        """Note that a renewal, sent at `sent_at` (boottime, s), has kept a lease; any thread may call."""
        if lease_id in self._kept:
            self._kept[lease_id] = sent_at

    def kept_until_now(self) -> list[tuple[Attempt, float]]:
        """Return running runs that hold a key, each with the time from which its lease certainly counts."""
        if not self._kept:
            return []
        running = [(attempt, attempt.run.lease_id) for attempt in list(self._running.values())]
        kept = [(execution, self._kept.get(lease_id)) for execution, lease_id in running]
        return [(execution, sent_at) for execution, sent_at in kept if sent_at is not None]

    def is_pending(self, run: ClaimedRun) -> bool:
        """True if a claimed run's handler has not started yet."""
        return self._claimed.get(run.run_id) is run

    def add(self, attempt: Attempt) -> None:
        """Add a run whose handler has started."""
        self._running[attempt.run.run_id] = attempt
        if attempt.run.alone:
            self._alone.add(attempt.run.run_id)
        self._claimed.pop(attempt.run.run_id, None)

    def ending(self, run: ClaimedRun) -> None:
        """Mark a run whose handler has ended or never starts; its lease is renewed until acknowledged."""
        self._ending[run.run_id] = run
        self._running.pop(run.run_id, None)
        self._alone.discard(run.run_id)
        self._claimed.pop(run.run_id, None)
        self._changed.set()

    def release(self, run: ClaimedRun) -> None:
        """Remove a run; a newer attempt of it stays."""
        ending, running = self._ending.get(run.run_id), self._running.get(run.run_id)
        if ending is not None and ending.lease_id == run.lease_id:
            del self._ending[run.run_id]
        if running is not None and running.run.lease_id == run.lease_id:
            del self._running[run.run_id]
            self._alone.discard(run.run_id)
        self._kept.pop(run.lease_id, None)
        self._changed.set()

    def without_inputs(self, run: ClaimedRun) -> ClaimedRun:
        """Free the memory of an ended run's inputs; return the run as it is held from now on."""
        slim = run._replace(inputs="")
        if self._ending.get(run.run_id) is run:
            self._ending[run.run_id] = slim
        return slim

    async def change(self, timeout_sec: float) -> None:
        """Wait until a run has ended, for at most this time."""
        self._changed.clear()
        try:
            async with asyncio.timeout(timeout_sec):
                await self._changed.wait()
        except TimeoutError:
            return
