"""Firing slots, by script: one run a slot or a line in the ledger, for any order of callers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.core.errors import VersionNotFound
from app.core.ids import scheduled_run_id
from app.core.models import Concurrency, JobSpec, Overlap, Priority, Schedule
from app.core.queue import DueJob, FireItem, MissedSlots, MovedRun
from app.core.queue.scheduler import saved_spec
from app.core.specs.runs import run_of
from app.core.specs.store import JobStore
from tests.support.queue.queue_driver import QueueDriver

SECOND = 1_000


class Slots:
    """A job with a schedule, and the slots that a scheduler would fire of it."""

    def __init__(self, driver: QueueDriver, jobs: JobStore, job_id: str = "tick") -> None:
        self.driver = driver
        self.jobs = jobs
        self.job_id = job_id
        self.spec = JobSpec(job_id=job_id, type="test.noop", schedule=Schedule(interval_sec=1))

    async def create(self, **changes: Any) -> None:
        self.spec = self.spec.model_copy(update=changes)
        await self.jobs.create(self.spec, actor="ana", origin="test")

    async def is_due(self, seconds_ago: int = 100) -> FireItem:
        """Let the next slot lie in the past; return the step that fires it."""
        slot = (await self.driver.now_ms()) // SECOND * SECOND - seconds_ago * SECOND
        keys = self.driver.keys
        await self.driver.link.call("ZADD", keys.schedule, slot, self.job_id)
        await self.driver.link.call("HSET", keys.job(self.job_id), "slot", slot)
        return self.item(slot)

    def item(self, slot: int, **changes: Any) -> FireItem:
        run = run_of(
            self.spec,
            1,
            run_id=scheduled_run_id(self.job_id, slot),
            source="schedule",
            trace_id="ab" * 16,
        )
        item = FireItem(
            job_id=self.job_id,
            version=1,
            expected_score_ms=slot,
            slot_ms=slot,
            previous_slot_ms=slot - SECOND,
            miss=None,
            next_slot_ms=slot + SECOND,
            next_score_ms=slot + SECOND,
            overlap=self.spec.overlap.value,
            run=run,
        )
        return replace(item, **changes)

    async def ledger(self) -> list[tuple[int, int, int, str]]:
        found = await self.jobs.ledger(self.job_id, 100)
        return [(entry.first, entry.last, entry.slots, entry.reason) for entry in found]

    async def score(self) -> str | None:
        return await self.driver.link.call("ZSCORE", self.driver.keys.schedule, self.job_id)


@pytest.fixture
def slots(driver: QueueDriver, jobs: JobStore) -> Slots:
    return Slots(driver, jobs)


async def test_due_lists_jobs_whose_time_has_come(driver: QueueDriver, slots: Slots) -> None:
    """A due job comes with its version, score and slot; for the others the next fire is returned."""
    # An hour's grid: a second's next slot may come while this looks.
    await slots.create(schedule=Schedule(interval_sec=3600))
    nothing = await driver.queue.due(10)
    assert nothing.jobs == []
    assert nothing.next_due_ms is not None
    assert 0 < nothing.next_due_ms - nothing.now_ms <= 3600 * SECOND
    item = await slots.is_due()
    found = await driver.queue.due(10)
    assert found.jobs == [DueJob("tick", 1, item.slot_ms, item.slot_ms)]
    assert found.next_due_ms is None


async def test_due_puts_off_a_job_whose_record_is_damaged(
    driver: QueueDriver, slots: Slots, jobs: JobStore
) -> None:
    """It hides no other job, is quarantined, and is looked at again in an hour."""
    other = Slots(driver, jobs, "other")
    await other.create()
    await driver.damage(driver.keys.job("tick"))
    await driver.link.call("ZADD", driver.keys.schedule, 1, "tick")
    item = await other.is_due()
    found = await driver.queue.due(10)
    assert [job.job_id for job in found.jobs] == ["other"]
    assert [entry["what"] for entry in await driver.quarantined()] == ["tick"]
    score = await slots.score()
    assert score is not None
    assert float(score) > item.slot_ms + 3_000_000
    await driver.link.call("DEL", driver.keys.job("tick"))


async def test_a_slot_that_fires_is_a_run(driver: QueueDriver, slots: Slots) -> None:
    """The run has the slot's id, and the job's next fire is set in the same call."""
    await slots.create(priority=Priority.HIGH)
    item = await slots.is_due()
    assert await driver.queue.fire([item]) == ["FIRED"]
    run = (await driver.claim()).runs[0]
    assert (run.run_id, run.source, run.slot_ms) == (f"tick@{item.slot_ms}", "schedule", item.slot_ms)
    assert float(await slots.score() or 0) == item.slot_ms + SECOND
    assert (await slots.jobs.find("tick")).next_run_at == item.slot_ms + SECOND
    metrics = await driver.fields(driver.keys.metrics)
    assert metrics["slots|fired"] == "1"
    assert int(metrics["late|sum"]) >= 99 * SECOND


async def test_fire_of_nothing_is_nothing(driver: QueueDriver) -> None:
    """No items, no script."""
    assert await driver.queue.fire([]) == []


async def test_a_slot_is_fired_by_one_scheduler(driver: QueueDriver, slots: Slots) -> None:
    """The second of two schedulers, and a fire sent again, are LOST and change nothing."""
    await slots.create(overlap=Overlap.ALLOW)
    item = await slots.is_due()
    assert await driver.queue.fire([item]) == ["FIRED"]
    before = await driver.snapshot()
    assert await driver.queue.fire([item]) == ["LOST"]
    assert await driver.snapshot() == before


async def test_an_older_version_does_not_fire(driver: QueueDriver, slots: Slots) -> None:
    """Who read the spec before its last save, or before it was disabled, fires nothing."""
    await slots.create()
    item = await slots.is_due()
    await driver.link.call("HSET", driver.keys.job("tick"), "version", 2)
    assert await driver.queue.fire([item]) == ["LOST"]
    await driver.link.call("HSET", driver.keys.job("tick"), "version", 1, "enabled", 0)
    assert await driver.queue.fire([item]) == ["LOST"]
    assert await driver.link.call("ZCARD", driver.keys.runs) == 0


async def test_a_deleted_job_does_not_fire(driver: QueueDriver, slots: Slots) -> None:
    """A deletion between reading and firing wins."""
    await slots.create()
    item = await slots.is_due()
    await slots.jobs.delete("tick", actor="ana")
    assert await driver.queue.fire([item]) == ["LOST"]


async def test_a_slot_never_fires_early(driver: QueueDriver, slots: Slots) -> None:
    """A scheduler whose clock runs ahead is refused by Redis' own."""
    await slots.create()
    item = await slots.is_due(seconds_ago=-3600)
    assert await driver.queue.fire([item]) == ["EARLY"]
    assert float(await slots.score() or 0) == item.slot_ms
    assert await driver.link.call("ZCARD", driver.keys.runs) == 0


