"""The limit on child processes of a worker, with its queue."""

from __future__ import annotations

from collections import OrderedDict
from typing import Protocol


class SlotWaiter(Protocol):
    """A run that needs a child process."""

    def on_slot_acquired(self) -> None:
        """Start the child: the slot is taken already."""
        ...


class ChildSlots:
    """`most` slots, assigned in the order of arrival. All methods belong to the event loop."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._taken = 0
        self._line: OrderedDict[SlotWaiter, None] = OrderedDict()

    @property
    def waiting(self) -> int:
        """Return how many runs wait for a slot."""
        return len(self._line)

    def is_waiting(self, run: SlotWaiter) -> bool:
        """True if a run waits for a slot."""
        return run in self._line

    def acquire(self, run: SlotWaiter) -> bool:
        """Take a slot and return True; without a free one, join the queue and return False."""
        if self._taken < self.most:
            self._taken += 1
            return True
        self._line[run] = None
        return False

    def cancel_wait(self, run: SlotWaiter) -> bool:
        """Stop waiting; False if the run does not wait."""
        if run not in self._line:
            return False
        del self._line[run]
        return True

    def release(self) -> None:
        """Return a slot; the first waiting run gets it at once."""
        if self._line:
            self._line.popitem(last=False)[0].on_slot_acquired()
        else:
            self._taken -= 1
