"""Chains: the end of a run starts other jobs, each once, whatever dies in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import orjson
import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.errors import InvalidSpec
from app.core.models import AttemptOutcome
from app.core.queue import Queue
from app.core.redis_client import BlockingLink
from app.core.runs.chains import MAX_DEPTH, Chains
from app.core.runs.store import RunStore
from app.core.specs.store import JobStore
from app.services.scheduler.chains import ChainDispatcher, step_of
from app.services.scheduler.timers import ServerClock, Sleeper
from tests.support.backup.backup_fixture import BackupFixture
from tests.support.queue.chain_driver import ChainDriver
from tests.support.queue.queue_driver import QueueDriver, heard
from tests.support.queue.scheduler_loops import scheduler_loops
from tests.support.waiting import wait_until_async

StartChaining = Callable[[int], Awaitable[list[ChainDispatcher]]]


def _chaining(queue: Queue, _: ServerClock, alarm: Sleeper) -> ChainDispatcher:
    jobs = JobStore(queue.link, queue.scripts, SystemClock(), "Asia/Jakarta")
    return ChainDispatcher(Chains(queue.link, queue.scripts), jobs, alarm)


@pytest.fixture
async def start(settings: Settings) -> AsyncIterator[StartChaining]:
    async with scheduler_loops(settings, _chaining) as begin:
        yield begin


@pytest.fixture
async def chain(driver: QueueDriver, jobs: JobStore) -> ChainDriver:
    """A parent whose ends start something: success `after`, failure `alarm`."""
    chain = ChainDriver(driver, jobs)
    await chain.job("after", inputs={"n": 7})
    await chain.job("alarm")
    await chain.job("parent", on_success=["after"], on_failure=["alarm"])
    return chain


async def test_a_run_that_ends_starts_its_chain(
    chain: ChainDriver, driver: QueueDriver, runs: RunStore
) -> None:
    """A success starts the jobs under on_success, with the target's inputs and the parent's trace."""
    parent = await chain.ends("parent")
    assert await chain.dispatch() == ["OK"]
    (child_id,) = await chain.children("after")
    child = await runs.get(child_id)
    assert (child.status, child.source, child.actor, child.inputs) == ("queued", "chain", "budi", {"n": 7})
    assert (child.trace_id, child.parent_run_id, child.chain_depth) == (parent.trace_id, parent.run_id, 1)
    assert await chain.children("alarm") == []
    assert await chain.entries() == []
    first = await runs.get(parent.run_id)
    assert (first.parent_run_id, first.chain_depth) == (None, 0)
    assert [run.run_id for run in await chain.claimed()] == [child_id]
    assert "run.queued" in await driver.event_types(child_id)


async def test_a_failure_starts_its_chain_after_the_last_try(chain: ChainDriver, driver: QueueDriver) -> None:
    """A try that is tried again starts nothing; the one that is final does."""
    run = await chain.run("parent")
    await driver.finish(run, AttemptOutcome.RETRY, delay_ms=1)
    assert await chain.entries() == []
    await driver.make_due()
    await driver.queue.promote()
    (again,) = await chain.claimed()
    await driver.finish(again, AttemptOutcome.FAILED)
    assert await chain.dispatch() == ["OK"]
    assert (len(await chain.children("alarm")), await chain.children("after")) == (1, [])


async def test_several_targets_are_started_each(chain: ChainDriver) -> None:
    """Every job of a list gets a run of its own."""
    await chain.edit("parent", on_success=["after", "alarm"])
    await chain.ends("parent")
    assert await chain.dispatch() == ["OK", "OK"]
    assert (len(await chain.children("after")), len(await chain.children("alarm"))) == (1, 1)


async def test_a_job_without_chains_leaves_nothing(chain: ChainDriver, driver: QueueDriver) -> None:
    """Its run carries no chain, and its end writes no entry."""
    run = await chain.ends("after")
    assert "chain" not in await driver.hash(run.run_id)
    assert await chain.entries() == []


async def test_poison_starts_the_chain_of_its_failure(chain: ChainDriver, driver: QueueDriver) -> None:
    """A crash in isolation counts as failed here too."""
    await chain.run("parent")
    await driver.crash()
    await chain.claimed()
    await driver.crash()
    assert await chain.entries() == []
    [run] = (await driver.claim(1, quotas={"suspect": 1})).runs
    await driver.finish(run, AttemptOutcome.CRASHED)
    assert await chain.dispatch() == ["OK"]
    assert len(await chain.children("alarm")) == 1


async def test_a_cancelled_run_chains_nothing(chain: ChainDriver, driver: QueueDriver) -> None:
    """Neither list is for a run that somebody stopped, and it holds no slots back."""
    await chain.edit("parent", failure_cooldown_sec=60)
    run = await chain.run("parent")
    await driver.queue.cancel(run.run_id)
    await driver.finish(run, AttemptOutcome.FAILED)
    assert (await driver.status(run.run_id), await chain.entries()) == ("cancelled", [])
    assert (await chain.jobs.get("parent")).cooling_until is None


async def test_a_finish_sent_again_chains_once(chain: ChainDriver, driver: QueueDriver) -> None:
    """The entry is written with the state that it belongs to, and no second time."""
    run = await chain.ends("parent")
    await driver.finish(run)
    assert len(await chain.entries()) == 1
    assert await chain.dispatch() == ["OK"]
    await driver.finish(run)
    assert await chain.entries() == []


async def test_a_redriven_run_chains_again_when_it_ends(chain: ChainDriver, driver: QueueDriver) -> None:
    """Each end of a run starts what belongs to it: the first failure, the second, the success."""
    run = await chain.ends("parent", AttemptOutcome.FAILED)
    assert await chain.dispatch() == ["OK"]
    for attempt, outcome in ((1, AttemptOutcome.FAILED), (2, AttemptOutcome.SUCCESS)):
        await driver.queue.redrive(run.run_id, attempt)
        again = next(each for each in await chain.claimed() if each.run_id == run.run_id)
        await driver.finish(again, outcome)
        assert await chain.dispatch() == ["OK"]
    assert (len(await chain.children("alarm")), len(await chain.children("after"))) == (2, 1)


async def test_an_entry_becomes_a_run_by_one_scheduler(chain: ChainDriver, driver: QueueDriver) -> None:
    """Run and removal are one call: who comes later, or sends it again, finds the entry gone."""
    await chain.ends("parent")
    chains = Chains(driver.link, driver.queue.scripts)
    (entry,) = await chains.waiting(10)
    steps = [step_of(entry, await chain.jobs.find_some(["after"]))]
    assert await chains.dispatch(steps) == ["OK"]
    assert await chains.dispatch(steps) == ["GONE"]
    assert (len(await chain.children("after")), await chain.entries()) == (1, [])


async def test_an_entry_that_came_back_makes_no_second_run(chain: ChainDriver, driver: QueueDriver) -> None:
    """The child's id derives from parent, attempt and target: an entry of a lost removal is a duplicate."""
    await chain.ends("parent")
    ((_, fields),) = await chain.entries()
    assert await chain.dispatch() == ["OK"]
    await driver.link.call("XADD", driver.keys.chains, "*", *fields)
    assert await chain.dispatch() == ["DUPLICATE"]
    assert (len(await chain.children("after")), await chain.entries()) == (1, [])


