"""A scheduler that dies is noticed by the other processes."""

from __future__ import annotations

from app.core.incidents.models import IncidentRecord
from app.core.incidents.store import IncidentStore
from tests.support.faults.deployment import Figures, MakeDeployment, timed
from tests.support.waiting import wait_until_async


async def test_a_killed_scheduler_is_an_incident_until_another_is_there(
    make_deployment: MakeDeployment, figures: Figures
) -> None:
    """The only scheduler held the claim of the self-watch; the worker takes over, opens and closes it."""
    deployment = await make_deployment(heartbeat_sec=1.0)
    incidents = IncidentStore(
        deployment.link, deployment.queue.scripts, deployment.keys, deployment.queue.clock
    )

    async def of_scheduler() -> list[IncidentRecord]:
        # Its alarm may open another one: no recipient is set.
        return [each for each in (await incidents.list()).items if each.key == "scheduler_silent"]

    async def states() -> list[bool]:
        return [each.is_open for each in await of_scheduler()]

    async def is_claimed() -> bool:
        holder = await deployment.link.call("GET", deployment.keys.chore("self-watch"))
        return holder is not None and holder.startswith("scheduler")

    scheduler = deployment.fleet.start("scheduler")[0]
    await wait_until_async(is_claimed, 60)
    deployment.fleet.start("worker")
    assert await states() == []
    deployment.fleet.kill(scheduler)

    async def is_open() -> bool:
        return await states() == [True]

    noticed, _ = await timed(wait_until_async(is_open, 60, "the incident is open"))
    deployment.fleet.start("scheduler")

    async def is_over() -> bool:
        return await states() == [False]

    closed, _ = await timed(wait_until_async(is_over, 60, "the incident is closed"))
    figures(f"noticed after {noticed:.1f} s, closed {closed:.1f} s after another scheduler was started")
    [incident] = await of_scheduler()
    own = [entry.what for entry in incident.timeline if entry.what in {"opened", "closed"}]
    assert own == ["opened", "closed"]
