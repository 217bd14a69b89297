"""Ending attempts: once, by their owner, with everything that an end leaves behind."""

from __future__ import annotations

import json
import random

import pytest

from app.core.models import AttemptOutcome, AttemptResult
from app.core.redis_client import BlockingLink
from app.core.runs.store import RunStore
from tests.support.queue.queue_driver import BROKEN, QueueDriver, ending, heard

ENDS = [
    (AttemptOutcome.SUCCESS, "success"),
    (AttemptOutcome.FAILED, "failed"),
    (AttemptOutcome.CANCELLED, "cancelled"),
    (AttemptOutcome.RETRY, "retrying"),
]


@pytest.mark.parametrize(("outcome", "status"), ENDS)
async def test_finish_moves_a_run_by_its_outcome(
    driver: QueueDriver, outcome: AttemptOutcome, status: str
) -> None:
    """Record, status index, stream, pending list and events agree about each outcome."""
    run = await driver.start()
    assert await driver.finish(run, outcome, delay_ms=60_000) == "OK"
    keys = driver.keys
    assert await driver.status(run.run_id) == status
    for name in ("running", "queued", "success", "failed", "cancelled", "retrying"):
        members = await driver.link.call("ZRANGE", keys.runs_status(name), 0, -1)
        assert members == ([run.run_id] if name == status else [])
    assert await driver.link.call("XLEN", keys.ready("normal")) == 0
    assert await driver.pending("normal") == []
    assert (await driver.event_types(run.run_id))[-1] == f"run.{status}"
    is_active = await driver.link.call("SISMEMBER", keys.active("job-a"), run.run_id)
    assert is_active == (status == "retrying")


async def test_many_runs_end_in_any_order(driver: QueueDriver) -> None:
    """The entries of runs that go on stay, and each other one is deleted, whatever ended before."""
    await driver.enqueue_some(64)
    runs = (await driver.claim(slots=64)).runs
    long, rest = [runs[0], runs[40]], [run for run in runs if run not in (runs[0], runs[40])]
    random.Random(7).shuffle(rest)
    lane = driver.keys.ready("normal")
    for part in (rest[:30], rest[30:], long):
        assert await driver.queue.finish_many([ending(run) for run in part]) == ["OK"] * len(part)
        left = [entry[1][1] for entry in await driver.link.call("XRANGE", lane, "-", "+")]
        assert left == [run.run_id for run in runs if await driver.status(run.run_id) == "running"]
    assert await driver.pending("normal") == []


async def test_the_end_of_many_runs_deletes_no_entry_that_waits(driver: QueueDriver) -> None:
    """A pending entry that was made for a running run may be younger than entries that wait."""
    running = await driver.start()
    await driver.enqueue_some(20)
    runs = (await driver.claim(slots=20)).runs
    waiting = await driver.enqueue_some(3)
    # Its entry is lost, so the renewal makes a new one.
    await driver.link.call("XDEL", driver.keys.ready("normal"), (await driver.hash(running.run_id))["entry"])
    assert await driver.queue.renew("w1", [(running.run_id, running.lease_id)]) == ["OK"]
    assert await driver.queue.finish_many([ending(run) for run in runs]) == ["OK"] * 20
    assert [run.run_id for run in (await driver.claim(consumer="w2")).runs] == waiting


async def test_finish_stores_what_the_attempt_left(driver: QueueDriver, runs: RunStore) -> None:
    """Output, error, fingerprint, calls and failures are there to be read."""
    good = await driver.start()
    await driver.finish(good, output='{"answer": [1, {}]}', calls='[{"tool": "http"}]')
    record = await runs.get(good.run_id)
    assert (record.output, record.error, record.failures) == ({"answer": [1, {}]}, None, 0)
    assert record.attempts[0].calls == [{"tool": "http"}]
    bad = await driver.fail()
    record = await runs.get(bad.run_id)
    assert (record.error, record.failures, record.dead_letter) == (json.loads(BROKEN), 1, True)
    assert (await driver.hash(bad.run_id))["fingerprint"] == "abc"


@pytest.mark.parametrize(("outcome", "status"), ENDS)
async def test_finish_sent_again_changes_nothing(
    driver: QueueDriver, outcome: AttemptOutcome, status: str
) -> None:
    """A repeat is OK, and every key, counter and roll-up stays as it was."""
    run = await driver.start()
    end = ending(run, outcome, delay_ms=60_000, error="{}", log="abc", fingerprint="f")
    await driver.queue.finish_many([end])
    before = await driver.snapshot()
    assert await driver.queue.finish_many([end]) == ["OK"]
    assert await driver.snapshot() == before
    assert await driver.status(run.run_id) == status


