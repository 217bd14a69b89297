from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import SystemClock, from_ms
from app.core.models import JobSpec
from app.core.queue import DueJob, DueJobs, FireItem, MovedRun
from app.core.scheduling.schedule import jitter_ms
from app.services.scheduler import timers
from app.services.scheduler.firing import MAX_ITEMS, ROUND_SEC, Firing, items_for, next_score
from app.services.scheduler.spec_cache import CompiledSpec, compile_spec
from app.services.scheduler.timers import LoserDelay, ServerClock, Sleeper
from tests.support.fake_clock import FakeClock

NOON = int(datetime(2025, 3, 1, 12, tzinfo=UTC).timestamp() * 1000)
SECOND = 1000


def compiled(**fields: Any) -> CompiledSpec:
    values = {"job_id": "j", "type": "test.job", "schedule": {"interval_sec": 10}, **fields}
    return compile_spec(JobSpec.model_validate(values), 3, "Asia/Jakarta")


def due(job: CompiledSpec, slot_ms: int) -> DueJob:
    return DueJob(job.run.job_id, 3, next_score(job, slot_ms), slot_ms)


def kinds(items: list[FireItem]) -> list[str]:
    return ["run" if item.run else "miss" if item.miss else "move" for item in items]


def assert_chained(job: DueJob, items: list[FireItem]) -> None:
    """Each item expects what the one before it leaves in the schedule."""
    expected = job.score_ms
    for item in items:
        assert item.expected_score_ms == expected
        expected = item.next_score_ms or -1


def test_a_slot_on_time_is_one_run_named_after_it() -> None:
    """The run's id is the slot's, so that no two schedulers make two; the next slot follows."""
    job = compiled()
    (item,) = items_for(due(job, NOON), job, NOON + 3)
    assert item.run is not None
    assert item.run.run_id == f"j@{NOON}"
    assert len(item.run.trace_id) == 32
    assert (item.slot_ms, item.previous_slot_ms) == (NOON, NOON - 10 * SECOND)
    assert (item.next_slot_ms, item.next_score_ms) == (NOON + 10 * SECOND, NOON + 10 * SECOND)
    assert (item.version, item.overlap) == (3, "skip")


def test_run_carries_what_the_spec_says() -> None:
    """Nothing has to be read again for a run."""
    job = compiled(
        inputs={"a": [1]},
        priority="high",
        timeout_ms=77,
        retry_policy={"max_retry": 9},
        overlap="queue",
        concurrency={"key": "db", "limit": 2},
    )
    (item,) = items_for(due(job, NOON), job, NOON)
    run = item.run
    assert run is not None
    assert (run.job_id, run.type, run.version, run.source) == ("j", "test.job", 3, "schedule")
    assert (run.inputs, run.lane, run.timeout_ms) == ('{"a":[1]}', "high", 77)
    assert (run.overlap_key, run.key, run.delay_ms) == ("1", "db", 0)
    assert orjson.loads(run.retry)["max_retry"] == 9


def test_default_retry_policy_is_left_out_of_the_run() -> None:
    """The default costs no bytes in each run."""
    (item,) = items_for(due(compiled(), NOON), compiled(), NOON)
    assert item.run is not None
    assert item.run.retry == ""


def test_run_once_after_a_gap_records_the_missed_and_runs_the_last() -> None:
    """Ten minutes away: 60 slots in the ledger, one run, chained."""
    job = compiled()
    first, now = NOON, NOON + 600 * SECOND + 5
    items = items_for(due(job, first), job, now)
    assert kinds(items) == ["miss", "run"]
    assert_chained(due(job, first), items)
    miss = items[0].miss
    assert miss is not None
    assert (miss.first_ms, miss.last_ms, miss.slots) == (NOON, NOON + 590 * SECOND, 60)
    assert items[1].slot_ms == NOON + 600 * SECOND
    assert items[-1].next_slot_ms == NOON + 610 * SECOND


