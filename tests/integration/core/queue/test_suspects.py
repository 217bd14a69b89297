"""Suspects: isolation, lost workers, crashes."""

from __future__ import annotations

from itertools import pairwise

import pytest

from app.core.i18n import render
from app.core.models import AttemptOutcome, ClaimedRun
from app.core.queue import StreamEntry
from app.core.redis_client import BlockingLink
from app.core.runs.store import RunStore
from tests.support.queue.queue_driver import QueueDriver

ISOLATED = {"suspect": 2}


async def _suspect(driver: QueueDriver, job_id: str = "job-a", **changes: str) -> str:
    """Return a run with two crashes behind it."""
    run = await driver.start(job_id, **changes)
    await driver.crash()
    await driver.claim()
    await driver.crash()
    return run.run_id


async def _isolated(driver: QueueDriver) -> ClaimedRun:
    [run] = (await driver.claim(quotas=ISOLATED)).runs
    return run


async def _lose_worker(driver: QueueDriver) -> None:
    """Let the worker of the one suspect die; the pause before its next start is over at once."""
    await _isolated(driver)
    await driver.crash()
    await driver.make_due()
    await driver.queue.promote()


async def test_poison_is_isolated_after_two_crashes(driver: QueueDriver) -> None:
    """A run with two crashes waits among the suspects, and no claim for normal slots takes it."""
    run_id = await _suspect(driver)
    assert (await driver.hash(run_id))["lane"] == "suspect"
    assert (await driver.claim()).runs == []
    assert (await driver.queue.stats()).suspects == 1
    run = await _isolated(driver)
    assert (run.run_id, run.alone, run.crashes) == (run_id, True, 2)


async def test_stats_tell_isolated_runs_from_those_that_wait_for_keys(driver: QueueDriver) -> None:
    """A suspect that runs is a suspect and waits for nothing."""
    await _suspect(driver)
    await _suspect(driver)
    await driver.claim(quotas={"suspect": 1})
    await driver.start("job-b", key="k")
    await driver.enqueue("job-c", key="k")
    await driver.claim()
    stats = await driver.queue.stats()
    assert (stats.suspects, stats.waiting_for_keys) == (2, 1)


async def test_suspects_use_none_of_the_normal_slots(driver: QueueDriver) -> None:
    """One claim brings both kinds, each up to its own limit."""
    await _suspect(driver)
    await _suspect(driver)
    await _suspect(driver)
    await driver.enqueue_some(3)
    claim = await driver.claim(2, quotas={"normal": 2, **ISOLATED})
    assert [run.alone for run in claim.runs] == [False, False, True, True]
    assert (claim.taken["normal"], claim.taken["suspect"]) == (2, 2)


async def test_adopted_entries_count_by_their_own_kind(driver: QueueDriver, blocking: BlockingLink) -> None:
    """A delivered suspect takes no normal slot; without a slot of its own it goes back to its lane."""
    run_id = await _suspect(driver)
    await driver.enqueue()
    adopted = await driver.queue.wait_for_entry(blocking, "w1", 1000, ("suspect",))
    assert [(item.lane, item.run_id) for item in adopted] == [("suspect", run_id)]
    claim = await driver.claim(1, quotas={"normal": 1}, adopt=adopted)
    assert [run.alone for run in claim.runs] == [False]
    assert (await driver.queue.stats()).suspects == 1
    assert (await _isolated(driver)).run_id == run_id


async def test_entries_of_a_broken_connection_include_suspects(
    driver: QueueDriver, blocking: BlockingLink
) -> None:
    """An entry that a blocking read has delivered is found again in each lane."""
    run_id = await _suspect(driver)
    [item] = await driver.queue.wait_for_entry(blocking, "w1", 1000, ("suspect",))
    assert await driver.queue.pending_of(blocking, "w1", 10) == [
        StreamEntry("suspect", item.entry_id, run_id)
    ]


async def test_a_suspect_that_loses_its_worker_is_charged_nothing(
    driver: QueueDriver, runs: RunStore
) -> None:
    """It goes back to the suspects after a pause; neither crashes nor failures are counted."""
    run_id = await _suspect(driver)
    await _isolated(driver)
    await driver.crash()
    record = await runs.get(run_id)
    assert (record.status, record.crashes, record.failures) == ("retrying", 2, 0)
    assert record.attempts[-1].error is not None
    assert "isolated" in record.attempts[-1].error["message"]


async def test_a_suspect_that_lost_its_worker_stays_isolated(driver: QueueDriver) -> None:
    """After its pause it waits among the suspects, not in the lane of its priority."""
    run_id = await _suspect(driver)
    await _lose_worker(driver)
    assert (await driver.hash(run_id))["lane"] == "suspect"
    assert (await _isolated(driver)).run_id == run_id


