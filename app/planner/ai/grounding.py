"""Grounds a model's answer in the prompt: its plain words are read by the rules and compared with it.

A word for a value that the prompt does not say, or denies, is refused; another time, channel or wish has a
note. A model may find what a sentence means; it may not add to it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from app.core.clock import to_ms
from app.core.errors import InvalidSpec, UnknownJobType
from app.core.i18n import Message, _, concat
from app.planner.ai.answer import NothingReason, shown
from app.planner.ai.doubt import Doubt, is_within
from app.planner.ai.models import AiFailure
from app.planner.ai.wording import (
    BREAKS,
    HasPlace,
    address_of,
    denied_in,
    has_content,
    numbers_in,
    overlap,
    places,
    says,
)
from app.planner.language.dialogue import answered
from app.planner.language.gate import judged
from app.planner.language.tokens.declared import mark_declared
from app.planner.language.tokens.lexemes import Lexeme, lexemes_of
from app.planner.language.tokens.tokens import tokenize
from app.planner.models import (
    DOUBTS,
    Certainty,
    Draft,
    Note,
    NoteKind,
    PlannedJob,
    PlanRequest,
    PromptSpan,
    TextSpan,
    distinct,
)
from app.planner.review import why

if TYPE_CHECKING:
    from app.planner.ai.answer import ModelAnswer, ModelQuestion
    from app.planner.review import PlanValidator

_NOTHING: Final = {
    NothingReason.PAST: _("a report of the past"),
    NothingReason.COMPLAINT: _("a complaint"),
    NothingReason.QUESTION: _("a question"),
    NothingReason.CANCELLED: _("a wish that was taken back"),
    NothingReason.UNSUPPORTED: _("a wish that no job type meets"),
    NothingReason.UNCLEAR: _("a wish that is not clear enough"),
    NothingReason.CHAT: _("small talk"),
}
_FOUND_NOTHING: Final = _("the model found nothing to plan")
_PROVISIONAL_ID: Final = "planned"
_KINDS: Final = ("watch", "report", "backup", "message")
_MEANINGS: Final = ("weekday", "month", "channel", *_KINDS)
"""Senses by which two words are the same word."""
_FRAME: Final = frozenset({"filler", "sep", "polite", "but", "every", "clockmark", "datemark", "unit", "via"})
"""Senses of words that say nothing alone."""


@dataclass(frozen=True)
class Grounding:
    """Grounds the answers for one request, whose draft by the rules is in doubt."""

    checks: PlanValidator
    rules: Callable[[PlanRequest], Draft]
    request: PlanRequest
    draft: Draft

    @cached_property
    def doubt(self) -> Doubt:
        """Return what the model is asked about."""
        return Doubt(self.draft)

    def drafted(self, answer: ModelAnswer) -> Draft:
        """Return the draft of an answer; AiFailure if it cannot be used."""
        asked = [*self._asked(answer.question)]
        if answer.reading is not None:
            draft = self._chosen(answer.reading)
        elif answer.plain is not None:
            draft = self._restated(answer.plain, answer.types)
        elif answer.nothing is not None:
            draft = self._unplanned(_NOTHING[answer.nothing])
        elif asked:
            draft = self.draft
        else:
            raise AiFailure("nothing", _FOUND_NOTHING)
        return replace(draft, notes=distinct(draft.notes, asked))

    def _chosen(self, reading: int) -> Draft:
        """Return the rules' draft of a reading."""
        question = self.doubt.question
        if question is None or reading > len(question.choices):
            raise _refused(_("there is no such reading"))
        choice = question.choices[reading - 1]
        read = self._read(answered(self.draft.prompt, choice, question))
        chose = _('The model chose "{choice}" for: {question}', choice=choice, question=question.text)
        return self._adopted(read, [Note(NoteKind.ASSUMPTION, chose, question.span)])

    def _restated(self, plain: str, types: Sequence[str]) -> Draft:
        """Return the rules' draft of the prompt with plain words in place of the clause in doubt."""
        doubt, prompt = self.doubt, self.draft.prompt
        plain, behind = plain.strip(), prompt[doubt.span.end :].strip()
        before = prompt[: doubt.span.start]
        read = self._read(f"{before}{plain.rstrip('.')}. {behind}" if behind else f"{before}{plain}")
        place = PromptSpan(len(before), len(before) + len(plain))
        known = {note.text for note in self.draft.notes}
        unread = [note.text for note in read.notes if note.kind in DOUBTS and note.text not in known]
        if unread:
            raise _refused(_("the rules do not read it: {why}", why=concat(*unread, separator=" ")))
        own = [job for job in read.jobs if is_within(job, place)]
        if not own or Counter(types) != Counter(job.type for job in own):
            read_types = ", ".join(job.type for job in own) or "-"
            raise _refused(_("its plain words ask for these types: {types}", types=read_types))
        notes = [*self._compared(read, place)]
        for job in self.draft.jobs:
            if not doubt.is_about(job) and all(not _is_same(job, each) for each in read.jobs):
                raise _refused(
                    _("the words for {type} are plain, and it reads them otherwise", type=job.type)
                )
        for job in own:
            try:
                self.checks.proposed_spec(job.spec_under(_PROVISIONAL_ID), to_ms(self.request.instant))
            except (InvalidSpec, UnknownJobType) as error:
                raise _refused(_("it was refused: {why}", why=why(error))) from error
        reads = _('The model reads "{words}" as "{plain}".', words=shown(doubt.clause), plain=shown(plain))
        gone = Counter(job.type for job in self.draft.jobs) - Counter(job.type for job in read.jobs)
        dropped = _("The rules read {type}, the model nothing: it is not planned.")
        notes += [Note(NoteKind.CONFLICT, dropped.fill(type=each)) for each in gone]
        adopted = self._adopted(read, [Note(NoteKind.ASSUMPTION, reads), *notes])
        return judged(self.request, adopted)

    def _read(self, prompt: str) -> Draft:
        read = self.rules(replace(self.request, prompt=prompt))
        if read.requests:
            raise _refused(_("what happens to a stored job is not for a model to say"))
        return read

    def _unplanned(self, nothing: Message) -> Draft:
        """Return the draft without the jobs that the model takes for none."""
        jobs = tuple(job for job in self.draft.jobs if not self.doubt.is_about(job))
        dropped = {note for job in self.draft.jobs if job not in jobs for note in job.notes}
        other = _("The model reads this as {nothing}, the rules as {types}.")
        none = _("The model reads this as {nothing}: nothing is planned.", nothing=nothing)
        text = other.fill(nothing=nothing, types=", ".join(job.type for job in jobs)) if jobs else none
        note = Note(NoteKind.CONFLICT if jobs else NoteKind.REFUSAL, text)
        kept = (each for each in self.draft.notes if each not in dropped)
        return replace(self.draft, jobs=jobs, notes=distinct([note], kept))

    def _adopted(self, read: Draft, notes: Sequence[Note]) -> Draft:
        """Return a draft of other words as one of the prompt, with the places of the words that both have."""
        prompt, end = self.draft.prompt, 0
        found: dict[tuple[int, int], PromptSpan] = {}
        for start, stop in sorted({(span.start, span.end) for span in read.explain}):
            words = read.prompt[start:stop]
            place = next((each for each in places(prompt, words) if each.start >= end), None)
            if place is not None:
                found[start, stop], end = place, place.end

        def spans_of(spans: Iterable[TextSpan]) -> tuple[TextSpan, ...]:
            moved = ((each, found.get((each.start, each.end))) for each in spans)
            return tuple(replace(each, start=to.start, end=to.end) for each, to in moved if to)

        def notes_of(said: Iterable[Note]) -> tuple[Note, ...]:
            return tuple(replace(note, span=note.span and found.get(note.span)) for note in said)

        def job_of(job: PlannedJob) -> PlannedJob:
            sure = any(_is_same(each, job) and not self.doubt.is_about(each) for each in self.draft.jobs)
            own_notes = distinct(() if sure else notes[:1], notes_of(job.notes))
            certainty = job.certainty if sure else Certainty.ASK
            return replace(job, certainty=certainty, notes=own_notes, spans=spans_of(job.spans))

        return replace(
            read,
            prompt=prompt,
            jobs=tuple(map(job_of, read.jobs)),
            notes=distinct(notes, notes_of(read.notes)),
            explain=spans_of(read.explain),
        )

    # The words of the answer, compared with those of the prompt.

    @cached_property
    def _lexemes(self) -> Sequence[Lexeme]:
        return lexemes_of(self.draft.prompt, tokenize(self.draft.prompt))

    @cached_property
    def _texts(self) -> list[TextSpan]:
        return [each for each in self.draft.explain if each.role == "text"]

    @cached_property
    def _denied(self) -> list[PromptSpan]:
        return denied_in([each for each in self._lexemes if not _within(each, self._texts)])

    @cached_property
    def _numbers(self) -> frozenset[float]:
        chars = enumerate(self.draft.prompt)
        said = "".join(" " if _within(PromptSpan(at, at + 1), self._denied) else char for at, char in chars)
        return numbers_in(said) | {0}

    def _compared(self, read: Draft, place: PromptSpan) -> Iterator[Note]:
        """Yield a note on words that only one side has; AiFailure for a value that is not in the prompt."""
        clause = [each for each in self._lexemes if overlap(each, self.doubt.span)]
        clause = [each for each in clause if not _within(each, [*self._denied, *self._texts])]
        if not has_content(clause):
            raise _refused(_("the prompt denies {words}", words=shown(self.doubt.clause)))
        lexemes = mark_declared(lexemes_of(read.prompt, tokenize(read.prompt)), self.request.declared)
        words = [each for each in lexemes if overlap(each, place)]
        denied = denied_in(words)
        own: list[str] = []
        for word in words:
            role = next((each.role for each in read.explain if overlap(each, word)), "")
            if word.kind not in BREAKS and not _within(word, denied) and not self._is_said(word, role):
                own.append(word.raw)
        if own:
            other = _('The model says "{words}", and the prompt says it in other words or not at all.')
            yield Note(NoteKind.CONFLICT, other.fill(words=shown(" ".join(own))))
        plain = read.prompt[place.start : place.end]
        numbers = numbers_in(plain)
        values = (each for each in clause if _is_value(each) and numbers.isdisjoint(_figures(each)))
        kept = {each.text for each in clause if any(_means_same(each, word) for word in words)}
        left = [each.raw for each in values if each.text not in kept and not says(plain, _value(each))]
        if left:
            yield Note(NoteKind.CONFLICT, _('The model leaves out "{words}".', words=shown(" ".join(left))))

    def _is_said(self, word: Lexeme, role: str) -> bool:
        """True if the prompt says a word of the answer, or needs not; AiFailure if it must and does not."""
        found: list[HasPlace] = [each for each in self._lexemes if _means_same(each, word)]
        found = found or [*places(self.draft.prompt, _value(word))]
        if role == "text":
            return bool(found)
        if word.has_any(_FRAME) and not _figures(word):
            return True
        if found and all(_within(each, self._texts) for each in found):
            raise _refused(_("these words are the text of a message"))
        if found and all(_within(each, [*self._texts, *self._denied]) for each in found):
            raise _refused(_("the prompt denies {words}", words=shown(word.raw)))
        figures = _figures(word)
        if not found and not figures <= self._numbers and figures <= numbers_in(self.draft.prompt) | {0}:
            raise _refused(_("the prompt denies {words}", words=shown(word.raw)))
        channel = word.senses.get("channel")
        is_default = channel is not None and channel == (self.request.default_channel or "telegram")
        known = bool(found) or is_default or bool(figures and figures <= self._numbers)
        if known or channel is not None or role == "time":
            return known
        if word.has(*_KINDS):
            return not any(each.has(*_KINDS) for each in self._lexemes)
        default = {"default", self.request.default_account_id}
        if figures or (not word.senses and word.raw not in default):
            raise _refused(_("{name} is not in the prompt", name=shown(word.raw)))
        # A wish may be said in words of the rules; a setting such as a priority must be said.
        return role != "slot"

    def _asked(self, question: ModelQuestion | None) -> Iterator[Note]:
        text = "" if question is None else self._plain(question.text)
        if question is not None and text:
            choices = tuple(each for choice in question.choices if (each := self._plain(choice)))
            yield Note(NoteKind.QUESTION, _("The model asks: {question}", question=text), choices=choices)

    def _plain(self, text: str) -> str:
        """Return a model's words for display; nothing if they name an address that is not in the prompt."""
        plain = shown(text)
        foreign = re.findall(r"(?:\w+://|www\.)\S+", plain)
        return "" if any(not says(self.draft.prompt, address_of(each)) for each in foreign) else plain


