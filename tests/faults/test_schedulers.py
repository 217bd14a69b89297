"""Schedulers that die, stand still, were away, or meet a night with a changed clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim

from tests.support.faults.deployment import FaultDeployment, Figures, every, percentile, span
from tests.support.faults.ledger import active_at_once
from tests.support.faults.probe import unrelated_work
from tests.support.faults.processes import Service
from tests.support.faults.slots import check_slots, fired, interval, lateness_ms, none_due, schedule_over
from tests.support.waiting import wait_until_async

SECOND_MS, MINUTE_MS, HOUR_MS = 1000, 60_000, 3_600_000
CATCH_UP_CAP = 100


async def test_killed_schedulers_fire_each_slot_once(
    deployment: FaultDeployment, figures: Figures, full: bool
) -> None:
    """Fault 15: of three schedulers one is killed or stopped each second; no slot is missing or doubled."""
    jobs, calm_sec, kill_sec = (200, 30, 270) if full else (60, 6, 14)
    deployment.fleet.start("scheduler", 3)
    # Far enough ahead for all jobs to be made: a slot that is older than its job says nothing of lateness.
    start_ms = (await deployment.redis_ms() // SECOND_MS + 4) * SECOND_MS
    turn_ms = start_ms + calm_sec * SECOND_MS
    end_ms = turn_ms + kill_sec * SECOND_MS
    expected = {f"each-second-{n}": list(range(start_ms, end_ms, SECOND_MS)) for n in range(jobs)}
    for job_id in expected:
        spec = {"job_id": job_id, "schedule": interval(1, start_ms, end_ms), "overlap": "allow"}
        # As if created just before: however long it takes, no slot lies before a job's creation.
        await deployment.create_job(spec, now_ms=start_ms - 1)
    await wait_until_async(lambda: deployment.clock.now_ms() >= turn_ms, calm_sec + 20)
    kills, stops = await _disturb_schedulers(deployment, kill_sec)
    await schedule_over(deployment, 60)
    counts = await check_slots(deployment, expected, SECOND_MS)
    records = (await deployment.all_runs()).values()
    calm = lateness_ms(h for h in records if int(h["slot"]) < turn_ms)
    rough = lateness_ms(h for h in records if int(h["slot"]) >= turn_ms)
    figures(
        f"{kills} kills and {stops} stops, {dict(counts)}, 0 double, 0 missing; late (p50/p99 ms) "
        f"calm {percentile(calm, 0.5)}/{percentile(calm, 0.99)}, "
        f"under kills {percentile(rough, 0.5)}/{percentile(rough, 0.99)}, at most {max(rough)}"
    )
    assert min(calm + rough) >= 0


async def _disturb_schedulers(deployment: FaultDeployment, times: int) -> tuple[int, int]:
    """Each second kill one and start another, or stop one for two seconds."""
    fleet, asleep, kills = deployment.fleet, list[tuple[int, Service]](), 0
    async for second in every(1.0, times):
        for woken in [service for since, service in asleep if second - since >= 2]:
            fleet.resume(woken)
        asleep = [(since, service) for since, service in asleep if second - since < 2]
        awake = [s for s in fleet.alive("scheduler") if s not in [service for _, service in asleep]]
        victim = deployment.dice.choice(awake)
        if deployment.dice.random() < 0.5 or len(awake) < 2:
            fleet.kill(victim)
            fleet.start("scheduler", wait=False)
            kills += 1
        else:
            fleet.stop(victim)
            asleep.append((second, victim))
    for _, service in asleep:
        fleet.resume(service)
    return kills, times - kills


async def test_outage_of_ten_minutes_is_met_as_each_misfire_policy_says(
    deployment: FaultDeployment, figures: Figures
) -> None:
    """Fault 16: after ten minutes without a scheduler exactly the slots run that the policy names."""
    now_ms = await deployment.redis_ms()
    # The newest slot is half a minute old, the next as far away: no slot is on the edge of its grace.
    base_ms = now_ms - 10 * MINUTE_MS - 30 * SECOND_MS
    slots = [base_ms + n * MINUTE_MS for n in range(1, 11)]
    for misfire in ("run_once", "skip", "run_all"):
        spec = {"job_id": misfire, "misfire": misfire, "overlap": "allow", "schedule": interval(60, base_ms)}
        await deployment.create_job(spec, now_ms=base_ms)
    deployment.fleet.start("scheduler", 2)
    await none_due(deployment, 60)
    found = {misfire: await fired(deployment, misfire) for misfire in ("run_once", "skip", "run_all")}
    assert found["run_once"].runs == slots[-1:]
    assert found["skip"].runs == []
    assert found["run_all"].runs == slots
    await check_slots(deployment, dict.fromkeys(found, slots), MINUTE_MS)
    figures(", ".join(f"{name}: {len(f.runs)} run, {f.written_off} missed" for name, f in found.items()))


async def test_slots_of_a_real_outage_run_or_stand_in_the_ledger(
    deployment: FaultDeployment, figures: Figures
) -> None:
    """Fault 16: the only scheduler is away for some seconds; each slot is accounted for once."""
    start_ms = (await deployment.redis_ms() // SECOND_MS + 2) * SECOND_MS
    end_ms = start_ms + 9 * SECOND_MS
    slots = list(range(start_ms, end_ms, SECOND_MS))
    policies = ("run_once", "skip", "run_all")
    for misfire in policies:
        spec = {"job_id": misfire, "misfire": misfire, "overlap": "allow", "misfire_grace_sec": 1}
        await deployment.create_job({**spec, "schedule": interval(1, start_ms, end_ms)}, now_ms=start_ms - 1)
    scheduler = deployment.fleet.start("scheduler")[0]
    await wait_until_async(lambda: deployment.clock.now_ms() >= start_ms + 2500, 60)
    deployment.fleet.kill(scheduler)
    await span(3.5)
    deployment.fleet.start("scheduler")
    await schedule_over(deployment, 60)
    counts = await check_slots(deployment, dict.fromkeys(policies, slots), SECOND_MS)
    missed = {misfire: (await fired(deployment, misfire)).written_off for misfire in policies}
    assert missed["run_all"] == 0
    assert missed["skip"] >= 2
    assert missed["run_once"] >= 2
    figures(f"{dict(counts)}; missed by policy: {missed}")


DST_NIGHTS = [
    ("America/New_York", datetime(2025, 3, 8, tzinfo=UTC)),
    ("America/New_York", datetime(2025, 11, 1, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2025, 3, 29, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2025, 10, 25, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2025, 4, 5, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2025, 10, 4, tzinfo=UTC)),
]
DST_FIXED = ["30 1 * * *", "15 2 * * *", "0 2 * * *", "30 2 * * 0", "59 1 * * *", "5 1,2,3 * * *"]
# cronsim steps by whole hours and so skips wildcard times if a zone changes by half an hour.
DST_WILD = ["*/45 * * * *", "0 */3 * * *", "*/30 1-2 * * *"]


async def test_dst_nights_fire_as_cronsim_says(deployment: FaultDeployment, figures: Figures) -> None:
    """Fault 18: the nights when clocks change fire in Redis exactly the slots that cron(8) of Debian does."""
    expected: dict[str, list[int]] = {}
    for number, (zone, begin) in enumerate(DST_NIGHTS):
        end = begin + timedelta(days=2)
        crons = DST_FIXED if zone == "Australia/Lord_Howe" else [*DST_FIXED, *DST_WILD]
        for row, cron in enumerate(crons):
            job_id = f"night-{number}-{row}"
            schedule = {"cron": cron, "timezone": zone, "end_at": end.isoformat()}
            spec = {"job_id": job_id, "misfire": "run_all", "overlap": "allow", "schedule": schedule}
            await deployment.create_job(spec, now_ms=round(begin.timestamp() * 1000))
            expected[job_id] = _cronsim_slots(cron, zone, begin, end)
    deployment.fleet.start("scheduler")
    await schedule_over(deployment, 60)
    wrong = {
        job_id: slots for job_id, slots in expected.items() if await deployment.slots_of(job_id) != slots
    }
    assert not wrong, wrong
    figures(f"{len(expected)} schedules, {sum(map(len, expected.values()))} slots, no difference")


def _cronsim_slots(cron: str, zone: str, begin: datetime, end: datetime) -> list[int]:
    slots: list[int] = []
    for slot in CronSim(cron, begin.astimezone(ZoneInfo(zone))):
        if slot >= end:
            break
        slots.append(round(slot.timestamp() * 1000))
    return slots


async def test_second_interval_after_a_day_down_is_capped_and_counted(
    deployment: FaultDeployment, figures: Figures
) -> None:
    """Fault 20: a 1 s interval after 28 hours without a scheduler runs the cap and counts the rest."""
    end_ms = await deployment.redis_ms() // SECOND_MS * SECOND_MS
    base_ms = end_ms - 28 * HOUR_MS
    count = 28 * 3600 - 1
    for misfire in ("run_all", "run_once"):
        spec = {"job_id": misfire, "misfire": misfire, "overlap": "allow"}
        await deployment.create_job({**spec, "schedule": interval(1, base_ms, end_ms)}, now_ms=base_ms)
    deployment.fleet.start("scheduler", 2)
    await schedule_over(deployment, 60)
    everything, once = await fired(deployment, "run_all"), await fired(deployment, "run_once")
    assert everything.runs == list(range(end_ms - CATCH_UP_CAP * SECOND_MS, end_ms, SECOND_MS))
    assert everything.written_off == count - CATCH_UP_CAP
    assert (once.runs, once.written_off) == ([end_ms - SECOND_MS], count - 1)
    assert (await deployment.metrics())["slots|missed"] == 2 * count - CATCH_UP_CAP - 1
    figures(f"{count} slots: {len(everything.runs)} run, {everything.written_off} counted as missed")


async def test_overlap_skip_is_never_two_active(
    deployment: FaultDeployment, figures: Figures, full: bool
) -> None:
    """Fault 21: a job slower than its interval, under three schedulers, never has two runs active."""
    deployment.fleet.start("scheduler", 3)
    deployment.fleet.start("worker", 2)
    start_ms = (await deployment.redis_ms() // SECOND_MS + 2) * SECOND_MS
    end_ms = start_ms + (40 if full else 8) * SECOND_MS
    work = {"inputs": {"duration_ms": 1700}, "overlap": "skip", "schedule": interval(1, start_ms, end_ms)}
    await deployment.create_job({"job_id": "slow", **work}, now_ms=start_ms - 1)
    async with unrelated_work(deployment, starts_within_sec=5):
        await schedule_over(deployment, 60)
    await deployment.at_rest(60)
    summary = await deployment.check(repeats_at_most=0)
    slots = list(range(start_ms, end_ms, SECOND_MS))
    counts = await check_slots(deployment, {"slow": slots}, SECOND_MS)
    assert active_at_once(deployment.attempts()) == 1
    assert counts["overlap"] >= 2
    figures(f"{dict(counts)}, {summary}")
