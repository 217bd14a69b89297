"""Builds the draft of a plan: jobs, notes, and spans."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from app.core.i18n import Language, Message, _, render_message
from app.planner.language.clauses.clause import BY_PLACE, WITHDRAWN, Clause, Item, Name, kinds
from app.planner.language.clauses.unsendable import CROWDS
from app.planner.language.jobs.context import BuildContext, BuildResult, JobDraft
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense, senses
from app.planner.language.manage.query import query_of
from app.planner.language.manage.requests import rename_request, stop_request, with_plan
from app.planner.language.manage.updates import Renaming, halves_of
from app.planner.language.times.expressions import ZoneName
from app.planner.language.tokens.lexemes import Lexemes
from app.planner.language.tokens.tokens import normalized
from app.planner.messages import UNUSED, Notes
from app.planner.models import (
    DOUBTS,
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
    TextSpan,
    distinct,
    fields_to_check,
)
from app.planner.summary import summary_of

# Spans: the words in the prompt behind a job, with their roles.

_KINDS: Final = {
    "intent": "declared watch report backup message send stop change into neg after",
    "channel": "channel",
    "account": "account name using",
    "url": "url",
    "time": "time",
    "notify": "notify cond otherwise down up toward via chat result",
    "text": "quote",
    "keep": "keep",
    "slot": "slot",
    "expect": "expect contains lasts fails slow cert retry priority",
}
_ROLES: Final = {kind: role for role, kinds in _KINDS.items() for kind in kinds.split()}
_FIELDS: Final = {
    "intent": "job",
    "channel": "channel",
    "account": "account_id",
    "url": "url",
    "time": "schedule",
    "zone": "schedule",
    "notify": "to",
    "text": "text",
    "keep": "keep",
}
"""The field of a job that a role sets."""


def role_of(item: Item) -> str:
    """Return the role of an item that the plan uses."""
    if item.name is not None and item.name.mark == "chat":
        return "notify"
    return _ROLES.get(item.kind, "unused")


def spans_of(
    items: Iterable[Item], context: BuildContext, role: Callable[[Item], str] = role_of
) -> tuple[TextSpan, ...]:
    """Return the spans of items in the order of the prompt, without repeated places."""
    spans: list[TextSpan] = []
    for item in sorted(items, key=BY_PLACE):
        start, end = context.lex[item.first].start, context.lex[item.last - 1].end
        if not spans or start >= spans[-1].end:
            spans.append(TextSpan(start, end, role(item)))
    return tuple(spans)


_TIME_SENSES: Final = senses(
    """
    every weekday_short month number bad_clock hm relday datemark once unit1 lastday dayset tonight hourly
    half clock
    """
)
_TIME_KINDS: Final = frozenset({"clock", "date", "isodate"})
_NEVER_LOST: Final = kinds(
    "name url quote keep keep_for expect contains channel time foreign crowd unsendable markup"
)
_WISHES: Final = ("watch", "report", "backup", "message")
_OWNED: Final = words_of(Sense.OWNED)
_TEAMS: Final = words_of(Sense.TEAMS_DRAFT) | {"the team"}
_FOR: Final = words_of(Sense.FOR_DRAFT)
_MEANT: Final = senses("down up site")
"""Kinds whose words have a meaning for some jobs only."""
_RUNS: Final = words_of(Sense.RUNS)
"""Words of these kinds that mean no more than that a job runs."""
_MOST_CALLS: Final = 6
_VALUES: Final = kinds("name url channel foreign quote word beyond expect contains keep")
"""Kinds of items that may be a new value of a job; its times are read apart."""
_SHORTEST_WORD: Final = 3
"""Shorter words without a meaning are forms of address and interjections."""
_FIGURES: Final = ("digit", "teen", "tens")
_MOST_NAMES: Final = 6
_CHAT_NAME: Final = ("chat", "word")


_MISSPELT: Final = _('"{typed}" is read as "{word}".')
_REASON: Final = _('From the words "{words}".')
NOTHING_READ: Final = _(
    "No job was recognised. It can plan monitors of accounts or URLs, reports, backups, messages."
)


@dataclass(slots=True)
class DraftBuilder(Notes):
    """Collects the jobs, notes and stop requests of all clauses."""

    context: BuildContext
    language: Language
    jobs: list[JobDraft] = field(default_factory=list[JobDraft])
    requests: list[ManageRequest] = field(default_factory=list[ManageRequest])
    managed: list[tuple[int, list[Item]]] = field(default_factory=list[tuple[int, list[Item]]])
    """The index of a request that has a plan, and the items of its clause."""
    inquiries: list[Inquiry] = field(default_factory=list[Inquiry])
    stopped: list[Item] = field(default_factory=list[Item])
    known: set[int] = field(default_factory=set[int])
    """Indexes of the lexemes that a note mentions already."""
    planned: list[tuple[Clause, tuple[JobDraft, ...]]] = field(
        default_factory=list[tuple[Clause, tuple[JobDraft, ...]]]
    )
    """The clauses that became jobs, with these."""

    def take(self, built: BuildResult, clause: Clause) -> None:
        """Add the jobs and notes of a clause. A job that is already in the draft is not added twice."""
        for job in built.jobs:
            same = (job.type, job.inputs, job.schedule)
            if all(same != (other.type, other.inputs, other.schedule) for other in self.jobs):
                self.jobs.append(job)
        if built.jobs:
            self.planned.append((clause, tuple(built.jobs)))
        self.take_notes(built.notes)

    def kept(self, job: JobDraft) -> JobDraft | None:
        """Return the job of the draft that does the same, None if it was dropped."""
        same = (job.type, job.inputs, job.schedule)
        return next((each for each in self.jobs if same == (each.type, each.inputs, each.schedule)), None)

    def drop(self, jobs: Sequence[JobDraft]) -> None:
        """Take jobs out of the draft."""
        self.jobs = [each for each in self.jobs if not any(each is job for job in jobs)]

    def leave_out(self, kind: NoteKind, message: Message, items: Collection[Item] = ()) -> None:
        """Note words that become no job; unread ones are a doubt of the jobs that they stand by."""
        holders = self._holders(items) if kind is NoteKind.UNREAD else ()
        for job in holders or (self,):
            job.note(kind, message, self.context.span(items))
        self.pass_over(items)

    def _holders(self, items: Collection[Item]) -> tuple[JobDraft, ...]:
        """Return the jobs of the clause that holds the items, else of one before them, else of the first."""
        place = min((item.first for item in items), default=0)
        found: tuple[JobDraft, ...] = ()
        for clause, jobs in self.planned:
            if any(item in clause.items for item in items):
                return jobs
            if not found or clause.items[0].first <= place:
                found = jobs
        return found

    def pass_over(self, items: Iterable[Item]) -> None:
        """Mark items that need no note."""
        self.known.update(item.first for item in items)

    def stop(self, clause: Clause) -> None:
        """Add the stop request of a clause."""
        self.stopped.extend(item for item in clause.items if item.kind != "sep")
        request, notes = stop_request(clause, self.context)
        self.take_notes(notes.notes)
        if request is not None:
            self.requests.append(request)

    def request(self, request: ManageRequest, clause: Clause, built: BuildResult) -> None:
        """Add a request that takes the place of the jobs of its clause if a stored job fits."""
        self.take(replace(built, notes=[]), clause)
        keys = [(job.type, job.inputs, job.schedule) for job in built.jobs]
        places = [pos for pos, job in enumerate(self.jobs) if (job.type, job.inputs, job.schedule) in keys]
        self.requests.append(with_plan(request, places, self._rendered(built.notes)))
        self.managed.append((len(self.requests) - 1, list(clause.items)))

    def rename(self, renaming: Renaming) -> None:
        """Add the request for a new name."""
        self.stopped.extend(renaming.items)
        self.requests.append(rename_request(renaming, self.context))

    def inquire(self, items: Sequence[Item]) -> None:
        """Add the question about stored jobs that the items ask."""
        said = [item for item in items if item.kind not in {"sep", "filler"}]
        query = query_of(said, self.context, by_words=False)
        if not query.is_empty:
            self.inquiries.append(Inquiry(self.context.words(items), self.context.span(items), query))

    def inquire_all(self, items: Sequence[Item]) -> None:
        """Add a question about all jobs."""
        self.inquiries.append(
            Inquiry(self.context.words(items), self.context.span(items), JobQuery(), of_all=True)
        )

    def nothing(self, message: Message) -> Draft:
        """Return a draft that plans nothing, for one reason."""
        self.jobs, self.notes = [], []
        self.refuse(message)
        return self.finish([])

    def finish(self, items: Sequence[Item]) -> Draft:
        """Return the draft."""
        if not self.jobs and not self.requests and not self.inquiries and not self.warnings:
            self.refuse(NOTHING_READ)
        self._settle_requests()
        self._note_unused(items)
        jobs = tuple(self._job(draft) for draft in self.jobs)
        request = self.context.request
        return Draft(
            prompt=request.prompt,
            normalized_prompt=normalized(request.prompt),
            language=self.language,
            jobs=jobs,
            notes=distinct(self._rendered(self.notes), *(job.notes for job in jobs)),
            explain=self._explain(items),
            summary=summary_of(jobs, self.language),
            inquiries=tuple(self.inquiries),
            requests=tuple(self.requests),
            unknown_names=self._unknown_names(items),
        )

    def _unknown_names(self, items: Iterable[Item]) -> tuple[str, ...]:
        names = [item.value for item in items if isinstance(item.value, Name)]
        unknown = [name.text for name in names if name.is_person or (name.mark, name.shape) == _CHAT_NAME]
        places = [draft.inputs.get("notify", draft.inputs) for draft in self.jobs]
        reached = {place.get("to") for place in places if "channel" in place}
        return tuple(name for name in dict.fromkeys(unknown) if name not in reached)[:_MOST_NAMES]

    def _settle_requests(self) -> None:
        """Keep the words that the plan of a request does not use with the request, not with the draft.

        If a stored job takes the place of the plan, only words for its new values can be lost.
        """
        used = self._used() | self.known
        for index, items in self.managed:
            lost = [item for item in items if item.first not in used and self._is_lost(item)]
            self.known.update(item.first for item in items)
            if lost:
                unused = UNUSED.fill(words=self.context.words(lost))
                note = Note(NoteKind.UNREAD, unused, self.context.span(lost))
                request = self.requests[index]
                notes = distinct(request.notes, self._rendered([note]))
                self.requests[index] = replace(request, notes=notes)
            self._settle_update(index, items, used)

    def _settle_update(self, index: int, items: Sequence[Item], used: set[int]) -> None:
        request = self.requests[index]
        if request.update is None or request.change is not Change.UPDATE:
            return
        new = halves_of(Clause("", list(items)), self.context).new
        lost = [item for item in new if item.kind in _VALUES and item.first not in used]
        if lost:
            unused = UNUSED.fill(words=self.context.words(lost))
            notes = self._rendered([Note(NoteKind.UNREAD, unused, self.context.span(lost))])
            self.requests[index] = replace(request, update=replace(request.update, notes=notes))

    def _note_unused(self, items: Sequence[Item]) -> None:
        """Note each content word that no rule used, at the jobs whose clause holds it."""
        if not self.jobs:
            return
        used = self._used() | self.known
        between = set(_between_times(items))
        vocative = _vocative(items, self.context)
        lost: dict[tuple[int, ...], list[Item]] = {}
        for item in items:
            if item.first in used or item is vocative:
                continue
            unread = item in between or self._is_lost(item) or self._is_word(item)
            if unread and not self._describes(item):
                holders = tuple(map(id, self._holders([item])))
                lost.setdefault(holders, []).append(item)
        for held in lost.values():
            message = UNUSED.fill(words=self.context.words(held))
            if any(_is_foreign(self.context.lex[item.first].text) for item in held):
                self._drop(held)
                self.leave_out(NoteKind.REFUSAL, message, held)
            else:
                self.leave_out(NoteKind.UNREAD, message, held)

    def described(self, items: Sequence[Item]) -> list[Item]:
        """Return the words that address somebody, or say more of a thing that the plan names."""
        vocative = _vocative(items, self.context)
        return [item for item in items if item is vocative or self._describes(item)]

    def _drop(self, items: Collection[Item]) -> None:
        """Drop the jobs whose clause holds words of a script that no rule reads: they may mean anything."""
        gone = {id(job) for job in self._holders(items)}
        gone |= {id(second) for job in self._holders(items) for _outcome, second in job.starts}
        self.jobs = [job for job in self.jobs if id(job) not in gone]

    def _describes(self, item: Item) -> bool:
        """True for the "gudang" of "buat tim gudang" and the "karyawan" of "karyawan di grup wa toko"."""
        lex = Lexemes(self.context.lex)
        if lex.has(item.first, Sense.STARTS_DRAFT):
            return lex.has(item.last, *_WISHES) or lex.has(item.last + 1, *_WISHES)
        if lex.has(item.first, "once"):
            return all("at" in (job.schedule or {}) for job in self._holders([item]))
        if lex.text(item.first) in CROWDS:
            return lex.has(item.last, "toward", "via", "channel", "chat") and any(
                "to" in job.inputs for job in self._holders([item])
            )
        before, after = lex.text(item.first - 1), lex.text(item.last)
        led = {lex.text(pos) for pos in range(item.first - 4, item.first)} & _FOR
        return before in _OWNED or bool(led and (before in _TEAMS or after in _TEAMS))

    def _is_word(self, item: Item) -> bool:
        lexeme = self.context.lex[item.first]
        if item.kind in _MEANT:
            return not item.has("filler") and not _RUNS.issuperset(lexeme.text.split())
        if _is_foreign(lexeme.text):
            return True
        unread = item.kind in {"word", "beyond", "order"}
        return unread and len(lexeme.text) >= _SHORTEST_WORD and any(each.isalpha() for each in lexeme.text)

    def _is_lost(self, item: Item) -> bool:
        lexeme = self.context.lex[item.first]
        if item.kind in _NEVER_LOST or lexeme.kind == "markup":
            return item.kind != "crowd" or item.text == "people"
        if item.kind not in {"filler", "word"} or item.value == WITHDRAWN:
            return False
        if not lexeme.senses:
            return lexeme.kind in _TIME_KINDS
        if lexeme.has("number", "digit") and item.last < len(self.context.lex):
            # The 3 of "3 akun" counts what is named.
            return lexeme.has("number") and not self.context.lex[item.last].has(
                "account", "channel", "site", "report", "backup"
            )
        bounds = lexeme.has("until") and lexeme.text.isalpha()
        return bounds or lexeme.has_any(_TIME_SENSES) or lexeme.kind in _TIME_KINDS

    def _rendered(self, notes: Iterable[Note]) -> tuple[Note, ...]:
        return tuple(note.in_language(self._in_language) for note in notes)

    def _in_language(self, text: str) -> str:
        return render_message(text, self.language) if isinstance(text, Message) else text

    def _job(self, draft: JobDraft) -> PlannedJob:
        items = sorted({item.first: item for item in draft.items}.values(), key=BY_PLACE)
        places = dict.fromkeys(pos for item in items for pos in range(item.first, item.last))
        typos = [self.context.lex[pos] for pos in places if self.context.lex[pos].corrected]
        fields = {
            self.context.lex[pos].start: _FIELDS.get(role_of(item), "job")
            for item in (items if typos else ())
            for pos in range(item.first, item.last)
        }
        for each in typos:
            draft.assume(
                _MISSPELT.fill(typed=each.raw, word=each.corrected or ""),
                PromptSpan(each.start, each.end),
                fields.get(each.start, "job"),
            )
        reason = _REASON.fill(words=self.context.words(items))
        return PlannedJob(
            type=draft.type,
            schedule=draft.schedule,
            inputs=draft.inputs,
            reason=render_message(reason, self.language),
            notes=self._rendered(draft.notes),
            certainty=_certainty(draft),
            spans=spans_of(items, self.context),
            slot=draft.slot,
            key=self._key(draft),
            chains=tuple(
                ChainLink(outcome, key) for outcome, other in draft.starts if (key := self._key(other))
            ),
            is_named=draft.is_named,
            job_id=draft.job_id,
            fields=draft.fields,
            keeps_schedule=draft.keeps_schedule,
        )

    def _key(self, draft: JobDraft) -> str:
        """Return the name of a job within the draft, "" if it was dropped."""
        return next((f"job{index}" for index, each in enumerate(self.jobs) if each is draft), "")

    def _used(self) -> set[int]:
        """Return the first lexemes of the items of jobs and stop requests."""
        items = [*self.stopped, *(item for draft in self.jobs for item in draft.items)]
        return {item.first for item in items}

    def _explain(self, items: Sequence[Item]) -> tuple[TextSpan, ...]:
        used, jobs = self._used(), self._jobs_by_start()
        texts = self._texts_by_start(items)
        reached = {draft.inputs.get("notify", draft.inputs).get("to") for draft in self.jobs}

        def role(item: Item) -> str:
            if self.context.lex[item.first].start in texts:
                return "text"
            if isinstance(item.value, Name) and item.value.text in reached:
                return "notify"
            if item.first not in used and item.kind != "quote":
                # The "buat" of "buat laporan" may lead a text; here it asks for nothing.
                is_filler = item.kind == "filler" or self.context.lex[item.first].has("filler")
                return "filler" if is_filler else "unused"
            known = role_of(item)
            return "zone" if isinstance(item.value, ZoneName) and known != "unused" else known

        said = [item for item in items if item.kind != "sep"]
        spans = spans_of(said, self.context, role)
        return tuple(
            replace(span, job=texts.get(span.start, jobs.get(span.start)), field=_FIELDS.get(span.role))
            for span in spans
            if span.role != "filler"
        )

    def _texts_by_start(self, items: Sequence[Item]) -> dict[int, str]:
        """Return the keys of the messages whose text holds an item, by the item's place."""
        prompt, found = self.context.request.prompt, dict[int, str]()
        places = [(self.context.lex[item.first].start, self.context.lex[item.last - 1].end) for item in items]
        starts, ends = {start for start, _ in places}, {end for _, end in places}
        for draft in self.jobs:
            text = draft.inputs.get("text")
            if not isinstance(text, str) or not text:
                continue
            # The text is the last stretch of whole items that reads so; one that was put together has none.
            at = prompt.rfind(text)
            while at >= 0 and not (at in starts and at + len(text) in ends):
                at = prompt.rfind(text, 0, at)
            own = {self.context.lex[item.first].start for item in draft.items if role_of(item) == "unused"}
            for start, end in places:
                is_inside = at <= start and end <= at + len(text) if at >= 0 else start in own
                if is_inside and prompt[start:end] in text:
                    found[start] = self._key(draft)
        return found

    def _jobs_by_start(self) -> dict[int, str | None]:
        """Return the key of the only job that rests on an item, by the item's place; None if several do."""
        found: dict[int, str | None] = {}
        for draft in self.jobs:
            key = self._key(draft)
            for start in {self.context.lex[item.first].start for item in draft.items}:
                found[start] = None if start in found else key
        return found


