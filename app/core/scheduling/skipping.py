"""Schedules that skip slots: nothing fires on a closed day or in a closed window, or it fires on another day.

The slots of the schedule itself are `base`; the others here are those that fire. Slots are not stepped
through but taken by stretches, parts of a day that are closed for one reason or open, so 12 hours of a slot
each second cost as much as one slot.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from app.core.models import OnSkip
from app.core.scheduling.cron import DAY_MS
from app.core.scheduling.skip_rules import SEVERAL, ClosedTimes, SkipReason, day_text
from app.core.scheduling.slots import CompiledSchedule
from app.core.scheduling.timezone import LAST_MS, WallClockSlots, instant_of, period_at

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

MAX_MOVED_A_DAY: Final = 48
"""A fire that moves to another day is looked for among all of the days before: each has few."""
_DAYS_AWAY: Final = range(1, 60)
# A slot that is open comes within so many closed stretches and so much time, or never.
_MAX_CLOSED: Final = 1_500
_SEARCHED_MS: Final = 30 * 366 * DAY_MS
_DAYS_KEPT: Final = 128
_MAX_REASONS: Final = 40


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of time, start included and end excluded, that is open (no reason) or closed for one reason."""

    start: int
    end: int
    reason: SkipReason | None


@dataclass(frozen=True, slots=True)
class SkippedSlots:
    """Neighbouring slots that are skipped for one reason, first to last included."""

    first: int
    last: int
    slots: int
    reason: SkipReason


@dataclass(frozen=True, slots=True)
class MovedSlot:
    """The slot that fires on another day, and why it does not fire itself."""

    slot: int
    reason: SkipReason


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippingSchedule(CompiledSchedule):
    """The slots of `base` that are not closed."""

    base: CompiledSchedule
    closed: ClosedTimes
    zone: ZoneInfo

    def next_after(self, instant_ms: int) -> int | None:
        """Return the first slot later than the instant; None if none comes within 30 years."""
        slot = self._base_next(instant_ms)
        limit = LAST_MS if slot is None else min(LAST_MS, slot + _SEARCHED_MS)
        for _turn in range(_MAX_CLOSED):
            if slot is None or slot >= limit:
                return None
            stretch = self._stretch(slot)
            if stretch.reason is None:
                return slot
            slot = self._base_next(stretch.end - 1)
        return None

    def previous_or_at(self, instant_ms: int) -> int | None:
        """Return the last slot not later than the instant, or None."""
        slot = self._base_previous(instant_ms)
        limit = 0 if slot is None else max(0, slot - _SEARCHED_MS)
        for _turn in range(_MAX_CLOSED):
            if slot is None or slot < limit:
                return None
            stretch = self._stretch(slot)
            if stretch.reason is None:
                return slot
            slot = self._base_previous(stretch.start - 1)
        return None

    def count(self, first_ms: int, last_ms: int) -> int:
        """Return how many slots there are from `first_ms` to `last_ms`, both included."""
        stretches = self._stretches(first_ms, last_ms)
        return sum(self.base.count(part.start, part.end - 1) for part in stretches if part.reason is None)

    def skipped(self, first_ms: int, last_ms: int) -> Iterator[SkippedSlots]:
        """Yield the skipped slots from one instant to another, both included, in order of time."""
        found: SkippedSlots | None = None
        for part in self._stretches(first_ms, last_ms):
            one = None if part.reason is None else self._closed(part, part.reason)
            if found is not None and one is not None and (reason := found.reason.until(one.reason)):
                found = _joined(found, one, reason)
                continue
            if found is not None:
                yield found
            found = one
        if found is not None:
            yield found

    def _closed(self, part: Stretch, reason: SkipReason) -> SkippedSlots:
        last = self.base.previous_or_at(part.end - 1)
        slots = self.base.count(part.start, part.end - 1)
        return SkippedSlots(part.start, part.start if last is None else last, slots, reason)

    def moved(self, _slot: int) -> MovedSlot | None:
        """Return the slot that fires at another slot's time, None if there is none."""
        return None

    def _stretches(self, first_ms: int, last_ms: int) -> Iterator[Stretch]:
        """Yield the stretches that have a slot of the base, each from its first slot on."""
        slot = self._base_next(first_ms - 1)
        while slot is not None and slot <= last_ms:
            stretch = self._stretch(slot)
            yield Stretch(slot, min(stretch.end, last_ms + 1), stretch.reason)
            slot = self._base_next(stretch.end - 1)

    def _stretch(self, slot: int) -> Stretch:
        piece = period_at(self.zone, slot)
        wall = self.wall_of(slot)
        day, time = divmod(wall, DAY_MS)
        low, high = 0, DAY_MS
        reason = self._day_reason(day)
        if reason is None and self.closed.windows:
            window = self.closed.window_at(time)
            reason = None if window is None else window.reason
            low, high = self.closed.open_around(time) if window is None else (window.start, window.end)
        # A change of the clocks ends a stretch: behind it, the same times may come once more.
        start = max(day * DAY_MS + low - piece.offset, piece.start)
        end = min(day * DAY_MS + high - piece.offset, piece.end)
        return Stretch(min(start, slot), max(end, slot + 1), reason)

    def _day_reason(self, day: int) -> SkipReason | None:
        return self.closed.day_reason(day)

    def wall_of(self, slot: int) -> int:
        """Return the wall-clock time of a slot of the base, in milliseconds since 1970-01-01T00:00."""
        if isinstance(self.source, WallClockSlots):
            return self.source.wall_of(slot)
        return slot + period_at(self.zone, slot).offset

    def _base_next(self, instant_ms: int) -> int | None:
        slot = self.base.next_after(max(instant_ms, -1))
        return None if slot is None or slot >= LAST_MS else slot

    def _base_previous(self, instant_ms: int) -> int | None:
        slot = self.base.previous_or_at(min(instant_ms, LAST_MS - 1))
        return None if slot is None or slot < 0 else slot


