"""Weighs a model's proposal against the rules' reading: where the words are plain, the rules win."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from app.core.errors import InvalidSpec
from app.core.job_target import target_of
from app.core.schedule import compile_schedule
from app.planner.plans import distinct
from app.planner.summary import summary_of

if TYPE_CHECKING:
    from app.planner.checks import Checks
    from app.planner.draft import Draft, PlannedJob

SURE: Final = 0.9
"""From here on the rules have read type, target and time from plain words."""


class Weighing:
    """One proposal beside one draft."""

    def __init__(self, draft: Draft, proposed: Sequence[PlannedJob], checks: Checks) -> None:
        self._draft = draft
        self._left = list(proposed)
        self._checks = checks
        self._warnings: list[str] = []

    def result(self) -> Draft:
        """Return what is planned: the rules' plain jobs, then what the model adds to them."""
        sure = [job for job in self._draft.jobs if job.confidence >= SURE]
        targets = {_target(job) for job in sure}
        kept = [self._upheld(job, targets) for job in sure]
        jobs = (*kept, *self._left)
        texts = [job.assumptions for job in jobs]
        return replace(
            self._draft,
            jobs=jobs,
            assumptions=distinct(*texts),
            warnings=distinct(*(job.warnings for job in jobs), tuple(self._warnings)),
            explain=tuple(span for job in kept for span in job.spans),
            summary=summary_of([(job.type, job.schedule) for job in jobs], self._draft.language),
        )

    def _upheld(self, job: PlannedJob, targets: set[str]) -> PlannedJob:
        """Take the model's counterpart of a plain job off its list, and tell where it disagreed."""
        same = next((each for each in self._left if _target(each) == _target(job)), None)
        others = (each for each in self._left if each.type == job.type and _target(each) not in targets)
        counterpart = same or next(others, None)
        if counterpart is None:
            self._warnings.append(_told(job, "nothing", "tidak ada"))
            return job
        self._left.remove(counterpart)
        if same is None:
            self._warnings.append(_told(job, "another target", "sasaran lain"))
        elif not self._same_time(job.schedule, same.schedule):
            self._warnings.append(_told(job, "another time", "waktu lain"))
        return job

    def _same_time(self, one: dict[str, Any] | None, other: dict[str, Any] | None) -> bool:
        if one is None or other is None:
            return one == other
        zone = self._checks.default_timezone
        try:
            schedules = [compile_schedule(self._checks.schedule(each), zone) for each in (one, other)]
        except InvalidSpec:
            return False
        return schedules[0] == schedules[1]


def _target(job: PlannedJob) -> str:
    return target_of(job.type, job.inputs)


def _told(job: PlannedJob, english: str, indonesian: str) -> str:
    return (
        f"The model read {english} for {job.type}; the words are plain and were followed: {job.reason} / "
        f"Model membaca {indonesian} untuk {job.type}; kata-katanya jelas dan diikuti."
    )
