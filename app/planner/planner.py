"""The planner: turns a prompt into a plan, by rules and model."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, TypeVar

from app.core.clock import to_ms
from app.core.errors import InvalidSpec, PlannerBusy, UnknownJobType
from app.core.i18n import Language, _, render
from app.core.ids import new_id
from app.core.scheduling.schedule import calendars_of
from app.core.scheduling.skip_rules import Calendars
from app.core.specs.search import target_of
from app.planner.ai.doubt import is_in_doubt
from app.planner.ai.grounding import Grounding
from app.planner.ai.models import AiFailure
from app.planner.answers import InquiryAnswers, ListJobs
from app.planner.certainty import with_certainty
from app.planner.diff import DiffContext, PlanDiff, PlannedSpec, refusal_of
from app.planner.directory_reader import with_past_recipients
from app.planner.edits import edited_jobs, kept_actions, merged_edits, require_valid
from app.planner.job_ids import id_choices
from app.planner.language.tokens.tokens import normalized
from app.planner.matching import JobMatcher
from app.planner.models import (
    ACTIONS,
    Change,
    Draft,
    Note,
    NoteKind,
    Plan,
    PlanRequest,
    PlanSource,
    distinct,
)
from app.planner.requests import RequestResolver
from app.planner.summary import summary_of

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.messaging.recipients import FindDefault
    from app.core.specs.store import JobIndex, JobsByTarget
    from app.planner.ai.planner import AiPlanner
    from app.planner.directory_reader import FindDirectory
    from app.planner.models import JobChange, JobEdit, PlannedJob
    from app.planner.review import PlanValidator, SetupReview

# A thread that plans long texts outside the event loop, which serves other requests meanwhile.

T = TypeVar("T")

SHORT_CHARS: Final = 400
"""A text up to this length is planned in the event loop, in some milliseconds.

It never waits for long ones.
"""
SWITCH_SEC: Final = 0.001
"""How long the event loop waits to take the interpreter lock back from the thread.

Python's default is 5 ms.
"""
MOST_PLACES: Final = 16
"""The most long texts at a time, waiting ones included. Each takes 0.1 to 0.2 seconds."""


class PlanningThread:
    """One thread, one long text at a time. More threads would hold the interpreter's lock for longer."""

    def __init__(self, most_places: int = MOST_PLACES) -> None:
        self._most_places = most_places
        self._taken = 0
        self._lock = asyncio.Lock()
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="planning")

    @contextmanager
    def slot(self, text: str) -> Generator[PlanningSlot]:
        """Yield the slot for the planning of a text.

        Raises PlannerBusy if too many long ones are under way.
        """
        if len(text) <= SHORT_CHARS:
            yield PlanningSlot(None, nullcontext)
            return
        if self._taken >= self._most_places:
            raise PlannerBusy(
                _("Other long texts are being planned just now: send it again, or shorter sentences.")
            )
        self._taken += 1
        try:
            yield PlanningSlot(self._executor, self._turn)
        finally:
            self._taken -= 1

    @asynccontextmanager
    async def _turn(self) -> AsyncGenerator[None]:
        """Hold the thread for one plan, so that long texts finish one after the other."""
        async with self._lock:
            before = sys.getswitchinterval()
            # Only during a long text: other requests need no shorter interval.
            sys.setswitchinterval(SWITCH_SEC)
            try:
                yield
            finally:
                sys.setswitchinterval(before)


@dataclass(frozen=True, slots=True)
class PlanningSlot:
    """Runs the steps of one plan: in the thread, or directly if the text is short."""

    _executor: ThreadPoolExecutor | None
    turn: Callable[[], AbstractAsyncContextManager[None]]
    """Holds the thread for this plan."""

    async def do(self, step: Callable[[], T]) -> T:
        """Return the result of a step."""
        if self._executor is None:
            return step()
        return await asyncio.get_running_loop().run_in_executor(self._executor, step)


MAX_JOBS: Final = 100
PROVISIONAL_ID: Final = "planned"
"""A spec is validated before its id is chosen, because the id is made of valid inputs."""
Read = Callable[[PlanRequest], "Draft"]
FindCalendars = Callable[[], Awaitable[Calendars]]


