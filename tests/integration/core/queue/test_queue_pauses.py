"""Claims and other operations on runs that a pause holds."""

from __future__ import annotations

import pytest

from app.core.models import AttemptOutcome
from app.core.queue import StreamEntry
from app.core.queue.pauses import Scope, ScopeKind
from app.core.runs.store import RunStore
from app.core.specs.store import JobStore
from app.core.storage.keys import GROUP
from tests.support.queue.paused import EVERYTHING, TYPE, Paused, job_scope
from tests.support.queue.queue_driver import QueueDriver


@pytest.fixture
def paused(driver: QueueDriver, jobs: JobStore) -> Paused:
    return Paused(driver, jobs)


@pytest.mark.parametrize("scope", [EVERYTHING, TYPE, job_scope()], ids=lambda scope: scope.text)
async def test_a_claim_holds_what_is_paused(
    paused: Paused, driver: QueueDriver, runs: RunStore, scope: Scope
) -> None:
    """A paused run goes to the set of its scope: still queued, with a reason, without an entry."""
    await paused.create("job-a")
    run_ids = await paused.hold(3, scope)
    assert await paused.held(scope) == run_ids
    record = await runs.get(run_ids[0])
    assert (record.status, record.waiting_for) == ("queued", f"paused:{scope.text}")
    assert "entry" not in await driver.hash(run_ids[0])
    stats = await driver.queue.stats()
    assert [(each.scope, each.held, each.actor) for each in stats.paused] == [(scope, 3, "ana")]
    assert (stats.lanes["normal"].waiting, stats.waiting_for_keys) == (0, 0)


async def test_a_pause_lets_other_jobs_go_on(paused: Paused, driver: QueueDriver) -> None:
    """In one batch the paused are held, the rest starts, and what ran before ends as ever."""
    await paused.create("job-a")
    running = await driver.start("job-a")
    await paused.pause(job_scope(), Scope(ScopeKind.TYPE, "test.other"))
    first, second = await driver.enqueue("job-a"), await driver.enqueue("job-b")
    third, fourth = await driver.enqueue("job-c", type="test.other"), await driver.enqueue("job-c")
    assert await paused.claim_all() == [second, fourth]
    assert await paused.held(job_scope()) == [first]
    assert await paused.held(Scope(ScopeKind.TYPE, "test.other")) == [third]
    assert await driver.finish(running) == "OK"


async def test_a_claim_asks_once_whether_anything_is_paused(driver: QueueDriver) -> None:
    """While nothing is paused or isolated a batch costs one command for each, for any number of runs."""
    await driver.enqueue_some(50)
    before = await _calls(driver)
    assert len((await driver.claim()).runs) == 50
    after = await _calls(driver)
    assert after["hlen"] - before.get("hlen", 0) == 2
    assert after["hmget"] - before.get("hmget", 0) == 50


async def _calls(driver: QueueDriver) -> dict[str, int]:
    text: str = await driver.link.call("INFO", "commandstats")
    rows = [line.removeprefix("cmdstat_").split(":") for line in text.splitlines() if "cmdstat_" in line]
    return {name: int(figures.split(",")[0].removeprefix("calls=")) for name, figures in rows}


async def test_an_adopted_entry_is_held_too(paused: Paused, driver: QueueDriver) -> None:
    """Runs that a blocking read delivered before take the same way, even without a free slot."""
    await paused.pause(EVERYTHING)
    run_ids = await driver.enqueue_some(3)
    stream = driver.keys.ready("normal")
    answer = await driver.link.call(*("XREADGROUP", "GROUP", GROUP, "w1", "COUNT", 3, "STREAMS", stream, ">"))
    found = [StreamEntry("normal", entry, fields[1]) for entry, fields in answer[0][1]]
    assert (await driver.claim(0, adopt=found)).runs == []
    assert await paused.held(EVERYTHING) == run_ids
    assert await driver.at_rest() == {}


async def test_a_held_run_gives_its_place_away(paused: Paused, driver: QueueDriver) -> None:
    """The place of a key that was handed to a paused run goes to the next in line."""
    await paused.create("job-a")
    first = await driver.start("job-a", key="k")
    waiting = await driver.enqueue("job-a", key="k")
    other = await driver.enqueue("job-b", key="k")
    assert await paused.claim_all() == []
    await paused.pause(job_scope())
    await driver.finish(first)
    assert await paused.claim_all() == [other]
    assert await paused.held(job_scope()) == [waiting]
    assert await driver.link.call("SMEMBERS", driver.keys.holders("user:k")) == [other]


async def test_a_held_suspect_stays_a_suspect(paused: Paused, driver: QueueDriver) -> None:
    """A run with two crashes behind it is held from the lane of suspects, and comes back there."""
    run_id = await driver.enqueue()
    for _ in range(2):
        await driver.claim()
        await driver.crash()
    await paused.pause(EVERYTHING)
    assert (await driver.claim(1, quotas={"suspect": 1})).runs == []
    assert (await driver.queue.stats()).suspects == 0
    assert await paused.held(EVERYTHING) == [run_id]
    await paused.resume(EVERYTHING)
    assert (await driver.queue.stats()).suspects == 1
    [run] = (await driver.claim(1, quotas={"suspect": 1})).runs
    assert (run.run_id, run.crashes) == (run_id, 2)


