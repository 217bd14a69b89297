"""The connector process: one task per account."""

from __future__ import annotations

import gc

# What the imports make stays, so looking for garbage among it only takes time. `run_service` enables it.
if __name__ == "__main__":
    gc.disable()

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from app.core.alerting.loop import AlarmLoop
from app.core.alerting.self_watch import SelfWatch
from app.core.background import run_loops
from app.core.connectors.channels import load_clients
from app.core.process import EXIT_STOPPED, ServiceContext, run_service
from app.services.connector.accounts import AccountTask
from app.services.connector.session import ConnectorContext
from app.services.connector.supervisor import END_SEC, AccountSupervisor

if TYPE_CHECKING:
    from app.core.activity.heartbeat import Heartbeat, HeartbeatGroup
    from app.core.background import Loop


async def serve(service: ServiceContext) -> int:
    """Serve accounts until a stop signal."""
    load_clients()
    between = await service.open_between()
    context = ConnectorContext(service, between)
    supervisor = AccountSupervisor(
        context.accounts.revisions, partial(AccountTask, context), context.notifier
    )
    heart = LastHeartbeat(service.heartbeat(context.health_report.state), supervisor)
    own = [_own_loops(service.of_shard(shard)) for shard in service.shards]
    await run_loops(
        [heart, *(loop for loops in own for loop in loops)], service.stop, grace_sec=END_SEC + 3.0
    )
    await context.notifier.close()
    if between is not None:
        await between.close()
    return EXIT_STOPPED


def _own_loops(service: ServiceContext) -> list[Loop]:
    parts = (service.link, service.scripts, service.clock, service.settings, service.instance)
    return [AlarmLoop(*parts, service.shards), SelfWatch(*parts, service.shards)]


class LastHeartbeat:
    """Serves accounts and sends heartbeats to the end: a process without them counts as gone."""

    def __init__(self, heartbeat: Heartbeat | HeartbeatGroup, supervisor: AccountSupervisor) -> None:
        self._heartbeat = heartbeat
        self._supervisor = supervisor

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop`, then deregister."""
        over = asyncio.Event()
        beating = asyncio.create_task(self._heartbeat.run(over), name="heartbeat")
        beating.add_done_callback(lambda _: stop.set())
        try:
            await self._supervisor.run(stop)
        finally:
            over.set()
            await beating


if __name__ == "__main__":
    run_service("connector", serve)
