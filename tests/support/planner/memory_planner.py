"""A planner in memory with the stored jobs and contacts of a case, and without a server."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from types import TracebackType
from typing import Any, Self

from app.core.clock import to_ms
from app.core.config import Settings
from app.core.messaging.contact_models import Contact, name_key
from app.core.models import JobSpec
from app.core.records import JobRecord, Page
from app.core.specs.search import JobFilter, target_of
from app.core.specs.store import JobCandidates, JobIndex, JobsByTarget
from app.planner.ai.planner import AiPlanner
from app.planner.directory import NameDirectory
from app.planner.models import Plan, PlanRequest
from app.planner.planner import Planner
from tests.support.planner.planner_fakes import FreeBudget, empty_planner

Case = Mapping[str, Any]


class MemoryJobs(JobIndex):
    """The index of a list of jobs, oldest first."""

    def __init__(self, records: Sequence[JobRecord]) -> None:
        self.records = records

    async def candidates(self, job_type: str | None, texts: Sequence[str]) -> JobCandidates:
        """Return the jobs of a type that have one of the texts, newest first."""
        found = [
            record
            for record in reversed(self.records)
            if job_type in {None, record.spec.type} and _has_text(record.spec, texts)
        ]
        return JobCandidates(tuple(found), frozenset(), more=False)

    async def look_up(self, targets: Sequence[str], job_ids: Sequence[str]) -> JobsByTarget:
        """Return the jobs of some targets, and which of some ids exist."""
        about = {
            target: tuple(
                record for record in self.records if target_of(record.spec.type, record.spec.inputs) == target
            )
            for target in targets
        }
        return JobsByTarget(about, frozenset(each.spec.job_id for each in self.records) & {*job_ids})

    async def page(self, wanted: JobFilter, _after: int | None, _limit: int) -> Page[JobRecord]:
        """Return all jobs that match."""
        found = [record for record in self.records if wanted.accepts(record.spec)]
        return Page(found, None, len(found))


def _has_text(spec: JobSpec, texts: Sequence[str]) -> bool:
    whole = spec.model_dump_json().lower()
    return not texts or any(text in whole for text in texts)


class CasePlanner:
    """Plans sentences in the circumstances of cases, one after the other."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        settings = Settings(_env_file=None)  # pyright: ignore[reportCallIssue]
        self._base = replace(empty_planner(), ai=AiPlanner(settings, {}, FreeBudget()))
        self._planners: dict[int, tuple[Case, Planner]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.close()

    def plan(self, case: Case, prompt: str | None = None) -> Plan:
        """Return the plan of the case's prompt, or of another one at its moment and with its jobs."""
        request = PlanRequest(
            case["prompt"] if prompt is None else prompt,
            case["timezone"],
            datetime.fromisoformat(case["now"]),
        )
        return self._runner.run(self._planner(case).plan(request))

    def _planner(self, case: Case) -> Planner:
        known = self._planners.get(id(case))
        if known is None:
            known = (case, self._made(case))
            self._planners = {id(case): known}
        return known[1]

    def _made(self, case: Case) -> Planner:
        now_ms = to_ms(datetime.fromisoformat(case["now"]))
        records = [
            JobRecord(JobSpec.model_validate(spec), 1, seq, now_ms, now_ms, None)
            for seq, spec in enumerate(case.get("stored", []), 1)
        ]
        jobs = MemoryJobs(records)
        contacts = {
            name_key(name): Contact(name, place["channel"], place["to"], place.get("account_id")).text()
            for name, place in case.get("contacts", {}).items()
        }

        async def directory() -> NameDirectory:
            return NameDirectory(contacts)

        return replace(self._base, index=jobs, list_jobs=jobs.page, find_directory=directory)


@lru_cache(maxsize=1)
def shared_planner() -> CasePlanner:
    """Return one planner for all tests of a process."""
    return CasePlanner()