async def test_work_that_comes_back_is_held(paused: Paused, driver: QueueDriver) -> None:
    """Retries, drained and reclaimed runs are queued as ever, and held by the next claim."""
    retried, drained, crashed = [await driver.start() for _ in range(3)]
    await paused.pause(EVERYTHING)
    await driver.finish(retried, AttemptOutcome.RETRY, delay_ms=60_000)
    await driver.make_due()
    await driver.queue.promote()
    assert await driver.queue.release([(drained.run_id, drained.lease_id)]) == ["OK"]
    await driver.crash()
    assert await paused.claim_all() == []
    assert await paused.held(EVERYTHING) == [retried.run_id, drained.run_id, crashed.run_id]
    await paused.resume(EVERYTHING)
    assert sorted(await paused.claim_all()) == sorted([retried.run_id, drained.run_id, crashed.run_id])


async def test_cancel_of_a_held_run_ends_it(paused: Paused, driver: QueueDriver) -> None:
    """It leaves the set in the same script, and a resume does not bring it back."""
    first, second = await paused.hold(2, EVERYTHING)
    assert await driver.queue.cancel(first) == "CANCELLED"
    assert await driver.queue.cancel(first) == "TERMINAL"
    assert await paused.held(EVERYTHING) == [second]
    assert "waiting" not in await driver.hash(first)
    assert (await paused.resume(EVERYTHING)).released == 1
    assert await paused.claim_all() == [second]


async def test_delete_ends_the_pause_of_a_job(paused: Paused, driver: QueueDriver) -> None:
    """Deleting a job cancels what is held of it, by whatever pause; a job of the same id begins unpaused."""
    await paused.create("job-a", "job-b")
    kept = await paused.hold(2, TYPE, job_id="job-b")
    gone = await paused.hold(300, job_scope())
    await paused.jobs.delete("job-a", actor="ana")
    assert {await driver.status(run_id) for run_id in gone} == {"cancelled"}
    assert await paused.held(job_scope()) == []
    assert [each.scope for each in await paused.pauses.list()] == [TYPE]
    await paused.jobs.delete("job-b", actor="ana")
    assert {await driver.status(run_id) for run_id in kept} == {"cancelled"}
    assert [(each.scope, each.held) for each in await paused.pauses.list()] == [(TYPE, 0)]


async def test_a_redriven_run_is_held(paused: Paused, driver: QueueDriver) -> None:
    """A dead letter may be redriven while paused: it waits with the others; a repeat changes nothing."""
    dead = await driver.fail()
    await paused.pause(EVERYTHING)
    await driver.queue.redrive(dead.run_id, 1)
    assert await paused.claim_all() == []
    await driver.queue.redrive(dead.run_id, 1)
    assert await paused.claim_all() == []
    assert await paused.held(EVERYTHING) == [dead.run_id]
    await paused.resume(EVERYTHING)
    assert await paused.claim_all() == [dead.run_id]


async def test_retention_leaves_held_runs_alone(paused: Paused, driver: QueueDriver) -> None:
    """Only ended runs are old."""
    run_ids = await paused.hold(2, EVERYTHING)
    now = await driver.now_ms()
    for status in ("queued", "success"):
        assert await driver.queue.scripts.run("runs/purge", f"status:{status}", "0", 100, now, 100) == [0, ""]
    assert await paused.held(EVERYTHING) == run_ids


async def test_heal_leaves_held_runs_alone(paused: Paused, driver: QueueDriver) -> None:
    """They have no entry and need none; one that its set has lost is put back there."""
    first, second = await paused.hold(2, EVERYTHING)
    assert await driver.queue.heal() == 0
    assert await driver.at_rest() == {}
    await driver.link.call("ZREM", driver.keys.paused("all"), first)
    assert await driver.queue.heal() == 1
    assert await paused.held(EVERYTHING) == [first, second]
    assert await driver.queue.sweep() == 0


async def test_heal_ends_a_resume_that_was_cut_off(paused: Paused, driver: QueueDriver) -> None:
    """The resumer died after the first script: the remaining runs are returned all the same."""
    run_ids = await paused.hold(5, EVERYTHING)
    pause_id = await _id_of(driver, "all")
    assert await driver.queue.scripts.run("queue/resume", "all", pause_id, "ana", 2) == ["MORE", 2]
    assert await driver.queue.heal() == 3
    assert await driver.queue.heal() == 0
    assert await paused.held(EVERYTHING) == []
    assert await paused.claim_all() == run_ids


async def _id_of(driver: QueueDriver, scope: str) -> str:
    text: str = await driver.link.call("HGET", driver.keys.pauses, scope)
    return text.partition('"id":"')[2].partition('"')[0]