@dataclass(frozen=True, slots=True)
class Planner:
    """Makes plans. It changes no stored data."""

    read: Read
    ai: AiPlanner
    checks: PlanValidator
    index: JobIndex
    advisor: SetupReview
    clock: Clock
    find_default: FindDefault
    list_jobs: ListJobs
    find_directory: FindDirectory
    find_calendars: FindCalendars
    thread: PlanningThread = field(default_factory=PlanningThread)

    async def plan(self, request: PlanRequest) -> Plan:
        """Return the plan of a prompt, as the difference from the stored jobs. Raises PlannerBusy."""
        resolved, context = await self._circumstances(request)
        with self.thread.slot(request.prompt) as slot:
            draft, source = await self._read(slot, resolved)
            async with slot.turn():
                plan = await self._compared(slot, draft, source, context)
        return replace(plan, request=request)

    async def edited(self, plan: Plan, request: PlanRequest, edits: Sequence[JobEdit]) -> Plan:
        """Return a plan with the edits of a person. Raises InvalidInput if one of them is not valid."""
        jobs = edited_jobs(plan, edits)
        draft = Draft(
            prompt=plan.prompt,
            language=plan.language,
            jobs=tuple(jobs),
            notes=tuple(note for note in plan.notes if note.job is None),
            explain=plan.explain,
        )
        _, context = await self._circumstances(request)
        with self.thread.slot("") as slot:
            made = await self._compared(slot, draft, plan.source, context)
        if len(made.jobs) < len(jobs):
            require_valid(made, plan)
        made = replace(made, jobs=(*made.jobs, *kept_actions(plan, edits)))
        return replace(made, request=request, edits=merged_edits(plan.edits, edits))

    async def _compared(
        self, slot: PlanningSlot, draft: Draft, source: PlanSource, context: DiffContext
    ) -> Plan:
        if draft.requests or any(map(_names_calendars, draft.jobs)):
            context = replace(context, calendars=await self.find_calendars())
        matcher = JobMatcher(self.index)
        resolved = RequestResolver(matcher, self.checks.spec, context)
        await resolved.resolve(draft)
        draft = _without(draft, resolved.replaced)
        planned, refused = await slot.do(lambda: self._planned_specs(draft.jobs, context))
        specs = [each.spec for each in planned]
        (known, context), advice = await self.advisor.review(specs, self._compared_with(planned, context))
        advised = [self._advised(each, notes) for each, notes in zip(planned, advice, strict=True)]
        comparison = PlanDiff(known, self.checks.spec, context)
        changes = await slot.do(lambda: comparison.changes(advised))
        kept = [each.job for each in advised if each.job not in comparison.dropped]
        answers = await InquiryAnswers(matcher, self.list_jobs, context.timezone).notes(draft.inquiries)
        notes = [
            *refused,
            *comparison.notes,
            *answers,
            *resolved.notes,
        ]
        changes = [_left_alone(each, resolved.changes) for each in changes]
        made = self._composed(draft, source, [*changes, *resolved.changes], kept, notes)
        ids = comparison.ids
        explain = (
            span if span.job is None else replace(span, job=ids.get(span.job)) for span in made.explain
        )
        return replace(made, explain=tuple(explain))

    async def _circumstances(self, request: PlanRequest) -> tuple[PlanRequest, DiffContext]:
        # Both are read at most once in five seconds.
        default, directory = await self.find_default(), await self.find_directory()
        resolved = replace(
            request,
            now=request.now or self.clock.now(),
            deployment_timezone=self.checks.default_timezone,
            has_default_notify=default is not None,
            declared=self.checks.declared,
            directory=directory,
        )
        zone = resolved.timezone or resolved.deployment_timezone
        return resolved, DiffContext(to_ms(resolved.instant), zone, resolved.deployment_timezone)

    async def _read(self, slot: PlanningSlot, request: PlanRequest) -> tuple[Draft, PlanSource]:
        """Return the draft of a prompt, and its author."""
        ai = request.ai
        async with slot.turn():
            draft = await slot.do(lambda: self.read(request))
            if draft.unknown_names:
                # Stored jobs may send to names that are unknown otherwise.
                directory = await with_past_recipients(request.directory, draft.unknown_names, self.index)
                if directory is not request.directory:
                    request = replace(request, directory=directory)
                    draft = await slot.do(lambda: self.read(request))
        if ai is None:
            return draft, PlanSource.RULES
        if not is_in_doubt(draft):
            obstacles = self.ai.obstacles(ai) if draft.jobs or draft.requests else ()
            return _by_rules(draft, *obstacles)
        try:
            made = await self.ai.propose(ai, Grounding(self.checks, self.read, request, draft))
        except AiFailure as failure:
            return _by_rules(draft, failure.message)
        return made, self.ai.source

    def _planned_specs(
        self, jobs: Sequence[PlannedJob], context: DiffContext
    ) -> tuple[list[PlannedSpec], list[Note]]:
        """Return the valid planned jobs, each target and schedule once, and why the others are not valid."""
        planned: list[PlannedSpec] = []
        too_many = _("{count} jobs are asked for; the first {max_jobs} are planned.")
        refused: list[Note] = []
        if len(jobs) > MAX_JOBS:
            refused.append(Note(NoteKind.REFUSAL, too_many.fill(count=len(jobs), max_jobs=MAX_JOBS)))
        for job in jobs[:MAX_JOBS]:
            try:
                spec = self.checks.new_spec(job.spec_under(PROVISIONAL_ID), context.now_ms, context.calendars)
            except (InvalidSpec, UnknownJobType) as error:
                refused.append(refusal_of(job, error))
                continue
            target = target_of(spec.type, spec.inputs)
            if not any(each.target == target and each.spec.schedule == spec.schedule for each in planned):
                planned.append(PlannedSpec(job, spec, target, id_choices(spec.type, spec.inputs, job.slot)))
        return planned, refused

    async def _compared_with(
        self, planned: Sequence[PlannedSpec], context: DiffContext
    ) -> tuple[JobsByTarget, DiffContext]:
        """Return the stored jobs of the targets and ids, and the context with the calendars they name."""
        targets = [each.target for each in planned]
        choices = (job_id for each in planned for ids in each.choices for job_id in ids)
        known = await self.index.look_up(targets, [*choices])
        stored = (record.spec.schedule for records in known.by_target.values() for record in records)
        if not context.calendars and any(map(calendars_of, stored)):
            context = replace(context, calendars=await self.find_calendars())
        return known, context

    def _advised(self, wanted: PlannedSpec, advice: tuple[Note, ...]) -> PlannedSpec:
        notes = [*advice]
        problem = self.checks.url_problem(wanted.spec)
        if problem is not None:
            blocked = _("This will fail until it is opened: {problem}", problem=problem)
            notes.insert(0, Note(NoteKind.REFUSAL, blocked))
        if not notes:
            return wanted
        return replace(wanted, job=replace(wanted.job, notes=distinct(wanted.job.notes, notes)))

    def _composed(
        self,
        draft: Draft,
        source: PlanSource,
        changes: Sequence[JobChange],
        kept: Sequence[PlannedJob],
        refused: Sequence[Note],
    ) -> Plan:
        language = draft.language
        of_jobs = {note for job in kept for note in job.notes}
        general = (note for note in draft.notes if note not in of_jobs)
        notes = _in_language([*general, *refused], language)
        of_all = [note for note in notes if note.job is None]
        changes = [with_certainty(_change_in_language(each, language), of_all) for each in changes]
        return Plan(
            plan_id=new_id(self.clock),
            made_at_ms=self.clock.now_ms(),
            prompt=draft.prompt,
            normalized_prompt=normalized(draft.prompt),
            summary=summary_of([*map(_as_stored, kept, changes)], language, changes[len(kept) :]),
            source=source,
            language=language,
            notes=distinct(notes, *(each.notes for each in changes)),
            explain=draft.explain,
            jobs=tuple(changes),
        )


