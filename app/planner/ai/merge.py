"""Merges a model's proposal with the rules' draft: each difference is a note.

A job that is in doubt may become the model's. Of the others only what the rules assumed may be filled in. A
job that the rules did not read needs words that no rule used.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.core.i18n import Message, _, concat
from app.core.specs.search import target_of
from app.planner.ai.answer import shown
from app.planner.ai.doubt import Doubt
from app.planner.ai.wording import overlap
from app.planner.chains import without_followers
from app.planner.models import HOLDS, ChainLink, Draft, Note, NoteKind, PlannedJob, TextSpan, distinct
from app.planner.summary import when

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.planner.ai.grounding import Proposal, ProposedJob
    from app.planner.review import PlanValidator


_KEPT = ("fields", "job_id", "is_new", "keeps_schedule", "keeps_times", "key", "chains", "is_named")


class ProposalMerge:
    """The merge of one proposal with one draft."""

    def __init__(self, draft: Draft, proposal: Proposal, checks: PlanValidator) -> None:
        self._draft = draft
        self._proposal = proposal
        self._checks = checks
        self._doubt = Doubt(draft)
        self._notes: list[Note] = [*proposal.notes]
        self._left: list[ProposedJob] = [*proposal.jobs]
        self._keys: dict[str, str] = {}
        """The keys of the rules' jobs, by those of the model's for the same jobs."""
        self._dropped: list[PlannedJob] = []

    def result(self) -> Draft:
        """Return the merged draft: the jobs of the rules in their order, then the model's additions."""
        read = self._draft
        if not self._proposal.jobs:
            return self._without_proposal()
        jobs = [job for each in self._paired() if (job := self._decided(*each)) is not None]
        jobs += [job for each in self._left if (job := self._added(each)) is not None]
        jobs = self._linked(jobs)
        of_jobs = {note for job in read.jobs for note in job.notes}
        general = (note for note in read.notes if note not in of_jobs)
        kept = (_by_rules(note) for note in general if not self._is_settled(note))
        return replace(
            read,
            jobs=tuple(jobs),
            notes=distinct(kept, self._notes, *(job.notes for job in jobs)),
            explain=self._explained(jobs),
        )

    def _linked(self, jobs: Sequence[PlannedJob]) -> list[PlannedJob]:
        """Return the jobs with their chains; a job whose first job is not planned would run at once."""
        linked = [replace(job, chains=self._chains(job)) for job in jobs]
        started = {link.key for job in linked for link in job.chains}
        followers = {each.job.key for each in self._proposal.jobs} - {""} - started
        lost = [job for job in linked if job.key in followers]
        for job in lost:
            alone = _("{type} is not planned: the job that starts it is not.", type=job.type)
            self._notes.append(Note(NoteKind.REFUSAL, alone))
        kept = without_followers([*linked, *self._dropped], [*lost, *self._dropped])
        return [job for job in linked if job in kept]

    def _chains(self, job: PlannedJob) -> tuple[ChainLink, ...]:
        """Return the chains of a job, with the keys of the rules if both have read them."""
        links = (link._replace(key=self._keys.get(link.key, link.key)) for link in job.chains)
        return tuple(dict.fromkeys(links))

    def _without_proposal(self) -> Draft:
        """Return the draft with the model's question, or without the jobs that it takes for none."""
        read, nothing = self._draft, self._proposal.nothing
        if nothing is None:
            return replace(read, notes=distinct(read.notes, self._notes))
        jobs = tuple(job for job in read.jobs if not self._doubt.is_about(job))
        dropped = {note for job in read.jobs if job not in jobs for note in job.notes}
        other = _("The model reads this as {nothing}, the rules as {types}.")
        none = _("The model reads this as {nothing}: nothing is planned.", nothing=nothing)
        types = ", ".join(job.type for job in jobs)
        text = other.fill(nothing=nothing, types=types) if jobs else none
        note = Note(NoteKind.CONFLICT if jobs else NoteKind.REFUSAL, text)
        notes = (each for each in read.notes if each not in dropped)
        return replace(read, jobs=jobs, notes=distinct([note], self._notes, notes))

    def _paired(self) -> list[tuple[PlannedJob, ProposedJob | None]]:
        """Match each job of the rules with the model's: the same target first, then the same words."""
        found: dict[int, ProposedJob] = {}
        for fits in (_is_same, _is_same_target, _is_same_words):
            for index, job in enumerate(self._draft.jobs):
                each = next((each for each in self._left if fits(job, each)), None)
                if index not in found and each is not None:
                    found[index] = each
                    self._left.remove(each)
        return [(job, found.get(index)) for index, job in enumerate(self._draft.jobs)]

    def _decided(self, job: PlannedJob, other: ProposedJob | None) -> PlannedJob | None:
        """Return the job to plan of a pair, and note how the two differ."""
        if other is not None:
            chains = (*job.chains, *other.job.chains)
            key = job.key or other.job.key
            self._keys[other.job.key] = key
            job = replace(job, key=key, chains=chains)
        is_plain = not self._doubt.is_about(job)
        if is_plain and other is None and not self._doubt.has(job):
            return job
        differences, contradicts = self._differences(job, None if other is None else other.job)
        if not differences:
            return job
        what = concat(*differences, separator="; ")
        if is_plain and contradicts:
            followed = _("The model read {what} for {type}; the words are plain and were followed: {reason}")
            text = followed.fill(what=what, type=job.type, reason=job.reason)
            self._notes.append(Note(NoteKind.CONFLICT, text))
            return job
        if other is None:
            dropped = _("The rules read {type}, the model nothing: it is not planned.", type=job.type)
            self._notes.append(Note(NoteKind.CONFLICT, dropped))
            self._dropped.append(job)
            return None
        preferred = _("The model reads {type} differently from the rules: {what}.", type=job.type, what=what)
        note = Note(NoteKind.CONFLICT if contradicts else NoteKind.ASSUMPTION, preferred, other.span)
        # What the prompt says about the job besides, such as its priority, stays as the rules read it.
        kept = {name: getattr(job, name) for name in _KEPT}
        return replace(other.job, **kept, notes=(note, *other.job.notes))

    def _differences(self, job: PlannedJob, other: PlannedJob | None) -> tuple[list[Message], bool]:
        """Return how the model's job differs, and True if it contradicts words, and not only a default."""
        if other is None:
            return [_("nothing")], True
        is_other = _target(job) != _target(other)
        is_same_time = self._is_same_time(job.schedule, other.schedule)
        found = [_("another target")] if is_other else []
        if not is_same_time:
            before, after = when(job.schedule), when(other.schedule)
            found.append(_("another time, {after}, not {before}", before=before, after=after))
        names = sorted(job.inputs.keys() | other.inputs.keys())
        changed = [name for name in names if job.inputs.get(name) != other.inputs.get(name)]
        if changed and not is_other:
            found.append(_("other values of {names}", names=", ".join(map(shown, changed))))
        contradicts = (
            is_other
            or any(other.inputs.get(name, value) != value for name, value in job.inputs.items())
            or (not is_same_time and any(span.role == "time" for span in job.spans))
        )
        return found, contradicts

    def _added(self, each: ProposedJob) -> PlannedJob | None:
        """Return a job that the rules did not read; None if they have read its words."""
        words = self._draft.prompt[each.span.start : each.span.end]
        doubted = [note for note in self._doubt.notes if note.span is None or overlap(each.span, note.span)]
        plain = (job for job in self._draft.jobs if not self._doubt.is_about(job))
        if (self._draft.jobs and not doubted) or any(
            overlap(each.span, span) for job in plain for span in job.spans
        ):
            refused = _('The model adds {type} for words of another job, "{words}": it is not planned.')
            text = refused.fill(type=each.job.type, words=shown(words))
            self._notes.append(Note(NoteKind.REFUSAL, text, each.span))
            return None
        added = _(
            'The model reads "{words}" as {type}, {time}.',
            words=shown(words),
            type=each.job.type,
            time=_("after another job") if each.job.key else when(each.job.schedule),
        )
        is_new = not self._draft.jobs or any(note.kind is NoteKind.UNREAD and note.span for note in doubted)
        kind = NoteKind.ASSUMPTION if is_new else NoteKind.CONFLICT
        return replace(each.job, notes=(Note(kind, added, each.span), *each.job.notes))

    def _is_settled(self, note: Note) -> bool:
        """True for a doubt about words that the model's planned jobs have read."""
        if note.kind not in HOLDS or note.span is None:
            return False
        return any(overlap(each.span, note.span) for each in self._proposal.jobs)

    def _explained(self, jobs: Sequence[PlannedJob]) -> tuple[TextSpan, ...]:
        """Return the spans of the jobs, without those that overlap an earlier one."""
        spans: list[TextSpan] = []
        for span in sorted({span for job in jobs for span in job.spans}, key=lambda each: each.start):
            if not spans or span.start >= spans[-1].end:
                spans.append(span)
        return tuple(spans)

    def _is_same_time(self, one: dict[str, Any] | None, other: dict[str, Any] | None) -> bool:
        if one is None or other is None:
            return one == other
        return self._checks.fire_alike(one, other)


def _target(job: PlannedJob) -> str:
    return target_of(job.type, job.inputs)


def _is_same(job: PlannedJob, each: ProposedJob) -> bool:
    return _is_same_target(job, each) and job.schedule == each.job.schedule


def _is_same_target(job: PlannedJob, each: ProposedJob) -> bool:
    return _target(job) == _target(each.job)


def _is_same_words(job: PlannedJob, each: ProposedJob) -> bool:
    return job.type == each.job.type and any(overlap(each.span, span) for span in job.spans)


def _by_rules(note: Note) -> Note:
    if note.kind is NoteKind.ASSUMPTION:
        return note
    return replace(note, text=_("By the rules alone: {text}", text=note.text))
