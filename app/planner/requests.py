"""Applies requests to the stored jobs that they mean: an action, an update, a question, or a refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from app.core.errors import InvalidSpec, UnknownJobType
from app.core.i18n import Message, _
from app.planner.diff import Check, DiffContext, differences, disabled_note, fires, merged_spec
from app.planner.matching import Match
from app.planner.models import (
    MAX_CHOICES,
    Change,
    JobChange,
    ManageRequest,
    Note,
    NoteKind,
    PlannedJob,
)
from app.planner.review import why
from app.planner.schedule_changes import changed_schedule

if TYPE_CHECKING:
    from app.core.models import JobSpec
    from app.core.records import JobRecord
    from app.planner.matching import JobMatcher
    from app.planner.models import Draft

MAX_REQUESTS: Final = 20
"""Each may read 10,000 jobs."""
MAX_ACTIONS: Final = 100
_STILL_TRUE: Final = frozenset({NoteKind.CONFLICT, NoteKind.REFUSAL})
"""Notes of a plan that hold for the update in its place, too."""
_STATE: Final = {
    Change.DISABLE: _("{job_id} is disabled already."),
    Change.RESUME: _("{job_id} is neither disabled nor paused."),
}
_WHICH: Final = _('"{words}" may mean several jobs: {names}. Which one?')
_UNKNOWN: Final = _('No stored job has all of this name ("{words}"). Is one of these meant: {names}?')
_OTHERS: Final = _('No stored job is as "{words}" says. Is one of these meant: {names}?')
_NONE: Final = _(
    '"{words}" means no stored job, so nothing is changed: GET /jobs or `multi-job jobs` lists them.'
)
_SAY_WHICH: Final = _('"{words}": say which job. GET /jobs or `multi-job jobs` lists them.')
_TOO_MANY: Final = _('"{words}": more jobs fit than can be changed at once, so none is: name fewer.')
_NOT_ALL: Final = _(
    '"{words}": jobs are deleted one by one, never all at once; `multi-job pause` holds everything.'
)


@dataclass(slots=True)
class Resolution:
    """The changes that requests make, the planned jobs whose place they take, and notes."""

    changes: list[JobChange] = field(default_factory=list[JobChange])
    replaced: set[int] = field(default_factory=set[int])
    notes: list[Note] = field(default_factory=list[Note])

    def ask(self, message: Message, request: ManageRequest, match: Match) -> None:
        """Ask which of several jobs is meant."""
        ids = [record.spec.job_id for record in match.records]
        names = ", ".join(ids[:MAX_CHOICES]) + (", …" if len(ids) > MAX_CHOICES or match.more else "")
        text = message.fill(words=request.words, names=names)
        choices = tuple(ids[:MAX_CHOICES])
        self.notes.append(Note(NoteKind.QUESTION, text, request.about or request.span, choices=choices))

    def refuse(self, message: Message, request: ManageRequest, kind: NoteKind = NoteKind.REFUSAL) -> None:
        """Note why a request changes nothing."""
        self.notes.append(Note(kind, message.fill(words=request.words), request.span))


class RequestResolver:
    """Finds the jobs of requests, and makes the changes."""

    def __init__(self, matcher: JobMatcher, check: Check, context: DiffContext) -> None:
        self._matcher = matcher
        self._check = check
        self._context = context

    async def resolve(self, draft: Draft) -> Resolution:
        """Return the result of all requests of a draft."""
        result = Resolution()
        for request in draft.requests[:MAX_REQUESTS]:
            await self._resolve(request, draft.jobs, result)
        for request in draft.requests[MAX_REQUESTS:]:
            result.refuse(_('Too much is asked for at once: "{words}" is left out.'), request)
            result.replaced |= set(request.replaces)
        if len(result.changes) > MAX_ACTIONS:
            result.changes.clear()
            result.notes.append(Note(NoteKind.REFUSAL, _TOO_MANY.fill(words=draft.prompt)))
        return result

    async def _resolve(self, request: ManageRequest, jobs: Sequence[PlannedJob], result: Resolution) -> None:
        query = request.query
        if request.change is Change.DELETE and query.of_all:
            result.refuse(_NOT_ALL, request)
            return
        if query.is_empty and not (query.of_all and not request.keeps.is_empty):
            self._keep_plan(request, result, _SAY_WHICH)
            return
        match = await self._without_kept(request, await self._matcher.find(query))
        match = replace(match, records=_in_other_state(request, match))
        # A run is no plan: "jalankan laporan toko" must not become a daily report.
        if match.records and (match.sure or not request.replaces or request.change is Change.RUN):
            self._apply(request, match, jobs, result)
            return
        others = await self._others(request)
        if others.records:
            result.replaced |= set(request.replaces)
            result.ask(_OTHERS, request, others)
        else:
            self._keep_plan(request, result, _NONE)

    async def _without_kept(self, request: ManageRequest, match: Match) -> Match:
        """Return a match without the jobs that stay: "matikan semua kecuali backup"."""
        if request.keeps.is_empty:
            return match
        kept = {record.spec.job_id for record in (await self._matcher.find(request.keeps)).records}
        records = tuple(record for record in match.records if record.spec.job_id not in kept)
        return replace(match, records=records)

    async def _others(self, request: ManageRequest) -> Match:
        """Return the jobs of the kind that an update or a run means, with other times or another name."""
        query = replace(request.query, cadence=None, minutes=(), weekdays=frozenset(), dates=())
        query = replace(query, interval_sec=None)
        if request.change is Change.RUN:
            query = replace(query, names=())
        elif request.change is not Change.UPDATE:
            return Match(())
        if query == request.query or query.is_empty:
            return Match(())
        found = await self._matcher.find(query)
        return found if found.sure else Match(())

    def _apply(
        self, request: ManageRequest, match: Match, jobs: Sequence[PlannedJob], result: Resolution
    ) -> None:
        """Change the jobs that fit, or ask which one is meant."""
        result.replaced |= set(request.replaces)
        of_all = request.query.of_all or match.each
        if not match.sure:
            result.ask(_UNKNOWN, request, match)
        elif len(match.records) > 1 and not of_all:
            result.ask(_WHICH, request, match)
        elif match.more:
            result.refuse(_TOO_MANY, request)
        else:
            planned = [jobs[index] for index in request.replaces]
            for record in match.records:
                is_paused = record.spec.job_id in match.paused
                self._change(request, record, planned, result, is_paused=is_paused)

    def _keep_plan(self, request: ManageRequest, result: Resolution, message: Message) -> None:
        """Leave the planned jobs of a request in the plan; without any the request is refused."""
        update = request.update
        if update is not None and update.shift_sec:
            result.replaced |= set(request.replaces)
            unknown = _('"{words}" means no stored job: say which one, or the new time.')
            return result.refuse(unknown, request, NoteKind.QUESTION)
        result.notes += request.notes
        if not request.replaces and not request.notes:
            result.refuse(message, request)
        return None

    def _change(
        self,
        request: ManageRequest,
        record: JobRecord,
        planned: Sequence[PlannedJob],
        result: Resolution,
        *,
        is_paused: bool,
    ) -> None:
        job_id, change, notes = record.spec.job_id, request.change, list[Note]()
        if change is Change.UPDATE:
            self._update(request, record, planned, result)
            return
        if _is_in_state(change, record, is_paused=is_paused):
            notes = [Note(NoteKind.ASSUMPTION, _STATE[change].fill(job_id=job_id))]
            change = Change.UNCHANGED
        elif change is Change.RUN and is_paused:
            held = _("{job_id} is paused: the run starts after the pause.", job_id=job_id)
            notes = [Note(NoteKind.ENVIRONMENT, held)]
        result.changes.append(self._job(request, record, change, record.spec, notes))

    def _update(
        self,
        request: ManageRequest,
        record: JobRecord,
        planned: Sequence[PlannedJob],
        result: Resolution,
    ) -> None:
        job_id = record.spec.job_id
        raw = _updated(request, record, planned)
        if raw is None:
            unclear = _('"{words}": say the new time of {job_id}.', words=request.words, job_id=job_id)
            result.notes.append(Note(NoteKind.QUESTION, unclear, request.span, job=job_id))
            return
        try:
            spec = self._check(raw)
        except (InvalidSpec, UnknownJobType) as error:
            refused = _("{job_id} is not changed: {error}", job_id=job_id, error=why(error))
            result.notes.append(Note(NoteKind.REFUSAL, refused, request.span))
            return
        if spec == record.spec and not _says_something(request, planned):
            nothing = _('"{words}": say what changes in {job_id}.', words=request.words, job_id=job_id)
            result.notes.append(Note(NoteKind.QUESTION, nothing, request.span, job=job_id))
            return
        change = Change.UNCHANGED if spec == record.spec else Change.UPDATE
        notes = [note for job in planned for note in job.notes if note.kind in _STILL_TRUE]
        notes += request.update.notes if request.update is not None else ()
        if not spec.enabled:
            notes.append(disabled_note(job_id))
        result.changes.append(self._job(request, record, change, spec, notes))

    def _job(
        self,
        request: ManageRequest,
        record: JobRecord,
        change: Change,
        spec: JobSpec,
        notes: Sequence[Note],
    ) -> JobChange:
        until = request.until_ms if change is Change.PAUSE else None
        since = self._context if until is None else replace(self._context, now_ms=until - 1)
        stops = change in {Change.DISABLE, Change.DELETE}
        runs = spec.schedule is not None and not stops and (spec.enabled or change is Change.RESUME)
        after = spec.model_copy(update={"enabled": change is Change.RESUME}) if change in _SWITCHES else spec
        return JobChange(
            spec=spec,
            change=change,
            base_version=record.version,
            reason=_('From the words "{words}".', words=request.words),
            notes=tuple(replace(note, job=spec.job_id) for note in notes),
            diff=differences(record.spec, after),
            next_runs=fires(spec.schedule, since) if runs and spec.schedule else (),
            until=until,
        )


_NOTIFYING: Final = frozenset({"monitor.channel", "monitor.http", "report.daily"})
_SWITCHES: Final = frozenset({Change.DISABLE, Change.RESUME})


def _is_in_state(change: Change, record: JobRecord, *, is_paused: bool) -> bool:
    if change is Change.DISABLE:
        return not record.spec.enabled
    return change is Change.RESUME and record.spec.enabled and not is_paused


def _in_other_state(request: ManageRequest, match: Match) -> tuple[JobRecord, ...]:
    """Return the jobs that fit; of several, those that are not in the wanted state already."""
    others = tuple(
        record
        for record in match.records
        if not _is_in_state(request.change, record, is_paused=record.spec.job_id in match.paused)
    )
    return others if others and len(match.records) > 1 else match.records


def _says_something(request: ManageRequest, planned: Sequence[PlannedJob]) -> bool:
    update = request.update
    says = update is not None and (
        update.schedule is not None or update.shift_sec or update.description or update.notify
    )
    return bool(says) or any(job.inputs or job.fields for job in planned if job.type != "monitor.channel")


def _updated(
    request: ManageRequest, record: JobRecord, planned: Sequence[PlannedJob]
) -> dict[str, Any] | None:
    """Return the raw spec of an update; None if the new time is not clear."""
    update = request.update
    schedule = None if update is None else changed_schedule(record.spec.schedule, update)
    if update is None or schedule is None:
        return None
    inputs = {
        name: value for job in planned if job.type == record.spec.type for name, value in job.inputs.items()
    }
    fields = {name: value for job in planned for name, value in job.fields.items()}
    data = merged_spec(record.spec, inputs, fields, schedule)
    if update.description is not None:
        data["description"] = update.description
    if update.notify is not None and record.spec.type in _NOTIFYING:
        data["inputs"]["notify"] = dict(update.notify)
    return data