async def test_the_last_slot_leaves_the_schedule(driver: QueueDriver, slots: Slots) -> None:
    """Without a next slot the job is done."""
    await slots.create()
    item = await slots.is_due()
    assert await driver.queue.fire([replace(item, next_slot_ms=None, next_score_ms=None)]) == ["FIRED"]
    assert await slots.score() is None
    assert (await slots.jobs.find("tick")).next_run_at is None


async def test_missed_slots_stand_in_the_ledger(driver: QueueDriver, slots: Slots) -> None:
    """A step may record what was missed and fire the last slot, or record alone."""
    await slots.create()
    item = await slots.is_due()
    missed = MissedSlots(item.slot_ms - 5 * SECOND, item.slot_ms - SECOND, 5)
    assert await driver.queue.fire([replace(item, miss=missed)]) == ["FIRED"]
    alone = slots.item(item.slot_ms + SECOND, run=None)
    missed = MissedSlots(alone.slot_ms, alone.slot_ms, 1)
    assert await driver.queue.fire([replace(alone, miss=missed)]) == ["RECORDED"]
    assert await slots.ledger() == [
        (alone.slot_ms, alone.slot_ms, 1, "missed"),
        (item.slot_ms - 5 * SECOND, item.slot_ms - SECOND, 5, "missed"),
    ]
    assert (await driver.fields(driver.keys.metrics))["slots|missed"] == "6"
    reported = [event for event in await driver.events() if event.type == "schedule.missed"]
    assert [event.data["slots"] for event in reported] == [5, 1]


