"""Builds the draft of a plan: jobs, notes, and spans."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import groupby
from typing import Any, Final

from app.core.i18n import Message, _, render
from app.planner.language.clauses.clause import Clause, Item, Name, kinds
from app.planner.language.clauses.reminders import ENTRY
from app.planner.language.effects import Reading, field_of, is_foreign, spans_of
from app.planner.language.jobs.context import BuildContext, BuildResult, JobDraft
from app.planner.language.lexicon.sense import Sense, senses
from app.planner.language.manage.requests import query_of, stop_request
from app.planner.language.manage.updates import halves_of
from app.planner.messages import BACKGROUND, UNUSED, Notes
from app.planner.models import (
    Certainty,
    ChainLink,
    Change,
    Draft,
    Inquiry,
    JobQuery,
    ManageRequest,
    Note,
    NoteKind,
    PlannedJob,
    PromptSpan,
    distinct,
    fields_to_check,
)

_MOST_LEADS: Final = 4
_SHORTEST_HINT: Final = 4
_BRACKETS: Final = frozenset("()[]")
_PLAIN: Final = kinds("filler word up down site chat aside")
_TURNS: Final = senses("cond except repair but unit unit1 number still otherwise neg suffices relative")
_VALUES: Final = kinds("name url channel foreign quote word beyond expect contains keep")
"""Kinds of items that may be a new value of a job; its times are read apart."""
_MOST_NAMES: Final = 6
_CHAT_NAME: Final = ("chat", "word")


_KEPT: Final = {each.name for each in fields(JobDraft)}.intersection(PlannedJob.__match_args__) - {"notes"}
"""What a planned job has of its draft as it is."""
_MISSPELT: Final = _('"{typed}" is read as "{word}".')
_REASON: Final = _('From the words "{words}".')
NOTHING_READ: Final = _(
    "No job was recognised. It can plan monitors of accounts or URLs, reports, backups, messages."
)


@dataclass(slots=True)
class DraftBuilder(Notes):
    """Collects the jobs, notes and stop requests of all clauses."""

    context: BuildContext
    jobs: list[JobDraft] = field(default_factory=list[JobDraft])
    requests: list[ManageRequest] = field(default_factory=list[ManageRequest])
    managed: list[tuple[int, list[Item]]] = field(default_factory=list[Any])
    """The index of a request that has a plan, and the items of its clause."""
    inquiries: list[Inquiry] = field(default_factory=list[Inquiry])
    planned: list[tuple[Clause, Sequence[JobDraft]]] = field(default_factory=list[Any])
    """The clauses that became jobs, with these."""
    reading: Reading = field(init=False)

    def __post_init__(self) -> None:
        self.reading = Reading(self.context)

    def take(self, built: BuildResult, clause: Clause) -> None:
        """Add the jobs and notes of a clause. A job that is already in the draft is not added twice."""
        for job in built.jobs:
            if self.kept(job) is None:
                self.jobs.append(job)
        if built.jobs:
            self.planned.append((clause, built.jobs))
        else:
            self.reading.tell(clause.items, "clause")
        self.take_notes(built.notes)

    def kept(self, job: JobDraft) -> JobDraft | None:
        """Return the job of the draft that does the same, None if it was dropped."""
        same = (job.type, job.inputs, job.schedule)
        return next((each for each in self.jobs if same == (each.type, each.inputs, each.schedule)), None)

    def drop(self, jobs: Sequence[JobDraft]) -> None:
        """Take jobs out of the draft."""
        self.jobs = [each for each in self.jobs if each not in jobs]

    def leave_out(self, kind: NoteKind, message: Message, items: Sequence[Item]) -> None:
        """Note words that become no job; unread ones are a doubt of the jobs that they stand by."""
        message = message.fill(words=self.context.words(items)) if "{words}" in message else message
        holders = self._holders(items) if kind is NoteKind.UNREAD else ()
        for job in holders or (self,):
            job.note(kind, message, self.context.span(items))
        self.reading.tell(items)

    def _holders(self, items: Collection[Item]) -> Sequence[JobDraft]:
        """Return the jobs of the clause that holds the items, else of one before them, else of the first."""
        place = min((item.first for item in items), default=0)
        found: Sequence[JobDraft] = ()
        for clause, jobs in self.planned:
            if any(item in clause.items for item in items):
                return jobs
            if not found or clause.items[0].first <= place:
                found = jobs
        return found

    def stop(self, clause: Clause) -> None:
        """Add the stop request of a clause."""
        self.reading.ask(clause.items)
        # The words of "jangan ingatkan minum obat lagi" and "yang kemarin dijeda" name the job one by one.
        held = (item for item in clause.items if item.kind in {"quote", "held"})
        self.reading.tell(item for item in held if self.context.lex[item.first].kind in {"text", "word"})
        request, notes = stop_request(clause, self.context)
        self.take_notes(notes.notes)
        if request is not None:
            self.requests.append(request)

    def request(self, request: ManageRequest, clause: Clause, built: BuildResult) -> None:
        """Add a request that takes the place of the jobs of its clause if a stored job fits."""
        if built.jobs:
            self.take(replace(built, notes=[]), clause)
        kept = [*map(self.kept, built.jobs)]
        places = [pos for pos, job in enumerate(self.jobs) if job in kept]
        notes = self._rendered(built.notes)
        self.requests.append(replace(request, replaces=tuple(places), notes=notes))
        self.managed.append((len(self.requests) - 1, list(clause.items)))

    def hint(self, items: Iterable[Item]) -> None:
        """Let words without a wish tell which job is meant: "sewa kios sudah lunas, stop pengingatnya"."""
        if len(self.requests) == 1 and not self.requests[0].query.of_all:
            request, lex = self.requests[0], self.context.lex
            typed = (each.typed for item in items for each in lex[item.first : item.last])
            words = tuple(word for word in typed if len(word) >= _SHORTEST_HINT)
            query = replace(request.query, extras=(*request.query.extras, *words))
            self.requests[0] = replace(request, query=query)

    def inquire(self, items: Sequence[Item], *, of_all: bool = False) -> None:
        """Add the question about stored jobs that the items ask, or about all jobs."""
        said = [item for item in items if item.kind not in {"sep", "filler"}]
        query = JobQuery() if of_all else query_of(said, self.context, by_words=False)
        if of_all or not query.is_empty:
            asked = Inquiry(self.context.words(items), self.context.span(items), query, of_all=of_all)
            self.inquiries.append(asked)

    def nothing(self, message: Message) -> Reading:
        """Return a reading that plans nothing, for one reason."""
        self.jobs, self.notes = [], []
        self.refuse(message)
        return self.finish([])

    def finish(self, items: Sequence[Item]) -> Reading:
        """Return the reading of a sentence: its draft, and the effects of its items."""
        if not self.jobs and not self.requests and not self.inquiries and not self.warnings:
            self.refuse(NOTHING_READ)
        self._note_unread(items)
        for draft in self.jobs:
            self._note_misspelt(draft)
            self.reading.plan(self._key(draft), draft.inputs, draft.items)
        jobs = tuple(map(self._job, self.jobs))
        draft = Draft(
            prompt=self.context.request.prompt,
            language=self.context.language,
            jobs=jobs,
            notes=distinct(self._rendered(self.notes), *(job.notes for job in jobs)),
            explain=tuple(self.reading.marks(items)),
            inquiries=tuple(self.inquiries),
            requests=tuple(self.requests),
            unknown_names=self._unknown_names(items),
        )
        return replace(self.reading, items=items, draft=draft)

    def _unknown_names(self, items: Iterable[Item]) -> tuple[str, ...]:
        names = [item.value for item in items if isinstance(item.value, Name)]
        unknown = [name.text for name in names if name.is_person or (name.mark, name.shape) == _CHAT_NAME]
        places = [draft.inputs.get("notify", draft.inputs) for draft in self.jobs]
        reached = {place.get("to") for place in places if "channel" in place}
        return tuple(name for name in dict.fromkeys(unknown) if name not in reached)[:_MOST_NAMES]

    def _note_unread(self, items: Sequence[Item]) -> None:
        """Note each part with a meaning and no effect, at the request or the jobs whose clause holds it."""
        acting = {item.first for draft in self.jobs for item in draft.items} | self.reading.by_place.keys()
        for index, own in self.managed:
            idle = [item for item in own if item.first not in acting]
            self._note_of_request(index, own, idle)
            self.reading.tell(idle, "clause")
        brackets = {pos for pos, each in enumerate(self.reading.lex) if each.text in _BRACKETS}
        for is_break, part in groupby(items, lambda item: item.kind == "sep" or item.first in brackets):
            own = list(part)
            idle = not is_break and all(item.first not in acting for item in own)
            if idle and self.is_background(own):
                self.leave_out(NoteKind.ASSUMPTION, BACKGROUND, own)
        lost: dict[tuple[JobDraft, ...], list[Item]] = {}
        for item in items if self.jobs else ():
            if item.first in acting or item.first in self.reading.by_place:
                continue
            if self._describes(item):
                self.reading.tell([item])
            elif self.reading.is_content(item):
                lost.setdefault(tuple(self._holders([item])), []).append(item)
        for jobs, held in lost.items():
            kind = NoteKind.UNREAD
            if any(is_foreign(self.context.lex[item.first].text) for item in held):
                # In a script that no rule reads they may mean anything.
                self.drop([*jobs, *(second for job in jobs for _outcome, second in job.starts)])
                kind = NoteKind.REFUSAL
            self.leave_out(kind, UNUSED, held)

    def _note_of_request(self, index: int, items: list[Item], idle: Sequence[Item]) -> None:
        """Note the idle words of a request: those of its plan, and of the new values for a stored job."""
        request = self.requests[index]
        described = [item for item in idle if self._describes(item)]
        self.reading.tell(described)
        idle = [item for item in idle if item not in described]
        unread = self._unread(filter(self.reading.is_content, idle))
        update = request.update
        if update is not None and request.change is Change.UPDATE:
            new = halves_of(Clause("", items), self.context).new
            recipient = {"channel", "name"} if update.inputs else set[str]()
            values = (item for item in new if item.kind in _VALUES - recipient and item in idle)
            update = replace(update, notes=self._unread(values))
        self.requests[index] = replace(request, notes=distinct(request.notes, unread), update=update)

    def _unread(self, items: Iterable[Item]) -> tuple[Note, ...]:
        lost = list(items)
        unused = UNUSED.fill(words=self.context.words(lost))
        return self._rendered([Note(NoteKind.UNREAD, unused, self.context.span(lost))] if lost else [])

    def is_background(self, items: Sequence[Item]) -> bool:
        """True for unknown words that can be no value, time, text or operator: "servernya lagi penuh"."""
        lex = self.reading.lex
        plain = all(
            (each.kind in _PLAIN or lex.has(each.first, Sense.AT, Sense.SUBORDINATES))
            and not (each.first and lex.has(each.first, *_TURNS))
            for each in items
        )
        words = [item for item in items if self.reading.is_content(item)]
        unknown = all(item.kind == "word" and not is_foreign(lex.text(item.first)) for item in words)
        # Beside a message they may be its text, except for a form of address: "mak, ingatkan …".
        sent = [str(job.inputs.get("text", "")) for job in self.jobs if job.type == "message.send"]
        texts = sent and (items[0].first or len(words) > 1)
        if texts and all(" " in text for text in sent):
            # "gula tinggal dikit, ingatin beli gula": the text has a verb of its own
            verbs = (pos for pos in range(items[-1].last, len(lex)) if lex.sense(pos, "message") == "remind")
            texts = not any(each.has(ENTRY) for each in lex[next(verbs, len(lex)) :])
        return bool(words and (self.jobs or self.requests)) and plain and unknown and not texts

    def _describes(self, item: Item) -> bool:
        """True for the "gudang" of "buat tim gudang", and for words that say what the job does anyway."""
        lex = self.reading.lex
        called = lex.has(item.first - 1, Sense.HONORIFICS) and item.first < _MOST_LEADS
        # "kecepetan, sejam sekali aja"
        if called or item.has("still") or (item.has("excess") and lex.text(item.last) == ","):
            return True  # "pak Budi tolong", "still contains"
        if lex.has(item.first, "once"):
            return all("at" in (job.schedule or {}) for job in self._holders([item]))
        page = lex.past(item.last, (), "site", most=1)
        if item.kind == "word" and not item.senses and lex.kind(page) == "url":  # "web antrian https://…"
            return lex.has(item.first - 1, "site", Sense.OWNER) or page > item.last
        starts = lex.has(item.first, Sense.STARTS_DRAFT) and lex.has(item.last, "watch", "report", "backup")
        led = any(lex.has(pos, Sense.FOR_DRAFT) for pos in range(item.first - 4, item.first))
        team = lex.has(item.first - 1, Sense.TEAMS_DRAFT) or lex.has(item.last, Sense.TEAMS_DRAFT)
        owned = (
            lex.has(item.first - 1, Sense.OWNED)
            and not lex.has(item.last, Sense.ONLY)
            and item.kind == "word"
        )
        return starts or owned or (led and team)

    def _rendered(self, notes: Iterable[Note]) -> tuple[Note, ...]:
        return tuple(note.in_language(self.context.language) for note in notes)

    def _note_misspelt(self, draft: JobDraft) -> None:
        """Note the words of a job that are read as others, each once."""
        places = {pos: item for item in draft.items for pos in range(item.first, item.last)}
        for pos in sorted(places):
            lexeme = self.context.lex[pos]
            if lexeme.corrected:
                read = _MISSPELT.fill(typed=lexeme.raw, word=lexeme.corrected)
                draft.assume(read, PromptSpan(lexeme.start, lexeme.end), field_of(places[pos]) or "job")

    def _job(self, draft: JobDraft) -> PlannedJob:
        key = self._key(draft)
        effects = self.reading.of_job(key)
        reason = _REASON.fill(words=self.context.words([effect.by for effect in effects]))
        starts = ((outcome, self._key(other)) for outcome, other in draft.starts)
        unsure = Certainty.CHECK if fields_to_check(draft.notes) else Certainty.CERTAIN
        values: dict[str, Any] = {name: getattr(draft, name) for name in _KEPT}
        return PlannedJob(
            **values,
            key=key,
            chains=tuple(ChainLink(outcome, second) for outcome, second in starts if second),
            reason=render(reason, self.context.language),
            notes=self._rendered(draft.notes),
            certainty=Certainty.ASK if draft.doubts else unsure,
            spans=tuple(spans_of(effects)),
        )

    def _key(self, draft: JobDraft) -> str:
        """Return the name of a job within the draft, "" if it was dropped."""
        return f"job{self.jobs.index(draft)}" if draft in self.jobs else ""
