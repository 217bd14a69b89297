"""The slots of a schedule: interval grids, single instants, and their bounds in time.

Instants and slots are epoch milliseconds (UTC); a slot is an instant at which the schedule fires.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class SlotSource(Protocol):
    """An ordered set of slots, without bounds in time."""

    def next_after(self, instant_ms: int) -> int | None: ...
    def previous_or_at(self, instant_ms: int) -> int | None: ...
    def count(self, first_ms: int, last_ms: int) -> int: ...


@dataclass(frozen=True, slots=True)
class IntervalGrid:
    """Every multiple of `step_ms` counted from `anchor_ms`, in both directions."""

    step_ms: int
    anchor_ms: int

    def next_after(self, instant_ms: int) -> int | None:
        return self._index(instant_ms + self.step_ms)

    def previous_or_at(self, instant_ms: int) -> int | None:
        return self._index(instant_ms)

    def count(self, first_ms: int, last_ms: int) -> int:
        return max(0, (self._index(last_ms) - self._index(first_ms - 1)) // self.step_ms)

    def _index(self, instant_ms: int) -> int:
        return instant_ms - (instant_ms - self.anchor_ms) % self.step_ms


@dataclass(frozen=True, slots=True)
class SingleInstant:
    """The one slot of an `at` schedule."""

    at_ms: int

    def next_after(self, instant_ms: int) -> int | None:
        return self.at_ms if instant_ms < self.at_ms else None

    def previous_or_at(self, instant_ms: int) -> int | None:
        return self.at_ms if instant_ms >= self.at_ms else None

    def count(self, first_ms: int, last_ms: int) -> int:
        return int(first_ms <= self.at_ms <= last_ms)


@dataclass(frozen=True, slots=True)
class DueSlots:
    """The slots from `next_slot` to now; `first` and `last` are None if there are none.

    `tail` holds the newest few, ascending; `before` is the slot just before `first`, `following` the first
    after now.
    """

    count: int
    first: int | None
    last: int | None
    tail: tuple[int, ...]
    before: int | None
    following: int | None


@dataclass(frozen=True, slots=True)
class CompiledSchedule:
    """A checked schedule: its slots from `start_ms` (included) to `end_ms` (excluded)."""

    source: SlotSource
    start_ms: int | None = None
    end_ms: int | None = None

    def next_after(self, instant_ms: int) -> int | None:
        """Return the first slot later than the instant; None if there are no more."""
        since = instant_ms if self.start_ms is None else max(instant_ms, self.start_ms - 1)
        slot = self.source.next_after(since)
        return None if slot is None or (self.end_ms is not None and slot >= self.end_ms) else slot

    def previous_or_at(self, instant_ms: int) -> int | None:
        """Return the last slot not later than the instant, or None."""
        until = instant_ms if self.end_ms is None else min(instant_ms, self.end_ms - 1)
        slot = self.source.previous_or_at(until)
        return None if slot is None or (self.start_ms is not None and slot < self.start_ms) else slot

    def count(self, first_ms: int, last_ms: int) -> int:
        """Return how many slots there are from `first_ms` to `last_ms`, both included."""
        first = first_ms if self.start_ms is None else max(first_ms, self.start_ms)
        last = last_ms if self.end_ms is None else min(last_ms, self.end_ms - 1)
        return self.source.count(first, last) if first <= last else 0

    def due(self, next_slot: int, now_ms: int, keep: int) -> DueSlots:
        """Return what is due from `next_slot` to now; slots are counted, not stepped through."""
        count = self.count(next_slot, now_ms)
        following = self.next_after(now_ms)
        if count == 0:
            return DueSlots(0, None, None, (), None, following)
        first = self.next_after(next_slot - 1)
        before = None if first is None else self.previous_or_at(first - 1)
        tail = self._newest(now_ms, min(count, max(keep, 0)))
        return DueSlots(count, first, self.previous_or_at(now_ms), tail, before, following)

    def _newest(self, now_ms: int, count: int) -> tuple[int, ...]:
        slots: list[int] = []
        until = now_ms
        while len(slots) < count and (slot := self.previous_or_at(until)) is not None:
            slots.append(slot)
            until = slot - 1
        return tuple(reversed(slots))
