"""The clause of a prompt that is in doubt, and the readings between which a model may choose."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from app.core.i18n import _
from app.planner.ai.answer import shown
from app.planner.ai.wording import overlap
from app.planner.language.dialogue import answered
from app.planner.language.tokens.lexemes import lexemes_of
from app.planner.language.tokens.tokens import tokenize
from app.planner.models import HOLDS, Certainty, Note, NoteKind, PromptSpan, TextSpan, distinct

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from app.planner.models import Draft, PlannedJob

MAX_CLAUSE_CHARS: Final = 600
_TURNS: Final = frozenset({"neg", "except", "but", "filler", "sep"})
"""Words by which readings of the same words differ."""
_BREAK: Final = re.compile(r"[.!?;]+\s+|\n+")


def is_in_doubt(draft: Draft) -> bool:
    """True if a model may help: there is a question, a conflict, words that no rule used, or no job.

    An assumption is no doubt. Requests about stored jobs and refusals are the rules' alone.
    """
    if draft.requests:
        return False
    return bool(draft.doubts & HOLDS) or (not draft.jobs and NoteKind.REFUSAL not in draft.doubts)


@dataclass(frozen=True)
class Doubt:
    """What the rules are unsure of in a draft."""

    draft: Draft

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """Return the notes that say it."""
        return tuple(note for note in self.draft.notes if note.kind in HOLDS)

    @property
    def has_unread(self) -> bool:
        """True if there are words that no rule used, or no job: they may ask for any type."""
        return not self.draft.jobs or NoteKind.UNREAD in self.draft.doubts

    @cached_property
    def question(self) -> Note | None:
        """Return the question whose choices are the readings.

        Choices that say more than the prompt are offers, names or values: a person must choose.
        """
        said = {token.text for token in tokenize(self.draft.prompt)}
        asked = (note for note in self.notes if len(note.choices) > 1)
        return next((note for note in asked if all(_says_no_more(each, said) for each in note.choices)), None)

    @property
    def readings(self) -> tuple[str, ...]:
        """Return the readings to choose from."""
        return self.question.choices if self.question else ()

    @cached_property
    def span(self) -> PromptSpan:
        """Return the clause: the sentences of the prompt that hold the doubt."""
        whole = PromptSpan(0, len(self.draft.prompt))
        places = [place for note in self.notes if (place := self._place(note)) is not None]
        if len(places) < len(self.notes) or not self.draft.jobs:
            places = [whole]
        start, end = min(each.start for each in places), max(each.end for each in places)
        breaks = [match.end() for match in _BREAK.finditer(self.draft.prompt) if not self._is_inside(match)]
        first = max((each for each in breaks if each <= start), default=0)
        last = min((each for each in breaks if each >= end), default=whole.end)
        return PromptSpan(first, last) if last - first <= MAX_CLAUSE_CHARS else self._around(places[0])

    @property
    def clause(self) -> str:
        """Return the words of the clause."""
        return self.draft.prompt[self.span.start : self.span.end].strip()

    def is_about(self, job: PlannedJob) -> bool:
        """True if a note of doubt is a job's, is about words of the job, or about the whole prompt."""
        if any(note.kind in HOLDS for note in job.notes):
            return True
        hull, others = hull_of(job), {note for each in self.draft.jobs for note in each.notes}
        general = [note for note in self.notes if note not in others]
        return any(note.span is None or hull is None or overlap(note.span, hull) for note in general)

    def has(self, job: PlannedJob) -> bool:
        """True if a job has words in the clause."""
        hull = hull_of(job)
        return hull is None or overlap(hull, self.span)

    def _place(self, note: Note) -> PromptSpan | None:
        jobs = (job for job in self.draft.jobs if note in job.notes)
        return note.span or next(filter(None, map(hull_of, jobs)), None)

    def _is_inside(self, match: re.Match[str]) -> bool:
        return any(each.start < match.end() <= each.end for each in self.draft.explain)

    def _around(self, place: PromptSpan) -> PromptSpan:
        """Return whole words around a place in a clause that is too long."""
        prompt, room = self.draft.prompt, max(MAX_CLAUSE_CHARS - (place.end - place.start), 0) // 2
        start, end = max(place.start - room, 0), min(place.end + room, place.start + MAX_CLAUSE_CHARS)
        start = start if start == 0 else prompt.find(" ", start, place.start) + 1 or place.start
        return PromptSpan(start, end if end >= len(prompt) else max(prompt.rfind(" ", start, end), start + 1))


def _says_no_more(choice: str, said: Collection[str]) -> bool:
    lexemes = lexemes_of(choice, tokenize(choice))
    return all(each.has_any(_TURNS) or {*each.text.split()} <= {*said} for each in lexemes)


def hull_of(job: PlannedJob) -> PromptSpan | None:
    """Return the stretch of the prompt from a job's first word to its last; None if it has none."""
    if not job.spans:
        return None
    return PromptSpan(min(each.start for each in job.spans), max(each.end for each in job.spans))


def chosen_prompt(draft: Draft, question: Note, reading: int) -> str:
    """Return the prompt that says one reading of it."""
    return answered(draft.prompt, question.choices[reading], question)


def with_reading(draft: Draft, question: Note, reading: int, read: Draft) -> Draft:
    """Return the rules' draft of a reading that a model chose, with its places in the original prompt."""
    chosen, asked = question.choices[reading], question.text
    chose = _('The model chose "{choice}" for: {question}', choice=chosen, question=asked)
    note = Note(NoteKind.ASSUMPTION, chose, question.span)
    first, last = question.span or (0, 0)
    longer = len(draft.prompt) - len(read.prompt)

    def place(start: int, end: int) -> tuple[int, int] | None:
        """Return a stretch of the chosen prompt in the original; None if that has none of its words."""
        start = start if start <= first else max(start + longer, first)
        end = end if end <= first else max(end + longer, last)
        return (start, end) if start < end else None

    def notes_of(notes: Iterable[Note]) -> tuple[Note, ...]:
        spans = ((each, each.span and place(*each.span)) for each in notes)
        return distinct([note], (replace(each, span=span and PromptSpan(*span)) for each, span in spans))

    def spans_of(spans: Iterable[TextSpan]) -> tuple[TextSpan, ...]:
        found = ((each, place(each.start, each.end)) for each in spans)
        return tuple(replace(each, start=span[0], end=span[1]) for each, span in found if span)

    jobs = (
        replace(job, notes=notes_of(job.notes), certainty=Certainty.ASK, spans=spans_of(job.spans))
        for job in read.jobs
    )
    return replace(
        read,
        prompt=draft.prompt,
        jobs=tuple(jobs),
        notes=notes_of(read.notes),
        explain=spans_of(read.explain),
    )


def words_of(note: Note, prompt: str) -> str:
    """Return the words that a note is about, else its text."""
    return shown(str(note.text) if note.span is None else prompt[note.span.start : note.span.end])