async def test_two_schedulers_at_once_make_each_child_once(chain: ChainDriver, driver: QueueDriver) -> None:
    """All read the same entries; each entry becomes one run."""
    for _ in range(20):
        await chain.ends("parent")
    words = await asyncio.gather(*(chain.dispatch() for _ in range(4)))
    assert sum(each.count("OK") for each in words) == 20
    assert {word for each in words for word in each} <= {"OK", "GONE"}
    assert len(await chain.children("after")) == 20


async def test_loops_of_schedulers_run_what_is_chained(chain: ChainDriver, start: StartChaining) -> None:
    """Two loops that sleep hear of an end and make its child."""
    loops = await start(2)
    await chain.ends("parent")

    async def is_there() -> bool:
        return len(await chain.children("after")) == 1

    await wait_until_async(is_there)
    await wait_until_async(lambda: sum(loop.dispatched for loop in loops) == 1)


async def test_the_first_entry_wakes_the_schedulers(
    chain: ChainDriver, driver: QueueDriver, blocking: BlockingLink
) -> None:
    """They sleep only without an entry, so that one wake-up is enough for all that follow."""
    await blocking.command("SUBSCRIBE", driver.keys.wake, timeout_sec=30)
    await chain.ends("parent")
    await chain.ends("parent")
    assert await heard(blocking) == "chain"
    await driver.link.call("PUBLISH", driver.keys.wake, "end")
    assert await heard(blocking) == "end"


