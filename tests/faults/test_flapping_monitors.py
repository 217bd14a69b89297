"""Monitors whose state changes with each check, while workers and schedulers die."""

from __future__ import annotations

import asyncio

from app.core.monitors.pings import HEARTBEAT_TYPE, Ping, PingStore
from app.core.monitors.present import range_of
from app.core.redis_client import Command
from app.core.secrets.sealing import open_box
from tests.support.faults.deployment import FaultDeployment, Figures, every
from tests.support.waiting import wait_until_async

TYPE = "fault.flap"


async def test_no_change_of_a_monitor_is_missed_or_doubled(
    deployment: FaultDeployment, figures: Figures, full: bool
) -> None:
    """Each check changes the state; the history has exactly these changes, in their order."""
    count, rounds = (100, 100) if full else (12, 6)
    names = [f"flap-{number}" for number in range(count)]
    for name in names:
        await deployment.create_job({"job_id": name, "type": TYPE})
    deployment.fleet.start("scheduler", 2)
    deployment.fleet.start("worker", 3)
    kills = 0
    for number in range(rounds):
        state = ("up", "down")[number % 2]
        inputs = {"state": state, "duration_ms": 100}
        await deployment.submit([deployment.new_run(TYPE, job=name, inputs=inputs) for name in names])
        for service in ("worker", "scheduler") if number % 5 == 4 else ("worker",):
            deployment.fleet.kill(deployment.dice.choice(deployment.fleet.alive(service)))
            deployment.fleet.start(service, wait=False)
            kills += 1
        await wait_until_async(lambda: _has_ended(deployment), 90, "the checks have ended")
    expected = [("up", "down")[number % 2] for number in range(rounds)]
    for name in names:
        ranges = await deployment.link.call("LRANGE", deployment.keys.monitor_ranges(name), 0, -1)
        stored = await deployment.link.hash(deployment.keys.monitor(name))
        assert [*(range_of(text).state for text in ranges), stored["state"]] == expected, name
        assert int(stored["changes"]) == rounds
    opened: list[Command] = [("ZCARD", deployment.keys.incidents_job(name)) for name in names]
    assert await deployment.link.calls(opened) == [rounds // 2] * count
    figures(f"{count * rounds} changes, {kills} kills: none missed, none doubled")


async def test_no_ping_is_lost_while_schedulers_die(
    deployment: FaultDeployment, figures: Figures, full: bool
) -> None:
    """Success and failure in turns: each ping is one change, whatever marks late ones meanwhile."""
    count, each = (100, 1_000) if full else (10, 20)
    pings = PingStore(deployment.link, deployment.queue.scripts, open_box(deployment.settings))
    names = [f"beat-{number}" for number in range(count)]
    for name in names:
        spec = {"job_id": name, "type": HEARTBEAT_TYPE, "inputs": {"period_sec": 3_600}}
        await deployment.create_job(spec)
    deployment.fleet.start("scheduler", 2)

    async def beat(name: str) -> None:
        token = await pings.token(name)
        for number in range(each):
            assert await pings.ping(token, Ping.of_exit(number % 2)) == name

    async def kill() -> None:
        async for _ in every(0.5, 20 if full else 2):
            deployment.fleet.kill(deployment.dice.choice(deployment.fleet.alive("scheduler")))
            deployment.fleet.start("scheduler", wait=False)

    await asyncio.gather(kill(), *map(beat, names))
    for name in names:
        stored = await deployment.link.hash(deployment.keys.monitor(name))
        assert (stored["state"], int(stored["changes"])) == ("down", each), name
        ranges = await deployment.link.call("LRANGE", deployment.keys.monitor_ranges(name), 0, -1)
        states = [range_of(text).state for text in ranges if not text.startswith("unknown")]
        assert states == [("up", "down")[number % 2] for number in range(each - 1)]
    figures(f"{count * each} pings, none lost")


async def _has_ended(deployment: FaultDeployment) -> bool:
    return await deployment.open_runs() == 0