def _between_times(items: Sequence[Item]) -> list[Item]:
    """Return words next to times that are probably part of them: a misspelt day, a surplus figure."""
    spoken = [item for item in items if item.kind != "sep"]
    return [
        item
        for before, item, after in zip(spoken, spoken[1:], [*spoken[2:], None], strict=False)
        if before.kind == "time"
        and (item.has(*_FIGURES) or (item.kind == "word" and after and after.kind == "time"))
    ]


def _is_foreign(text: str) -> bool:
    """True for a word in letters that are not Latin."""
    if text.isascii():
        return False
    letters = (each for each in text if each.isalpha() and not each.isascii())
    return any("LATIN" not in unicodedata.name(each, "") for each in letters)


def _vocative(items: Sequence[Item], context: BuildContext) -> Item | None:
    """Return the "Budi" of "halo Budi, pantau …" and of "pak Budi tolong …": whom the sentence addresses."""
    for pos, item in enumerate(items[:_MOST_CALLS]):
        if item.kind == "word" and context.lex[item.first].text.isalpha():
            after = items[pos + 1] if pos + 1 < len(items) else None
            called = pos > 0 and context.lex[item.first - 1].has(Sense.HONORIFICS)
            return item if called or (after is not None and after.kind == "sep") else None
        if item.kind != "filler":
            return None
    return None


def _certainty(draft: JobDraft) -> Certainty:
    if any(note.kind in DOUBTS for note in draft.notes):
        return Certainty.ASK
    return Certainty.CHECK if fields_to_check(draft.notes) else Certainty.CERTAIN
