"""Entries, types and results that cannot be processed."""

from __future__ import annotations

from app.core.storage.connection import pairs
from app.core.storage.keys import LANES
from tests.support.faults.deployment import NO_RETRY, FaultDeployment, Figures
from tests.support.faults.probe import unrelated_work
from tests.support.waiting import wait_until_async

UNRELATED_SEC = 5.0


async def test_bad_entries_and_results_stop_no_other_run(
    deployment: FaultDeployment, figures: Figures
) -> None:
    """Fault 23: malformed entries are quarantined, bad results fail with a reason, the rest succeeds.

    A run of a type that no worker has waits.
    """
    await deployment.queue.ensure_groups()
    before = await deployment.submit_work(100, duration_ms=20)
    malformed = await _add_malformed_entries(deployment)
    failing = {
        "invalid_inputs": deployment.new_run("test.sleep", job="bad", inputs={"duration_ms": "soon"}),
        "result_not_serialisable": deployment.new_run("test.unserialisable", job="bad"),
        "result_too_large": deployment.new_run("test.big", job="bad", inputs={"bytes": 10 * 1024 * 1024}),
    }
    unknown = deployment.new_run("test.nobody_knows", job="bad")
    await deployment.submit([unknown, *failing.values()])
    after = await deployment.submit_work(100, duration_ms=20)
    deployment.fleet.start("worker", 2)
    async with unrelated_work(deployment, starts_within_sec=UNRELATED_SEC):
        await wait_until_async(lambda: _all_success(deployment, [*before, *after]), 60, "the rest succeeds")
    assert (await deployment.queue.stats()).missing_types == {"test.nobody_knows": 1}
    assert await deployment.queue.cancel(unknown.run_id) == "CANCELLED"
    await deployment.at_rest(60)
    await wait_until_async(lambda: _lanes_empty(deployment), 60, "no entry is left")
    records = await deployment.hashes([run.run_id for run in failing.values()])
    for code, record in zip(failing, records, strict=True):
        assert record["status"] == "failed"
        assert f'"{code}"' in record["error"], record["error"]
    assert {h["status"] for h in await deployment.hashes([*before, *after])} == {"success"}
    noted = await deployment.link.call("XRANGE", deployment.keys.quarantine, "-", "+")
    # An entry of a run that does not exist is dropped: nothing is lost with it. Another one may be noted
    # twice, by the worker that had read it and by the scheduler that took it back meanwhile.
    quarantined = {(about["lane"], about["entry"]) for about in (pairs(fields) for _, fields in noted)}
    assert len(quarantined) == malformed
    figures(f"{malformed} quarantined, {await deployment.check(repeats_at_most=0)}")


async def _add_malformed_entries(deployment: FaultDeployment) -> int:
    """Add entries that no script writes; return how many of them name no run."""
    for lane in LANES:
        stream = deployment.keys.ready(lane)
        await deployment.link.call("XADD", stream, "*", "surprise", "1", "more", "2")
        await deployment.link.call("XADD", stream, "*", "r", "01ARZ3NDEKTSV4RRFFQ69G5FAV")
    return len(LANES)


async def test_record_of_a_wrong_type_is_quarantined(deployment: FaultDeployment, figures: Figures) -> None:
    """Fault 23: if a run's record is no hash, its entry is quarantined and its neighbours go on."""
    broken = deployment.new_run()
    await deployment.queue.enqueue_many([broken])
    neighbours = await deployment.submit_work(50, duration_ms=10, retry=NO_RETRY)
    key = deployment.keys.run(broken.run_id)
    await deployment.link.calls([("DEL", key), ("SET", key, "no hash")])
    deployment.fleet.start("worker", 2)
    async with unrelated_work(deployment, starts_within_sec=UNRELATED_SEC):
        await wait_until_async(lambda: _all_success(deployment, neighbours), 60, "the neighbours succeed")
    await wait_until_async(lambda: _lanes_empty(deployment), 60, "no entry is left")
    quarantined = await deployment.link.call("XRANGE", deployment.keys.quarantine, "-", "+")
    assert any(broken.run_id in fields for _, fields in quarantined), quarantined
    assert deployment.fleet.fallen() == []
    figures(f"{len(quarantined)} quarantined, 50 of 50 neighbours succeed")


async def _all_success(deployment: FaultDeployment, run_ids: list[str]) -> bool:
    return {h["status"] for h in await deployment.hashes(run_ids)} == {"success"}


async def _lanes_empty(deployment: FaultDeployment) -> bool:
    lengths = await deployment.link.calls([("XLEN", deployment.keys.ready(lane)) for lane in LANES])
    return sum(lengths) == 0
