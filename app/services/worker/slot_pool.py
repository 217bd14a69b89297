"""Divides the slots of a worker among the shards that it serves."""

from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

EMPTY_SEC = 0.05
"""How long a shard counts as empty after a claim that found nothing. While all slots are taken no shard is
read, so this is also how late a shard with new work asks for a slot that becomes free."""


class PoolMember(Protocol):
    """One shard's part of the pool."""

    @property
    def occupied(self) -> int:
        """Return how many slots its runs take, those that are being claimed included."""
        ...

    @property
    def held(self) -> int:
        """Return how many slots its runs take that have started."""
        ...

    def wake(self) -> None:
        """Let its claimer look again."""
        ...


Member = TypeVar("Member", bound=PoolMember)


class SlotPool(Generic[Member]):
    """The slots of one process. The members belong to the event loop's thread.

    Free slots go to the shards that may have work, one at a time to the one with the fewest. So a shard
    without work leaves its slots to the others, and no shard keeps all of them.
    """

    def __init__(self, slots: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._slots = slots
        self._clock = clock
        self._members: list[Member] = []
        self._empty_until: dict[Member, float] = {}
        self._turns = itertools.count(1)
        self._served_at: dict[Member, int] = {}

    def add(self, member: Member) -> None:
        """Add a shard, which has no work so far."""
        self._members.append(member)
        self._empty_until[member] = float("inf")
        self._served_at[member] = 0

    def free_of(self, member: Member, waiting: int = 0) -> int:
        """Return how many slots a shard may fill now; `waiting` runs of all shards work on nothing."""
        others = self.others_of(member)
        free = self._slots + waiting - member.held - sum(each.occupied for each in others)
        now = self._clock()
        rivals = [each for each in others if self._empty_until[each] <= now]
        if free <= 0 or not rivals:
            return max(0, free)
        turn = self._turn_of(member)
        return part_of(free, member.held, [(each.occupied, self._turn_of(each) < turn) for each in rivals])

    def others_of(self, member: Member) -> list[Member]:
        """Return the other shards."""
        return [each for each in self._members if each is not member]

    def has_no_work(self, member: Member) -> None:
        """Note that a shard waits for work, or does not answer."""
        self._note(member, float("inf"))

    def is_empty(self, member: Member) -> None:
        """Note that a claim has found nothing."""
        self._note(member, self._clock() + EMPTY_SEC)

    def may_have_work(self, member: Member) -> None:
        """Note that a shard may have work."""
        self._empty_until[member] = 0.0

    def is_served(self, member: Member) -> None:
        """Note that a shard has claimed runs."""
        self._served_at[member] = next(self._turns)
        self.may_have_work(member)

    def wake(self) -> None:
        """Let all claimers look again."""
        for each in self._members:
            each.wake()

    def _turn_of(self, member: Member) -> tuple[int, int]:
        return self._served_at[member], self._members.index(member)

    def _note(self, member: Member, empty_until: float) -> None:
        was_rival = self._empty_until[member] <= self._clock()
        self._empty_until[member] = empty_until
        if was_rival:
            self.wake()


def part_of(free: int, own: int, rivals: Sequence[tuple[int, bool]]) -> int:
    """Return the part of `free` slots for a shard that has `own`.

    They are given one at a time to the shard with the fewest. Of each rival: what it has, and whether it
    comes first if both have equally few.
    """
    levels = sorted([own, *(held for held, _ in rivals)])
    level, count, left = levels[0], 1, free
    for following in levels[1:]:
        step = (following - level) * count
        if step > left:
            break
        left -= step
        level, count = following, count + 1
    if own > level:
        return 0
    each, rest = divmod(left, count)
    ahead = sum(is_first for held, is_first in rivals if held <= level)
    return level + each - own + (ahead < rest)
