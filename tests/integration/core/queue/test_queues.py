"""Queues: lanes of their own, shares of a worker, pauses, and the list of those that exist."""

from __future__ import annotations

import pytest

from app.core.activity.readiness import CHECK_SETTINGS, WorkFacts
from app.core.errors import InvalidSpec, NotFound
from app.core.models import JobSpec
from app.core.queue import Queue
from app.core.queue.pauses import Pauses
from app.core.records import LaneName, Scope, ScopeKind
from app.core.runs.store import RunStore
from app.core.specs.store import JobStore
from app.core.storage.lane_directory import lanes_of, read_lanes, suspect_lanes_of
from app.services.worker.claimer import WeightedRoundRobin
from tests.support.queue.queue_driver import QueueDriver

BOTH = dict.fromkeys(lanes_of(["default", "gpu"]), 100)
GPU = dict.fromkeys(lanes_of(["gpu"]), 100)


@pytest.fixture
def pauses(queue: Queue) -> Pauses:
    return Pauses(queue.link, queue.scripts, queue.keys, queue.clock)


def gpu_job(job_id: str = "job-a", **changes: object) -> JobSpec:
    return JobSpec.model_validate({"job_id": job_id, "type": "test.noop", "queue": "gpu", **changes})


async def test_a_worker_claims_only_from_the_queues_that_it_serves(
    driver: QueueDriver, runs: RunStore
) -> None:
    """A run of another queue waits, and its record names the queue and the priority."""
    run_id = await driver.enqueue(lane="gpu:high")
    assert (await driver.claim()).runs == []
    record = await runs.get(run_id)
    assert (record.queue, record.priority, record.status) == ("gpu", "high", "queued")
    assert [run.run_id for run in (await driver.claim(quotas=GPU)).runs] == [run_id]


