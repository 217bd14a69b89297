"""Asks a language model for a proposal; merges it with the draft."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from app.core.errors import InvalidSpec
from app.core.i18n import _
from app.core.scheduling.schedule import compile_schedule
from app.core.specs.search import target_of
from app.planner.ai.answer import read_answer
from app.planner.ai.models import AiFailure, ModelChoice, choose_model
from app.planner.ai.process import Tools, ask_agent
from app.planner.models import Note, NoteKind, distinct
from app.planner.stops import stop_targets
from app.planner.summary import summary_of

if TYPE_CHECKING:
    from app.core.config import Settings
    from app.planner.ai.tools import PlannerTools
    from app.planner.models import AiOptions, Draft, PlannedJob
    from app.planner.review import PlanValidator

AT_ONCE: Final = 2
"""Each child takes 200 MB. A third request does not wait: it gets the rules' plan at once."""

AskAgent = Callable[["dict[str, Any]", ModelChoice, Tools, float, Mapping[str, str]], Awaitable[str]]


class AiPlanner:
    """Asks models, a few requests at a time."""

    def __init__(
        self,
        settings: Settings,
        environment: Mapping[str, str],
        at_once: int = AT_ONCE,
        ask: AskAgent = ask_agent,
    ) -> None:
        self._settings = settings
        self._ask = ask
        self._environment = environment
        self._free = at_once

    async def propose(self, ask: AiOptions, tools: PlannerTools) -> tuple[PlannedJob, ...]:
        """Return the jobs that the model proposes; AiFailure gives the reason if there are none."""
        choice = choose_model(self._settings, self._environment, ask.model_id)
        if self._free <= 0:
            raise AiFailure("busy", _("other plans are with the model just now"))
        self._free -= 1
        try:
            text = await self._ask(
                tools.task(ask.max_steps),
                choice,
                tools.call,
                self._settings.planner_ai_timeout_sec,
                self._environment,
            )
        finally:
            self._free += 1
        return read_answer(text, tools.request.prompt, tools.request.default_account_id)


# Merges a model's proposal with the rules' draft. If the rules have full confidence in a job, theirs wins.

SURE: Final = 1.0
"""Full confidence: the rules have read type, target and time from plain words, without assumptions."""


class ProposalMerge:
    """The merge of one proposal with one draft."""

    def __init__(self, draft: Draft, proposed: Sequence[PlannedJob], checks: PlanValidator) -> None:
        self._draft = draft
        stopped = {target for stop in draft.stops for target in stop_targets(stop)}
        # A job that the prompt asks to stop is not created, even if the model proposes it.
        self._left = [job for job in proposed if _target(job) not in stopped]
        self._checks = checks
        self._notes: list[Note] = []

    def result(self) -> Draft:
        """Return the result: the rules' confident jobs, then the model's additions."""
        read = self._draft
        sure = [job for job in read.jobs if job.confidence >= SURE]
        targets = {_target(job) for job in sure}
        kept = [self._upheld(job, targets) for job in sure]
        jobs = (*kept, *self._left)
        of_jobs = {note for job in read.jobs for note in job.notes}
        general = (_by_rules(note) for note in read.notes if note not in of_jobs)
        return replace(
            read,
            jobs=jobs,
            notes=distinct(general, self._notes, *(job.notes for job in jobs)),
            explain=tuple(span for job in kept for span in job.spans),
            summary=summary_of(jobs, "id" if read.language == "id" else "en"),
        )

    def _upheld(self, job: PlannedJob, targets: set[str]) -> PlannedJob:
        """Remove the model's counterpart of a confident job from its list, and note how it differs."""
        same = next((each for each in self._left if _target(each) == _target(job)), None)
        others = (each for each in self._left if each.type == job.type and _target(each) not in targets)
        counterpart = same or next(others, None)
        if counterpart is None:
            self._notes.append(_differs(job, _("nothing")))
            return job
        self._left.remove(counterpart)
        if same is None:
            self._notes.append(_differs(job, _("another target")))
        elif not self._same_time(job.schedule, same.schedule):
            self._notes.append(_differs(job, _("another time")))
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


def _by_rules(note: Note) -> Note:
    if note.kind is NoteKind.ASSUMPTION:
        return note
    return replace(note, text=_("By the rules alone: {text}", text=note.text))


def _differs(job: PlannedJob, what: str) -> Note:
    differs = _(
        "The model read {what} for {type}; the words are plain and were followed: {reason}",
        what=what,
        type=job.type,
        reason=job.reason,
    )
    return Note(NoteKind.CONFLICT, differs)
