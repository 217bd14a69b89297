"""Creating runs: once, whole, and whatever else is on the way."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.core.config import Settings
from app.core.errors import IdempotencyMismatch, StateConflict
from app.core.queue import Idempotency, Queue
from app.core.queue.producer import PURGED
from app.core.redis_client import BlockingLink, RedisLink
from tests.support.queue.queue_driver import QueueDriver, heard


async def test_enqueue_stores_everything_that_a_claim_needs(driver: QueueDriver) -> None:
    """What the producer gave comes out of the claim unchanged."""
    new = driver.new_run(
        inputs='{"text": "Café ☕ \\u0000"}', timeout_ms=1234, retry='{"max_retry": 7}', actor="ana"
    )
    result = await driver.queue.enqueue(new)
    claimed = (await driver.claim()).runs[0]
    assert (result.word, result.run_id, result.status) == ("OK", new.run_id, "queued")
    assert (claimed.run_id, claimed.job_id, claimed.type) == (new.run_id, new.job_id, new.type)
    assert (claimed.inputs, claimed.timeout_ms, claimed.retry) == (new.inputs, 1234, new.retry)
    assert (claimed.trace_id, claimed.source, claimed.version) == (new.trace_id, "api", 1)
    assert (await driver.hash(new.run_id))["actor"] == "ana"


async def test_runs_of_one_kind_share_nothing_else(driver: QueueDriver) -> None:
    """Sent in several calls, each has its own inputs, trace and entry, and a second kind is no first one."""
    first, second = (driver.new_run(inputs=inputs) for inputs in ('{"n":1}', '{"n":2}'))
    other = driver.new_run(inputs='{"n":3}', retry='{"max_retry": 7}')
    for new in (first, second, other):
        await driver.queue.enqueue(new)
    runs = (await driver.claim(slots=3)).runs
    assert [run.inputs for run in runs] == ['{"n":1}', '{"n":2}', '{"n":3}']
    assert [run.trace_id for run in runs] == [first.trace_id, second.trace_id, other.trace_id]
    assert [run.retry for run in runs] == ["", "", other.retry]


KINDS: dict[str, dict[str, Any]] = {
    "plain": {},
    "delayed": {"delay_ms": 60_000},
    "keyed": {"key": "shared"},
    "in a group": {"key": "site1/a"},
    "in turn": {"overlap_key": True},
    "rich": {"retry": '{"max_retry": 7}', "actor": "ana", "chain": '{"s":["next"]}', "rerun_of": "old"},
    "other lane": {"lane": "slow:high"},
}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
async def test_runs_of_one_batch_have_the_records_of_single_ones(
    driver: QueueDriver, kind: dict[str, Any]
) -> None:
    """A record of a batch is a copy of the first one: nothing is missing, and nothing is of the first."""
    inputs = ['{"n":1}', '{"n":1}', '{"n":22222222222222222222}', '{"n":1}', "{}"]
    together = [driver.new_run(inputs=each, **kind) for each in inputs]
    # The first run of a group has its place, so the second list has another group.
    other: dict[str, Any] = {name: "site2/a" if value == "site1/a" else value for name, value in kind.items()}
    alone = [driver.new_run(inputs=each, **other) for each in inputs]
    await driver.queue.enqueue_many(together)
    for run in alone:
        await driver.queue.enqueue(run)
    found: list[list[tuple[dict[str, str], list[str]]]] = [[], []]
    for runs, records in zip((together, alone), found, strict=True):
        for run in runs:
            record = await driver.hash(run.run_id)
            assert record.pop("trace") == run.trace_id
            assert record.pop("seq") == await driver.link.call("ZSCORE", driver.keys.runs, run.run_id)
            if "entry" in record:
                lane, entry = driver.keys.ready(record["lane"]), record.pop("entry")
                assert await driver.link.call("XRANGE", lane, entry, entry) == [[entry, ["r", run.run_id]]]
            fields = list(record)
            texts = {name: text.replace("site2/a", "site1/a") for name, text in record.items()}
            records.append(({**texts, "created": "", "due": "", "queued": ""}, fields))
    assert found[0] == found[1]


async def test_a_record_that_is_left_over_is_no_copy(driver: QueueDriver) -> None:
    """A record that no index has is written over, in a batch as well."""
    first, second = driver.new_run(), driver.new_run()
    await driver.link.call("HSET", driver.keys.run(second.run_id), "inputs", "{}", "status", "failed")
    await driver.queue.enqueue_many([first, second])
    claimed = (await driver.claim()).runs
    assert [(run.run_id, run.trace_id, run.inputs) for run in claimed] == [
        (run.run_id, run.trace_id, run.inputs) for run in (first, second)
    ]


async def test_enqueue_of_an_existing_run_is_a_duplicate(driver: QueueDriver) -> None:
    """A run sent again answers DUPLICATE with its seq and status, and nothing is written."""
    new = driver.new_run()
    first = await driver.queue.enqueue(new)
    before = await driver.snapshot()
    again = await driver.queue.enqueue(new)
    assert (again.word, again.seq, again.status) == ("DUPLICATE", first.seq, "queued")
    assert await driver.snapshot() == before


async def test_enqueue_of_an_ended_run_tells_how_it_ended(driver: QueueDriver) -> None:
    """A late repeat does not revive a run."""
    run = await driver.start()
    await driver.finish(run)
    again = await driver.queue.enqueue(driver.new_run(run_id=run.run_id))
    assert (again.word, again.status) == ("DUPLICATE", "success")
    assert await driver.at_rest() == {}


async def test_a_run_of_an_older_spec_is_not_created(driver: QueueDriver) -> None:
    """Made from a save that is no longer the stored one, or of a job that is gone, nothing is written."""
    job = driver.new_run().job_id
    await driver.link.call("HSET", driver.keys.job(job), "version", 2, "save", "second")
    before = await driver.snapshot()
    older = await driver.queue.enqueue(driver.new_run(seen="1:first"))
    assert (older.word, older.seq) == ("OUTDATED", 0)
    assert await driver.snapshot() == before
    assert (await driver.queue.enqueue(driver.new_run(seen="2:second"))).word == "OK"
    await driver.link.call("DEL", driver.keys.job(job))
    assert (await driver.queue.enqueue(driver.new_run(seen="2:second"))).word == "OUTDATED"


async def test_a_repeat_is_answered_though_the_job_has_changed(driver: QueueDriver) -> None:
    """What was acknowledged once is not taken back, by id or by key."""
    await driver.link.call("HSET", driver.keys.job(driver.new_run().job_id), "version", 1, "save", "first")
    new, key = driver.new_run(seen="1:first"), Idempotency("k", "hash")
    assert (await driver.queue.enqueue(new, key)).word == "OK"
    await driver.link.call("DEL", driver.keys.job(new.job_id))
    assert (await driver.queue.enqueue(new)).word == "DUPLICATE"
    assert (await driver.queue.enqueue(driver.new_run(seen="1:first"), key)).word == "REPLAY"


async def test_idempotency_key_sent_again_answers_the_first_run(driver: QueueDriver) -> None:
    """The same key and body name the first run, though the caller made another id."""
    key = Idempotency("ana:POST /run:k1", "hash-1")
    first = await driver.queue.enqueue(driver.new_run(), key)
    again = await driver.queue.enqueue(driver.new_run(), key)
    assert (first.word, again.word) == ("OK", "REPLAY")
    assert (again.run_id, again.seq, again.status) == (first.run_id, first.seq, "queued")
    assert await driver.link.call("ZCARD", driver.keys.runs) == 1


async def test_idempotency_key_with_another_body_is_refused(driver: QueueDriver) -> None:
    """The same key with another body is a mistake of the caller and makes no run."""
    await driver.queue.enqueue(driver.new_run(), Idempotency("k", "hash-1"))
    with pytest.raises(IdempotencyMismatch):
        await driver.queue.enqueue(driver.new_run(), Idempotency("k", "hash-2"))
    assert await driver.link.call("ZCARD", driver.keys.runs) == 1


async def test_idempotency_replay_of_a_purged_run_says_so(driver: QueueDriver) -> None:
    """The record answers without the run: no second run is made, and the status is no empty text."""
    first = await driver.queue.enqueue(driver.new_run(), Idempotency("k", "hash"))
    await driver.link.call("DEL", driver.keys.run(first.run_id))
    again = await driver.queue.enqueue(driver.new_run(), Idempotency("k", "hash"))
    assert (again.word, again.run_id, again.seq, again.status) == ("REPLAY", first.run_id, 0, PURGED)
    assert await driver.link.call("EXISTS", driver.keys.run(first.run_id)) == 0


async def test_idempotency_scopes_do_not_meet(driver: QueueDriver) -> None:
    """Two callers may use the same key."""
    words = [
        (await driver.queue.enqueue(driver.new_run(), Idempotency(scope, "hash"))).word
        for scope in ("ana:k", "budi:k")
    ]
    assert words == ["OK", "OK"]


async def test_delayed_enqueue_waits_in_the_delayed_set(driver: QueueDriver) -> None:
    """A run with a delay is scheduled, has no entry yet, and is promoted when due."""
    run_id = await driver.enqueue(delay_ms=60_000, lane="high")
    due = int((await driver.hash(run_id))["due"])
    assert await driver.status(run_id) == "scheduled"
    assert 0 < due - await driver.now_ms() <= 60_000
    assert (await driver.queue.promote()).next_due_ms == due
    assert (await driver.claim()).runs == []
    await driver.make_due()
    assert (await driver.queue.promote()).count == 1
    claim = await driver.claim()
    assert [run.run_id for run in claim.runs] == [run_id]
    assert claim.taken["high"] == 1


async def test_delayed_enqueue_wakes_the_schedulers_once_it_is_first(
    driver: QueueDriver, blocking: BlockingLink
) -> None:
    """A run that is due before all others is announced on the wake channel; a later one is not."""
    await blocking.command("SUBSCRIBE", driver.keys.wake, timeout_sec=30)
    await driver.enqueue(delay_ms=60_000)
    await driver.enqueue(delay_ms=90_000)
    await driver.enqueue(delay_ms=30_000)
    assert await heard(blocking) == "delayed"
    assert await heard(blocking) == "delayed"
    await driver.link.call("PUBLISH", driver.keys.wake, "mark")
    assert await heard(blocking) == "mark"


async def test_concurrent_enqueues_share_round_trips(driver: QueueDriver, link: RedisLink) -> None:
    """Twenty callers at once need three scripts at most, and each gets its own run."""
    before = link.round_trips
    results = await asyncio.gather(*(driver.queue.enqueue(driver.new_run()) for _ in range(20)))
    assert link.round_trips - before <= 3
    assert len({result.run_id for result in results}) == 20
    assert sorted(result.seq for result in results) == list(range(results[0].seq, results[0].seq + 20))


async def test_enqueue_many_goes_beyond_one_script(driver: QueueDriver) -> None:
    """More than 256 runs are split, in order, and all stand in every index."""
    run_ids = await driver.enqueue_some(700)
    keys = driver.keys
    for index in (keys.runs, keys.runs_job("job-a"), keys.runs_status("queued")):
        assert await driver.link.call("ZRANGE", index, 0, -1) == run_ids
    assert await driver.link.call("SCARD", keys.active("job-a")) == 700
    assert await driver.link.call("XLEN", keys.ready("normal")) == 700


async def test_enqueue_with_a_damaged_record_leaves_its_neighbours_alone(driver: QueueDriver) -> None:
    """A run whose key is of a wrong type is refused and quarantined; those sent with it are created."""
    news = [driver.new_run() for _ in range(3)]
    await driver.damage(driver.keys.run(news[1].run_id))
    results = await asyncio.gather(*map(driver.queue.enqueue, news), return_exceptions=True)
    assert isinstance(results[1], StateConflict)
    assert [getattr(result, "word", "") for result in (results[0], results[2])] == ["OK", "OK"]
    assert [item["what"] for item in await driver.quarantined()] == [news[1].run_id]
    assert len((await driver.claim()).runs) == 2
    await driver.link.call("DEL", driver.keys.run(news[1].run_id))


@pytest.mark.parametrize(
    "text",
    ['{"t": "' + "ü" * 100_000 + '"}', '{"t": "\\ud83d\\ude00 \r\n$5 *3"}', "[]", "{}", "9007199254740993"],
)
async def test_inputs_travel_unchanged(driver: QueueDriver, text: str) -> None:
    """Nothing between producer and handler re-encodes the inputs."""
    run = await driver.start(inputs=text)
    assert run.inputs == text


async def test_each_run_is_counted_and_reported_once(driver: QueueDriver) -> None:
    """An enqueue is one event with the run's seq and first revision, and one in its source's counter."""
    result = await driver.queue.enqueue(driver.new_run(source="planner"))
    event = (await driver.events(result.run_id))[0]
    assert (event.type, event.seq, event.rev) == ("run.queued", result.seq, 1)
    assert (await driver.fields(driver.keys.metrics))["enqueued|planner"] == "1"


async def test_stats_tell_depth_age_and_work_in_hand(driver: QueueDriver, settings: Settings) -> None:
    """Each lane counts what waits and what runs; delayed, suspects, dead letters, key waiters are apart."""
    await driver.fail()
    await driver.start(overlap_key=True)
    await driver.enqueue_some(3)
    await driver.enqueue(lane="high")
    await driver.enqueue(delay_ms=60_000)
    await driver.enqueue(overlap_key=True, lane="low")
    await driver.claim(1, quotas={"low": 1})
    stats = await driver.queue.stats()
    assert {lane: (s.waiting, s.running) for lane, s in stats.lanes.items()} == {
        "high": (1, 0),
        "normal": (3, 1),
        "low": (0, 0),
    }
    assert (stats.delayed, stats.dead_letters, stats.suspects, stats.waiting_for_keys) == (1, 1, 0, 1)
    assert stats.lanes["high"].oldest_ms is not None
    assert stats.lanes["low"].oldest_ms is None
    assert stats.next_due_at is not None


async def test_stats_of_a_queue_without_streams_are_zero(driver: QueueDriver, queue: Queue) -> None:
    """A deployment that has never run anything answers zeros."""
    for lane in ("high", "normal", "low", "suspect"):
        await driver.link.call("DEL", driver.keys.ready(lane))
    stats = await queue.stats()
    assert [(lane.waiting, lane.running, lane.oldest_ms) for lane in stats.lanes.values()] == [
        (0, 0, None)
    ] * 3
    assert (stats.delayed, stats.next_due_at) == (0, None)
