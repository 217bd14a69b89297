"""The planner on real stores, with prepared readings of the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.messaging.accounts import AccountStore
from app.core.messaging.contacts import ContactStore
from app.core.messaging.recipients import DefaultNotify, Recipients
from app.core.runs.store import RunStore
from app.core.secrets.sealing import open_box
from app.core.specs.store import JobIndex, JobStore
from app.planner.ai.budget import TokenBudget
from app.planner.ai.planner import AiPlanner
from app.planner.directory_reader import DirectoryReader
from app.planner.execute import ExecutionOptions, PlanExecutor
from app.planner.models import PlanRequest
from app.planner.planner import Planner, Read
from app.planner.review import SetupReview
from app.planner.service import PlanService, PlanStore
from tests.support.planner.planner_fakes import CHECKS, FakeRules, draft_of

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.queue import Queue
    from app.planner.ai.process import LitellmClient
    from app.planner.execute import PlanResult
    from app.planner.models import Plan, PlannedJob

TERMS = ExecutionOptions("ana", "0" * 32, run_immediately=False, wait_sec=0)
PROMPT = "a prompt"


@dataclass(frozen=True, slots=True)
class PlannerFixture:
    """A desk, and what its rules will read."""

    desk: PlanService
    rules: FakeRules
    accounts: AccountStore
    jobs: JobStore
    runs: RunStore

    async def preview(self, *jobs: PlannedJob, prompt: str = PROMPT) -> Plan:
        """Plan a prompt that is read as these jobs."""
        self.rules.drafts[prompt] = draft_of(*jobs, prompt=prompt)
        return await self.desk.preview(PlanRequest(prompt))

    async def execute(self, *jobs: PlannedJob, options: ExecutionOptions = TERMS) -> PlanResult:
        """Execute a prompt that is read as these jobs."""
        self.rules.drafts[PROMPT] = draft_of(*jobs, prompt=PROMPT)
        return await self.desk.execute(PlanRequest(PROMPT), None, options, None)


def open_planner(
    settings: Settings,
    clock: Clock,
    queue: Queue,
    environment: Mapping[str, str] | None = None,
    read: Read | None = None,
    *,
    client: LitellmClient | None = None,
) -> PlannerFixture:
    """Return a planner on a namespace; `read` in place of what the test puts down."""
    link, scripts, rules = queue.link, queue.scripts, FakeRules()
    jobs = JobStore(link, scripts, clock, settings.timezone)
    runs = RunStore(link, queue.keys)
    accounts = AccountStore(link, scripts, queue.keys, clock, open_box(settings))
    default = DefaultNotify(link, queue.keys, clock, settings)
    recipients = Recipients(accounts, default.current)
    planner = Planner(
        read=read or rules,
        ai=AiPlanner(
            settings,
            environment or {},
            TokenBudget(settings, scripts, clock),
            client=client,
        ),
        checks=CHECKS,
        index=JobIndex(scripts),
        advisor=SetupReview(accounts, recipients),
        clock=clock,
        find_default=default.current,
        list_jobs=jobs.list,
        find_directory=DirectoryReader(ContactStore(link, scripts, clock), accounts, clock).read,
        find_calendars=jobs.calendars.rules,
    )
    executor = PlanExecutor(jobs, queue, runs, clock, settings.timezone)
    return PlannerFixture(
        PlanService(planner, PlanStore(link, scripts), executor), rules, accounts, jobs, runs
    )