async def test_the_ledger_extends_a_range_that_goes_on(driver: QueueDriver, slots: Slots) -> None:
    """A range with the same reason that ended at the slot before grows, without another event."""
    await slots.create()
    item = await slots.is_due()
    for number in range(3):
        step = slots.item(item.slot_ms + number * SECOND, run=None)
        missed = MissedSlots(step.slot_ms, step.slot_ms, 1)
        await driver.queue.fire([replace(step, miss=missed)])
    other = slots.item(item.slot_ms + 3 * SECOND, run=None)
    await driver.queue.fire([replace(other, miss=MissedSlots(other.slot_ms, other.slot_ms, 1, "paused"))])
    assert await slots.ledger() == [
        (other.slot_ms, other.slot_ms, 1, "paused"),
        (item.slot_ms, item.slot_ms + 2 * SECOND, 3, "missed"),
    ]
    reported = [event.type for event in await driver.events() if event.type.startswith("schedule.")]
    assert reported == ["schedule.missed", "schedule.skipped"]


async def test_the_ledger_keeps_its_newest_thousand(driver: QueueDriver, slots: Slots) -> None:
    """A job that always misses does not fill Redis."""
    await slots.create()
    item = await slots.is_due()
    await driver.link.call("RPUSH", driver.keys.ledger("tick"), *(f"{i}|{i}|1|old|1" for i in range(1000)))
    await driver.queue.fire([replace(item, run=None, miss=MissedSlots(item.slot_ms, item.slot_ms, 1))])
    assert await driver.link.call("LLEN", driver.keys.ledger("tick")) == 1000
    assert await driver.link.call("LINDEX", driver.keys.ledger("tick"), 0) == "1|1|1|old|1"


async def test_overlap_skip_records_the_slot(driver: QueueDriver, slots: Slots) -> None:
    """While an earlier run is active its job's slots are skipped, in one range; afterwards they fire."""
    await slots.create()
    first = await slots.is_due()
    assert await driver.queue.fire([first]) == ["FIRED"]
    second, third, fourth = (slots.item(first.slot_ms + n * SECOND) for n in (1, 2, 3))
    assert await driver.queue.fire([second, third]) == ["SKIPPED", "SKIPPED"]
    assert await slots.ledger() == [(second.slot_ms, third.slot_ms, 2, "overlap")]
    assert await driver.link.call("EXISTS", driver.keys.run(f"tick@{second.slot_ms}")) == 0
    await driver.finish((await driver.claim()).runs[0])
    assert await driver.queue.fire([fourth]) == ["FIRED"]


async def test_overlap_skip_within_one_batch_sees_the_run_before(driver: QueueDriver, slots: Slots) -> None:
    """Two slots of one job in one script: the second finds the first one's run."""
    await slots.create()
    first = await slots.is_due()
    assert await driver.queue.fire([first, slots.item(first.slot_ms + SECOND)]) == ["FIRED", "SKIPPED"]


async def test_overlap_skip_looks_at_a_retrying_run_and_passes_by_hand(
    driver: QueueDriver, slots: Slots
) -> None:
    """A run that waits for its back-off is active; a run by hand is never skipped."""
    await slots.create()
    await driver.enqueue("tick", delay_ms=60_000)
    item = await slots.is_due()
    assert await driver.queue.fire([item]) == ["SKIPPED"]
    assert (await driver.queue.enqueue(driver.new_run("tick"))).word == "OK"