_STAYS: Final = _("{job_id} would stay as it is. What shall become of it?")


def _left_alone(change: JobChange, acts: Sequence[JobChange]) -> JobChange:
    """Doubt a stored job that the sentence names beside others that it stops, and leaves as it is."""
    if change.change is not Change.UNCHANGED or not any(each.change in ACTIONS for each in acts):
        return change
    return change.with_notes(Note(NoteKind.QUESTION, _STAYS.fill(job_id=change.spec.job_id)))


def _as_stored(job: PlannedJob, change: JobChange) -> PlannedJob:
    """Return a planned job with the schedule that its stored job keeps or gets."""
    schedule = change.spec.schedule
    if change.change is Change.CREATE or schedule is None:
        return job
    return replace(job, schedule=schedule.model_dump(mode="json", exclude_none=True, exclude_defaults=True))


def _names_calendars(job: PlannedJob) -> bool:
    """True if a job's schedule, which may not be valid, leaves out what calendars of the deployment do."""
    skip = (job.schedule or {}).get("skip")
    return isinstance(skip, dict) and "calendars" in skip


def _change_in_language(change: JobChange, language: Language) -> JobChange:
    notes = distinct(_in_language(change.notes, language))
    return replace(change, reason=render(change.reason, language), notes=notes)


def _in_language(notes: Iterable[Note], language: Language) -> list[Note]:
    return [replace(note, text=render(note.text, language)) for note in notes]


def _without(draft: Draft, places: Collection[int]) -> Draft:
    """Return a draft without some of its jobs, and without the notes of these alone."""
    jobs = [job for place, job in enumerate(draft.jobs) if place not in places]
    kept = {note for job in jobs for note in job.notes}
    dropped = {note for job in draft.jobs for note in job.notes} - kept
    notes = tuple(note for note in draft.notes if note not in dropped)
    return replace(draft, jobs=tuple(jobs), notes=notes)


def _by_rules(draft: Draft, *reasons: str) -> tuple[Draft, PlanSource]:
    """Return a draft with a note for each reason why no model has helped."""
    by_rules = _("Planned by the rules, without the model: {why}.")
    notes = (Note(NoteKind.ENVIRONMENT, by_rules.fill(why=why)) for why in reasons)
    return replace(draft, notes=(*notes, *draft.notes)), PlanSource.RULES