def test_run_all_after_a_long_gap_stays_within_one_script() -> None:
    """28 h of a 1 s interval: the newest 100 run, the rest is one range."""
    job = compiled(schedule={"interval_sec": 1}, misfire="run_all")
    now = NOON + 28 * 3600 * SECOND
    items = items_for(due(job, NOON), job, now)
    assert kinds(items) == ["miss"] + ["run"] * 100
    assert_chained(due(job, NOON), items)
    assert items[-1].slot_ms == now


def test_skip_after_a_gap_of_whole_slots_runs_none_of_them() -> None:
    """All slots are too late: one range and no run."""
    job = compiled(misfire="skip", schedule={"interval_sec": 60})
    items = items_for(due(job, NOON), job, NOON + 30 * SECOND)
    assert kinds(items) == ["miss"]
    assert items[0].next_slot_ms == NOON + 60 * SECOND


def test_last_slot_leaves_no_entry() -> None:
    """An `at` fires and is done."""
    job = compiled(schedule={"at": from_ms(NOON).isoformat()})
    (item,) = items_for(due(job, NOON), job, NOON)
    assert kinds([item]) == ["run"]
    assert (item.next_slot_ms, item.next_score_ms) == (None, None)


def test_jitter_delays_the_score_and_not_the_slot() -> None:
    """The run is named after its slot; the next fire waits for its own jitter."""
    job = compiled(jitter_sec=5)
    now = next_score(job, NOON)
    (item,) = items_for(due(job, NOON), job, now)
    following = NOON + 10 * SECOND
    assert item.slot_ms == NOON
    assert item.next_slot_ms == following
    assert item.next_score_ms == following + jitter_ms("j", following, 5)


def test_slot_held_back_by_its_jitter_is_not_late() -> None:
    """A jitter far beyond the misfire grace makes no misfire."""
    job = compiled(schedule={"interval_sec": 3600}, jitter_sec=3000, misfire="skip", misfire_grace_sec=1)
    slot = next(
        slot for slot in range(NOON, NOON + 86_400_000, 3_600_000) if jitter_ms("j", slot, 3000) > 60_000
    )
    items = items_for(due(job, slot), job, next_score(job, slot) + 2)
    assert kinds(items) == ["run"]


def test_slots_that_jitter_overtook_fire_one_after_another() -> None:
    """If the jitter is longer than the period, waiting for the slot before is no misfire either."""
    job = compiled(schedule={"interval_sec": 1}, jitter_sec=30, misfire="skip", misfire_grace_sec=1)
    now = next_score(job, NOON)
    entry, ran = due(job, NOON), list[int]()
    for _ in range(20):
        items = items_for(entry, job, now)
        assert "miss" not in kinds(items)
        ran += [item.slot_ms for item in items if item.run]
        last = items[-1]
        assert last.next_slot_ms is not None
        assert last.next_score_ms is not None
        entry = DueJob("j", 3, last.next_score_ms, last.next_slot_ms)
        now = max(now, last.next_score_ms)
    assert ran == [NOON + i * SECOND for i in range(len(ran))]
    assert len(ran) == 20


def test_entry_that_lies_on_no_slot_only_moves_on() -> None:
    """An entry pushed on by hand or from an invalid spec makes no run of its own."""
    job = compiled()
    items = items_for(DueJob("j", 3, NOON + 1, NOON + 1), job, NOON + 2)
    assert kinds(items) == ["move"]
    assert items[0].next_slot_ms == NOON + 10 * SECOND


@given(
    st.integers(1, 120),
    st.integers(0, 40_000_000),
    st.sampled_from(["run_once", "skip", "run_all"]),
    st.sampled_from([0.0, 0.5, 20.0]),
)
def test_every_due_slot_is_in_exactly_one_step(step: int, away_ms: int, misfire: str, jitter: float) -> None:
    """Whatever passed: slots in runs and ranges are the grid's, each once, in order, none in the future."""
    job = compiled(schedule={"interval_sec": step}, misfire=misfire, jitter_sec=jitter)
    slot = NOON - NOON % (step * SECOND)
    entry = due(job, slot)
    now = entry.score_ms + away_ms
    items = items_for(entry, job, now)
    assert_chained(entry, items)
    expected = slot
    for item in items:
        assert item.slot_ms <= now
        if item.miss:
            assert (item.miss.first_ms, item.slot_ms) == (expected, expected)
            assert item.miss.last_ms == expected + (item.miss.slots - 1) * step * SECOND
            expected = item.miss.last_ms + step * SECOND
        else:
            assert item.slot_ms == expected
            expected += step * SECOND
        assert item.next_slot_ms == expected


