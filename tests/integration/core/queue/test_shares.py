"""Limits over several shards: whatever happens in whatever order, their shares sum to the limit at most."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app.core.ids import new_trace_id
from app.core.queue.shares import Grant, LimitShares, ShareUse, divide, limit_of
from tests.support.fake_clock import FakeClock
from tests.support.queue.limited import let_pass, set_limit
from tests.support.queue.sharded import DyingProcess, Killed, Sharded

if TYPE_CHECKING:
    from app.core.clock import SystemClock
    from app.core.config import Settings
    from app.core.models import ClaimedRun
    from app.core.redis_client import RedisLink

SHARDS = 3
WINDOW_MS = 60_000
KEY = "user:shop"
# Submit a run in a shard, end the n-th of the running ones, or move shares: by one process, by two at once,
# or by one that dies at its n-th step.
STEPS = st.lists(
    st.tuples(st.just("submit"), st.integers(0, SHARDS - 1))
    | st.tuples(st.just("end"), st.integers(0, 5))
    | st.tuples(st.just("move"), st.integers(1, 2))
    | st.tuples(st.just("die"), st.integers(0, 30)),
    min_size=10,
    max_size=40,
)


@pytest.fixture
async def sharded(link: RedisLink, clock: SystemClock, settings: Settings) -> AsyncIterator[Sharded]:
    sharded = await Sharded.open(link, clock, settings, SHARDS)
    yield sharded
    problems = await sharded.close()
    assert not problems, "\n".join(problems)


class Play:
    """Runs of three shards that need one key, each example with a key of its own."""

    def __init__(self, sharded: Sharded, limit: int) -> None:
        self.sharded = sharded
        self.limit = limit
        self.key = new_trace_id()
        self.name = f"user:{self.key}"
        self.movers = [LimitShares(sharded.shards, FakeClock()) for _ in range(2)]
        self.running: list[tuple[int, ClaimedRun]] = []
        self.waiting: list[set[str]] = [set() for _ in range(SHARDS)]

    async def submit(self, shard: int) -> None:
        self.waiting[shard].add(await self.sharded.drivers[shard].enqueue(key=self.key))

    async def end(self, index: int) -> None:
        if self.running:
            shard, run = self.running.pop(index % len(self.running))
            await self.sharded.drivers[shard].finish(run)

    async def move(self, processes: int) -> None:
        await asyncio.gather(*(mover.round() for mover in self.movers[:processes]))

    async def die(self, steps: int) -> None:
        mover = LimitShares(self.sharded.seen_by(DyingProcess(steps)), FakeClock())
        try:
            await mover.round()
        except Killed:
            self.movers = [LimitShares(self.sharded.shards, FakeClock()) for _ in range(2)]

    async def claim(self) -> None:
        for shard, driver in enumerate(self.sharded.drivers):
            for run in (await driver.claim()).runs:
                if run.run_id in self.waiting[shard]:
                    self.waiting[shard].remove(run.run_id)
                    self.running.append((shard, run))
        assert len(self.running) <= self.limit


@hypothesis_settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
    # An example takes a second: its smallest form would take minutes.
    phases=[Phase.generate],
)
@given(STEPS, st.sampled_from([1, 2, 5]))
async def test_shares_of_a_key_sum_to_its_limit(
    sharded: Sharded, steps: list[tuple[str, int]], limit: int
) -> None:
    """At no instant do runs of three shards use more than the limit, and in the end all of them have run."""
    play = Play(sharded, limit)
    await sharded.set_limit(play.name, str(limit))
    for word, number in steps:
        await getattr(play, word)(number)
        await play.claim()
        await sharded.assert_within(play.name, limit)
    for _ in range(4 * len(steps)):
        await play.move(1)
        await play.claim()
        await sharded.assert_within(play.name, limit)
        await play.end(0)
    assert (play.running, play.waiting) == ([], [set(), set(), set()])
    await sharded.set_limit(play.name, "1")


@hypothesis_settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
    phases=[Phase.generate],
)
@given(
    st.lists(
        st.tuples(st.integers(0, SHARDS - 1), st.integers(1, 3), st.sampled_from([0, 0, 9_000, 31_000])),
        min_size=5,
        max_size=15,
    ),
    st.sampled_from([2, 5]),
)
async def test_shares_of_a_rate_sum_to_it(
    sharded: Sharded, steps: list[tuple[int, int, int]], per_minute: int
) -> None:
    """Starts of three shards within any minute are no more than the rate, though its shares move."""
    key = new_trace_id()
    name, mover, passed_ms = f"rate:{key}", LimitShares(sharded.shards, FakeClock()), 0
    began, submitted = list[int](), set[str]()
    await sharded.set_limit(name, str(per_minute))
    for shard, count, passes_ms in steps:
        submitted |= set(await sharded.drivers[shard].enqueue_some(count, key=f"|{key}"))
        for driver in sharded.drivers:
            await let_pass(driver, name, passes_ms)
        passed_ms += passes_ms
        await mover.round()
        for driver in sharded.drivers:
            await driver.queue.promote()
            for run in (await driver.claim()).runs:
                if run.run_id in submitted:
                    began.append(run.started_at_ms + passed_ms)
                await driver.finish(run)
        await sharded.assert_within(name, per_minute)
        assert max((_in_window(began, first) for first in began), default=0) <= per_minute
    assert began


def _in_window(instants: list[int], first: int) -> int:
    return sum(first <= each < first + WINDOW_MS for each in instants)


async def test_a_shard_without_a_share_starts_nothing(sharded: Sharded) -> None:
    """Runs of a key wait until a scheduler has given the shard a share; then they start."""
    first, second, _third = sharded.drivers
    await sharded.set_limit(KEY, "1")
    one, other = await first.enqueue(key="shop"), await second.enqueue(key="shop")
    assert (await first.claim()).runs == (await second.claim()).runs == []
    mover = LimitShares(sharded.shards, FakeClock())
    await mover.round()
    assert (await sharded.shares(KEY), await sharded.grants(KEY)) == ([1, 0, 0], [1, 0, 0])
    [run] = (await first.claim()).runs
    assert (await second.claim()).runs == []
    await mover.round()
    assert await first.status(one) == "running"
    await first.finish(run)
    await mover.round()
    assert [run.run_id for run in (await second.claim()).runs] == [other]
    await sharded.assert_within(KEY, 1)


async def test_groups_of_a_key_wait_for_its_share(sharded: Sharded) -> None:
    """A key with groups is one part: the shard that has it starts runs up to the limit of each group."""
    _first, second, _third = sharded.drivers
    await set_limit(second, KEY, "2|3|oldest_first")
    await second.enqueue_some(3, key="shop/a")
    await second.enqueue_some(3, key="shop/b")
    assert (await second.claim()).runs == []
    mover = LimitShares(sharded.shards, FakeClock())
    await mover.round()
    assert await sharded.shares(KEY) == [0, 1, 0]
    assert len((await second.claim()).runs) == 3
    await second.link.call("HDEL", second.keys.limits, KEY)


async def test_no_shard_starves(sharded: Sharded) -> None:
    """With one slot for three shards that always have more work, each gets its turns in the order of age."""
    await sharded.set_limit(KEY, "1")
    mover, order = LimitShares(sharded.shards, FakeClock()), list[int]()
    for _number in range(8):
        for driver in sharded.drivers:
            await driver.enqueue(key="shop")
    for _turn in range(24):
        await mover.round()
        for number, driver in enumerate(sharded.drivers):
            for run in (await driver.claim()).runs:
                order.append(number)
                await driver.finish(run)
    longest = max(len(list(turns)) for _, turns in itertools.groupby(order))
    assert (len(order), longest <= 3) == (24, True)


async def test_a_share_that_has_changed_stays(sharded: Sharded) -> None:
    """A command that comes late finds another share than its sender saw; sent again it is OK."""
    [scripts, *_] = [shard.scripts for shard in sharded.shards]
    assert await scripts.run("limits/set_share", name=KEY, share="2|1", seen="") == ["OK", 0]
    assert await scripts.run("limits/set_share", name=KEY, share="5|2", seen="") == ["STALE", 0]
    assert await scripts.run("limits/set_share", name=KEY, share="2|1", seen="") == ["OK", 0]
    assert await sharded.shares(KEY) == [2, 0, 0]
    assert await scripts.run("limits/set_share", name=KEY, share="", seen="2|1") == ["OK", 0]
    assert await sharded.shares(KEY) == [0, 0, 0]


async def test_a_larger_share_starts_what_waits(sharded: Sharded) -> None:
    """The script that raises a share puts as many runs into the lane as it lets start."""
    [driver, *_] = sharded.drivers
    await sharded.set_limit(KEY, "5")
    await driver.enqueue_some(3, key="shop")
    assert (await driver.claim()).runs == []
    answer = await driver.queue.scripts.run("limits/set_share", name=KEY, share="2|1", seen="")
    assert answer == ["OK", 2]
    assert len((await driver.claim()).runs) == 2


async def test_grants_never_pass_the_limit(sharded: Sharded) -> None:
    """A grant is what the others leave, and takes nothing away."""
    scripts = sharded.shards.home.scripts

    async def grant(shard: int, amount: int) -> list[int]:
        return await scripts.run("limits/grant", name=KEY, limit=5, shard=shard, amount=amount, version=1)

    assert [await grant(0, 3), await grant(1, 3), await grant(2, 1)] == [[3, 1], [2, 1], [0, 1]]
    assert await grant(0, 1) == [3, 2]
    assert await sharded.grants(KEY) == [3, 2, 0]


async def test_a_late_record_takes_no_grant_away(sharded: Sharded) -> None:
    """A record about an earlier share than that of the grant changes nothing."""
    scripts = sharded.shards.home.scripts

    async def record(amount: int, version: int) -> str:
        return await scripts.run("limits/record", name=KEY, shard=0, amount=amount, version=version)

    assert await scripts.run("limits/grant", name=KEY, limit=5, shard=0, amount=4, version=7) == [4, 7]
    assert [await record(1, 6), await record(4, 7), await record(2, 7)] == ["STALE", "STALE", "OK"]
    assert await scripts.run("limits/grant", name=KEY, limit=5, shard=0, amount=4, version=3) == [4, 8]
    assert await record(1, 7) == "STALE"
    assert await record(1, 9) == "OK"
    assert await sharded.grants(KEY) == [1, 0, 0]


async def test_grants_in_use_are_not_forgotten(sharded: Sharded) -> None:
    """The shares of a key that no job names go back at once; what is stored of it goes an hour later."""
    clock = FakeClock()
    mover = LimitShares(sharded.shards, clock)
    await sharded.set_limit(KEY, "2")
    await mover.round()
    assert await sharded.shares(KEY) == [1, 1, 0]
    assert await sharded.shards.home.scripts.run("limits/forget", name=KEY) == "USED"
    for driver in sharded.drivers:
        await driver.link.call("HDEL", driver.keys.limits, KEY)
    for _turn in range(2):
        clock.advance(3_700)
        await mover.round()
    assert await sharded.shares(KEY) == await sharded.grants(KEY) == [0, 0, 0]
    clock.advance(3_700)
    await mover.round()
    home = sharded.shards.home
    assert await home.link.calls(
        [("EXISTS", home.keys.limit_grants(KEY)), ("EXISTS", home.keys.limit_shares)]
    ) == [0, 0]


async def test_shares_follow_the_jobs_that_name_a_key(sharded: Sharded) -> None:
    """A limit that is changed, and a key that one shard names no more, are divided again."""
    clock = FakeClock()
    mover = LimitShares(sharded.shards, clock)
    await sharded.set_limit(KEY, "6")
    await mover.round()
    assert await sharded.shares(KEY) == [2, 2, 2]
    await sharded.set_limit(KEY, "3")
    clock.advance(3)
    await mover.round()
    assert sum(await sharded.shares(KEY)) == 3
    [first, *_] = sharded.drivers
    await first.link.call("HDEL", first.keys.limits, KEY)
    clock.advance(3)
    await mover.round()
    assert (await sharded.shares(KEY))[0] == 0
    assert sum(await sharded.shares(KEY)) == 3
    await sharded.assert_within(KEY, 3)


def test_parts_follow_the_need() -> None:
    """Each shard gets the same unless it needs less; a remainder goes to the run that waits longest."""
    uses = {0: _use(use=5, waiting=9, head=30), 1: _use(waiting=4, head=20), 2: _use(waiting=1, head=10)}
    assert divide(5, uses, _grants(5, 0, 0)) == {0: 2, 1: 2, 2: 1}
    assert divide(1, uses, _grants(1, 0, 0)) == {0: 0, 1: 0, 2: 1}
    assert divide(20, uses, _grants(9, 1, 1))[2] >= 1
    idle = {0: _use(), 1: _use(), 2: ShareUse()}
    assert divide(4, idle, _grants(0, 0, 0)) == {0: 2, 1: 2, 2: 0}
    assert divide(4, idle, _grants(3, 1, 0)) == {0: 3, 1: 1, 2: 0}
    assert limit_of([_use(), ShareUse(limit="2|7|oldest_first")]) == 1


def _use(use: int = 0, waiting: int = 0, head: float = 1e9) -> ShareUse:
    return ShareUse(limit="20", use=use, waiting=waiting, head=head)


def _grants(*numbers: int) -> dict[int, Grant]:
    return {index: Grant(number, 1) for index, number in enumerate(numbers)}
