"""Clock jumps of Redis and of a scheduler."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.incidents.store import IncidentStore
from app.core.models import NewRun
from tests.support.embedded_redis import EmbeddedRedis
from tests.support.faults.clock import TurnedClock
from tests.support.faults.deployment import FaultDeployment, Figures
from tests.support.faults.probe import unrelated_work
from tests.support.faults.slots import check_slots, fired, interval, lateness_ms, schedule_over
from tests.support.waiting import wait_until_async

SECOND_MS, MINUTE_MS, HOUR_SEC, DAY_SEC = 1000, 60_000, 3600, 86_400
UNRELATED_SEC = 5.0
# A fire is on time within 2 s; it takes the schedulers so long to act on a clock that was turned.
LATE_MS = 2 * 2000
# The schedulers compare clocks each 10 s; two readings in a row raise the alarm of a skew.
ALARM_SEC = 45.0
# Redis' clock lands this long before a full minute, so that a cron job fires soon after.
LANDING_MS = 5000
RULES = {"overlap": "allow", "misfire": "run_once", "priority": "low"}


@pytest.fixture
def turned(tmp_path: Path) -> TurnedClock:
    return TurnedClock(tmp_path / "clock")


@pytest.fixture
def redis(tmp_path: Path, turned: TurnedClock) -> Iterator[EmbeddedRedis]:
    """Return a Redis with a clock that tests can set."""
    server = EmbeddedRedis(data_dir=tmp_path / "redis")
    turned.start(server)
    yield server
    server.stop()


def _cases(daily: int) -> list[object]:
    """Return all four jumps; only one of them runs without --full."""
    jumps = (-HOUR_SEC, HOUR_SEC, -DAY_SEC, DAY_SEC)
    return [pytest.param(jump, marks=[] if jump == daily else [pytest.mark.full]) for jump in jumps]


@pytest.mark.parametrize("jump_sec", _cases(-HOUR_SEC))
async def test_clock_of_redis_jumps_and_comes_back(
    deployment: FaultDeployment, turned: TurnedClock, figures: Figures, *, full: bool, jump_sec: int
) -> None:
    """Fault 17: no slot fires twice, the first that never fired is on time, healthy runs start once."""
    deployment.fleet.start("scheduler", 2)
    deployment.fleet.start("worker", 3)
    await _create_jobs(deployment)
    await wait_until_async(lambda: _has_fired(deployment, "second", 3), 60, "three slots have fired")
    lost = await _kill_a_worker_at_work(deployment)
    before = await deployment.slots_of("second")
    async with unrelated_work(deployment, starts_within_sec=UNRELATED_SEC):
        landed_ms = await _turn(deployment, turned, await _landing(deployment, jump_sec))
        minute_ms = (landed_ms // MINUTE_MS + 1) * MINUTE_MS
        await wait_until_async(lambda: _fires(deployment, "minute", minute_ms), 60, "the cron job fires")
        await wait_until_async(lambda: _fires(deployment, "second", minute_ms), 60, "the interval job fires")
        if full:
            await wait_until_async(
                lambda: _is_raised(deployment, "clock_skew:"), ALARM_SEC, "the alarm is raised"
            )
        # Once more through the slots that have fired, and on.
        last_ms = max(before)
        back_ms = await _turn(
            deployment, turned, (before[0] - 2 * SECOND_MS - deployment.clock.now_ms()) / 1000
        )
        await wait_until_async(lambda: _fires(deployment, "second", last_ms + 3000), 60, "new slots fire")
        await wait_until_async(
            lambda: _is_raised(deployment, "clock_went_back"), ALARM_SEC, "the alarm is raised"
        )
    await deployment.at_rest(60)
    summary = await deployment.check(repeats_at_most=len(lost))
    await _check_fires(deployment)
    await _check_accounted(deployment, landed_ms, minute_ms)
    await _check_accounted(deployment, back_ms, last_ms + 3000)
    skipped = await _check_went_back(deployment, before)
    figures(f"{skipped} slots that had fired were skipped, {summary}")


async def _create_jobs(deployment: FaultDeployment) -> None:
    """Store jobs whose slots lie in the past as well, so that a clock that goes back meets some."""
    now_ms = await deployment.redis_ms()
    long_ago = (now_ms - 3 * DAY_SEC * 1000) // MINUTE_MS * MINUTE_MS
    second = {"job_id": "second", **RULES, "schedule": interval(1, long_ago)}
    await deployment.create_job(second, now_ms=now_ms)
    await deployment.create_job(
        {"job_id": "minute", **RULES, "schedule": {"cron": "* * * * *"}}, now_ms=now_ms
    )


async def _kill_a_worker_at_work(deployment: FaultDeployment) -> list[str]:
    """Let runs start that outlast the jumps, and kill a worker that has some; return these."""
    runs: list[NewRun] = [deployment.new_run(inputs={"duration_ms": 15_000}) for _ in range(6)]
    await deployment.submit(runs)
    await wait_until_async(lambda: len(deployment.attempts()) >= 6 + 3, 60, "the long runs have started")
    (victim,) = await deployment.some_at_work(1)
    deployment.fleet.kill(victim)
    await deployment.submit_work(30, duration_ms=300)
    return [i for i, attempts in deployment.attempts().items() if attempts[0].pid == victim.pid]


async def _landing(deployment: FaultDeployment, jump_sec: int) -> float:
    """Return about this jump, so that Redis' clock lands shortly before a full minute."""
    aim_ms = deployment.clock.now_ms() + jump_sec * 1000
    return jump_sec + (MINUTE_MS - LANDING_MS - aim_ms % MINUTE_MS) / 1000