async def test_overlap_queue_is_bounded(driver: QueueDriver, slots: Slots) -> None:
    """A hundred may wait behind the running one; the next slot is `backlog`."""
    await slots.create(overlap=Overlap.QUEUE)
    first = await slots.is_due(seconds_ago=500)
    steps = [slots.item(first.slot_ms + number * SECOND) for number in range(102)]
    words = await driver.queue.fire(steps)
    assert words == ["FIRED"] * 101 + ["SKIPPED"]
    assert await slots.ledger() == [(steps[101].slot_ms, steps[101].slot_ms, 1, "backlog")]
    assert len((await driver.claim()).runs) == 1


async def test_overlap_allow_runs_side_by_side(driver: QueueDriver, slots: Slots) -> None:
    """Nothing holds them back."""
    await slots.create(overlap=Overlap.ALLOW)
    first = await slots.is_due()
    assert await driver.queue.fire([first, slots.item(first.slot_ms + SECOND)]) == ["FIRED", "FIRED"]
    assert len((await driver.claim()).runs) == 2


async def test_overlap_cancel_running_stops_what_is_active(driver: QueueDriver, slots: Slots) -> None:
    """The running run is asked to stop, a waiting one ends, and the new one starts when the place is free."""
    await slots.create(overlap=Overlap.CANCEL_RUNNING)
    first = await slots.is_due()
    await driver.queue.fire([first])
    running = (await driver.claim()).runs[0]
    second, third = (slots.item(first.slot_ms + n * SECOND) for n in (1, 2))
    assert await driver.queue.fire([second, third]) == ["FIRED", "FIRED"]
    assert "cancel" in await driver.hash(running.run_id)
    assert await driver.status(f"tick@{second.slot_ms}") == "cancelled"
    assert (await driver.claim()).runs == []
    await driver.finish(running)
    assert [run.slot_ms for run in (await driver.claim()).runs] == [third.slot_ms]


async def test_one_batch_may_cancel_more_runs_than_unpack_takes(driver: QueueDriver, jobs: JobStore) -> None:
    """Seventeen jobs with 256 waiting runs each: all are cancelled and all indexes say so."""
    items: list[FireItem] = []
    for number in range(17):
        slots = Slots(driver, jobs, f"job-{number}")
        await slots.create(overlap=Overlap.CANCEL_RUNNING)
        items.append(await slots.is_due())
        await driver.enqueue_some(256, f"job-{number}", delay_ms=3_600_000)
    assert await driver.queue.fire(items) == ["FIRED"] * 17
    assert await driver.link.call("ZCARD", driver.keys.runs_status("cancelled")) == 17 * 256
    assert await driver.link.call("ZCARD", driver.keys.runs_status("scheduled")) == 0


async def test_only_the_run_in_place_of_a_skipped_slot_says_so(driver: QueueDriver, jobs: JobStore) -> None:
    """Slots of one batch share what their jobs have in common, and nothing of one run."""
    items: list[FireItem] = []
    for name in ("moved", "usual"):
        slots = Slots(driver, jobs, name)
        await slots.create()
        items.append(await slots.is_due())
    items[0] = replace(items[0], moved=MovedRun(items[0].slot_ms - SECOND, "holiday"))
    assert await driver.queue.fire(items) == ["FIRED"] * 2
    moved, usual = [await driver.hash(item.run.run_id) for item in items if item.run]
    assert ("moved" in moved, "moved" in usual) == (True, False)
    assert (usual["job"], usual["slot"]) == ("usual", str(items[1].slot_ms))