async def test_a_suspect_that_lost_its_worker_gives_its_place_away(driver: QueueDriver) -> None:
    """While it pauses, the next run that needs its key may start."""
    await _suspect(driver, key="k")
    await _isolated(driver)
    waiting = await driver.enqueue("job-b", key="k")
    assert (await driver.claim()).runs == []
    await driver.crash()
    assert [run.run_id for run in (await driver.claim()).runs] == [waiting]


async def test_pauses_of_a_suspect_grow_to_a_minute(driver: QueueDriver) -> None:
    """1 s doubles with each lost worker and stops at 60 s."""
    run_id = await _suspect(driver)
    pauses: list[int] = []
    for _ in range(8):
        await _isolated(driver)
        await driver.crash()
        pauses.append(round((int((await driver.hash(run_id))["due"]) - await driver.now_ms()) / 1000))
        await driver.make_due()
        await driver.queue.promote()
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]


async def test_a_suspect_that_loses_ten_workers_is_a_dead_letter(driver: QueueDriver, runs: RunStore) -> None:
    """Nine lost workers change nothing; the tenth ends the run, and the error names the open question."""
    run_id = await _suspect(driver)
    for _ in range(9):
        await _lose_worker(driver)
        assert await driver.status(run_id) == "queued"
    await _lose_worker(driver)
    record = await runs.get(run_id)
    assert (record.status, record.crashes, record.dead_letter) == ("failed", 2, True)
    assert record.error is not None
    assert (record.error["code"], record.error["retryable"]) == ("worker_lost", False)
    assert "10 times" in record.error["message"]
    assert "10 kali" in render(record.error["message"], "id")


async def test_a_suspect_is_excused_if_many_other_workers_are_lost(driver: QueueDriver) -> None:
    """Under random kills in the whole deployment ten losses prove nothing about one run."""
    run_id = await _suspect(driver)
    for _ in range(9):
        await _lose_worker(driver)
    stored = await driver.hash(run_id)
    others = [part for number in range(60) for part in (stored["lost_since"], f"other-{number}")]
    await driver.link.call("ZADD", driver.keys.lost_workers, *others)
    await _lose_worker(driver)
    assert await driver.status(run_id) == "queued"
    await driver.link.call("ZREM", driver.keys.lost_workers, *others[1::2])
    await _lose_worker(driver)
    assert await driver.status(run_id) == "failed"


async def test_a_lost_worker_is_counted_once(driver: QueueDriver) -> None:
    """Counted once for any number of its runs and lanes; a worker without runs is not counted."""
    for lane in ("high", "normal", "low"):
        await driver.enqueue_some(2, lane=lane)
    await driver.claim(6, "w1")
    await driver.crash()
    assert await driver.link.call("ZRANGE", driver.keys.lost_workers, 0, -1) == ["w1"]


async def test_a_redriven_suspect_starts_afresh(driver: QueueDriver) -> None:
    """Earlier crashes and lost workers are no longer counted."""
    run_id = await _suspect(driver)
    for _ in range(10):
        await _lose_worker(driver)
    attempt = int((await driver.hash(run_id))["attempt"])
    assert await driver.queue.redrive_many([(run_id, attempt, 0)]) == ["OK"]
    [run] = (await driver.claim()).runs
    assert (run.alone, run.crashes) == (False, 0)


async def test_a_suspect_that_succeeds_alone_is_cleared(driver: QueueDriver) -> None:
    """A run that shared a killed worker twice is not a dead letter."""
    run_id = await _suspect(driver)
    assert await driver.finish(await _isolated(driver)) == "OK"
    assert await driver.status(run_id) == "success"
    assert "alone" not in await driver.hash(run_id)
    assert await driver.at_rest() == {}


async def test_a_suspect_that_fails_in_order_is_retried_as_usual(driver: QueueDriver) -> None:
    """Handler failures are not crashes; its next crash makes it a suspect again."""
    run_id = await _suspect(driver)
    await _lose_worker(driver)
    await driver.finish(await _isolated(driver), AttemptOutcome.RETRY, delay_ms=1)
    await driver.make_due()
    await driver.queue.promote()
    assert [run.run_id for run in (await driver.claim()).runs] == [run_id]
    await driver.crash()
    stored = await driver.hash(run_id)
    assert (stored["status"], stored["lane"], stored["crashes"]) == ("queued", "suspect", "3")


async def test_a_released_suspect_stays_among_the_suspects(driver: QueueDriver) -> None:
    """A drain in between does not let it run in a normal slot."""
    run_id = await _suspect(driver)
    run = await _isolated(driver)
    await driver.queue.release([(run.run_id, run.lease_id)])
    stored = await driver.hash(run_id)
    assert (stored["lane"], "alone" in stored) == ("suspect", False)


