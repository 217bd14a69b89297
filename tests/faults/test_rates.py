"""A rate over four workers that are killed: never exceeded, and used."""

from __future__ import annotations

import orjson

from tests.support.faults.deployment import FaultDeployment, Figures, every
from tests.support.queue.limited import read_starts
from tests.support.waiting import wait_until_async

PER_MINUTE = 200
WINDOW_MS = 60_000
RATE = "rate:api"
JOB = {"job_id": "limited", "rate": {"key": "api", "per_minute": PER_MINUTE}}


async def test_a_rate_is_never_exceeded_though_workers_are_killed(
    deployment: FaultDeployment, figures: Figures
) -> None:
    """Starts leave a full window one after the other for 6 s; 4 workers use each, and no window has more."""
    await deployment.create_job(JOB)
    deployment.fleet.start("scheduler")
    deployment.fleet.start("worker", 4)
    now = await deployment.redis_ms()
    # The window is full of starts that leave it between the third and the ninth second from now.
    earlier = [now - WINDOW_MS + 3_000 + 30 * number for number in range(PER_MINUTE)]
    await deployment.link.call("RPUSH", deployment.keys.starts(RATE), *earlier)
    runs = await deployment.submit(
        deployment.new_run(job="limited", key="|api", inputs={"duration_ms": 20}) for _ in range(400)
    )
    async for _ in every(1.5, 3):
        deployment.fleet.kill(deployment.dice.choice(deployment.fleet.alive("worker")))
        deployment.fleet.start("worker", wait=False)
    last = earlier[-1] + WINDOW_MS

    async def is_used_up() -> bool:
        began = await _starts_of(deployment, runs)
        return await deployment.redis_ms() > last + 1_000 and len(began) >= 0.95 * PER_MINUTE

    await wait_until_async(is_used_up, 60, "the room that the window has left is used")
    began = await _starts_of(deployment, runs)
    assert _fullest_window([*earlier, *began]) <= PER_MINUTE
    remembered = await read_starts(deployment.link, deployment.keys, RATE)
    assert [instant for instant in remembered if instant > now] == sorted(began)
    late = sum(instant - WINDOW_MS - due for due, instant in zip(earlier, sorted(began), strict=False))
    figures(f"{len(began)} of {PER_MINUTE} starts used, each {late / len(began):.0f} ms after its turn")
    await deployment.jobs_at(None).delete("limited", actor="test")
    await deployment.at_rest(60)
    await deployment.check()


async def _starts_of(deployment: FaultDeployment, run_ids: list[str]) -> list[int]:
    """Return the start of every attempt of these runs, ms, from their records."""
    lists = await deployment.link.calls(
        [("LRANGE", deployment.keys.attempts(run_id), 0, -1) for run_id in run_ids]
    )
    found = [int(orjson.loads(text)["started"]) for texts in lists for text in texts]
    for record, texts in zip(await deployment.hashes(run_ids), lists, strict=True):
        if "started" in record and int(record["attempt"]) > len(texts):
            found.append(int(record["started"]))
    return found


def _fullest_window(instants: list[int]) -> int:
    """Return the most starts that any window of 60 seconds has."""
    ordered = sorted(instants)
    first, most = 0, 0
    for last, instant in enumerate(ordered):
        while instant - ordered[first] >= WINDOW_MS:
            first += 1
        most = max(most, last - first + 1)
    return most