async def test_a_slot_fires_once_though_its_run_is_purged(driver: QueueDriver, slots: Slots) -> None:
    """After the clock went back the slot's range is known, and the ledger says why it did not run."""
    await slots.create()
    item = await slots.is_due()
    await driver.queue.fire([item])
    await driver.finish((await driver.claim()).runs[0])
    await driver.link.call("DEL", driver.keys.run(f"tick@{item.slot_ms}"))
    await slots.is_due()
    await driver.link.call("ZADD", driver.keys.schedule, item.slot_ms, "tick")
    assert await driver.queue.fire([item]) == ["SKIPPED"]
    assert await slots.ledger() == [(item.slot_ms, item.slot_ms, 1, "clock_went_back")]
    await driver.link.call("ZREM", driver.keys.runs, f"tick@{item.slot_ms}")


async def test_fired_slots_are_kept_as_merged_ranges(driver: QueueDriver, slots: Slots) -> None:
    """Neighbours merge; beyond sixteen ranges the two oldest become one, so that nothing is forgotten."""
    await slots.create(overlap=Overlap.ALLOW)
    first = await slots.is_due(seconds_ago=1000)
    base = first.slot_ms
    await driver.queue.fire([first, slots.item(base + SECOND), slots.item(base + 2 * SECOND)])
    key = driver.keys.fired("tick")
    assert await driver.link.call("GET", key) == f"{base}-{base + 2 * SECOND}"
    for number in range(1, 18):
        slot = base + number * 10 * SECOND
        await driver.link.call("ZADD", driver.keys.schedule, slot, "tick")
        assert await driver.queue.fire([slots.item(slot, previous_slot_ms=slot - SECOND)]) == ["FIRED"]
    ranges = (await driver.link.call("GET", key)).split(",")
    assert len(ranges) == 16
    assert ranges[0] == f"{base}-{base + 20 * SECOND}"
    assert ranges[-1] == f"{base + 170 * SECOND}-{base + 170 * SECOND}"


async def test_fire_of_a_damaged_job_leaves_its_neighbours_alone(
    driver: QueueDriver, slots: Slots, jobs: JobStore
) -> None:
    """A broken ledger is an ERROR, put off for an hour; the other jobs fire, and cancels are indexed."""
    await slots.create()
    other = Slots(driver, jobs, "other")
    await other.create(overlap=Overlap.CANCEL_RUNNING)
    waiting = await driver.enqueue("other", delay_ms=60_000)
    await driver.damage(driver.keys.ledger("tick"))
    bad, good = await slots.is_due(), await other.is_due()
    bad = replace(bad, miss=MissedSlots(bad.slot_ms - SECOND, bad.slot_ms - SECOND, 1))
    assert await driver.queue.fire([good, bad]) == ["FIRED", "ERROR"]
    assert await driver.link.call("ZRANGE", driver.keys.runs_status("cancelled"), 0, -1) == [waiting]
    assert float(await slots.score() or 0) > await driver.now_ms() + 3_000_000
    assert [entry["what"] for entry in await driver.quarantined()] == ["tick"]
    await driver.link.call("DEL", driver.keys.ledger("tick"))


async def test_a_chain_of_steps_fires_in_one_batch(driver: QueueDriver, slots: Slots) -> None:
    """Each step expects the score that the one before it has set."""
    await slots.create(overlap=Overlap.ALLOW)
    first = await slots.is_due()
    chain = [first, *(slots.item(first.slot_ms + n * SECOND) for n in range(1, 5))]
    assert await driver.queue.fire(chain) == ["FIRED"] * 5
    assert await driver.queue.fire(chain) == ["LOST"] * 5
    assert await driver.link.call("ZCARD", driver.keys.runs) == 5


async def test_a_fired_run_keeps_its_keys(driver: QueueDriver, slots: Slots) -> None:
    """Overlap and concurrency keys of the spec reach the run."""
    await slots.create(overlap=Overlap.QUEUE, concurrency=Concurrency(key="db", limit=2))
    item = await slots.is_due()
    await driver.queue.fire([item])
    await driver.claim()
    assert (
        await driver.link.call("EXISTS", driver.keys.holders("job:tick"), driver.keys.holders("user:db")) == 2
    )


