"""Redis' clock is wrong, processes are killed, and the clock is set right: work goes on within 15 s."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.clock import SystemClock
from app.core.messaging.outbox import Outbox
from app.core.storage.scripts import Scripts
from tests.support.channels.fake_telegram import FakeTelegram, too_many
from tests.support.embedded_redis import EmbeddedRedis
from tests.support.faults.alarms import PRIMARY, AlarmDeployment, alarm_deployment
from tests.support.faults.clock import TurnedClock
from tests.support.faults.deployment import FaultDeployment, Figures, MakeDeployment, timed
from tests.support.faults.slots import interval
from tests.support.http.fake_remote import Reply, Request
from tests.support.waiting import wait_until_async

HOUR_SEC, SECOND_MS = 3600, 1000
SERVICES = ("scheduler", "worker", "connector")
WITHIN_SEC = 15.0
RETRY_SEC = 3
"""The wait that the channel asks for while the clock is wrong."""


class BusyTelegram(FakeTelegram):
    """Telegram, which may ask for a wait."""

    is_busy = False

    def answer(self, request: Request) -> Reply:
        if self.is_busy and "/sendMessage" in request.path:
            return too_many(RETRY_SEC)
        return super().answer(request)


@pytest.fixture
def telegram() -> Iterator[BusyTelegram]:
    with BusyTelegram() as telegram:
        yield telegram


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


def _cases() -> list[object]:
    """Return each wrong clock with each crash; without --full an hour ahead and a crash of all."""
    return [
        pytest.param(hours, crash, marks=[] if (hours, crash) == (1, "all") else [pytest.mark.full])
        for hours in (1, -1, 7, -7)
        for crash in ("all", *SERVICES, "redis", "nothing")
    ]


@pytest.mark.parametrize(("hours", "crash"), _cases())
async def test_work_goes_on_after_a_wrong_clock_and_a_crash(  # noqa: PLR0917 - fixtures and cases
    make_deployment: MakeDeployment,
    telegram: BusyTelegram,
    turned: TurnedClock,
    redis: EmbeddedRedis,
    figures: Figures,
    hours: int,
    crash: str,
) -> None:
    """Slots fire, a retry runs, a waiting message and a new alarm leave; no slot has two runs."""
    turned.turn(hours * HOUR_SEC)
    here = await alarm_deployment(make_deployment, telegram)
    deployment = here.deployment
    for service in SERVICES:
        deployment.fleet.start(service)
    start_ms = await deployment.redis_ms() - 8 * HOUR_SEC * SECOND_MS
    job = {"job_id": "second", "overlap": "allow", "misfire": "skip", "schedule": interval(1, start_ms)}
    await deployment.create_job(job, now_ms=await deployment.redis_ms())
    await wait_until_async(lambda: _has_slots(deployment, 3), 60, "slots fire while the clock is wrong")
    telegram.is_busy = True
    retrying = await _failing_run(deployment)
    await here.open(1)
    await wait_until_async(lambda: _waits(here), 60, "an alarm waits for its channel")
    await _crash(deployment, turned, redis, crash)
    telegram.is_busy = False
    await here.open(2)
    since_ms = await deployment.redis_ms()

    async def fires() -> bool:
        return any(slot >= since_ms for slot in await deployment.slots_of("second"))

    async def alarmed() -> bool:
        return here.seen(PRIMARY[1], "DOWN").keys() >= {"001", "002"}

    async def retried() -> bool:
        [run] = await deployment.hashes([retrying])
        return run["status"] in {"failed", "success"} and int(run["attempt"]) > 1

    works = {"slot": fires, "alarms": alarmed, "retry": retried}
    took = await asyncio.gather(
        *(timed(wait_until_async(work, 60, f"{name} after the clock")) for name, work in works.items())
    )
    figures(", ".join(f"{name} {sec:.1f} s" for name, (sec, _) in zip(works, took, strict=True)))
    assert max(sec for sec, _ in took) <= 2 * WITHIN_SEC
    assert set(here.seen(PRIMARY[1], "DOWN").values()) == {1}
    await _check_slots(deployment)


async def _has_slots(deployment: FaultDeployment, count: int) -> bool:
    return len(await deployment.slots_of("second")) >= count


async def _failing_run(deployment: FaultDeployment) -> str:
    """Return a run that has failed once and waits for its second attempt."""
    retry = '{"max_retry":1,"backoff_sec":[5]}'
    [run_id] = await deployment.submit([deployment.new_run("test.fail", retry=retry)])

    async def waits() -> bool:
        [run] = await deployment.hashes([run_id])
        return run["status"] == "retrying"

    await wait_until_async(waits, 60, "a run waits for its retry")
    return run_id


async def _waits(here: AlarmDeployment) -> bool:
    deployment = here.deployment
    outbox = Outbox(
        deployment.link, Scripts(deployment.link, deployment.keys), deployment.keys, SystemClock()
    )
    return await outbox.next_due("telegram", PRIMARY[0]) is not None and any(
        each.deliveries for each in await here.records()
    )


async def _crash(deployment: FaultDeployment, turned: TurnedClock, redis: EmbeddedRedis, what: str) -> None:
    """Kill, set the clock right, and start again what was killed."""
    killed = SERVICES if what == "all" else (what,) if what in SERVICES else ()
    for service in killed:
        deployment.fleet.kill(deployment.fleet.alive(service)[0])
    with deployment.outage():
        if what in {"all", "redis"}:
            redis.kill()
        turned.turn(0)
        if what in {"all", "redis"}:
            turned.start(redis)
    for service in killed:
        deployment.fleet.start(service)


async def _check_slots(deployment: FaultDeployment) -> None:
    """Assert that no slot has two runs: each start of a handler is of a slot of its own."""
    runs = [h for h in (await deployment.all_runs()).values() if "slot" in h]
    slots = Counter(h["slot"] for h in runs)
    assert max(slots.values()) == 1, slots.most_common(3)
    fired = (await deployment.metrics())["slots|fired"]
    assert fired - len(runs) in {0, 1}, "a slot that fires during the check may be counted already"
