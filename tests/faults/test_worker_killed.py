"""Workers that die, stand still, or leave."""

from __future__ import annotations

import psutil

from app.services.worker.leases import ISOLATED_SLOTS
from tests.support.faults.deployment import (
    NO_RETRY,
    FaultDeployment,
    Figures,
    MakeDeployment,
    every,
    span,
    timed,
)
from tests.support.faults.ledger import interrupted, late_ends, open_attempts
from tests.support.faults.probe import unrelated_work
from tests.support.faults.processes import Service
from tests.support.waiting import wait_until_async

# Lease (2 s) and reclaim of a run that a dead worker had claimed, and the next claim.
UNRELATED_SEC = 5.0


async def test_sigkill_of_workers_loses_no_run(
    deployment: FaultDeployment, figures: Figures, full: bool
) -> None:
    """Fault 1: workers are killed at random again and again, and every run still ends exactly once."""
    count, kills = (3000, 100) if full else (400, 12)
    at_work = deployment.settings.worker_concurrency + ISOLATED_SLOTS
    # A run with two crashes is isolated. If it loses its worker again, it waits, and the scheduler queues it.
    deployment.fleet.start("scheduler")
    deployment.fleet.start("worker", 4)
    await deployment.submit_work(count, duration_ms=400 if full else 300)
    # On a slow machine many of the living are still on their way up: the first victim is at work for certain.
    victims = await deployment.some_at_work(1)
    async with unrelated_work(deployment, starts_within_sec=UNRELATED_SEC):
        async for _ in every(0.6, kills):
            deployment.fleet.kill(
                victims.pop() if victims else deployment.dice.choice(deployment.fleet.alive("worker"))
            )
            deployment.fleet.start("worker", wait=False)
    await deployment.at_rest(600 if full else 60)
    # A handler that has ended, its end not acknowledged yet, is started again as well.
    summary = await deployment.check(repeats_at_most=2 * kills * at_work)
    cut = interrupted(deployment.attempts())
    assert cut <= kills * at_work, f"{cut} handlers were cut short"
    assert (await deployment.metrics()).get("crashes", 0) > 0, "no kill hit a run"
    figures(f"{kills} kills, {cut} handlers cut short, {summary}")


async def test_sigstop_of_workers_commits_nothing_twice(
    deployment: FaultDeployment, figures: Figures, full: bool
) -> None:
    """Fault 2: workers stand still for two leases and wake up with runs that others have finished."""
    rounds, together, concurrency = (25, 2, 4) if full else (3, 2, 4)
    deployment.fleet.start("worker", 4)
    async with unrelated_work(deployment, starts_within_sec=UNRELATED_SEC):
        for _ in range(rounds):
            await _stop_and_wake(deployment, together)
            await wait_until_async(deployment.load_at_rest, 60, "the load has ended")
    await deployment.at_rest(60)
    stops = rounds * together
    summary = await deployment.check(repeats_at_most=stops * concurrency)
    late = late_ends(deployment.attempts())
    assert late > 0, "no woken worker met another at its run"
    figures(f"{stops} stops, {late} handlers ended under another's lease, {summary}")


async def _stop_and_wake(deployment: FaultDeployment, count: int) -> None:
    """Stop workers in the middle of runs; wake them when others have started every one of these."""
    # As many as half of all slots, so that the others have room for what the stopped ones hold; shorter
    # than the stop, so that a woken handler is at its end before it can hear that its lease is lost.
    inputs = {"duration_ms": round(1800 * deployment.lease_sec)}
    runs = await deployment.submit(deployment.new_run(inputs=inputs) for _ in range(8))
    await wait_until_async(
        lambda: deployment.attempts().keys() >= set(runs), 60, "the long runs have started"
    )
    stopped = await deployment.some_at_work(count)
    for worker in stopped:
        deployment.fleet.stop(worker)
    pids = {worker.pid for worker in stopped}
    held = _open_runs(deployment, pids)
    await deployment.submit_work(12, duration_ms=100)
    await span(2 * deployment.lease_sec)
    await wait_until_async(
        lambda: all(deployment.attempts()[run_id][-1].pid not in pids for run_id in held),
        60,
        "others have started what the stopped workers hold",
    )
    for worker in stopped:
        deployment.fleet.resume(worker)
    await wait_until_async(
        lambda: not _open_runs(deployment, pids) & held, 60, "the woken handlers have ended"
    )


def _open_runs(deployment: FaultDeployment, pids: set[int]) -> set[str]:
    """Return the runs that handlers of these processes have started and not ended."""
    return {attempt.run_id for attempt in open_attempts(deployment.attempts()) if attempt.pid in pids}


