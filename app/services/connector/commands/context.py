"""The services that commands use, created once per process on first need."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.core.activity.heartbeat import Heartbeats
    from app.core.process import ServiceContext
    from app.core.queue import Queue
    from app.core.redis_client import RedisLink
    from app.core.specs.store import JobStore
    from app.core.storage.keys import Keys
    from app.explain.reader import Explainer
    from app.planner.service import PlanService


@dataclass(frozen=True, slots=True)
class CommandContext:
    """The services that commands use, the same as those of the API's routes."""

    link: RedisLink
    keys: Keys
    queue: Queue
    jobs: JobStore
    heartbeats: Heartbeats
    planning: PlanService
    explainer: Explainer
    timezone: str


class CommandContextFactory:
    """Opens the context when it is first needed: a connector without commands does not load the planner."""

    def __init__(self, service: ServiceContext) -> None:
        self._service = service
        self._turn = asyncio.Lock()
        self._context: CommandContext | None = None

    async def open(self) -> CommandContext:
        """Return the context; ConfigurationError if handlers or policies cannot be read."""
        async with self._turn:
            if self._context is None:
                # Importing job types takes longer than a lease may wait for the loop.
                self._context = await asyncio.to_thread(_open, self._service)
            return self._context


def _open(service: ServiceContext) -> CommandContext:
    from app.core.activity.heartbeat import Heartbeats  # noqa: PLC0415
    from app.core.messaging.accounts import AccountStore  # noqa: PLC0415
    from app.core.messaging.recipients import DefaultNotify  # noqa: PLC0415
    from app.core.policies import load_policies  # noqa: PLC0415
    from app.core.registry import load_handlers  # noqa: PLC0415
    from app.core.runs.store import RunStore  # noqa: PLC0415
    from app.core.secrets.sealing import open_box  # noqa: PLC0415
    from app.core.specs.store import JobStore  # noqa: PLC0415
    from app.explain.reader import Explainer  # noqa: PLC0415
    from app.planner.factory import open_planning  # noqa: PLC0415

    settings, clock, link = service.settings, service.clock, service.link
    keys, scripts, queue = service.keys, service.scripts, service.queue
    jobs = JobStore(link, scripts, clock, settings.timezone)
    planning = open_planning(
        settings,
        clock,
        queue=queue,
        jobs=jobs,
        runs=RunStore(link, keys),
        accounts=AccountStore(link, scripts, keys, clock, open_box(settings)),
        default_notify=DefaultNotify(link, keys, clock, settings),
        registry=load_handlers(settings),
        policies=load_policies(settings),
    )
    return CommandContext(
        link=link,
        keys=keys,
        queue=queue,
        jobs=jobs,
        heartbeats=Heartbeats(link, keys, clock, settings),
        planning=planning,
        explainer=Explainer(link, keys, settings),
        timezone=settings.timezone,
    )
