"""Reading runs."""

from __future__ import annotations

import pytest

from app.core.errors import RunNotFound
from app.core.log_lines import pack_log
from app.core.models import AttemptOutcome, Priority, RunStatus
from app.core.records import LogLine
from app.core.runs.logs import with_earlier_lines
from app.core.runs.search import RunFilter
from app.core.runs.store import RunStore
from tests.support.queue.queue_driver import QueueDriver, ending


async def _found(runs: RunStore, run_filter: RunFilter) -> list[str]:
    return [run.run_id for run in (await runs.list(run_filter, None, 100)).items]


async def test_a_run_is_read_in_its_current_state(driver: QueueDriver, runs: RunStore) -> None:
    """Every part of the record, for a running run."""
    new = driver.new_run(
        inputs='{"a": [1, {}]}', lane=Priority.HIGH, timeout_ms=5, retry='{"max_retry": 9}', actor="ana"
    )
    await driver.queue.enqueue(new)
    run = (await driver.claim()).runs[0]
    await driver.queue.progress(run, '{"of": 3}')
    record = await runs.get(new.run_id)
    assert (record.run_id, record.job_id, record.type, record.version) == (
        new.run_id,
        "job-a",
        "test.noop",
        1,
    )
    assert (record.inputs, record.priority, record.timeout_ms) == ({"a": [1, {}]}, "high", 5)
    assert (record.max_retry, record.actor, record.trace_id) == (9, "ana", new.trace_id)
    assert (record.status, record.attempt, record.worker) == ("running", 1, "worker-w1")
    assert (record.progress, record.output, record.error) == ({"of": 3}, None, None)
    assert record.rev == 2
    assert record.created_at <= (record.queued_at or 0) <= (record.started_at or 0)
    assert (record.ended_at, record.duration_ms, record.due_at, record.slot_ms) == (None, None, None, None)
    assert [(a.attempt, a.outcome) for a in record.attempts] == [(1, "running")]
    assert not record.dead_letter
    assert not record.cancel_requested


async def test_the_default_policy_says_how_often_a_run_is_retried(
    driver: QueueDriver, runs: RunStore
) -> None:
    """No policy in the record means the default one."""
    assert (await runs.get(await driver.enqueue())).max_retry == 3


async def test_flags_of_a_run_are_shown(driver: QueueDriver, runs: RunStore) -> None:
    """Asked to stop, waiting for a key, due later."""
    run = await driver.start(overlap_key=True)
    waiting = await driver.enqueue(overlap_key=True)
    later = await driver.enqueue(delay_ms=60_000)
    await driver.claim()
    await driver.queue.cancel(run.run_id)
    assert (await runs.get(run.run_id)).cancel_requested
    assert (await runs.get(waiting)).waiting_for == "job:job-a"
    assert (await runs.get(later)).due_at is not None


async def test_attempts_are_all_there_in_order(driver: QueueDriver, runs: RunStore) -> None:
    """Crashed, released, retried and the last one, each with its own worker and error."""
    run = await driver.start()
    await driver.crash()
    second = (await driver.claim(consumer="w2")).runs[0]
    await driver.queue.release([(second.run_id, second.lease_id)])
    third = (await driver.claim(consumer="w3")).runs[0]
    await driver.finish(third, AttemptOutcome.RETRY, error='{"code": "x"}', delay_ms=1)
    await driver.make_due()
    await driver.queue.promote()
    assert len((await runs.get(run.run_id)).attempts) == 3
    await driver.finish(
        (await driver.claim(consumer="w4")).runs[0], AttemptOutcome.FAILED, error='{"code": "y"}'
    )
    attempts = (await runs.get(run.run_id)).attempts
    assert [(a.attempt, a.worker, a.outcome) for a in attempts] == [
        (1, "worker-w1", "crashed"),
        (2, "worker-w2", "released"),
        (3, "worker-w3", "retrying"),
        (4, "worker-w4", "failed"),
    ]
    assert [a.error["code"] if a.error else None for a in attempts] == ["worker_lost", None, "x", "y"]


@pytest.mark.parametrize("run_id", ["../etc", "", "a" * 200, "job@x", "0" * 25, "run\n@1"])
async def test_an_impossible_id_is_not_found(runs: RunStore, run_id: str) -> None:
    """Nothing that is no run id becomes part of a key."""
    with pytest.raises(RunNotFound):
        await runs.get(run_id)


async def test_list_is_newest_first_in_pages_that_stand(driver: QueueDriver, runs: RunStore) -> None:
    """Cursors lead through all runs, each once, while new ones are added."""
    run_ids = await driver.enqueue_some(5)
    first = await runs.list(RunFilter(), None, 2)
    assert ([run.run_id for run in first.items], first.total) == (run_ids[:2:-1], 5)
    await driver.enqueue_some(3)
    second = await runs.list(RunFilter(), first.next_cursor, 2)
    third = await runs.list(RunFilter(), second.next_cursor, 2)
    assert [run.run_id for run in (*second.items, *third.items)] == run_ids[2::-1]
    assert third.next_cursor is None


async def test_list_that_fills_its_page_exactly_ends(driver: QueueDriver, runs: RunStore) -> None:
    """No cursor to an empty page."""
    await driver.enqueue_some(2)
    assert (await runs.list(RunFilter(), None, 2)).next_cursor is None


