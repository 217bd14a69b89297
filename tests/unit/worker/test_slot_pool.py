"""The slots of a worker are divided fairly among its shards, and none stays free while a shard has work."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.worker import leases
from app.services.worker.leases import InFlight
from app.services.worker.slot_pool import EMPTY_SEC, SlotPool, part_of


@dataclass(eq=False)
class Member:
    """A shard with some runs."""

    held: int = 0
    asked: int = 0
    woken: int = 0

    @property
    def occupied(self) -> int:
        return self.held + self.asked

    def wake(self) -> None:
        self.woken += 1


@dataclass
class Shards:
    """A pool of three shards, and its clock."""

    slots: int
    now: float = 100.0
    members: list[Member] = field(default_factory=lambda: [Member(), Member(), Member()])

    def __post_init__(self) -> None:
        self.pool = SlotPool[Member](self.slots, lambda: self.now)
        for member in self.members:
            self.pool.add(member)

    def free(self) -> list[int]:
        return [self.pool.free_of(member) for member in self.members]


def test_a_shard_without_work_leaves_its_slots_to_others() -> None:
    """Shards that wait for work count for nothing, whether they have said so or never had any."""
    shards = Shards(6)
    busy, other, _third = shards.members
    assert shards.free() == [6, 6, 6]
    shards.pool.may_have_work(other)
    assert shards.free()[0] == 3
    shards.pool.has_no_work(other)
    assert (shards.free()[0], busy.woken) == (6, 1)


def test_a_freed_slot_goes_to_the_shard_with_the_fewest() -> None:
    """A shard that holds all slots gets no further one before the others have asked."""
    shards = Shards(3)
    busy, other, third = shards.members
    busy.held = 2
    for member in shards.members:
        shards.pool.is_served(member)
    assert shards.free() == [0, 1, 0]
    shards.pool.is_empty(other)
    assert shards.free() == [0, 1, 1]
    shards.pool.is_empty(third)
    assert shards.free()[0] == 1
    shards.now += EMPTY_SEC
    assert shards.free() == [0, 1, 0]


def test_one_slot_goes_around() -> None:
    """With one slot the shard that was served longest ago is the next one."""
    shards, order = Shards(1), list[int]()
    for member in shards.members:
        shards.pool.may_have_work(member)
    for _turn in range(6):
        [at] = [at for at, free in enumerate(shards.free()) if free]
        order.append(at)
        shards.pool.is_served(shards.members[at])
    assert order == [0, 1, 2, 0, 1, 2]


def test_slots_of_a_claim_on_its_way_are_taken() -> None:
    """What one shard asks for is not free for the others; it does not count twice for itself."""
    shards = Shards(4)
    shards.members[0].asked = 3
    assert shards.free() == [4, 1, 1]


async def test_a_claim_that_failed_does_not_end_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time for an answer is that of each claim."""
    pool = SlotPool[InFlight](8)
    hands = InFlight(8, pool=pool)
    pool.add(hands)
    monkeypatch.setattr(leases, "UNANSWERED_SEC", 0)
    hands.asks(3, 0)
    hands.is_unanswered()
    monkeypatch.setattr(leases, "UNANSWERED_SEC", 60)
    hands.asks(3, 0)
    for _turn in range(3):
        await asyncio.sleep(0)
    assert hands.occupied == 3
    assert not hands.answered(0)


@given(st.integers(0, 40), st.lists(st.integers(0, 20), min_size=1, max_size=5))
def test_parts_are_those_of_one_slot_after_the_other(free: int, held: list[int]) -> None:
    """Each part is as large as if the slots were given out one by one to the shard with the fewest."""
    expected = list(held)
    for _slot in range(free):
        expected[expected.index(min(expected))] += 1
    for at, own in enumerate(held):
        rivals = [(each, other < at) for other, each in enumerate(held) if other != at]
        assert part_of(free, own, rivals) == expected[at] - own