async def _turn(deployment: FaultDeployment, turned: TurnedClock, seconds: float) -> int:
    """Turn Redis' clock this far from the machine's; return its new time."""
    turned.turn(seconds)

    async def shows() -> bool:
        return abs(await deployment.redis_ms() - deployment.clock.now_ms() - seconds * 1000) < 500

    await wait_until_async(shows, 60, "Redis' clock has been turned")
    return await deployment.redis_ms()


async def _has_fired(deployment: FaultDeployment, job_id: str, count: int) -> bool:
    return len(await deployment.slots_of(job_id)) >= count


async def _fires(deployment: FaultDeployment, job_id: str, slot_ms: int) -> bool:
    return slot_ms in await deployment.slots_of(job_id)


async def _is_raised(deployment: FaultDeployment, name: str) -> bool:
    """Return whether an incident of this cause was opened at any time."""
    incidents = IncidentStore(
        deployment.link, deployment.queue.scripts, deployment.keys, deployment.queue.clock
    )
    return any(each.key.startswith(name) for each in (await incidents.list(limit=100)).items)


async def _check_fires(deployment: FaultDeployment) -> None:
    """Assert that each run was counted as one fire, and that at most one of a job's was late."""
    records = [h for h in (await deployment.all_runs()).values() if "slot" in h]
    assert (await deployment.metrics())["slots|fired"] == len(records)
    for job_id in ("second", "minute"):
        late = [ms for ms in lateness_ms(h for h in records if h["job"] == job_id) if ms > LATE_MS]
        # Which slot a jump forward leaves behind is the misfire rule's to run: the newest.
        assert len(late) <= 1, f"{job_id} fired late: {late}"


async def _check_accounted(deployment: FaultDeployment, since_ms: int, until_ms: int) -> None:
    """Assert that each second's slot of a span of Redis' clock became a run or is in the ledger."""
    found = await fired(deployment, "second")
    first_ms = (since_ms // SECOND_MS + 1) * SECOND_MS
    slots = set(range(first_ms, until_ms, SECOND_MS)) - set(found.runs)
    unknown = [s for s in slots if not any(entry.first <= s <= entry.last for entry in found.ledger)]
    # The step is noticed a moment after it: the first slot may come before that.
    assert not [slot for slot in unknown if slot > first_ms], f"neither fired nor written off: {unknown}"


async def _check_went_back(deployment: FaultDeployment, before: list[int]) -> int:
    """Assert that the slots that had fired are in the ledger as such; return how many there are."""
    ledger = [e for e in (await fired(deployment, "second")).ledger if e.reason == "clock_went_back"]
    missing = [slot for slot in before if not any(e.first <= slot <= e.last for e in ledger)]
    assert not missing, f"fired before and not in the ledger: {missing}, {ledger}"
    return sum(entry.slots for entry in ledger)


@pytest.mark.parametrize("jump_sec", _cases(DAY_SEC))
async def test_clock_of_the_only_scheduler_is_wrong(
    deployment: FaultDeployment, tmp_path: Path, figures: Figures, jump_sec: int
) -> None:
    """Fault 17: a scheduler's clock is wrong, then wrong the other way: each slot fires once, on time."""
    turned = TurnedClock(tmp_path / "clock-of-the-scheduler")
    turned.turn(jump_sec)
    deployment.fleet.start("scheduler", 1, wait=True, **turned.environment)
    deployment.fleet.start("worker", 2)
    start_ms = (await deployment.redis_ms() // SECOND_MS + 1) * SECOND_MS
    slots = list(range(start_ms, start_ms + 12 * SECOND_MS, SECOND_MS))
    schedule = interval(1, start_ms, slots[-1] + SECOND_MS)
    await deployment.create_job({"job_id": "second", **RULES, "schedule": schedule}, now_ms=start_ms - 1)
    await deployment.submit_work(40, duration_ms=500)
    async with unrelated_work(deployment, starts_within_sec=UNRELATED_SEC):
        await wait_until_async(lambda: _has_fired(deployment, "second", 4), 60, "four slots have fired")
        turned.turn(-jump_sec)
        await wait_until_async(
            lambda: _is_raised(deployment, "clock_skew:"), ALARM_SEC, "the alarm is raised"
        )
        await schedule_over(deployment, 60)
    await deployment.at_rest(60)
    summary = await deployment.check(repeats_at_most=0)
    counts = await check_slots(deployment, {"second": slots}, SECOND_MS)
    assert counts == {"fired": len(slots)}
    late = lateness_ms(h for h in (await deployment.all_runs()).values() if "slot" in h)
    assert max(late) <= LATE_MS
    figures(f"{len(slots)} slots, at most {max(late)} ms late, {summary}")