async def test_a_job_that_is_gone_is_not_run_and_said_so(chain: ChainDriver, driver: QueueDriver) -> None:
    """A chain to a deleted job is an event of the parent, and keeps nothing else from running."""
    await chain.edit("parent", on_success=["alarm", "after"])
    await chain.jobs.delete("alarm", actor="ana")
    parent = await chain.ends("parent")
    assert await chain.dispatch() == ["DROPPED", "OK"]
    (event,) = await chain.drops()
    assert (event.job_id, event.run_id) == ("parent", parent.run_id)
    assert (event.data["target"], event.data["reason"]) == ("alarm", "unknown_job")
    assert await chain.entries() == []
    assert (await driver.fields(driver.keys.metrics))["chain_dropped"] == "1"


async def test_a_disabled_job_is_run_by_a_chain(chain: ChainDriver) -> None:
    """Disabling stops its schedule alone: a chain is like a run by hand."""
    await chain.jobs.set_enabled("after", False)
    await chain.ends("parent")
    assert await chain.dispatch() == ["OK"]


async def test_a_circle_ends_at_the_cap(chain: ChainDriver, driver: QueueDriver) -> None:
    """Two saves at once can make what the check refuses; the depth of a chain ends it."""
    stored = (await chain.jobs.find("after")).spec.model_copy(update={"on_success": ["parent"]})
    await driver.link.call("HSET", driver.keys.job("after"), "spec", stored.model_dump_json())
    await chain.ends("parent")
    started = 0
    while await chain.dispatch() == ["OK"]:
        started += 1
        (run,) = await chain.claimed()
        await driver.finish(run)
    (event,) = await chain.drops()
    assert (started, event.data["reason"]) == (MAX_DEPTH, "too_deep")
    assert await chain.entries() == []


async def test_a_chain_that_cannot_be_read_lets_its_run_end(chain: ChainDriver, driver: QueueDriver) -> None:
    """The record is quarantined; the run itself ends as it should."""
    run = await chain.run("parent")
    await driver.link.call("HSET", driver.keys.run(run.run_id), "chain", "{broken")
    assert await driver.finish(run) == "OK"
    assert await driver.status(run.run_id) == "success"
    assert [each["what"] for each in await driver.quarantined()] == [run.run_id]


async def test_entries_that_cannot_be_treated_are_dropped(chain: ChainDriver, driver: QueueDriver) -> None:
    """One without fields and one whose run is damaged stop none of their neighbours."""
    await driver.link.call("XADD", driver.keys.chains, "*", "what", "ever")
    for _ in range(2):
        await chain.ends("parent")
    entry = (await Chains(driver.link, driver.queue.scripts).waiting(10))[1]
    await driver.link.call("SET", driver.keys.run(entry.child_id), "damaged")
    assert await chain.dispatch() == ["DROPPED", "ERROR", "OK"]
    assert [event.data["reason"] for event in await chain.drops()] == ["unknown_job", "damaged"]
    assert await chain.entries() == []
    await driver.link.call("DEL", driver.keys.run(entry.child_id))


async def test_a_target_that_cannot_be_read_is_dropped(chain: ChainDriver, driver: QueueDriver) -> None:
    """A damaged spec is no reason for the schedulers to stand still."""
    await driver.link.call("HSET", driver.keys.job("after"), "spec", "{broken")
    await chain.ends("parent")
    assert await chain.dispatch() == ["DROPPED"]