@pytest.mark.parametrize("schedule", [{"interval_sec": 5}, {"cron": "*/5 * * * *"}])
def test_every_kind_of_schedule_makes_items(schedule: dict[str, Any]) -> None:
    """The kind makes no difference to the chain."""
    job = compiled(schedule=schedule)
    assert job.schedule.next_after(NOON - 1) == NOON
    assert kinds(items_for(due(job, NOON), job, NOON)) == ["run"]


def test_spec_without_a_schedule_does_not_compile() -> None:
    """Such a job has no business in the schedule; it is written off, not fired."""
    with pytest.raises(ValueError, match="no schedule"):
        compile_spec(JobSpec(job_id="j", type="test.job"), 1, "Asia/Jakarta")


def clock_at_zero() -> tuple[FakeClock, ServerClock]:
    clock = FakeClock(from_ms(NOON))
    return clock, ServerClock(clock)


def test_redis_time_is_never_ahead_of_redis() -> None:
    """Of many readings with different delays, the tightest bound from below is taken."""
    clock, redis_time = clock_at_zero()
    # Redis' clock is ours + 100 s; each reading takes some ms to come back, and Redis cuts to whole ms.
    for sent, received, at in ((0.0, 0.030, 100_029), (0.1, 0.102, 100_100), (0.2, 0.250, 100_210)):
        redis_time.observe(sent, received, at)
    clock.advance(0.3)
    real_ms = 100_300
    waited = redis_time.seconds_until(real_ms + 1000)
    assert 1.0 <= waited <= 1.002


def test_redis_time_without_a_reading_does_not_wait() -> None:
    """Asking is the way to learn."""
    assert clock_at_zero()[1].seconds_until(NOON) == 0


@pytest.mark.parametrize("jump_ms", [-3_600_000, -500, 700, 3_600_000])
def test_redis_time_follows_a_jump(jump_ms: int) -> None:
    """A reading that does not fit replaces all before it, in both directions."""
    clock, redis_time = clock_at_zero()
    redis_time.observe(0.0, 0.001, 50_000)
    redis_time.observe(1.0, 1.001, 51_000 + jump_ms)
    clock.advance(1.001)
    assert redis_time.seconds_until(52_000 + jump_ms) == pytest.approx(1.0, abs=0.002)


def test_redis_time_forgets_readings_that_drift_has_overtaken() -> None:
    """Clocks that part slowly: a bound of a minute ago would say too much."""
    clock, redis_time = clock_at_zero()
    now = 0.0
    for _ in range(600):
        now += 1.0
        redis_time.observe(now, now + 0.001, int(now * 1000 * 0.9995))
    clock.advance(now)
    real_ms = now * 1000 * 0.9995
    assert redis_time.seconds_until(int(real_ms) + 1000) >= 0.999


async def test_alarm_sleeps_until_redis_has_come_to_the_instant() -> None:
    """Never early, in one sleep, or in two if a full second of our own is in between."""
    clock = SystemClock()
    server_clock = ServerClock(clock)
    alarm = Sleeper(clock, server_clock)
    base = clock.monotonic()
    server_clock.observe(base, base + 0.0001, NOON)
    sleeps = 0
    while server_clock.seconds_until(NOON + 30) > 0:
        await alarm.sleep(NOON + 30)
        sleeps += 1
    assert clock.monotonic() - base >= 0.030
    assert 1 <= sleeps <= 2


