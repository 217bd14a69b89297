"""Everything at once: ten thousand runs that become due in the same second."""

from __future__ import annotations

from statistics import median
from typing import Any

from redis import Redis as SyncRedis

from app.core.models import Priority
from app.core.storage.keys import LANES
from app.core.storage.scripts import compose_function
from tests.support.faults.deployment import FaultDeployment, Figures, MakeDeployment, percentile, timed
from tests.support.faults.probe import unrelated_work
from tests.support.waiting import wait_until_async

COUNT = 10_000
# Twice the catalogue's 3 s: this machine may be busy with other things.
PROMOTED_SEC = 6.0
UNRELATED_SEC = 5.0


async def test_ten_thousand_due_at_once_are_promoted_and_run(
    make_deployment: MakeDeployment, figures: Figures
) -> None:
    """Fault 19: 10,000 runs due in one second become ready in bounded scripts, and all of them run."""
    deployment = await make_deployment(worker_concurrency=100)
    deployment.fleet.start("scheduler")
    due_ms = await _submit_for_one_second(deployment)
    await _listen_to_slowlog(deployment)
    await wait_until_async(lambda: deployment.clock.now_ms() >= due_ms, 60)
    promoted, _ = await timed(wait_until_async(lambda: _all_ready(deployment), 60, "all are promoted"))
    deployment.fleet.start("worker", 2)
    async with unrelated_work(deployment, starts_within_sec=UNRELATED_SEC):
        finished, _ = await timed(wait_until_async(deployment.load_at_rest, 60, "all of them have run"))
    await deployment.at_rest(60)
    spent = _script_ms(deployment, "queue/promote", "queue/claim", "queue/finish")
    summary = await deployment.check()
    shown = "; ".join(
        f"{name} {len(ms)} × median {median(ms):.2f} ms, p99 {percentile(ms, 0.99):.2f}"
        for name, ms in spent.items()
        # Without a figure: for some seconds the script was no function (`FUNCTION_PAUSE_SEC`).
        if ms
    )
    figures(f"promoted {promoted:.2f} s after the first was due, run in {finished:.1f} s; {shown}; {summary}")
    # The last of them is due a second after the first.
    assert promoted <= 1 + PROMOTED_SEC


async def _submit_for_one_second(deployment: FaultDeployment) -> int:
    """Submit runs that come due over one second; return its first instant."""
    due_ms = await deployment.redis_ms() + 16_000
    for start in range(0, COUNT, 1000):
        delay = due_ms - await deployment.redis_ms()
        spread = [delay + number // 10 for number in range(start, start + 1000)]
        await deployment.submit(
            deployment.new_run("test.noop", delay_ms=ms, lane=Priority.LOW) for ms in spread
        )
    assert await deployment.redis_ms() < due_ms, "submitting took longer than the runs were held back"
    return due_ms


async def _all_ready(deployment: FaultDeployment) -> bool:
    lengths = await deployment.link.calls([("XLEN", deployment.keys.ready(lane)) for lane in LANES])
    return sum(lengths) == COUNT


async def _listen_to_slowlog(deployment: FaultDeployment) -> None:
    await deployment.link.calls(
        [
            ("CONFIG", "SET", "slowlog-max-len", 100_000),
            # Below any call that treats a run, above the commands inside scripts and calls that find nothing.
            ("CONFIG", "SET", "slowlog-log-slower-than", 150),
            ("SLOWLOG", "RESET"),
        ]
    )


def _script_ms(deployment: FaultDeployment, *names: str) -> dict[str, list[float]]:
    """Return how long each call of these scripts that did something held Redis."""
    functions = {compose_function(name)[0]: name for name in names}
    spent: dict[str, list[float]] = {name: [] for name in names}
    for micros, command in _slowlog(deployment):
        if command[0].upper() == b"FCALL" and command[1].decode() in functions:
            spent[functions[command[1].decode()]].append(micros / 1000)
    return spent


def _slowlog(deployment: FaultDeployment) -> list[tuple[int, list[bytes]]]:
    # Arguments of scripts are bytes that need not be text, so a link of ours cannot read them.
    client: Any = SyncRedis(port=deployment.redis.port)
    client.set_response_callback("SLOWLOG GET", _as_sent)
    try:
        entries: list[Any] = client.execute_command("SLOWLOG GET", -1)
    finally:
        client.close()
    return [(entry[2], entry[3]) for entry in entries]


def _as_sent(entries: Any, **_: Any) -> Any:
    return entries
