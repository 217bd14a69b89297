"""Dead letters: failed runs that wait for a decision."""

from __future__ import annotations

import pytest

from app.core.errors import RunNotFound, StateConflict
from app.core.models import AttemptOutcome
from tests.support.queue.queue_driver import QueueDriver


async def _dead(driver: QueueDriver) -> list[str]:
    return await driver.link.call("ZRANGE", driver.keys.dead, 0, -1)


async def test_a_failed_run_is_a_dead_letter(driver: QueueDriver) -> None:
    """It is on both lists, and its record says so."""
    run = await driver.fail()
    assert await _dead(driver) == [run.run_id]
    assert await driver.link.call("ZRANGE", driver.keys.dead_job("job-a"), 0, -1) == [run.run_id]
    assert (await driver.hash(run.run_id))["dead"] == "1"


async def test_redrive_queues_a_dead_letter_as_a_fresh_run(driver: QueueDriver) -> None:
    """Failures and crashes begin at zero; the failed attempt stays in its history."""
    run = await driver.fail()
    await driver.queue.redrive(run.run_id, 1)
    assert await _dead(driver) == []
    stored = await driver.hash(run.run_id)
    assert stored["status"] == "queued"
    assert not {"failures", "crashes", "error", "ended", "dead", "lease"} & set(stored)
    assert await driver.link.call("SMEMBERS", driver.keys.active("job-a")) == [run.run_id]
    again = (await driver.claim()).runs[0]
    assert (again.run_id, again.attempt, again.failures) == (run.run_id, 2, 0)
    assert await driver.finish(again) == "OK"
    assert await driver.link.call("LLEN", driver.keys.attempts(run.run_id)) == 1


async def test_redrive_sent_again_is_ok_and_queues_once(driver: QueueDriver) -> None:
    """A repeat, before or after the run was claimed, changes nothing and is no error."""
    run = await driver.fail()
    await driver.queue.redrive(run.run_id, 1)
    before = await driver.snapshot()
    await driver.queue.redrive(run.run_id, 1)
    assert await driver.snapshot() == before
    await driver.claim()
    await driver.queue.redrive(run.run_id, 1)
    assert await driver.link.call("XLEN", driver.keys.ready("normal")) == 1
    assert await driver.status(run.run_id) == "running"


async def test_redrive_of_an_older_attempt_is_stale(driver: QueueDriver) -> None:
    """Who looked at an attempt that is not the last decides about nothing."""
    run = await driver.start()
    await driver.finish(run, AttemptOutcome.RETRY, delay_ms=1)
    await driver.make_due()
    await driver.queue.promote()
    await driver.finish((await driver.claim()).runs[0], AttemptOutcome.FAILED)
    assert await driver.queue.scripts.run("dead_letters/redrive", run.run_id, 1, 0) == ["STALE"]
    with pytest.raises(StateConflict):
        await driver.queue.redrive(run.run_id, 1)
    assert await driver.status(run.run_id) == "failed"


@pytest.mark.parametrize("outcome", [AttemptOutcome.SUCCESS, AttemptOutcome.CANCELLED])
async def test_redrive_of_what_is_no_dead_letter_is_refused(
    driver: QueueDriver, outcome: AttemptOutcome
) -> None:
    """Only a failed run leaves its terminal state."""
    run = await driver.start()
    await driver.finish(run, outcome)
    before = await driver.snapshot()
    assert await driver.queue.scripts.run("dead_letters/redrive", run.run_id, 1, 0) == ["NOT_DEAD"]
    with pytest.raises(StateConflict):
        await driver.queue.redrive(run.run_id, 1)
    assert await driver.snapshot() == before


async def test_redrive_of_a_discarded_run_is_refused(driver: QueueDriver) -> None:
    """A decision was made."""
    run = await driver.fail()
    assert await driver.queue.discard([run.run_id]) == 1
    with pytest.raises(StateConflict):
        await driver.queue.redrive(run.run_id, 1)