async def test_a_run_keeps_the_chain_of_its_version(chain: ChainDriver) -> None:
    """The children of a run were decided when it was created; each target runs with its current spec."""
    run = await chain.run("parent")
    await chain.edit("parent", on_success=[])
    await chain.edit("after", inputs={"n": 8})
    await chain.driver.finish(run)
    assert await chain.dispatch() == ["OK"]
    (child,) = await chain.claimed()
    assert (orjson.loads(child.inputs), child.version) == ({"n": 8}, 2)


@pytest.mark.parametrize(
    ("job", "changes", "pointer", "code"),
    [
        ("parent", {"on_success": ["after", "nowhere"]}, "/on_success/1", "unknown_job"),
        ("parent", {"on_failure": ["nowhere"]}, "/on_failure/0", "unknown_job"),
        ("parent", {"on_failure": ["parent"]}, "/on_failure/0", "chain_cycle"),
        ("after", {"on_failure": ["parent"]}, "/on_failure/0", "chain_cycle"),
        ("alarm", {"on_success": ["after", "parent"]}, "/on_success/1", "chain_cycle"),
    ],
)
async def test_a_chain_is_checked_at_each_save(
    chain: ChainDriver, job: str, changes: dict[str, list[str]], pointer: str, code: str
) -> None:
    """A target must exist and never lead back, over both lists; otherwise nothing is saved."""
    with pytest.raises(InvalidSpec) as caught:
        await chain.edit(job, **changes)
    assert [(each.pointer, each.code) for each in caught.value.problems] == [(pointer, code)]
    assert (await chain.jobs.find(job)).version == 1


async def test_a_new_job_with_a_chain_to_nowhere_is_refused(chain: ChainDriver) -> None:
    """The check holds for the first save as well, and for a job that names itself."""
    for target, code in (("nowhere", "unknown_job"), ("new-job", "chain_cycle")):
        with pytest.raises(InvalidSpec) as caught:
            await chain.job("new-job", on_success=[target])
        assert [each.code for each in caught.value.problems] == [code]
    assert (await chain.jobs.find_some(["new-job"])) == {}


async def test_a_restore_brings_chains_back_in_any_order(
    chain: ChainDriver, driver: QueueDriver, settings: Settings
) -> None:
    """A job comes back before those that it starts, and starts them as before."""
    await chain.edit("after", on_success=["alarm"])
    deployment = BackupFixture(driver, settings)
    export = await deployment.export()
    await deployment.wipe()
    await deployment.restore(export)
    await driver.queue.ensure_groups()
    await chain.ends("parent")
    assert await chain.dispatch() == ["OK"]
    assert (await chain.jobs.get("after")).spec.on_success == ["alarm"]


async def test_a_dead_letter_of_an_export_still_has_its_chain(
    chain: ChainDriver, driver: QueueDriver, settings: Settings
) -> None:
    """Redriven after a restore, it starts what it would have started."""
    run = await chain.ends("parent", AttemptOutcome.FAILED)
    deployment = BackupFixture(driver, settings)
    export = await deployment.export()
    await deployment.wipe()
    await deployment.restore(export)
    await driver.queue.ensure_groups()
    await driver.queue.redrive(run.run_id, 1)
    (again,) = await chain.claimed()
    await driver.finish(again)
    assert await chain.dispatch() == ["OK"]
    assert len(await chain.children("after")) == 1


async def test_a_damaged_list_of_entries_stops_no_scheduler(chain: ChainDriver, driver: QueueDriver) -> None:
    """It is logged and looked at again; runs end all the same, and the quarantine names them."""
    await driver.damage(driver.keys.chains)
    stop = asyncio.Event()
    stop.set()
    await chain.scheduler()._step(stop)
    run = await chain.ends("parent")
    assert await driver.status(run.run_id) == "success"
    assert [each["what"] for each in await driver.quarantined()] == [run.run_id]
    await driver.link.call("DEL", driver.keys.chains)
    await chain.ends("parent")
    assert await chain.dispatch() == ["OK"]
