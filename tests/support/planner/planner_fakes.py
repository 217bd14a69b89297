"""A planner without a server: types as they are shipped, drafts as they are said, jobs as they are stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.core.config import Settings
from app.core.models import JobSpec
from app.core.policies import Policies
from app.core.records import JobRecord, Page
from app.core.registry import HandlerSpec, Registry
from app.core.scheduling.schedule import NO_CALENDARS
from app.core.scheduling.skip_rules import Calendars
from app.core.specs.search import JobFilter, target_of
from app.core.specs.store import JobCandidates, JobIndex, JobsByTarget
from app.jobs.handlers.message_send import MessageSendInputs
from app.jobs.handlers.monitor_channel import MonitorChannelInputs
from app.jobs.handlers.monitor_http import MonitorHttpInputs
from app.jobs.handlers.report_daily import ReportDailyInputs
from app.planner.ai.budget import Reservation, TokenBudget
from app.planner.ai.chat import ChatClient, Completion
from app.planner.ai.planner import AiPlanner
from app.planner.diff import DiffContext, PlannedSpec
from app.planner.directory import NameDirectory
from app.planner.job_ids import id_choices
from app.planner.language.gate import gated
from app.planner.models import Certainty, Draft, ManageRequest, Note, NoteKind, PlannedJob, PlanRequest
from app.planner.planner import Planner
from app.planner.review import PlanValidator, SetupReview
from tests.support.channels.outbox_fixture import fixed_default
from tests.support.fake_clock import FakeClock

ZONE = "Asia/Jakarta"
NOW = datetime(2026, 1, 31, 3, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
VIEW = DiffContext(NOW_MS, ZONE, ZONE)


class BackupInputs(BaseModel):
    model_config = ConfigDict(extra="forbid")

    keep: int = Field(default=7, ge=1, le=1000)


async def _noop(_context: object, _inputs: object) -> None: ...


def planner_registry() -> Registry:
    """Return the types that the planner speaks of, with their own inputs, and one of somebody else."""
    return Registry(
        [
            HandlerSpec("monitor.channel", _noop, MonitorChannelInputs, timeout_ms=15_000),
            HandlerSpec("monitor.http", _noop, MonitorHttpInputs),
            HandlerSpec("report.daily", _noop, ReportDailyInputs),
            HandlerSpec("backup.export", _noop, BackupInputs),
            HandlerSpec("message.send", _noop, MessageSendInputs),
            HandlerSpec("shop.greet", _noop),
        ]
    )


CHECKS = PlanValidator(planner_registry(), Policies(), ZONE)


def planned(
    job_type: str = "report.daily",
    schedule: dict[str, Any] | None = None,
    slot: str = "",
    certainty: Certainty = Certainty.CERTAIN,
    **inputs: Any,
) -> PlannedJob:
    """Return a planned job; without a schedule it is daily at 07:00."""
    return PlannedJob(
        type=job_type,
        schedule=schedule or {"cron": "0 7 * * *", "timezone": ZONE},
        inputs=inputs,
        reason="said so",
        notes=(),
        certainty=certainty,
        spans=(),
        slot=slot,
    )


def monitor(account_id: str, interval_sec: int = 30, channel: str = "telegram", **inputs: Any) -> PlannedJob:
    """Return a planned monitor of an account."""
    every = {"interval_sec": interval_sec}
    return planned(
        "monitor.channel", every, str(interval_sec), channel=channel, account_id=account_id, **inputs
    )


def wanted(job: PlannedJob) -> PlannedSpec:
    """Return a planned job as it is compared."""
    choices = id_choices(job.type, job.inputs, job.slot)
    return PlannedSpec(
        job, CHECKS.spec(job.spec_under(choices.first[0])), target_of(job.type, job.inputs), choices
    )


def stored(
    job_id: str, job: PlannedJob, version: int = 1, schedule: dict[str, Any] | None = None, **fields: Any
) -> JobRecord:
    """Return a stored job: a planned one as it was saved, with what people changed in it."""
    raw = {"job_id": job_id, "type": job.type, "schedule": schedule or job.schedule, "inputs": job.inputs}
    spec = CHECKS.spec({**raw, **fields})
    return JobRecord(spec, version, version, NOW_MS, NOW_MS, None)


def known(*records: JobRecord, taken: Sequence[str] = ()) -> JobsByTarget:
    """Return what is stored, oldest first."""
    about: dict[str, tuple[JobRecord, ...]] = {}
    for record in records:
        target = target_of(record.spec.type, record.spec.inputs)
        about[target] = (*about.get(target, ()), record)
    return JobsByTarget(about, frozenset([*(record.spec.job_id for record in records), *taken]))


def draft_of(
    *jobs: PlannedJob,
    prompt: str = "a prompt",
    requests: tuple[ManageRequest, ...] = (),
    warnings: tuple[str, ...] = (),
) -> Draft:
    """Return a reading of a prompt."""
    return Draft(
        prompt=prompt,
        language="en",
        jobs=jobs,
        notes=tuple(Note(NoteKind.REFUSAL, text) for text in warnings),
        explain=(),
        requests=requests,
    )


@dataclass
class FakeRules:
    """Replaces the rules for the prompts of a test: returns the prepared answer, else nothing, or reads."""

    drafts: dict[str, Draft] = field(default_factory=dict[str, Draft])
    otherwise: Callable[[PlanRequest], Draft] | None = None

    def __call__(self, request: PlanRequest) -> Draft:
        if request.prompt in self.drafts or self.otherwise is None:
            return self.drafts.get(request.prompt, draft_of(prompt=request.prompt))
        return self.otherwise(request)


@dataclass
class FreeBudget(TokenBudget):
    """A budget without an end; it remembers what was reserved and used."""

    reserved: list[int] = field(default_factory=list[int])
    used: list[int] = field(default_factory=list[int])

    async def reserve(self, tokens: int) -> Reservation:
        self.reserved.append(tokens)
        return Reservation("2026-01-31", str(len(self.reserved)), tokens)

    async def settle(self, reservation: Reservation, tokens: int) -> None:
        self.used.append(tokens)


@dataclass
class ScriptedChat(ChatClient):
    """A server whose model gives these answers, the last one again and again."""

    answers: Sequence[str]
    asked: list[list[dict[str, str]]] = field(default_factory=list[list[dict[str, str]]])

    async def complete(self, choice: Any, messages: Any, schema: Any, timeout_sec: float) -> Completion:
        self.asked.append([*messages])
        return Completion(self.answers[min(len(self.asked), len(self.answers)) - 1], 100)


def schedule_of(spec: JobSpec) -> dict[str, Any]:
    """Return what a schedule says."""
    return {} if spec.schedule is None else spec.schedule.model_dump(mode="json", exclude_none=True)


class NothingStored(JobIndex):
    """An empty deployment."""

    def __init__(self) -> None: ...

    async def candidates(self, job_type: Any, texts: Any) -> JobCandidates:
        return JobCandidates((), frozenset(), more=False)

    async def look_up(self, targets: Any, job_ids: Any) -> JobsByTarget:
        return JobsByTarget({}, frozenset())


async def no_jobs(_filter: JobFilter, _after: int | None, _limit: int) -> Page[JobRecord]:
    """List the jobs of an empty deployment."""
    return Page([], None, 0)


class NothingMissing(SetupReview):
    """A deployment with everything set up."""

    def __init__(self) -> None: ...

    async def review(self, specs: Any, concurrent_with: Any) -> Any:
        return await concurrent_with, [() for _ in specs]


def empty_planner(checks: PlanValidator = CHECKS) -> Planner:
    """Return a planner by the rules on a deployment that has nothing."""
    settings = Settings(_env_file=None)  # pyright: ignore[reportCallIssue]
    return Planner(
        read=gated,
        ai=AiPlanner(settings, {}, FreeBudget()),
        checks=checks,
        index=NothingStored(),
        advisor=NothingMissing(),
        clock=FakeClock(NOW),
        find_default=fixed_default(None),
        find_directory=empty_directory,
        list_jobs=no_jobs,
        find_calendars=no_calendars,
    )


async def no_calendars() -> Calendars:
    """Return the calendars of a deployment that has none."""
    return NO_CALENDARS


async def empty_directory() -> NameDirectory:
    """Return the names of a deployment that has none."""
    return NameDirectory()
