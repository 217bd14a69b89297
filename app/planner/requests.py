"""Applies requests to the stored jobs that they mean: an action, an update, a question, or a refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from app.core.errors import InvalidSpec, UnknownJobType
from app.core.i18n import Message, _
from app.planner.diff import Check, DiffContext, disabled_note, job_change, merged_spec, saved_as
from app.planner.matching import Match
from app.planner.models import (
    MAX_CHOICES,
    Change,
    JobChange,
    JobQuery,
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
    **dict.fromkeys((Change.DISABLE, Change.PAUSE), _("{job_id} is disabled already.")),
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
_NO_NEW_TIME: Final = _('"{words}" means no stored job: say which one, or the new time.')
_TOO_MUCH: Final = _('Too much is asked for at once: "{words}" is left out.')
_UNCLEAR: Final = _('"{words}": say the new time of {job_id}.')
_NOTHING: Final = _('"{words}": say what changes in {job_id}.')
_REFUSED: Final = _("{job_id} is not changed: {error}")
_HELD: Final = _("{job_id} is paused: the run starts after the pause.")
_TYPES_WITH: Final = {
    "notify": ("monitor.channel", "monitor.http", "report.daily"),
    "text": ("message.send",),
}


@dataclass(slots=True)
class RequestResolver:
    """Finds the jobs of requests, and collects what becomes of them."""

    matcher: JobMatcher
    check: Check
    context: DiffContext
    changes: list[JobChange] = field(default_factory=list[JobChange])
    replaced: set[int] = field(default_factory=set[int])
    """The indexes of the planned jobs whose place the changes take."""
    notes: list[Note] = field(default_factory=list[Note])

    async def resolve(self, draft: Draft) -> None:
        """Resolve all requests of a draft."""
        for request in draft.requests[:MAX_REQUESTS]:
            await self._resolve(request, [draft.jobs[index] for index in request.replaces])
        for request in draft.requests[MAX_REQUESTS:]:
            self._note(NoteKind.REFUSAL, _TOO_MUCH, request)
            self.replaced.update(request.replaces)
        if len(self.changes) > MAX_ACTIONS:
            self.changes.clear()
            self.notes.append(Note(NoteKind.REFUSAL, _TOO_MANY.fill(words=draft.prompt)))

    async def _resolve(self, request: ManageRequest, planned: Sequence[PlannedJob]) -> None:
        query = request.query
        if request.change is Change.DELETE and query.of_all:
            self._note(NoteKind.REFUSAL, _NOT_ALL, request)
            return
        if query.is_empty and not (query.of_all and request.keeps):
            self._keep_plan(request, _SAY_WHICH)
            return
        match = await self.matcher.find(query)
        stays = [await self.matcher.find(each) for each in request.keeps]  # "matikan semua kecuali backup"
        if query.is_empty and any(not (each.records and each.sure) for each in stays):
            self._keep_plan(request, _SAY_WHICH)
            return
        kept = {record.spec.job_id for each in stays for record in each.records}
        match = replace(match, records=tuple(each for each in match.records if each.spec.job_id not in kept))
        changed = tuple(each for each in match.records if not _is_in_state(request.change, each, match))
        match = replace(match, records=changed or match.records)
        # A run is no plan: "jalankan laporan toko" must not become a daily report.
        fits = match.records and (match.sure or not request.replaces or request.change is Change.RUN)
        others = match if fits else await self._others(request)
        if not others.records:
            self._keep_plan(request, _NONE)
            return
        self.replaced.update(request.replaces)
        if fits:
            self._apply(request, match, planned)
        else:
            self._ask(_OTHERS, request, others)

    async def _others(self, request: ManageRequest) -> Match:
        """Return the jobs of the kind that an update or a run means, with other times or another name."""
        said = request.query if request.change in {Change.UPDATE, Change.RUN} else JobQuery()
        names = () if request.change is Change.RUN else said.names
        query = replace(said, cadence=None, minutes=(), weekdays=frozenset(), dates=(), interval_sec=None)
        query = replace(query, names=names)
        found = Match(()) if query.is_empty or query == said else await self.matcher.find(query)
        return found if found.sure else Match(())

    def _apply(self, request: ManageRequest, match: Match, planned: Sequence[PlannedJob]) -> None:
        """Change the jobs that fit, or ask which one is meant."""
        if not match.sure:
            self._ask(_UNKNOWN, request, match)
        elif len(match.records) not in {1, request.query.count} and not (request.query.of_all or match.each):
            self._ask(_WHICH, request, match)
        elif match.more:
            self._note(NoteKind.REFUSAL, _TOO_MANY, request)
        elif request.change is Change.UPDATE:
            for record in match.records:
                self._update(request, record, planned)
        else:
            for record in match.records:
                self._act(request, record, match)

    def _keep_plan(self, request: ManageRequest, message: Message) -> None:
        """Leave the planned jobs of a request in the plan; without any the request is refused."""
        if request.update is not None and request.update.shift_sec:
            self.replaced.update(request.replaces)
            self._note(NoteKind.QUESTION, _NO_NEW_TIME, request)
        elif request.replaces or request.notes:
            self.notes += request.notes
        else:
            self._note(NoteKind.REFUSAL, message, request)

    def _act(self, request: ManageRequest, record: JobRecord, match: Match) -> None:
        change, notes = request.change, list[Note]()
        if _is_in_state(change, record, match):
            notes = [Note(NoteKind.ASSUMPTION, _STATE[change].fill(job_id=record.spec.job_id))]
            change = Change.UNCHANGED
        elif change is Change.RUN and record.spec.job_id in match.paused:
            notes = [Note(NoteKind.ENVIRONMENT, _HELD.fill(job_id=record.spec.job_id))]
        self._add(request, record, change, record.spec, notes)

    def _update(self, request: ManageRequest, record: JobRecord, planned: Sequence[PlannedJob]) -> None:
        job_id, update = record.spec.job_id, request.update
        schedule = None if update is None else changed_schedule(record.spec.schedule, update)
        if update is None or schedule is None:
            self._note(NoteKind.QUESTION, _UNCLEAR, request, job_id)
            return
        said, inputs = (update.inputs or {}).items(), dict[str, Any]()
        own = {name: value for name, value in said if record.spec.type in _TYPES_WITH[name]}
        fields = {} if update.description is None else {"description": update.description}
        for each in planned:
            inputs |= each.inputs if each.type == record.spec.type else {}
            fields |= each.fields
        try:
            merged = merged_spec(record.spec, inputs, fields, schedule)
            spec = self.check({**merged, "inputs": merged["inputs"] | own})
        except (InvalidSpec, UnknownJobType) as error:
            self._note(NoteKind.REFUSAL, _REFUSED, request, job_id, error=why(error))
            return
        says = any((own, fields, update.schedule, update.shift_sec, update.skip))
        says = says or any(each.inputs for each in planned if each.type != "monitor.channel")
        if spec == record.spec and not says:
            self._note(NoteKind.QUESTION, _NOTHING, request, job_id)
            return
        notes = [note for job in planned for note in job.notes if note.kind in _STILL_TRUE]
        notes += [*update.notes, *([] if spec.enabled else [disabled_note(job_id)])]
        self._add(request, record, saved_as(spec, record), spec, notes)

    def _add(
        self, request: ManageRequest, record: JobRecord, change: Change, spec: JobSpec, notes: list[Note]
    ) -> None:
        until = request.until_ms if change is Change.PAUSE else None
        made = job_change(change, spec, record, self.context, notes, until=until)
        self.changes.append(replace(made, reason=_('From the words "{words}".', words=request.words)))

    def _ask(self, message: Message, request: ManageRequest, match: Match) -> None:
        """Ask which of several jobs is meant."""
        ids = tuple(record.spec.job_id for record in match.records)
        names = ", ".join(ids[:MAX_CHOICES]) + (", …" if len(ids) > MAX_CHOICES or match.more else "")
        text, place = message.fill(words=request.words, names=names), request.about or request.span
        self.notes.append(Note(NoteKind.QUESTION, text, place, choices=ids[:MAX_CHOICES]))

    def _note(
        self, kind: NoteKind, message: Message, about: ManageRequest, job_id: str | None = None, **said: str
    ) -> None:
        """Note why a request, or a part of it that is about one job, changes nothing."""
        text = message.fill(words=about.words, job_id=job_id, **said)
        self.notes.append(Note(kind, text, about.span, job=job_id))


def _is_in_state(change: Change, record: JobRecord, match: Match) -> bool:
    if change in {Change.DISABLE, Change.PAUSE}:
        return not record.spec.enabled
    return change is Change.RESUME and record.spec.enabled and record.spec.job_id not in match.paused