async def test_list_filters(driver: QueueDriver, runs: RunStore) -> None:
    """By job, status, time, type, trace and text, alone and together."""
    failed = await driver.fail("job-a", trace_id="cd" * 16)
    await driver.link.call("HSET", driver.keys.run(failed.run_id), "created", 1)
    old = await driver.enqueue("other", type="test.other")
    new = await driver.enqueue("job-a")
    now = await driver.now_ms()
    queued, dead = RunStatus.QUEUED, RunStatus.FAILED
    assert await _found(runs, RunFilter(job_id="job-a")) == [new, failed.run_id]
    assert await _found(runs, RunFilter(job_id="j*-a")) == [new, failed.run_id]
    assert await _found(runs, RunFilter(status=queued)) == [new, old]
    assert await _found(runs, RunFilter(statuses=(queued, dead))) == [new, old, failed.run_id]
    assert await _found(runs, RunFilter(status=queued, statuses=(dead,))) == []
    assert await _found(runs, RunFilter(job_id="job-a", status=dead)) == [failed.run_id]
    assert await _found(runs, RunFilter(since_ms=now - 60_000)) == [new, old]
    assert await _found(runs, RunFilter(until_ms=now - 60_000)) == [failed.run_id]
    assert await _found(runs, RunFilter(type="test.other")) == [old]
    assert await _found(runs, RunFilter(trace_id="cd" * 16)) == [failed.run_id]
    assert await _found(runs, RunFilter(q=new[:26])) == [new]
    assert await _found(runs, RunFilter(q="oth")) == [old]
    assert await _found(runs, RunFilter(q="cd" * 16)) == [failed.run_id]
    assert await _found(runs, RunFilter(q="abc", statuses=(dead,))) == [failed.run_id]
    assert await _found(runs, RunFilter(q="cd" * 15)) == []
    assert await _found(runs, RunFilter(job_id="nobody")) == []


async def test_list_with_a_filter_goes_on_behind_its_cursor(driver: QueueDriver, runs: RunStore) -> None:
    """If no index fits the filter, pages hold the matching runs, each once."""
    for number in range(9):
        await driver.enqueue("odd" if number % 2 else "even")
    first = await runs.list(RunFilter(q="odd"), None, 3)
    rest = await runs.list(RunFilter(q="odd"), first.next_cursor, 3)
    assert [len(first.items), len(rest.items), rest.next_cursor, first.total] == [3, 1, None, None]


async def test_list_passes_over_runs_that_vanished(driver: QueueDriver, runs: RunStore) -> None:
    """A name without a readable record is no run, and ends no list early."""
    run_ids = await driver.enqueue_some(7)
    await driver.link.call("DEL", driver.keys.run(run_ids[6]), driver.keys.run(run_ids[5]))
    await driver.damage(driver.keys.run(run_ids[2]))
    found: list[str] = []
    cursor = None
    while True:
        page = await runs.list(RunFilter(), cursor, 3)
        found += [run.run_id for run in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == [run_ids[4], run_ids[3], run_ids[1], run_ids[0]]
    await driver.link.call("DEL", driver.keys.run(run_ids[2]))


async def test_recent_runs_of_several_jobs_come_together(driver: QueueDriver, runs: RunStore) -> None:
    """Each job's newest, with the duration of those that ended; unknown jobs have none."""
    run = await driver.start("job-a")
    await driver.finish(run)
    waiting = await driver.enqueue("job-a")
    await driver.enqueue_some(3, "job-b")
    recent = await runs.recent(["job-a", "job-b", "nobody"], 2)
    assert [(brief.run_id, brief.status) for brief in recent["job-a"]] == [
        (waiting, "queued"),
        (run.run_id, "success"),
    ]
    assert recent["job-a"][0].duration_ms is None
    assert recent["job-a"][1].duration_ms is not None
    assert (len(recent["job-b"]), recent["nobody"]) == (2, [])
    assert await runs.recent([], 2) == {}


async def test_logs_are_the_same_before_and_after_the_end(driver: QueueDriver, runs: RunStore) -> None:
    """Streamed while the run is active, packed afterwards; earlier attempts' lines come first."""
    run = await driver.start()
    early = LogLine(at=1, level="info", message="früh ☕", fields={"n": 1}, attempt=1)
    late = LogLine(at=2, level="error", message="spät", attempt=2)
    await driver.queue.append_log(run, 1, [early])
    await driver.queue.release([(run.run_id, run.lease_id)])
    second = (await driver.claim()).runs[0]
    await driver.queue.append_log(second, 1, [late])
    assert await runs.logs(run.run_id) == [early, late]
    end = ending(second, log=pack_log([late]))
    merged = await with_earlier_lines(driver.link, driver.keys, end)
    assert await driver.queue.finish_many([merged]) == ["OK"]
    assert await runs.logs(run.run_id) == [early, late]


async def test_a_run_that_logged_nothing_has_an_empty_log(driver: QueueDriver, runs: RunStore) -> None:
    """Empty is not the same as unknown."""
    assert await runs.logs(await driver.enqueue()) == []
    with pytest.raises(RunNotFound):
        await runs.logs("job@1")