async def test_poison_pill_is_dead_lettered_and_innocents_succeed(
    deployment: FaultDeployment, figures: Figures
) -> None:
    """Fault 7: a run kills two workers, then its own child; it is a dead letter, its neighbours succeed."""
    innocents, restarts = 500, 0
    first = await deployment.submit_work(innocents // 2, duration_ms=30)
    poison = deployment.new_run("test.poison", job="poison", inputs={})
    await deployment.submit([poison])
    second = await deployment.submit_work(innocents - innocents // 2, duration_ms=30)
    # Not awaited: the first may take the poison and die before the second has started.
    workers = deployment.fleet.start("worker", 2, wait=False)

    async def supervised() -> bool:
        nonlocal workers, restarts
        for dead in [worker for worker in workers if worker.code is not None]:
            deployment.fleet.note_death(dead)
            workers = [w for w in workers if w is not dead] + deployment.fleet.start("worker", wait=False)
            restarts += 1
        return await deployment.open_runs() == 0

    async with unrelated_work(deployment, starts_within_sec=UNRELATED_SEC):
        await wait_until_async(supervised, 90, "all runs are terminal")
    await wait_until_async(supervised, 60, "all runs are terminal")
    summary = await deployment.check(repeats_at_most=restarts * deployment.settings.worker_concurrency)
    record = (await deployment.hashes([poison.run_id]))[0]
    assert (record["status"], record["crashes"], record.get("dead")) == ("failed", "3", "1")
    assert "exit code 42" in record["error"]
    assert {h["status"] for h in await deployment.hashes([*first, *second])} == {"success"}
    # A machine so busy that no process renewed for half a lease leaves a gap, and counts no crash.
    assert restarts == 2 + int(record.get("gaps", 0))
    figures(f"{restarts} crashes, {summary}")


async def test_sigterm_gives_runs_back_at_no_cost(
    make_deployment: MakeDeployment, figures: Figures, full: bool
) -> None:
    """Fault 8: a stopped worker drains, returns the rest, and costs no run a failure or a crash."""
    drain_sec = 25.0 if full else 3.0
    deployment = await make_deployment(drain_sec=drain_sec)
    leaver = deployment.fleet.start("worker")[0]
    # They outlast the drain, so that they are left to return.
    inputs = {"gated": True}
    long_ones = await deployment.submit(
        deployment.new_run(inputs=inputs, timeout_ms=600_000) for _ in range(3)
    )
    await wait_until_async(lambda: len(deployment.attempts()) == 3, 60, "the long runs have started")
    await deployment.submit_work(60, duration_ms=100)
    # The next worker comes up while this one drains: waited for here, the long runs would go on meanwhile.
    deployment.fleet.start("worker", wait=False)
    async with unrelated_work(deployment, starts_within_sec=UNRELATED_SEC):
        deployment.fleet.terminate(leaver)
        took = await _leaving_time(leaver, 54 if full else 2 * (drain_sec + 2))
        deployment.open_gate()
    await deployment.at_rest(60)
    summary = await deployment.check(repeats_at_most=3)
    records = (await deployment.all_runs()).values()
    assert all("failures" not in record and "crashes" not in record for record in records)
    assert [h["releases"] for h in await deployment.hashes(long_ones)] == ["1"] * 3
    figures(f"out after {took:.1f} s of a drain of {drain_sec:.0f} s, 3 given back, {summary}")


async def _leaving_time(service: Service, at_most_sec: float) -> float:
    async def gone() -> bool:
        return service.code is not None

    took, _ = await timed(wait_until_async(gone, at_most_sec, f"{service.name} has left"))
    assert service.code == 0
    return took


async def test_sigkill_of_every_worker_at_once_loses_no_run(
    deployment: FaultDeployment, figures: Figures
) -> None:
    """Fault 1: with no worker left to reclaim, the next one that starts takes over the dead ones' runs."""
    deployment.fleet.start("worker", 2)
    # Long compared to the kills: a run that had ended without being acknowledged would be started again too.
    await deployment.submit_work(16, duration_ms=2000, retry=NO_RETRY)
    await wait_until_async(lambda: len(deployment.attempts()) >= 8, 60, "all slots are taken")
    async with unrelated_work(deployment, starts_within_sec=UNRELATED_SEC):
        for worker in deployment.fleet.alive("worker"):
            deployment.fleet.kill(worker)
        deployment.fleet.start("worker")
        took, _ = await timed(wait_until_async(deployment.load_at_rest, 60, "the load has ended"))
    await deployment.at_rest(60)
    figures(f"at rest after {took:.1f} s, {await deployment.check(repeats_at_most=8)}")


async def test_end_of_a_worker_process_is_an_event(deployment: FaultDeployment) -> None:
    """The process that replaces a killed one of several reports its signal."""
    parent = deployment.fleet.start("worker", WORKER_PROCESSES="2")[0]
    children = psutil.Process(parent.pid).children()
    assert len(children) == 2
    children[0].kill()

    async def replacement_is_reported() -> bool:
        entries = await deployment.link.call("XRANGE", deployment.keys.events, "-", "+")
        restarted = [fields[1] for _, fields in entries if fields[1].startswith("service.restarted|")]
        return len(restarted) == 1 and "killed by SIGKILL" in restarted[0]

    async with unrelated_work(deployment, starts_within_sec=UNRELATED_SEC):
        await wait_until_async(replacement_is_reported, 60, "the end of the process is an event")