async def test_reschedule_sets_the_next_fire(driver: QueueDriver, slots: Slots) -> None:
    """The next fire is recomputed, and skipped slots are in the ledger."""
    await slots.create()
    item = await slots.is_due()
    job = DueJob("tick", 1, item.slot_ms, item.slot_ms)
    later = item.slot_ms + 500 * SECOND
    assert await driver.queue.reschedule(
        job, later, later + 5, MissedSlots(item.slot_ms, later, 500, "clock_went_back")
    )
    assert float(await slots.score() or 0) == later + 5
    assert (await slots.jobs.find("tick")).next_run_at == later
    assert await slots.ledger() == [(item.slot_ms, later, 500, "clock_went_back")]
    job = DueJob("tick", 1, later + 5, later)
    assert await driver.queue.reschedule(job, None, None)
    assert await slots.score() is None


@pytest.mark.parametrize(("version", "ahead"), [(1, 1), (2, 0)])
async def test_reschedule_yields_to_a_newer_save(
    driver: QueueDriver, slots: Slots, version: int, ahead: int
) -> None:
    """Another score or another version means that somebody else was here."""
    await slots.create()
    item = await slots.is_due()
    before = await driver.snapshot()
    job = DueJob("tick", version, item.slot_ms + ahead, item.slot_ms)
    assert not await driver.queue.reschedule(job, item.slot_ms + 1, item.slot_ms + 1)
    assert await driver.snapshot() == before


async def test_the_spec_of_a_version_is_read_as_it_was_saved(driver: QueueDriver, slots: Slots) -> None:
    """What a scheduler compiles is that version, whatever was saved since."""
    await slots.create(description="one")
    two = slots.spec.model_copy(update={"description": "two"})
    await slots.jobs.replace(two, expected_version=1, actor="ana", origin="test")
    assert [(await driver.queue.spec("tick", n)).description for n in (1, 2)] == ["one", "two"]


async def test_versions_of_several_jobs_are_read_at_once(
    driver: QueueDriver, slots: Slots, jobs: JobStore
) -> None:
    """A version that is missing, or whose record is damaged, is an empty text."""
    await slots.create(description="one")
    await driver.damage(driver.keys.versions("broken"))
    await driver.queue.saved_texts([("tick", 1)])  # The server has the script from now on.
    before = driver.link.round_trips
    texts = await driver.queue.saved_texts([("tick", 1), ("broken", 1), ("tick", 2)])
    assert driver.link.round_trips == before + 1
    assert saved_spec("tick", 1, texts[0])[0] == slots.spec
    assert texts[1:] == ["", ""]
    with pytest.raises(VersionNotFound):
        saved_spec("tick", 2, texts[2])
    await driver.link.call("DEL", driver.keys.versions("broken"))


async def test_jobs_of_one_batch_share_the_writes_of_the_schedule(
    driver: QueueDriver, jobs: JobStore
) -> None:
    """Each next fire is stored, and one that is over is removed, also if its job was changed twice."""
    many = [Slots(driver, jobs, f"tick-{number}") for number in range(3)]
    for each in many:
        await each.create(overlap=Overlap.ALLOW)
    first, second, last = [await each.is_due() for each in many]
    following = many[2].item(
        last.slot_ms + SECOND,
        expected_score_ms=last.next_score_ms,
        next_slot_ms=None,
        next_score_ms=None,
    )
    words = await driver.queue.fire([first, last, second, following, first])
    assert words == ["FIRED", "FIRED", "FIRED", "FIRED", "LOST"]
    assert [await each.score() for each in many] == [
        str(first.slot_ms + SECOND),
        str(second.slot_ms + SECOND),
        None,
    ]
    assert (await jobs.find("tick-2")).next_run_at is None