@pytest.mark.parametrize("slots", [1, 24])
async def test_queues_of_a_worker_get_equal_shares(driver: QueueDriver, slots: int) -> None:
    """Over time each queue gets half of the slots, and within it the lanes hold their weights."""
    for lane in BOTH:
        await driver.enqueue_some(120, lane=lane)
    credit, taken = WeightedRoundRobin(("default", "gpu")), dict.fromkeys(BOTH, 0)
    for _ in range(120 // slots):
        quotas = credit.quotas(slots)
        claim = await driver.claim(slots, quotas=quotas)
        credit.spent(quotas, claim.taken)
        for lane in taken:
            taken[lane] += claim.taken[lane]
    assert sum(taken.values()) == 120
    for lane, share in {"high": 40, "normal": 15, "low": 5, "gpu:high": 40, "gpu:low": 5}.items():
        assert abs(taken[lane] - share) <= 2


async def test_a_queue_without_runs_leaves_its_share_to_the_others(driver: QueueDriver) -> None:
    """No slot stays free while runs wait in a queue that the worker serves."""
    await driver.enqueue_some(20, lane="gpu:low")
    quotas = WeightedRoundRobin(("default", "gpu")).quotas(12)
    assert len((await driver.claim(12, quotas=quotas)).runs) == 12


async def test_a_worker_waits_for_an_entry_of_all_its_queues(driver: QueueDriver, blocking: object) -> None:
    """A blocking read covers the lanes of each queue, and its entry is adopted."""
    lanes = lanes_of(["default", "gpu"])
    await driver.queue.ensure_groups(lanes)
    run_id = await driver.enqueue(lane="gpu:normal")
    delivered = await driver.queue.wait_for_entry(blocking, "w1", 1000, lanes)  # type: ignore[arg-type]
    assert [(item.lane, item.run_id) for item in delivered] == [("gpu:normal", run_id)]
    claim = await driver.claim(1, quotas={"gpu:normal": 1}, adopt=delivered)
    assert [run.run_id for run in claim.runs] == [run_id]


async def test_a_suspect_of_a_queue_runs_on_its_workers(driver: QueueDriver) -> None:
    """Its lane is `gpu:suspect`, which a worker of `default` does not read."""
    run_id = await driver.enqueue(lane="gpu:normal")
    for _ in range(2):
        assert len((await driver.claim(quotas=GPU)).runs) == 1
        await driver.crash()
    assert (await driver.hash(run_id))["lane"] == "gpu:suspect"
    assert (await driver.claim(quotas={"suspect": 1})).runs == []
    (run,) = (await driver.claim(slots=0, quotas={"gpu:suspect": 1})).runs
    assert (run.run_id, run.alone) == (run_id, True)


async def test_a_run_comes_back_to_its_queue(driver: QueueDriver) -> None:
    """After a delay, a lost worker and a wait for a key it is in the lane that it was created for."""
    delayed = await driver.enqueue(lane="gpu:low", delay_ms=60_000)
    await driver.make_due()
    await driver.queue.promote()
    assert (await driver.hash(delayed))["lane"] == "gpu:low"
    holder = (await driver.claim(quotas=GPU)).runs[0]
    await driver.crash()
    assert (await driver.hash(holder.run_id))["lane"] == "gpu:low"
    first = await driver.enqueue("job-b", lane="gpu:high", key="k")
    second = await driver.enqueue("job-b", lane="gpu:high", key="k")
    runs = {run.run_id: run for run in (await driver.claim(quotas=GPU)).runs}
    await driver.finish(runs[first])
    assert (await driver.hash(second))["lane"] == "gpu:high"


async def test_a_job_with_a_queue_makes_the_queue(jobs: JobStore, driver: QueueDriver) -> None:
    """The spec keeps it, the list of queues and of their jobs names it, and its lanes have their marks."""
    record = await jobs.create(gpu_job(), actor="ana", origin="test")
    assert (record.spec.queue, (await jobs.get("job-a")).spec.queue) == ("gpu", "gpu")
    assert (await read_lanes(driver.link, driver.keys)).queues == ("default", "gpu")
    assert await driver.link.call("ZRANGE", driver.keys.jobs_queue("gpu"), 0, -1) == ["job-a"]
    await driver.queue.heal()
    await driver.queue.heal_round()
    await driver.enqueue(lane="other:low")
    # A new queue is no sign of a loss.
    assert await driver.queue.heal_round() == 0
    assert (await driver.fields(driver.keys.heal)).get("walk") is None


async def test_a_job_leaves_its_queue(jobs: JobStore, driver: QueueDriver) -> None:
    """A save without it and a deletion take the job out of the queue."""
    await jobs.create(gpu_job("a"), actor="ana", origin="test")
    await jobs.create(gpu_job("b"), actor="ana", origin="test")
    await jobs.replace(gpu_job("a", queue="default"), expected_version=1, actor="ana", origin="test")
    assert "queue" not in await driver.fields(driver.keys.job("a"))
    assert await driver.link.call("ZRANGE", driver.keys.jobs_queue("gpu"), 0, -1) == ["b"]
    await jobs.delete("b", actor="ana")
    assert await driver.link.call("EXISTS", driver.keys.jobs_queue("gpu")) == 0


async def test_the_number_of_queues_is_bounded(jobs: JobStore, driver: QueueDriver) -> None:
    """The 65th queue is refused; a job of a queue that exists is not."""
    await driver.queue.ensure_groups(tuple(f"q{number}:low" for number in range(64)))
    with pytest.raises(InvalidSpec) as refusal:
        await jobs.create(gpu_job(), actor="ana", origin="test")
    assert [problem.code for problem in refusal.value.problems] == ["too_many_queues"]
    await jobs.create(gpu_job(queue="q7"), actor="ana", origin="test")


async def test_a_paused_queue_holds_its_runs(driver: QueueDriver, pauses: Pauses, runs: RunStore) -> None:
    """Runs of other queues start, and a resume gives the held ones back to their lane."""
    scope = Scope(ScopeKind.QUEUE, "gpu")
    held, other = await driver.enqueue(lane="gpu:low"), await driver.enqueue()
    await pauses.pause(scope, "ana", "maintenance")
    assert [run.run_id for run in (await driver.claim(quotas=BOTH)).runs] == [other]
    assert (await runs.get(held)).waiting_for == "paused:queue:gpu"
    assert (await pauses.resume(scope, "ana")).released == 1
    assert [run.run_id for run in (await driver.claim(quotas=BOTH)).runs] == [held]


async def test_only_a_queue_that_exists_can_be_paused(driver: QueueDriver, pauses: Pauses) -> None:
    """`default` always exists."""
    with pytest.raises(NotFound):
        await pauses.pause(Scope(ScopeKind.QUEUE, "gpu"), "ana")
    with pytest.raises(NotFound):
        await pauses.resume(Scope(ScopeKind.QUEUE, "gpu"), "ana")
    await pauses.pause(Scope(ScopeKind.QUEUE, "default"), "ana")
    await driver.enqueue()
    assert (await driver.claim()).runs == []


async def test_each_queue_has_its_own_depth(driver: QueueDriver) -> None:
    """Waiting, running, the oldest wait and suspects; the lanes together have the sums."""
    await driver.enqueue_some(2, lane="gpu:high")
    await driver.enqueue_some(3)
    await driver.claim(1, quotas={"gpu:high": 1})
    stats = await driver.queue.stats()
    default, gpu = stats.queues
    assert (default.queue, default.waiting, default.running) == ("default", 3, 0)
    assert (gpu.queue, gpu.waiting, gpu.running) == ("gpu", 1, 1)
    assert gpu.oldest_ms is not None
    assert (stats.lanes["high"].waiting, stats.lanes["normal"].waiting) == (1, 3)
    assert stats.waiting_for_keys == 0


async def test_a_queue_without_a_worker_is_no_fault_of_the_others(driver: QueueDriver) -> None:
    """Readiness looks at the queues that live workers serve."""
    await driver.enqueue(lane="gpu:low")
    facts = WorkFacts.of(await driver.queue.scripts.run("statistics/work_facts", page_size=CHECK_SETTINGS))
    assert facts.waiting == 1
    assert facts.ready_since is not None
    assert LaneName("gpu", "low") in facts.lane_waits()


async def test_a_purged_deployment_finds_its_queues_again(driver: QueueDriver) -> None:
    """Runs whose streams and queues were lost get entries in their own lanes."""
    run_id = await driver.enqueue(lane="gpu:low")
    lanes = (*lanes_of(["gpu"]), *suspect_lanes_of(["gpu"]))
    await driver.link.call("DEL", driver.keys.queues, *map(driver.keys.ready, lanes))
    assert await driver.queue.heal() == 1
    assert [run.run_id for run in (await driver.claim(quotas=GPU)).runs] == [run_id]


async def test_a_queue_that_a_job_names_stays(driver: QueueDriver, jobs: JobStore) -> None:
    """A queue goes once no job names it, no worker serves it, and nothing waits in it."""
    await jobs.create(gpu_job(), actor="ana", origin="test")
    run_id = await driver.enqueue(lane="busy:low")
    await driver.queue.ensure_groups(("served:low", "unused:low"))
    assert await driver.queue.forget_queues({"default", "served"}) == 1
    assert (await read_lanes(driver.link, driver.keys)).queues == ("default", "busy", "gpu", "served")
    await jobs.delete("job-a", actor="ana")
    await driver.queue.cancel(run_id)
    assert await driver.queue.forget_queues(set()) == 3
    assert await driver.enqueue(lane="gpu:low")
    assert (await read_lanes(driver.link, driver.keys)).queues == ("default", "gpu")


async def test_a_paused_queue_stays(driver: QueueDriver, pauses: Pauses) -> None:
    """The pause would be lost from the list of queues."""
    await driver.queue.ensure_groups(("gpu:low",))
    await pauses.pause(Scope(ScopeKind.QUEUE, "gpu"), "ana")
    assert await driver.queue.forget_queues(set()) == 0
    await pauses.resume(Scope(ScopeKind.QUEUE, "gpu"), "ana")
    assert await driver.queue.forget_queues(set()) == 1