async def test_redrive_of_an_unknown_run_is_not_found(driver: QueueDriver) -> None:
    """No such run."""
    with pytest.raises(RunNotFound):
        await driver.queue.redrive("job@1", 1)


async def test_a_redriven_run_can_fail_and_be_redriven_again(driver: QueueDriver) -> None:
    """Each failure is a decision of its own."""
    run = await driver.fail()
    await driver.queue.redrive(run.run_id, 1)
    await driver.finish((await driver.claim()).runs[0], AttemptOutcome.FAILED)
    assert await _dead(driver) == [run.run_id]
    await driver.queue.redrive(run.run_id, 2)
    assert await driver.status(run.run_id) == "queued"


async def test_discard_takes_dead_letters_off_the_list_alone(driver: QueueDriver) -> None:
    """The run stays in history; what is no dead letter is passed over, a damaged one harms no other."""
    run, broken, other = await driver.fail(), await driver.fail(), await driver.fail()
    good = await driver.start()
    await driver.damage(driver.keys.run(broken.run_id))
    words = await driver.queue.scripts.run(
        "dead_letters/discard", run.run_id, good.run_id, broken.run_id, other.run_id, "nobody@1"
    )
    assert words == ["OK", "NOT_DEAD", "ERROR", "OK", "NOT_DEAD"]
    assert await driver.queue.discard([run.run_id]) == 0
    assert await driver.queue.discard([]) == 0
    assert await _dead(driver) == [broken.run_id]
    assert await driver.status(run.run_id) == "failed"
    await driver.link.call("DEL", driver.keys.run(broken.run_id))


async def test_a_later_success_of_a_scheduled_job_supersedes_its_dead_letters(driver: QueueDriver) -> None:
    """The older failures of that job, and of no other, leave the list; the runs stay failed."""
    older = await driver.fail(source="schedule")
    foreign = await driver.fail("job-b", source="schedule")
    run = await driver.start(source="schedule")
    await driver.finish(run)
    assert await _dead(driver) == [foreign.run_id]
    assert await driver.status(older.run_id) == "failed"
    assert "dead" not in await driver.hash(older.run_id)


async def test_a_success_does_not_supersede_a_newer_failure(driver: QueueDriver) -> None:
    """A slow run that began before the failed one proves nothing about it."""
    slow = await driver.start(source="schedule")
    newer = await driver.fail(source="schedule")
    await driver.finish(slow)
    assert await _dead(driver) == [newer.run_id]


async def test_a_success_by_hand_supersedes_nothing(driver: QueueDriver) -> None:
    """Only the schedule's own success says that all is well again."""
    older = await driver.fail(source="schedule")
    await driver.finish(await driver.start(source="api"))
    assert await _dead(driver) == [older.run_id]


async def test_the_oldest_of_too_many_dead_letters_is_let_go(driver: QueueDriver) -> None:
    """At 10,000 the oldest leaves the list, with an event, and stays in history."""
    oldest = await driver.fail("job-b")
    seq = int((await driver.hash(oldest.run_id))["seq"])
    fill = [part for i in range(9_999) for part in (seq + 1 + i, f"filler@{i}")]
    for start in range(0, len(fill), 4_000):
        await driver.link.call("ZADD", driver.keys.dead, *fill[start : start + 4_000])
    await driver.link.call("SET", driver.keys.seq, seq + 20_000)
    run = await driver.fail()
    assert await driver.link.call("ZCARD", driver.keys.dead) == 10_000
    assert await driver.link.call("ZSCORE", driver.keys.dead, oldest.run_id) is None
    assert await driver.link.call("ZSCORE", driver.keys.dead, run.run_id) is not None
    assert await driver.link.call("EXISTS", driver.keys.dead_job("job-b")) == 0
    assert "dead" not in await driver.hash(oldest.run_id)
    dropped = [event for event in await driver.events() if event.type == "dead_letter.dropped"]
    assert [(event.job_id, event.run_id) for event in dropped] == [("job-b", oldest.run_id)]