async def test_finish_twice_in_one_batch_counts_once(driver: QueueDriver) -> None:
    """Even two ends of one attempt in one script are one end."""
    run = await driver.start()
    end = ending(run)
    assert await driver.queue.finish_many([end, end]) == ["OK", "OK"]
    metrics = await driver.fields(driver.keys.metrics)
    assert metrics["runs|test.noop|success"] == "1"


async def test_finish_sent_again_after_promotion_changes_nothing(driver: QueueDriver) -> None:
    """A very late repeat of a retry meets a run that is queued again, and leaves it so."""
    run = await driver.start()
    end = ending(run, AttemptOutcome.RETRY, delay_ms=1)
    await driver.queue.finish_many([end])
    await driver.make_due()
    await driver.queue.promote()
    before = await driver.snapshot()
    assert await driver.queue.finish_many([end]) == ["OK"]
    assert await driver.snapshot() == before


async def test_finish_of_a_lost_lease_changes_nothing(driver: QueueDriver) -> None:
    """Another lease or another attempt is LOST: neither the zombie's state nor its counters are kept."""
    run = await driver.start()
    await driver.crash()
    second = (await driver.claim(consumer="w2")).runs[0]
    before = await driver.snapshot()
    words = await driver.queue.finish_many(
        [
            ending(run),
            AttemptResult(run.run_id, second.lease_id, 1, AttemptOutcome.SUCCESS),
            AttemptResult(run.run_id, run.lease_id, 2, AttemptOutcome.SUCCESS),
        ]
    )
    assert words == ["LOST"] * 3
    assert await driver.snapshot() == before
    assert await driver.finish(second) == "OK"


async def test_finish_of_an_unknown_run_is_not_found(driver: QueueDriver) -> None:
    """A run removed by retention or a person is distinguished from a lost one."""
    run = await driver.start()
    assert await driver.queue.finish_many([AttemptResult("job@1", "w1:1:1", 1, AttemptOutcome.SUCCESS)]) == [
        "NOT_FOUND"
    ]
    assert await driver.finish(run) == "OK"


async def test_finish_of_a_damaged_record_leaves_its_neighbours_alone(driver: QueueDriver) -> None:
    """One bad key is an ERROR in the quarantine; the other runs end and are counted."""
    await driver.enqueue_some(3)
    batch = (await driver.claim()).runs
    await driver.damage(driver.keys.run(batch[1].run_id))
    assert await driver.queue.finish_many([ending(run) for run in batch]) == ["OK", "ERROR", "OK"]
    assert [item["what"] for item in await driver.quarantined()] == [batch[1].run_id]
    assert [await driver.status(batch[i].run_id) for i in (0, 2)] == ["success", "success"]
    assert (await driver.fields(driver.keys.metrics))["runs|test.noop|success"] == "2"
    assert len(await driver.pending("normal")) == 1
    await driver.link.call("DEL", driver.keys.run(batch[1].run_id))


async def test_a_damaged_waiter_does_not_fail_the_run_that_frees_its_place(driver: QueueDriver) -> None:
    """The end of a run is whole though the next in line can't be read; the one behind it gets the place."""
    run_ids = await driver.enqueue_some(3, overlap_key=True)
    first = (await driver.claim()).runs[0]
    await driver.damage(driver.keys.run(run_ids[1]))
    assert await driver.finish(first, AttemptOutcome.FAILED) == "OK"
    assert await driver.link.call("ZSCORE", driver.keys.dead, first.run_id) is not None
    assert [run.run_id for run in (await driver.claim()).runs] == [run_ids[2]]
    assert [item["what"] for item in await driver.quarantined()] == [run_ids[1]]
    await driver.link.call("DEL", driver.keys.run(run_ids[1]))


async def test_a_failed_write_leaves_the_run_to_its_lease(driver: QueueDriver) -> None:
    """An end that can't be written is not acknowledged, so the entry stays and the lease decides."""
    run = await driver.start()
    await driver.damage(driver.keys.attempts(run.run_id))
    assert await driver.finish(run, AttemptOutcome.RETRY, delay_ms=1) == "ERROR"
    assert await driver.status(run.run_id) == "running"
    assert len(await driver.pending("normal")) == 1
    await driver.link.call("DEL", driver.keys.attempts(run.run_id))
    assert await driver.finish(run) == "OK"


async def test_retry_waits_for_its_delay(driver: QueueDriver, runs: RunStore) -> None:
    """A retried attempt is remembered, and the next one starts after promotion, one attempt higher."""
    run = await driver.start()
    await driver.finish(run, AttemptOutcome.RETRY, error='{"code": "first"}', delay_ms=60_000, calls='["c"]')
    record = await runs.get(run.run_id)
    assert (record.status, record.failures) == ("retrying", 1)
    assert [(a.attempt, a.outcome, a.error, a.calls) for a in record.attempts] == [
        (1, "retrying", {"code": "first"}, ["c"])
    ]
    assert record.due_at is not None
    assert 0 < record.due_at - await driver.now_ms() <= 60_000
    assert (await driver.queue.promote()).count == 0
    await driver.make_due()
    assert (await driver.queue.promote()).count == 1
    second = (await driver.claim()).runs[0]
    assert (second.attempt, second.failures) == (2, 1)
    await driver.finish(second)
    record = await runs.get(run.run_id)
    assert [a.outcome for a in record.attempts] == ["retrying", "success"]


