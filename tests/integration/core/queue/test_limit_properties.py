"""Whatever is submitted and in whatever order it ends: turns are fair, and no window has too many starts."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.ids import new_trace_id
from tests.support.queue.limited import let_pass, set_limit, starts

if TYPE_CHECKING:
    from app.core.models import ClaimedRun
    from tests.support.queue.queue_driver import QueueDriver

WINDOW_MS = 60_000
GROUPS = ("a", "b", "c", "d")
# A step submits a run of a group, or ends the n-th of the running ones.
STEPS = st.lists(st.sampled_from(GROUPS) | st.integers(0, 5), min_size=5, max_size=60)
SOME = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)


class Turns:
    """Runs of four groups, each example with a key of its own."""

    def __init__(self, driver: QueueDriver, limit: int, total: int) -> None:
        self.driver = driver
        self.key = new_trace_id()
        self.limit = limit
        self.total = total
        self.running: list[tuple[str, ClaimedRun]] = []
        self.waiting: Counter[str] = Counter()
        self.group_of: dict[str, str] = {}
        self.passed: dict[str, Counter[str]] = defaultdict(Counter)
        """For each group that could start a run: how often each other group was served before it."""

    def could_start(self, group: str) -> bool:
        return self.waiting[group] > 0 and sum(of == group for of, _ in self.running) < self.limit

    async def submit(self, group: str) -> None:
        run_id = await self.driver.enqueue(key=f"{self.key}/{group}")
        self.group_of[run_id] = group
        self.waiting[group] += 1

    async def end(self, index: int) -> None:
        if self.running:
            _, run = self.running.pop(index % len(self.running))
            await self.driver.finish(run)

    async def claim(self) -> None:
        for run in (await self.driver.claim()).runs:
            group = self.group_of[run.run_id]
            for other in GROUPS:
                if other != group and self.could_start(other):
                    self.passed[other][group] += 1
            self.passed.pop(group, None)
            self.waiting[group] -= 1
            self.running.append((group, run))


@SOME
@given(STEPS, st.integers(1, 2), st.integers(2, 3))
async def test_no_group_is_served_twice_before_another_that_waits(
    driver: QueueDriver, steps: list[str | int], limit: int, total: int
) -> None:
    """A group that could start a run is passed over by each other group once at most; no slot stays free."""
    turns = Turns(driver, limit, total)
    await set_limit(driver, f"user:{turns.key}", f"{limit}|{total}|group_round_robin")
    for step in steps:
        await (turns.submit(step) if isinstance(step, str) else turns.end(step))
        await turns.claim()
        assert max((n for served in turns.passed.values() for n in served.values()), default=0) <= 1
        assert len(turns.running) <= total
        assert len(turns.running) == total or not any(map(turns.could_start, GROUPS))
    while turns.running:
        await turns.end(0)
        await turns.claim()
    assert turns.waiting.total() == 0


@SOME
@given(
    st.integers(1, 4),
    st.lists(st.integers(1, 3) | st.integers(1_000, 70_000), min_size=3, max_size=20),
)
async def test_no_window_has_more_starts_than_the_rate(
    driver: QueueDriver, per_minute: int, steps: list[int]
) -> None:
    """Steps submit some runs, or let ms pass: each window has the rate at most, and what may start starts."""
    key = new_trace_id()
    name = f"rate:{key}"
    await set_limit(driver, name, str(per_minute))
    passed_ms, submitted, began = 0, set[str](), list[int]()
    for step in steps:
        if step < 1_000:
            submitted |= set(await driver.enqueue_some(step, key=f"|{key}"))
        else:
            await let_pass(driver, name, step)
            passed_ms += step
        await driver.queue.promote()
        claimed = (await driver.claim()).runs
        # The clock of this example: Redis' own and the time that was let pass.
        # Runs of an earlier example may be woken as well.
        began += [run.started_at_ms + passed_ms for run in claimed if run.run_id in submitted]
        for run in claimed:
            await driver.finish(run)
        now = await driver.now_ms() + passed_ms
        windows = [sum(first <= each < first + WINDOW_MS for each in began) for first in began]
        assert max(windows, default=0) <= per_minute
        # The real time between the last two reads of the clock is no part of a decision.
        recent = sum(each > now - WINDOW_MS + 500 for each in began)
        assert len(began) == len(submitted) or recent + _leaving(began, now) >= per_minute
    assert len(await starts(driver, name)) <= per_minute


def _leaving(began: list[int], now: int) -> int:
    """Return how many starts leave the window at this moment, by a clock that is half a second off."""
    return sum(abs(now - WINDOW_MS - each) <= 500 for each in began)