def _refused(reason: Message) -> AiFailure:
    return AiFailure("refused", _("its answer was refused: {why}", why=reason))


def _is_same(one: PlannedJob, other: PlannedJob) -> bool:
    return (one.type, one.schedule, one.inputs) == (other.type, other.schedule, other.inputs)


def _within(each: HasPlace, spans: Iterable[HasPlace]) -> bool:
    return any(overlap(each, span) for span in spans)


def _means_same(one: Lexeme, other: Lexeme) -> bool:
    same = (name for name in _MEANINGS if name in one.senses and name in other.senses)
    return one.text == other.text or any(one.senses[name] == other.senses[name] for name in same)


def _value(word: Lexeme) -> str:
    """Return a word as a value of a job: a URL without its scheme, a text without its quotes."""
    return address_of(word.raw) if "://" in word.raw else word.raw.strip("\"'“”‘’ @")


def _figures(word: Lexeme) -> frozenset[float]:
    return numbers_in(word.raw) if any(map(str.isdigit, word.raw)) else frozenset()


def _is_value(word: Lexeme) -> bool:
    """True for a figure, an address, a name with a sign, a quote, a day and a month."""
    return bool(re.search(r"[\d@_/]", word.raw)) or word.kind == "quote" or word.has("weekday", "month")