async def test_retry_that_is_due_first_wakes_the_schedulers(
    driver: QueueDriver, blocking: BlockingLink
) -> None:
    """A back-off that ends before all others is announced on the wake channel."""
    run = await driver.start()
    await blocking.command("SUBSCRIBE", driver.keys.wake, timeout_sec=30)
    await driver.finish(run, AttemptOutcome.RETRY, delay_ms=60_000)
    assert await heard(blocking) == "delayed"


@pytest.mark.parametrize("outcome", [AttemptOutcome.FAILED, AttemptOutcome.RETRY])
async def test_cancelled_wins_over_a_failure(driver: QueueDriver, outcome: AttemptOutcome) -> None:
    """A run that was asked to stop ends cancelled, whatever its failing handler reports."""
    run = await driver.start()
    assert await driver.queue.cancel(run.run_id) == "REQUESTED"
    assert await driver.finish(run, outcome, delay_ms=1) == "OK"
    assert await driver.status(run.run_id) == "cancelled"
    assert await driver.link.call("ZCARD", driver.keys.dead) == 0
    assert await driver.at_rest() == {}


async def test_success_wins_over_cancel(driver: QueueDriver) -> None:
    """A success that came before the handler noticed counts."""
    run = await driver.start()
    await driver.queue.cancel(run.run_id)
    await driver.finish(run)
    assert await driver.status(run.run_id) == "success"
    assert "cancel" not in await driver.hash(run.run_id)


async def test_an_end_is_counted_by_type_minute_quarter_and_day(driver: QueueDriver) -> None:
    """Metrics and all three roll-ups have one run of one status with one duration."""
    run = await driver.start()
    await driver.finish(run)
    keys, now = driver.keys, await driver.now_ms()
    day = now // 86_400_000
    metrics = await driver.fields(keys.metrics)
    assert metrics["runs|test.noop|success"] == "1"
    minute = await driver.fields(keys.rollup_minute(now // 60_000))
    assert (minute["started"], minute["success"]) == ("1", "1")
    quarter = await driver.fields(keys.rollup_quarter("job-a", day))
    assert quarter[f"{now % 86_400_000 // 900_000}|success"] == "1"
    durations = await driver.fields(keys.rollup_durations("job-a", day))
    assert list(durations.values()) == ["1"]
    assert (await driver.fields(keys.rollup_day(day)))["success"] == "1"


async def test_the_log_of_an_ended_run_is_packed(driver: QueueDriver) -> None:
    """The packed log takes the stream's place; without lines there is neither."""
    run = await driver.start()
    await driver.queue.append_log(run, 1, [])
    await driver.link.call("XADD", driver.keys.log(run.run_id), "*", "l", "{}")
    await driver.finish(run, log="packed")
    assert await driver.link.call("GET", driver.keys.log_packed(run.run_id)) == "packed"
    assert await driver.link.call("EXISTS", driver.keys.log(run.run_id)) == 0
    silent = await driver.start()
    await driver.finish(silent)
    assert await driver.link.call("EXISTS", driver.keys.log_packed(silent.run_id)) == 0


async def test_attempts_are_kept_to_the_newest_200(driver: QueueDriver) -> None:
    """A run that is released for ever does not fill Redis."""
    run = await driver.start()
    key = driver.keys.attempts(run.run_id)
    await driver.link.call("RPUSH", key, *(f'{{"attempt": {i}}}' for i in range(200)))
    await driver.finish(run, AttemptOutcome.RETRY, delay_ms=1)
    assert await driver.link.call("LLEN", key) == 200
    assert await driver.link.call("LINDEX", key, 0) == '{"attempt": 1}'


@pytest.mark.parametrize("size", [0, 1, 100_000])
async def test_results_of_any_size_are_kept_whole(driver: QueueDriver, size: int) -> None:
    """Large and non-ASCII results come back byte for byte."""
    run = await driver.start()
    text = '"' + "é☕\\u0000" * size + '"'
    await driver.finish(run, output=text)
    assert (await driver.hash(run.run_id))["output"] == text


async def test_roll_ups_have_a_lifetime(driver: QueueDriver) -> None:
    """Each is set when its first figure is, and a further run leaves it as it is."""
    for _ in range(2):
        await driver.finish(await driver.start())
        names = await driver.link.call("KEYS", f"{driver.keys.prefix}rollup:*")
        lifetimes = await driver.link.calls([("TTL", name) for name in names])
        assert len(names) >= 5
        assert min(lifetimes) > 0
