"""The services that commands use. To import this module is to load the planner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.activity.heartbeat import Heartbeats
from app.core.messaging.accounts import AccountStore
from app.core.messaging.recipients import DefaultNotify
from app.core.policies import load_policies
from app.core.registry import load_handlers
from app.core.runs.store import RunStore
from app.core.secrets.sealing import open_box
from app.core.specs.store import JobStore
from app.explain.reader import Explainer
from app.planner.factory import open_planning

if TYPE_CHECKING:
    from app.core.process import ServiceContext
    from app.core.queue import Queue
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys
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


def open_command_context(service: ServiceContext) -> CommandContext:
    """Return the services; raises ConfigurationError if handlers or policies cannot be read."""
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
