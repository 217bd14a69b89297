"""Builds the planner of a deployment from the parts that a process holds."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from app.core.messaging.recipients import Recipients
from app.core.specs.store import JobIndex
from app.planner.ai.budget import TokenBudget
from app.planner.ai.planner import AiPlanner
from app.planner.directory_reader import DirectoryReader
from app.planner.execute import PlanExecutor
from app.planner.language.gate import gated
from app.planner.planner import Planner
from app.planner.review import PlanValidator, SetupReview
from app.planner.service import PlanService, PlanStore

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.messaging.accounts import AccountStore
    from app.core.messaging.contacts import ContactStore
    from app.core.messaging.recipients import DefaultNotify
    from app.core.policies import Policies
    from app.core.queue import Queue
    from app.core.registry import Registry
    from app.core.runs.store import RunStore
    from app.core.specs.store import JobStore


def open_planning(
    settings: Settings,
    clock: Clock,
    *,
    queue: Queue,
    jobs: JobStore,
    runs: RunStore,
    accounts: AccountStore,
    contacts: ContactStore,
    default_notify: DefaultNotify,
    registry: Registry,
    policies: Policies,
) -> PlanService:
    """Return the planner of a deployment."""
    planner = Planner(
        read=gated,
        ai=AiPlanner(settings, os.environ, TokenBudget(settings, queue.scripts, clock)),
        checks=PlanValidator(registry, policies, settings.timezone, frozenset(settings.http_allow_private)),
        index=JobIndex(queue.scripts),
        advisor=SetupReview(accounts, Recipients(accounts, default_notify.current)),
        clock=clock,
        find_default=default_notify.current,
        list_jobs=jobs.list,
        find_directory=DirectoryReader(contacts, accounts, clock).read,
        find_calendars=jobs.calendars.rules,
    )
    return PlanService(
        planner=planner,
        store=PlanStore(queue.link, queue.scripts),
        executor=PlanExecutor(jobs, queue, runs, clock, settings.timezone),
    )