async def test_alarm_wakes_at_a_full_second_without_anything_due(monkeypatch: pytest.MonkeyPatch) -> None:
    """Idle loops of one process wake together and share a round trip."""
    monkeypatch.setattr(timers, "IDLE_SEC", 600)
    clock = FakeClock()
    clock.advance(600 - clock.monotonic() % 600 - 0.05)
    async with asyncio.timeout(60):
        await Sleeper(clock, ServerClock(clock)).sleep(None)


async def test_alarm_rings_before_and_during_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ring just before the sleep counts as well: nothing falls between two looks."""
    monkeypatch.setattr(timers, "IDLE_SEC", 86_400)
    clock = SystemClock()
    server_clock = ServerClock(clock)
    base = clock.monotonic()
    server_clock.observe(base, base, NOON)
    alarm = Sleeper(clock, server_clock)
    alarm.wake()
    async with asyncio.timeout(60):
        await alarm.sleep(NOON + 600_000)
        asyncio.get_running_loop().call_later(0.001, alarm.wake)
        await alarm.sleep(NOON + 600_000)


def test_courtesy_lets_the_winner_be_on_time() -> None:
    """Who lost comes some milliseconds later, who won comes on time again."""
    loser_delay = LoserDelay()
    assert loser_delay.delay_sec == 0
    loser_delay.lost()
    assert 0.005 <= loser_delay.delay_sec <= 0.05
    loser_delay.won()
    assert loser_delay.delay_sec == 0


def skipping(skip: dict[str, Any], **fields: Any) -> CompiledSpec:
    on_skip = fields.pop("on_skip", "drop")
    schedule = fields.pop("schedule", {"interval_sec": 30})
    return compiled(schedule={**schedule, "skip": skip, "on_skip": on_skip}, **fields)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


def test_slots_of_a_long_window_are_one_record_before_the_next_fire() -> None:
    """12 hours of 30 seconds: 1,440 slots in one step, then the fire, chained."""
    job = skipping({"windows": ["18:00-06:00"]})
    entry = due(job, at("2026-11-25T06:00:00+07:00"))
    items = items_for(entry, job, entry.slot_ms + 5)
    assert kinds(items) == ["miss", "run"]
    assert_chained(entry, items)
    missed = items[0].miss
    assert missed is not None
    assert (missed.slots, missed.reason) == (1440, "skip:window:18:00-06:00")
    assert (missed.first_ms, missed.last_ms) == (
        at("2026-11-24T18:00:00+07:00"),
        at("2026-11-25T05:59:30+07:00"),
    )
    assert items[1].previous_slot_ms == at("2026-11-24T17:59:30+07:00")


def test_slots_before_the_save_were_not_skipped_by_it() -> None:
    """A job that is saved within its window records what came after the save."""
    job = replace(skipping({"windows": ["18:00-06:00"]}), saved_ms=at("2026-11-25T05:00:00+07:00"))
    entry = due(job, at("2026-11-25T06:00:00+07:00"))
    missed = items_for(entry, job, entry.slot_ms)[0].miss
    assert missed is not None
    assert (missed.slots, missed.first_ms) == (119, at("2026-11-25T05:00:30+07:00"))


def test_a_scheduler_that_was_down_in_a_window_misses_no_slot_of_it() -> None:
    """Missed are the slots outside of it; within it they are skipped, and the latest slot runs."""
    job = skipping({"windows": ["22:00-06:00"]}, schedule={"interval_sec": 3600})
    entry = due(job, at("2026-11-24T20:00:00+07:00"))
    items = items_for(entry, job, at("2026-11-25T07:30:00+07:00"))
    assert kinds(items) == ["miss", "miss", "run"]
    assert_chained(entry, items)
    window, late = items[0].miss, items[1].miss
    assert late is not None
    assert window is not None
    assert (late.slots, late.reason) == (3, "missed")
    assert (window.slots, window.reason) == (8, "skip:window:22:00-06:00")
    assert items[2].slot_ms == at("2026-11-25T07:00:00+07:00")


def test_a_catch_up_over_many_windows_stays_within_one_script() -> None:
    """run_all over two months: 100 runs at most, and one record for each stretch before a run."""
    job = skipping(
        {"windows": ["22:00-06:00"], "weekdays": [0], "holidays": "ID"},
        schedule={"interval_sec": 600},
        misfire="run_all",
    )
    entry = due(job, at("2026-10-01T08:00:00+07:00"))
    items = items_for(entry, job, at("2026-12-01T08:00:00+07:00"))
    assert_chained(entry, items)
    assert kinds(items).count("run") == 100
    assert len(items) < MAX_ITEMS
    assert len({item.miss.reason for item in items if item.miss}) == 3


def test_a_moved_slot_fires_in_place_of_the_skipped_one() -> None:
    """Christmas' fire is on the 24th; the run names its slot and the reason, the ledger the day."""
    job = skipping(
        {"holidays": "ID"},
        schedule={"cron": "0 8 25 * *", "timezone": "Asia/Jakarta"},
        on_skip="before",
    )
    entry = due(job, at("2026-12-24T08:00:00+07:00"))
    (item,) = items_for(entry, job, entry.slot_ms)
    assert item.moved == MovedRun(at("2026-12-25T08:00:00+07:00"), "skip>2026-12-24:holiday:Hari Raya Natal")
    assert item.next_slot_ms == at("2027-01-25T08:00:00+07:00")
    following = due(job, item.next_slot_ms or 0)
    items = items_for(following, job, following.slot_ms)
    assert [each.miss and each.miss.reason for each in items] == [
        "skip>2026-12-24:holiday:Hari Raya Natal",
        None,
    ]
    assert items[1].moved is None


