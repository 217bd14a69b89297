"""Handlers that take long, hold the loop, or will not end."""

from __future__ import annotations

from app.core.models import TERMINAL, NewRun, Priority
from tests.support.faults.deployment import NO_RETRY, FaultDeployment, Figures, MakeDeployment
from tests.support.faults.probe import unrelated_work
from tests.support.faults.processes import Service
from tests.support.waiting import wait_until_async

EXIT_HUNG = 70
# Twice the catalogue's 5: this machine may be busy with other things.
RECYCLED_LEASES = 10
UNRELATED_SEC = 5.0


async def test_healthy_run_of_ten_leases_starts_once(deployment: FaultDeployment, figures: Figures) -> None:
    """Fault 3: no other worker takes over a run that is renewed for ten leases."""
    deployment.fleet.start("worker", 2)
    run = deployment.new_run(inputs={"duration_ms": round(deployment.lease_sec * 10_000)})
    await deployment.submit([run])
    await deployment.submit_work(30, duration_ms=500)
    async with unrelated_work(deployment, starts_within_sec=UNRELATED_SEC):
        await wait_until_async(lambda: _has_ended(deployment, run.run_id), 60, "the long run has ended")
    await deployment.at_rest(60)
    summary = await deployment.check(repeats_at_most=0)
    assert len(deployment.attempts()[run.run_id]) == 1
    figures(summary)


async def test_handler_that_blocks_the_loop_keeps_its_lease(
    deployment: FaultDeployment, figures: Figures
) -> None:
    """Fault 4: a handler holds the event loop for three leases; it is started once, and a warning says so."""
    blocking = deployment.new_run(lane=Priority.HIGH, inputs={"block_ms": round(deployment.lease_sec * 3000)})
    # All of it waits before anybody claims: the claim that brings the blocking run has another behind it,
    # whose answer comes while the loop is held.
    await deployment.submit([blocking])
    await deployment.submit_work(20, duration_ms=300)
    deployment.fleet.start("worker", 2)
    # Runs that the blocked worker had claimed have to wait for it.
    async with unrelated_work(deployment, starts_within_sec=3 * deployment.lease_sec + 2):
        await wait_until_async(lambda: _has_ended(deployment, blocking.run_id), 60, "the run has ended")
    await deployment.at_rest(60)
    summary = await deployment.check(repeats_at_most=0)
    assert len(deployment.attempts()[blocking.run_id]) == 1
    warnings = [text for text in deployment.fleet.complaints("warning") if "blocks the event loop" in text]
    assert warnings
    # Runs that were claimed and had to wait for the loop have lost no worker.
    assert "crashes" not in await deployment.metrics()
    figures(f"{len(warnings)} warnings, {summary}")


async def test_hung_loop_is_recycled_and_its_run_isolated(
    make_deployment: MakeDeployment, figures: Figures, full: bool
) -> None:
    """Fault 5: a loop that hangs for good ends its process; its run, isolated, times out in a child."""
    deployment = await make_deployment(lease_sec=2.0 if full else 1.0)
    # Without it no process would keep the lease clock between two workers, and no crash would be counted.
    deployment.fleet.start("scheduler")
    # Longer than a loop may hang.
    timeout_ms = round(RECYCLED_LEASES * deployment.lease_sec * 1000)
    run = deployment.new_run(inputs={"block_ms": 600_000}, timeout_ms=timeout_ms, retry=NO_RETRY)
    await deployment.submit([run])
    took: list[float] = []
    # The only worker hangs until it exits; its claimed runs wait for the end of their lease as well.
    async with unrelated_work(
        deployment, starts_within_sec=(RECYCLED_LEASES / 2 + 1) * deployment.lease_sec + 2
    ):
        while True:
            worker = deployment.fleet.start("worker")[0]
            await wait_until_async(
                lambda w=worker: _left_or_isolated(deployment, w, run.run_id),
                30 + RECYCLED_LEASES * deployment.lease_sec,
            )
            if worker.code is None:
                break
            deployment.fleet.note_death(worker)
            assert worker.code == EXIT_HUNG
            hung_ms = next(a.start_ms for a in deployment.attempts()[run.run_id] if a.pid == worker.pid)
            took.append((deployment.clock.now_ms() - hung_ms) / 1000 / deployment.lease_sec)
    await deployment.at_rest(60 + timeout_ms / 1000)
    summary = await deployment.check(repeats_at_most=len(took))
    record = (await deployment.hashes([run.run_id]))[0]
    assert (record["status"], record["crashes"]) == ("failed", "2")
    assert '"timed_out"' in record["error"]
    # A machine so busy that no process renewed for half a lease leaves a gap, and counts no crash.
    assert (len(took), worker.code) == (2 + int(record.get("gaps", 0)), None)
    figures(f"gone after {', '.join(f'{leases:.1f}' for leases in took)} leases, {summary}")
    assert max(took) <= RECYCLED_LEASES


async def _left_or_isolated(deployment: FaultDeployment, worker: Service, run_id: str) -> bool:
    [record] = await deployment.hashes([run_id])
    return worker.code is not None or "alone" in record


async def test_swallowed_cancellation_is_reported_in_time(
    deployment: FaultDeployment, figures: Figures
) -> None:
    """Fault 6: handlers in the loop, a thread and a child swallow their cancellation; each ends on time."""
    deployment.fleet.start("worker")
    timeout_ms = 1000
    runs = [
        deployment.new_run(
            "test.swallow",
            inputs={"duration_ms": 8000, "runs_in": where},
            timeout_ms=timeout_ms,
            retry=NO_RETRY,
        )
        for where in ("loop", "thread", "process")
    ]
    await deployment.submit(runs)
    async with unrelated_work(deployment, starts_within_sec=UNRELATED_SEC):
        await wait_until_async(lambda: _have_ended(deployment, runs), 60, "all three have ended")
    await deployment.at_rest(60)
    summary = await deployment.check(repeats_at_most=0)
    records = await deployment.hashes([run.run_id for run in runs])
    assert all('"timed_out"' in record["error"] for record in records)
    took = [int(record["ended"]) - int(record["started"]) for record in records]
    figures(f"ended after {took} ms of a time-out of {timeout_ms} ms, {summary}")
    assert max(took) <= timeout_ms + 2 * 2000


async def _has_ended(deployment: FaultDeployment, run_id: str) -> bool:
    (record,) = await deployment.hashes([run_id])
    return record["status"] in TERMINAL


async def _have_ended(deployment: FaultDeployment, runs: list[NewRun]) -> bool:
    return {h["status"] for h in await deployment.hashes([run.run_id for run in runs])} <= set(
        map(str, TERMINAL)
    )