def closed_at(closed: ClosedTimes, zone: ZoneInfo, instant_ms: int) -> SkipReason | None:
    """Return the reason for which an instant is closed on the clocks of a zone; None if it is open."""
    day, time = divmod(instant_ms + period_at(zone, instant_ms).offset, DAY_MS)
    window = closed.window_at(time)
    return closed.day_reason(day) or (None if window is None else window.reason)


def by_reason(ranges: Iterable[SkippedSlots]) -> list[SkippedSlots]:
    """Return one range for each reason, in order of time; those of the rarer reasons are one."""
    found: dict[SkipReason, SkippedSlots] = {}
    for one in ranges:
        reason = one.reason if one.reason in found or len(found) < _MAX_REASONS else SEVERAL
        earlier = found.get(reason)
        found[reason] = replace(one, reason=reason) if earlier is None else _joined(earlier, one, reason)
    return sorted(found.values(), key=lambda one: one.first)


def _joined(one: SkippedSlots, other: SkippedSlots, reason: SkipReason) -> SkippedSlots:
    return SkippedSlots(one.first, other.last, one.slots + other.slots, reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class MovingSchedule(SkippingSchedule):
    """The same, but the slots of a closed day fire on the nearest open day, at the same times.

    Slots in a closed window move to no day, because the window is closed on each.
    """

    on_skip: OnSkip
    _days: dict[int, tuple[int, ...]] = field(
        default_factory=dict[int, tuple[int, ...]], init=False, compare=False, repr=False
    )

    def next_after(self, instant_ms: int) -> int | None:
        """Return the first slot later than the instant; None if none comes within 30 years."""
        for slots in self._days_with_slots(max(instant_ms, 0), 1):
            if slots[-1] > instant_ms:
                return slots[bisect_right(slots, instant_ms)]
        return None

    def previous_or_at(self, instant_ms: int) -> int | None:
        """Return the last slot not later than the instant, or None."""
        if instant_ms < 0:
            return None
        for slots in self._days_with_slots(min(instant_ms, LAST_MS - 1), -1):
            if slots[0] <= instant_ms:
                return slots[bisect_right(slots, instant_ms) - 1]
        return None

    def count(self, first_ms: int, last_ms: int) -> int:
        """Return how many slots there are from `first_ms` to `last_ms`, both included."""
        total = 0
        for slots in self._days_with_slots(max(first_ms, 0), 1):
            if slots[0] > last_ms:
                break
            total += bisect_right(slots, last_ms) - bisect_right(slots, first_ms - 1)
        return total

    def moved(self, slot: int) -> MovedSlot | None:
        """Return the first slot that fires at this instant in place of its own, None if there is none."""
        day = self._local_day(slot)
        if slot in self._fires_of(day, day):
            return None
        for source in self._sources(day):
            own = self._base_of(source)
            times = [instant_of(self.zone, self.wall_of(each) + (day - source) * DAY_MS) for each in own]
            if slot in times and (reason := self._day_reason(source)) is not None:
                return MovedSlot(own[times.index(slot)], reason)
        return None

    def _day_reason(self, day: int) -> SkipReason | None:
        reason = self.closed.day_reason(day)
        target = None if reason is None else self._target(day)
        if reason is None or target is None:
            return reason
        return replace(reason, moved_to=day_text(target))

    def _days_with_slots(self, instant_ms: int, step: int) -> Iterator[tuple[int, ...]]:
        """Yield the slots of each day that has any, from the day of an instant on, forwards or backwards."""
        day: int | None = self._local_day(instant_ms)
        if self.closed.day_reason(day) is not None and step == self._direction:
            # The slots of the days around it fire on the day that this one's would.
            day = self._target(day) or day
        limit, empty = max(0, instant_ms + step * _SEARCHED_MS), 0
        while day is not None and empty < _MAX_CLOSED:
            slots = self._slots_of(day)
            empty = 0 if slots else empty + 1
            if slots:
                yield slots
            day = self._following(day, step, limit)

    def _following(self, day: int, step: int, limit: int) -> int | None:
        """Return the next day, in the direction of `step`, to which a slot of the base belongs or moves."""
        scan = day + step
        for _turn in range(_MAX_CLOSED):
            slot = self._first_of(scan) if step > 0 else self._last_of(scan)
            if slot is None or (slot - limit) * step > 0:
                return None
            found = self.wall_of(slot) // DAY_MS
            target = found if self.closed.day_reason(found) is None else self._target(found)
            if target is not None and (target - day) * step > 0:
                return target
            scan = (max if step > 0 else min)(found, scan) + step
        return None

    def _slots_of(self, day: int) -> tuple[int, ...]:
        """Return the slots of an open day, ascending, with those that move to it; none for a closed day."""
        known = self._days.get(day)
        if known is None:
            if len(self._days) >= _DAYS_KEPT:
                self._days.clear()
            known = self._days[day] = self._found_slots(day)
        return known

    def _found_slots(self, day: int) -> tuple[int, ...]:
        if self.closed.day_reason(day) is not None:
            return ()
        fires = set(self._fires_of(day, day))
        for source in self._sources(day):
            fires.update(self._fires_of(source, day))
        return tuple(sorted(fires))

    def _fires_of(self, source: int, day: int) -> list[int]:
        """Return the instants at which the slots of one day fire on another."""
        own = self._base_of(source)
        if source == day:
            return own
        return [instant_of(self.zone, self.wall_of(slot) + (day - source) * DAY_MS) for slot in own]

    def _base_of(self, day: int) -> list[int]:
        """Return the slots of the base on a day, without those in a closed window."""
        found: list[int] = []
        slot = self._first_of(day)
        while slot is not None:
            own, time = divmod(self.wall_of(slot), DAY_MS)
            if own > day:
                break
            if own == day and self.closed.window_at(time) is None:
                found.append(slot)
            slot = self._base_next(slot)
        return found

    def _sources(self, day: int) -> Iterator[int]:
        """Yield the closed days whose slots move to an open day, the nearest first."""
        for away in _DAYS_AWAY:
            source = day - away * self._direction
            if self.closed.day_reason(source) is None:
                return
            yield source

    def _target(self, day: int) -> int | None:
        """Return the nearest open day to which the slots of a closed day move; None if it is too far."""
        days = (day + away * self._direction for away in _DAYS_AWAY)
        return next((each for each in days if self.closed.day_reason(each) is None), None)

    @property
    def _direction(self) -> int:
        return 1 if self.on_skip is OnSkip.AFTER else -1

    def _local_day(self, instant_ms: int) -> int:
        return (instant_ms + period_at(self.zone, instant_ms).offset) // DAY_MS

    def _first_of(self, day: int) -> int | None:
        return self._base_next(instant_of(self.zone, day * DAY_MS) - 1)

    def _last_of(self, day: int) -> int | None:
        return self._base_previous(instant_of(self.zone, (day + 1) * DAY_MS) - 1)
