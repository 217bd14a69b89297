"""The memory estimate compared with `MEMORY USAGE` of every key."""

from __future__ import annotations

from pathlib import Path

from app.core.connectors.messages import OutboxState
from app.core.memory.estimate import MemoryEstimator
from app.core.memory.usage import KINDS, read_memory_usage
from app.core.queue.producer import Idempotency
from app.core.redis_client import RedisLink, open_link
from app.core.specs.store import JobStore
from app.core.storage.keys import Keys
from app.services.scheduler.memory_retention import MemoryRetention
from tests.support.queue.bulk import Bulk
from tests.support.queue.memory_truth import measured_by_kind
from tests.support.queue.paused import Paused, job_scope
from tests.support.queue.queue_driver import QueueDriver
from tests.support.redis_server import fresh_settings

DAY_MS = 86_400_000
QUARTERS = 96


async def test_estimate_is_close_to_what_every_key_takes(bulk: Bulk, keys: Keys, link: RedisLink) -> None:
    """3,000 runs of 200 jobs, a week of roll-ups, messages and values: each large kind within a fifth."""
    await _fill(bulk)
    for number in range(40):
        await link.call("HSET", keys.artifact(f"c{number}"), "bytes", 1, "0:0", "x" * (5_000 + 100 * number))
        await link.call("ZADD", keys.artifacts, number, f"c{number}")
    truth = await measured_by_kind(link, keys)
    found = await MemoryEstimator(link, keys).measure()
    shares = {kind: found.kinds[kind] / truth[kind] for kind in KINDS}
    close = ("jobs", "queue", "history", "rollups", "logs", "messages", "artifacts")
    assert all(0.8 < shares[kind] < 1.25 for kind in close), shares
    assert 0.9 < found.total_bytes / truth.total() < 1.1, shares
    assert found.ended_runs == 3_000 + 30


async def test_keys_that_many_members_share_are_estimated_well(
    bulk: Bulk, jobs: JobStore, driver: QueueDriver, keys: Keys, link: RedisLink
) -> None:
    """Few large keys (jobs of a type, a line, a pause, a worker's claim) make no estimate of ten wrong."""
    specs = await bulk.make_jobs(300)
    await driver.enqueue_some(250, specs[1].job_id, key="one")
    await driver.enqueue_some(250, specs[2].job_id, overlap_key=True)
    await driver.enqueue_some(250, specs[3].job_id)
    paused = Paused(driver, jobs)
    await paused.pause(job_scope(specs[3].job_id))
    assert len(await paused.claim_all()) == 2
    await driver.enqueue_some(250, specs[4].job_id)
    assert len((await driver.claim(256, "w2", {"high": 0, "normal": 256, "low": 0})).runs) == 250
    truth = await measured_by_kind(link, keys)
    for _ in range(10):
        found = await MemoryEstimator(link, keys).measure()
        shares = {kind: found.kinds[kind] / truth[kind] for kind in ("jobs", "queue", "other")}
        assert all(0.8 < share < 1.25 for share in shares.values()), shares


async def test_estimate_of_an_empty_deployment_is_small(link: RedisLink, keys: Keys) -> None:
    """Nothing to sample is no error."""
    found = await MemoryEstimator(link, keys).measure()
    assert (found.ended_runs, found.removable_bytes) == (0, 0)
    assert found.kinds["history"] == found.kinds["rollups"] == 0


async def test_only_old_history_without_dead_letters_counts_as_removable(
    driver: QueueDriver, keys: Keys, link: RedisLink
) -> None:
    """Young runs, and failures that wait for a decision, are no room to be made."""
    await driver.fail()
    await driver.finish(await driver.start())
    estimator = MemoryEstimator(link, keys)
    assert (await estimator.measure()).removable_now_bytes == 0
    old = await driver.start()
    await driver.finish(old)
    await link.call("HSET", keys.run(old.run_id), "ended", await driver.now_ms() - 600_000)
    found = await estimator.measure()
    assert (found.removable_now_bytes > 0, found.removable_bytes) == (True, 0)
    await link.call("HSET", keys.run(old.run_id), "ended", await driver.now_ms() - DAY_MS)
    assert (await estimator.measure()).removable_bytes > 0


async def test_estimate_is_stored_for_people_and_rules(
    driver: QueueDriver, keys: Keys, link: RedisLink
) -> None:
    """A round of the memory rule stores its measurement."""
    assert await read_memory_usage(link, keys) is None
    await MemoryRetention(driver.queue).work()
    stored = await read_memory_usage(link, keys)
    assert stored is not None
    assert stored.total_bytes > 0


async def test_a_user_with_least_rights_may_measure(link: RedisLink, redis_url: str, tmp_path: Path) -> None:
    """A Redis user that may call INFO, but nothing else that is dangerous, is enough."""
    settings = fresh_settings(redis_url, tmp_path)
    space = settings.namespace
    rights = f"on >word12345678 ~{{{space}}}:* &{{{space}}}:* +@all -@dangerous +info".split()
    await link.call("ACL", "SETUSER", "least", "reset", *rights)
    limited = await open_link(
        settings.model_copy(update={"redis_url": redis_url.replace("://", "://least:word12345678@")})
    )
    try:
        found = await MemoryEstimator(limited, Keys(space)).measure()
        assert found.ended_runs == 0
    finally:
        await limited.close()
        await link.call("ACL", "DELUSER", "least")


async def _fill(bulk: Bulk) -> None:
    driver, queue, keys = bulk.driver, bulk.driver.queue, bulk.driver.keys
    await bulk.make_jobs(200)
    await bulk.make_runs(3_000)
    for spec in bulk.specs[:30]:
        await bulk.keep_values(spec.job_id)
    for run_id in await queue.link.call("ZRANGE", keys.runs, 0, 99):
        await bulk.send(run_id, "job-00001", OutboxState.DELIVERED)
    for number in range(300):
        await queue.enqueue(driver.new_run(job_id="job-00003"), Idempotency(f"key-{number}", "h" * 64))
    today = await driver.now_ms() // DAY_MS
    for spec in bulk.specs:
        for day in range(today - 7, today):
            await _roll_up(queue.link, keys, spec.job_id, day)


async def _roll_up(link: RedisLink, keys: Keys, job_id: str, day: int) -> None:
    """Write a day of a monitor that runs each minute."""
    fields: list[str | int] = []
    for quarter in range(QUARTERS):
        fields += [f"{quarter}|success", 15, f"{quarter}|ms", 4_100 + quarter]
    buckets = [
        part
        for quarter in range(0, QUARTERS, 8)
        for bucket in range(40, 52)
        for part in (f"{quarter}|b{bucket}", 5)
    ]
    durations = keys.rollup_durations(job_id, day)
    key, index = keys.rollup_quarter(job_id, day), keys.rollup_jobs(day)
    await link.calls(
        [
            ("HSET", key, *fields),
            ("HSET", durations, *buckets),
            ("HSET", index, job_id, 1_440),
            *(("EXPIRE", each, 999) for each in (key, durations, index)),
        ]
    )