async def test_a_suspect_that_waited_for_a_key_stays_a_suspect(driver: QueueDriver) -> None:
    """It gets its place from the run before it and enters the lane of suspects, not that of its priority."""
    run_id = await _suspect(driver, key="k")
    holder = await driver.start("job-b", key="k")
    assert (await driver.claim(quotas=ISOLATED)).runs == []
    await driver.finish(holder)
    assert (await driver.claim()).runs == []
    assert (await _isolated(driver)).run_id == run_id


# Losses that count no crash


async def _gap(driver: QueueDriver) -> None:
    """Let every process be gone for longer than half a lease, and its grace be over."""
    gap = driver.queue.settings.lease_ms
    await driver.link.call("HSET", driver.keys.lease_clock, "at", await driver.now_ms() - gap)
    await driver.queue.reclaim("normal", "0-0")


async def test_a_loss_of_everything_accuses_no_run(driver: QueueDriver, runs: RunStore) -> None:
    """A power cut or a stop of all processes leaves a gap; runs that started before it are not charged."""
    run = await driver.start()
    await driver.link.call("HINCRBY", driver.keys.run(run.run_id), "started", -1)
    await _gap(driver)
    await driver.crash()
    record = await runs.get(run.run_id)
    assert (record.status, record.crashes) == ("queued", 0)
    assert record.attempts[0].error is not None
    assert "no crash is counted" in record.attempts[0].error["message"]


async def test_a_run_that_started_after_a_gap_is_charged(driver: QueueDriver) -> None:
    """The next kill of a single worker counts a crash as before."""
    await _gap(driver)
    run = await driver.start()
    await driver.link.call("HINCRBY", driver.keys.run(run.run_id), "started", 1)
    await driver.crash()
    assert (await driver.hash(run.run_id))["crashes"] == "1"


async def test_a_run_of_many_gaps_is_isolated(driver: QueueDriver) -> None:
    """A run that is active each time that all processes stop may be the cause; it is isolated."""
    run_id = await driver.enqueue()
    for _ in range(4):
        assert (await driver.hash(run_id))["lane"] == "normal"
        await driver.claim()
        await driver.link.call("HINCRBY", driver.keys.run(run_id), "started", -1)
        await _gap(driver)
        await driver.crash()
    stored = await driver.hash(run_id)
    assert (stored["lane"], stored["gaps"], "crashes" in stored) == ("suspect", "4", False)


async def test_the_error_of_a_lost_worker_says_what_is_known(driver: QueueDriver, runs: RunStore) -> None:
    """Which worker, how long after the start, and how many other runs it held."""
    first, *_ = await driver.enqueue_some(3)
    await driver.claim()
    await driver.link.call("HINCRBY", driver.keys.run(first), "started", -12_000)
    await driver.crash()
    error = (await runs.get(first)).attempts[0].error
    assert error is not None
    assert "worker-w1" in error["message"]
    assert "12." in error["message"]
    assert "2 other runs" in error["message"]


# Fencing tokens


async def test_fencing_tokens_rise_with_every_claim(driver: QueueDriver) -> None:
    """Over workers and within a batch; a repeated claim returns the same ones."""
    await driver.enqueue_some(6)
    tokens: list[int] = []
    for consumer in ("w1", "w2", "w1"):
        claim = await driver.claim(2, consumer, {"normal": 2})
        tokens += [run.fencing_token for run in claim.runs]
    assert len(tokens) == 6
    assert all(earlier < later for earlier, later in pairwise(tokens))
    again = await driver.queue.claim("w1", 2, "worker-w1", 2, {}, [])
    assert [run.fencing_token for run in again.runs] == tokens[4:]


async def test_fencing_tokens_rise_if_the_clock_goes_back(driver: QueueDriver) -> None:
    """The counter may be ahead of the clock by years: the next token is larger all the same."""
    ahead = (await driver.now_ms()) * 1000 + 10**14
    await driver.link.call("SET", driver.keys.fence, ahead)
    assert (await driver.start()).fencing_token > ahead
    first = await driver.start()
    assert (await driver.start()).fencing_token > first.fencing_token


async def test_fencing_tokens_rise_after_the_counter_is_lost(driver: QueueDriver) -> None:
    """A failover may lose the counter's last writes; the clock is a lower bound."""
    before = await driver.start()
    await driver.link.call("DEL", driver.keys.fence)
    await driver.link.call("HINCRBY", driver.keys.run(before.run_id), "started", -1000)
    at = await driver.now_ms()
    token = (await driver.start()).fencing_token
    assert token > at // 100 * 100_000


@pytest.mark.parametrize(
    ("changes", "keyed"), [({}, False), ({"key": "k"}, True), ({"overlap_key": True}, True)]
)
async def test_a_claim_says_if_a_run_holds_a_key(
    driver: QueueDriver, changes: dict[str, str], keyed: bool
) -> None:
    """A repeat of the claim returns the same."""
    run = await driver.start(**changes)
    [again] = (await driver.queue.claim("w1", 1, "worker-w1", 1, {}, [])).runs
    assert (run.keyed, again) == (keyed, run)
