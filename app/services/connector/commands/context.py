"""The services that commands use. To import this module is to load the planner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.access.audit import Audit
from app.core.activity.heartbeat import Heartbeats
from app.core.connectors.updates import Updates
from app.core.incidents.store import IncidentStore
from app.core.messaging.accounts import AccountStore
from app.core.messaging.contacts import ContactStore
from app.core.messaging.recipients import DefaultNotify
from app.core.monitors.store import MonitorStore
from app.core.policies import load_policies
from app.core.queue.pauses import Pauses
from app.core.registry import load_handlers
from app.core.runs.dead_letters import DeadLetters
from app.core.runs.store import RunStore
from app.core.secrets.sealing import open_box
from app.core.specs.store import JobStore
from app.explain.reader import Explainer
from app.planner.factory import open_planning

if TYPE_CHECKING:
    from app.core.process import ServiceContext


class CommandContext:
    """The services that commands use, the same as those of the API's routes.

    Raises ConfigurationError if handlers or policies cannot be read.
    """

    def __init__(self, service: ServiceContext) -> None:
        settings, clock, link = service.settings, service.clock, service.link
        keys, scripts = service.keys, service.scripts
        self.clock = clock
        self.link = link
        self.keys = keys
        self.updates = Updates(link, scripts, keys)
        self.accounts = AccountStore(link, scripts, keys, clock, open_box(settings))
        self.queue = service.queue
        self.timezone = settings.timezone
        self.jobs = JobStore(link, scripts, clock, settings.timezone)
        self.pauses = Pauses(link, scripts, keys, clock)
        self.dead_letters = DeadLetters(service.queue)
        self.audit = Audit(link, scripts, keys, clock)
        self.incidents = IncidentStore(link, scripts, keys, clock)
        self.monitors = MonitorStore(link, scripts, keys, clock)
        self.heartbeats = Heartbeats(link, keys, settings)
        self.explainer = Explainer(link, keys, settings)
        self.planning = open_planning(
            settings,
            clock,
            queue=service.queue,
            jobs=self.jobs,
            runs=RunStore(link, keys),
            accounts=self.accounts,
            contacts=ContactStore(link, scripts, clock),
            default_notify=DefaultNotify(link, keys, clock, settings),
            registry=load_handlers(settings),
            policies=load_policies(settings),
        )