def test_a_slot_that_a_changed_calendar_has_closed_does_not_fire() -> None:
    """The entry advances; the next fire records the slot."""
    job = skipping({"weekdays": [3]}, schedule={"cron": "0 8 * * *", "timezone": "Asia/Jakarta"})
    entry = due(job, at("2026-11-25T08:00:00+07:00"))
    (item,) = items_for(entry, job, entry.slot_ms)
    assert (item.run, item.miss, item.next_slot_ms) == (None, None, at("2026-11-26T08:00:00+07:00"))
    following = due(job, item.next_slot_ms or 0)
    missed = items_for(following, job, following.slot_ms)[0].miss
    assert missed is not None
    assert (missed.first_ms, missed.reason) == (entry.slot_ms, "skip:weekday:3")


class DueOnce:
    """A queue in which one job is due; it notes when it is asked."""

    def __init__(self, job: DueJob) -> None:
        self.found = [job]
        self.asked: list[float] = []

    async def due(self, _limit: int) -> DueJobs:
        self.asked.append(time.monotonic())
        found, self.found = self.found, []
        return DueJobs(NOON, None, found)

    async def fire(self, items: list[FireItem]) -> list[str]:
        return ["FIRED" for _ in items]


class Known:
    """Specs that need no reading."""

    async def get(self, jobs: list[DueJob]) -> dict[str, CompiledSpec]:
        return {job.job_id: compiled() for job in jobs}


async def test_slots_that_follow_each_other_are_fired_in_rounds() -> None:
    """The round after one that fired begins some milliseconds later: it finds several slots at once."""
    queue: Any = DueOnce(due(compiled(), NOON))
    specs: Any = Known()
    clock = SystemClock()
    server_clock = ServerClock(clock)
    sleeper = Sleeper(clock, server_clock)
    firing = Firing(queue, specs, clock, server_clock, sleeper)
    stop = asyncio.Event()
    await firing.step(stop)
    sleeper.wake()
    await firing.step(stop)
    assert firing.words == {"FIRED": 1}
    assert queue.asked[1] - queue.asked[0] >= ROUND_SEC


def test_compiled_specs_share_equal_texts_and_tables() -> None:
    """A cached job needs some hundred bytes: expressions are compiled once, and equal values are one text."""
    one, other = (
        compiled(job_id=name, schedule={"cron": "* * * * *"}, inputs={"a": [1]}) for name in ("a", "b")
    )
    assert one.schedule.source is other.schedule.source
    assert one.run.inputs is other.run.inputs
    assert one.run.type is other.run.type
